"""`ttpack method-transfer`: whether a laboratory measures as the other one does, by the protocol's criteria."""

from typing import TYPE_CHECKING, Any

import click

from ttpack.cli.emit import FORMATS, emit
from ttpack.errors import UsageError

if TYPE_CHECKING:
    from ttpack.analysis.method_transfer_study import MethodTransferStudy
    from ttpack.model.analytics import MethodTransfer
    from ttpack.model.package import Package

TO_DO = 1


@click.command("method-transfer")
@click.argument("transfer", metavar="MTX-ID")
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
@click.option("--rev", "revision", metavar="REV", help="Answer at this revision instead of the files on disk.")
@click.option("--as-of", metavar="DATE", help="Date of the answer, as 2026-11-30 (default: that of REV, else today).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(transfer: str, *, path: str, revision: str | None, as_of: str | None, output: str) -> int:
    """Judge the results of the method transfer MTX-ID by the criteria of its protocol.

    Means by two one-sided tests, precision from an analysis of variance of the series, the ratio of variances by its
    interval, recovery of a nominal value.

    Exits 1 where a criterion is missed or cannot be judged.
    """
    from ttpack.analysis.method_transfer_study import method_transfer_study
    from ttpack.cli.opening import as_of_date, open_package, open_tree, tells_unread
    from ttpack.views.method_transfer import method_transfer_page

    tree = open_tree(path, revision)
    date = as_of_date(as_of, tree)
    loaded = open_package(tree)
    package = loaded.package
    found = method_transfer_study(package, _transfer(package, transfer))
    head: dict[str, Any] = {
        "package": package.manifest.id,
        "revision": {"name": tree.revision.name, "commit": tree.revision.commit},
        "as_of": date.isoformat(),
    }
    emit(lambda: head | _answer(found), lambda: method_transfer_page(package, found), output)
    if tells_unread(loaded):
        return TO_DO
    return TO_DO if found.gaps or any(one.verdict != "met" for one in found.judgements) else 0


def _answer(found: "MethodTransferStudy") -> dict[str, Any]:
    from ttpack.analysis.figures import figure

    return {
        "method_transfer": found.transfer,
        "unit": found.unit,
        "inputs": list(found.inputs),
        "gaps": list(found.gaps),
        "criteria": [
            {
                "statistic": one.criterion.statistic, "sample": one.sample, "verdict": one.verdict,
                "value": figure(one.value), "low": figure(one.low), "high": figure(one.high), "why": one.why,
            }
            for one in found.judgements
        ],
        "laboratories": [
            {
                "laboratory": one.laboratory, "sample": one.sample, "results": one.values.count,
                "mean": figure(one.values.mean), "standard_deviation": figure(one.values.standard_deviation),
                "repeatability": figure(one.precision.repeatability) if one.precision else None,
                "intermediate_precision": figure(one.precision.intermediate) if one.precision else None,
            }
            for one in found.laboratories
        ],
    }  # fmt: skip


def _transfer(package: "Package", asked: str) -> "MethodTransfer":
    """The transfer asked for. Raises UsageError that names some of those there are."""
    from ttpack.model.analytics import MethodTransfer

    found = package.get(asked.strip().upper(), MethodTransfer)
    if found is None:
        known = ", ".join(one.id for one in package.in_force(MethodTransfer)[:20]) or "none"
        raise UsageError(f"there is no method transfer {asked[:60]!r}; there are {known}")
    return found
