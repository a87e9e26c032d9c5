"""The site in a real browser: nothing runs that its policy does not name, everybody can read and operate it.

One browser for all tests; what it complains of anywhere fails the test that made it.
"""

import contextlib
import functools
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser.chromium import Chromium, chromium
from tests.conftest import Result

from ttpack.publish.site import write_site
from ttpack.views.blocks import Column, Page, Paragraph, Publication, Row, Section, Table, Text

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# One of each kind of page. Colours are those of a few classes: to look at them everywhere takes most of the time.
COLOURED = ("index.html", "when-it-drifts.html")
DESK = (
    *COLOURED, "fit.html", "uo-06-vi.html", "risks.html", "gates-site-b.html", "document-ttp-amab-004.html",
    "process.html",
)  # fmt: skip
PHONE = ("index.html", "uo-06-vi.html", "document-ttp-amab-004.html")
EPOCH = 1_700_000_000


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture(autouse=True)
def _calm(browser: Chromium) -> Iterator[None]:
    browser.complaints.clear()
    browser.requests.clear()
    browser.size(1400)
    yield
    assert browser.complaints == []


@pytest.fixture(scope="module")
def built(demo: tuple[Path, Result]) -> Path:
    return demo[0] / "build" / "site"


@pytest.fixture(scope="module")
def hosted(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site on a host that sends the headers of one of its own files."""
    sent = json.loads((built / "staticwebapp.config.json").read_text("utf-8"))["globalHeaders"]

    class Host(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def end_headers(self) -> None:
            for name, value in sent.items():
                self.send_header(name, value)
            super().end_headers()

    folder = tmp_path_factory.mktemp("hosted") / "site"
    shutil.copytree(built, folder)
    planted = (folder / "index.html").read_text("utf-8").replace("</body>", "<script>window.ran = 1</script></body>")
    (folder / "planted.html").write_text(planted, "utf-8")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def search(browser: Chromium, words: str) -> str:
    """What the engine's search says to words that are typed; the page is opened anew where they came too early."""
    found = "document.querySelector('.md-search-result__list').textContent"
    for _ in range(5):
        browser.run("document.querySelector('.md-search__input').focus()")
        browser.ask("Input.insertText", text=words)
        with contextlib.suppress(AssertionError):
            return str(browser.until(f"{found}.trim() && {found}", seconds=8))
        browser.open(str(browser.run("location.href")))
    raise AssertionError(f"nothing was found for {words!r}: {browser.complaints}")


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_search_palette_filter_and_ruler_work_under_the_policy(
    browser: Chromium, built: Path, hosted: str, scheme: str
) -> None:
    top = hosted if scheme == "http" else f"{built.resolve().as_uri()}/"
    browser.open(top + "index.html")
    assert "PRM-BRX-PH" in search(browser, "culture pH")
    browser.press("Escape")
    browser.run("document.querySelector('label[for=__palette_1]').click()")
    assert browser.until("document.body.getAttribute('data-md-color-scheme') === 'slate'")
    browser.open(top + "uo-03-brx.html")
    assert browser.run("document.body.getAttribute('data-md-color-scheme')") == "slate", "the choice is remembered"
    browser.run("document.querySelector('label[for=__palette_0]').click()")
    browser.run("document.querySelector('.tt-filter input').focus()")
    browser.ask("Input.insertText", text="culture ph")
    assert browser.until("document.querySelector('.tt-filter span').textContent").startswith("1 of ")
    browser.open(top + "when-it-drifts.html?site=SITE-B&parameter=PRM-BRX-PH&value=7.2&duration=30min&stage=ppq")
    assert browser.until("document.querySelector('.tt-ruler-answer')?.textContent")
    outside = [url for url in browser.requests if not url.startswith((top, "data:", "about:"))]
    assert outside == []


def test_what_the_policy_does_not_name_does_not_run(browser: Chromium, hosted: str) -> None:
    browser.open(hosted + "planted.html")
    assert browser.run("window.ran === undefined")
    browser.run("document.body.insertAdjacentHTML('beforeend', '<img src=\"https://elsewhere.example/x.png\">')")
    browser.until("1")
    told = " ".join(browser.complaints)
    browser.complaints.clear()
    assert "inline script" in told
    assert "elsewhere.example" in told


def violations(browser: Chromium, address: str, width: int) -> list[str]:
    browser.size(width)
    browser.open(address)
    browser.run("document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 100)))")
    wide = browser.run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert browser.run("document.querySelector('article') !== null"), address
    browser.run(f"{AXE.read_text('utf-8')};0")
    coloured = address.endswith(COLOURED) and width > 1000
    options = json.dumps({
        "preload": False, "runOnly": STANDARDS, "resultTypes": ["violations"],
        "rules": {"color-contrast": {"enabled": coloured}},
    })  # fmt: skip
    told = (
        f"axe.run({options}).then((found) => found.violations.filter((one) => one.tags.some((tag) => "
        "tag.startsWith('wcag')) || ['serious', 'critical'].includes(one.impact)).map((one) => one.id + ' ' + "
        "one.impact + ' ' + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(' | ')))"
    )
    return [*browser.run(told), *([f"{wide} pixels wider than the window"] if wide > 0 else [])]


@pytest.mark.parametrize(("pages", "width"), [(DESK, 1400), (PHONE, 390)])
def test_axe_finds_nothing_in_any_kind_of_page(
    browser: Chromium, built: Path, pages: tuple[str, ...], width: int
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci --ignore-scripts, in tests/browser")
    found = {page: violations(browser, (built / page).resolve().as_uri(), width) for page in pages}
    assert [told for told in found.items() if told[1]] == []


HOSTILE = '</script><img src=x onerror="document.title=1">'
VERSIONS = [
    {"version": "rev-B", "title": HOSTILE, "aliases": ["current"], "status": HOSTILE, "released": "2026-11-23"},
    {"version": "../../x", "title": "", "aliases": [], "status": "current"},
    {"version": "javascript:alert(1)", "aliases": "current"},
    {"version": ["rev-Z"]}, None, 7,
    {"version": "rev-A", "title": "A", "aliases": [], "status": "superseded", "released": HOSTILE},
]  # fmt: skip


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    public = tmp_path_factory.mktemp("releases") / "public"
    rows = tuple(Row(((Text(f"PRM-{n}"),), (Text("x"),))) for n in range(3))
    table = Table((Column("Record"), Column("Name")), rows, "Parameters", filterable=True)
    page = Page("index", "Home", (Section("Part", (Paragraph((Text("Words."),)), table)),))
    publication = Publication("Package", "TTP-1", "A", "effective", "partner", "", "P", (page,))
    for name in ("rev-A", "rev-B"):
        write_site(publication, public / name / "partner" / "data", EPOCH, release=name)
    (public / "versions").mkdir()
    return public


def opened(browser: Chromium, releases: Path, name: str, versions: object) -> None:
    text = f"window.ttpackVersions = {json.dumps(versions)};"
    (releases / "versions" / "partner.js").write_text(text, "utf-8")
    browser.open((releases / name / "partner/data/index.html").resolve().as_uri())


def test_an_older_release_says_that_it_is_superseded_and_leads_to_the_current_one(
    browser: Chromium, releases: Path
) -> None:
    opened(browser, releases, "rev-A", VERSIONS)
    shown = browser.run("document.querySelector('.tt-superseded').textContent")
    assert shown == "SUPERSEDED by rev-B, released 2026-11-23. Do not use this revision."
    names = browser.run("[...document.querySelectorAll('.tt-versions li')].map((one) => one.firstChild.textContent)")
    assert names == ["rev-B", "rev-A"], "a name that can be no folder is not offered"
    assert HOSTILE.lower() in browser.run("document.querySelector('.tt-versions li').textContent"), "shown as words"
    assert not browser.run("document.querySelector('.tt-versions img, .tt-superseded img, [onerror]')")
    browser.run("document.querySelector('.tt-versions summary').focus()")
    browser.press("Enter")
    assert browser.run("document.querySelector('.tt-versions details').open")
    browser.press("Escape")
    assert not browser.run("document.querySelector('.tt-versions details').open")
    browser.press("Enter", "Tab")
    assert browser.run("document.activeElement.textContent") == "rev-B"
    browser.press("Enter")
    assert browser.until(
        "location.href.includes('/rev-B/partner/data/index.html') && document.readyState === 'complete'"
    )
    assert not browser.run("document.querySelector('.tt-superseded')")


@pytest.mark.parametrize(
    ("versions", "banner", "unknown"),
    [
        ([{"version": "rev-B", "status": "draft"}, {"version": "rev-A", "status": "effective"}], None, None),
        ([{"version": "rev-A", "status": "withdrawn"}], "WITHDRAWN. Do not use this revision.", None),
        ([{"version": "rev-B", "status": "current"}], None, "The list of revisions does not name this one"),
        ("no list", None, "The list of revisions is not at hand"),
    ],
)
def test_the_state_of_a_release(browser: Chromium, releases: Path, versions: object, banner, unknown) -> None:
    opened(browser, releases, "rev-A", versions)
    assert browser.run("document.querySelector('.tt-superseded')?.textContent ?? null") == banner
    told = browser.run("document.querySelector('.tt-versions .tt-unknown')?.textContent ?? null")
    assert told == (f"{unknown}: verify the current revision before use." if unknown else None)


def test_without_scripts_a_page_asks_to_verify_its_revision(browser: Chromium, releases: Path) -> None:
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open((releases / "rev-A/partner/data/index.html").resolve().as_uri())
        root = browser.ask("DOM.getDocument", depth=-1)["root"]["nodeId"]
        node = browser.ask("DOM.querySelector", nodeId=root, selector="noscript .tt-unknown")["nodeId"]
        assert browser.ask("DOM.getBoxModel", nodeId=node)["model"]["height"] > 0
    finally:
        browser.ask("Emulation.setScriptExecutionDisabled", value=False)


def test_a_page_can_be_operated_by_its_keys(browser: Chromium, releases: Path) -> None:
    opened(browser, releases, "rev-B", VERSIONS)
    browser.press("Tab")
    assert browser.run("document.activeElement.className.startsWith('md-skip')"), (
        "the first key leads past the navigation"
    )
    browser.press("Enter")
    browser.run("document.querySelector('.tt-filter input').focus()")
    browser.ask("Input.insertText", text="PRM-2")
    assert browser.run("document.querySelector('.tt-filter [role=status]').textContent") == "1 of 3 rows"
    browser.press("Tab")
    seen = "getComputedStyle(document.activeElement)"
    assert browser.run("document.activeElement.classList.contains('tt-scroll')"), "a wide table scrolls by arrow keys"
    assert browser.run(f"{seen}.outlineStyle") != "none"
