"""Quality attributes of a document: which shown parameter moves which, how critical each is, where it is controlled."""

from collections.abc import Sequence
from dataclasses import replace

from ttpack.model.parameter import Effect, ProcessParameter
from ttpack.model.quality import QualityAttribute
from ttpack.views.blocks import Block, Column, Paragraph, Row, Section, Strong, Table, Text
from ttpack.views.documents.given import Given
from ttpack.views.documents.register import as_tables
from ttpack.views.matrix import Influence, MatrixColumn, MatrixRow, influence_matrix, matrix_legend
from ttpack.views.record import plain_prose
from ttpack.views.words import chip, range_inlines, references

LONGEST_HEAD = 28


def control_matrix(given: Given) -> tuple[Block, ...]:
    """The matrix of attributes and the parameters of this document, then each attribute with its controls."""
    attributes = given.of(QualityAttribute)
    blocks: list[Block] = []
    if attributes:
        blocks += _matrix(given, attributes)
        blocks.append(_criticality(given, attributes))
        reasons = [item for item in attributes if item.safety_rationale or item.efficacy_rationale or item.rationale]
        if reasons:
            blocks.append(Section("Why", tuple(_reason(given, item) for item in reasons)))
    others = given.others(QualityAttribute)
    return (*blocks, *(as_tables(replace(given, records=tuple(others))) if others else ()))


def _matrix(given: Given, attributes: Sequence[QualityAttribute]) -> tuple[Block, ...]:
    package = given.package
    known = {item.id for item in attributes}
    order = {unit.id: place for place, unit in enumerate(package.unit_operations)}
    rows = []
    for item in package.of(ProcessParameter):
        effects = [one if isinstance(one, Effect) else Effect(ref=one) for one in item.effects]
        moved = {one.ref: Influence(one.direction or "", one.strength or "") for one in effects if one.ref in known}
        if moved:
            unit = item.unit_operation or ""
            group = package.label(unit) if unit else "Of no unit operation"
            tag = chip(item.classification)
            rows.append(MatrixRow(item.id, item.name, group, moved, tag[0] if tag else None, unit))
    if not rows:
        return ()
    rows.sort(key=lambda row: (order.get(row.group_record, len(order)), row.group_record, row.record))
    columns = [
        MatrixColumn(item.id, item.name if len(item.name) <= LONGEST_HEAD else item.id.partition("-")[2], item.name)
        for item in attributes
        if any(item.id in row.influences for row in rows)
    ]
    table = replace(influence_matrix(rows, columns, "Parameters and the attributes they move"), filterable=False)
    return (Paragraph((Text(matrix_legend()),)), table)


def _criticality(given: Given, attributes: Sequence[QualityAttribute]) -> Table:
    package = given.package
    rows = tuple(
        Row(
            (
                (Strong(item.name), Text(f" ({item.id})")),
                chip(item.criticality) or ((Text("critical" if item.critical else "not critical"),)
                if item.critical is not None else ()),
                (*range_inlines(item.acceptance_range, item.unit),),
                references(package, item.formed_by),
                references(package, item.cleared_by),
                references(package, (*item.controlled_by, *item.control_elements)),
                references(package, item.methods),
            ),
            item.id,
        )
        for item in attributes
    )  # fmt: skip
    heads = ("Attribute", "Criticality", "Acceptable range", "Formed by", "Cleared by", "Controlled by", "Methods")
    return Table(tuple(map(Column, heads)), rows, "Attributes and where they are formed, cleared and controlled")


def _reason(given: Given, item: QualityAttribute) -> Block:
    said = [item.safety_rationale, item.efficacy_rationale, item.rationale]
    return Paragraph((Strong(f"{item.name}. "), Text(" ".join(plain_prose(given.package, one) for one in said if one))))
