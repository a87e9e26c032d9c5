"""Plain data as text for the cache: quick to write and to read, and exact decimals keep their digits."""

import json
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from ttpack.source.scalars import plain_scalar

_MARK: Final = "\x01"  # cannot stand in a record: the reader refuses control characters
_MARKED: Final = '"\\u0001'


def encoded(value: Any) -> str:
    """Data as JSON. Decimals pass as marked texts, so that the fast encoder can write them, and lose their mark."""
    parts = _ENCODER.encode(value).split(_MARKED)
    return parts[0] + "".join(part.replace('"', "", 1) for part in parts[1:])


def decoded(text: str) -> Any:
    """The data that a text stands for, numbers exact. Raises ValueError or RecursionError for no JSON of ours."""
    return json.loads(text, parse_float=_number, parse_constant=_refused)


def _marked(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{_MARK}{value}"
    message = f"{type(value).__name__} in a record"
    raise TypeError(message)


_ENCODER: Final = json.JSONEncoder(default=_marked, separators=(",", ":"), check_circular=False)

# The same numbers stand in record after record: they are read, and kept in memory, once.
_number = lru_cache(maxsize=1 << 16)(plain_scalar)


def _refused(name: str) -> Any:
    raise ValueError(name)
