"""The rule on virus clearance across the process (LNK-05)."""

from collections.abc import Iterator
from fractions import Fraction

from ttpack.analysis.intervals import fraction_text, interval, range_text
from ttpack.analysis.viral_clearance import UNIT, Claim, Total, claims, folded, lower_end, totals
from ttpack.model.findings import Place
from ttpack.model.knowledge import Evidence
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.quality import CumulativeClearance, QualityAttribute, QualityTarget
from ttpack.model.quantity import Range
from ttpack.rules.applicability import for_cell_derived_products
from ttpack.rules.expectations.matching import words
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

NAME = "viral_clearance"
Studied = tuple[Range, str | None]


@rule(
    "LNK-05",
    COMPLETENESS,
    basis="ICH Q5A(R2); A-Mab T4.38, T4.30",
    from_gate="G4",
    applies_when=for_cell_derived_products,
)
def viral_clearance_not_shown(package: Package, context: Context) -> Iterator[Outcome]:
    """Claims of virus clearance do not add up, miss their target, or rest on ranges that no clearance study examined.

    Why: the safety margin of the product is this sum. A mechanism counted twice, or a step run outside the range
    qualified for clearance, is clearance that does not exist.
    Resolve: state each claim with its study, the total and its target on the viral safety attribute
    (`cumulative_clearance`), and keep the proven acceptable range within the range qualified for clearance.
    """
    found = claims(package)
    if not found:
        answers = NotApplicableAnswers(package)
        if not answers.answers(NAME):
            place = next((attribute.at() for attribute in _viral_attributes(package)), package.manifest.at())
            yield place, f"no unit operation claims a reduction of viruses{answers.shortfall(NAME)}"
        return
    for claim in found:
        yield from _claim_problems(package, claim)
    yield from _total_problems(package, totals(found))


def _claim_problems(package: Package, claim: Claim) -> Iterator[Outcome]:
    given, unit = claim.given, claim.unit
    what = f"{unit.name} claims to reduce {given.virus}"
    if claim.reduction is None:
        yield unit.at(f"{claim.field}.log_reduction"), f"{what}, but not by how much"
    studies = [study for ref in given.evidence if (study := package.get(ref, Evidence)) and study.in_force]
    if not studies:
        if package.unreadable_ids.intersection(given.evidence):
            return  # the study is there, and has its own finding
        yield unit.at(f"{claim.field}.evidence"), f"{what}, but cites no clearance study"
        return
    for parameter_id in given.parameters:
        parameter = package.get(parameter_id, ProcessParameter)
        proven = parameter.ranges.proven_acceptable if parameter else None
        if parameter and proven and proven.numeric:
            qualified = [
                (studied.range, studied.range.unit or studied.unit or parameter.unit)
                for study in studies
                for studied in study.studied
                if studied.parameter == parameter_id
            ]
            yield from _range_problems(package, parameter, proven, qualified, what)


def _range_problems(
    package: Package, parameter: ProcessParameter, proven: Range, qualified: list[Studied], what: str
) -> Iterator[Outcome]:
    place = parameter.at("ranges.proven_acceptable")
    if not qualified:
        yield place, f"{what} within a range of {parameter.name} that none of the cited studies states"
        return
    own, unit = package.own_units, parameter.unit
    inner = interval(proven, unit, own)
    outer = [interval(given.model_copy(update={"unit": stated}), unit, own) for given, stated in qualified]
    if inner is not None and all(each is not None and inner.ends_outside(each) for each in outer):
        studied = " or ".join(range_text(given, stated) for given, stated in qualified[:3])
        message = (
            f"the proven acceptable range {range_text(proven, unit)} of {parameter.name} lies outside the range "
            f"{studied} qualified for clearance; {what}"
        )
        yield place, message


def _total_problems(package: Package, sums: dict[str, Total]) -> Iterator[Outcome]:
    attributes = _viral_attributes(package)
    stated = {
        folded(total.virus): (attribute, index, total)
        for attribute in reversed(attributes)
        for index, total in enumerate(attribute.cumulative_clearance)
    }
    for virus, (attribute, index, total) in sorted(stated.items()):
        if virus not in sums and total.claimed is not None:
            place = attribute.at(f"cumulative_clearance[{index}].claimed")
            yield place, f"a total reduction of {total.virus} is claimed, but no unit operation claims one"
    for virus, found in sums.items():
        if virus in stated:
            attribute, index, total = stated[virus]
            yield from _sum_problems(attribute, index, total, found)
            place = attribute.at(f"cumulative_clearance[{index}].target")
            target = lower_end(total.target, total.unit)
        else:
            place = attributes[0].at() if attributes else found.claims[0].unit.at(found.claims[0].field)
            target = None
        yield from _target_problems(place, found, _general_target(package, attributes) if target is None else target)


def _sum_problems(
    attribute: QualityAttribute, index: int, total: CumulativeClearance, found: Total
) -> Iterator[Outcome]:
    claimed = lower_end(total.claimed, total.unit)
    if claimed is None or claimed == found.counted_once:
        return
    place = attribute.at(f"cumulative_clearance[{index}].claimed")
    parts = " + ".join(fraction_text(each.reduction or Fraction(0), None) for each in found.claims)
    if claimed == found.counted_all:
        message = (
            f"the claimed total for {found.virus} of {fraction_text(claimed, UNIT)} counts "
            f"{', '.join(found.repeated)} more than once; counted once it is {fraction_text(found.counted_once, UNIT)}"
        )
        yield place, message
    else:
        message = (
            f"the claimed total for {found.virus} is {fraction_text(claimed, UNIT)}, but the claims of the steps "
            f"({parts}) give {fraction_text(found.counted_once, UNIT)} with each mechanism counted once"
        )
        yield place, message


def _target_problems(place: Place, found: Total, target: Fraction | None) -> Iterator[Outcome]:
    once = fraction_text(found.counted_once, UNIT)
    if target is None:
        yield place, f"no target says how much {found.virus} has to be reduced; the claims give {once}"
    elif found.counted_once < target:
        yield place, f"the claims reduce {found.virus} by {once}, less than the target of {fraction_text(target, UNIT)}"
    elif found.counted_once == target and not found.open_ended:
        yield place, f"the claims reduce {found.virus} by {once}, which meets the target without any margin"


def _general_target(package: Package, attributes: list[QualityAttribute]) -> Fraction | None:
    """A target for any virus: the acceptance range of the viral safety attribute, or its quality target, in log10."""
    for attribute in attributes:
        if _logarithmic(attribute.unit) and (end := lower_end(attribute.acceptance_range, UNIT)) is not None:
            return end
        for ref in attribute.quality_targets:
            target = package.get(ref, QualityTarget)
            if target and _logarithmic(target.unit) and (end := lower_end(target.target_range, UNIT)) is not None:
                return end
    return None


def _logarithmic(unit: str | None) -> bool:
    return unit is not None and "log" in unit.lower()


def _viral_attributes(package: Package) -> list[QualityAttribute]:
    """The attributes of viral safety: those that state a total, else those whose name speaks of viruses."""
    every = package.in_force(QualityAttribute)
    stating = [attribute for attribute in every if attribute.cumulative_clearance]
    named = [attribute for attribute in every if words(f"{attribute.name} {attribute.id}") & {"viral", "virus"}]
    return stating or named
