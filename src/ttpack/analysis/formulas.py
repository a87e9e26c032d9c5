"""The catalogue of formulas: each with its inputs in named units, where it holds, and who published it.

Inputs are converted to the formula's units as exact fractions; roots, logarithms and powers are computed to forty
significant digits. Outside its range a formula gives no value, only the reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, reduce
from importlib import import_module
from typing import Final

from ttpack.analysis.intervals import NO_OWN_UNITS, Units
from ttpack.model.units import Dimension, Unit, UnitError, convert, describe_dimension, exact, parse_unit, to_base

PRECISION: Final = 40
"""Significant digits of roots, logarithms and powers."""
PI: Final = Fraction(Decimal("3.14159265358979323846264338327950288419716939937511"))
_LARGEST: Final = Fraction(10**60)
FORMULA_MODULES: Final = (
    "column_formulas", "culture_formulas", "filtration_formulas", "gas_formulas", "mixing_formulas",
    "separation_formulas",
)  # fmt: skip
"""One module for each subject, each with its FORMULAS."""

Inputs = Mapping[str, Fraction]
Given = Mapping[str, tuple[Decimal | Fraction, str]]


class NotEvaluated(Exception):
    """Why a formula gave no value. `outside` is true where its range, not its author, is the reason."""

    def __init__(self, reason: str, *, outside: bool = False, about: str = "") -> None:
        self.reason = reason
        self.outside = outside
        self.about = about
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Result:
    """A computed value in base units, with what it measures: one dimension, or several ways to state it."""

    base: Fraction
    dimensions: tuple[Dimension, ...]

    def in_unit(self, unit: Unit) -> Fraction:
        """The value in a unit. Raises NotEvaluated where the formula gives something else."""
        if unit.dimension not in self.dimensions:
            raise NotEvaluated(f"it does not give {describe_dimension(unit)}")
        return (self.base - unit.offset) / unit.factor


@dataclass(frozen=True, slots=True)
class RelativeUncertainty:
    """How far a formula's result may lie from what is measured: a share of it to each side, and why."""

    share: Fraction
    words: str


@dataclass(frozen=True)
class Formula:
    """A formula by name. `inputs` and `optional` name each input's unit, or several ways to state it.

    `valid` says in words where it holds; `outside` gives the reason where inputs lie elsewhere. Without `uncertainty`
    it is exact by definition. `alike` are inputs that may be stated in several ways, but all in the same.
    """

    name: str
    words: str
    inputs: Mapping[str, tuple[str, ...]]
    result: tuple[str, ...]
    compute: Callable[[Inputs], Fraction]
    source: str
    optional: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outside: Callable[[Inputs], str | None] | None = None
    positive: bool = True
    uncertainty: RelativeUncertainty | None = None
    valid: str = ""
    alike: tuple[str, ...] = ()


def evaluate(name: str, given: Given, own: Units = NO_OWN_UNITS) -> Result:
    """The value of a formula for inputs in their own units. Raises NotEvaluated with the reason."""
    if name in _GENERIC:
        return _generic(name, given, own)
    formula = catalogue().get(name)
    if formula is None:
        raise NotEvaluated(unknown_formula(name), about="formula")
    values = _inputs(formula, given, own)
    try:
        reason = formula.outside(values) if formula.outside else None
        value = None if reason else formula.compute(values)
    except (ArithmeticError, ValueError) as error:
        raise NotEvaluated("its inputs give no number", outside=True) from error
    if value is None:
        raise NotEvaluated(reason or "", outside=True)
    units = [parse_unit(unit) for unit in formula.result]
    return Result(to_base(value, units[0]), tuple(unit.dimension for unit in units))


@cache
def catalogue() -> Mapping[str, Formula]:
    """Every formula by name, the generic ones (sum, difference, product, ratio, mean) apart."""
    found = [each for name in FORMULA_MODULES for each in import_module(f"ttpack.analysis.{name}").FORMULAS]
    return {formula.name: formula for formula in sorted(found, key=lambda formula: formula.name)}


def formula_names() -> tuple[str, ...]:
    """The names of all formulas, in alphabetical order."""
    return tuple(sorted((*catalogue(), *_GENERIC)))


def unknown_formula(name: str) -> str:
    """Says that a name is no formula, and which is near."""
    from difflib import get_close_matches

    near = get_close_matches(name, formula_names(), n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else "see the formula catalogue"
    return f"{name[:64]!r} is no formula of the catalogue: {hint}"


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """A power of a positive number, to the catalogue's precision."""
    with localcontext() as context:
        context.prec = PRECISION + 5
        exponent_decimal = Decimal(exponent.numerator) / exponent.denominator
        return Fraction(+((Decimal(base.numerator) / base.denominator) ** exponent_decimal))


def logarithm(value: Fraction, base: int | None = None) -> Fraction:
    """The natural logarithm, or that to a base, to the catalogue's precision."""
    with localcontext() as context:
        context.prec = PRECISION + 5
        natural = (Decimal(value.numerator) / value.denominator).ln()
        return Fraction(natural if base is None else natural / Decimal(base).ln())


def exponential(value: Fraction) -> Fraction:
    """The exponential function of the value, to the catalogue's precision."""
    with localcontext() as context:
        context.prec = PRECISION + 5
        return Fraction((Decimal(value.numerator) / value.denominator).exp())


def _inputs(formula: Formula, given: Given, own: Units) -> dict[str, Fraction]:
    missing = sorted(set(formula.inputs) - set(given))
    known = {**formula.inputs, **formula.optional}
    unknown = sorted(set(given) - set(known))
    if missing or unknown:
        lacking = f"lacks {', '.join(missing)}" if missing else f"does not take {', '.join(unknown)[:80]}"
        raise NotEvaluated(f"{formula.name} {lacking}; its inputs are {', '.join(known)}", about="inputs")
    values = {name: _converted(name, *given[name], known[name], own) for name in sorted(given)}
    if len({parse_unit(given[name][1], own).dimension for name in formula.alike}) > 1:
        stated = ", ".join(f"{name} in {given[name][1]}" for name in formula.alike)
        raise NotEvaluated(f"its inputs measure different things: {stated}", about="inputs")
    for name, value in values.items():
        if formula.positive and value <= 0:
            raise NotEvaluated(f"{name} must be above zero", outside=True, about=f"inputs.{name}")
    return values


def _converted(name: str, value: Decimal | Fraction, unit: str, wanted: tuple[str, ...], own: Units) -> Fraction:
    try:
        parsed = parse_unit(unit, own)
        for option in wanted:
            target = parse_unit(option)
            if target.dimension == parsed.dimension:
                return convert(value, parsed, target)
    except UnitError as error:
        raise NotEvaluated(f"{name}: {error}", about=f"inputs.{name}") from error
    stated = unit or "no unit"
    raise NotEvaluated(f"{name} is measured in {' or '.join(wanted)}, not in {stated}", about=f"inputs.{name}")


_GENERIC: Final = ("difference", "mean", "product", "ratio", "sum")
"""Formulas for inputs of any names: `difference` takes minuend and subtrahend, `ratio` numerator and denominator."""
_PAIRS: Final = {"difference": ("minuend", "subtrahend"), "ratio": ("numerator", "denominator")}


def _generic(name: str, given: Given, own: Units) -> Result:
    pair = _PAIRS.get(name)
    if (pair and set(given) != set(pair)) or not given:
        inputs = " and ".join(pair) if pair else "one input or more, by any names"
        raise NotEvaluated(f"{name} takes {inputs}", about="inputs")
    order = pair or tuple(sorted(given))
    try:
        units = [parse_unit(given[each][1], own) for each in order]
        values = [exact(given[each][0]) * unit.factor for each, unit in zip(order, units, strict=True)]
    except UnitError as error:
        raise NotEvaluated(str(error), about="inputs") from error
    if any(unit.offset for unit in units):
        raise NotEvaluated("temperatures are not added or multiplied; use differences in K", about="inputs")
    dimensions = [unit.dimension for unit in units]
    if name in ("product", "ratio"):
        return _multiplied(name, values, dimensions)
    if len(set(dimensions)) > 1:
        raise NotEvaluated(f"the inputs of {name} measure different things", about="inputs")
    total = values[0] - values[1] if name == "difference" else sum(values, Fraction(0))
    return Result(total / len(values) if name == "mean" else total, (dimensions[0],))


def _multiplied(name: str, values: list[Fraction], dimensions: list[Dimension]) -> Result:
    if name == "ratio":
        if values[1] == 0:
            raise NotEvaluated("the denominator is zero", outside=True, about="inputs.denominator")
        values, dimensions = [values[0], 1 / values[1]], [dimensions[0], _inverse(dimensions[1])]
    value = reduce(lambda product, each: product * each, values)
    if value and not 1 / _LARGEST < abs(value) < _LARGEST:
        raise NotEvaluated("the result is out of reach", outside=True)
    powers: dict[str, int] = {}
    for dimension in dimensions:
        for part, exponent in dimension:
            powers[part] = powers.get(part, 0) + exponent
    result = tuple(sorted((part, exponent) for part, exponent in powers.items() if exponent))
    plain = ((("ratios", 1),),) if not result else ()
    return Result(value, (result, *plain))


def _inverse(dimension: Dimension) -> Dimension:
    return tuple((part, -exponent) for part, exponent in dimension)
