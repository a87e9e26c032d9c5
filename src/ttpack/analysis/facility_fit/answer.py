"""The fit of one site or several as an answer: rows, checks, how much has which verdict, and who closes what."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ttpack.analysis.facility_fit.gaps import LEAST_DUE_GATE, agreed
from ttpack.analysis.facility_fit.site_fit import SiteFit
from ttpack.analysis.facility_fit.verdict import WORST_FIRST, Fit, Gap, Verdict
from ttpack.model.json_text import Mapped

VERDICTS: tuple[Verdict, ...] = ("PASS", "CONDITIONAL", "FAIL", "UNKNOWN")


def counts(fits: Iterable[Fit]) -> dict[str, int]:
    """How many fits have each verdict."""
    found = Counter(fit.verdict for fit in fits)
    return {verdict: found[verdict] for verdict in VERDICTS}


def to_do(fit: Fit, gate: str) -> bool:
    """Whether somebody has to act: a FAIL always, what is not a PASS from G3 on unless its closing is agreed."""
    if fit.verdict == "FAIL":
        return True
    return fit.verdict != "PASS" and gate >= LEAST_DUE_GATE and not agreed(fit.gap, gate)


def site_answer(fit: SiteFit) -> dict[str, Any]:
    """The fit of one site as a JSON object."""
    return {
        "site": fit.site, "gate": fit.gate,
        "counts": counts(fit.parameters), "check_counts": counts(fit.checks),
        "rows": Mapped(fit.parameters, Fit.as_json),
        "checks": [one.as_json() for one in fit.checks],
        "gaps": gaps(fit),
    }  # fmt: skip


def matrix_answer(matrix: Mapping[str, SiteFit]) -> dict[str, Any]:
    """The fit of several sites: one row for each parameter and site, and the rest by site."""
    sites = {}
    for site, fit in matrix.items():
        sites[site] = site_answer(fit)
        del sites[site]["rows"]
    every = [one for fit in matrix.values() for one in fit.parameters]
    return {
        "counts": counts(every), "check_counts": counts(one for fit in matrix.values() for one in fit.checks),
        "sites": sites, "rows": Mapped(every, lambda one: {"site": one.site, **one.as_json()}),
    }  # fmt: skip


def gaps(fit: SiteFit) -> Sequence[dict[str, Any]]:
    """What does not pass, worst first as the rows stand, with who closes it by which gate."""

    def row(found: tuple[Fit, Gap]) -> dict[str, Any]:
        one, gap = found
        return {
            "record": one.about, "aspect": one.aspect, "label": one.label, "verdict": one.verdict,
            "owner": gap.owner, "due_gate": gap.due_gate, "agreed_in": gap.record,
            "agreed": agreed(gap, fit.gate), "reasons": list(one.reasons),
        }  # fmt: skip

    return Mapped([(one, one.gap) for one in worst_first(fit.fits) if one.gap is not None], row)


def worst_first(fits: Iterable[Fit]) -> Sequence[Fit]:
    """FAIL, UNKNOWN, CONDITIONAL, PASS; of one verdict the smallest margin first."""
    order = {verdict: place for place, verdict in enumerate(WORST_FIRST)}
    return sorted(fits, key=lambda fit: (order[fit.verdict], fit.margin is None, fit.margin or 0, fit.about, fit.site))
