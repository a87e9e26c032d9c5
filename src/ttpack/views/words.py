"""Values of records as words: numbers with their digits, units in print form, ranges, references."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from ttpack.model.ids import is_record_id
from ttpack.model.package import Package
from ttpack.model.quantity import Range, digits
from ttpack.model.units import UnitError, parse_unit, unit_symbol
from ttpack.views.blocks import Chip, Inline, Inlines, Link, Number, Text, Tone

CLASS_TONES: dict[str, Tone] = {
    "CPP": "critical",
    "WC-CPP": "critical",
    "KPP": "key",
    "GPP": "neutral",
    "non-CPP": "neutral",
    "VH": "critical",
    "H": "bad",
    "M-H": "warning",
    "M": "warning",
    "L": "neutral",
    "VL": "neutral",
    "approved": "good",
    "effective": "good",
    "draft": "warning",
    "in_review": "info",
    "superseded": "bad",
    "withdrawn": "bad",
    "error": "bad",
    "warning": "warning",
    "info": "info",
    "open": "warning",
    "validated": "good",
    "qualified": "good",
    "complete": "good",
    "closed": "good",
    "planned": "info",
    "PASS": "good",
    "CONDITIONAL": "warning",
    "FAIL": "bad",
    "UNKNOWN": "neutral",
    "expired": "bad",
    "harmonise": "info",
    "justified": "good",
}
CLASS_ORDER = {"CPP": 0, "WC-CPP": 1, "KPP": 2, "non-CPP": 3, "GPP": 4}


def unit_words(code: str | None) -> str:
    """A unit as it is printed: °C for Cel, pH for [pH]; the text itself where it names no unit."""
    if not code:
        return ""
    try:
        return unit_symbol(parse_unit(code).code)
    except UnitError:
        return code


def words(name: str) -> str:
    """A field or enumeration name in words."""
    return name.replace("_", " ")


_ABBREVIATIONS = frozenset({
    "gmp", "tse", "sds", "ppe", "oel", "oeb", "bsl", "ppq", "pat", "doi", "qa", "cas", "nor", "par", "ph", "uv", "ich",
    "q12",
})  # fmt: skip


def label(name: str) -> str:
    """A field name as a label: capitalised, abbreviations as they are written."""
    found = [_SPELT.get(word, word.upper()) if word in _ABBREVIATIONS else word for word in words(name).split(" ")]
    text = " ".join(found)
    return text if text[:2] == "pH" else text[:1].upper() + text[1:]


_SPELT = {"ph": "pH"}


def number_text(value: Any) -> str:
    """A number with the digits its author wrote, and a true minus sign."""
    text = digits(value) if isinstance(value, Decimal) else str(value)
    return text.replace("-", "\N{MINUS SIGN}", 1) if text.startswith("-") else text


def range_text(item: Range | None) -> str:
    """A range without its unit: both ends, one end with its sign, or the named criterion."""
    if item is None:
        return ""
    if item.low is not None and item.high is not None:
        marks = ("" if item.low_inclusive else ">", "" if item.high_inclusive else "<")
        return f"{marks[0]}{number_text(item.low)} to {marks[1]}{number_text(item.high)}"
    if item.low is not None:
        return f"{'≥' if item.low_inclusive else '>'} {number_text(item.low)}"
    if item.high is not None:
        return f"{'≤' if item.high_inclusive else '<'} {number_text(item.high)}"
    return item.criterion or ""


def range_inlines(item: Range | None, unit: str | None) -> Inlines:
    """A range with its unit in print form."""
    text = range_text(item)
    if not text or item is None:
        return ()
    if not item.numeric:
        return (Text(text),)
    shown = unit_words(item.unit or unit)
    return (Number(text, shown), Text(f" ({item.criterion})")) if item.criterion else (Number(text, shown),)


def chip(label: str | None, tone: Tone | None = None) -> tuple[Chip, ...]:
    """A state or class as a chip, or nothing."""
    return (Chip(words(label), tone or CLASS_TONES.get(label, "neutral")),) if label else ()


def reference(package: Package, record_id: str) -> Inline:
    """A mention of a record by its title, its id where it has none; plain text where there is no such record."""
    record = package.records.get(record_id)
    if record is None:
        return Text(package.label(record_id))
    return Link(record_id, record.name, record_id if record.title else "")


def references(package: Package, ids: Iterable[str]) -> Inlines:
    """Mentions of several records, separated by commas."""
    found: list[Inline] = []
    for record_id in ids:
        if found:
            found.append(Text(", "))
        found.append(reference(package, record_id) if is_record_id(record_id) else Text(record_id))
    return tuple(found)


def counted(count: int, noun: str) -> str:
    """A number with its noun: 1 error, 2 errors."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def plain(inlines: Inlines) -> str:
    """The words of inlines, for alternatives and summaries."""
    parts = []
    for item in inlines:
        if isinstance(item, Number):
            parts.append(f"{item.text} {item.unit}".rstrip())
        else:
            parts.append(str(getattr(item, "text", "") or getattr(item, "label", "") or getattr(item, "symbol", "")))
    return "".join(parts)


def inlines_of_date(day: date | None) -> Inlines:
    """A date in ISO form, or nothing."""
    return (Text(day.isoformat()),) if day else ()
