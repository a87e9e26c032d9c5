"""The rule on the supply of materials to each site (MAT-04)."""

from collections.abc import Iterator
from datetime import date

from ttpack.analysis.placeholders import written
from ttpack.analysis.supply import campaigns_at, lead, only_source, suppliers_of, supply_at, supply_risks, weeks
from ttpack.model.facility import Site
from ttpack.model.findings import Place, Problem
from ttpack.model.materials import Material, MaterialSupply, Supplier
from ttpack.model.package import Package
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule

MADE_HERE = frozenset({"intermediate", "water"})
SEVERAL = 2
"""From how many materials on what is wrong with all of them is one finding of the site."""


@rule("MAT-04", COMPLETENESS, basis="Niazi: supply chain integration; compressed timelines", from_gate="G3")
def supply_of_material_not_secured(package: Package, context: Context) -> Iterator[Outcome]:
    """A GMP-critical material is not planned at a receiving site, or its single source or lead time has no answer.

    For each receiving site the material states stock, quantity on order, earliest expiry and need date; the stock
    outlives the need date, which is not after the start of the site's next campaign. A single source, or a lead time
    longer than from today to the need date, has a risk record with an owner, and a decision on a second source or a
    safety stock. Each supplier states its country. What a site prepares itself is answered as in MAT-02.
    Why: a resin ordered half a year late moves the campaign, and nobody finds a second source within weeks.
    Resolve: complete `supply` of the site, and write risk and decision before the order is late.
    """
    answers = NotApplicableAnswers(package)
    silent: set[str] = set()
    unowned: set[str] = set()
    critical = [
        one
        for one in package.in_force(Material)
        if one.gmp_critical and one.material_class not in MADE_HERE and not answers.answers("supplier", one.id)
    ]
    unplanned = _unplanned(package, critical)
    for site in unplanned:
        place = (package.get(site, Site) or package.manifest).at()
        what = f"{len(critical)} GMP-critical materials"
        yield Problem(
            place, f"{package.label(site)} ({site}): none of {what} states stock, order or need date", site=site
        )
    for material in critical:
        late: list[tuple[str, str]] = []
        for site in package.receiving_sites:
            if site not in unplanned:
                yield from _planned(package, material, site, context.as_of, late)
        yield from _unanswered(package, material, late, unowned)
        silent.update(one.id for one in suppliers_of(package, material) if not written(one.country))
    for name in sorted(silent):
        supplier = package.get(name, Supplier)
        if supplier is not None:
            yield supplier.at("country"), f"{supplier.name} does not state its country"


def _unplanned(package: Package, critical: list[Material]) -> list[str]:
    """Sites for which none of several materials states anything, which is one cause."""
    if len(critical) < SEVERAL:
        return []
    return [site for site in package.receiving_sites if not any(supply_at(one, site) for one in critical)]


def _planned(
    package: Package, material: Material, site: str, as_of: date, late: list[tuple[str, str]]
) -> Iterator[Outcome]:
    index = next((place for place, one in enumerate(material.supply) if one.site == site), None)
    supply = supply_at(material, site)
    where = f"{material.name} at {package.label(site)} ({site})"
    if supply is None or index is None:
        yield Problem(material.at("supply"), f"{where}: stock, order, expiry and need date are not stated", site=site)
        return
    at = f"supply[{index}]"
    given = {"stock": supply.stock, "on_order": supply.on_order, "expiry": supply.expiry, "need_date": supply.need_date}
    missing = [name for name, value in given.items() if value is None]
    if missing:
        names = ", ".join(_NAMES.get(name, name) for name in missing)
        yield Problem(material.at(at), f"{where}: no {names} is stated", site=site)
    yield from _dates(package, material.at(f"{at}.need_date"), where, supply, as_of)
    found = lead(package, supply, as_of)
    if found.late and found.days is not None and found.left is not None:
        left = f"{weeks(found.left)} left" if found.left >= 0 else f"the need date passed {weeks(-found.left)} ago"
        late.append((site, f"lead time of {weeks(found.days)} at {package.label(site)} against {left}"))
    elif found.late is None and supply.need_date is not None:
        yield NotComputable(material.at(f"{at}.lead_time"), f"{where}: {found.reason}")


_NAMES = {"on_order": "quantity on order", "need_date": "need date"}


def _dates(package: Package, place: Place, where: str, supply: MaterialSupply, as_of: date) -> Iterator[Outcome]:
    if supply.need_date is None:
        return
    if supply.expiry is not None and supply.expiry < supply.need_date:
        message = f"{where} expires on {supply.expiry}, before it is needed on {supply.need_date}"
        yield Problem(place, message, site=supply.site)
    start = next(
        (one.start for one in campaigns_at(package, supply.site, as_of) if one.start and one.start >= as_of), None
    )
    if start is not None and supply.need_date > start:
        message = f"{where} is to arrive by {supply.need_date}, after the campaign starts on {start}"
        yield Problem(place, message, site=supply.site)


def _unanswered(
    package: Package, material: Material, late: list[tuple[str, str]], unowned: set[str]
) -> Iterator[Outcome]:
    """What nobody decided on; a risk without an owner once, whatever number of materials it is about."""
    causes = (["single source"] if only_source(package, material) else []) + [words for _, words in late]
    if not causes:
        return
    risks = supply_risks(package, material)
    if risks and not any(risk.owner for risk in risks) and risks[0].id not in unowned:
        unowned.add(risks[0].id)
        words = f"nobody owns the risk {risks[0].name}, which answers for {material.name} ({'; '.join(causes)})"
        yield risks[0].at("owner"), words
    given = {
        "risk record": bool(risks),
        "decision on a second source or a safety stock": written(material.second_source_decision),
    }
    missing = [name for name, stated in given.items() if not stated]
    if missing:
        # a single source concerns every site, a lead time the one that waits
        site = late[0][0] if len(late) == 1 and len(causes) == 1 else None
        field = "second_source_decision" if risks else "risk"
        yield Problem(
            material.at(field), f"{material.name} ({'; '.join(causes)}) has no {', no '.join(missing)}", site=site
        )
