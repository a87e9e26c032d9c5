"""Whether a site's equipment can do what the process asks of it, as far as ranges say."""

from collections.abc import Iterator

from ttpack.analysis.intervals import Units, interval, range_text
from ttpack.model.facility import EquipmentCapability, EquipmentRequirement, SiteEquipment
from ttpack.model.package import Package


def unmet_requirements(package: Package) -> Iterator[tuple[SiteEquipment, EquipmentRequirement, str]]:
    """Items mapped to a requirement that they do not meet, or only outside what was qualified, and why in words."""
    own = package.own_units
    for item in package.in_force(SiteEquipment):
        for requirement_id in item.meets:
            requirement = package.get(requirement_id, EquipmentRequirement)
            for asked in requirement.capabilities if requirement else ():
                why = _shortfall(item, asked, own)
                if why and requirement:
                    yield item, requirement, why


def _shortfall(item: SiteEquipment, asked: EquipmentCapability, own: Units) -> str:
    """Why no capability of the item covers the range asked for; empty where one does, or where nothing compares."""
    shortfall = ""
    for offered in item.capabilities:
        if not same_capability(asked, offered):
            continue
        wanted = interval(asked.range, asked.unit, own)
        for given, word in ((offered.qualified_range, "qualified"), (offered.range, "designed")):
            if given is None or asked.range is None:
                continue
            unit = given.unit or offered.unit
            needed = asked.range.model_copy(update={"unit": asked.range.unit or asked.unit})
            inner, outer = interval(needed, unit, own), interval(given, unit, own)
            if wanted is None or inner is None or outer is None:
                continue
            if not inner.ends_outside(outer):
                return ""
            what = asked.function or asked.quantity_kind or "a capability"
            shortfall = shortfall or (
                f"{what}: {range_text(asked.range, asked.unit)} is asked for, the item is {word} for "
                f"{range_text(given, unit)}"
            )
            if word == "qualified":
                break
    return shortfall


def same_capability(asked: EquipmentCapability, offered: EquipmentCapability) -> bool:
    """Whether one capability is asked for and offered of the same thing: parameter, else quantity, else function."""
    if set(asked.parameters) & set(offered.parameters):
        return True
    if asked.parameters and offered.parameters:
        return False
    if asked.quantity_kind and offered.quantity_kind:
        return asked.quantity_kind == offered.quantity_kind
    return asked.function is not None and asked.function == offered.function
