"""`ttpack fit`: whether a site can do what the process asks of it, by how much, and who closes what it cannot."""

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from ttpack.cli.emit import FORMATS, emit
from ttpack.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttpack.analysis.facility_fit.site_fit import SiteFit
    from ttpack.model.package import Package

TO_DO = 1
MANY = 20
"""Sites from which it takes noticeable time."""
# written out, since the model's own would make every --help import pydantic
GATES = ("G0", "G1", "G2", "G3", "G4", "G5", "G6", "G7")


@click.command("fit")
@click.argument("sites", nargs=-1, metavar="[SITE ...]")
@click.option("--gate", type=click.Choice(GATES), help="Ask as if the sites had passed this gate (default: their own).")
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
@click.option("--rev", "revision", metavar="REV", help="Answer at this revision instead of the files on disk.")
@click.option("--as-of", metavar="DATE", help="Date of the answer, as 2026-11-30 (default: that of REV, else today).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    sites: tuple[str, ...], gate: str | None, *, path: str, revision: str | None, as_of: str | None, output: str
) -> int:
    """Compare what the process asks with what the equipment of SITE can do (default: of every receiving site).

    Each process parameter is PASS, CONDITIONAL, FAIL or UNKNOWN, with what is asked, what the equipment is qualified
    for, and the margin in units of U (sensor accuracy and control band); so are volumes, flows, utilities, rooms and
    materials. What is not a PASS has an owner and a due gate, as agreed or as proposed.

    Exits 1 where something fails, or (from gate G3 on) where nobody has agreed to close what is not known to fit,
    or answered it as not applicable; also where files cannot be read.
    """
    from ttpack.analysis.facility_fit.answer import to_do
    from ttpack.analysis.facility_fit.site_fit import fits_at
    from ttpack.cli.check import collector_paused
    from ttpack.cli.opening import as_of_date, open_package, open_tree, tells_unread
    from ttpack.cli.progress import progress
    from ttpack.rules.not_applicable import NotApplicableAnswers
    from ttpack.rules.plant_fit import answered
    from ttpack.views.fit import fit_page

    tree = open_tree(path, revision)
    date = as_of_date(as_of, tree)
    loaded = open_package(tree)
    package = loaded.package
    wanted = _sites(package, sites)
    with collector_paused():
        gates = dict.fromkeys(wanted, gate) if gate else {}
        with progress(f"the fit of {len(wanted)} sites") if len(wanted) > MANY else nullcontext():
            matrix = fits_at(package, gates, wanted)
        head = {
            "package": package.manifest.id,
            "revision": {"name": tree.revision.name, "commit": tree.revision.commit},
            "as_of": date.isoformat(),
        }
        emit(lambda: _answer(head, matrix, one_site=len(sites) == 1), lambda: fit_page(package, matrix), output)
    if tells_unread(loaded):
        return TO_DO
    answers = NotApplicableAnswers(package)
    every_fit = ((here.gate, fit) for here in matrix.values() for fit in here.fits)
    return TO_DO if any(to_do(fit, gate) and not answered(answers, fit) for gate, fit in every_fit) else 0


def _answer(head: dict[str, Any], matrix: "Mapping[str, SiteFit]", *, one_site: bool) -> dict[str, Any]:
    from ttpack.analysis.facility_fit.answer import matrix_answer, site_answer

    if one_site:
        return head | site_answer(next(iter(matrix.values())))
    return head | matrix_answer(matrix)


def _sites(package: "Package", asked: tuple[str, ...]) -> list[str]:
    """The sites asked for, each once, else all receiving ones. Raises UsageError that names the sites there are."""
    from ttpack.model.facility import Site

    known = {*package.receiving_sites, *package.sending_sites, *(site.id for site in package.in_force(Site))}
    listed = ", ".join(sorted(known)) or "none"
    for site in asked:
        if site not in known:
            raise UsageError(f"there is no site {site[:60]!r}; sites are {listed}")
    wanted = list(dict.fromkeys(asked or package.receiving_sites))
    if not wanted:
        raise UsageError(f"the package names no receiving site; sites are {listed}")
    return wanted
