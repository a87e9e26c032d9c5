"""`ttpack build`: the site, the PDF and the data of one revision."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttpack.cli.opening import AnyTree, as_of_date, open_tree
from ttpack.cli.progress import progress
from ttpack.errors import UnreadableError

if TYPE_CHECKING:
    import datetime

    from ttpack.analysis.change_control import ChangeControl
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
    from ttpack.analysis.editions.edition import INTERNAL_EDITION
    from ttpack.cli.building import known_of, moment
    from ttpack.publish.build import write_pdf, write_site
    from ttpack.source.load import load
    from ttpack.views.edition_content import edition_content
    from ttpack.views.words import counted

    with progress("Building", 4) as advance:
        known = known_of(tree, load(tree), day, change, since)
        content = edition_content(known, INTERNAL_EDITION)
        advance(1)
        try:
            out.mkdir(parents=True, exist_ok=True)
            (out / "package.json").write_text(content.data, encoding="utf-8")
            advance(1)
            seconds = moment(tree, day)
            write_site(content.publication, out / "site", seconds)
            advance(1)
            write_pdf(content.publication, out / "package.pdf", {"package.json": content.data.encode()}, seconds)
            advance(1)
        except OSError as error:
            raise UnreadableError(f"{error.filename or out}: {error.strerror}") from error
    counts = known.check.counts
    found = f"{counted(counts['errors'], 'error')}, {counted(counts['warnings'], 'warning')}, {counts['waived']} waived"
    return [
        f"site     {out / 'site' / 'index.html'}",
        f"pdf      {out / 'package.pdf'}",
        f"data     {out / 'package.json'}",
        f"checks   {found}; as of {known.check.as_of}",
    ]
