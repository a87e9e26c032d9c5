"""Reads a UCUM code exactly, with limits that no hostile text can push."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Final

from ttpack.model import unit_table

Dimension = tuple[tuple[str, int], ...]
"""Names of what is measured with their exponents, sorted: `(("length", 1), ("time", -1))`."""

LONGEST_TEXT: Final = 64
HIGHEST_EXPONENT: Final = 9
HIGHEST_POWER_OF_TEN: Final = 30
DEEPEST_PARENTHESIS: Final = 4

_LEXEME: Final = re.compile(
    r"(?P<annotation>\{[^{}]*\})"
    r"|(?P<power>10\*(?P<power_exponent>[+-]?[0-9]{1,3})?)"
    r"|(?P<integer>[1-9][0-9]{0,5}(?![0-9]))"
    r"|(?P<atom>(?:[A-Za-z%°_']|\[[^\[\]{}]*\])+)(?P<exponent>[+-]?[0-9]{1,3})?"
    r"|(?P<sign>[./()])"
)


class UnitError(ValueError):
    """A unit or a conversion that cannot be had; the message is for the author."""


class UnknownUnit(UnitError):
    """A text that is no unit; `hint` says what to write instead, or is empty."""

    def __init__(self, text: str, hint: str = "") -> None:
        self.text = text
        self.hint = hint
        shown = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}..."
        super().__init__(f"{shown!r} is not a known unit" + (f": {hint}" if hint else ""))


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `value * factor + offset` is the value in the base units of its dimension.

    `code` is canonical UCUM (aliases replaced). The offset is zero except for temperatures.
    """

    code: str
    dimension: Dimension
    factor: Fraction
    offset: Fraction = Fraction(0)


@dataclass(slots=True)
class _Product:
    """Units multiplied so far."""

    factor: Fraction = Fraction(1)
    dimension: dict[str, int] = field(default_factory=dict)

    def multiply(self, factor: Fraction, dimension: Dimension, exponent: int) -> None:
        self.factor *= factor**exponent
        for name, power in dimension:
            self.dimension[name] = self.dimension.get(name, 0) + power * exponent

    def sorted_dimension(self) -> Dimension:
        return tuple(sorted((name, power) for name, power in self.dimension.items() if power))


class _Reader:
    """A cursor over one unit text."""

    def __init__(self, text: str, own: Mapping[str, Unit]) -> None:
        self.text = text
        self.own = own
        self.position = 0
        self.product = _Product()
        self.code: list[str] = []

    def fail(self, hint: str) -> UnknownUnit:
        return UnknownUnit(self.text, hint)

    def at(self, sign: str) -> bool:
        return self.text.startswith(sign, self.position)

    def skip(self, sign: str) -> None:
        self.position += 1
        self.code.append(sign)

    def term(self, exponent: int, depth: int) -> None:
        """Components joined by `.` and `/`; a `.` after a `/` is refused because people mean the other reading."""
        divided = False
        sign = exponent
        if self.at("/"):
            self.skip("/")
            divided, sign = True, -exponent
        self.component(sign, depth)
        while self.position < len(self.text) and not self.at(")"):
            if self.at("/"):
                self.skip("/")
                divided, sign = True, -exponent
            elif not self.at("."):
                raise self.fail(f"{self.text[self.position :]!r} needs a . or / before it")
            elif divided:
                raise self.fail("a . after a / is read in two ways; write the divisor in parentheses, as in L/(m2.h)")
            else:
                self.skip(".")
            self.component(sign, depth)

    def component(self, exponent: int, depth: int) -> None:
        """A parenthesis, a number or a unit, each with its annotation."""
        lexeme = _LEXEME.match(self.text, self.position)
        if lexeme is None or lexeme["sign"] in {".", "/", ")"}:
            rest = self.text[self.position :]
            raise self.fail(f"{rest!r} is not UCUM" if rest else "the code ends too early")
        self.position = lexeme.end()
        if lexeme["sign"]:
            self.parenthesis(exponent, depth)
        elif lexeme["annotation"]:
            self.count(lexeme["annotation"][1:-1], exponent)
        elif lexeme["atom"]:
            power = self.limited(lexeme["exponent"], HIGHEST_EXPONENT)
            self.atom(lexeme["atom"], lexeme["exponent"] or "", power * exponent)
        else:
            power = self.limited(lexeme["power_exponent"], HIGHEST_POWER_OF_TEN)
            number = Fraction(10) ** power if lexeme["power"] else Fraction(int(lexeme["integer"]))
            self.product.multiply(number, (), exponent)
            self.code.append(lexeme[0])
            if words := self.annotation():
                self.count(words, exponent)

    def limited(self, exponent: str | None, highest: int) -> int:
        """An exponent as a number; 1 if none is written."""
        value = 1 if exponent is None else int(exponent)
        if value == 0 or abs(value) > highest:
            raise self.fail(f"exponents go from 1 to {highest}")
        return value

    def parenthesis(self, exponent: int, depth: int) -> None:
        if depth >= DEEPEST_PARENTHESIS:
            raise self.fail("too many parentheses")
        self.code.append("(")
        self.term(exponent, depth + 1)
        if not self.at(")"):
            raise self.fail("a parenthesis is not closed")
        self.skip(")")

    def annotation(self) -> str:
        """The words of an annotation that follows, or nothing."""
        lexeme = _LEXEME.match(self.text, self.position)
        if lexeme is None or not lexeme["annotation"]:
            return ""
        self.position = lexeme.end()
        words = lexeme["annotation"][1:-1]
        if not words.strip():
            raise self.fail("the braces are empty")
        return words

    def count(self, words: str, exponent: int) -> None:
        """A bare annotation: a count of what it names."""
        code = f"{{{words}}}"
        factor, dimension = self.resolve(code)
        self.product.multiply(factor, dimension, exponent)
        self.code.append(code)

    def atom(self, name: str, written_exponent: str, exponent: int) -> None:
        """A unit with its prefix, exponent and annotation."""
        alias = unit_table.ATOM_ALIASES.get(name) if name not in self.own else None
        qualifier = ""
        if alias is not None:
            name, brace, qualifier = alias.partition("{")
            if not name:
                self.code.append(f"{brace}{qualifier}{written_exponent}")
                if written_exponent:
                    raise self.fail(f"{alias} takes no exponent")
                self.product.multiply(*self.resolve(alias), exponent)
                return
        factor, dimension = self.resolve(name)
        self.code.append(f"{name}{written_exponent}")
        words = qualifier[:-1] or self.annotation()
        if words:
            self.code.append(f"{{{words}}}")
        if name == "%" and words:
            factor, dimension = Fraction(1), ((f"% of {unit_table.PERCENT_OF.get(words, words)}", 1),)
        elif words in unit_table.QUALIFIERS:
            self.product.multiply(Fraction(1), ((unit_table.QUALIFIERS[words], 1),), 1 if exponent > 0 else -1)
        self.product.multiply(factor, dimension, exponent)

    def resolve(self, name: str) -> tuple[Fraction, Dimension]:
        if name in self.own:
            return self.own[name].factor, self.own[name].dimension
        known = _catalogue(name)
        if known is None:
            raise self.fail(unit_table.HINTS.get(name, ""))
        return known


@lru_cache(maxsize=2048)
def _catalogue(name: str) -> tuple[Fraction, Dimension] | None:
    """Factor and dimension of one unit of the catalogue, with or without a prefix; None if it is in none."""
    if name in unit_table.BASE_UNITS:
        return Fraction(1), ((unit_table.BASE_UNITS[name], 1),)
    if name.startswith("{"):
        return _counted(name[1:-1])
    if name in unit_table.DEFINED_UNITS:
        factor, code = unit_table.DEFINED_UNITS[name]
        unit = read_code(code)
        return exact_fraction(factor) * unit.factor, unit.dimension
    for length in (1, 2):
        prefix, stem = name[:length], name[length:]
        if prefix in unit_table.PREFIXES and stem in unit_table.METRIC:
            unit = read_code(stem)
            return Fraction(10) ** unit_table.PREFIXES[prefix] * unit.factor, unit.dimension
    return None


def _counted(words: str) -> tuple[Fraction, Dimension] | None:
    """What a bare annotation counts. One that is not listed counts itself: never the number 1 by accident."""
    if words in unit_table.COUNT_FACTORS:
        factor, code = unit_table.COUNT_FACTORS[words]
        unit = read_code(code)
        return exact_fraction(factor) * unit.factor, unit.dimension
    if words in unit_table.PLAIN_COUNTS:
        return Fraction(1), ()
    if not words.strip():
        return None
    return Fraction(1), ((unit_table.COUNTS.get(words, f"{{{words}}}"), 1),)


def exact_fraction(text: str) -> Fraction:
    """A fraction of decimals (`45967/180`, `1.66/1000`) of the catalogue."""
    numerator, _, denominator = text.partition("/")
    return Fraction(numerator) / Fraction(denominator or "1")


def read_code(text: str, own: Mapping[str, Unit] | None = None) -> Unit:
    """The unit of a UCUM code, whole-text aliases and temperatures apart; raises UnknownUnit."""
    if len(text) > LONGEST_TEXT:
        raise UnknownUnit(text, f"a unit has at most {LONGEST_TEXT} characters")
    reader = _Reader(text, own or {})
    reader.term(1, 0)
    if reader.position < len(text):
        raise UnknownUnit(text, "a parenthesis is closed that was never opened")
    return Unit("".join(reader.code), reader.product.sorted_dimension(), reader.product.factor)
