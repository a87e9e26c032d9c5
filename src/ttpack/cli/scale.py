"""`ttpack scale`: what carries over to another site, what a formula predicts there, and what has no verdict and why."""

from typing import TYPE_CHECKING

import click

from ttpack.cli.emit import FORMATS, emit
from ttpack.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ttpack.model.package import Package
    from ttpack.model.parameter import ProcessParameter

DISAGREES = 1
MOST_NAMED = 10


@click.command("scale")
@click.argument("parameters", nargs=-1, metavar="[PARAMETER ...]")
@click.option("--to", "receiving", metavar="SITE", help="The receiving site (default: the only one).")
@click.option("--from", "sending", metavar="SITE", help="The sending site (default: that of the package).")
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
@click.option("--rev", "revision", metavar="REV", help="Answer at this revision instead of the files on disk.")
@click.option("--as-of", metavar="DATE", help="Date of the answer, as 2026-11-30 (default: that of REV, else today).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    parameters: tuple[str, ...],
    receiving: str | None,
    sending: str | None,
    *,
    path: str,
    revision: str | None,
    as_of: str | None,
    output: str,
) -> int:
    """Recompute scale-up from the sending to a receiving site: the named parameters, or the whole scale matrix.

    Each quantity with both numbers, what its rule or formula predicts, how far that may be off, and a verdict; outside
    the range of a formula there is none, and the reason is given. Exits 1 where a stated value disagrees with its own
    formula, or files cannot be read, else 0.
    """
    from ttpack.analysis.scale_up import scale_up
    from ttpack.cli.opening import as_of_date, open_package, open_tree, tells_unread
    from ttpack.views.scale import scale_page

    tree = open_tree(path, revision)
    date = as_of_date(as_of, tree)
    loaded = open_package(tree)
    package = loaded.package
    wanted = _parameters(package, parameters)
    first = _site(package, "--from", sending, package.sending_sites)
    second = _site(package, "--to", receiving, package.receiving_sites)
    if first == second:
        raise UsageError(f"{first} is both the sending and the receiving site: name another with --to or --from")
    answer = scale_up(package, first, second, wanted)
    emit(answer.as_json(date), lambda: scale_page(package, answer), output)
    return DISAGREES if tells_unread(loaded) or answer.contradictions else 0


def _parameters(package: "Package", asked: tuple[str, ...]) -> "list[ProcessParameter]":
    """The parameters asked for, each once. Raises UsageError that names near ones."""
    known = {parameter.id: parameter for parameter in package.parameters}
    for each in asked:
        if each not in known:
            raise UsageError(f"there is no parameter {each[:60]!r}{_near(each, known)}")
    return [known[each] for each in dict.fromkeys(asked)]


def _site(package: "Package", option: str, asked: str | None, default: tuple[str, ...]) -> str:
    """The site asked for, else the only one of its side. Raises UsageError that names near ones, or all."""
    from ttpack.model.facility import Site

    known = {site.id for site in package.in_force(Site)}
    if asked is None:
        if len(default) == 1:
            return default[0]
        listed = ", ".join(default or sorted(known)) or "none"
        raise UsageError(f"name the site with {option}: sites are {listed}")
    if asked not in known:
        raise UsageError(f"there is no site {asked[:60]!r}{_near(asked, known)}")
    return asked


def _near(asked: str, known: "Iterable[str]") -> str:
    from difflib import get_close_matches

    names = sorted(known)
    near = get_close_matches(asked.upper()[:60], names, n=3, cutoff=0.6)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    if not names:
        return "; there are none"
    return f"; there are {', '.join(names[:MOST_NAMED])}{' ...' if len(names) > MOST_NAMED else ''}"
