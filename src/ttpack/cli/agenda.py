"""`ttpack agenda`: what a committee has to talk about, drawn from records and findings."""

from typing import TYPE_CHECKING

import click

from ttpack.cli.emit import FORMATS, emit
from ttpack.errors import UsageError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ttpack.cli.opening import AnyTree
    from ttpack.model.findings import Finding
    from ttpack.model.governance import GovernanceBody
    from ttpack.model.package import Package
    from ttpack.source.load import Loaded

TO_DO = 1


@click.command("agenda")
@click.option("--site", metavar="SITE", help="Only what concerns this receiving site, or all sites.")
@click.option("--body", "body_id", metavar="ID", help="The body that meets (default: the steering committee).")
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
@click.option("--rev", "revision", metavar="REV", help="Answer at this revision instead of the files on disk.")
@click.option("--as-of", metavar="DATE", help="Date of the answer, as 2026-11-30 (default: that of REV, else today).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    *, site: str | None, body_id: str | None, path: str, revision: str | None, as_of: str | None, output: str
) -> int:
    """Say what a committee has to talk about at its next meeting: whose it is, how late it is, and why it is here.

    Overdue and due before the meeting after the next; what blocks the next gate of each site, by owner; what is
    disputed; decisions to take; conditions of gates still open; exchanges that were not held.

    Exits 1 where there is anything to talk about, or where files cannot be read.
    """
    from ttpack.analysis.agenda.agenda import agenda
    from ttpack.cli.check import collector_paused
    from ttpack.cli.opening import as_of_date, open_package, open_tree, tells_unread
    from ttpack.views.agenda import agenda_page

    tree = open_tree(path, revision)
    date = as_of_date(as_of, tree)
    loaded = open_package(tree)
    package = loaded.package
    body = _body(package, body_id)
    sites = _sites(package, site)
    with collector_paused():
        answer = agenda(package, date, body, _findings(loaded, tree, date, sites), site)
        head = {
            "package": package.manifest.id,
            "revision": {"name": tree.revision.name, "commit": tree.revision.commit},
            "as_of": date.isoformat(),
        }
        emit(lambda: head | answer.as_json(), lambda: agenda_page(package, answer), output)
    return TO_DO if tells_unread(loaded) or answer.counts["total"] else 0


def _findings(
    loaded: "Loaded", tree: "AnyTree", day: "datetime.date", sites: "Sequence[str]"
) -> "Mapping[str, Sequence[Finding]]":
    """What the check finds for each site as at the gate that it stands before."""
    from ttpack.analysis.gates.state import following
    from ttpack.cli.approved_base import looked_up
    from ttpack.cli.signatures import signatures_of
    from ttpack.rules.check import check
    from ttpack.rules.registry import Context

    package = loaded.package
    gates = dict(package.manifest.gates)
    change = looked_up(tree, package) if package.readable else ""
    signatures = signatures_of(package)
    found = {}
    for site in sites:
        gate = following(gates.get(site, ""))
        if gate:
            context = Context(day, {**gates, site: gate}, change=change, signatures=signatures)
            found[site] = check(package, loaded.problems, context).findings
    return found


def _body(package: "Package", asked: str | None) -> "GovernanceBody | None":
    """The body asked for, else the one that steers. Raises UsageError that names the bodies there are."""
    from ttpack.analysis.bodies import committee
    from ttpack.model.governance import GovernanceBody

    if asked is None:
        return committee(package)
    body = package.get(asked, GovernanceBody)
    if body is None or not body.in_force:
        listed = ", ".join(one.id for one in package.in_force(GovernanceBody)) or "none"
        raise UsageError(f"there is no body {asked[:60]!r}; bodies are {listed}")
    return body


def _sites(package: "Package", asked: str | None) -> list[str]:
    """The receiving site asked for, else all. Raises UsageError that names the sites there are."""
    sites = list(package.receiving_sites)
    if asked is not None and asked not in sites:
        listed = ", ".join(sites) or "none"
        raise UsageError(f"there is no receiving site {asked[:60]!r}; receiving sites are {listed}")
    return [asked] if asked is not None else sites
