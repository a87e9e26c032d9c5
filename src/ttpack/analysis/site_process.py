"""How a site process differs from the general process that it follows (ISA-88 recipe levels)."""

from collections.abc import Iterator

from ttpack.model.package import Package
from ttpack.model.process import Process


def general_process(package: Package, process: Process) -> Process | None:
    """The general process that a site process follows."""
    return package.get(process.derived_from, Process)


def unlisted_differences(package: Package, general: Process, process: Process) -> Iterator[str]:
    """Differences between the two processes, in words, that `differences` does not list.

    Values of parameters are compared elsewhere: a site overlay states its own reason.
    """
    listed = {difference.record for difference in process.differences}
    if process.unit_operations:
        for unit in sorted({*general.unit_operations} ^ {*process.unit_operations}):
            if unit not in listed:
                where = "only in the site process" if unit in process.unit_operations else "only in the general process"
                yield f"{package.label(unit)} ({unit}) is {where}"
        here, there = frozenset(process.unit_operations), frozenset(general.unit_operations)
        common = [unit for unit in general.unit_operations if unit in here]
        order = [unit for unit in process.unit_operations if unit in there]
        if common != order and not {general.id, process.id, *common} & listed:
            yield "the unit operations come in another order than in the general process"
    types = (process.process_type, general.process_type)
    if None not in types and types[0] != types[1] and not {general.id, process.id} & listed:
        yield f"the site runs it as {process.process_type}, the general process as {general.process_type}"
    flow = {(edge.source, edge.target, edge.recycle) for edge in process.flow}
    if flow and general.flow:
        for source, target, recycle in sorted(
            flow ^ {(edge.source, edge.target, edge.recycle) for edge in general.flow}
        ):
            if not {source, target, general.id, process.id} & listed:
                loop = "recycle " if recycle else ""
                yield f"the {loop}flow from {source} to {target} is in one of the two processes only"
