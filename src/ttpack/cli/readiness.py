"""`ttpack readiness`: how ready a site is for its next gate, where the parties disagree, and what stops it."""

from typing import TYPE_CHECKING, Any

import click

from ttpack.cli.emit import FORMATS, emit
from ttpack.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttpack.analysis.readiness.history import ReadinessHistory
    from ttpack.analysis.readiness.readiness import Readiness
    from ttpack.model.package import Package

TO_DO = 1
# written out, since the model's own would make every --help import pydantic
GATES = ("G0", "G1", "G2", "G3", "G4", "G5", "G6", "G7")


@click.command("readiness")
@click.argument("site", required=False, metavar="[SITE]")
@click.option("--gate", type=click.Choice(GATES), help="Ask for this gate (default: the one the site stands before).")
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
@click.option("--rev", "revision", metavar="REV", help="Answer at this revision instead of the files on disk.")
@click.option("--as-of", metavar="DATE", help="Date of the answer, as 2026-11-30 (default: that of REV, else today).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    site: str | None, gate: str | None, *, path: str, revision: str | None, as_of: str | None, output: str
) -> int:
    """Say how ready the receiving SITE (default: every one) is for a gate, by what both parties scored separately.

    The least ready of eleven categories stands beside their weighted mean. Of two scores the lower counts, and of a
    score what its evidence carries. Hard stops outweigh any score; scores two or more apart are shown side by side; the
    history tells what rose just before a gate. The threshold of the gate informs, and decides nothing.

    Exits 1 where something stops the gate, is disputed, is not scored by both parties or is not as claimed; also where
    files cannot be read.
    """
    from ttpack.analysis.readiness.readiness import readiness_at
    from ttpack.cli.opening import as_of_date, open_package, open_tree, tells_unread
    from ttpack.cli.readiness_history import readiness_history
    from ttpack.views.readiness import command_page, gates_ahead

    tree = open_tree(path, revision)
    date = as_of_date(as_of, tree)
    loaded = open_package(tree)
    package = loaded.package
    sites = _sites(package, site)
    ahead = gates_ahead(package)
    answers = readiness_at(package, {one: gate or ahead[one] for one in sites}, date)
    histories = readiness_history(tree, package, sites, date)
    head = {
        "package": package.manifest.id,
        "revision": {"name": tree.revision.name, "commit": tree.revision.commit},
        "as_of": date.isoformat(),
    }
    emit(
        lambda: head | _answer(answers, histories, one_site=site is not None),
        lambda: command_page(package, answers, histories),
        output,
    )
    if tells_unread(loaded):
        return TO_DO
    return TO_DO if any(answer.to_do for answer in answers.values()) else 0


def _answer(
    answers: "Mapping[str, Readiness]", histories: "Mapping[str, ReadinessHistory]", *, one_site: bool
) -> dict[str, Any]:
    found = {site: one.as_json() | {"history": histories[site].as_json()} for site, one in answers.items()}
    return next(iter(found.values())) if one_site else {"sites": found}


def _sites(package: "Package", asked: str | None) -> list[str]:
    """The receiving site asked for, else all. Raises UsageError that names those there are."""
    sites = package.receiving_sites
    listed = ", ".join(sorted(sites)) or "none"
    if asked is not None and asked not in sites:
        raise UsageError(f"{asked[:60]!r} is no receiving site; receiving sites are {listed}")
    if not sites:
        raise UsageError("the package names no receiving site, and readiness is of one")
    return [asked] if asked else list(sites)
