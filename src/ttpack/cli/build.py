"""`ttpack build`: the site, the PDF and the data of one revision."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttpack.cli.opening import AnyTree, as_of_date, open_tree
from ttpack.cli.progress import progress
from ttpack.errors import UnreadableError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping, Sequence

    from ttpack.analysis.change_control import ChangeControl
    from ttpack.source.cache import Cache
    from ttpack.views.blocks import Page
    from ttpack.views.edition_change import Earlier
    from ttpack.views.edition_content import EditionContent
    from ttpack.views.since import Since

PARTS = ("site", "pdf", "documents", "data")
"""What a build consists of, by the names that `--only` takes."""


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
@click.option(
    "--only",
    type=click.Choice(PARTS),
    multiple=True,
    help="Make only this part; repeatable (default: all of them).",
)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to write.")
def command(  # noqa: PLR0917  one parameter for each option of the command
    path: str,
    revision: str | None,
    since: str | None,
    as_of: str | None,
    edition: str,
    only: tuple[str, ...],
    out: Path,
) -> int:
    """Make the site, the PDF, the controlled documents and the data of the package at PATH.

    Writes OUT/site, OUT/package.pdf, OUT/package.json, and in OUT/documents a PDF, a Word file and the data of each
    controlled document, from the same records; the same input gives the same bytes.
    Whatever the checks found is on the pages; a record that could not be read is not published. An edition holds only
    what its readers may read, and nothing of git; where a name stands for several, each has its own folder in OUT.
    """
    tree = open_tree(path, revision)
    day = as_of_date(as_of, tree)
    change, changed, earlier = changes_between(path, (since, revision), tree, day) if since else (None, None, None)
    for line in build(tree, day, out, change, changed, edition, only or PARTS, earlier):
        click.echo(line)
    return 0


def changes_between(
    path: str, sides: tuple[str, str | None], tree: AnyTree, day: "datetime.date"
) -> "tuple[Page, Since, Earlier]":
    """The impact of what changed between two revisions, with the errors it introduces; the records; the earlier one."""
    from ttpack.cli.building import earlier_revision
    from ttpack.cli.check import answered
    from ttpack.cli.comparing import compare
    from ttpack.cli.impact import assess
    from ttpack.views.change import change_page

    comparison = compare(path, *sides)
    introduced = answered(tree, day).compared(answered(comparison.before, day), sides[0], None).blocking
    control = assess(comparison)
    before = earlier_revision(comparison.before, sides[0])
    return change_page(control, introduced), changed_since(control, sides[0]), before


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
    parts: "Sequence[str]" = PARTS,
    earlier: "Earlier | None" = None,
) -> list[str]:
    """Write site, PDF, documents and data of a tree to `out`, and say in a line each where they are.

    `parts` are those of PARTS that are wanted.

    Raises NotAPackage, UnreadableError or PublishError; UsageError for an edition that there is not. What was written
    before stays.
    """
    from ttpack.analysis.editions.edition import edition_named
    from ttpack.cli.building import known_of, moment
    from ttpack.source.cache import open_page_cache
    from ttpack.source.load import load
    from ttpack.views.edition_content import edition_content

    loaded = load(tree)
    wanted = edition_named(loaded.package, edition)
    lines: list[str] = []
    with progress("Building", 1 + len(parts) * len(wanted)) as advance, open_page_cache(tree) as pages:
        known = known_of(tree, loaded, day, change, since, earlier)
        advance(1)
        for one in wanted:
            folder = out if len(wanted) == 1 else out / one.name
            beside = "../documents" if "documents" in parts else ""
            content = edition_content(known, one, beside)
            lines += _written(content, folder, moment(tree, day), parts, pages, advance)
    return lines


def _written(  # noqa: PLR0917  what is written, where, and what is told
    content: "EditionContent",
    out: Path,
    seconds: int,
    parts: "Sequence[str]",
    pages: "Cache",
    advance: "Callable[[int], None]",
) -> list[str]:
    """Write the parts wanted of an edition, and say where they are and what its checks found."""
    from ttpack.views.words import counted

    lines = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            if part in parts:
                lines += _PARTS[part](content, out, seconds, pages)
                advance(1)
    except OSError as error:
        raise UnreadableError(f"{error.filename or out}: {error.strerror}") from error
    counts = content.check.counts
    found = f"{counted(counts['errors'], 'error')}, {counted(counts['warnings'], 'warning')}, {counts['waived']} waived"
    return [*lines, f"checks   {found}; as of {content.check.as_of}"]


def _site(content: "EditionContent", out: Path, seconds: int, pages: "Cache") -> list[str]:
    from ttpack.publish.build import write_site

    write_site(content.publication, out / "site", seconds, pages)
    return [f"site     {out / 'site' / 'index.html'}"]


def _pdf(content: "EditionContent", out: Path, seconds: int, pages: "Cache") -> list[str]:
    from ttpack.publish.build import write_pdf

    del pages
    write_pdf(content.publication, out / "package.pdf", {"package.json": content.data.encode()}, seconds)
    return [f"pdf      {out / 'package.pdf'}"]


def _documents(content: "EditionContent", out: Path, seconds: int, pages: "Cache") -> list[str]:
    from ttpack.publish.documents import write_documents
    from ttpack.views.words import counted

    del pages
    write_documents(content.documents, out / "documents", seconds)
    count = counted(len(content.documents), "document")
    return [f"documents {out / 'documents'}: {count}"] if content.documents else []


def _data(content: "EditionContent", out: Path, seconds: int, pages: "Cache") -> list[str]:
    del seconds, pages
    (out / "package.json").write_text(content.data, encoding="utf-8")
    return [f"data     {out / 'package.json'}"]


_PARTS: "Mapping[str, Callable[[EditionContent, Path, int, Cache], list[str]]]" = {
    "site": _site, "pdf": _pdf, "documents": _documents, "data": _data,
}  # fmt: skip
