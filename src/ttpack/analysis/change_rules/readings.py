"""A parameter as one revision has it, in general or at one site: set point, ranges, class, as exact intervals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.sides import NOTHING, Raw, Sides, State
from ttpack.analysis.intervals import Interval, Units, in_unit
from ttpack.model.ids import overlay_parts
from ttpack.model.status import OUT_OF_FORCE

Movement = Literal["none", "same", "added", "removed", "widened", "tightened", "shifted", "unknown"]
SETPOINT_FIELDS: Final = ("setpoint", "target", "setpoint_criterion")
NORMAL, PROVEN, TARGET = "normal_operating", "proven_acceptable", "target"


@dataclass(frozen=True, slots=True)
class Given:
    """A value or range as written, with its unit; `words` is a named criterion where there is no number."""

    low: Decimal | int | None = None
    high: Decimal | int | None = None
    low_inclusive: bool = True
    high_inclusive: bool = True
    unit: str = ""
    words: str = ""
    own: Units = field(default_factory=dict, compare=False)

    @property
    def numeric(self) -> bool:
        """Whether at least one end is a number."""
        return self.low is not None or self.high is not None

    @property
    def empty(self) -> bool:
        """Whether no number lies between the ends."""
        found = self.within(self.unit)
        return found is not None and found.empty

    def within(self, unit: str) -> Interval | None:
        """The interval in a unit; None without numbers, or where it cannot be expressed in that unit."""
        if not self.numeric:
            return None
        ends = []
        for end in (self.low, self.high):
            converted = None if end is None else in_unit(Decimal(end), self.unit, unit, self.own)
            if end is not None and converted is None:
                return None
            ends.append(converted)
        return Interval(ends[0], ends[1], self.low_inclusive, self.high_inclusive)


def inside(inner: Given | None, outer: Given | None) -> bool | None:
    """Whether a range lies inside another, ends and open sides included; None where that cannot be said."""
    if inner is None or outer is None:
        return None
    first, second = inner.within(outer.unit), outer.within(outer.unit)
    if first is None or second is None:
        return True if inner.words and inner.words == outer.words and not (inner.numeric or outer.numeric) else None
    return not _passes(first, second, "low") and not _passes(first, second, "high")


def _passes(inner: Interval, outer: Interval, end: Literal["low", "high"]) -> bool:
    limit, value = getattr(outer, end), getattr(inner, end)
    if limit is None:
        return False
    if value is None:
        return True
    if value == limit:
        return bool(getattr(inner, f"{end}_inclusive") and not getattr(outer, f"{end}_inclusive"))
    return bool(value < limit if end == "low" else value > limit)


def movement(before: Given | None, after: Given | None) -> Movement:
    """Which way a range went; `unknown` where the two cannot be compared."""
    if before is None or after is None:
        return "none" if before is after else "added" if before is None else "removed"
    kept, covered = inside(after, before), inside(before, after)
    if kept is None or covered is None or after.empty:
        return "unknown"
    table: dict[tuple[bool, bool], Movement] = {
        (True, True): "same", (True, False): "tightened", (False, True): "widened", (False, False): "shifted",
    }  # fmt: skip
    way = table[kept, covered]
    return "unknown" if way == "same" and before.words != after.words else way


def number(value: Any) -> Decimal | int | None:
    """A number as written, or None."""
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def given_range(raw: Any, unit: str, own: Units) -> Given | None:
    """A range as written in a record; None where it says nothing."""
    if not isinstance(raw, Mapping):
        return None
    words = raw.get("criterion")
    found = Given(
        number(raw.get("low")), number(raw.get("high")),
        raw.get("low_inclusive") is not False, raw.get("high_inclusive") is not False,
        raw["unit"] if isinstance(raw.get("unit"), str) else unit, words if isinstance(words, str) else "", own,
    )  # fmt: skip
    return found if found.numeric or found.words else None


def given_value(value: Any, unit: str, own: Units) -> Given | None:
    """A number, or a mapping of value and unit, as a range of one point; None where there is none."""
    if isinstance(value, Mapping):
        unit = value["unit"] if isinstance(value.get("unit"), str) else unit
        value = value.get("value")
    found = number(value)
    return None if found is None else Given(found, found, unit=unit, own=own)


@dataclass(frozen=True, slots=True)
class Reading:
    """A parameter on one side; `site` is the overlay that stands over it at the site asked about, if any."""

    general: Raw
    site: Raw
    own: Units

    @property
    def there(self) -> bool:
        """Whether the general parameter is known on this side."""
        return bool(self.general)

    @property
    def unit(self) -> str:
        """The unit of the general record."""
        unit = self.general.get("unit")
        return unit if isinstance(unit, str) else ""

    def _layers(self) -> Iterator[tuple[Raw, str]]:
        """What may say a field, the strongest first, each with its unit."""
        inner = self.site.get("override")
        inner = inner if isinstance(inner, Mapping) else NOTHING
        unit = next((raw["unit"] for raw in (self.site, inner) if isinstance(raw.get("unit"), str)), self.unit)
        yield self.site, unit
        yield inner, unit
        yield self.general, self.unit

    def aim(self) -> Given | None:
        """The set point, else the target, else the range aimed at, else a criterion in words."""
        for raw, unit in self._layers():
            found = given_value(raw.get("setpoint"), unit, self.own)
            if found is not None:
                return found
        target = given_value(self.general.get("target"), self.unit, self.own)
        words = self.general.get("setpoint_criterion")
        return target or self.range(TARGET) or (Given(words=words) if isinstance(words, str) else None)

    def range(self, name: str) -> Given | None:
        """A range of a kind; an overlay replaces it whole."""
        top = self.site.get("ranges")
        for raw, unit in self._layers():
            ranges = raw.get("ranges")
            if raw is not self.site and raw is not self.general and isinstance(top, Mapping) and top:
                continue
            found = given_range(ranges.get(name), unit, self.own) if isinstance(ranges, Mapping) else None
            if found is not None:
                return found
        return None


def reading(state: State, record: str, overlay: str | None = None) -> Reading:
    """A parameter of a revision; with an overlay, as it is at its site."""
    site = state.get(overlay) if overlay else NOTHING
    return Reading(state.get(record), NOTHING if site.get("status") in OUT_OF_FORCE else site, state.side.own_units)


def readings(change: Change, sides: Sides) -> tuple[Reading, Reading]:
    """The parameter that a change is about, before and after; at its site where an overlay changed."""
    overlay = change.record if overlay_parts(change.record)[1] else None
    return both_readings(sides.base(change.record), overlay, sides)


def both_readings(record: str, overlay: str | None, sides: Sides) -> tuple[Reading, Reading]:
    """A parameter before and after, whichever of its ids is given."""
    former, present = sides.former_ids, sides.present_ids
    return (
        reading(sides.before, former.get(record, record), former.get(overlay, overlay) if overlay else None),
        reading(sides.after, present.get(record, record), present.get(overlay, overlay) if overlay else None),
    )
