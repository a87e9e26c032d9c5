"""The process of a document: how material flows, what each unit operation is for, its scale and yield."""

from collections.abc import Sequence
from dataclasses import replace

from ttpack.model.process import Process, UnitOperation
from ttpack.views.blocks import Block, Break, Column, Inline, Inlines, Row, Strong, Table, Text
from ttpack.views.documents.given import Given
from ttpack.views.documents.register import as_tables, one_in_full
from ttpack.views.process import flow
from ttpack.views.record import inlines, plain_prose
from ttpack.views.words import range_inlines, references


def process_flow(given: Given) -> tuple[Block, ...]:
    """The process, its flow, and the unit operations in order."""
    own = {unit.id for unit in given.of(UnitOperation)}
    units = [unit for unit in given.package.unit_operations if unit.id in own]
    blocks: list[Block] = [one_in_full(given, process) for process in given.of(Process)]
    if units:
        drawn = flow(given.package)
        steps = tuple(step for step in drawn.steps if step.record in own)
        blocks += [replace(drawn, steps=steps), _table(given, units), _boundaries(given, units)]
    others = given.others(Process, UnitOperation)
    return (*blocks, *(as_tables(replace(given, records=tuple(others))) if others else ()))


def _table(given: Given, units: Sequence[UnitOperation]) -> Table:
    rows = tuple(
        Row(
            (
                (Text(str(unit.order) if unit.order is not None else ""),),
                (Strong(unit.name),),
                (Text(plain_prose(given.package, unit.purpose or "")),),
                _scales(given, unit),
                range_inlines(unit.step_yield, "%"),
                inlines(given.package, unit.cycle_time) if unit.cycle_time else (),
            ),
            unit.id,
        )
        for unit in units
    )
    heads = ("No.", "Unit operation", "Purpose", "Scale", "Step yield", "Cycle time")
    return Table(tuple(map(Column, heads)), rows, "Unit operations in order")


def _scales(given: Given, unit: UnitOperation) -> Inlines:
    found: list[Inline] = []
    for one in unit.scales:
        if one.scale:
            found += [*((Break(),) if found else ()), Text(f"{given.package.label(one.site)}: {one.scale}")]
    return tuple(found)


def _boundaries(given: Given, units: Sequence[UnitOperation]) -> Table:
    package = given.package
    rows = tuple(
        Row(
            (
                (Text(unit.name),),
                inlines(package, unit.inputs) if unit.inputs else (),
                inlines(package, unit.outputs) if unit.outputs else (),
                references(package, unit.forms),
                references(package, unit.clears),
                references(package, unit.controls),
            )
        )
        for unit in units
    )
    heads = ("Unit operation", "In", "Out", "Forms", "Clears", "Controls")
    return Table(tuple(map(Column, heads)), rows, "What goes in and out, and what each does to attributes")
