"""Equipment of each site: its class, principle, volumes, materials, qualification, and what it can hold."""

from collections.abc import Iterator
from dataclasses import dataclass

from ttpack.analysis.site_comparison.pairing import paired
from ttpack.analysis.site_comparison.statements import (
    Asked,
    Field,
    Statement,
    Subject,
    code_value,
    codes_value,
    collapsed,
    flag_value,
    quantity_value,
    range_value,
    text_value,
)
from ttpack.model.facility import EquipmentCapability, EquipmentRequirement, SiteEquipment


@dataclass(frozen=True, slots=True)
class Counterparts:
    """Items of several sites that serve the same, and what they have in common."""

    subject: Subject
    items: tuple[SiteEquipment, ...]


def counterparts(asked: Asked) -> tuple[Counterparts, ...]:
    """The equipment of the sites compared, each item with those that serve the same elsewhere.

    Items of one class that hold the same parameter belong together, then those of one class at the same unit
    operation, then whatever holds the same parameter or meets the same requirement.
    """
    return asked.once("equipment", lambda: tuple(_counterparts(asked)))


def statements(asked: Asked) -> Iterator[Statement]:
    """What each item is, and, parameter by parameter, what the site's equipment can hold."""
    for each in counterparts(asked):
        for item in each.items:
            yield Statement(each.subject, (item.site or "",), item.id, item.name, tuple(_item(asked, item)))
    yield from _capabilities(asked)


def _counterparts(asked: Asked) -> Iterator[Counterparts]:
    items = [item for item in asked.package.in_force(SiteEquipment) if asked.among(item.site)]
    requirements = {one.id: one.unit_operation for one in asked.package.in_force(EquipmentRequirement)}

    def operations(item: SiteEquipment) -> list[str]:
        met = (requirements.get(ref) for ref in item.meets)
        return list(dict.fromkeys((*item.unit_operations, *(unit for unit in met if unit))))

    def parameters(item: SiteEquipment) -> list[str]:
        return [ref for capability in item.capabilities for ref in capability.parameters]

    def kind(item: SiteEquipment) -> str:
        return collapsed(item.equipment_class or "").casefold()

    groups = paired(
        items,
        lambda item: item.site or "",
        (
            lambda item: [(kind(item), ref) for ref in parameters(item)],
            lambda item: [(kind(item), ref) for ref in operations(item)],
            lambda item: [kind(item)] if kind(item) and not operations(item) and not parameters(item) else [],
        ),
        (parameters, lambda item: item.meets),
    )
    order = {unit.id: number for number, unit in enumerate(asked.package.unit_operations)}
    for group in sorted(groups, key=lambda group: (_first(order, operations(group[0])), kind(group[0]), group[0].id)):
        shared = [ref for ref in operations(group[0]) if all(ref in operations(item) for item in group)]
        serves = shared or operations(group[0])
        names = [collapsed(item.equipment_class or item.name) for item in group]
        what = next(iter(dict.fromkeys(names)))
        label = f"{what} ({', '.join(asked.package.label(ref) for ref in serves[:3])})" if serves else what
        if len(serves) > 3:  # noqa: PLR2004  three names tell which one is meant
            label = f"{label[:-1]} and {len(serves) - 3} more)"
        known = [ref for ref in shared if ref in order]
        record = known[0] if known else None
        yield Counterparts(Subject(("item", group[0].id), label, record), tuple(group))


def _first(order: dict[str, int], operations: list[str]) -> int:
    return min((order[ref] for ref in operations if ref in order), default=len(order))


def _item(asked: Asked, item: SiteEquipment) -> Iterator[Field]:
    own = asked.own
    yield Field("equipment_class", "class", code_value(item.equipment_class))
    yield Field("operating_principle", "operating principle", text_value(item.operating_principle))
    volume = range_value(item.working_volume, item.working_volume_unit, own)
    yield Field("working_volume", "working volume", volume)
    for name, label in (
        ("nominal_volume", "nominal volume"), ("minimum_headspace", "least headspace"),
        ("gas_hold_up", "gas hold-up"), ("minimum_flow", "least flow"), ("maximum_flow", "greatest flow"),
        ("maximum_pressure", "greatest pressure"),
    ):  # fmt: skip
        yield Field(name, label, quantity_value(getattr(item, name), own))
    yield Field("materials_of_construction", "product-contact material", code_value(item.materials_of_construction))
    yield Field("contact_materials", "product-contact materials", codes_value(item.contact_materials))
    yield Field("qualification", "qualification", code_value(item.qualification))
    yield Field("single_use", "single use", flag_value(given=item.single_use))
    yield Field("dedicated", "dedicated to one product", flag_value(given=item.dedicated))
    packing = asked.package.label(item.packing) if item.packing else None
    yield Field("packing", "packing", text_value(packing))


def _capabilities(asked: Asked) -> Iterator[Statement]:
    """What is held, by what it is for. A counterpart that holds none of it says so; a site without one did."""
    groups = counterparts(asked)
    stated: set[tuple[object, str]] = set()
    concerned: dict[object, tuple[Subject, dict[int, Counterparts]]] = {}
    for number, group in enumerate(groups):
        for item in group.items:
            for index, capability in enumerate(item.capabilities):
                for subject in _held(asked, item, capability):
                    fields = tuple(_capability(asked, capability, index))
                    yield Statement(subject, (item.site or "",), item.id, item.name, fields)
                    stated.add((subject.key, item.site or ""))
                    concerned.setdefault(subject.key, (subject, {}))[1][number] = group
    for key, (subject, found) in concerned.items():
        for item in (item for group in found.values() for item in group.items):
            if (key, item.site or "") not in stated:
                yield Statement(subject, (item.site or "",), item.id, item.name, ())


def _held(asked: Asked, item: SiteEquipment, capability: EquipmentCapability) -> Iterator[Subject]:
    """What a capability is for: its parameters, else a quantity at the unit operations that the item serves."""
    for ref in dict.fromkeys(capability.parameters):
        yield Subject(("capability", ref), f"Capability for {asked.package.label(ref)}", ref, whole=False)
    if not capability.parameters:
        quantity = collapsed(capability.quantity_kind or capability.function or "").casefold()
        for ref in dict.fromkeys(item.unit_operations) if quantity else ():
            label = f"{quantity.replace('_', ' ')} at {asked.package.label(ref)}"
            yield Subject(("capability", ref, quantity), f"Capability for {label}", ref, whole=False)


def _capability(asked: Asked, capability: EquipmentCapability, index: int) -> Iterator[Field]:
    for name, label in (
        ("range", "design range"), ("qualified_range", "qualified range"), ("measuring_range", "measuring range"),
    ):  # fmt: skip
        value = range_value(getattr(capability, name), capability.unit, asked.own)
        yield Field(f"capabilities.{name}", label, value, f"capabilities[{index}].{name}")
    for name, label in (("accuracy", "accuracy"), ("control_band", "control band")):
        value = quantity_value(getattr(capability, name), asked.own, width=True)
        yield Field(f"capabilities.{name}", label, value, f"capabilities[{index}].{name}")
