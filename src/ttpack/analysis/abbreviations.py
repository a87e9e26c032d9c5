"""Abbreviations in prose: which words are, and in which text they are looked for."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ttpack.model.graph import CODE_SPANS
from ttpack.model.ids import PLAIN_ID
from ttpack.model.units import UnitError, parse_unit

PROSE_FIELDS: Final = (
    "description", "why", "mechanism", "consequence", "statement", "rationale", "purpose", "instruction", "note",
    "summary", "reason", "safety_rationale", "efficacy_rationale", "definition", "impact", "root_cause",
    "corrective_action", "question", "answer", "conclusions", "decision_rights", "end_criterion",
)  # fmt: skip
"""Fields of records that hold sentences."""

_REFERENCES: Final = re.compile(rf"\[\[.*?\]\]|\{{\{{.*?\}}\}}|https?://\S+|{PLAIN_ID}")
_BEFORE: Final = r"[A-Za-z0-9@/_.\-]"
_TOKEN: Final = re.compile(rf"[A-Z]{{2}}(?<!{_BEFORE}[A-Z]{{2}})[A-Z]{{0,4}}(?![A-Za-z0-9@/_\-]|\.[A-Za-z0-9])")
_RUNS: Final = re.compile(r"[A-Z]{2,6}")
_ROMAN: Final = re.compile(r"[IVX]+")
NO_ABBREVIATIONS: Final = frozenset({
    "ALL", "AND", "ANY", "AS", "AT", "BE", "BEFORE", "BUT", "BY", "DO", "EACH", "FOR", "IF", "IN", "IS", "MUST",
    "NEVER", "NO", "NOT", "OF", "OFF", "ON", "ONLY", "OR", "OUT", "STOP", "THE", "TO", "YES",
})  # fmt: skip
"""Words that authors set in capitals to stress them."""
LONGEST_TEXT: Final = 200_000


def prose(raw: Mapping[str, Any], body: str | None) -> Iterator[tuple[str, str]]:
    """The sentences of a record by the field they stand in."""
    for field in PROSE_FIELDS:
        text = raw.get(field)
        if isinstance(text, str):
            yield field, text
    if body:
        yield "body", body


def abbreviations(text: str, known: set[str]) -> list[str]:
    """Words of two to six capitals in their order; ids, references, code, units and numerals are none.

    Words in `known` are left out, and a word found to be none is added there.
    """
    if known.issuperset(_TOKEN.findall(text)):
        return []
    bare = _REFERENCES.sub(" ", CODE_SPANS.sub(" ", text[:LONGEST_TEXT]))
    found = [token for token in _TOKEN.findall(bare) if token not in known]
    known.update(token for token in found if not _is_abbreviation(token))
    return [token for token in found if token not in known]


def _is_abbreviation(token: str) -> bool:
    if token in NO_ABBREVIATIONS or _ROMAN.fullmatch(token):
        return False
    try:
        parse_unit(token)
    except UnitError:
        return True
    return False


def capitals(text: str) -> Iterator[str]:
    """Every word of capitals in a term or title, whatever stands around it: what a glossary entry defines."""
    yield from _RUNS.findall(text)
