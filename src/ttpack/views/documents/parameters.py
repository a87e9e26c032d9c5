"""Parameters of a document: setpoints and ranges by unit operation, why and how they are held, what sites replace."""

from collections.abc import Sequence
from dataclasses import replace

from ttpack.model.ids import overlay_parts
from ttpack.model.parameter import ProcessParameter, SiteOverlay
from ttpack.views.blocks import Block, Column, Inlines, Prose, Row, Section, Table, Text
from ttpack.views.documents.given import Given
from ttpack.views.documents.register import as_tables
from ttpack.views.record import inlines, plain_prose
from ttpack.views.unit_operation import parameter_table
from ttpack.views.words import CLASS_ORDER, range_inlines, reference, references, words


def parameters(given: Given) -> tuple[Block, ...]:
    """The parameters by unit operation, most critical first, and what each site replaces."""
    found = given.of(ProcessParameter)
    by_unit: dict[str, list[ProcessParameter]] = {}
    for item in found:
        by_unit.setdefault(item.unit_operation or "", []).append(item)
    order = {unit.id: place for place, unit in enumerate(given.package.unit_operations)}
    units = sorted(by_unit, key=lambda unit: (unit == "", order.get(unit, len(order)), unit))
    blocks: list[Block] = []
    if found:
        blocks.append(Prose("Ranges with * are illustrative. Every bar is drawn to its own scale."))
    for unit in units:
        items = sorted(by_unit[unit], key=lambda item: (CLASS_ORDER.get(item.classification or "", 9), item.name))
        title = given.package.label(unit) if unit else "Of no unit operation"
        blocks.append(Section(title, tuple(_of_unit(given, items))))
    overlays = given.of(SiteOverlay)
    if overlays:
        blocks.append(Section("What sites replace", (_replaced(given, overlays),)))
    others = given.others(ProcessParameter, SiteOverlay)
    return (*blocks, *(as_tables(replace(given, records=tuple(others))) if others else ()))


def _of_unit(given: Given, items: Sequence[ProcessParameter]) -> list[Block]:
    ranges = parameter_table(given.package, list(items))
    rows = tuple(replace(row, anchor=item.id) for row, item in zip(ranges.rows, items, strict=True))
    found: list[Block] = [replace(ranges, rows=rows, filterable=False)]
    reasons = [(item, _held(given, item)) for item in items]
    if any(any(cells) for _, cells in reasons):
        heads = ("Parameter", "Why", "How it is held", "How it is measured", "Attributes it moves", "Evidence")
        said = tuple(Row(((Text(item.name),), *cells)) for item, cells in reasons if any(cells))
        found.append(Table(tuple(map(Column, heads)), said, "Why, and how each is controlled"))
    return found


def _held(given: Given, item: ProcessParameter) -> tuple[Inlines, ...]:
    package = given.package
    effects = [effect if isinstance(effect, str) else effect.ref for effect in item.effects]
    evidence = dict.fromkeys(
        (*item.evidence, *(one for _, given_range in item.ranges.items() for one in given_range.evidence))
    )
    return (
        (Text(plain_prose(package, item.why)),) if item.why else (),
        inlines(package, item.control) if item.control else (),
        inlines(package, item.monitor) if item.monitor else (),
        references(package, dict.fromkeys(effects)),
        references(package, evidence),
    )


def _replaced(given: Given, overlays: Sequence[SiteOverlay]) -> Table:
    rows = []
    for overlay in overlays:
        base, site = overlay_parts(overlay.id)
        now = overlay.effective
        general = given.package.get(base, ProcessParameter)
        unit = now.unit or (general.unit if general else None)
        ranges: list[Inlines] = [
            (Text(f"{words(kind)}: "), *range_inlines(one, unit))
            for kind, one in (now.ranges.items() if now.ranges else ())
        ]
        rows.append(
            Row(
                (
                    (reference(given.package, base),),
                    (reference(given.package, overlay.site or site or ""),),
                    inlines(given.package, now.setpoint, unit) if now.setpoint is not None else (),
                    tuple(part for place, one in enumerate(ranges) for part in ((Text("; "),) if place else ()) + one),
                    inlines(given.package, now.control) if now.control else (),
                    (Text(plain_prose(given.package, overlay.reason or "")),),
                    (reference(given.package, overlay.change_record),) if overlay.change_record else (),
                ),
                overlay.id,
            )
        )
    heads = ("Parameter", "Site", "Setpoint", "Ranges", "Control", "Reason", "Change record")
    return Table(tuple(map(Column, heads)), tuple(rows), "Setpoints and ranges of sites")
