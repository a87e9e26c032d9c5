"""Rules on equipment (EQP): what the process asks, and what each receiving site's equipment can do of it."""

import re
from collections.abc import Iterator
from datetime import date

from ttpack.analysis.facility_fit.verdict import Aspect
from ttpack.model.campaign import Campaign
from ttpack.model.execution import Run
from ttpack.model.facility import EquipmentRequirement, SiteEquipment
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.rules import automation, equipment_fit  # noqa: F401  they register EQP-07, and EQP-02 and EQP-03
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.plant_fit import checks, equipped, misfits
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

REQUIREMENT = "equipment_requirement"
_COLUMNS_AND_FILTERS: tuple[Aspect, ...] = ("flow", "pressure", "gradient", "column_load", "filter_area", "requirement")
_MAKE = re.compile(
    r"\b(?:sartorius|cytiva|ge healthcare|[aä]kta|xcellerex|wave bioreactor|eppendorf|pall|merck ?millipore|millipore|"
    r"mobius|repligen|thermo ?fisher|hyclone|applikon|bioflo|biostat|ambr|novasep|bio-rad|tosoh|unicorn|deltav|"
    r"siemens|rockwell|emerson|hamilton|mettler[- ]toledo|endress|westfalia|alfa[- ]laval|tangen?x|asahi|planova|"
    r"make(?:\s+and\s+model|:)|model\s+(?:no\.?|number|[a-z]*[0-9])|type\s+no\.?|part\s+no\.?|catalogue\s+no\.?)(?![a-z])",
    re.IGNORECASE,
)  # fmt: skip
"""Makers of bioprocess equipment and control systems, and words that introduce a model."""


@rule("EQP-01", COMPLETENESS, from_gate="G1", basis="ISA-88, equipment-independent recipe")
def equipment_requirement_missing_or_by_make(package: Package, context: Context) -> Iterator[Outcome]:
    """A unit operation names no equipment requirement, or one without capability, range or unit, or by make or model.

    Why: a requirement that names a maker's model cannot be compared with another site's equipment; none cannot either.
    Resolve: write an equipment_requirement of the unit operation with `capabilities` (function or quantity kind,
    range, unit), or answer `equipment_requirement` on the unit operation as not applicable.
    """
    answers = NotApplicableAnswers(package)
    named = {one.unit_operation for one in package.in_force(EquipmentRequirement)}
    for unit in package.unit_operations:
        if unit.id not in named and not answers.answers(REQUIREMENT, unit.id):
            message = f"no equipment requirement says what {unit.name} asks of its equipment"
            yield unit.at(), message + answers.shortfall(REQUIREMENT, unit.id)
    for asked in package.in_force(EquipmentRequirement):
        yield from _incomplete(asked)
        yield from _by_make(package, asked)


def _incomplete(asked: EquipmentRequirement) -> Iterator[Outcome]:
    if not asked.capabilities:
        yield asked.at("capabilities"), f"{asked.name} names no capability"
    for index, one in enumerate(asked.capabilities):
        what = one.function or one.quantity_kind or ", ".join(one.parameters)
        missing = [] if what else ["what it is for (function, quantity kind or parameter)"]
        if one.range is None or not (one.range.numeric or one.range.criterion):
            missing.append("a range")
        elif one.range.numeric and not (one.unit or one.range.unit):
            missing.append("a unit")
        if missing:
            place = asked.at(f"capabilities[{index}]")
            yield place, f"{asked.name}, {what or f'capability {index + 1}'}, lacks {' and '.join(missing)}"


def _by_make(package: Package, asked: EquipmentRequirement) -> Iterator[Outcome]:
    texts = [("title", asked.title), ("function", asked.function), ("automation", asked.automation)]
    texts += [(f"capabilities[{index}].function", one.function) for index, one in enumerate(asked.capabilities)]
    tags = {one.tag for one in package.in_force(SiteEquipment) if one.tag}
    for field, text in texts:
        found = _MAKE.search((text or "")[:2000])
        tag = next((one for one in sorted(tags) if one in (text or "").split()), None)
        if found or tag:
            yield (
                asked.at(field),
                f"{asked.name} asks for {(found[0] if found else tag)!r}, a make, a model or one item",
            )


@rule("EQP-04", COMPLETENESS, from_gate="G4", basis="Annex 15 s3; WHO TRS 1044 Annex 4 s10")
def equipment_not_qualified_or_calibrated(package: Package, context: Context) -> Iterator[Outcome]:
    """Direct-impact equipment is not qualified up to PQ, or its calibration falls due before its planned use is over.

    Planned use lasts until the last run or campaign planned at the site, of the unit operations it serves; without a
    plan, until the date asked about.
    Why: a batch made on equipment that was not shown to work, or measured on an instrument out of calibration, cannot
    be released.
    Resolve: complete IQ, OQ and PQ (or verification) and state `qualification: PQ`; or answer `PQ` on the item as not
    applicable; calibrate before `calibration_due`, or move it behind the last planned use.
    """
    answers = NotApplicableAnswers(package)
    for item in package.in_force(SiteEquipment):
        if item.site not in package.receiving_sites or not (item.unit_operations or item.meets):
            continue
        if item.direct_impact is None:
            message = f"{item.name} does not say whether it has direct impact on quality"
            yield Problem(item.at("direct_impact"), message, site=item.site)
        if item.direct_impact and item.qualification != "PQ" and not answers.answers("PQ", item.id):
            state = (
                f"is qualified up to {item.qualification}" if item.qualification in ("IQ", "OQ") else "is not qualified"
            )
            said = {"expired": "its qualification has expired", None: "states no qualification"}
            message = f"{item.name} has direct impact and {said.get(item.qualification, state)}; PQ is not shown"
            yield Problem(item.at("qualification"), message, site=item.site)
        if item.direct_impact:
            yield from _calibration(package, context, item)


def _calibration(package: Package, context: Context, item: SiteEquipment) -> Iterator[Outcome]:
    if item.calibration_due is None:
        yield Problem(item.at("calibration_due"), f"{item.name} states no calibration due date", site=item.site)
        return
    last, what = max(((context.as_of, "today"), *_planned_use(package, item)), key=lambda one: one[0])
    if item.calibration_due < last:
        message = f"calibration of {item.name} is due on {item.calibration_due}, before {last} ({what})"
        yield Problem(item.at("calibration_due"), message, site=item.site)


def _planned_use(package: Package, item: SiteEquipment) -> Iterator[tuple[date, str]]:
    for run in package.in_force(Run):
        here = run.site == item.site and (run.unit_operation is None or run.unit_operation in item.unit_operations)
        if here and run.planned_on and run.status not in ("complete", "stopped"):
            yield run.planned_on, run.name
    for campaign in package.in_force(Campaign):
        until = campaign.end or campaign.start
        if campaign.site == item.site and until:
            yield until, campaign.name


@rule("EQP-05", COMPLETENESS, from_gate="G3", basis="engineering; alignment of both sites")
def volume_outside_vessel(package: Package, context: Context) -> Iterator[Outcome]:
    """The liquid leaves the working volume of its vessel in a phase, or its headspace; or nothing lets it be computed.

    Why: a vessel that is too small foams into its filters or overflows with the last feed; one that is too large does
    not stir the first fill.
    Resolve: state `volume_changes` of the unit operation, and `working_volume`, `nominal_volume`, `minimum_headspace`
    and `gas_hold_up` of the vessel; change the plan, the scale or the vessel where it does not fit.
    """
    resolve = "complete volume_changes and the vessel's volumes, or change the plan"
    fits = list(equipped(package, checks(context, ("volume", "headspace"))))
    over = {(fit.site, fit.about) for fit in fits if fit.aspect == "volume" and fit.verdict == "FAIL"}
    # what overfills the vessel leaves no headspace either
    once = [fit for fit in fits if fit.aspect == "volume" or (fit.site, fit.about) not in over]
    yield from misfits(package, context, once, resolve)


@rule("EQP-06", COMPLETENESS, from_gate="G3", basis="facility fit: columns, skids and filters")
def column_or_filter_does_not_fit(package: Package, context: Context) -> Iterator[Outcome]:
    """A skid cannot give the flow asked, pressure exceeds a limit, load, bed or area do not fit, or detectors do not.

    Why: a column that cannot be run at its velocity, or is loaded beyond what it binds, loses product or purity that no
    later step brings back.
    Resolve: state geometry, flow and pressure limits of the equipment, and properties of its resin or filter; change
    cycles, velocity or equipment where it does not fit. `UO-05-PA: pressure` may be answered as not applicable.
    Load, cycles and filter area that are not known, or hold on a condition, are listed as not computable.
    """
    known = package.records
    fits = [
        fit
        for fit in equipped(package, checks(context, _COLUMNS_AND_FILTERS))
        if fit.aspect != "requirement" or isinstance(known.get(fit.about), ProcessParameter)
    ]
    resolve = "complete the equipment and its resin or filter, or change what is asked"
    yield from misfits(package, context, fits, resolve, only_known=("column_load", "filter_area"))


@rule("EQP-08", COMPLETENESS, from_gate="G3", basis="Annex 15 s10; WHO TRS 1044 Annex 4", requires=("EQP-01",))
def contact_material_not_declared(package: Package, context: Context) -> Iterator[Outcome]:
    """Equipment is of a contact material that is not accepted, or declares no compatibility, cleaning or dedication.

    Why: what leaches from a surface, or stays on it from another product, reaches the patient.
    Resolve: name `contact_materials` on the requirement and the item, `material_compatibility`, and `cleanability`, a
    cleaning record, `dedicated: true` or `single_use: true`.
    """
    resolve = "name contact_materials on both sides, material_compatibility, and how it is kept clean"
    yield from misfits(package, context, checks(context, ("contact_material",)), resolve)
