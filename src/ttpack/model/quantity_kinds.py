"""What a value is a value of: the units that fit it and the window it can physically lie in (QTY-02, QTY-04)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from typing import Final

from ttpack.model.quantity_kind_table import ROWS
from ttpack.model.units import (
    DefinesUnit,
    Dimension,
    Number,
    Unit,
    UnitError,
    UnknownUnit,
    ValueOutOfReach,
    convert,
    decimal_text,
    describe_dimension,
    parse_unit,
)

__all__ = [
    "QUANTITY_KINDS",
    "QuantityKind",
    "Window",
    "plausibility_problem",
    "quantity_kind",
    "unit_problem",
]

ANY_UNIT: Final = "other"
"""The kind of what no listed kind describes: any unit fits, nothing is implausible."""

_ROTATION_KINDS: Final = frozenset({"agitation_rate", "centrifuge_speed", "pump_speed", ANY_UNIT})
_NO_OWN_UNITS: Final[Mapping[str, DefinesUnit]] = {}
TEMPERATURE: Final = (("temperature", 1),)
KELVIN: Final = "K"
"""In UCUM both a temperature and a difference; alone it is a difference, for a kind of temperature a temperature."""
ABSOLUTE_KELVIN: Final = "K{abs}"
_PARTS_OF_ONE: Final = frozenset({"%", "[ppth]", "[ppm]", "[ppb]", "[pptr]"})


@dataclass(frozen=True, slots=True)
class Window:
    """The plausible values in one unit, ends included."""

    unit: str
    low: Decimal
    high: Decimal

    @property
    def dimension(self) -> Dimension:
        """What the unit measures."""
        return parse_unit(self.unit).dimension


@dataclass(frozen=True, slots=True)
class QuantityKind:
    """A kind of quantity. `words` is what a person calls it; `basis` is why the windows are as they are."""

    name: str
    words: str
    windows: tuple[Window, ...]
    basis: str
    synonyms: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """The usual unit; empty for the kind `other`."""
        return self.windows[0].unit if self.windows else ""

    @property
    def low(self) -> Decimal | None:
        """Lowest plausible value in the usual unit."""
        return self.windows[0].low if self.windows else None

    @property
    def high(self) -> Decimal | None:
        """Highest plausible value in the usual unit."""
        return self.windows[0].high if self.windows else None

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions in which it may be stated, the usual one first; empty if any may be."""
        return tuple(window.dimension for window in self.windows)


def _window(unit: str, low: str, high: str) -> Window:
    return Window(unit, Decimal(low), Decimal(high))


QUANTITY_KINDS: Final[Mapping[str, QuantityKind]] = {
    **{
        name: QuantityKind(name, words, tuple(_window(*window) for window in windows), basis, synonyms)
        for name, words, windows, basis, synonyms in ROWS
    },
    ANY_UNIT: QuantityKind(ANY_UNIT, "a quantity of its own", (), "a package's own kind of quantity", ("own",)),
}
"""Every kind by its name."""

_BY_SYNONYM: Final = {synonym: kind for kind in QUANTITY_KINDS.values() for synonym in kind.synonyms}


def quantity_kind(name: str) -> QuantityKind | None:
    """The kind of that name or synonym (`vcd`, `transmembrane_pressure`); None if there is none."""
    return QUANTITY_KINDS.get(name) or _BY_SYNONYM.get(name)


def unit_problem(kind_name: str, unit: str, own: Mapping[str, DefinesUnit] = _NO_OWN_UNITS) -> str | None:
    """Why a unit does not fit a quantity kind, in a sentence, or None.

    An unknown kind and an unknown unit are problems here too; a rule that reports those elsewhere asks
    `quantity_kind` and `parse_unit` first.
    """
    kind = quantity_kind(kind_name)
    if kind is None:
        return _unknown_kind(kind_name)
    if own:
        return _unit_problem(kind, unit, own)
    return _known_unit_problem(kind.name, unit)


def plausibility_problem(
    kind_name: str, value: Number, unit: str, own: Mapping[str, DefinesUnit] = _NO_OWN_UNITS
) -> str | None:
    """Why a value cannot be, in a sentence, or None. None also where kind and unit already do not fit."""
    kind = quantity_kind(kind_name)
    if kind is None:
        return None
    try:
        given = _in_context(kind, parse_unit(unit, own))
        for window in kind.windows:
            wanted = parse_unit(window.unit)
            if wanted.dimension == given.dimension:
                return _outside(kind, window, value, given, wanted)
    except UnknownUnit:
        return None
    except ValueOutOfReach as error:
        return str(error)
    return None


def _outside(kind: QuantityKind, window: Window, value: Number, given: Unit, wanted: Unit) -> str | None:
    as_stated = (given.factor, given.offset) == (wanted.factor, wanted.offset)
    if as_stated and isinstance(value, Decimal) and value.is_finite() and window.low <= value <= window.high:
        return None  # nearly every value of a package: no fractions needed
    converted = convert(value, given, wanted)
    if window.low <= converted <= window.high:
        return None
    same = "" if given.code == wanted.code else f" (from {given.code.removesuffix('{abs}')})"
    stated = _with_unit(decimal_text(converted, 6), window.unit)
    low, high = (decimal_text(Fraction(end), 6) for end in (window.low, window.high))
    return (
        f"{stated}{same} is not plausible: {kind.words} lies between {low} and "
        f"{_with_unit(high, window.unit)} ({kind.basis})"
    )


def _with_unit(number: str, unit: str) -> str:
    return number if unit == "1" else f"{number} {unit}"


@lru_cache(maxsize=2048)
def _known_unit_problem(kind_name: str, unit: str) -> str | None:
    return _unit_problem(QUANTITY_KINDS[kind_name], unit, _NO_OWN_UNITS)


def _unit_problem(kind: QuantityKind, text: str, own: Mapping[str, DefinesUnit]) -> str | None:
    try:
        unit = parse_unit(text, own)
    except UnitError as error:
        return str(error)
    if not kind.windows:
        return None
    unit = _in_context(kind, unit)
    if kind.name == "pass_fail" and not unit.dimension:
        return None
    reason = _misfit(kind, unit, text)
    if reason is None:
        return None
    units = " or ".join(window.unit for window in kind.windows)
    plain = {"1": "is a plain number without a unit", "{pass/fail}": "is a plain result without a unit"}
    measured = plain.get(units, f"is measured in {units}")
    return f"{kind.words} {measured}; {reason}"


def _in_context(kind: QuantityKind, unit: Unit) -> Unit:
    """The unit as the kind means it: K of a temperature is absolute."""
    return parse_unit(ABSOLUTE_KELVIN) if unit.code == KELVIN and TEMPERATURE in kind.dimensions else unit


def _misfit(kind: QuantityKind, unit: Unit, text: str) -> str | None:
    if unit.dimension not in kind.dimensions:
        return f"{text or 'a bare number'} is {describe_dimension(unit)}" if text.strip() else "no unit is given"
    if "{rpm}" in unit.code and kind.name not in _ROTATION_KINDS:
        return f"{text} counts revolutions"
    if unit.code in _PARTS_OF_ONE and all(not window.dimension and window.unit == "1" for window in kind.windows):
        return f"{text} is {describe_dimension(unit)}"
    if not text.strip() and all(window.unit != "1" for window in kind.windows):
        return "no unit is given"
    return None


def _unknown_kind(name: str) -> str:
    near = get_close_matches(name, [*QUANTITY_KINDS, *_BY_SYNONYM], n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}?" if near else f"use {ANY_UNIT} for what is in no list"
    return f"{name[:64]!r} is no quantity kind: {hint}"
