"""Supply of materials to each receiving site: who supplies, how many weeks are left, how long resins and cells last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ttpack.analysis.material_use import listed_at
from ttpack.analysis.placeholders import written
from ttpack.analysis.supply import (
    Lead,
    campaigns_at,
    cycles,
    lead,
    may_supply,
    only_source,
    suppliers_of,
    supply_at,
    supply_risks,
    weeks,
)
from ttpack.model.materials import CellBank, Material, MaterialSupply, Supplier
from ttpack.model.package import Package
from ttpack.model.quantity import InputQuantity
from ttpack.views.blocks import (
    Block,
    Break,
    Bullets,
    Chip,
    Column,
    Inline,
    Inlines,
    Link,
    Page,
    Row,
    Section,
    Strong,
    Table,
    Text,
)
from ttpack.views.words import counted, inlines_of_date, number_text, reference, references, unit_words

MANY = 10


@dataclass(frozen=True, slots=True)
class Supplied:
    """A material at a site: its suppliers, stock and need, and whether an order of today would come in time."""

    material: Material
    suppliers: tuple[Supplier, ...]
    supply: MaterialSupply | None
    lead: Lead
    single: bool
    answered: bool

    @property
    def open(self) -> bool:
        """Whether a single source or late delivery of a GMP-critical material has no risk, owner or decision."""
        return self.material.gmp_critical is True and (self.single or self.lead.late is True) and not self.answered


def supply_page(package: Package, as_of: date) -> Page | None:
    """What each receiving site needs and has; None for a package that lists no materials and no cell banks."""
    banks = package.in_force(CellBank)
    bought = [one for one in package.in_force(Material) if one.material_class != "intermediate"]
    if not package.receiving_sites or not (bought or banks):
        return None
    sites = {site: _supplied(package, bought, site, as_of) for site in package.receiving_sites}
    answers = [_answer(package, site, rows) for site, rows in sites.items() if bought]
    blocks: list[Block] = [Bullets(tuple(answers))] if answers else []
    resins = _resins(package, as_of)
    blocks += [resins] if resins else []
    blocks += [_site(package, site, rows) for site, rows in sites.items() if any(row.supply for row in rows)]
    blocks += [_banks(package, banks, as_of)] if banks else []
    summary = "Whether every material is ordered in time at each site, and what has one source only."
    return Page("supply", "Supply of materials", tuple(blocks), "Sites", summary)


def _supplied(package: Package, materials: Sequence[Material], site: str, as_of: date) -> list[Supplied]:
    listed = listed_at(package, site)
    found = []
    for material in materials:
        supply = supply_at(material, site)
        suppliers = suppliers_of(package, material)
        # what a site prepares or draws itself is not bought
        if (listed is not None and material.id not in listed) or not (suppliers or supply):
            continue
        time = lead(package, supply, as_of) if supply else Lead(None, None, "nothing is stated")
        answered = written(material.second_source_decision) and any(
            risk.owner for risk in supply_risks(package, material)
        )
        found.append(Supplied(material, suppliers, supply, time, only_source(package, material), answered))
    return sorted(
        found, key=lambda one: (not one.open, one.lead.late is not True, one.lead.late is False, one.material.id)
    )


def _answer(package: Package, site: str, rows: Sequence[Supplied]) -> Inlines:
    head: Inlines = (reference(package, site), Text(": "))
    if not any(row.supply for row in rows):
        return *head, Text(f"nothing is planned yet for {counted(len(rows), 'material')}.")
    late = sum(row.lead.late is True for row in rows)
    unknown = sum(row.lead.late is None for row in rows)
    unserved = sum(not any(may_supply(one, site) for one in row.suppliers) for row in rows)
    unanswered = sum(row.open for row in rows)
    in_time = "nothing known would come too late" if unknown else "everything would come in time"
    parts = [f"{late} of {counted(len(rows), 'material')} would come too late" if late else in_time]
    parts[0] += " if ordered today"
    parts += [f"for {unknown} nobody can tell"] if unknown else []
    parts += [f"{unserved} without a supplier qualified for the site"] if unserved else []
    head = (*head, Text("; ".join(parts) + "."))
    if unanswered:
        said = "GMP-critical material with one source or a late delivery has"
        if unanswered > 1:
            said = "GMP-critical materials with one source or a late delivery have"
        open_ones = f"{unanswered} {said} no risk record, no owner of the risk or no decision."
        return *head, Text(" "), Strong(open_ones)
    return head


def _site(package: Package, site: str, rows: Sequence[Supplied]) -> Section:
    columns = tuple(
        map(Column, ("Material", "Supplier", "In stock and on order", "Needed by", "Ordered today", "Sources"))
    )
    table = Table(
        columns, tuple(Row(_cells(package, site, row)) for row in rows),
        "What needs a decision first, then what comes late", filterable=len(rows) > MANY,
    )  # fmt: skip
    return Section(package.label(site), (table,))


def _cells(package: Package, site: str, row: Supplied) -> tuple[Inlines, ...]:
    supply = row.supply
    held: list[Inline] = []
    if supply is not None:
        held = [Text(f"{_amount(supply.stock)} in stock"), Break(), Text(f"{_amount(supply.on_order)} on order")]
    if supply and supply.expiry:
        held += [Break(), Text("expires "), *inlines_of_date(supply.expiry)]
    need = inlines_of_date(supply.need_date) if supply and supply.need_date else (Text("not stated"),)
    return (
        (Link(row.material.id, row.material.name, row.material.id),),
        _suppliers(row, site),
        tuple(held),
        need,
        _time(row.lead),
        _sources(package, row),
    )


def _amount(amount: InputQuantity | None) -> str:
    return f"{number_text(amount.value)} {unit_words(amount.unit)}" if amount else "nothing stated"


def _suppliers(row: Supplied, site: str) -> Inlines:
    found: list[Inline] = []
    for one in row.suppliers:
        found += [Break()] if found else []
        found += [Link(one.id, one.name, one.id), Text(f" ({one.country})" if one.country else " (country not stated)")]
        found += [] if may_supply(one, site) else [Text(" "), Chip("not qualified here", "warning")]
    return tuple(found) or (Chip("none named", "warning"),)


def _time(time: Lead) -> Inlines:
    if time.late is None or time.left is None or time.days is None:
        return Chip("not known", "warning"), Break(), Text(time.reason)
    left = f"{weeks(time.left)} left" if time.left >= 0 else f"needed {weeks(-time.left)} ago"
    state = Chip("too late", "bad") if time.late else Chip("in time", "good")
    return state, Break(), Text(f"{left}, lead time {weeks(time.days)}")


def _sources(package: Package, row: Supplied) -> Inlines:
    found: list[Inline] = [Text("one source" if row.single else "more than one source")]
    if row.material.second_source_decision:
        found += [Break(), Text(row.material.second_source_decision)]
    risks = supply_risks(package, row.material)
    if risks:
        found += [Break(), *references(package, [risk.id for risk in risks])]
    if row.open:
        found += [Break(), Chip("no decision" if risks else "no risk record", "bad")]
    return tuple(found)


def _resins(package: Package, as_of: date) -> Section | None:
    rows = []
    for material in package.in_force(Material):
        if material.material_class != "resin":
            continue
        for site in package.receiving_sites:
            listed = listed_at(package, site)
            if listed is None or material.id in listed:
                rows.append(Row(_resin(package, material, site, as_of)))
    if not rows:
        return None
    columns = tuple(map(Column, ("Resin", "Site", "Cycles planned", "Cycles allowed", "Answer")))
    return Section("Lifetime of resins", (Table(columns, tuple(rows), "Cycles of the campaigns that are not over"),))


def _resin(package: Package, material: Material, site: str, as_of: date) -> tuple[Inlines, ...]:
    found, lifetime = cycles(package, material, site, as_of), material.lifetime
    planned = "not known"
    if found.planned is not None:
        batches = "1 batch" if found.batches == 1 else f"{found.batches} batches"
        planned = f"{found.planned} ({batches})"
    allowed = str(found.allowed) if found.allowed is not None else "not stated"
    concurrent = lifetime.concurrent_protocol if lifetime and written(lifetime.concurrent_protocol) else None
    state = "validated" if lifetime and lifetime.validated else "not validated"
    answer: Inlines
    if found.exceeded is None:
        answer = (Chip("not known", "warning"), Break(), Text(found.reason))
    elif found.exceeded:
        answer = (Chip("too many", "info" if concurrent else "bad"),)
    else:
        answer = (Chip("within", "good"),)
    more: Inlines = (Break(), Text(f"concurrent protocol {concurrent}")) if concurrent else ()
    return (
        (Link(material.id, material.name, material.id),),
        (reference(package, site),),
        (Text(planned),),
        (Text(f"{allowed}, {state}"),),
        (*answer, *more),
    )


def _banks(package: Package, banks: Sequence[CellBank], as_of: date) -> Section:
    campaigns = len(campaigns_at(package, None, as_of))
    rows = []
    for bank in banks:
        per_campaign = 1 if bank.vials_per_campaign is None else bank.vials_per_campaign
        need = (
            f"{campaigns * per_campaign} for {counted(campaigns, 'campaign')}" if campaigns else "no campaign planned"
        )
        age = number_text(bank.cell_age_at_production) if bank.cell_age_at_production is not None else "not stated"
        limit = (
            number_text(bank.population_doubling_limit) if bank.population_doubling_limit is not None else "no limit"
        )
        cells = (
            (Link(bank.id, bank.name, bank.id),),
            (Text(bank.level or "not stated"),),
            (Text(f"{age} of {limit}"),),
            (Text(str(bank.vials) if bank.vials is not None else "not stated"),),
            (Text(need if bank.level == "WCB" else ""),),
        )
        rows.append(Row(cells))
    columns = tuple(
        map(Column, ("Cell bank", "Level", "Doublings at production, of the limit", "Vials", "Vials needed"))
    )
    return Section(
        "Cell banks", (Table(columns, tuple(rows), "How old the cells become, and how long the vials last"),)
    )
