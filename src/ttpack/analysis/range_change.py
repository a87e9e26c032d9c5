"""How a number or a range changed: direction and size, after units (exact fractions)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from ttpack.analysis.change import Change, ChangeKind, Direction
from ttpack.analysis.relative_size import PROVEN, Scale, Size, range_size, value_size
from ttpack.analysis.stated import WIDTHS
from ttpack.model.units import DefinesUnit, Dimension, Unit, UnitError, parse_unit, to_base

_LOGARITHMIC = frozenset({"pH", "log10 reductions"})
"""Dimensions whose zero means nothing, so that a share of a value would say nothing either."""
_WITHOUT_UNIT = frozenset({
    "version", "method_version", "threshold", "tolerance", "cycle", "count", "order", "criticality_score", "impact",
    "uncertainty", "severity", "likelihood", "score", "coefficient", "standard_error", "level", "cpk",
})  # fmt: skip


def without_unit(path: str) -> bool:
    """Whether the number in a field is a plain one, whatever unit the record has."""
    return path.startswith("x-") or path.rpartition(".")[2].partition("[")[0] in _WITHOUT_UNIT


_NONE: Mapping[str, Mapping[str, Any]] = {}


class Units:
    """The unit that numbers are in on one side, where they give none themselves."""

    def __init__(
        self, raw: Mapping[str, Any], own: Mapping[str, DefinesUnit], others: Mapping[str, Mapping[str, Any]] = _NONE
    ) -> None:
        self.record_unit = raw.get("unit") if isinstance(raw.get("unit"), str) else None
        self.own = own
        self.others = others

    def around(self, unit: Any) -> "Units":
        """The scope inside a part that gives its own unit; without one, this scope."""
        return Units({"unit": unit}, self.own, self.others) if isinstance(unit, str) else self

    def given(self, holder: Mapping[str, Any]) -> Any:
        """The unit that a part gives itself, else that of the parameter it says something about (a range studied)."""
        unit, parameter = holder.get("unit"), holder.get("parameter")
        return unit if unit or not isinstance(parameter, str) else self.others.get(parameter, {}).get("unit")

    def text(self, holder: Mapping[str, Any]) -> str:
        """The unit that applies to numbers in `holder`."""
        unit = holder.get("unit")
        return unit if isinstance(unit, str) else self.record_unit or ""

    def parse(self, text: str) -> Unit | None:
        """The unit, or None where it is unknown."""
        try:
            return parse_unit(text, self.own)
        except UnitError:
            return None

    def base(self, value: Any, text: str, *, width: bool = False) -> Fraction | None:
        """The value in base units, or None where that cannot be said; a width knows no zero point of its scale."""
        unit = self.parse(text)
        if unit is None or not isinstance(value, int | Decimal):
            return None
        try:
            return to_base(value, unit) - (unit.offset if width else 0)
        except UnitError:
            return None

    def same_unit(self, text: str, other: "Units", other_text: str) -> tuple[bool, bool]:
        """Whether values may have been rewritten exactly from one unit to the other; and whether both are one unit."""
        first, second = self.parse(text), other.parse(other_text)
        if first is None or second is None or first.dimension != second.dimension:
            return False, False
        return True, all(to_base(value, first) == to_base(value, second) for value in (0, 1))


class Reporter(Protocol):
    """What builds a change of the record compared."""

    old: Units
    new: Units

    def change(self, path: str, kind: ChangeKind, before: Any, after: Any, **more: Any) -> Change:
        """A change of the record at a field path."""

    def scale(self, path: str) -> Scale | None:
        """What a change of that field is held against, where there is such a thing."""


def _pair(
    walk: Reporter, old: Mapping[str, Any], new: Mapping[str, Any], key: str, *, width: bool = False
) -> tuple[Fraction | None, Fraction | None, bool]:
    """Both values in base units where dimensions agree, else as written; and whether they can be compared."""
    first, second = old.get(key), new.get(key)
    texts = walk.old.text(old), walk.new.text(new)
    if _dimension(walk, old, new) is not None:
        bases = walk.old.base(first, texts[0], width=width), walk.new.base(second, texts[1], width=width)
        return *bases, (first is None) == (bases[0] is None) and (second is None) == (bases[1] is None)
    unknown = walk.old.parse(texts[0]) is None and walk.new.parse(texts[1]) is None
    plain = (None if value is None else Fraction(value) for value in (first, second))
    return *plain, texts[0] == texts[1] and unknown  # type: ignore[return-value]  # two of them


def _dimension(walk: Reporter, old: Mapping[str, Any], new: Mapping[str, Any]) -> Dimension | None:
    """The dimension that both sides are of, or None where they are of different ones or a unit is unknown."""
    units = walk.old.parse(walk.old.text(old)), walk.new.parse(walk.new.text(new))
    same = units[0] and units[1] and units[0].dimension == units[1].dimension
    return units[0].dimension if units[0] and same else None


def _scale(walk: Reporter, path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Scale | None:
    """What the change is held against, if it is of the same dimension."""
    scale = walk.scale(path)
    return scale if scale is not None and scale.dimension == _dimension(walk, old, new) else None


def _has_ratios(walk: Reporter, old: Mapping[str, Any], *, width: bool) -> bool:
    """Whether a share of a value means something: not of a temperature in degrees, nor of a logarithm."""
    unit = walk.old.parse(walk.old.text(old))
    return unit is None or width or not (unit.offset or _LOGARITHMIC & {name for name, _ in unit.dimension})


def number_change(walk: Reporter, path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """The change of one number with its unit, if any."""
    before, after = old.get("value"), new.get("value")
    texts = {"unit_before": walk.old.text(old), "unit_after": walk.new.text(new)}
    same_text = str(before) == str(after)
    if same_text and texts["unit_before"] == texts["unit_after"] and old.get("unit") == new.get("unit"):
        return
    if before is None or after is None:
        direction: Direction = "added" if before is None else "removed"
        yield walk.change(path, "field_added" if before is None else "field_removed", before, after,
                          direction=direction, **texts)  # fmt: skip
        return
    width = path.rpartition(".")[2] in WIDTHS
    first, second, comparable = _pair(walk, old, new, "value", width=width)
    if not comparable or first is None or second is None:
        if not same_text or "unit" in old or "unit" in new:
            yield walk.change(path, "value_changed", before, after, **texts)
        return
    if first == second:
        if not same_text or "unit" in old or "unit" in new:
            digits = not same_text and before == after and texts["unit_before"] == texts["unit_after"]
            yield walk.change(path, "value_changed", before, after,
                              direction="precision only" if digits else "same value", **texts)  # fmt: skip
        return
    size = value_size(first, second, _scale(walk, path, old, new), ratio=_has_ratios(walk, old, width=width))
    yield walk.change(path, "value_changed", before, after, direction="increased" if second > first else "decreased",
                      **size.as_fields(), **texts)  # fmt: skip


def range_change(walk: Reporter, path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """The change of a range as a whole: which way it moved, by how much of its former width."""
    ends = ("low", "high", "low_inclusive", "high_inclusive", "unit")
    before = {key: old[key] for key in ends if old.get(key) is not None}
    after = {key: new[key] for key in ends if new.get(key) is not None}
    texts = {"unit_before": walk.old.text(old), "unit_after": walk.new.text(new)}
    numbers_before, numbers_after = before.keys() & {"low", "high"}, after.keys() & {"low", "high"}
    if not numbers_before and not numbers_after:
        return
    if not numbers_before or not numbers_after:
        kind: ChangeKind = "field_added" if not numbers_before else "field_removed"
        yield walk.change(path, kind, before or None, after or None,
                          direction="added" if not numbers_before else "removed", **texts)  # fmt: skip
        return
    if _as_written(before) == _as_written(after) and texts["unit_before"] == texts["unit_after"]:
        return
    direction, size = _range_direction(walk, path, old, new)
    digits = any(before.get(end) is not None and str(before[end]) != str(after.get(end)) for end in ("low", "high"))
    if direction == "same value" and digits and all(before.get(end) == after.get(end) for end in ("low", "high")):
        direction = "precision only" if texts["unit_before"] == texts["unit_after"] else direction
    yield walk.change(path, "range_changed", before, after, direction=direction, **size.as_fields(), **texts)


def _as_written(ends: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in ends.items()}


def _range_direction(
    walk: Reporter, path: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[Direction, Size]:
    low_before, low_after, comparable = _pair(walk, old, new, "low")
    high_before, high_after, also = _pair(walk, old, new, "high")
    if not (comparable and also):
        return "", Size()
    ends = (low_before, high_before), (low_after, high_after)
    size = range_size(*ends, _scale(walk, path, old, new), proven=path.endswith(f"ranges.{PROVEN}"))
    low = _moved(low_before, low_after, _closed(new, "low") - _closed(old, "low"), outward=-1)
    high = _moved(high_before, high_after, _closed(new, "high") - _closed(old, "high"), outward=1)
    if (low_after is not None and high_before is not None and low_after > high_before) or (
        high_after is not None and low_before is not None and high_after < low_before
    ):
        return "disjoint", size
    table: dict[tuple[int, int], Direction] = {(0, 0): "same value", (1, -1): "shifted", (-1, 1): "shifted"}
    direction = table.get((low, high)) or ("widened" if low + high > 0 else "tightened")
    return direction, size


def _closed(ends: Mapping[str, Any], end: str) -> bool:
    return ends.get(f"{end}_inclusive") is not False


def _moved(before: Any, after: Any, opened: int, *, outward: int) -> int:
    """1 where the end gives more room, -1 where it gives less, 0 where it stays; `opened` says it of the end itself."""
    if before == after:
        return opened if before is not None else 0
    if after is None:
        return 1
    if before is None:
        return -1
    return 1 if (after > before) == (outward > 0) else -1
