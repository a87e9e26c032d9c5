"""Pages kept of an earlier build: they save work, and never a byte of the site comes out otherwise."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.publish.conftest import EPOCH

from ttpack.publish import site_engine
from ttpack.publish.site import write_site
from ttpack.publish.site_cache import page_keys
from ttpack.publish.site_check import SiteDefect
from ttpack.publish.site_edit import write_edited
from ttpack.source.cache import Cache
from ttpack.views.blocks import Link, Page, Paragraph, Picture, Prose, Publication, Section, Text


def page(number: int, words: str = "Hold the pH.", title: str = "") -> Page:
    name = f"UO-{number:02}"
    picture = Picture(f'<svg viewBox="0 0 1 1"><title>{words}</title></svg>', f"{words} {number}", "bar", 100)
    section = Section("Parameter", (Paragraph((Text(words), Link("UO-01", "UO-01"))), picture), f"PRM-{number:02}")
    return Page(name.lower(), title or f"Unit operation {number}", (section, Prose(f"*{words}*")), anchor=name)


def publication(pages: tuple[Page, ...]) -> Publication:
    home = Page("index", "Home", (Paragraph((Text(str(len(pages))),)),))
    return Publication("Package", "TTP-1", "abc", "approved", "internal", "", "P", (home, *pages))


BEFORE = publication(tuple(page(number) for number in range(1, 6)))
MANY: dict[str, Publication] = {
    "nothing": BEFORE,
    "an edit of a record": publication((*BEFORE.pages[1:3], page(3, "Hold the temperature."), *BEFORE.pages[4:])),
    "an added record": publication((*BEFORE.pages[1:], page(6))),
    "a removed record": publication(BEFORE.pages[1:-1]),
    "a renamed title": publication((*BEFORE.pages[1:3], page(3, title="Another"), *BEFORE.pages[4:])),
    "another order": publication(BEFORE.pages[:0:-1]),
    "another status": replace(BEFORE, status="draft"),
    "another edition": replace(BEFORE, edition="public"),
}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Cache]:
    """Opens a copy of what the build of BEFORE kept."""
    folder = tmp_path_factory.mktemp("kept")
    with Cache(folder / "pages.sqlite") as cache:
        write_site(BEFORE, folder / "site", EPOCH, cache)
    content = (folder / "pages.sqlite").read_bytes()

    def copy() -> Cache:
        file = tmp_path_factory.mktemp("copy") / "pages.sqlite"
        file.write_bytes(content)
        return Cache(file)

    return copy


def keys(cache: Cache) -> set[bytes]:
    assert cache._database is not None
    return {key for (key,) in cache._database.execute("select key from entries")}


@pytest.mark.parametrize("change", MANY)
def test_a_site_built_from_kept_pages_is_the_one_built_anew(change, kept, tmp_path):
    write_site(MANY[change], tmp_path / "anew", EPOCH)
    write_site(MANY[change], tmp_path / "warm", EPOCH, kept())
    assert files(tmp_path / "warm") == files(tmp_path / "anew")


def test_only_what_changed_is_rendered(kept, tmp_path):
    with kept() as cache:
        before = keys(cache)
        write_site(MANY["an edit of a record"], tmp_path / "site", EPOCH, cache)
        assert len(keys(cache) - before) == 1
        write_site(BEFORE, tmp_path / "site", EPOCH + 1, cache)
        assert len(keys(cache) - before) == 1 + len(BEFORE.pages)


def test_all_that_a_page_is_made_of_is_in_its_key():
    pages, parts = {"index": "text"}, {"index": ["<svg/>"]}
    ways = [
        page_keys(pages, parts, "setting", EPOCH),
        page_keys({"index": "another"}, parts, "setting", EPOCH),
        page_keys(pages, {"index": ["<svg />"]}, "setting", EPOCH),
        page_keys(pages, parts, "another", EPOCH),
        page_keys(pages, parts, "setting", EPOCH + 1),
        page_keys(pages, parts, "setting", EPOCH, "another version"),
        {"index": page_keys({"other": "text"}, {"other": ["<svg/>"]}, "setting", EPOCH)["other"]},
    ]
    assert len({one["index"] for one in ways}) == len(ways)


@pytest.mark.parametrize("damage", ["value", "swapped", "file"])
def test_what_is_damaged_is_rendered_anew(damage, kept, tmp_path):
    write_site(BEFORE, tmp_path / "anew", EPOCH)
    with kept() as cache:
        database = cache._database
        rows = database.execute("select key, value, digest from entries order by key").fetchall()
        if damage == "value":
            database.execute("update entries set value = cast(substr(value, 2) as blob)")
        elif damage == "swapped":
            for (key, *_), (_, value, digest) in zip(rows, rows[1:] + rows[:1], strict=True):
                database.execute("update entries set value = ?, digest = ? where key = ?", (value, digest, key))
        else:
            database.execute("drop table entries")
        database.commit()
        write_site(BEFORE, tmp_path / "site", EPOCH, cache)
        if damage != "file":
            assert database.execute("select key, value, digest from entries order by key").fetchall() == rows
    assert files(tmp_path / "site") == files(tmp_path / "anew")


def test_a_page_is_not_kept_before_the_whole_site_has_passed(tmp_path):
    script = Picture('<svg viewBox="0 0 1 1"><script>alert(1)</script></svg>', "", "bar", 100)
    with Cache(tmp_path / "pages.sqlite") as cache:
        with pytest.raises(SiteDefect, match="not the engine's"):
            write_site(publication((page(1), replace(page(2), blocks=(script,)))), tmp_path / "site", EPOCH, cache)
        assert not keys(cache)
    assert not (tmp_path / "site").exists()


def test_the_engine_is_run_as_it_runs_itself(tmp_path):
    """Our loop over its steps writes what its own command writes, but for the pages that nobody is sent to."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    from ttpack.publish import site

    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
        site._stage(BEFORE, tmp_path / name)
    site_engine.build_site(tmp_path / "ours", {}, EPOCH)
    with site_engine._quiet_engine(EPOCH):
        config = load_config(config_file=str(tmp_path / "theirs/mkdocs.yml"))
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
    site_engine._tidy(tmp_path / "theirs/site")
    ours, theirs = files(tmp_path / "ours/site"), files(tmp_path / "theirs/site")
    assert theirs.keys() - ours.keys() == {"404.html", "sitemap.xml", "sitemap.xml.gz"}
    assert ours.items() <= theirs.items()


def test_a_page_made_anew_without_the_engine_is_the_one_that_the_engine_makes(kept, tmp_path):
    after = MANY["an edit of a record"]
    with kept() as cache:
        write_site(BEFORE, tmp_path / "before", EPOCH, cache)
        write_site(after, tmp_path / "after", EPOCH, cache)
    written = write_edited(BEFORE, tmp_path / "before", after.pages[1:], tmp_path / "edited")
    assert written == {f"{page.slug}.html": tmp_path / f"edited/{page.slug}.html" for page in after.pages[1:]}
    for name, path in written.items():
        assert path.read_bytes() == (tmp_path / "after" / name).read_bytes()
