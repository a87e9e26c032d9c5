"""Which records answer which entries: by name where the record names its entry, else by kind and words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ttpack.model.quantity_kinds import quantity_kind
from ttpack.rules.expectations.entries import Entry

_WORDS = re.compile(r"[a-z]+[0-9]*|[0-9]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record of a unit operation that may answer an entry."""

    record: str
    kind: str
    text: str
    quantity_kind: str | None = None
    names: str | None = None


def unanswered(entries: Iterable[Entry], candidates: Iterable[Candidate]) -> list[Entry]:
    """The entries that no record answers, in their order. A record answers one entry, the one that fits it best."""
    wanted = {entry.name: entry for entry in entries}
    open_entries = dict(wanted)
    unnamed = []
    for candidate in candidates:
        named = wanted.get(candidate.names or "")
        if named and candidate.kind in named.kinds:
            open_entries.pop(named.name, None)
        else:
            unnamed.append(candidate)
    used: set[str] = set()
    for _, _, record, name in sorted(_fits(open_entries, unnamed)):
        if name in open_entries and record not in used:
            del open_entries[name]
            used.add(record)
    return list(open_entries.values())


def _fits(entries: dict[str, Entry], candidates: list[Candidate]) -> Iterable[tuple[int, int, str, str]]:
    """Every fit, the closest first: more matching words, then the entry's place in the list, then the record's id."""
    worded = [(candidate, words(candidate.text)) for candidate in candidates]
    for place, entry in enumerate(entries.values()):
        phrases = _phrases(entry)
        for candidate, given in worded:
            if not _kind_fits(entry, candidate):
                continue
            score = max((len(phrase) for phrase in phrases if phrase <= given), default=0)
            if score or not phrases:
                yield -score, place, candidate.record, entry.name


def _kind_fits(entry: Entry, candidate: Candidate) -> bool:
    if candidate.kind not in entry.kinds:
        return False
    if not entry.quantity_kinds or not candidate.quantity_kind:
        return True
    found = quantity_kind(candidate.quantity_kind)
    return found is None or found.name in entry.quantity_kinds


@lru_cache(maxsize=512)
def _phrases(entry: Entry) -> tuple[frozenset[str], ...]:
    return tuple(words(phrase) for phrase in entry.phrases)


def words(text: str) -> frozenset[str]:
    """The words of a title or an id in lower case, whatever stands between them."""
    return frozenset(_WORDS.findall(text.lower()))
