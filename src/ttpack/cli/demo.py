"""`ttpack demo`: the A-Mab example as a repository, and the whole main job on it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttpack.cli.build import PARTS, build, changed_since
from ttpack.cli.building import answers
from ttpack.cli.comparing import compare
from ttpack.cli.impact import assess
from ttpack.cli.opening import as_of_date, open_tree
from ttpack.cli.progress import progress
from ttpack.errors import UnreadableError
from ttpack.publish.repository import Commit, make_repository
from ttpack.source.resources import resource

if TYPE_CHECKING:
    from ttpack.analysis.change_control import ChangeControl
    from ttpack.model.findings import Finding
    from ttpack.views.blocks import Page

SAMPLE = "samples/amab"
_DAY = 86400
_FIRST = 1_788_256_800  # 2026-09-01 10:00 UTC


@click.command("demo")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--only",
    type=click.Choice(PARTS),
    multiple=True,
    help="Build only this part; repeatable (default: all of them).",
)
def command(folder: Path, only: tuple[str, ...]) -> int:
    """Make the A-Mab example in FOLDER and run the whole main job on it.

    FOLDER becomes a package repository: the public A-Mab case study as a transfer from a 5,000 L site to a 15,000 L
    site, with the tags as-published and rev-A and one change after them. Findings, impact record, site and PDF are
    written to FOLDER/build.
    """
    with progress("Making the A-Mab repository"):
        make_repository(folder, history())
    out = folder / "build"
    tree = open_tree(str(folder), "HEAD")
    day = as_of_date(None, tree)
    from ttpack.views.change import change_page

    control = assess(compare(str(folder), "rev-A", "HEAD"))
    found, introduced = _findings(folder, out)
    page = change_page(control, introduced)
    record = _impact_record(control, page, out)
    click.echo(f"package  {folder} (tags as-published, rev-A; one change after them)")
    click.echo(f"findings {found}")
    click.echo(f"impact   {record}")
    for line in build(tree, day, out, page, changed_since(control, "rev-A"), parts=only or PARTS):
        click.echo(line)
    return 0


def history() -> list[Commit]:
    """The three commits of the example: as published, corrected, and changed once."""
    base = {".gitignore": b"/build/\n", **_files("package")}
    published = _files("as-published")
    absent = published.pop("ABSENT.txt", b"").decode().split()
    change = _files("change")
    message = change.pop("MESSAGE.txt", b"Widen the proven acceptable range of culture pH\n").decode()
    first = {path: content for path, content in {**base, **published}.items() if path not in absent}
    restored = {path: base[path] for path in published if path in base} | {path: base[path] for path in absent}
    gone = tuple(path for path in published if path not in base)
    sponsor, site = ("Astrid Lindqvist", "astrid.lindqvist@sponsor.example"), ("Marc Vidal", "marc.vidal@cdmo.example")
    return [
        Commit(first, "Enter A-Mab as published, values and units as printed", *sponsor, _FIRST, tag="as-published"),
        Commit(restored, "Resolve what the published tables contradict, each with its reason", *sponsor,
               _FIRST + 30 * _DAY, removed=gone, tag="rev-A"),
        Commit(change, message, *site, _FIRST + 45 * _DAY, complete=_record_change),
    ]  # fmt: skip


def _record_change(folder: Path) -> None:
    """Write the computed part of the change record, as the change's author does with `ttpack impact --record`."""
    from ttpack.cli.impact import NEXT
    from ttpack.cli.recording import record

    record(str(folder), None, NEXT)


def _files(name: str) -> dict[str, bytes]:
    try:
        root = resource(f"{SAMPLE}/{name}")
        return {
            path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()
        }
    except OSError as error:
        raise UnreadableError(str(error)) from error


def _findings(folder: Path, out: Path) -> "tuple[str, tuple[Finding, ...]]":
    """Write the findings of both tags and of the change; say where and how many, and which errors the change brings."""
    from ttpack.model.json_text import dumps
    from ttpack.source.load import load

    checks = {}
    out.mkdir(parents=True, exist_ok=True)
    for revision in ("as-published", "rev-A", "HEAD"):
        tree = open_tree(str(folder), revision)
        answer, _ = answers(load(tree), tree, as_of_date(None, tree))
        (out / f"findings-{revision}.json").write_text(dumps(answer.as_json()) + "\n", encoding="utf-8")
        checks[revision] = answer
    counts = (f"{revision} {answer.counts['errors']} errors" for revision, answer in checks.items())
    introduced = checks["HEAD"].compared(checks["rev-A"], "rev-A", None).blocking
    return f"{out / 'findings-HEAD.json'} ({', '.join(counts)})", introduced


def _impact_record(control: "ChangeControl", page: "Page", out: Path) -> str:
    from ttpack.model.json_text import dumps
    from ttpack.publish.comment import page_markdown
    from ttpack.views.words import counted

    (out / "impact.json").write_text(dumps(control.as_json()) + "\n", encoding="utf-8")
    (out / "impact.md").write_text(page_markdown(page), encoding="utf-8")
    changed = counted(sum(not change.editorial for change in control.impact.changes), "change")
    return f"{out / 'impact.md'} ({changed} of meaning, {counted(len(control.impact.affected), 'record')} reached)"
