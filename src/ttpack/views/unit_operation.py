"""The page of one unit operation: its purpose, its parameters with range bars, and everything that belongs to it."""

from decimal import Decimal

from ttpack.analysis.intervals import in_unit
from ttpack.model.analytics import Sampling
from ttpack.model.deviation import DeviationRule
from ttpack.model.ids import overlay_parts
from ttpack.model.knowledge import HistoricalDeviation, KnowHow
from ttpack.model.materials import Material
from ttpack.model.package import Package
from ttpack.model.parameter import Effect, ProcessParameter, SiteOverlay
from ttpack.model.process import HoldTime, ProcessAttribute, Step, UnitOperation
from ttpack.model.quality import InProcessControl
from ttpack.model.quantity import Range
from ttpack.model.record import Record
from ttpack.model.units import decimal_text
from ttpack.views.blocks import (
    Block,
    Chip,
    Column,
    Facts,
    Inline,
    Inlines,
    Link,
    Number,
    Page,
    Paragraph,
    Picture,
    Prose,
    Row,
    Section,
    Strong,
    Table,
    Text,
    Tone,
)
from ttpack.views.prose_references import resolve
from ttpack.views.range_bar import Band, BandKind, RangeBar, draw_range_bar, legend
from ttpack.views.record import inlines, plain_prose, range_remarks, record_section, state_chips
from ttpack.views.site_answers import SiteAnswers
from ttpack.views.unit_operation_sites import brackets, parameter_at_sites, site_sections
from ttpack.views.words import (
    CLASS_ORDER,
    chip,
    number_text,
    range_inlines,
    reference,
    references,
    unit_words,
    words,
)

_BANDS: tuple[BandKind, ...] = (
    "edge_of_failure",
    "studied",
    "historical",
    "action",
    "proven_acceptable",
    "normal_operating",
    "target",
)
_SHOWN = frozenset(
    {
        "unit_operation",
        "ranges",
        "effects",
        "why",
        "mechanism",
        "consequence",
        "classification",
        "setpoint",
        "quantity_kind",
    }
)


_DIGITS = 5  # of an end drawn in another unit than it was written in
_EFFECT_SHOWN = frozenset({"ref", "direction", "strength", "evidence"})
_STRENGTHS: dict[str, Tone] = {"high": "critical", "medium": "key"}


def slug(record_id: str) -> str:
    """The address of a record's own page."""
    return record_id.lower()


def unit_operation_page(package: Package, unit: UnitOperation, sites: SiteAnswers | None = None) -> Page:
    """What an operator-side engineer needs of one unit operation, most critical parameters first."""
    parameters = sorted_parameters(package, unit)
    blocks: list[Block] = []
    if unit.purpose:
        blocks.append(Prose(resolve(package, unit.purpose)))
    if parameters:
        blocks += [Paragraph((Text(_counts(parameters)),)), legend(), parameter_table(package, parameters, sites)]
        if package.in_force(DeviationRule):
            card, ruler = Link(f"card-{slug(unit.id)}", "card for the plant"), Link("when-it-drifts", "ruler")
            blocks.append(Paragraph((Text("When a value drifts: "), card, Text(", "), ruler, Text("."))))
    if sites:
        blocks += site_sections(package, unit, sites)
    blocks.append(Section("At a glance", tuple(_glance(package, unit))))
    if parameters:
        detail = tuple(parameter_section(package, item, sites) for item in parameters)
        blocks.append(Section("Parameters in detail", detail))
    for title, kind in _BELONGING:
        records = _belonging(package, unit, kind)
        if records:
            blocks.append(Section(title, tuple(record_section(package, item) for item in records)))
    return Page(slug(unit.id), unit.name, tuple(blocks), "Process", anchor=unit.id)


_BELONGING: tuple[tuple[str, type[Record]], ...] = (
    ("Process attributes", ProcessAttribute),
    ("Steps", Step),
    ("In-process controls", InProcessControl),
    ("Samples", Sampling),
    ("Hold times", HoldTime),
    ("Know-how", KnowHow),
    ("Past deviations", HistoricalDeviation),
)


def belongs_to(record: Record) -> str | None:
    """The unit operation a record is shown under, if it is of a kind shown there."""
    if isinstance(record, KnowHow):
        return next((target for target in record.scope if target.startswith("UO-")), None)
    if isinstance(record, HistoricalDeviation):
        return record.step if record.step and record.step.startswith("UO-") else None
    if isinstance(record, ProcessParameter | ProcessAttribute | Step | InProcessControl | Sampling | HoldTime):
        return record.unit_operation
    return None


def _belonging(package: Package, unit: UnitOperation, kind: type[Record]) -> list[Record]:
    found = [record for record in package.of(kind) if belongs_to(record) == unit.id]
    return sorted(found, key=lambda record: (getattr(record, "order", None) or 0, record.id))


def sorted_parameters(package: Package, unit: UnitOperation) -> list[ProcessParameter]:
    """The unit operation's parameters, most critical first."""
    found = [item for item in package.of(ProcessParameter) if item.unit_operation == unit.id]
    return sorted(found, key=lambda item: (CLASS_ORDER.get(item.classification or "", 9), item.name, item.id))


def _counts(parameters: list[ProcessParameter]) -> str:
    critical = sum(item.classification in ("CPP", "WC-CPP") for item in parameters)
    key = sum(item.classification == "KPP" for item in parameters)
    return (
        f"{len(parameters)} parameters: {critical} critical, {key} key, {len(parameters) - critical - key} general. "
        "Every bar is drawn to its own scale; the numbers under it are the ends of the ranges. "
        "Ranges with * are illustrative: the published source gives none."
    )


def parameter_table(package: Package, parameters: list[ProcessParameter], sites: SiteAnswers | None = None) -> Table:
    """One row a parameter: class, setpoint, ranges, and the ranges as a bar."""
    columns = (
        Column("Parameter"),
        Column("Setpoint", "decimal"),
        Column("Unit"),
        Column("Normal operating"),
        Column("Proven acceptable"),
        Column("Ranges to scale"),
    )
    rows = tuple(
        Row(
            (
                (Link(item.id, item.name, item.id), Text(" "), *chip(item.classification)),
                _setpoint(item),
                (Text(unit_words(item.unit)),),
                _range(item, "normal_operating"),
                _range(item, "proven_acceptable"),
                range_picture(package, item, sites),
            )
        )
        for item in parameters
    )
    return Table(columns, rows, "Parameters, most critical first", filterable=len(rows) > 8)  # noqa: PLR2004


def _setpoint(item: ProcessParameter) -> Inlines:
    value = item.setpoint if item.setpoint is not None else item.target
    if value is not None:
        return (Number(number_text(value)),)
    return (Text(item.setpoint_criterion),) if item.setpoint_criterion else ()


def _range(item: ProcessParameter, kind: str) -> Inlines:
    value = getattr(item.ranges, kind)
    if value is None:
        return ()
    found = range_inlines(value, value.unit if value.unit != item.unit else None)
    return (*found, Text("*")) if value.illustrative else found


def range_picture(package: Package, item: ProcessParameter, sites: SiteAnswers | None = None) -> Picture:
    """The parameter's ranges, setpoint and what each site's equipment holds, to scale."""
    bands = tuple(
        Band(kind, *ends)
        for kind in _BANDS
        if (band := getattr(item.ranges, kind)) is not None and (ends := _ends(package, item, band, band.unit))
    )
    return draw_range_bar(
        RangeBar(
            item.name,
            unit_words(item.unit),
            item.setpoint if item.setpoint is not None else item.target,
            bands,
            brackets(package, item, sites) if sites else (),
        )
    )


def _ends(
    package: Package, item: ProcessParameter, given: Range, unit: str | None
) -> tuple[Decimal | None, Decimal | None] | None:
    """Both ends in the parameter's unit, digits kept where that is their own; None where it cannot be said."""
    if not given.numeric:
        return None
    if unit in (None, item.unit):
        return given.low, given.high
    converted = [
        None if end is None else in_unit(end, unit, item.unit, package.own_units) for end in (given.low, given.high)
    ]
    if [end is None for end in converted] != [given.low is None, given.high is None]:
        return None
    low, high = (None if end is None else Decimal(decimal_text(end, _DIGITS)) for end in converted)
    return low, high


def parameter_section(package: Package, item: ProcessParameter, sites: SiteAnswers | None = None) -> Section:
    """Everything about one parameter: why, ranges with evidence, effects, sites, and all other fields."""
    blocks: list[Block] = [range_picture(package, item, sites)]
    for title, text in (("Why", item.why), ("How it acts", item.mechanism), ("When it drifts", item.consequence)):
        if text:
            blocks.append(Prose(f"**{title}.** {resolve(package, text)}"))
    blocks.append(_range_table(package, item))
    if item.effects:
        blocks.append(_effects(package, item))
    if sites:
        blocks += parameter_at_sites(package, item, sites)
    blocks += [_overlay(package, overlay) for overlay in package.overlays.get(item.id, ())]
    rest = record_section(package, item, skip=_SHOWN)
    return Section(item.name, (*blocks, *rest.blocks), anchor=item.id, chips=state_chips(item))


def _range_table(package: Package, item: ProcessParameter) -> Table:
    unit = unit_words(item.unit)
    printed = item.setpoint_source
    rows = [Row(((Strong("setpoint"),), _setpoint(item), (), (Text(printed),) if printed else ()))]
    for kind, value in item.ranges.items():
        source = inlines(package, value.source) if value.source else ()
        reason = (Text(f" {plain_prose(package, value.rationale)}"),) if value.rationale else ()
        remarks = range_remarks(package, value, source=False)
        cells = (range_inlines(value, value.unit), references(package, value.evidence), (*source, *reason))
        rows.append(Row(((Text(words(kind)), *remarks), *cells)))
    columns = (Column("Range"), Column("Value", "left", unit), Column("Evidence"), Column("Source and reason"))
    return Table(columns, tuple(rows), "Setpoint and ranges")


def _effects(package: Package, item: ProcessParameter) -> Table:
    rows = []
    for effect in item.effects:
        if isinstance(effect, Effect):
            rows.append(
                Row(
                    (
                        (reference(package, effect.ref),),
                        (Text(words(effect.direction or "not stated")),),
                        chip(effect.strength, _STRENGTHS.get(effect.strength or "", "neutral")),
                        references(package, effect.evidence),
                        _effect_remarks(package, effect),
                    )
                )
            )
        else:
            rows.append(Row(((reference(package, effect),), (Text("not stated"),), (), (), ())))
    heads = ("Attribute", "As the parameter rises", "Strength", "Evidence", "How much")
    shown = len(heads) if any(row.cells[-1] for row in rows) else len(heads) - 1
    return Table(
        tuple(Column(head) for head in heads[:shown]),
        tuple(Row(row.cells[:shown]) for row in rows),
        "Attributes it moves",
    )


def _effect_remarks(package: Package, effect: Effect) -> Inlines:
    found: list[Inline] = []
    for name in type(effect).model_fields:
        value = getattr(effect, name)
        if name not in _EFFECT_SHOWN and value not in (None, ()):
            found += [Text(f"{'; ' if found else ''}{words(name)}: "), *inlines(package, value)]
    return tuple(found)


def _overlay(package: Package, overlay: SiteOverlay) -> Section:
    site = overlay.site or overlay_parts(overlay.id)[1] or ""
    section = record_section(package, overlay)
    return Section(
        f"At {package.label(site)}", section.blocks, anchor=overlay.id, chips=(Chip("site overlay", "info"),)
    )


def _glance(package: Package, unit: UnitOperation) -> list[Block]:
    section = record_section(package, unit, skip=frozenset({"purpose", "order"}))
    blocks = list(section.blocks)
    materials = [item for item in package.of(Material) if unit.id in item.unit_operations]
    if materials:
        blocks.append(Facts((("Materials", references(package, (item.id for item in materials))),)))
    return blocks
