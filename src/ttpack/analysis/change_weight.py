"""How much a change of a field weighs where no change rule names it: the field's own significance, and what it hides.

A field that is editorial by itself may still carry meaning: a number in a description, a record withdrawn by status.
"""

import re
from typing import Any, Final

from ttpack.model.fields import significance
from ttpack.model.status import OUT_OF_FORCE

ORDERED: Final = frozenset({
    ("batch_record", "steps"), ("campaign", "steps"), ("deviation_rule", "actions"), ("escalation_rule", "levels"),
    ("process", "unit_operations"), ("document", "sections"), ("role", "deputies"), ("package", "overlays"),
})  # fmt: skip
"""Lists whose order says something: what is done first, who is called first."""

_EXCUSES: Final = frozenset({"waiver", "not_applicable"})
"""Kinds that count once they are no longer in preparation: then they hide a finding."""
_IN_PREPARATION: Final = frozenset({"draft", "in_review"})
_SUBSTANCE: Final = re.compile(
    r"\d+(?:\.\d+)?|[<>≤≥±%]|[A-Z]{2,5}(?:-[A-Z0-9]+)+|\b(?:no|not|never|without|only|must|may|above|below|"
    r"least|most|before|after|unless|except|increases?|decreases?|higher|lower)\b|n't\b",
    re.IGNORECASE,
)


def weight(kind: str, path: str, before: Any, after: Any) -> str:
    """The class of a change of this field from `before` to `after`."""
    if path == "kind":
        return "major"
    if path == "status" and (before in OUT_OF_FORCE) != (after in OUT_OF_FORCE):
        return "moderate"
    if path == "status" and kind in _EXCUSES and (before in _IN_PREPARATION) != (after in _IN_PREPARATION):
        return "moderate"
    own = significance(kind, path)
    if own != "editorial":
        return own
    if path.rpartition(".")[2] in ("illustrative", "expected_content"):
        return "minor"
    texts = [item if isinstance(item, str) else "" for item in (before, after)]
    if path.partition(".")[0] in _SENTENCES and substance(texts[0]) != substance(texts[1]):
        return "minor"
    return own


_SENTENCES: Final = frozenset({"title", "description", "note"})


def substance(text: str) -> list[str]:
    """Numbers, signs, ids and the words that turn a statement round."""
    return [found.casefold() for found in _SUBSTANCE.findall(text)]
