"""Unit texts as people write them: aliases, look-alike characters, temperatures, and hints where there is no unit."""

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from ttpack.model import unit_table
from ttpack.model.unit_syntax import LONGEST_TEXT, Dimension, Unit, UnknownUnit, exact_fraction, read_code

OWN_DIMENSION: Final = "own unit "
"""What the dimensions of units that a package declares begin with."""

_SCIENTIFIC: Final = re.compile(r"1[eE]([+-]?[0-9]{1,3})(?: |(?=[/{])|$)")
_LOOKALIKES: Final = str.maketrans({"µ": "u", "μ": "u", "²": "2", "³": "3", "·": ".", "⋅": ".", "º": "°"})
_ANNOTATION: Final = re.compile(r"\{[^{}]*\}")
_CELLS_PER_VOLUME: Final = re.compile(r"(10\*[0-9]{1,2})(/[mu]?L)")


def normalised(text: str) -> str:
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


def temperature(code: str) -> Unit | None:
    """The temperature unit of a code or its alias; None for anything else, differences included."""
    name = unit_table.ATOM_ALIASES.get(code, code)
    if name not in unit_table.TEMPERATURES:
        return None
    factor, offset = unit_table.TEMPERATURES[name]
    return Unit(name, (("temperature", 1),), exact_fraction(factor), exact_fraction(offset))


def catalogue_unit(text: str) -> Unit | str:
    """The unit that a text names without a package's own units, or the hint why there is none."""
    return _catalogue_unit(text[: LONGEST_TEXT + 1])


@lru_cache(maxsize=4096)
def _catalogue_unit(text: str) -> Unit | str:
    """The same; failures are remembered too, for a package repeats its mistakes."""
    if len(text) > LONGEST_TEXT:
        return f"a unit has at most {LONGEST_TEXT} characters"
    plain = normalised(text)
    if plain in unit_table.HINTS:
        return unit_table.HINTS[plain]
    if plain.isdigit() and plain != "1":
        return "a number is not a unit"
    try:
        return temperature(plain) or checked(read_code(plain))
    except UnknownUnit as unknown:
        return hint(plain, unknown.hint)


def checked(unit: Unit) -> Unit:
    """Refuses a temperature in disguise, such as `(Cel)`: whether it is a difference must be visible."""
    lone = unit.dimension == (("temperature difference", 1),)
    if lone and "{diff}" not in unit.code and re.search(r"Cel|degF", unit.code):
        raise UnknownUnit(unit.code, "write Cel for a temperature, Cel{diff} or K for a difference")
    return unit


def hint(text: str, reason: str) -> str:
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


def describe_dimension(unit: Unit) -> str:
    """What the unit measures in words: "a percentage of saturation"."""
    if not unit.dimension and unit.code != "1":
        return "a plain percentage" if unit.code == "%" else "a plain ratio"
    words = _dimension_words().get(unit.dimension)
    if words:
        return words
    if len(unit.dimension) == 1 and unit.dimension[0][1] == 1:
        name = unit.dimension[0][0].removeprefix(OWN_DIMENSION)
        return f"a percentage of {name[5:]}" if name.startswith("% of ") else f"a number of {name}"
    parts = (name if power == 1 else f"{name}^{power}" for name, power in unit.dimension)
    return f"measured in {' x '.join(parts)}"


@lru_cache(maxsize=1)
def _dimension_words() -> dict[Dimension, str]:
    units = {code: catalogue_unit(code) for code in unit_table.WORDS}
    return {unit.dimension: unit_table.WORDS[code] for code, unit in units.items() if isinstance(unit, Unit)}
