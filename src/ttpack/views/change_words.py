"""Changes in words: records, fields, values before and after, direction and size."""

import re
from collections.abc import Mapping
from decimal import Decimal
from posixpath import commonprefix
from typing import Any

from ttpack.analysis.change import Change
from ttpack.model.quantity import RANGE_NAMES
from ttpack.views.blocks import Inlines, Link, Text, Tone
from ttpack.views.words import number_text, unit_words, words

_POSITION = re.compile(r"\[([0-9]+)\]")
_LONGEST = 200
_AROUND = 60
_ENDS = frozenset({"low", "high", "low_inclusive", "high_inclusive", "unit"})
TONES: dict[str, Tone] = {
    "major": "critical",
    "moderate": "warning",
    "minor": "info",
    "editorial": "neutral",
    "revise": "bad",
    "reissue": "info",
    "assess": "warning",
    "inform": "info",
}


def named(record: str, titles: Mapping[str, str]) -> Inlines:
    """A record by its id, then its title: every face shows both, and none shows the id twice."""
    title = titles.get(record, record)
    return (Link(record, record, title), Text(f" {title}")) if title != record else (Link(record, record),)


def field_words(item: Change) -> str:
    """The field in words: `ranges.proven_acceptable` is the proven acceptable range."""
    if not item.field:
        return words(item.kind)
    steps = item.field.removeprefix("override.").removeprefix("ranges.").split(".")
    if "ranges." in item.field:
        steps[0] = RANGE_NAMES.get(steps[0], steps[0])
    return ": ".join(words(_POSITION.sub(_place, step)) for step in steps)


def _place(found: re.Match[str]) -> str:
    """A position in a list as people count: the first is 1."""
    return f" {int(found[1]) + 1}"


def direction(item: Change) -> Inlines:
    """How a field changed, and how large the change is."""
    text = item.direction or words(item.kind)
    return (Text(f"{text} ({item.magnitude})" if item.magnitude else text),)


def value(raw: Any, unit: str = "") -> Inlines:
    """A raw value of a change in words."""
    return (Text(cut(_words(raw, unit)) if raw is not None else "—"),)


def both(item: Change) -> tuple[Inlines, Inlines]:
    """Before and after; of long texts what stands around the first difference."""
    before, after = item.before, item.after
    if isinstance(before, str) and isinstance(after, str):
        texts = " ".join(before.split()), " ".join(after.split())
        same = len(commonprefix(texts))
        start = max(0, same - _AROUND) if max(map(len, texts)) > _LONGEST else 0
        first, second = (f"…{text[start:]}" if start else text for text in texts)
        return value(first), value(second)
    return value(before, item.unit_before), value(after, item.unit_after)


def _words(raw: Any, unit: str = "") -> str:
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, Mapping):
        if raw.get("low") is not None or raw.get("high") is not None:
            rest = {key: item for key, item in raw.items() if key not in _ENDS}
            return "; ".join(filter(None, (_range(raw, unit), _words(rest))))
        if isinstance(raw.get("value"), int | Decimal):
            rest = {key: item for key, item in raw.items() if key not in ("value", "unit")}
            number = f"{number_text(raw['value'])} {unit_words(raw.get('unit') or unit)}".rstrip()
            return "; ".join(filter(None, (number, _words(rest))))
        return "; ".join(f"{words(str(key))}: {_words(item)}" for key, item in raw.items())
    if isinstance(raw, list):
        return "; ".join(map(_words, raw))
    if isinstance(raw, str):
        return " ".join(raw.split())
    return f"{number_text(raw)} {unit_words(unit)}".rstrip() if raw is not None else "—"


def _range(raw: Mapping[str, Any], unit: str) -> str:
    low, high = raw.get("low"), raw.get("high")
    closed = raw.get("low_inclusive") is not False, raw.get("high_inclusive") is not False
    if low is not None and high is not None and all(closed):
        text = f"{number_text(low)} to {number_text(high)}"
    else:
        below = "" if low is None else f"{'≥' if closed[0] else '>'} {number_text(low)}"
        above = "" if high is None else f"{'≤' if closed[1] else '<'} {number_text(high)}"
        text = " and ".join(filter(None, (below, above)))
    return f"{text} {unit_words(raw.get('unit') or unit)}".rstrip()


def cut(text: str) -> str:
    """A text no longer than a cell should hold."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
