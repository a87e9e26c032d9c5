"""The built site: complete, inert, self-contained, the same everywhere."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html
from tests.publish.conftest import EPOCH

from ttpack.publish.error import PublishError
from ttpack.publish.sanitise import clean
from ttpack.publish.site import write_site
from ttpack.publish.site_check import SiteDefect, check_site
from ttpack.publish.site_policy import page_policy
from ttpack.views.blocks import Instrument, Link, Page, Paragraph, Prose, Publication, Section, Text


def small(*blocks: object, title: str = "Title", slug: str = "index") -> Publication:
    page = Page(slug, title, blocks)  # type: ignore[arg-type]
    return Publication("Package", "TTP-1", "abc", "approved", "partner", "", "P", (page,))


def article(path: Path):
    return html.parse(str(path)).getroot().xpath("//article")[0]


def build(tmp_path: Path, publication: Publication):
    write_site(publication, tmp_path / "site", EPOCH)
    return article(tmp_path / "site/index.html")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_same_input_same_bytes_at_another_path(site, publication, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    other = tmp_path / "a folder with spaces & é/site"
    write_site(publication, other, EPOCH)
    assert files(other) == files(site)
    assert os.environ["SOURCE_DATE_EPOCH"] == "1"


def test_no_path_of_this_machine_and_no_leftovers(site):
    everything = files(site)
    assert not [name for name in everything if name.endswith((".map", ".yml", ".md")) or "lunr" in name]
    assert not [
        name for name, content in everything.items() if b"sourceMappingURL" in content or b"ttpack-site-" in content
    ]


def test_every_page_prints_what_a_record_may_cite(site, publication):
    for page in publication.pages:
        text = (site / f"{page.slug}.html").read_text("utf-8")
        for words in (
            "TTP-AMAB-001",
            "3f2a91c",
            "DRAFT",
            "partner edition",
            "2026-11-30",
            "Verify the current revision before use",
        ):
            assert words in text


def test_records_are_anchors_and_mentions_lead_there(site):
    home = article(site / "index.html")
    assert home.xpath("//a[text()='PRM-BRX-0']/@href") == ["uo-02.html#PRM-BRX-0"]
    assert article(site / "uo-02.html").xpath("//*[@id='PRM-BRX-0']")[0].tag == "h3"
    unknown = article(site / "uo-02.html")
    assert "no such record" in unknown.text_content()
    assert not unknown.xpath("//a[contains(@href, 'CQA-NONE')]")


def test_search_finds_a_record_by_its_place(site):
    entries = json.loads((site / "search/search_index.json").read_text("utf-8"))["docs"]
    (found,) = [entry for entry in entries if entry["location"] == "uo-02.html#PRM-BRX-0"]
    assert found["title"] == "Culture pH <code>PRM-BRX-0</code>"
    assert "Wash volume PRM-BRX" not in article(site.parent / "site/uo-02.html").getroottree().xpath("string(//nav)")


def test_hostile_words_are_only_words(site):
    for name in sorted(path.name for path in site.glob("*.html")):
        root = html.parse(str(site / name)).getroot()
        scripts = root.xpath("//script[not(@src)]/text()")
        assert not [text for text in scripts if "alert(1)" in text]
        assert not root.xpath("//iframe|//object|//embed|//img[not(@alt='')]|//@onerror|//@onclick|//article//@style")
        assert not root.xpath("//a[starts-with(@href, 'javascript')]")
    shown = article(site / "hostile.html").text_content()
    for words in (
        "<script>alert(1)</script>",
        "<!-- hidden -->",
        "{{ config }}",
        "{% raw %}",
        '--8<-- "/etc/passwd"',
        "#read(",
    ):
        assert words in shown
    assert "root:" not in shown


def test_hostile_titles_in_navigation_header_and_search(site):
    text = (site / "index.html").read_text("utf-8")
    assert "<script>alert(1)" not in text
    assert "<script>alert(1)" not in (site / "search/search_index.json").read_text("utf-8")


def test_an_author_cannot_take_a_records_anchor(tmp_path):
    page = build(
        tmp_path, small(Section("PRM-X-1", (Prose("# PRM-X-1 {#PRM-X-1}\n\n<a id='PRM-X-1'>"),), anchor="PRM-X-1"))
    )
    assert len(page.xpath("//*[@id='PRM-X-1']")) == 1


def test_data_of_an_instrument_is_read_by_its_script_alone(tmp_path):
    told = {"words": "</script><script>alert(1)</script> <!-- & ]]> \u2028"}
    words = Paragraph((Text("The same as a table."),))
    page = build(tmp_path, small(Instrument("ruler", json.dumps(told), (words,))))
    [data] = page.xpath("//script[@id='tt-data-ruler']")
    assert data.get("type") == "application/json"
    assert json.loads(data.text) == told
    assert "The same as a table." in page.xpath("string(//div[@class='tt-instrument tt-ruler'])")
    assert not page.xpath("//script[contains(text(), 'alert(1)')][not(@type)]")


def test_sections_of_one_title_have_anchors_of_their_own(tmp_path):
    page = build(
        tmp_path, small(Section("Same", ()), Section("Same", ()), Section("Ähnlich – 1.", ()), Section("漢", ()))
    )
    assert page.xpath("//h2/@id") == ["same", "same-2", "hnlich-1", "section"]


@pytest.mark.parametrize(
    "title",
    [
        "1. list",
        "# hash #",
        "a \\",
        "*b* _c_ `d`",
        "[x](y)",
        "&amp; &#35;",
        "a {: #x }",
        "{ #x .y }",
        "<b>",
        "---",
        "\u202eright to left",
        "\u0002klzzwxh:0000\u0003",
        " \n ",
        "| a | b |",
    ],
)
def test_any_title_is_shown_as_written(tmp_path, title):
    page = build(tmp_path, small(Section(title, (Paragraph((Text("x"),)),))))
    shown = page.xpath("//h2")[0].text_content().removesuffix("#")
    words = " ".join(title.split()).replace("\u0002", "\ufffd").replace("\u0003", "\ufffd").replace("\u202e", "\ufffd")
    assert shown.replace("\u200b", "") == words


def test_the_engines_markers_do_nothing_in_an_authors_text(tmp_path):
    text = '<!--/ttpack-->\n\n<!--ttpack-->\n\n\u0002wzxhzdk:0\u0003 `<ttpack-picture name="00000000000000000000">`'
    page = build(tmp_path, small(Prose(text), Paragraph((Text(text),))))
    assert page.text_content().count("wzxhzdk:0") == 2
    assert page.text_content().count("<ttpack-picture") == 2


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<script>x</script>", ""),
        ('<p onclick="x" style="x" class="c">t</p>', '<p class="c">t</p>'),
        ('<a href="javascript:x">t</a>', "<a>t</a>"),
        ('<img src="x" onerror="x">', ""),
        ("<svg><script>x</script></svg>", ""),
        ('<iframe srcdoc="x"></iframe>', ""),
        ("<!-- c -->", ""),
        ('<form action="x"><input></form>', ""),
    ],
)
def test_the_last_allow_list(markup, expected):
    assert clean(markup) == expected


def test_each_printed_page_says_what_it_is(site):
    style = (site / "assets/ttpack/print.css").read_text("ascii")
    words = re.sub(r"\\([0-9a-f]{6})", lambda found: chr(int(found[1], 16)), style)
    assert "DRAFT, TTP-AMAB-001, revision 3f2a91c, partner edition. " in words


def test_no_word_of_a_package_acts_in_the_print_style(tmp_path):
    hostile = '"; } body { background: url(//x.y) } @page { content: "\\'
    write_site(replace(small(), edition=hostile), tmp_path / "site", EPOCH)
    style = (tmp_path / "site/assets/ttpack/print.css").read_text("ascii")
    assert "url" in style
    assert not re.search(r"url\(|//|body \{", style)


@pytest.mark.browser
def test_in_a_browser_long_tables_can_be_filtered_and_nothing_runs(site, tmp_path):
    chromium = shutil.which("chromium") or pytest.skip("no Chromium here")
    switches = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--allow-file-access-from-files",
        "--virtual-time-budget=3000",
        "--dump-dom",
    ]
    profile = f"--user-data-dir={tmp_path / 'profile'}"

    def opened(name: str):
        command = [chromium, *switches, profile, (site / name).as_uri()]
        return html.fromstring(subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode())

    page = opened("findings.html")
    assert page.xpath("string(//div[@class='tt-filter']/span)") == "30 rows"
    assert page.xpath("//div[@class='tt-filter']/input/@aria-label") == ["Filter Findings"]
    assert not opened("hostile.html").xpath("//article//script|//article//iframe|//iframe[@src or @srcdoc]")


def test_a_folder_with_other_things_is_refused(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/thesis.txt").write_text("years of work")
    with pytest.raises(PublishError, match="not empty"):
        write_site(small(), tmp_path / "site", EPOCH)
    assert (tmp_path / "site/thesis.txt").exists()


def test_an_older_site_is_replaced(tmp_path):
    build(tmp_path, small(Paragraph((Text("old"),))))
    (tmp_path / "site/gone.html").write_text("left over")
    assert "new" in build(tmp_path, small(Paragraph((Text("new"),)))).text_content()
    assert not (tmp_path / "site/gone.html").exists()


@pytest.mark.parametrize("slug", ["Index", "../x", "assets", "search", "a b", ""])
def test_pages_need_an_address(tmp_path, slug):
    with pytest.raises(PublishError, match="address"):
        write_site(small(slug=slug), tmp_path / "site", EPOCH)


def test_two_pages_at_one_address(tmp_path):
    page = Page("index", "A", ())
    with pytest.raises(PublishError, match="two pages"):
        write_site(Publication("T", "", "", "", "", "", "", (page, page)), tmp_path / "site", EPOCH)


@pytest.mark.parametrize("anchor", ['"><script>', "a b", "#x", "__search"])
def test_an_anchor_is_a_record_id(tmp_path, anchor):
    with pytest.raises(PublishError, match="anchor"):
        write_site(small(Section("T", (), anchor=anchor)), tmp_path / "site", EPOCH)


def test_an_overlay_id_is_an_anchor(tmp_path):
    blocks = (Section("T", (), anchor="PRM-X-1@SITE-B"), Paragraph((Link("PRM-X-1@SITE-B", "there"),)))
    page = build(tmp_path, small(*blocks))
    assert page.xpath("//a[text()='there']/@href") == ["index.html#PRM-X-1@SITE-B"]
    assert page.xpath("//h2/@id") == ["PRM-X-1@SITE-B"]


@pytest.mark.parametrize(
    "markup",
    ['<script src="https://x.y/z.js"></script>', '<img src="//x.y/z">', "<iframe></iframe>", '<p onclick="x">',
     "<script>alert(1)</script>", '<meta http-equiv="refresh" content="0;url=x">',
     "<style>p { color: red }</style>", '<p style="color: red">',
     '<a href="data:x">', '<a href="#nowhere">', '<a href="page.html#nowhere">', '<link rel="stylesheet" href="https://fonts.example/x">'],
)  # fmt: skip
def test_the_check_of_the_built_site_sees(tmp_path, markup):
    policy = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{page_policy()}">'
    page = f"<!doctype html><html><head>{policy}</head><body><p id='x'>{{}}</body></html>"
    (tmp_path / "page.html").write_text(page.format(""))
    check_site(tmp_path)
    (tmp_path / "page.html").write_text(page.format(markup))
    with pytest.raises(SiteDefect):
        check_site(tmp_path)


@pytest.mark.parametrize(
    "policy",
    ["", "default-src *", page_policy().replace("'self'", "'self' 'unsafe-inline'"), page_policy() + "; img-src *"],
)
def test_a_page_that_allows_more_than_ours_is_refused(tmp_path, policy):
    meta = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
    (tmp_path / "page.html").write_text(f"<!doctype html><html><head>{meta}</head><body></body></html>")
    with pytest.raises(SiteDefect, match="said first"):
        check_site(tmp_path)


def test_hosts_are_told_the_policy_of_the_pages(site):
    root = html.parse(str(site / "index.html")).getroot()
    [policy] = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; ")
    azure = json.loads((site / "staticwebapp.config.json").read_text())["globalHeaders"]
    cloudfront = json.loads((site / "cloudfront-headers.json").read_text())
    assert azure["Content-Security-Policy"] == f"{policy}; frame-ancestors 'none'"
    own = cloudfront["SecurityHeadersConfig"]
    assert own["ContentSecurityPolicy"]["ContentSecurityPolicy"] == azure["Content-Security-Policy"]
    assert {one["Header"] for one in cloudfront["CustomHeadersConfig"]["Items"]} | {
        "Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options"
    } == set(azure)  # fmt: skip
    for name, value in azure.items():
        assert f"\n  {name}: {value}\n" in (site / "_headers").read_text()
        assert f'\nadd_header {name} "{value}" always;\n' in (site / "nginx-headers.conf").read_text()
        assert f'\nHeader always set {name} "{value}"\n' in (site / "apache-headers.conf").read_text()


def test_only_a_release_asks_which_revision_is_current(site, publication, tmp_path):
    assert "versions" not in "".join(html.parse(str(site / "index.html")).getroot().xpath("//script/@src"))
    folder = tmp_path / "rev-A/partner/data"
    write_site(publication, folder, EPOCH, release="rev-A")
    asked = html.parse(str(folder / "index.html")).getroot().xpath("//script/@src")
    assert "../../../versions/partner.js" in asked
