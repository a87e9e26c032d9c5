"""The flow that a process states, by its arrows or by the order of its unit operations."""

from collections.abc import Iterator
from itertools import pairwise

from ttpack.analysis.flow import Flow
from ttpack.model.package import Package
from ttpack.model.process import Process, UnitOperation
from ttpack.rules.registry import Outcome


def members(package: Package, process: Process) -> tuple[str, ...]:
    """The unit operations of a process: those it lists, else those that name it, else all if it is the only process."""
    if process.unit_operations:
        return process.unit_operations
    naming = tuple(unit.id for unit in package.unit_operations if unit.process == process.id)
    alone = len(package.in_force(Process)) == 1
    return naming or (tuple(unit.id for unit in package.unit_operations if unit.process is None) if alone else ())


def flow_of(package: Package, process: Process) -> tuple[Flow, list[Outcome]]:
    """The flow between the unit operations that exist (DOC-04 reports the others), and why it cannot be known."""
    nodes = [node for node in members(package, process) if package.get(node, UnitOperation)]
    if not process.flow:
        return _flow_by_order(package, process, nodes)
    listed = frozenset(nodes)
    problems: list[Outcome] = []
    for index, edge in enumerate(process.flow):
        for end, node in (("source", edge.source), ("target", edge.target)):
            if node not in listed and package.get(node, UnitOperation):
                place = process.at(f"flow[{index}].{end}")
                problems.append((place, f"{node} stands in the flow, but not among the unit operations of the process"))
    return Flow.of(nodes, ((edge.source, edge.target) for edge in process.flow if not edge.recycle)), problems


def _flow_by_order(package: Package, process: Process, nodes: list[str]) -> tuple[Flow, list[Outcome]]:
    units = [unit for node in dict.fromkeys(nodes) if (unit := package.get(node, UnitOperation))]
    if process.unit_operations and all(unit.order is None for unit in units):
        return Flow.of(nodes, pairwise(unit.id for unit in units)), []  # the list is the order
    problems: list[Outcome] = []
    by_order: dict[int, str] = {}
    for unit in units:
        if unit.order is None and len(units) > 1:
            problems.append(
                (unit.at("order"), f"{unit.name} has no place in the process: no order, and no flow names it")
            )
        elif unit.order is not None and by_order.setdefault(unit.order, unit.id) != unit.id:
            other = by_order[unit.order]
            message = f"{unit.name} has the same order {unit.order} as {other}, and no flow says which comes first"
            problems.append((unit.at("order"), message))
    ordered = [unit.id for unit in sorted(units, key=lambda unit: (unit.order or 0, unit.id))]
    return Flow.of(nodes, pairwise(ordered)), problems


def stray_unit_operations(package: Package) -> Iterator[Outcome]:
    """Unit operations in force that belong to no process, where there is a process."""
    processes = package.in_force(Process)
    if not processes:
        return
    placed = {node for process in processes for node in members(package, process)}
    for unit in package.unit_operations:
        if unit.id not in placed:
            yield unit.at("process"), f"{unit.name} is not part of any process: nothing flows into it or out of it"


def following(package: Package) -> tuple[tuple[str, str], ...]:
    """The pairs of unit operations of which the second receives from the first, recycle aside, in a fixed order."""
    pairs = {
        edge
        for process in package.in_force(Process)
        for flow, problems in (flow_of(package, process),)
        if not problems
        for edge in flow.edges
        if edge[0] != edge[1]
    }
    return tuple(sorted(pairs))
