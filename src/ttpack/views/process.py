"""The process page, and the quality page with its matrix of parameters and attributes."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ttpack.model.package import Package
from ttpack.model.parameter import DesignSpace, Effect
from ttpack.model.process import HoldTime, LinkedAttribute, Process, StepLinkage, UnitOperation
from ttpack.model.quality import QualityAttribute, QualityTarget, Specification
from ttpack.views.attribute_trace import attribute_trace
from ttpack.views.blocks import (
    Block,
    Chip,
    Column,
    Flow,
    Inline,
    Inlines,
    Link,
    Page,
    Paragraph,
    Row,
    Section,
    Step,
    Table,
    Text,
)
from ttpack.views.matrix import Influence, MatrixColumn, MatrixRow, influence_matrix, matrix_legend
from ttpack.views.record import inlines, range_remarks, record_section
from ttpack.views.unit_operation import belongs_to, sorted_parameters
from ttpack.views.words import chip, range_inlines, reference, references, unit_words, words

if TYPE_CHECKING:
    from ttpack.model.record import Record


LONGEST_HEAD = 28
_LINKED = frozenset(
    {"attribute", "quantity", "quantity_kind", "output", "input", "unit", "output_as_printed", "input_as_printed"}
)


def process_page(package: Package) -> Page:
    """How material flows, what each unit operation hands to the next, and what may wait."""
    blocks: list[Block] = [flow(package)]
    blocks += [record_section(package, process) for process in package.of(Process)]
    linkages = package.of(StepLinkage)
    if linkages:
        parts = tuple(_linkage(package, linkage) for linkage in linkages)
        blocks.append(Section("What each unit operation hands to the next", parts))
    yields = [unit for unit in package.unit_operations if unit.step_yield or unit.cycle_time]
    if yields:
        blocks.append(_yields(package, yields))
    holds = package.of(HoldTime)
    loose = [hold for hold in holds if belongs_to(hold) not in {unit.id for unit in package.unit_operations}]
    if holds:
        blocks.append(_holds(package, holds))
    blocks += [record_section(package, hold) for hold in loose]
    return Page("process", "Process", tuple(blocks), "Process", "From the first vial to drug product, step by step.")


def flow(package: Package) -> Flow:
    """The unit operations in order, with their scale at each site."""
    return Flow(
        tuple(
            Step(
                str(unit.order) if unit.order is not None else "",
                unit.name,
                unit.id,
                tuple((package.label(scale.site), scale.scale or "") for scale in unit.scales if scale.scale),
                _step_note(package, unit),
            )
            for unit in package.unit_operations
        ),
        "Process flow",
    )


def _step_note(package: Package, unit: UnitOperation) -> str:
    parameters = sorted_parameters(package, unit)
    critical = sum(item.classification in ("CPP", "WC-CPP") for item in parameters)
    return f"{len(parameters)} parameters, {critical} critical" if parameters else ""


def _linkage(package: Package, linkage: StepLinkage) -> Section:
    heads = ("Attribute", "Handed over", "Accepted", "Unit", "As printed", "Remarks")
    rows = [_linked(package, item) for item in linkage.attributes]
    remarked = any(row[-1] for row in rows)
    columns = tuple(Column(head) for head in heads[: None if remarked else -1])
    table = Table(columns, tuple(Row(row[: len(columns)]) for row in rows), "Attributes handed over")
    rest = record_section(package, linkage, skip=frozenset({"attributes"}))
    return Section(linkage.name, (table, *rest.blocks), anchor=linkage.id)


def _linked(package: Package, item: LinkedAttribute) -> tuple[Inlines, ...]:
    printed = " → ".join(filter(None, (item.output_as_printed, item.input_as_printed)))
    name = (reference(package, item.attribute),) if item.attribute else (Text(item.quantity),)
    return (
        name,
        range_inlines(item.output, item.output.unit if item.output else None),
        range_inlines(item.input, item.input.unit if item.input else None),
        (Text(unit_words(item.unit)),),
        (Text(printed),),
        _link_remarks(package, item),
    )


def _link_remarks(package: Package, item: LinkedAttribute) -> Inlines:
    """What a linked attribute says beside its limits: why, by which evidence, and its name where it has an id too."""
    said: list[tuple[str, Inlines]] = []
    if item.attribute and item.quantity.casefold() != package.label(item.attribute).casefold():
        said.append(("quantity", (Text(item.quantity),)))
    for label, limit in (("handed over", item.output), ("accepted", item.input)):
        if limit is not None:
            evidence = references(package, limit.evidence)
            said.append((label, (*evidence, *range_remarks(package, limit))))
    for name in type(item).model_fields:
        value = getattr(item, name)
        if name not in _LINKED and value not in (None, (), False):
            said.append((words(name), inlines(package, value, item.unit)))
    found: list[Inline] = []
    for label, inner in said:
        if inner:
            found += [Text(f"{'; ' if found else ''}{label}: "), *inner]
    return tuple(found)


def _yields(package: Package, units: Iterable[UnitOperation]) -> Section:
    rows = tuple(
        Row(
            (
                (Link(unit.id, unit.name),),
                range_inlines(unit.step_yield, "%"),
                inlines(package, unit.cycle_time) if unit.cycle_time else (),
            )
        )
        for unit in units
    )
    return Section(
        "Yields and cycle times",
        (Table((Column("Unit operation"), Column("Step yield"), Column("Cycle time")), rows, "Yield and cycle time"),),
    )


def _holds(package: Package, holds: Iterable[HoldTime]) -> Section:
    rows = tuple(
        Row(
            (
                (Link(hold.id, hold.name),),
                (Text(hold.intermediate or ""),),
                range_inlines(hold.temperature, hold.temperature_unit),
                *(
                    (inlines(package, value) if value else ())
                    for value in (
                        hold.chemical_maximum,
                        hold.microbial_maximum,
                        hold.operated_limit,
                    )
                ),
            )
        )
        for hold in holds
    )
    heads = ("Hold", "Intermediate", "Temperature", "Chemical maximum", "Microbial maximum", "Operated limit")
    return Section("Hold times", (Table(tuple(Column(head) for head in heads), rows, "What may wait, how long"),))


def quality_page(package: Package) -> Page:
    """Which parameter moves which attribute; then each attribute, target and specification."""
    attributes = package.of(QualityAttribute)
    blocks: list[Block] = []
    if attributes:
        blocks.append(Section("Parameters and the attributes they move", _matrix(package, attributes)))
        blocks.append(_criticality(package, attributes))
    for title, kind in (
        ("Quality attributes", QualityAttribute),
        ("Quality target product profile", QualityTarget),
        ("Design spaces", DesignSpace),
    ):
        records: tuple[Record, ...] = package.of(kind)
        if records:
            blocks.append(Section(title, tuple(_section(package, record) for record in records)))
    specifications = package.of(Specification)
    if specifications:
        blocks.append(_specifications(package, specifications))
    return Page(
        "quality", "Quality attributes", tuple(blocks), "Quality", "What matters to the patient, and what moves it."
    )


def _section(package: Package, record: "Record") -> Section:
    """A record; an attribute with what stands behind it first."""
    found = record_section(package, record)
    traced = attribute_trace(package, record) if isinstance(record, QualityAttribute) else ()
    return replace(found, blocks=(*traced, *found.blocks)) if traced else found


def _matrix(package: Package, attributes: tuple[QualityAttribute, ...]) -> tuple[Block, ...]:
    rows = []
    known = {item.id for item in attributes}
    moved: set[str] = set()
    for unit in package.unit_operations:
        for item in sorted_parameters(package, unit):
            influences = {
                effect.ref if isinstance(effect, Effect) else effect: Influence(
                    effect.direction or "", effect.strength or ""
                )
                if isinstance(effect, Effect)
                else Influence("", "")
                for effect in item.effects
            }
            influences = {target: how for target, how in influences.items() if target in known}
            if influences:
                moved |= influences.keys()
                tag = chip(item.classification)
                rows.append(MatrixRow(item.id, item.name, unit.name, influences, tag[0] if tag else None, unit.id))
    if not rows:
        return (Paragraph((Text("No parameter names an attribute that it moves."),)),)
    columns = tuple(MatrixColumn(item.id, _short(item), item.name) for item in attributes if item.id in moved)
    table = influence_matrix(rows, columns, "Strength and direction of each effect")
    unmoved = [item.id for item in attributes if item.id not in moved]
    note = (Paragraph((Text("Moved by no parameter: "), *references(package, unmoved))),) if unmoved else ()
    return (Paragraph((Text(matrix_legend()),)), table, *note)


def _short(item: QualityAttribute) -> str:
    return item.name if len(item.name) <= LONGEST_HEAD else item.id.partition("-")[2]


def _criticality(package: Package, attributes: tuple[QualityAttribute, ...]) -> Section:
    rows = tuple(
        Row(
            (
                (Link(item.id, item.name),),
                (Chip("critical", "critical") if item.critical else Chip("not critical"),)
                if item.critical is not None
                else (),
                chip(item.criticality),
                range_inlines(item.acceptance_range, None),
                (Text(unit_words(item.unit)),),
                references(package, item.formed_by),
                references(package, item.cleared_by),
                references(package, item.controlled_by),
            )
        )
        for item in attributes
    )
    heads = (
        "Attribute",
        "Critical",
        "Criticality",
        "Acceptable range",
        "Unit",
        "Formed by",
        "Cleared by",
        "Controlled by",
    )
    return Section(
        "Criticality",
        (
            Table(
                tuple(Column(head) for head in heads),
                rows,
                "Attributes, most at stake in words and ranges",
                filterable=True,
            ),
        ),
    )


def _specifications(package: Package, specifications: tuple[Specification, ...]) -> Section:
    rows = tuple(
        Row(
            (
                (Link(item.id, item.name),),
                (Text(item.article or ""),),
                (reference(package, item.attribute),) if item.attribute else (),
                (Text(item.test or ""),),
                (Text(item.criterion),) if item.criterion else range_inlines(item.acceptance, item.unit),
                (Text("yes" if item.release else "no"),),
                (Text("yes" if item.stability else "no"),),
            )
        )
        for item in specifications
    )
    heads = ("Specification", "Article", "Attribute", "Test", "Criterion", "Release", "Stability")
    table = Table(tuple(Column(head) for head in heads), rows, "Specifications", filterable=True)
    return Section("Specifications", (table, *(record_section(package, item) for item in specifications)))
