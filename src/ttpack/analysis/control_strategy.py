"""Where each quality attribute is decided, and what controls it (ICH Q10, Q11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ttpack.model.package import Package
from ttpack.model.parameter import Effect
from ttpack.model.quality import InProcessControl, QualityAttribute, Specification


@dataclass(frozen=True, slots=True)
class Control:
    """The unit operations that form, clear or control an attribute, and the elements that control it."""

    steps: set[str] = field(default_factory=set)
    elements: set[str] = field(default_factory=set)


def control_of_attributes(package: Package) -> Mapping[str, Control]:
    """Control of each quality attribute by its id; records that do not exist or are withdrawn do not count."""
    found = {attribute.id: Control() for attribute in package.in_force(QualityAttribute)}
    for attribute in package.in_force(QualityAttribute):
        control = found[attribute.id]
        steps = (*attribute.formed_by, *attribute.cleared_by, *attribute.controlled_by)
        control.steps.update(step for step in steps if _counts(package, step))
        control.elements.update(element for element in attribute.control_elements if _counts(package, element))
    for unit in package.unit_operations:
        for decided in (*unit.forms, *unit.clears, *unit.controls):
            if decided in found:
                found[decided].steps.add(unit.id)
    for parameter in package.parameters:
        for effect in parameter.effects:
            target = effect.ref if isinstance(effect, Effect) else effect
            if target in found and not (isinstance(effect, Effect) and "none" in (effect.direction, effect.strength)):
                found[target].elements.add(parameter.id)
    tests: tuple[InProcessControl | Specification, ...] = (
        *package.in_force(InProcessControl),
        *package.in_force(Specification),
    )
    for test in tests:
        if test.attribute in found:
            found[test.attribute].elements.add(test.id)
    return found


def _counts(package: Package, record_id: str) -> bool:
    record = package.records.get(record_id)
    return record is not None and record.in_force
