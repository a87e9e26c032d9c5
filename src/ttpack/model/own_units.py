"""Units that a package declares for itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

from ttpack.model.exact_number import LARGEST_POWER_OF_TEN, Number, ValueOutOfReach, exact
from ttpack.model.unit_syntax import LONGEST_TEXT, Unit, UnitError, UnknownUnit, read_code
from ttpack.model.unit_text import (
    OWN_DIMENSION,
    catalogue_unit,
    checked,
    describe_dimension,
    hint,
    normalised,
    temperature,
)

_LONGEST_CHAIN: Final = 16
_PHYSICAL: Final = frozenset({
    "length", "mass", "time", "temperature", "temperature difference", "amount of substance", "electric current",
})  # fmt: skip


class DefinesUnit(Protocol):
    """A unit that a package declares for itself; the record of that kind has these fields.

    With `base_unit` it is `factor` times that unit. Without, it is of a dimension of its own, named by
    `dimension` (so that several own units may share one) or else by its code.
    """

    @property
    def code(self) -> str:
        """Code by which quantities name it."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names."""

    @property
    def dimension(self) -> str | None:
        """Name of a dimension of its own."""

    @property
    def base_unit(self) -> str | None:
        """Unit it is a multiple of."""

    @property
    def factor(self) -> Number | None:
        """How many base units one is; 1 if not said."""


@dataclass(frozen=True, slots=True)
class UnitDefinition:
    """A declared unit where there is no record of it."""

    code: str
    aliases: tuple[str, ...] = ()
    dimension: str | None = None
    base_unit: str | None = None
    factor: Number | None = None


def own_units(definitions: Iterable[DefinesUnit]) -> tuple[dict[str, DefinesUnit], list[tuple[str, str]]]:
    """The usable definitions by code and alias, as `own` takes them, and for each of the others its code and why.

    Not usable are a name that has another meaning, a factor that is not positive, and a base that is no unit or
    leads back to the definition. Declaring what the catalogue already knows (`X`, `{CV}`) is no mistake.
    """
    named: dict[str, DefinesUnit] = {}
    problems: list[tuple[str, str]] = []
    for definition in definitions:
        names = (definition.code, *definition.aliases)
        known = next((unit for unit in map(_known, names) if unit is not None), None)
        usable = definition if known is None else UnitDefinition(definition.code, base_unit=known.code)
        taken = next(filter(None, (_name_problem(name, definition, known, named) for name in names)), "")
        if taken:
            problems.append((definition.code, taken))
        else:
            named |= {name: usable for name in names if _known(name) is None}
    unusable = {name: problem for name in named if (problem := _definition_problem(named[name], named))}
    problems += [(name, unusable[name]) for name in unusable if named[name].code == name]
    return {name: definition for name, definition in named.items() if name not in unusable}, problems


def _known(name: str) -> Unit | None:
    """What a name means without the package; a free annotation such as {bag} means nothing until it is declared."""
    unit = catalogue_unit(name)
    return unit if isinstance(unit, Unit) and unit.dimension != ((name, 1),) else None


def _name_problem(name: str, definition: DefinesUnit, known: Unit | None, named: Mapping[str, DefinesUnit]) -> str:
    """Why a declared name cannot be used; `known` is what the catalogue takes the definition for."""
    if name in named:
        return f"{name!r} is defined twice"
    if not name.strip() or len(name) > LONGEST_TEXT:
        return f"a unit's name has 1 to {LONGEST_TEXT} characters"
    unit = _known(name)
    if unit is None or known is None:
        return ""
    if definition.base_unit:
        base = catalogue_unit(definition.base_unit)
        same = isinstance(base, Unit) and (
            base.dimension == unit.dimension and base.factor * _factor(definition) == unit.factor
        )
    else:
        same = any(part not in _PHYSICAL for part, _ in unit.dimension)
    if same and (unit.dimension, unit.factor) == (known.dimension, known.factor):
        return ""
    return f"{name!r} is already {describe_dimension(unit)} ({unit.code}) and cannot be given another meaning"


def _factor(definition: DefinesUnit) -> Fraction:
    """The factor, exactly; zero, which no unit has, where it is out of reach."""
    try:
        return exact(1 if definition.factor is None else definition.factor)
    except ValueOutOfReach:
        return Fraction(0)


def _definition_problem(definition: DefinesUnit, named: Mapping[str, DefinesUnit]) -> str:
    try:
        OwnUnits(named).define(definition)
    except UnitError as error:
        return str(error)
    return ""


class OwnUnits:
    """The package's units as far as one text needs them: each resolved once, a circle noticed."""

    def __init__(self, definitions: Mapping[str, DefinesUnit]) -> None:
        self._definitions = definitions
        self._resolved: dict[str, Unit] = {}
        self._pending: set[str] = set()

    def parse(self, text: str) -> Unit:
        """The unit of a text in which own units may occur."""
        if text in self._definitions:
            return self.define(self._definitions[text])
        plain = normalised(text)
        used = {name: self.define(self._definitions[name]) for name in self._definitions if name in plain}
        try:
            return temperature(plain) or checked(read_code(plain, used))
        except UnknownUnit as unknown:
            raise UnknownUnit(text, hint(plain, unknown.hint)) from None

    def define(self, definition: DefinesUnit) -> Unit:
        """The unit of a definition; raises UnitError where it cannot be."""
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

    def _defined(self, definition: DefinesUnit) -> Unit:
        code, factor = definition.code, _factor(definition)
        if factor <= 0:
            raise UnitError(f"the factor of {code!r} must be a number of more than zero")
        if not definition.base_unit:
            return Unit(code, ((f"{OWN_DIMENSION}{definition.dimension or code}", 1),), factor)
        base = self.parse(definition.base_unit)
        if base.offset:
            raise UnitError(f"{code!r} cannot be a multiple of the temperature {base.code}; use K")
        factor *= base.factor
        if max(factor.numerator, factor.denominator) > 10**LARGEST_POWER_OF_TEN:
            raise UnitError(f"the factor of {code!r} is out of reach")
        return Unit(code, base.dimension, factor)
