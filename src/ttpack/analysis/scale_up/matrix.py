"""The scale matrix between two sites: every quantity either states, in process order."""

from collections.abc import Iterator
from dataclasses import replace

from ttpack.analysis.scale_up.columns import column_rows
from ttpack.analysis.scale_up.figures import results
from ttpack.analysis.scale_up.impellers import impeller_rows
from ttpack.analysis.scale_up.judgements import Limit, against_limits, judge
from ttpack.analysis.scale_up.pairs import Pair, compared, matched, pair
from ttpack.analysis.scale_up.parameters import parameter_row
from ttpack.analysis.scale_up.rows import ScaleRow
from ttpack.model.package import Package
from ttpack.model.parameter import DesignSpace, ProcessParameter
from ttpack.model.process import ProcessAttribute, UnitOperation


def scale_matrix(package: Package, sending: str, receiving: str) -> tuple[ScaleRow, ...]:
    """Every quantity of every unit operation that the sending or the receiving site states, with its verdict."""
    return tuple(
        row for unit in package.unit_operations for row in unit_operation_rows(package, unit, sending, receiving)
    )


def scale_parameter(
    package: Package, parameter: ProcessParameter, sending: str, receiving: str
) -> tuple[ScaleRow, ...]:
    """The parameter's own row, what is computed from it, and figures of the same kind in its unit operation."""
    unit = package.get(parameter.unit_operation, UnitOperation)
    if unit is None:
        reason = f"{parameter.name} names no unit operation of the package"
        return (ScaleRow(parameter.quantity_kind or "", parameter.name, parameter.unit or "", None, None, "no_verdict",
                         reason, None, parameter=parameter.id),)  # fmt: skip
    own = parameter_row(pair(package, unit, sending, receiving), parameter)
    rest = [
        row for row in unit_operation_rows(package, unit, sending, receiving)
        if row != own and (row.parameter == parameter.id or (row.parameter is None and row.quantity == own.quantity))
    ]  # fmt: skip
    return (own, *rest)


def unit_operation_rows(package: Package, unit: UnitOperation, sending: str, receiving: str) -> Iterator[ScaleRow]:
    """Figures first, then what is computed from them, scale-dependent parameters, and attribute results."""
    two = pair(package, unit, sending, receiving)
    for key, first, second in two.matched():
        yield judge(two, key, first, second)
    yield from impeller_rows(two)
    yield from column_rows(two)
    for parameter in package.parameters:
        if parameter.unit_operation == unit.id and parameter.scale and parameter.scale.dependence == "dependent":
            yield parameter_row(two, parameter)
    yield from _results(two)


def _results(two: Pair) -> Iterator[ScaleRow]:
    found = [results(two.package, two.unit, site) for site in (two.sending, two.receiving)]
    for key, first, second in matched(found[0], found[1]):
        row = replace(compared(two, key, first, second), quantity=key)
        limit = _attribute_limit(two, key)
        if row.reason or first is None or second is None:
            yield row
        elif limit is not None and (limited := against_limits(two, row, (first, second), limit)):
            yield limited
        elif first.value is None and first.text == second.text:
            yield replace(row, verdict="given", reason="the same words at both sites")
        else:
            yield replace(row, verdict="compared", reason="no design space and no expected range states a limit")


def _attribute_limit(two: Pair, attribute: str) -> Limit | None:
    """The limit of a design space of the unit operation for the attribute, else its expected range."""
    for space in two.package.in_force(DesignSpace):
        for index, response in enumerate(space.responses):
            here = space.unit_operation in (two.unit.id, None)
            if here and response.attribute == attribute and response.limit and response.limit.numeric:
                words = f"the limit in {space.name}"
                return Limit(response.limit, response.unit, words, f"{space.id}.responses[{index}].limit")
    record = two.package.get(attribute, ProcessAttribute)
    if record and record.expected_range and record.expected_range.numeric:
        return Limit(record.expected_range, record.unit, f"the expected range of {record.name}",
                     f"{record.id}.expected_range")  # fmt: skip
    return None
