"""How a unit is printed for a reader: `°C` for `Cel`, `L/m²/h` for `L/m2/h`, `10⁶ cells/mL` for `10*6{cells}/mL`."""

import re
from functools import lru_cache
from typing import Final

_WHOLE: Final[dict[str, str]] = {
    "1": "", "Cel": "°C", "[degF]": "°F", "[pH]": "pH", "Cel{diff}": "°C", "K{abs}": "K", "{log10}": "log₁₀",
    "%{sat}": "% saturation", "%{wv}": "% of working volume", "%{target}": "% of target", "{ratio}": "",
    "%{reference}": "% of reference", "%{RH}": "% RH", "{pass/fail}": "", "{score}": "", "/min": "1/min",
}  # fmt: skip
_PARTS: Final[tuple[tuple[str, str], ...]] = (
    ("[psi]{gauge}", "psig"), ("bar{gauge}", "barg"), ("{gauge}", " gauge"), ("m[Hg]", "mHg"), ("m[H2O]", "mH₂O"),
    ("[degF]", "°F"), ("[pH]", "pH"), ("[lbf_av]", "lbf"), ("[lb_av]", "lb"), ("[oz_av]", "oz"), ("[in_i]", "in"),
    ("[ft_i]", "ft"), ("[gal_us]", "gal"), ("[g]", "× g"), ("[TCID_50]", "TCID₅₀"), ("Cel", "°C"), ("mosm", "mOsm"),
    ("Ohm", "Ω"), ("{diff}", ""), ("{abs}", ""),
)  # fmt: skip
_ANNOTATION: Final = re.compile(r"\{([^{}]*)\}")
_QUALIFIED: Final = re.compile(r"(?<=[A-Za-z%])\{")
_SUPERSCRIPTS: Final = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_POWER_OF_TEN: Final = re.compile(r"10\*([+-]?[0-9]+)\.?")
_EXPONENT: Final = re.compile(r"(?<=[A-Za-z])([+-]?[0-9]+)(?![0-9₀-₉])")
_MICRO: Final = re.compile(r"(?<![A-Za-z\[{])u(?=[A-Za-z])")
_DALTON: Final = re.compile(r"(?<![A-Za-z])([kM]?)u(?![A-Za-z{])")


@lru_cache(maxsize=2048)
def unit_symbol(code: str) -> str:
    """The printed form of a canonical code (`parse_unit(text).code`); empty for a plain number."""
    if code in _WHOLE:
        return _WHOLE[code]
    text = code
    for part, symbol in _PARTS:
        text = text.replace(part, symbol)
    text = _QUALIFIED.sub(" {", text)
    pieces = _ANNOTATION.split(text)
    return "".join(piece if index % 2 else _unit(piece) for index, piece in enumerate(pieces))


def _unit(text: str) -> str:
    """A stretch of a code between annotations; what an annotation says is printed as it stands."""
    text = _POWER_OF_TEN.sub(lambda power: f"10{power[1].translate(_SUPERSCRIPTS)} ", text)
    text = _EXPONENT.sub(lambda exponent: exponent[1].translate(_SUPERSCRIPTS), text.replace("[", "").replace("]", ""))
    text = _MICRO.sub("µ", _DALTON.sub(r"\1Da", text))
    return text.replace(".", "·")
