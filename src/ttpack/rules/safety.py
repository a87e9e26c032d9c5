"""Rules on health, safety and environment (HSE)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ttpack.analysis.placeholders import written
from ttpack.model.facility import Site
from ttpack.model.findings import Place, Problem
from ttpack.model.materials import CellBank, Material
from ttpack.model.package import Package
from ttpack.model.process import Step
from ttpack.model.record import Record
from ttpack.model.regulatory import HseItem
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule


@dataclass(frozen=True, slots=True)
class Hazard:
    """A record that is hazardous, the records that an item on it may be about, and what it says itself."""

    record: Record
    about: frozenset[str]
    data_sheet: str | None = None
    living: bool = False


@rule("HSE-01", COMPLETENESS, basis="WHO TRS 1044 A4", from_gate="G3")
def hazard_without_safety_information(package: Package, context: Context) -> Iterator[Outcome]:
    """A hazardous material or step lacks its safety information at a receiving site, or a cell line its safety level.

    Hazardous is a material that says so, or has a safety data sheet and does not say that it is not; a step with
    `hazards`; every cell bank; and what an `hse_item` is about. At each receiving site the items on it (those of no
    site count at all) together give safety data sheet, exposure limit or band, protective equipment, what to do with a
    spill and the waste route; an item on cells or a virus also the biosafety level. Items on a step's unit operation or
    materials, and on another bank of the same cell line, count for it too. What lacks at
    all of several sites alike is one finding.
    Why: the operator who spills it cannot look for the answer then.
    Resolve: write or complete the `hse_item` of the site.
    """
    items = package.in_force(HseItem)
    hazards = _hazards(package)
    if not items:
        return  # DOC-06 asks for the first of them
    open_: dict[tuple[Place, str, str], list[str]] = {}
    for site in package.receiving_sites:
        here = [one for one in items if one.site in (None, site)]
        if not here:
            if hazards:
                place = (package.get(site, Site) or package.manifest).at()
                message = f"{package.label(site)} ({site}) has no safety information on {len(hazards)} hazards"
                yield Problem(place, message, site=site)
            continue
        for hazard in hazards:
            for place, message, fix in _missing(hazard, here):
                open_.setdefault((place, message, fix), []).append(site)
    for (place, message, fix), sites in open_.items():
        if 1 < len(sites) == len(package.receiving_sites):  # the same everywhere: one cause
            yield Problem(place, message.format(at=""), fix.format(of=""))
            continue
        for site in sites:
            at, of = f" at {package.label(site)} ({site})", f" of {site}"
            yield Problem(place, message.format(at=at), fix.format(of=of), site)
    for item in items:
        yield from _item(package, item, hazards)


def _hazards(package: Package) -> list[Hazard]:
    found = [
        Hazard(one, frozenset({one.id}), one.safety_data_sheet)
        for one in package.in_force(Material)
        if one.hazardous or (one.hazardous is None and written(one.safety_data_sheet))
    ]
    found += [
        Hazard(one, frozenset({one.id, one.unit_operation or one.id, *one.materials}))
        for one in package.in_force(Step)
        if written(one.hazards)
    ]
    banks = package.in_force(CellBank)
    lines = {bank.id: " ".join((bank.cell_line or bank.id).casefold().split()) for bank in banks}
    for bank in banks:
        same = frozenset(name for name, line in lines.items() if line == lines[bank.id])
        users = frozenset({bank.unit_operation} if bank.unit_operation else ())
        found.append(Hazard(bank, same | users, living=True))
    # one finding for a cell line, not one for each of its banks
    first: dict[frozenset[str], Hazard] = {}
    for hazard in found:
        key = (
            frozenset(name for name in hazard.about if name in lines)
            if hazard.living
            else frozenset({hazard.record.id})
        )
        known = first.get(key)
        first[key] = Hazard(known.record, known.about | hazard.about, living=True) if known else hazard
    return list(first.values())


FIELDS: Mapping[str, str] = {
    "safety_data_sheet": "safety data sheet",
    "exposure_limit": "exposure limit or band",
    "protective_equipment": "protective equipment",
    "spill": "spill procedure",
    "waste": "waste route",
}


def _missing(hazard: Hazard, here: Iterable[HseItem]) -> Iterator[tuple[Place, str, str]]:
    """What items do not say of a hazard: place, message with `{at}` for the site, and fix with `{of}`."""
    items = [one for one in here if hazard.about.intersection(one.about)]
    name = hazard.record.name.replace("{", "{{").replace("}", "}}")
    if not items:
        fix = f"write an hse_item{{of}} about {hazard.record.id}"
        yield hazard.record.at(), f"{name} is hazardous, and nothing is said of it{{at}}", fix
        return
    missing = [words for field, words in FIELDS.items() if not any(written(getattr(one, field)) for one in items)]
    if written(hazard.data_sheet) and FIELDS["safety_data_sheet"] in missing:
        missing.remove(FIELDS["safety_data_sheet"])
    if hazard.living and not any(written(one.biosafety_level) for one in items):
        missing.append("biosafety level")
    if missing:
        yield items[0].at(), f"{name}{{at}}: no {', no '.join(missing)} is stated", ""


def _item(package: Package, item: HseItem, hazards: Iterable[Hazard]) -> Iterator[Outcome]:
    """An item on what nothing else calls hazardous has to be complete by itself."""
    if not item.about:
        yield Problem(item.at("about"), f"{item.name} does not say which material or step it is about", site=item.site)
    covered = {name for hazard in hazards for name in (hazard.record.id, *hazard.about)}
    if not item.about or covered.intersection(item.about):
        return
    missing = [words for field, words in FIELDS.items() if not written(getattr(item, field))]
    sheets = (package.get(name, Material) for name in item.about)
    if FIELDS["safety_data_sheet"] in missing and any(one and written(one.safety_data_sheet) for one in sheets):
        missing.remove(FIELDS["safety_data_sheet"])
    said = f"{item.name} {item.hazard or ''}".casefold()
    if any(word in said for word in ("virus", "viral", "cell line")) and not written(item.biosafety_level):
        missing.append("biosafety level")
    if missing:
        yield Problem(item.at(), f"{item.name} states no {', no '.join(missing)}", site=item.site)
