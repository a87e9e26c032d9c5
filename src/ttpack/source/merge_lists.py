"""Which items of a list are the same item on three sides of a merge."""

from collections.abc import Callable, Sequence
from typing import Any

from ttpack.model.ids import is_record_id

Identity = Callable[[Any], str]
"""Gives an item its name; every item of one list has another one."""

_NAMES = ("id", "ref", "name")


def identity(*lists: Sequence[Any]) -> Identity | None:
    """What tells the items of these versions of one list apart, or None where nothing does for certain.

    Texts are their own names. A mapping's name is its `id`, `ref` or `name`, else the first of its fields that holds
    another record's id in every item of every version.
    """
    items = [item for one in lists for item in one]
    if not all(isinstance(item, str | dict) for item in items):
        return None
    mappings = [item for item in items if isinstance(item, dict)]
    fields = (*_NAMES, *(mappings[0] if mappings else ()))
    for number, field in enumerate(fields if mappings else ("",)):
        if not all(isinstance(item.get(field), str) for item in mappings):
            continue
        if number >= len(_NAMES) and not all(is_record_id(item[field]) for item in mappings):
            continue

        def name(item: Any, field: str = field) -> str:
            return item if isinstance(item, str) else str(item[field])

        if all(len({name(item) for item in one}) == len(one) for one in lists):
            return name
    return None


def are_references(*lists: Sequence[Any]) -> bool:
    """Whether every item is a mapping or the id of a record: two new ones are two, not one reworded."""
    return all(
        isinstance(item, dict) or (isinstance(item, str) and is_record_id(item)) for one in lists for item in one
    )


def merged_order(base: list[str], ours: list[str], theirs: list[str], kept: set[str]) -> list[str] | None:
    """The names in `kept` in the order of whoever moved them; new ones after what they stood behind, ours first.

    None where both sides moved the same ones differently.
    """
    common = [name for name in base if name in kept and name in ours and name in theirs]
    order = {side: [name for name in names if name in common] for side, names in (("o", ours), ("t", theirs))}
    if order["o"] != common and order["t"] not in (common, order["o"]):
        return None
    first, second = (ours, theirs) if order["t"] == common or order["o"] == order["t"] else (theirs, ours)
    result = [name for name in first if name in kept]
    own = set(first) - set(base)
    before: str | None = None
    for name in second:
        if name in kept and name not in result:
            at = result.index(before) + 1 if before is not None else 0
            while at < len(result) and result[at] in own:
                at += 1
            result.insert(at, name)
        if name in result:
            before = name
    return result
