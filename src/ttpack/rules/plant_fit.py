"""What does not fit at a receiving site, as findings: the same fits that `ttpack fit` answers."""

from collections.abc import Collection, Iterable, Iterator

from ttpack.analysis.facility_fit.gaps import closed_elsewhere
from ttpack.analysis.facility_fit.verdict import Aspect, Fit
from ttpack.model.facility import EquipmentRequirement, SiteEquipment
from ttpack.model.findings import Place, Problem
from ttpack.model.package import Package
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import Context, NotComputable, Outcome
from ttpack.rules.site_places import site_name

FIELDS: dict[Aspect, str] = {
    "volume": "volume_changes", "headspace": "volume_changes", "utility": "capacity", "room": "room_requirement",
    "contact_material": "contact_materials",
}  # fmt: skip
"""The field of the record asked about that a fit of an aspect is found at."""


def checks(context: Context, aspects: Iterable[Aspect]) -> Iterator[Fit]:
    """The fits of some aspects at all receiving sites, in the order of sites."""
    wanted = frozenset(aspects)
    for found in context.plant_fits.values():
        yield from (fit for fit in found if fit.aspect in wanted)


def equipped(package: Package, fits: Iterable[Fit]) -> Iterator[Fit]:
    """Fits without those of a unit operation or requirement that no item of the site is mapped to: EQP-02's."""
    served: dict[str | None, set[str]] = {}
    for item in package.in_force(SiteEquipment):
        served.setdefault(item.site, set()).update(item.unit_operations, item.meets)
    asked: dict[str | None, set[str]] = {}
    for one in package.in_force(EquipmentRequirement):
        asked.setdefault(one.unit_operation, set()).add(one.id)
    for fit in fits:
        here = served.get(fit.site, set())
        own = asked.get(fit.unit_operation, set())
        bare = fit.unit_operation not in here and not own & here
        if fit.verdict != "UNKNOWN" or not own or not bare:
            yield fit


def misfits(
    package: Package, context: Context, fits: Iterable[Fit], resolve: str, *, only_known: Collection[Aspect] = ()
) -> Iterator[Outcome]:
    """A problem for each fit that is no pass.

    What is not known, or holds on a condition, is silent where an open item, risk or assumption says who closes it by
    which gate, or where it is answered as not applicable (`what: UO-05-PA: pressure`). Of the aspects in `only_known`
    what is not known, or holds on a condition, is listed as not computable: to take a figure away removes no finding.
    """
    answers = NotApplicableAnswers(package)
    for fit in fits:
        if fit.verdict == "PASS" or fit.site not in package.receiving_sites:
            continue
        if fit.verdict != "FAIL" and (closed_elsewhere(fit.gap, context.gate_of(fit.site)) or answered(answers, fit)):
            continue
        if fit.verdict != "FAIL" and fit.aspect in only_known:
            yield NotComputable(_place(package, fit), message_of(package, fit))
            continue
        yield Problem(_place(package, fit), message_of(package, fit), resolve, site=fit.site)


def answered(answers: NotApplicableAnswers, fit: Fit) -> bool:
    """Whether what is not known, or holds on a condition, is answered as not applicable; a parameter always applies."""
    if fit.verdict == "FAIL" or fit.aspect == "parameter":
        return False
    names, about = (fit.aspect, fit.aspect.replace("_", " ")), (fit.about, fit.unit_operation or fit.about)
    return any(answers.answers(name, record) for name in names for record in about)


def _place(package: Package, fit: Fit) -> Place:
    record = package.records.get(fit.about)
    return record.at(FIELDS.get(fit.aspect, "")) if record else Place(fit.about)


def message_of(package: Package, fit: Fit) -> str:
    """The verdict with both sides and the reasons, in one sentence."""
    words = {"FAIL": "does not fit", "UNKNOWN": "is not known to fit", "CONDITIONAL": "fits on a condition only"}
    sides = [
        f"{name} {side.text}"
        for name, side in (("asked", fit.required), ("able", fit.capability)) if side and side.text
    ]  # fmt: skip
    detail = "; ".join((*fit.reasons, *sides))
    return f"{fit.label} {words[fit.verdict]} at {site_name(package, fit.site)}: {detail}"
