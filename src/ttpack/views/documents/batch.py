"""A draft batch record: materials, steps in order with setpoints and ranges at the site, and blanks to be filled in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ttpack.model.analytics import Sampling
from ttpack.model.materials import BillOfMaterials, Material
from ttpack.model.parameter import ProcessParameter, SiteOverlay
from ttpack.model.process import HoldTime, Step, UnitOperation
from ttpack.model.quality import InProcessControl
from ttpack.views.blocks import (
    Block,
    Break,
    Callout,
    Column,
    Facts,
    Inlines,
    Number,
    Paragraph,
    Prose,
    Row,
    Section,
    Strong,
    Table,
    Text,
)
from ttpack.views.documents.given import Given
from ttpack.views.documents.register import as_tables
from ttpack.views.prose_references import resolve
from ttpack.views.record import inlines, plain_prose
from ttpack.views.words import (
    chip,
    counted,
    label,
    number_text,
    range_inlines,
    reference,
    references,
    unit_words,
    words,
)

if TYPE_CHECKING:
    from ttpack.model.quantity import Range

BLANK: Final = (Text("____________"),)
SHORT_BLANK: Final = (Text("________"),)
_HEADS: Final = ("Parameter", "Class", "Setpoint", "Normal operating range", "Proven acceptable range", "Actual value")
_SIGNED: Final = {"second_person": "Checked by", "witness": "Witnessed by", "automatic": "Verified by the system"}
_LAID_OUT: Final = (
    UnitOperation, Step, ProcessParameter, SiteOverlay, InProcessControl, HoldTime, Sampling, Material, BillOfMaterials,
)  # fmt: skip
DRAFT = (
    "A draft to be transferred into the site's own master batch record, in the site's format, and approved there by "
    "its quality unit. It is not a record for production."
)
DEVIATION = (
    "A value outside its normal operating range, a missed time limit or a step that cannot be done as written: bring "
    "the process into a safe state, write down value, time and what was done, and call the supervisor and quality "
    "assurance of the site before the next step. A value outside its proven acceptable range: the batch is on hold "
    "until quality assurance has decided. The deviation is classified by the site's procedure."
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A parameter as it applies at the site of the document."""

    parameter: ProcessParameter
    setpoint: Inlines
    normal: Inlines
    proven: Inlines
    at_site: bool


def batch_steps(given: Given) -> tuple[Block, ...]:
    """A batch record for each unit operation among the records, in process order."""
    steps = given.of(Step)
    units = list(dict.fromkeys([
        *(unit.id for unit in given.package.unit_operations if unit in given.records),
        *sorted({one.unit_operation or "" for one in steps}),
        *sorted({one.unit_operation or "" for one in given.of(ProcessParameter)}),
    ]))  # fmt: skip
    where = f" at {given.package.label(given.site)}" if given.site else ""
    blocks: list[Block] = [Callout("warning", f"DRAFT batch record{where}", (Paragraph((Text(DRAFT),)),))]
    blocks += [
        Section(given.package.label(unit) or "Of no unit operation", tuple(_unit(given, unit))) for unit in units
    ]
    others = given.others(*_LAID_OUT)
    if others:
        blocks.append(Section("Further records", as_tables(replace(given, records=tuple(others)))))
    return tuple(blocks)


def _unit(given: Given, unit: str) -> Iterator[Block]:
    yield _header(given, unit)
    record = given.package.get(unit, UnitOperation)
    if record and record.purpose:
        yield Prose(resolve(given.package, record.purpose))
    steps = sorted(
        (one for one in given.of(Step) if (one.unit_operation or "") == unit),
        key=lambda one: (one.order is None, one.order or 0, one.id),
    )
    yield from _materials(given, unit, steps)
    yield Callout("danger", "When anything deviates", (Paragraph((Text(DEVIATION),)),))
    lines = {one.id: _at_site(given, one) for one in given.of(ProcessParameter) if (one.unit_operation or "") == unit}
    controls = {one.id: one for one in given.of(InProcessControl) if (one.unit_operation or "") == unit}
    if steps:
        yield Section("Steps in order", tuple(_step(given, one, lines, controls) for one in steps))
    in_steps = {name for one in steps for name in one.parameters}
    rest = [line for name, line in lines.items() if name not in in_steps]
    if rest:
        yield Section("Further settings and records", (_parameters(rest, anchored=True), _signatures("none")))
    yield from _tests(given, unit, steps, controls)
    yield from _holds(given, unit)
    yield Section("Review of the completed record", (_review(),))


def _header(given: Given, unit: str) -> Facts:
    record = given.package.get(unit, UnitOperation)
    equipment = counted(record.equipment_class.count(";") + 1, "item") if record and record.equipment_class else ""
    rows: list[tuple[str, Inlines]] = [
        ("Product", (Text(given.product),) if given.product else BLANK),
        ("Unit operation", (reference(given.package, unit),) if unit else BLANK),
        ("Site", (reference(given.package, given.site),) if given.site else BLANK),
        ("Batch number", BLANK),
        ("Started (date, time)", BLANK),
        ("Equipment id", (*BLANK, Text(f" ({record.equipment_class})")) if record and equipment else BLANK),
        ("Equipment clean and released", BLANK),
        ("Room cleared of the batch before", BLANK),
    ]
    return Facts(tuple(rows))


def _at_site(given: Given, parameter: ProcessParameter) -> _Line:
    """Setpoint and ranges: what the site replaces is replaced whole, the rest is general."""
    overlay = given.package.get(f"{parameter.id}@{given.site}", SiteOverlay) if given.site else None
    now = overlay.effective if overlay else None
    unit = (now.unit if now else None) or parameter.unit
    value = now.setpoint if now and now.setpoint is not None else parameter.setpoint
    if value is not None:
        setpoint: Inlines = (Number(number_text(value), unit_words(unit)),)
    else:
        setpoint = (Text(parameter.setpoint_criterion),) if parameter.setpoint_criterion else ()

    def band(name: str) -> Inlines:
        own: Range | None = getattr(now.ranges, name) if now and now.ranges else None
        return range_inlines(own, unit) if own else range_inlines(getattr(parameter.ranges, name), parameter.unit)

    return _Line(parameter, setpoint, band("normal_operating"), band("proven_acceptable"), overlay is not None)


def _parameters(lines: Iterable[_Line], *, anchored: bool) -> Table:
    rows = tuple(
        Row(
            (
                (Text(line.parameter.name), *((Break(), Text("as at this site")) if line.at_site else ())),
                chip(line.parameter.classification),
                line.setpoint,
                line.normal,
                line.proven,
                (*SHORT_BLANK, Text(f" {unit_words(line.parameter.unit)}".rstrip())),
            ),
            line.parameter.id if anchored else "",
        )
        for line in lines
    )
    return Table(tuple(map(Column, _HEADS)), rows, "Settings and recorded values")


def _step(given: Given, step: Step, lines: dict[str, _Line], controls: dict[str, InProcessControl]) -> Section:
    package = given.package
    facts: list[tuple[str, Inlines]] = [
        (label(name), inlines(package, value))
        for name in ("actor", "duration", "end_criterion", "hazards", "room_grade", "equipment", "materials", "hold")
        if (value := getattr(step, name)) not in (None, ())
    ]
    if step.decision:
        facts.append(("Decision", inlines(package, step.decision)))
    blocks: list[Block] = [Prose(resolve(package, step.instruction))] if step.instruction else []
    if facts:
        blocks.append(Facts(tuple(facts)))
    named = [lines[name] for name in step.parameters if name in lines]
    if named:
        blocks.append(_parameters(named, anchored=False))
    unknown = [name for name in step.parameters if name not in lines]
    if unknown:
        blocks.append(Paragraph((Text("Also carried out here: "), *references(package, unknown))))
    tests = [controls[name] for name in step.in_process_controls if name in controls]
    if tests:
        blocks.append(_controls(given, tests, anchored=False))
    blocks.append(_signatures(step.verification or "none"))
    number = f"{step.order}. " if step.order is not None else ""
    return Section(f"{number}{step.name}", tuple(blocks), anchor=step.id)


def _signatures(verification: str) -> Table:
    heads = ["Started (date, time)", "Ended (date, time)", "Done by"]
    if verification in _SIGNED:
        heads.append(_SIGNED[verification])
    return Table(tuple(map(Column, heads)), (Row(tuple(BLANK for _ in heads)),), "Carried out")


def _materials(given: Given, unit: str, steps: Sequence[Step]) -> Iterator[Block]:
    package = given.package
    own = {unit, *(step.id for step in steps)}
    quantities: dict[str, Inlines] = {}
    for bill in given.of(BillOfMaterials):
        for line in bill.lines:
            if not line.used_by or own.intersection(line.used_by):
                quantities[line.material] = inlines(package, line.quantity) if line.quantity else ()
    for step in steps:
        for name in step.materials:
            quantities.setdefault(name, ())
    for material in given.of(Material):
        if unit in material.unit_operations:
            quantities.setdefault(material.id, ())
    if not quantities:
        return
    rows = []
    for name in sorted(quantities):
        found = package.get(name, Material)
        asked = quantities[name] or (
            inlines(package, found.quantity_per_batch) if found and found.quantity_per_batch else ()
        )
        grade = (Text(found.grade or ""),) if found else ()
        rows.append(
            Row(((reference(package, name),), grade, asked, SHORT_BLANK, SHORT_BLANK, SHORT_BLANK, SHORT_BLANK))
        )
    heads = ("Material", "Grade", "Quantity", "Lot", "Expiry", "Quantity used", "Done by, checked by")
    yield Section("Materials", (Table(tuple(map(Column, heads)), tuple(rows), "Materials and quantities"),))


def _controls(given: Given, controls: Sequence[InProcessControl], *, anchored: bool) -> Table:
    rows = []
    for one in controls:
        limit = range_inlines(one.limit, one.unit)
        said = (Text(one.criterion),) if one.criterion and not limit else limit
        kind = (Text(f"{words(one.limit_type)}: "),) if one.limit_type else ()
        rows.append(
            Row(
                (
                    (Text(one.name),),
                    (Text(", ".join(filter(None, (one.test, one.point)))),),
                    (*kind, *said),
                    (Text(plain_prose(given.package, one.action or "")),),
                    SHORT_BLANK,
                    SHORT_BLANK,
                ),
                one.id if anchored else "",
            )
        )
    heads = ("In-process control", "Test and place", "Limit", "When it is not met", "Result", "Done by, checked by")
    return Table(tuple(map(Column, heads)), tuple(rows), "In-process controls")


def _tests(given: Given, unit: str, steps: Sequence[Step], controls: dict[str, InProcessControl]) -> Iterator[Block]:
    in_steps = {name for step in steps for name in step.in_process_controls}
    rest = [one for name, one in controls.items() if name not in in_steps]
    if rest:
        yield Section("In-process controls", (_controls(given, rest, anchored=True),))
    samples = [one for one in given.of(Sampling) if (one.unit_operation or "") == unit]
    if samples:
        yield Section("Samples", as_tables(replace(given, records=tuple(samples))))


def _holds(given: Given, unit: str) -> Iterator[Block]:
    holds = [one for one in given.of(HoldTime) if (one.unit_operation or "") == unit]
    if not holds:
        return
    rows = tuple(
        Row(
            (
                (Strong(one.name),),
                range_inlines(one.temperature, one.temperature_unit),
                inlines(given.package, one.operated_limit) if one.operated_limit else (
                    (Text("goes on at once"),) if not one.can_wait else ()
                ),
                SHORT_BLANK,
                SHORT_BLANK,
                SHORT_BLANK,
            ),
            one.id,
        )
        for one in holds
    )  # fmt: skip
    heads = ("Hold", "Temperature", "Not longer than", "From (date, time)", "To (date, time)", "Done by")
    yield Section("Hold times", (Table(tuple(map(Column, heads)), rows, "Hold times"),))


def _review() -> Table:
    rows = tuple(
        Row(((Text(what),), BLANK, BLANK))
        for what in ("Deviations (numbers, or none)", "Reviewed by production", "Reviewed by quality assurance")
    )
    return Table((Column("What"), Column("Name and signature"), Column("Date")), rows, "Review")
