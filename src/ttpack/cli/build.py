"""`ttpack build`: the site, the PDF and the data of one revision."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttpack.cli.opening import AnyTree, as_of_date, open_tree
from ttpack.cli.progress import progress
from ttpack.errors import UnreadableError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from ttpack.analysis.change_control import ChangeControl
    from ttpack.views.blocks import Page
    from ttpack.views.edition_content import EditionContent
    from ttpack.views.since import Since


@click.command("build")
@click.argument("path", default=".")
@click.option("--rev", "revision", metavar="REV", help="The revision to publish (default: the working tree).")
@click.option("--since", metavar="REV", help="Add the impact of what changed since this revision.")
@click.option("--as-of", metavar="DATE", help="The date to answer for (default: the revision's, or today).")
@click.option(
    "--edition",
    default="internal",
    metavar="NAME",
    help="For whom: internal, partner (each receiving organisation), regulator, public, or one that the package names.",
)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to write.")
def command(  # noqa: PLR0917  one parameter for each option of the command
    path: str, revision: str | None, since: str | None, as_of: str | None, edition: str, out: Path
) -> int:
    """Make the site, the PDF and the data of the package at PATH.

    Writes OUT/site, OUT/package.pdf and OUT/package.json from the same pages; the same input gives the same bytes.
    Whatever the checks found is on the pages; a record that could not be read is not published. An edition holds only
    what its readers may read, and nothing of git; where a name stands for several, each has its own folder in OUT.
    """
    tree = open_tree(path, revision)
    day = as_of_date(as_of, tree)
    change, changed = _change(path, (since, revision), tree, day) if since else (None, None)
    for line in build(tree, day, out, change, changed, edition):
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


def build(  # noqa: PLR0917  what is known besides the tree, all optional
    tree: AnyTree,
    day: "datetime.date",
    out: Path,
    change: "Page | None" = None,
    since: "Since | None" = None,
    edition: str = "internal",
) -> list[str]:
    """Write site, PDF and data of a tree to `out`, and say in a line each where they are.

    Raises NotAPackage, UnreadableError or PublishError; UsageError for an edition that there is not. What was written
    before stays.
    """
    from ttpack.analysis.editions.edition import edition_named
    from ttpack.cli.building import known_of, moment
    from ttpack.source.load import load
    from ttpack.views.edition_content import edition_content

    loaded = load(tree)
    wanted = edition_named(loaded.package, edition)
    lines: list[str] = []
    with progress("Building", 1 + 3 * len(wanted)) as advance:
        known = known_of(tree, loaded, day, change, since)
        advance(1)
        for one in wanted:
            folder = out if len(wanted) == 1 else out / one.name
            lines += _written(edition_content(known, one), folder, moment(tree, day), advance)
    return lines


def _written(content: "EditionContent", out: Path, seconds: int, advance: "Callable[[int], None]") -> list[str]:
    """Write an edition, and say where its parts are and what its checks found."""
    from ttpack.publish.build import write_pdf, write_site
    from ttpack.views.words import counted

    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "package.json").write_text(content.data, encoding="utf-8")
        advance(1)
        write_site(content.publication, out / "site", seconds)
        advance(1)
        write_pdf(content.publication, out / "package.pdf", {"package.json": content.data.encode()}, seconds)
        advance(1)
    except OSError as error:
        raise UnreadableError(f"{error.filename or out}: {error.strerror}") from error
    counts = content.check.counts
    found = f"{counted(counts['errors'], 'error')}, {counted(counts['warnings'], 'warning')}, {counts['waived']} waived"
    return [
        f"site     {out / 'site' / 'index.html'}",
        f"pdf      {out / 'package.pdf'}",
        f"data     {out / 'package.json'}",
        f"checks   {found}; as of {content.check.as_of}",
    ]
