"""What the process consumes, and what the bills of materials of a site list (21 CFR 211.101)."""

from collections.abc import Mapping

from ttpack.model.materials import BillOfMaterials, Material
from ttpack.model.package import Package
from ttpack.model.process import MaterialFlow, Step, UnitOperation

MADE_BY_THE_PROCESS = "intermediate"
"""The class of material that one step hands to the next, which nobody buys or stocks."""


def consumers(package: Package) -> Mapping[str, tuple[str, ...]]:
    """By material in force, intermediates aside, the steps and unit operations in force that consume it.

    A step names its materials, a unit operation its inputs, and a material the unit operations where it is used.
    """
    found: dict[str, set[str]] = {}
    for step in package.in_force(Step):
        for material in step.materials:
            found.setdefault(material, set()).add(step.id)
    for unit in package.unit_operations:
        for flow in unit.inputs:
            if isinstance(flow, MaterialFlow) and flow.material:
                found.setdefault(flow.material, set()).add(unit.id)
    for one in package.in_force(Material):
        running = {unit for unit in one.unit_operations if runs(package, unit)}
        if running:
            found.setdefault(one.id, set()).update(running)
    return {name: tuple(sorted(users)) for name, users in sorted(found.items()) if bought(package, name)}


def bought(package: Package, material: str) -> bool:
    """Whether it is a material in force that comes from outside the process."""
    record = package.get(material, Material)
    return record is not None and record.in_force and record.material_class != MADE_BY_THE_PROCESS


def runs(package: Package, user: str) -> bool:
    """Whether it is a step or a unit operation in force."""
    record = package.get(user, Step) or package.get(user, UnitOperation)
    return record is not None and record.in_force


def bills_of(package: Package, site: str) -> tuple[BillOfMaterials, ...]:
    """The bills of materials in force of a site, else those of no site in particular."""
    bills = package.in_force(BillOfMaterials)
    return tuple(one for one in bills if one.site == site) or tuple(one for one in bills if one.site is None)


def listed_at(package: Package, site: str) -> frozenset[str] | None:
    """The materials that the bills of a site list; None where it has none."""
    bills = bills_of(package, site)
    return frozenset(line.material for bill in bills for line in bill.lines) if bills else None
