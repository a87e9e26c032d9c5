"""Units of measurement: parsing, exact conversion, and the package's own units.

Codes are UCUM or a listed alias (`unit_table`). Everything is a fraction: 30 min is 0.5 h exactly. Kinds of
quantity that UCUM would make the number 1 (pH, cells, percent of saturation) never convert into one another.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from typing import Final

from ttpack.model import unit_table
from ttpack.model.unit_syntax import (
    LONGEST_TEXT,
    Dimension,
    Unit,
    UnitError,
    UnknownUnit,
    exact_fraction,
    read_code,
)

__all__ = [
    "Dimension",
    "IncompatibleUnits",
    "Unit",
    "UnitDefinition",
    "UnitError",
    "UnknownUnit",
    "ValueOutOfReach",
    "convert",
    "decimal_text",
    "describe_dimension",
    "equal_quantities",
    "exact",
    "own_units",
    "parse_unit",
    "same_dimension",
    "to_base",
]

Number = Decimal | int | Fraction

LARGEST_POWER_OF_TEN: Final = 300
_SMALLEST_PLAIN_EXPONENT: Final = -6
_LONGEST_PLAIN_NUMBER: Final = 15
_LONGEST_CHAIN: Final = 16
_OWN_DIMENSION: Final = "own unit "
_SCIENTIFIC: Final = re.compile(r"1[eE]([+-]?[0-9]{1,3})(?: |(?=[/{])|$)")
_LOOKALIKES: Final = str.maketrans({"µ": "u", "μ": "u", "²": "2", "³": "3", "·": ".", "⋅": ".", "º": "°"})
_ANNOTATION: Final = re.compile(r"\{[^{}]*\}")
_CELLS_PER_VOLUME: Final = re.compile(r"(10\*[0-9]{1,2})(/[mu]?L)")


class IncompatibleUnits(UnitError):
    """Two units that measure different things."""

    def __init__(self, from_unit: Unit, to_unit: Unit) -> None:
        self.from_unit = from_unit
        self.to_unit = to_unit
        super().__init__(
            f"{from_unit.code} ({describe_dimension(from_unit)}) cannot be converted "
            f"to {to_unit.code} ({describe_dimension(to_unit)})"
        )


class ValueOutOfReach(UnitError):
    """A number that is not finite, or has more than 300 digits before or after the decimal point."""


@dataclass(frozen=True, slots=True)
class UnitDefinition:
    """A unit that a package declares for itself.

    With `base` it is `factor` times that unit. Without, it is of a dimension of its own, named by `dimension`
    (so that several own units may share one) or else by its code.
    """

    code: str
    aliases: tuple[str, ...] = ()
    dimension: str = ""
    factor: Decimal | int | Fraction = 1
    base: str = ""


_NO_OWN_UNITS: Final[Mapping[str, UnitDefinition]] = {}


def own_units(definitions: Iterable[UnitDefinition]) -> tuple[dict[str, UnitDefinition], list[tuple[str, str]]]:
    """The usable definitions by code and alias, as `own` takes them, and for each of the others its code and why.

    Not usable are a name that is taken, a factor that is not positive, and a base that is no unit or leads
    back to the definition.
    """
    named: dict[str, UnitDefinition] = {}
    problems: list[tuple[str, str]] = []
    for definition in definitions:
        taken = next(filter(None, (_name_problem(name, named) for name in (definition.code, *definition.aliases))), "")
        if taken:
            problems.append((definition.code, taken))
        else:
            named |= dict.fromkeys((definition.code, *definition.aliases), definition)
    unusable = {name: problem for name in named if (problem := _definition_problem(named[name], named))}
    problems += [(name, unusable[name]) for name in unusable if named[name].code == name]
    return {name: definition for name, definition in named.items() if name not in unusable}, problems


def _name_problem(name: str, named: Mapping[str, UnitDefinition]) -> str:
    if name in named:
        return f"{name!r} is defined twice"
    if not name.strip() or len(name) > LONGEST_TEXT:
        return f"a unit's name has 1 to {LONGEST_TEXT} characters"
    unit = _parse_catalogue(name)
    # a free annotation such as {bag} already counts itself; declaring it is what a package may do
    if isinstance(unit, Unit) and unit.dimension != ((name, 1),):
        return f"{name!r} is already a unit and cannot be given another meaning"
    return ""


def _definition_problem(definition: UnitDefinition, named: Mapping[str, UnitDefinition]) -> str:
    try:
        _OwnUnits(named).parse(definition.code)
    except UnitError as error:
        return str(error)
    return ""


def parse_unit(text: str, own: Mapping[str, UnitDefinition] = _NO_OWN_UNITS) -> Unit:
    """The unit that a text names; raises UnknownUnit with a hint. An empty text is the unit 1."""
    if own and len(text) <= LONGEST_TEXT and any(name in text for name in own):
        return _OwnUnits(own).parse(text)
    found = _parse_catalogue(text[: LONGEST_TEXT + 1])
    if isinstance(found, Unit):
        return found
    raise UnknownUnit(text, found)


def convert(value: Number, from_unit: Unit, to_unit: Unit) -> Fraction:
    """The value in another unit of the same dimension, exactly; raises IncompatibleUnits."""
    if from_unit.dimension != to_unit.dimension:
        raise IncompatibleUnits(from_unit, to_unit)
    return (to_base(value, from_unit) - to_unit.offset) / to_unit.factor


def to_base(value: Number, unit: Unit) -> Fraction:
    """The value in metres, grams, seconds, kelvin, moles, amperes and units that count themselves."""
    return exact(value) * unit.factor + unit.offset


def same_dimension(first: Unit, second: Unit) -> bool:
    """Whether values in the one can be expressed in the other."""
    return first.dimension == second.dimension


def equal_quantities(first: Number, first_unit: Unit, second: Number, second_unit: Unit) -> bool:
    """Whether two quantities are the same amount of the same thing: 30 min and 0.5 h are, 50 % and 50 %{sat} not."""
    return same_dimension(first_unit, second_unit) and to_base(first, first_unit) == to_base(second, second_unit)


def exact(value: Number) -> Fraction:
    """The number as a fraction; raises ValueOutOfReach. A float is refused: it has already lost its digits."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise TypeError(f"a quantity is a decimal, an integer or a fraction, not {type(value).__name__}")
    if isinstance(value, int):
        in_reach = abs(value) < 10**LARGEST_POWER_OF_TEN
    else:
        exponent = value.as_tuple().exponent
        in_reach = (
            isinstance(exponent, int) and exponent >= -LARGEST_POWER_OF_TEN and value.adjusted() <= LARGEST_POWER_OF_TEN
        )
    if not in_reach:
        raise ValueOutOfReach("a quantity is finite and has at most 300 digits before and after the decimal point")
    return Fraction(value)


def decimal_text(value: Fraction, digits: int) -> str:
    """The value rounded half to even to that many significant digits, without trailing zeros.

    Numbers under 1e-6 or too long for their digits are written `1.5e-13`.
    """
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=-9999, Emax=9999)
    rounded = context.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(context)
    if rounded.is_zero():
        return "0"
    if _SMALLEST_PLAIN_EXPONENT <= rounded.adjusted() < max(digits, _LONGEST_PLAIN_NUMBER):
        return f"{rounded:f}"
    return f"{rounded:e}".replace("e+", "e")


def describe_dimension(unit: Unit) -> str:
    """What the unit measures in words: "a percentage of saturation"."""
    if not unit.dimension and unit.code != "1":
        return "a plain percentage" if unit.code == "%" else "a plain ratio"
    words = _dimension_words().get(unit.dimension)
    if words:
        return words
    if len(unit.dimension) == 1 and unit.dimension[0][1] == 1:
        name = unit.dimension[0][0].removeprefix(_OWN_DIMENSION)
        return f"a percentage of {name[5:]}" if name.startswith("% of ") else f"a number of {name}"
    parts = (name if power == 1 else f"{name}^{power}" for name, power in unit.dimension)
    return f"measured in {' x '.join(parts)}"


@lru_cache(maxsize=1)
def _dimension_words() -> dict[Dimension, str]:
    return {parse_unit(code).dimension: words for code, words in unit_table.WORDS.items()}


def _normalised(text: str) -> str:
    """The text with look-alike characters, `1e6` and `10^6`, and whole-text aliases written as UCUM."""
    plain = text.strip().translate(_LOOKALIKES).replace("10^", "10*")
    if scientific := _SCIENTIFIC.match(plain):
        rest = plain[scientific.end() :]
        rest = re.sub(r"^(cells?)(?![A-Za-z])", r"{\1}", rest)
        dot = "" if not rest or rest[0] in "/{" else "."
        plain = f"10*{int(scientific[1])}{dot}{rest}"
    if per_volume := _CELLS_PER_VOLUME.fullmatch(plain):
        return f"{per_volume[1]}{{cells}}{per_volume[2]}"
    return unit_table.TEXT_ALIASES.get(plain, plain)


def _temperature(code: str) -> Unit | None:
    """The temperature unit of a code or its alias; None for anything else, differences included."""
    name = unit_table.ATOM_ALIASES.get(code, code)
    if name not in unit_table.TEMPERATURES:
        return None
    factor, offset = unit_table.TEMPERATURES[name]
    return Unit(name, (("temperature", 1),), exact_fraction(factor), exact_fraction(offset))


@lru_cache(maxsize=4096)
def _parse_catalogue(text: str) -> Unit | str:
    """The unit, or the hint why there is none: failures are remembered too, a package repeats its mistakes."""
    if len(text) > LONGEST_TEXT:
        return f"a unit has at most {LONGEST_TEXT} characters"
    plain = _normalised(text)
    if plain in unit_table.HINTS:
        return unit_table.HINTS[plain]
    if plain.isdigit() and plain != "1":
        return "a number is not a unit"
    try:
        return _temperature(plain) or _checked(read_code(plain))
    except UnknownUnit as unknown:
        return _hint(plain, unknown.hint)


def _checked(unit: Unit) -> Unit:
    """Refuses a temperature in disguise, such as `(Cel)`: whether it is a difference must be visible."""
    lone = unit.dimension == (("temperature difference", 1),)
    if lone and "{diff}" not in unit.code and re.search(r"Cel|degF", unit.code):
        raise UnknownUnit(unit.code, "write Cel for a temperature, Cel{diff} or K for a difference")
    return unit


def _hint(text: str, reason: str) -> str:
    """What to write instead: the reader's own reason unless a simpler one, or a similar name, is at hand."""
    if " " in _ANNOTATION.sub("", text):
        return "a remark is not a unit" if text.startswith("(") else "a unit has no spaces, as in 10*6{cells}/mL"
    if reason:
        return reason
    known = _known_names()
    folded = known.get(text.casefold())
    if folded:
        return f"did you mean {folded}?"
    if len(text) <= 16:  # noqa: PLR2004 - longer texts are products, and the search is slow
        near = get_close_matches(text.casefold(), known, n=1, cutoff=0.75)
        return f"did you mean {known[near[0]]}?" if near else "it is neither UCUM nor a listed alias"
    return "it is neither UCUM nor a listed alias"


@lru_cache(maxsize=1)
def _known_names() -> dict[str, str]:
    names = (
        *unit_table.WORDS,
        *unit_table.BASE_UNITS,
        *unit_table.DEFINED_UNITS,
        *unit_table.ATOM_ALIASES,
        *unit_table.TEXT_ALIASES,
        *("mL", "mg/mL", "kPa", "mS/cm", "mmol/L", "10*6{cells}/mL", "cm", "mm", "kg", "mg", "cm/h", "L/min"),
    )
    return {name.casefold(): name for name in names if len(name) > 1}


class _OwnUnits:
    """The package's units as far as one text needs them: each resolved once, a circle noticed."""

    def __init__(self, definitions: Mapping[str, UnitDefinition]) -> None:
        self._definitions = definitions
        self._resolved: dict[str, Unit] = {}
        self._pending: set[str] = set()

    def parse(self, text: str) -> Unit:
        """The unit of a text in which own units may occur."""
        if text in self._definitions:
            return self._unit(self._definitions[text])
        plain = _normalised(text)
        used = {name: self._unit(self._definitions[name]) for name in self._definitions if name in plain}
        try:
            return _temperature(plain) or _checked(read_code(plain, used))
        except UnknownUnit as unknown:
            raise UnknownUnit(text, _hint(plain, unknown.hint)) from None

    def _unit(self, definition: UnitDefinition) -> Unit:
        code = definition.code
        if code not in self._resolved:
            if code in self._pending:
                raise UnitError(f"the definition of {code!r} leads back to itself")
            if len(self._pending) >= _LONGEST_CHAIN:
                raise UnitError(f"{code!r} is defined through more than {_LONGEST_CHAIN} other units")
            self._pending.add(code)
            self._resolved[code] = self._defined(definition)
            self._pending.remove(code)
        return self._resolved[code]

    def _defined(self, definition: UnitDefinition) -> Unit:
        code, factor = definition.code, exact(definition.factor)
        if factor <= 0:
            raise UnitError(f"the factor of {code!r} must be more than zero")
        if not definition.base:
            return Unit(code, ((f"{_OWN_DIMENSION}{definition.dimension or code}", 1),), factor)
        base = self.parse(definition.base)
        if base.offset:
            raise UnitError(f"{code!r} cannot be a multiple of the temperature {base.code}; use K")
        factor *= base.factor
        if max(factor.numerator, factor.denominator) > 10**LARGEST_POWER_OF_TEN:
            raise UnitError(f"the factor of {code!r} is out of reach")
        return Unit(code, base.dimension, factor)
