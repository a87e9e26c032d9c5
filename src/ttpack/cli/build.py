"""`ttpack build`: the site, the PDF and the data of one revision."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttpack.cli import clock
from ttpack.cli.opening import AnyTree, as_of_date, open_tree
from ttpack.cli.progress import progress
from ttpack.errors import UnreadableError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ttpack.analysis.change_control import ChangeControl
    from ttpack.analysis.history import Event
    from ttpack.analysis.readiness.history import ReadinessHistory
    from ttpack.model.package import Package
    from ttpack.rules.answer import Check
    from ttpack.source.load import Loaded
    from ttpack.views.blocks import Page
    from ttpack.views.since import Since


@click.command("build")
@click.argument("path", default=".")
@click.option("--rev", "revision", metavar="REV", help="The revision to publish (default: the working tree).")
@click.option("--since", metavar="REV", help="Add the impact of what changed since this revision.")
@click.option("--as-of", metavar="DATE", help="The date to answer for (default: the revision's, or today).")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to write.")
def command(path: str, revision: str | None, since: str | None, as_of: str | None, out: Path) -> int:
    """Make the site, the PDF and the data of the package at PATH.

    Writes OUT/site, OUT/package.pdf and OUT/package.json from the same pages; the same input gives the same bytes.
    Whatever the checks found is on the pages; a record that could not be read is not published.
    """
    tree = open_tree(path, revision)
    day = as_of_date(as_of, tree)
    change, changed = _change(path, (since, revision), tree, day) if since else (None, None)
    for line in build(tree, day, out, change, changed):
        click.echo(line)
    return 0


def _change(path: str, sides: tuple[str, str | None], tree: AnyTree, day: "datetime.date") -> "tuple[Page, Since]":
    """The impact of what changed between two revisions, with the errors it introduces; and the records it changed."""
    from ttpack.cli.check import answered
    from ttpack.cli.comparing import compare
    from ttpack.cli.impact import assess
    from ttpack.views.change import change_page

    comparison = compare(path, *sides)
    introduced = answered(tree, day).compared(answered(comparison.before, day), sides[0], None).blocking
    control = assess(comparison)
    return change_page(control, introduced), changed_since(control, sides[0])


def changed_since(control: "ChangeControl", revision: str) -> "Since":
    """The records whose meaning a change altered, for a reader who knows the revision before it."""
    from ttpack.views.since import Since

    return Since(revision, frozenset(one.record for one in control.impact.changes if not one.editorial))


def build(
    tree: AnyTree, day: "datetime.date", out: Path, change: "Page | None" = None, since: "Since | None" = None
) -> list[str]:
    """Write site, PDF and data of a tree to `out`, and say in a line each where they are.

    Raises NotAPackage, UnreadableError or PublishError; what was written before stays.
    """
    from ttpack.publish.build import write_pdf, write_site
    from ttpack.source.load import load
    from ttpack.views.data import package_data
    from ttpack.views.publication import publication
    from ttpack.views.words import counted

    with progress("Building", 4) as advance:
        loaded = load(tree)
        answer, ahead = answers(loaded, tree, day)
        past, grown = _history(tree, loaded.package), _readiness(tree, loaded.package, day)
        pages = publication(loaded.package, answer, ahead, change, since, past, grown)
        data = package_data(loaded.package, answer)
        advance(1)
        try:
            out.mkdir(parents=True, exist_ok=True)
            (out / "package.json").write_text(data, encoding="utf-8")
            advance(1)
            moment = _moment(tree, day)
            write_site(pages, out / "site", moment)
            advance(1)
            write_pdf(pages, out / "package.pdf", {"package.json": data.encode()}, moment)
            advance(1)
        except OSError as error:
            raise UnreadableError(f"{error.filename or out}: {error.strerror}") from error
    counts = answer.counts
    found = f"{counted(counts['errors'], 'error')}, {counted(counts['warnings'], 'warning')}, {counts['waived']} waived"
    return [
        f"site     {out / 'site' / 'index.html'}",
        f"pdf      {out / 'package.pdf'}",
        f"data     {out / 'package.json'}",
        f"checks   {found}; as of {answer.as_of}",
    ]


def _history(tree: AnyTree, package: "Package") -> "Mapping[str, Sequence[Event]]":
    """The life of each record as git tells it; nothing without git, or where a shallow clone would tell half of it."""
    from ttpack.analysis.history import by_record
    from ttpack.cli.history import History

    if tree.repository is None or tree.revision.commit is None:
        return {}
    past = History(tree, package)
    return {} if past.cut else by_record(past.events())


def _readiness(tree: AnyTree, package: "Package", day: "datetime.date") -> "Mapping[str, ReadinessHistory]":
    """How the readiness of each receiving site grew; nothing where no item says so."""
    from ttpack.cli.readiness_history import readiness_history
    from ttpack.model.execution import ReadinessItem

    return readiness_history(tree, package, package.receiving_sites, day) if package.of(ReadinessItem) else {}


def answers(loaded: "Loaded", tree: AnyTree, day: "datetime.date") -> "tuple[Check, dict[str, Check]]":
    """The check at the gates passed, and for each receiving site the check at its next gate."""
    from dataclasses import replace

    from ttpack.analysis.gates.state import following
    from ttpack.cli.approved_base import looked_up
    from ttpack.rules.check import check
    from ttpack.rules.registry import Context
    from ttpack.source.places import locate

    package: Package = loaded.package
    gates = dict(package.manifest.gates)
    context = Context(day, gates, change=looked_up(tree, package) if package.readable else "")
    answer = check(package, loaded.problems, context).located(lambda places: locate(tree, package, places))
    ahead = {}
    for site in package.receiving_sites:
        gate = following(gates.get(site, ""))
        if gate:
            ahead[site] = check(package, loaded.problems, replace(context, gates={**gates, site: gate}))
    return answer, ahead


def _moment(tree: AnyTree, day: "datetime.date") -> int:
    """Seconds since 1970 that every file of the build carries: the commit's, else the day's first."""
    committed = tree.revision.committed
    return int(committed.timestamp()) if committed else clock.start_of_day(day)
