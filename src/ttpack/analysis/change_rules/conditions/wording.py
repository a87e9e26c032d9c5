"""Questions about words: whether a text says something else, or the same more clearly."""

import re
from typing import Any, Final

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.sides import Sides, field_path
from ttpack.analysis.change_weight import substance


@condition
def editorial(change: Change, sides: Sides) -> bool:
    """The change leaves the meaning as it was."""
    del sides
    return change.editorial


@condition
def said_differently(change: Change, sides: Sides) -> bool:
    """Two texts that differ in more than case, spaces and signs; or one of them is not there."""
    del sides
    return _letters(change.before) != _letters(change.after)


def _letters(text: Any) -> str:
    return "".join(re.findall(r"[^\W_]+", str(text).casefold()))


@condition
def instruction_only_clarified(change: Change, sides: Sides) -> bool:
    """The text keeps its numbers, records, prohibitions and order, and nothing else of the step changed.

    A text that only lost words, or names what it still says in another order, is another instruction.
    """
    if not isinstance(change.before, str) or not isinstance(change.after, str):
        return False
    others = [one for one in sides.by_record.get(change.record, ()) if field_path(one) not in _STEP_TEXTS]
    return not others and substance(change.before) == substance(change.after) and _keeps_order(change)


def _keeps_order(change: Change) -> bool:
    old, new = (_words(text) for text in (change.before, change.after))
    kept = [word for word in old if word in new]
    return kept == [word for word in new if word in old] and (len(new) > len(kept) or len(old) == len(kept))


def _words(text: Any) -> list[str]:
    return [word for word in dict.fromkeys(_WORD.findall(str(text).casefold())) if word not in _LITTLE]


_LITTLE: Final = frozenset({"the", "and", "then", "for", "with", "into", "from", "that", "this", "its", "each", "all"})
_WORD: Final = re.compile(r"[^\W_]{3,}")
_STEP_TEXTS: Final = frozenset({"instruction", "body", "title", "description", "note", "hazards", "know_how"})
