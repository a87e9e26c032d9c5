"""Words that stand where a fact should: TBD, `supplier specific`, blanks."""

import re

from ttpack.model.quantity import Range

_NOTHING = r"""
      [-–—?.*]* | tb[acd] | n/?a | none | unknown | open | pending | later | see\ .* | (?:\w+[- ])?specific
    | to\ be\ (?:added|agreed|confirmed|decided|defined|determined|established|set|specified)
    | not\ (?:applicable|available|defined|determined|established|specified|set|yet\ .*)
    | as\ (?:appropriate|needed|required)
"""
_FLAGS = re.IGNORECASE | re.DOTALL | re.VERBOSE
BLANK = re.compile(rf"\s*(?:{_NOTHING})\s*\.?\s*", _FLAGS)
ELSEWHERE = re.compile(
    r"\b(?:supplier|vendor|filter|site|product|manufacturer)[- ](?:specific|dependent|defined)", re.IGNORECASE
)
_ENDS_OF_ELSEWHERE = ("SPECIFIC", "DEPENDENT", "DEFINED")
LONGEST_PLACEHOLDER = 120


def says_something(text: str | None) -> bool:
    """Whether words in place of a number are more than a placeholder such as TBD or `supplier specific`."""
    return written(text) and (len(text or "") > LONGEST_PLACEHOLDER or not _said_elsewhere(text or ""))


def written(text: str | None) -> bool:
    """Whether a reason, a rationale or a criterion in words is there: neither blank nor TBD."""
    return bool(text) and (len(text or "") > LONGEST_PLACEHOLDER or not BLANK.fullmatch(text or ""))


def _said_elsewhere(text: str) -> bool:
    large = text.upper()  # most texts hold none of these words, which is quicker to see than what stands before them
    return any(map(large.__contains__, _ENDS_OF_ELSEWHERE)) and ELSEWHERE.search(text) is not None


def gives_limit(given: Range | None) -> bool:
    """Whether a range has a number, or a criterion in words."""
    return given is not None and (given.numeric or written(given.criterion))
