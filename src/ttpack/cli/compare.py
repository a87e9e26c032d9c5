"""`ttpack compare`: what differs between sites, and what was agreed about it."""

from typing import TYPE_CHECKING

import click

from ttpack.cli.emit import FORMATS, emit
from ttpack.errors import UsageError

if TYPE_CHECKING:
    from ttpack.model.package import Package

TO_DECIDE = 1
FEWEST = 2


@click.command("compare")
@click.argument("sites", nargs=-1, metavar="[SITE-A SITE-B [SITE ...]]")
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
@click.option("--all", "everything", is_flag=True, help="Show what is equal, too.")
@click.option("--family", "families", multiple=True, metavar="FAMILY", help="Only this family (may be repeated).")
@click.option("--rev", "revision", metavar="REV", help="Compare at this revision instead of the files on disk.")
@click.option("--as-of", metavar="DATE", help="Date of the answer, as 2026-11-30 (default: that of REV, else today).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    sites: tuple[str, ...],
    path: str,
    *,
    everything: bool,
    families: tuple[str, ...],
    revision: str | None,
    as_of: str | None,
    output: str,
) -> int:
    """Show what differs between sites, family by family, and what was agreed about each difference.

    Without a site, all sites that run the process. Every site is held against the sending one, else against the
    first named. Exits 1 where a difference is open or its agreement has ended, or files cannot be read,
    else 0.
    """
    from ttpack.analysis.site_comparison.compare import compare_sites
    from ttpack.analysis.site_comparison.outcome import FAMILIES
    from ttpack.cli.opening import as_of_date, open_package, open_tree, tells_unread
    from ttpack.views.site_comparison import site_comparison_page

    unknown = [family for family in families if family not in FAMILIES]
    if unknown:
        raise UsageError(f"there is no family {unknown[0]!r}; families are {', '.join(FAMILIES)}")
    tree = open_tree(path, revision)
    date = as_of_date(as_of, tree)
    loaded = open_package(tree)
    package = loaded.package
    compared = compare_sites(
        package, _chosen(package, sites), date, families=families or tuple(FAMILIES), rows_equal=everything
    )
    emit(compared.as_json(), lambda: site_comparison_page(package, compared), output)
    return TO_DECIDE if tells_unread(loaded) or compared.unsettled else 0


def _chosen(package: "Package", asked: tuple[str, ...]) -> tuple[str, ...]:
    """The sites asked for, each once; all that run the process where none is. Raises UsageError."""
    from ttpack.model.facility import Site

    there = package.in_force(Site)
    listed = ", ".join(f"{site.id} ({site.name})" for site in there) or "none"
    known = {site.id for site in there}
    for site in asked:
        if site not in known:
            raise UsageError(f"there is no site {site!r}; sites are {listed}")
    chosen = tuple(dict.fromkeys(asked)) or tuple(site.id for site in there if site.site_role != "testing")
    if len(chosen) < FEWEST:
        raise UsageError(f"a comparison needs two sites; sites are {listed}")
    return chosen
