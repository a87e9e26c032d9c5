"""The flow of a process as a graph: circles, ends, and what hangs together. Every answer takes linear time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

Edge = tuple[str, str]


@dataclass(frozen=True)
class Flow:
    """Nodes in process order, and the arrows between them that are not declared loops."""

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]

    @classmethod
    def of(cls, nodes: Iterable[str], edges: Iterable[Edge]) -> "Flow":
        """The flow between these nodes: arrows to anything else are left out, repeated ones count once."""
        known = tuple(dict.fromkeys(nodes))
        members = frozenset(known)
        return cls(known, tuple(dict.fromkeys(edge for edge in edges if edge[0] in members and edge[1] in members)))

    @cached_property
    def _after(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {node: [] for node in self.nodes}
        for source, target in self.edges:
            found[source].append(target)
        return found

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """Nodes that nothing flows into, a loop onto itself aside."""
        entered = {target for source, target in self.edges if source != target}
        return tuple(node for node in self.nodes if node not in entered)

    @cached_property
    def ends(self) -> tuple[str, ...]:
        """Nodes that nothing flows out of, a loop onto itself aside."""
        left = {source for source, target in self.edges if source != target}
        return tuple(node for node in self.nodes if node not in left)

    @cached_property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """The parts that no arrow joins, in process order."""
        neighbours: dict[str, list[str]] = {node: [] for node in self.nodes}
        for source, target in self.edges:
            neighbours[source].append(target)
            neighbours[target].append(source)
        seen: set[str] = set()
        return tuple(
            tuple(sorted(_reached(node, neighbours, seen), key=self._place.__getitem__))
            for node in self.nodes
            if node not in seen
        )

    @cached_property
    def circular_parts(self) -> tuple[frozenset[str], ...]:
        """Each largest set of nodes that lead back to themselves."""
        return tuple(_leading_back(self.nodes, self._after))

    @cached_property
    def circles(self) -> tuple[tuple[str, ...], ...]:
        """One circle of each set of nodes that lead back to themselves, from its first node in process order."""
        groups = self.circular_parts
        found = (_circle(min(group, key=self._place.__getitem__), self._after, group) for group in groups)
        return tuple(sorted(found, key=lambda circle: self._place[circle[0]]))

    @cached_property
    def _place(self) -> dict[str, int]:
        return {node: index for index, node in enumerate(self.nodes)}


def _reached(start: str, neighbours: dict[str, list[str]], seen: set[str]) -> set[str]:
    part, waiting = {start}, [start]
    seen.add(start)
    while waiting:
        for other in neighbours[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                part.add(other)
                waiting.append(other)
    return part


def _leading_back(nodes: Sequence[str], after: dict[str, list[str]]) -> list[frozenset[str]]:
    """Strongly connected sets of two or more nodes, and nodes with an arrow onto themselves (Kosaraju)."""
    order: list[str] = []
    seen: set[str] = set()
    for node in nodes:
        if node not in seen:
            order.extend(_finished(node, after, seen))
    before: dict[str, list[str]] = {node: [] for node in nodes}
    for source, targets in after.items():
        for target in targets:
            before[target].append(source)
    seen = set()
    found = []
    for node in reversed(order):
        if node not in seen:
            group = _reached(node, before, seen)
            if len(group) > 1 or node in after[node]:
                found.append(frozenset(group))
    return found


def _finished(start: str, after: dict[str, list[str]], seen: set[str]) -> list[str]:
    """Nodes reached from `start` in the order in which a depth-first walk leaves them."""
    done = []
    seen.add(start)
    waiting = [(start, iter(after[start]))]
    while waiting:
        node, following = waiting[-1]
        for other in following:
            if other not in seen:
                seen.add(other)
                waiting.append((other, iter(after[other])))
                break
        else:
            done.append(node)
            waiting.pop()
    return done


def _circle(start: str, after: dict[str, list[str]], group: frozenset[str]) -> tuple[str, ...]:
    """The shortest way from `start` back to itself inside the group."""
    came_from: dict[str, str] = {}
    waiting = [start]
    for node in waiting:
        for other in after[node]:
            if other == start:
                way = [node]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return tuple(reversed(way))
            if other in group and other not in came_from:
                came_from[other] = node
                waiting.append(other)
    return (start,)
