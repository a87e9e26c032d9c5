"""Which items of several sites are each other's counterpart: those that serve the same, whatever they are called."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from ttpack.model.record import Record

Item = TypeVar("Item", bound=Record)
Served = Callable[[Item], Iterable[Hashable]]


def paired(items: Sequence[Item], site_of: Callable[[Item], str], passes: Sequence[Served[Item]]) -> list[list[Item]]:
    """Groups of items that serve the same, in the order of their first item.

    Each pass names what an item serves, the most telling first. A pass joins groups that have a served thing in
    common, as long as that brings a further site to one of them; a group in which every site has an item is complete.
    """
    sites = len({site_of(item) for item in items})
    groups = [[item] for item in items]
    for served in passes:
        groups = _joined(groups, site_of, served, sites)
    return groups


def _joined(
    groups: list[list[Item]], site_of: Callable[[Item], str], served: Served[Item], sites: int
) -> list[list[Item]]:
    present = [{site_of(item) for item in group} for group in groups]
    sharing: dict[Hashable, list[int]] = {}
    for number, group in enumerate(groups):
        if len(present[number]) < sites:
            for thing in sorted({*_things(group, served)}, key=repr):
                sharing.setdefault(thing, []).append(number)
    leader = list(range(len(groups)))

    def lead(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for numbers in sharing.values():
        if len(set().union(*(present[number] for number in numbers))) > 1:
            first = min(lead(number) for number in numbers)
            for number in numbers:
                leader[lead(number)] = first
    joined: dict[int, list[Item]] = {}
    for number, group in enumerate(groups):
        joined.setdefault(lead(number), []).extend(group)
    return list(joined.values())


def _things(group: Iterable[Item], served: Served[Item]) -> Iterable[Hashable]:
    return (thing for item in group for thing in served(item))
