"""Which items of several sites are each other's counterpart: those that serve the same, whatever they are called."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from ttpack.model.record import Record

Item = TypeVar("Item", bound=Record)
Served = Callable[[Item], Iterable[Hashable]]


def paired(
    items: Sequence[Item],
    site_of: Callable[[Item], str],
    alike: Sequence[Served[Item]],
    left: Sequence[Served[Item]] = (),
) -> list[list[Item]]:
    """Groups of items that serve the same, in the order of their first item.

    Each of `alike` and then of `left` names what an item serves, the most telling first. Items that are `alike` in
    what they serve belong together, several of one site too. What is `left` over joins a group that lacks its site.
    """
    sites = len({site_of(item) for item in items})
    groups = _Groups([[item] for item in items], site_of, sites)
    for served in alike:
        groups.join_alike(served)
    for served in left:
        groups.join_left(served)
    return groups.groups


class _Groups(Generic[Item]):
    """Groups of items, joined step by step; a group in which every site has an item is complete."""

    def __init__(self, groups: list[list[Item]], site_of: Callable[[Item], str], sites: int) -> None:
        self.groups = groups
        self._site_of = site_of
        self._sites = sites

    def join_alike(self, served: Served[Item]) -> None:
        """Join what stands alone at its site so far, or has no site in common."""
        present = [self._present(group) for group in self.groups]
        self._join(
            served, lambda numbers: all(len(present[number]) == 1 for number in numbers) or _disjoint(present, numbers)
        )

    def join_left(self, served: Served[Item]) -> None:
        """Join groups that have no site in common, each at most with one of every site."""
        self._join(served, None)

    def _join(self, served: Served[Item], belong: Callable[[Sequence[int]], bool] | None) -> None:
        leader = list(range(len(self.groups)))
        present = [self._present(group) for group in self.groups]
        for numbers in self._sharing(served, present).values():
            leads = sorted({_lead(leader, number) for number in numbers})
            sites = set().union(*(present[number] for number in leads))
            if len(leads) > 1 and len(sites) > 1 and (belong(numbers) if belong else _disjoint(present, leads)):
                for number in leads:
                    leader[number] = leads[0]
                present[leads[0]] = sites
        joined: dict[int, list[Item]] = {}
        for number, group in enumerate(self.groups):
            joined.setdefault(_lead(leader, number), []).extend(group)
        self.groups = list(joined.values())

    def _sharing(self, served: Served[Item], present: Sequence[set[str]]) -> dict[Hashable, list[int]]:
        """The incomplete groups that serve each thing."""
        sharing: dict[Hashable, list[int]] = {}
        for number, group in enumerate(self.groups):
            if len(present[number]) < self._sites:
                for thing in dict.fromkeys(thing for item in group for thing in served(item)):
                    sharing.setdefault(thing, []).append(number)
        return sharing

    def _present(self, group: Iterable[Item]) -> set[str]:
        return {self._site_of(item) for item in group}


def _lead(leader: list[int], number: int) -> int:
    while leader[number] != number:
        leader[number] = leader[leader[number]]
        number = leader[number]
    return number


def _disjoint(present: Sequence[set[str]], numbers: Iterable[int]) -> bool:
    """Whether no site stands in two of the groups."""
    groups = [present[number] for number in numbers]
    return sum(map(len, groups)) == len(set().union(*groups))
