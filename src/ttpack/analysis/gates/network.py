"""Which gate waits for which, and how long at least: the graph that forecasts and critical paths are read from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ttpack.analysis.gates.state import SiteGates, days_of, decided
from ttpack.model.exact_number import decimal_text
from ttpack.model.gates import Gate
from ttpack.model.package import Package
from ttpack.model.record import GATES

Key = tuple[str, str]
"""Site and gate."""


@dataclass(frozen=True, slots=True)
class Node:
    """A gate of a site, with its record where there is one."""

    site: str
    gate: str
    record: Gate | None

    @property
    def key(self) -> Key:
        """What tells it from other gates."""
        return self.site, self.gate


@dataclass(frozen=True, slots=True)
class Wait:
    """A gate that comes before, and how many days at least lie between; `because` says what says so."""

    before: Key
    days: Fraction | int
    because: str


@dataclass(frozen=True)
class Network:
    """Gates in an order in which each comes after those it waits for, at a date, for the sake of the one `asked` about.

    `said` is what had to be left out; a circle is cut at its first gate, which stands in `circles` with its words.
    """

    asked: Key
    as_of: date
    nodes: Mapping[Key, Node]
    waits: Mapping[Key, tuple[Wait, ...]]
    order: tuple[Key, ...]
    said: tuple[str, ...]
    circles: tuple[tuple[Gate, str], ...] = ()


def network(package: Package, sites: Mapping[str, SiteGates], site: str, asked: str, as_of: date) -> Network:
    """The gates of a site up to the one asked about, and every gate they depend on; what is decided waits for none."""
    builder = _Builder(package, sites, as_of)
    builder.add_site(site, asked)
    builder.follow()
    order = builder.ordered()
    waits = {key: tuple(found) for key, found in builder.waits.items()}
    return Network(
        (site, asked), as_of, builder.nodes, waits, order, tuple(dict.fromkeys(builder.said)), tuple(builder.circles)
    )


class _Builder:
    def __init__(self, package: Package, sites: Mapping[str, SiteGates], as_of: date) -> None:
        self.package, self.sites, self.as_of = package, sites, as_of
        self.nodes: dict[Key, Node] = {}
        self.waits: dict[Key, list[Wait]] = {}
        self.said: list[str] = []
        self.circles: list[tuple[Gate, str]] = []
        self._waiting: list[Key] = []

    def name(self, key: Key) -> str:
        site, gate = key
        return f"{gate} of {self.package.label(site)}" if site else self.package.label(gate)

    def add_site(self, site: str, asked: str) -> None:
        """The gates of a site up to `asked`: those with a record, and those that have still to be passed."""
        gates = self.sites.get(site) or SiteGates(site, None, {})
        for gate in GATES[: GATES.index(asked) + 1]:
            record = gates.record(gate)
            if record or not gates.is_passed(gate):
                self._add(Node(site, gate, record))
            if len(gates.records.get(gate, ())) > 1:
                ids = ", ".join(one.id for one in gates.records[gate])
                self.said.append(f"{self.name((site, gate))} has more than one record ({ids}); {record.id} counts"
                                 if record else "")  # fmt: skip

    def _add(self, node: Node) -> None:
        if node.key not in self.nodes:
            self.nodes[node.key] = node
            self.waits[node.key] = []
            self._waiting.append(node.key)

    def follow(self) -> None:
        """Find what every gate waits for, whatever site that is of."""
        while self._waiting:
            node = self.nodes[self._waiting.pop()]
            if node.record and decided(node.record, self.as_of):
                continue
            stated = list(self._stated(node))
            for before in stated:
                self._add(before)
                self.waits[node.key].append(self._wait(node, before))
            previous = self._previous(node)
            if previous and previous.key not in {one.key for one in stated}:
                own = any(one.site == node.site for one in stated)
                wait = Wait(previous.key, 0, "the order of gates") if own else self._wait(node, previous)
                self._add(previous)
                self.waits[node.key].append(wait)

    def _stated(self, node: Node) -> Iterator[Node]:
        seen: set[Key] = set()
        for name in node.record.depends_on if node.record else ():
            record = self.package.get(name, Gate)
            if record is None or not record.in_force:
                self.said.append(f"{self.name(node.key)} depends on {name}, which is no gate in force")
                continue
            key = (record.site or "", record.gate or record.id)
            if key[0] == node.site and key[1] >= node.gate:
                self.said.append(f"{self.name(node.key)} depends on {self.name(key)}, which does not come before it")
            elif key not in seen:
                seen.add(key)
                first = self.sites[key[0]].record(key[1]) if key[0] in self.sites and record.gate else record
                yield Node(*key, first)

    def _previous(self, node: Node) -> Node | None:
        """The gate before this one at its site: of those with a record, or that have still to be passed."""
        gates = self.sites.get(node.site)
        if gates is None or node.gate not in GATES:
            return None
        for gate in reversed(GATES[: GATES.index(node.gate)]):
            if (node.site, gate) in self.nodes:
                return self.nodes[node.site, gate]
            if record := gates.record(gate):
                return Node(node.site, gate, record)
        return None

    def _wait(self, node: Node, before: Node) -> Wait:
        least = node.record.least_time_after if node.record else None
        if least is not None:
            days = days_of(least, self.package.own_units)
            if days is not None and days >= 0:
                return Wait(before.key, days, f"at least {decimal_text(days, 6)} d after {self.name(before.key)}")
            self.said.append(
                f"the least time before {self.name(node.key)} ({least.value} {least.unit}) is no length of time and "
                "is left out"
            )
        planned = node.record.planned_on if node.record else None
        earlier = before.record.planned_on if before.record else None
        between = (planned - earlier).days if planned and earlier else 0
        if between < 0:
            said = f"{self.name(node.key)} is planned ({planned}) before {self.name(before.key)} ({earlier})"
            self.said.append(said)
        return Wait(before.key, max(between, 0), f"the plan keeps {max(between, 0)} d after {self.name(before.key)}")

    def ordered(self) -> tuple[Key, ...]:
        """The gates in an order in which each comes after those it waits for; a circle is cut and said."""
        order: list[Key] = []
        left = dict.fromkeys(sorted(self.nodes))
        while left:
            ready = [key for key in left if not any(wait.before in left for wait in self.waits[key])]
            if not ready:
                self._cut(left)
            for key in ready:
                del left[key]
            order += ready
        return tuple(order)

    def _cut(self, left: Mapping[Key, None]) -> None:
        path: dict[Key, None] = {}
        key = min(left)
        while key not in path:
            path[key] = None
            key = min(wait.before for wait in self.waits[key] if wait.before in left)
        circle = list(path)[list(path).index(key) :]
        first = min(circle)
        after = circle[(circle.index(first) + 1) % len(circle)]
        turn = [*circle[circle.index(first) :], *circle[: circle.index(first)], first]
        words = " > ".join(map(self.name, turn))
        self.said.append(f"gates depend on each other in a circle: {words}")
        if record := self.nodes[first].record:
            self.circles.append((record, words))
        self.waits[first] = [wait for wait in self.waits[first] if wait.before != after]
