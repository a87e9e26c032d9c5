"""What stands behind a quality attribute: unit operations, the parameters that move it, what controls it, evidence."""

from collections.abc import Iterator

from ttpack.model.knowledge import Evidence
from ttpack.model.package import Package
from ttpack.model.parameter import Effect, ProcessParameter
from ttpack.model.quality import QualityAttribute, Specification
from ttpack.views.blocks import Block, Column, Link, Row, Table, Text
from ttpack.views.trace_graph import Trace, draw_trace
from ttpack.views.unit_operation import sorted_parameters
from ttpack.views.words import references

# Each layer is joined to the next alone: a line that passed behind a box would seem to lead to it.
_HEADINGS = ("Tests and evidence", "Attribute", "Unit operation", "Parameter", "Controls and evidence")
_OWN, _ATTRIBUTE, _UNIT, _PARAMETER, _BEHIND = range(5)
Moving = tuple[str, ProcessParameter, Effect | None]


def attribute_trace(package: Package, attribute: QualityAttribute) -> tuple[Block, ...]:
    """The picture of the trace, and the same as a table with links; nothing where no parameter moves it."""
    moving = list(_moving(package, attribute))
    if not moving:
        return ()
    trace = Trace(_HEADINGS, _Labels(package))
    for one in (*_controls(package, attribute), *_known(package, attribute.evidence)):
        trace.add(_OWN, one)
    trace.add(_ATTRIBUTE, attribute.id, *trace.layers[_OWN])
    for unit, item, effect in moving:
        trace.add(_UNIT, unit, attribute.id)
        trace.add(_PARAMETER, item.id, unit)
        for one in (*_known(package, item.in_process_controls), *_evidence(package, item, effect)):
            trace.add(_BEHIND, one, item.id)
    picture = draw_trace(trace, f"What stands behind {attribute.name}")
    return (picture, _table(package, moving))


class _Labels(dict[str, str]):
    """What each record is called, asked for when it is needed."""

    def __init__(self, package: Package) -> None:
        super().__init__()
        self._package = package

    def __missing__(self, record: str) -> str:
        return self._package.label(record)


def _moving(package: Package, attribute: QualityAttribute) -> Iterator[Moving]:
    """Parameters that move it, in the order of the process, most critical first."""
    for unit in package.unit_operations:
        for item in sorted_parameters(package, unit):
            for effect in item.effects:
                if (effect.ref if isinstance(effect, Effect) else effect) == attribute.id:
                    yield unit.id, item, effect if isinstance(effect, Effect) else None
                    break


def _controls(package: Package, attribute: QualityAttribute) -> tuple[str, ...]:
    """Tests and specifications of the attribute itself; its parameters have a layer of their own."""
    tested = [one.id for one in package.in_force(Specification) if one.attribute == attribute.id]
    named = [one for one in attribute.control_elements if package.get(one, ProcessParameter) is None]
    return _known(package, (*attribute.methods, *tested, *named))


def _evidence(package: Package, item: ProcessParameter, effect: Effect | None) -> tuple[str, ...]:
    """Evidence of the effect; that of the parameter where the effect names none."""
    own = effect.evidence if effect else ()
    found = own or item.evidence
    return tuple(one for one in dict.fromkeys(found) if package.get(one, Evidence) is not None)


def _known(package: Package, records: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in dict.fromkeys(records) if one in package.records)


def _table(package: Package, moving: list[Moving]) -> Table:
    rows = tuple(
        Row((
            (Link(item.id, item.name, item.id),),
            references(package, [unit]),
            (Text(_words(effect)),),
            references(package, _known(package, item.in_process_controls)),
            references(package, _evidence(package, item, effect)),
        ))
        for unit, item, effect in moving
    )  # fmt: skip
    heads = ("Parameter", "Unit operation", "Effect", "Tested in process by", "Evidence")
    return Table(tuple(map(Column, heads)), rows, "Parameters that move it")


def _words(effect: Effect | None) -> str:
    if effect is None:
        return ""
    direction = (effect.direction or "").replace("_", " ")
    return ", ".join(filter(None, (direction, effect.strength and f"{effect.strength} strength")))
