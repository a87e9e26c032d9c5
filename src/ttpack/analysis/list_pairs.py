"""Which item of one list is which item of another: equal ones first, then those that say the same of themselves."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_KEYS = (
    "ref", "id", "site", "name", "parameter", "attribute", "about", "facet", "party", "gate", "role", "material",
    "rule", "code",
)  # fmt: skip

Pair = tuple[int | None, int | None]


def paired(old: Sequence[Any], new: Sequence[Any], current: Callable[[str], str]) -> list[Pair]:
    """Places in both lists, in the order of the new list, then what only the old one has.

    Items that are equal, digits included, are the same wherever they stand; then items with the same id-like field, in
    their order; then parts without one, in their order. `current` gives the ids in a text as they are after renames.
    """
    partner: dict[int, int] = {}
    free = set(range(len(old)))
    for identity in (_content, _name):
        waiting: dict[str, list[int]] = {}
        for index in sorted(free, reverse=True):
            waiting.setdefault(identity(old[index], current), []).append(index)
        for index, item in enumerate(new):
            candidates = waiting.get(identity(item, str)) if index not in partner else None
            if candidates:
                partner[index] = candidates.pop()
                free.discard(partner[index])
    pairs: list[Pair] = [(partner.get(index), index) for index in range(len(new))]
    return [*pairs, *((index, None) for index in sorted(free))]


def _content(item: Any, current: Callable[[str], str]) -> str:
    if isinstance(item, Mapping):
        inside = sorted((str(key), _content(value, current)) for key, value in item.items() if value is not None)
        return "{" + ",".join(f"{key!r}:{value}" for key, value in inside) + "}"
    if isinstance(item, list | tuple):
        return "[" + ",".join(_content(value, current) for value in item) + "]"
    return repr(current(item)) if isinstance(item, str) else f"{type(item).__name__} {item}"


def _name(item: Any, current: Callable[[str], str]) -> str:
    if isinstance(item, Mapping):
        for key in _KEYS:
            if isinstance(item.get(key), str):
                return f"{key}={current(item[key])}"
        return "{}"
    # another text is another item, a number or list in the same place has changed
    return f"text {current(item)}" if isinstance(item, str) else type(item).__name__
