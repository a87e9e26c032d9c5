"""What a site states about something that other sites have too, and the values it states, ready to be compared."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar, cast

from ttpack.analysis.intervals import Units, range_text, unit_or_none, value_text
from ttpack.model.package import Package
from ttpack.model.quantity import InputQuantity, Range, digits
from ttpack.model.quantity_kinds import ABSOLUTE_KELVIN, KELVIN, TEMPERATURE
from ttpack.model.unit_symbols import unit_symbol
from ttpack.model.units import Unit, UnitError, exact, parse_unit, to_base

Key = tuple[object, ...]
Found = TypeVar("Found")
NOT_STATED = "not stated"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Value:
    """A value in words, as its author wrote it, and a key that is equal for equal values in whatever unit."""

    text: str
    key: Key


@dataclass(frozen=True, slots=True)
class OwnApproval:
    """What a record itself says about its difference from other sites; `lacks` is empty where nothing is missing."""

    record: str
    reason: str
    approvers: tuple[str, ...]
    expires: date | None
    lacks: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a statement. `place` is where the record holds it, where that is not its name.

    `whole` is false where a site without a value has said elsewhere that it has none.
    """

    name: str
    label: str
    value: Value | None
    place: str = ""
    approvals: tuple[OwnApproval, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """What statements of several sites are about: what pairs them, and the record that all of them serve, if any.

    `whole` is false where a site without a statement about it has said so elsewhere.
    """

    key: Key
    label: str
    record: str | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Statement:
    """What one record says about a subject, for all the sites it holds at."""

    subject: Subject
    sites: tuple[str, ...]
    record: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Asked:
    """The package, the sites compared (in the order asked for), and one pairing of their equipment for all families."""

    package: Package
    sites: tuple[str, ...]
    remembered: dict[str, object] = field(default_factory=dict)

    @property
    def own(self) -> Units:
        """The package's own units."""
        return self.package.own_units

    def among(self, site: str | None) -> bool:
        """Whether a record of that site is compared."""
        return site is not None and site in self._known

    @property
    def _known(self) -> frozenset[str]:
        return self.once("sites", lambda: frozenset(self.sites))

    def once(self, name: str, find: Callable[[], Found]) -> Found:
        """What `find` gives, found at the first time it is asked for by that name."""
        if name not in self.remembered:
            self.remembered[name] = find()
        return cast("Found", self.remembered[name])


def collapsed(text: str) -> str:
    """Text with each run of white space as one space."""
    return " ".join(text.split())


def text_value(text: str | None) -> Value | None:
    """Words, compared as they are written but for white space; nothing where there are none."""
    plain = collapsed(text or "")
    return Value(plain, ("text", plain)) if plain else None


def code_value(text: str | None) -> Value | None:
    """A code, compared without regard to case."""
    plain = collapsed(text or "")
    return Value(plain.replace("_", " "), ("code", plain.casefold())) if plain else None


def flag_value(*, given: bool | None) -> Value | None:
    """Yes or no."""
    return None if given is None else Value("yes" if given else "no", ("flag", given))


def codes_value(given: Iterable[str]) -> Value | None:
    """A set of codes, whatever their order."""
    found = {collapsed(one).casefold(): collapsed(one) for one in given if one.strip()}
    return Value("; ".join(found[name] for name in sorted(found)), ("codes", *sorted(found))) if found else None


def number_value(given: Decimal | int | None) -> Value | None:
    """A number without a unit."""
    if given is None:
        return None
    text = digits(given) if isinstance(given, Decimal) else str(given)
    return Value(text, ("number", *_scale(None, None), *_number(given, None)))


def quantity_value(given: InputQuantity | None, own: Units, *, width: bool = False) -> Value | None:
    """A quantity; with `width` a distance on its scale, such as an accuracy, so that 0.1 K is 0.1 on one of Cel."""
    if given is None:
        return None
    unit = _unit(given.unit, own, width=width)
    return Value(
        value_text(given.value, given.unit), ("number", *_scale(given.unit, unit), *_number(given.value, unit))
    )


def measured(value: Decimal | None, unit: str | None, own: Units) -> Value | None:
    """A number in the unit of its record."""
    if value is None:
        return None
    if not unit:
        return number_value(value)
    return quantity_value(InputQuantity(value=value, unit=unit), own)


def range_value(given: Range | None, unit: str | None, own: Units) -> Value | None:
    """A range with its ends in base units, or its criterion in words."""
    if given is None:
        return None
    if not given.numeric:
        return text_value(given.criterion)
    stated = given.unit or unit
    found = _unit(stated, own) if stated else None
    ends = (
        _end(given.low, found, inclusive=given.low_inclusive), _end(given.high, found, inclusive=given.high_inclusive),
    )  # fmt: skip
    return Value(range_text(given, unit), ("range", *_scale(stated, found), *ends))


def unit_value(text: str | None, own: Units) -> Value | None:
    """A unit by what it measures and its size, so that two names of one unit are equal."""
    plain = collapsed(text or "")
    if not plain:
        return None
    unit = unit_or_none(plain, own)
    if unit is None:
        return Value(plain, ("unit", plain))
    return Value(unit_symbol(unit.code) or plain, ("unit", unit.dimension, unit.factor, unit.offset))


def parsed_quantity(text: str, own: Units) -> Value | None:
    """A text such as `10 d` as a quantity; None where it is no number with a unit."""
    number, _, unit = collapsed(text).partition(" ")
    try:
        value = Decimal(number)
    except ArithmeticError:
        return None
    return number_value(value) if not unit else quantity_value(InputQuantity(value=value, unit=unit), own)


def no_fields(statement: Statement) -> bool:
    """Whether a statement says nothing but that it is there."""
    return all(one.value is None for one in statement.fields)


def convertible(first: Key, second: Key) -> bool:
    """Whether two numbers or ranges measure the same, so that one could be told in the unit of the other."""
    return first[:2] == second[:2] or first[0] not in ("number", "range") or first[0] != second[0]


@lru_cache(maxsize=4096)
def _catalogue_unit(text: str, *, width: bool) -> Unit | None:
    return _resolved(text, {}, width=width)


def _unit(text: str | None, own: Units, *, width: bool = False) -> Unit | None:
    if not text:
        return None
    return _resolved(text, own, width=width) if own else _catalogue_unit(text, width=width)


def _resolved(text: str, own: Units, *, width: bool) -> Unit | None:
    unit = unit_or_none(text, own)
    if unit is None:
        return None
    if width and unit.dimension == TEMPERATURE:
        return Unit(KELVIN, parse_unit(KELVIN).dimension, unit.factor)
    if not width and unit.code == KELVIN:
        return parse_unit(ABSOLUTE_KELVIN)
    return unit


def _scale(text: str | None, unit: Unit | None) -> tuple[object, ...]:
    return (unit.dimension,) if unit else (collapsed(text or ""),)


@lru_cache(maxsize=1 << 14)
def _number(value: Decimal | int, unit: Unit | None) -> tuple[object, ...]:
    """Remembered, as many sites state the same numbers."""
    try:
        return (to_base(value, unit) if unit else exact(value),)
    except UnitError:
        return ("as written", str(value))


def _end(value: Decimal | None, unit: Unit | None, *, inclusive: bool) -> tuple[object, ...]:
    return () if value is None else (*_number(value, unit), inclusive)
