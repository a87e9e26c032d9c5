"""Pages of the joint work of both parties: gates, readiness, drift, governance, know-how, assumptions."""

from collections.abc import Mapping
from datetime import date

from ttpack.analysis.facility_fit.site_fit import SiteFit
from ttpack.analysis.readiness.history import ReadinessHistory
from ttpack.model.package import Package
from ttpack.rules.answer import Check
from ttpack.views.assumptions import assumptions_page
from ttpack.views.blocks import Page
from ttpack.views.drift import drift_pages
from ttpack.views.gates import gate_pages
from ttpack.views.governance import governance_pages
from ttpack.views.know_how import know_how_page
from ttpack.views.plans import plans_page
from ttpack.views.read_backs import read_backs_page
from ttpack.views.readiness import readiness_pages
from ttpack.views.runs import runs_page


def joint_pages(  # noqa: PLR0913, PLR0917  what is known besides the package, all optional
    package: Package,
    check: Check,
    as_of: date,
    next_gate: Mapping[str, Check] | None = None,
    fits: Mapping[str, SiteFit] | None = None,
    readiness: Mapping[str, ReadinessHistory] | None = None,
) -> list[Page]:
    """The pages there is something to say on, in the order of the navigation.

    `next_gate` is the check of each receiving site as if it stood at its next gate, `fits` the facility
    fit of each, worked out here where it is not given, `readiness` the history of its scores.
    """
    del check
    knowledge = (know_how_page(package), assumptions_page(package, as_of), read_backs_page(package))
    plans = (page for page in (plans_page(package, as_of), runs_page(package, as_of)) if page)
    drift = drift_pages(package, as_of)
    return [
        *drift[:1],
        *gate_pages(package, next_gate),
        *readiness_pages(package, as_of, fits, readiness),
        *governance_pages(package, as_of, next_gate),
        *(page for page in knowledge if page),
        *plans,
        *drift[1:],
    ]
