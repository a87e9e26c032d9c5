"""Resolves `[[ID]]` and `{{ ID.field }}` in author's Markdown, so that every face shows the same words."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ttpack.model.graph import CODE_SPANS, PROSE_LINK, PROSE_VALUE
from ttpack.model.ids import NOT_HERE, NOT_HERE_WORDS, overlay_parts
from ttpack.model.package import Package
from ttpack.model.quantity import Range
from ttpack.model.record import Record
from ttpack.views.words import number_text, range_text, unit_words

UNRESOLVED = "(unresolved reference)"
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~^$\"'@:-])")


def resolve(package: Package, markdown: str) -> str:
    """The text with its references resolved; code is left as it is, and what cannot be resolved says so."""
    if "[[" not in markdown and "{{" not in markdown:
        return markdown
    parts, end = [], 0
    for code in CODE_SPANS.finditer(markdown):
        parts += [_outside_code(package, markdown[end : code.start()]), code.group()]
        end = code.end()
    parts.append(_outside_code(package, markdown[end:]))
    return "".join(parts)


def _outside_code(package: Package, text: str) -> str:
    text = PROSE_VALUE.sub(lambda match: value_text(package, match["id"], match["field"].lstrip(".")), text)
    return PROSE_LINK.sub(lambda match: _link(package, match.group(1)), text)


def _link(package: Package, record_id: str) -> str:
    record = package.records.get(record_id)
    if record_id == NOT_HERE:
        return NOT_HERE_WORDS
    return f"[{escaped(record.name)}](ttpack:{record_id})" if record else f"{record_id} {UNRESOLVED}"


def escaped(text: str) -> str:
    """Text that Markdown prints as it is."""
    return _SPECIAL.sub(r"\\\1", text)


def value_text(package: Package, record_id: str, path: str) -> str:
    """What `{{ id.path }}` prints: the value with its digits and unit; a site's value falls back on the general one."""
    if record_id == NOT_HERE:
        return NOT_HERE_WORDS
    record: Record | None = package.records.get(record_id)
    base, site = overlay_parts(record_id)
    found = _value(record, package.raw.get(record_id, {}), path) if record else None
    if found is None and site:
        general = package.records.get(base)
        found = _value(general, package.raw.get(base, {}), path) if general else None
    return found if found is not None else f"{record_id}.{path} {UNRESOLVED}".replace(". ", " ")


def _value(record: Record | None, raw: Mapping[str, Any], path: str) -> str | None:
    if record is None:
        return None
    if not path:
        return escaped(record.name)
    holder: Any = record
    unit = getattr(record, "unit", None)
    for name in path.split("."):
        unit = getattr(holder, "unit", None) or unit
        if name not in getattr(type(holder), "model_fields", {}):
            effective = getattr(holder, "effective", None)
            if effective is None or name not in type(effective).model_fields:
                return None
            holder = effective
        value = getattr(holder, name)
        if value is None and (effective := getattr(holder, "effective", None)) is not None:
            value = getattr(effective, name, None)
        holder = value
    unit = unit or raw.get("unit")
    return _printed(holder, unit)


def _printed(value: Any, unit: str | None) -> str | None:
    if isinstance(value, bool) or value is None or value == ():
        return None if value is None or value == () else ("yes" if value else "no")
    if isinstance(value, Decimal | int):
        return _with_unit(number_text(value), unit)
    if isinstance(value, Range):
        return _with_unit(range_text(value), value.unit or unit) if value.numeric else escaped(value.criterion or "")
    if hasattr(value, "value") and hasattr(value, "unit"):
        return _with_unit(number_text(value.value), value.unit)
    return escaped(str(value)) if isinstance(value, str) else None


def _with_unit(text: str, unit: str | None) -> str:
    shown = unit_words(unit)
    return escaped(f"{text} {shown}".rstrip() if shown != "pH" else f"pH {text}")
