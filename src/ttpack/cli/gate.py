"""`ttpack gate`: whether a site can open a gate, what blocks it, who closes that by when, and what comes next."""

from typing import TYPE_CHECKING

import click

from ttpack.cli.emit import FORMATS, emit
from ttpack.errors import UsageError

if TYPE_CHECKING:
    from ttpack.model.package import Package

BLOCKED = 1
# written out, since the model's own would make every --help import pydantic
GATES = ("G0", "G1", "G2", "G3", "G4", "G5", "G6", "G7")


@click.command("gate")
@click.argument("gate", required=False, metavar="[GATE]")
@click.option("--site", metavar="SITE", help="Receiving site (default: the only one, else the first).")
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
@click.option("--rev", "revision", metavar="REV", help="Answer at this revision instead of the files on disk.")
@click.option("--as-of", metavar="DATE", help="Date of the answer, as 2026-11-30 (default: that of REV, else today).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    gate: str | None, site: str | None, *, path: str, revision: str | None, as_of: str | None, output: str
) -> int:
    """Say whether GATE (G0 to G7; default: the next one) can be opened at a receiving site, and what blocks it.

    The package is checked as if the site had passed that gate. Each blocker has its record, rule, owner and party, due
    date and days overdue; beside them stand the conditions still open, work at risk, the critical path, the timeline,
    and what must be true next, in order. The decision is people's and a record: the verdict is `blocked` or
    `ready_for_decision`, never passed.

    Exits 1 where it is blocked (files that cannot be read block, too), 0 where it is ready for decision.
    """
    from ttpack.cli.check import answered
    from ttpack.cli.opening import as_of_date, open_package, open_tree
    from ttpack.views.gate_parts import answer_at
    from ttpack.views.gates import gate_brief

    tree = open_tree(path, revision)
    date = as_of_date(as_of, tree)
    package = open_package(tree).package
    where = _site(package, site)
    asked = _gate(package, gate, where)
    answer = answer_at(package, answered(tree, date, passed={where: asked}), where)
    head = {
        "package": package.manifest.id,
        "revision": {"name": tree.revision.name, "commit": tree.revision.commit},
        "as_of": date.isoformat(),
    }
    emit(lambda: head | answer.as_json(), lambda: gate_brief(answer), output)
    return BLOCKED if answer.blockers else 0


def _site(package: "Package", asked: str | None) -> str:
    """The receiving site asked for, else the first. Raises UsageError that names those there are."""
    sites = package.receiving_sites
    listed = ", ".join(sorted(sites)) or "none"
    if asked is not None and asked not in sites:
        raise UsageError(f"{asked[:60]!r} is no receiving site; receiving sites are {listed}")
    if not sites:
        raise UsageError("the package names no receiving site, and a gate is of one")
    return asked or sites[0]


def _gate(package: "Package", asked: str | None, site: str) -> str:
    """The gate asked for, else the one the site stands before. Raises UsageError that names the gates."""
    from ttpack.analysis.gates.state import following

    listed = ", ".join(GATES)
    if asked is None:
        ahead = following(package.manifest.gates.get(site, ""))
        if ahead is None:
            raise UsageError(f"{site} has passed the last gate; name the one to ask about: {listed}")
        return ahead
    if asked.upper() not in GATES:
        is_site = asked in package.receiving_sites
        hint = f"a site is asked about with --site {asked}" if is_site else f"gates are {listed}"
        raise UsageError(f"{asked[:60]!r} is no gate; {hint}")
    return asked.upper()
