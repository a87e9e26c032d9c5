"""Plain scalars of YAML 1.2's core schema, with exact numbers."""

import re
from decimal import Decimal

Scalar = str | int | bool | Decimal | None

MAX_DIGITS = 60
MAX_EXPONENT = 99

_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_OCTAL_OR_HEXADECIMAL = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_STARTS_NUMBER = frozenset("0123456789+-.")


class UnusableNumber(ValueError):
    """A scalar is written as a number that nothing can be computed with; the message says which."""


def plain_scalar(text: str) -> Scalar:
    """What an unquoted scalar means: int, `Decimal` of the digits as written, bool, None, or the text itself.

    Raises `UnusableNumber` for infinities, NaN, more than 60 digits, and exponents beyond 99.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        _refuse_long(text)
        return int(text)
    if _FLOAT.fullmatch(text):
        return _decimal(text)
    if _OCTAL_OR_HEXADECIMAL.fullmatch(text):
        _refuse_long(text)
        return int(text, 0)
    if _NOT_FINITE.fullmatch(text):
        message = f"{text} is not a number that can be measured"
        raise UnusableNumber(message)
    return text


def _refuse_long(text: str) -> None:
    if len(text) > MAX_DIGITS and sum(character.isalnum() for character in text) > MAX_DIGITS:
        message = f"the number {text[:12]}... has more than {MAX_DIGITS} digits"
        raise UnusableNumber(message)


def _decimal(text: str) -> Decimal:
    mantissa, _, exponent = text.lower().partition("e")
    _refuse_long(mantissa)
    # The length comes first: int() of a hostile exponent would itself be slow.
    if len(exponent) > MAX_DIGITS or (exponent and abs(int(exponent)) > MAX_EXPONENT):
        message = f"the exponent of {text[:24]} is beyond {MAX_EXPONENT}"
        raise UnusableNumber(message)
    return Decimal(text)
