"""Product-contact materials: what is accepted against what the equipment is made of, and how it is kept clean."""

from collections.abc import Iterator

from ttpack.analysis.cleaning_status import product_contact
from ttpack.analysis.facility_fit.site_plant import Row, SitePlant
from ttpack.analysis.facility_fit.verdict import Fit, FitSide, Verdict
from ttpack.model.facility import Cleaning, EquipmentRequirement, SiteEquipment


def contact_material_fits(plant: SitePlant) -> Iterator[Fit]:
    """Each item of equipment against each requirement that it is mapped to and that says something of materials."""
    run = {unit.id for unit in plant.unit_operations}
    cleaned = cleaned_equipment(plant)
    for asked in plant.package.in_force(EquipmentRequirement):
        if asked.unit_operation and asked.unit_operation not in run:
            continue
        mapped = [one for one in plant.equipment if asked.id in one.meets]
        # instruments beside the process touch samples only; where nothing says what carries liquid, all are asked
        for item in [one for one in mapped if carries_liquid(one)] or mapped:
            row = Row(plant.site, asked.id, "contact_material", f"Contact material of {item.name}",
                      asked.unit_operation, (item.id,))  # fmt: skip
            yield _fit(row, item, asked, cleaned)


def carries_liquid(item: SiteEquipment) -> bool:
    """Whether anything says that liquid of the process is in an item: the product touches it, or it has a flow."""
    return bool(product_contact(item) or item.minimum_flow or item.maximum_flow)


def cleaned_equipment(plant: SitePlant) -> frozenset[str]:
    """The equipment that a cleaning record in force of the site, or of no site, names."""
    records = (one for one in plant.package.in_force(Cleaning) if one.site in (None, plant.site))
    return frozenset(ref for one in records for ref in one.equipment)


def undeclared(item: SiteEquipment, cleaned: frozenset[str]) -> tuple[str, ...]:
    """What an item says neither of compatibility nor of cleaning, in words."""
    missing = []
    if not _said(item.material_compatibility):
        missing.append("nothing says that its contact materials suit product and cleaning agents")
    if not (item.dedicated or item.single_use or _said(item.cleanability) or item.id in cleaned):
        missing.append("nothing says that it can be cleaned, nor is it dedicated or single-use")
    return tuple(missing)


def _said(text: str | None) -> bool:
    return bool((text or "").strip())


def _fit(row: Row, item: SiteEquipment, asked: EquipmentRequirement, cleaned: frozenset[str]) -> Fit:
    accepted, offered = _names(asked), _names(item)
    required = FitSide(", ".join(accepted)) if accepted else None
    capability = FitSide(", ".join(offered)) if offered else None
    verdict, reasons = _compared(item, asked)
    missing = undeclared(item, cleaned)
    if verdict == "PASS" and missing:
        verdict = "CONDITIONAL"
    return row.fit(verdict, (*reasons, *missing), required, capability)


def _names(record: SiteEquipment | EquipmentRequirement) -> tuple[str, ...]:
    """The contact materials by name; else the one text there is."""
    text = (record.materials_of_construction or "").strip()
    return record.contact_materials or ((text,) if text else ())


def _compared(item: SiteEquipment, asked: EquipmentRequirement) -> tuple[Verdict, tuple[str, ...]]:
    accepted, offered = (tuple(_folded(name) for name in _names(one)) for one in (asked, item))
    if not accepted or not offered:
        silent = asked.name if not accepted else item.name
        return "UNKNOWN", (f"{silent} states no contact material",)
    strange = [name for name, folded in zip(_names(item), offered, strict=True) if folded not in accepted]
    if not strange or _same_words(item, asked):
        return "PASS", ()
    if item.contact_materials and asked.contact_materials:
        return "FAIL", (f"{', '.join(strange)} is not among the contact materials accepted",)
    texts = f"{', '.join(_names(asked))!r} and {', '.join(_names(item))!r}"
    return "UNKNOWN", (f"{texts} are words that only a person can compare",)


def _same_words(item: SiteEquipment, asked: EquipmentRequirement) -> bool:
    """Whether both are described by the same text, and names accepted say nothing else."""
    texts = [(one.materials_of_construction or "").strip() for one in (item, asked)]
    return not asked.contact_materials and bool(texts[0]) and _folded(texts[0]) == _folded(texts[1])


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
