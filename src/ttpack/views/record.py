"""Any record as a section: every field it has, in words, links and tables. No field of a record is left unshown."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from ttpack.model.ids import is_record_id
from ttpack.model.package import Package
from ttpack.model.pictures import is_picture
from ttpack.model.quantity import Derived, InputQuantity, Range
from ttpack.model.record import Record, Source
from ttpack.views.blocks import (
    Block,
    Break,
    Cell,
    Chip,
    Column,
    Facts,
    Figure,
    Inline,
    Inlines,
    Number,
    Prose,
    Row,
    Section,
    Table,
    Text,
)
from ttpack.views.field_units import field_unit
from ttpack.views.prose_references import resolve
from ttpack.views.words import (
    chip,
    label,
    number_text,
    range_inlines,
    reference,
    references,
    unit_words,
    words,
)

HIDDEN = frozenset({"kind", "id", "title", "status", "audience", "body", "unit", "expected_content", "illustrative"})
PROSE_FIELDS = frozenset(
    {
        "description",
        "why",
        "mechanism",
        "consequence",
        "purpose",
        "instruction",
        "statement",
        "summary",
        "rationale",
        "reason",
        "note",
        "definition",
        "question",
        "answer",
        "impact",
        "root_cause",
        "corrective_action",
        "conclusions",
    }
)
_SHORT = 20
_CHOICE = re.compile(r"[a-z]+(_[a-z]+)+")


def record_section(package: Package, record: Record, *, skip: frozenset[str] = frozenset()) -> Section:
    """The record under its title, with its state as chips, its text, its facts and its tables."""
    blocks: list[Block] = []
    facts: list[tuple[str, Inlines]] = []
    tables: list[Block] = []
    unit = getattr(record, "unit", None)
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name in HIDDEN or name in skip or _empty(value) or value is False is type(record).model_fields[name].default:
            continue
        if name in PROSE_FIELDS and isinstance(value, str):
            blocks.append(
                Prose(
                    resolve(package, value)
                    if name in ("description", "statement", "instruction", "purpose")
                    else f"**{label(name)}.** {resolve(package, value)}"
                )
            )
        elif _is_table(value):
            tables.append(models_table(package, name, value, unit))
        elif _is_mapping(value):
            tables.extend(_part(package, name, value, unit, facts))
        else:
            facts.append((label(name), inlines(package, value, field_unit(record, name, unit))))
    if unit:
        facts.insert(0, ("Unit", (Text(unit_words(unit) or str(unit)),)))
    extensions = sorted(key for key in package.raw.get(record.id, {}) if str(key).startswith("x-"))
    if extensions:
        facts.append(("Extensions (opaque)", (Text(", ".join(extensions)),)))
    if record.body:
        blocks.append(Prose(resolve(package, record.body)))
    return Section(
        record.name,
        (*blocks, *figures(package, record), *((Facts(tuple(facts)),) if facts else ()), *tables),
        anchor=record.id,
        chips=state_chips(record),
    )


def figures(package: Package, record: Record) -> Iterator[Figure]:
    """The pictures among the record's attachments whose author says in words what they show."""
    for one in record.attachments:
        digest = package.attachments.get(one.file)
        if digest and one.alternative_text and is_picture(one.file):
            known = (one.file.rpartition("/")[2], one.version and f"version {one.version}")
            said = ", ".join(filter(None, (*known, "illustrative" if record.illustrative else None)))
            alt = plain_prose(package, one.alternative_text)
            yield Figure(one.file, digest, alt, f"{record.name} ({said})")


def state_chips(record: Record) -> tuple[Chip, ...]:
    """Class, state and what is invented, as chips."""
    tag = getattr(record, "classification", None) or getattr(record, "criticality", None)
    found = (*(chip(tag) if isinstance(tag, str) else ()), *chip(record.status))
    return (*found, Chip("illustrative", "info")) if record.illustrative else found


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, tuple | dict) and not value)


def _is_table(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(item, BaseModel) for item in value)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, BaseModel) and not isinstance(value, Range | InputQuantity | Source | Derived)


def _part(
    package: Package, name: str, value: BaseModel, unit: str | None, facts: list[tuple[str, Inlines]]
) -> list[Block]:
    """A nested part: its plain fields join the facts, its lists of parts become tables."""
    tables: list[Block] = []
    if _is_short(value):
        facts.append((label(name), inlines(package, value, getattr(value, "unit", None) or unit)))
        return []
    for inner in type(value).model_fields:
        item = getattr(value, inner)
        if _empty(item):
            continue
        if _is_table(item):
            tables.append(models_table(package, f"{name}: {inner}", item, getattr(value, "unit", None) or unit))
        else:
            facts.append((label(f"{name}: {inner}"), inlines(package, item, field_unit(value, inner, unit))))
    return tables


def _is_short(value: BaseModel) -> bool:
    """Whether a part is a few numbers and words, such as the scores of a risk, that read best in one row."""
    given = [item for name in type(value).model_fields if _given(value, name) and (item := getattr(value, name))]
    return all(isinstance(item, Decimal | int) or (isinstance(item, str) and len(item) < _SHORT) for item in given)


def models_table(package: Package, name: str, items: tuple[BaseModel, ...], unit: str | None) -> Table:
    """A list of parts as a table with one column for each field that any of them has."""
    fields = [
        field
        for field in dict.fromkeys(field for item in items for field in type(item).model_fields)
        if any(_given(item, field) for item in items)
    ]
    rows = tuple(Row(tuple(_cell(package, item, field, unit) for field in fields)) for item in items)
    columns = tuple(Column(label(field), "decimal" if field == "value" else "left") for field in fields)
    return Table(columns, rows, label(name), filterable=len(items) > 15)  # noqa: PLR2004


def _given(item: BaseModel, field: str) -> bool:
    value = getattr(item, field, None)
    info = type(item).model_fields.get(field)
    return not _empty(value) and not (info and value == info.default and field != "value")


def _cell(package: Package, item: BaseModel, field: str, unit: str | None) -> Cell:
    value = getattr(item, field, None)
    if value is None or not _given(item, field):
        return ()
    return inlines(
        package,
        unit_words(value) if field == "unit" and isinstance(value, str) else value,
        field_unit(item, field, unit),
    )


def inlines(package: Package, value: Any, unit: str | None = None) -> Inlines:  # noqa: C901, PLR0911  one return a shape
    """Any value of a record in words, references as links, numbers with digits and unit."""
    if isinstance(value, bool):
        return (Text("yes" if value else "no"),)
    if isinstance(value, Decimal):
        return (Number(number_text(value), unit_words(unit)),)
    if isinstance(value, int | date):
        return (Text(str(value)),)
    if isinstance(value, str):
        if is_record_id(value):
            return (reference(package, value),)
        return (Text(words(value) if _CHOICE.fullmatch(value) else plain_prose(package, value)),)
    if isinstance(value, Range):
        return (*range_inlines(value, unit), *range_remarks(package, value), *_evidence(package, value.evidence))
    if isinstance(value, InputQuantity):
        return (*quantity_inlines(value), *_quantity_remarks(package, value))
    if isinstance(value, Source):
        return _source(value)
    if isinstance(value, Derived):
        return _derived(package, value)
    if isinstance(value, tuple | list):
        return _joined(package, value, unit)
    if isinstance(value, dict):
        return _pairs(package, {words(str(key)): (item, None) for key, item in value.items()})
    if isinstance(value, BaseModel):
        given = [name for name in type(value).model_fields if _given(value, name)]
        return _pairs(package, {words(name): (getattr(value, name), field_unit(value, name, unit)) for name in given})
    return (Text(str(value)),)


def quantity_inlines(value: InputQuantity) -> Inlines:
    """A quantity with its unit and, where given, its standard deviation."""
    about = "about " if getattr(value, "approximate", None) else ""
    deviation = getattr(value, "standard_deviation", None)
    text = about + number_text(value.value) + (f" ± {number_text(deviation)}" if deviation is not None else "")
    return (Number(text, unit_words(value.unit)),)


def _source(value: Source) -> Inlines:
    superseded = "superseded" if value.superseded else None
    said = (value.document, value.version, value.location, superseded, value.note)
    return (Text(", ".join(filter(None, said))),)


def range_remarks(package: Package, value: Range, *, source: bool = True) -> Inlines:
    """What a range says of itself beside its ends and its evidence, in brackets."""
    said: list[Inlines] = []
    if value.illustrative:
        said.append((Text("illustrative"),))
    told = (value.low, value.high).count(None) == 1  # its sign already says the side
    said += [(Text(words(text)),) for text in (None if told else value.side, value.basis) if text]
    if value.modelling_reference:
        said.append((Text("model "), *references(package, (value.modelling_reference,))))
    if source and value.rationale:
        said.append((Text(plain_prose(package, value.rationale)),))
    if source and value.source:
        said.append(_source(value.source))
    return _bracketed(said)


def _quantity_remarks(package: Package, value: InputQuantity) -> Inlines:
    source, derived = getattr(value, "source", None), getattr(value, "derived", None)
    return _bracketed([*([_source(source)] if source else []), *([_derived(package, derived)] if derived else [])])


def _bracketed(said: list[Inlines]) -> Inlines:
    found: list[Inline] = []
    for each in said:
        found += [Text("; " if found else " ("), *each]
    return (*found, Text(")")) if found else ()


def plain_prose(package: Package, text: str) -> str:
    """Short text with its references in words (links stand only in prose)."""
    if "[[" not in text and "{{" not in text:
        return text
    return resolve(package, text).replace("\\", "")


def _evidence(package: Package, ids: tuple[str, ...]) -> Inlines:
    return (Text(" — "), *references(package, ids)) if ids else ()


def _derived(package: Package, value: Derived) -> Inlines:
    given: list[Inline] = [Text(f"{words(value.formula)} of ")]
    for index, (name, item) in enumerate(value.inputs.items()):
        given.append(Text(f"{', ' if index else ''}{words(name)} = "))
        if isinstance(item, str):
            head, _, rest = item.partition(".")
            given += [reference(package, head), Text(f" {words(rest)}" if rest else "")]
        else:
            given.extend(quantity_inlines(item))
    if value.tolerance is not None:
        given.append(Text(f" (tolerance {value.tolerance})"))
    return tuple(given)


def _joined(package: Package, values: Any, unit: str | None) -> Inlines:
    if all(isinstance(item, str) for item in values):
        return references(package, values) if any(map(is_record_id, values)) else (Text("; ".join(values)),)
    found: list[Inline] = []
    for item in values:
        found += [Break()] if found else []
        found += inlines(package, item, unit)
    return tuple(found)


def _pairs(package: Package, pairs: dict[str, tuple[Any, str | None]]) -> Inlines:
    found: list[Inline] = []
    for key, (item, unit) in pairs.items():
        found += [Text(f"{'; ' if found else ''}{key}: "), *inlines(package, item, unit)]
    return tuple(found)
