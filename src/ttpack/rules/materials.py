"""Rules on materials (MAT): bill of materials, grades and suppliers, origin; supply, reuse and cell banks beside."""

from collections.abc import Iterator

from ttpack.analysis.intervals import value_text
from ttpack.analysis.material_use import bills_of, bought, consumers, listed_at, runs
from ttpack.analysis.placeholders import written
from ttpack.analysis.supply import may_supply, suppliers_of
from ttpack.model.facility import Site
from ttpack.model.findings import Problem
from ttpack.model.materials import BillOfMaterials, Material, Supplier
from ttpack.model.package import Package
from ttpack.rules import cell_banks, consumables, supply
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule
from ttpack.rules.supply import SEVERAL

__all__ = ["cell_banks", "consumables", "supply"]  # imported for the rules they register

NAMED = 3
"""How many users of a material a message names."""
NOT_BOUGHT = frozenset({"intermediate", "water"})
"""Classes that the process or the site's utilities make, so that nobody supplies them."""
WITH_VIRUSES = frozenset({"raw", "media", "excipient"})
"""Classes of material of animal origin that a virus may come with into the product (ICH Q5A)."""


@rule("MAT-01", COMPLETENESS, basis="21 CFR 211.101; WHO; ICH Q7", from_gate="G2")
def bill_of_materials_differs_from_the_process(package: Package, context: Context) -> Iterator[Outcome]:
    """A material that the process consumes is in no bill of materials of the site, or a line of one is not used.

    Consumed is what a step names in `materials`, a unit operation in `inputs`, or a material in its own
    `unit_operations`; intermediates are not bought. A bill of no site serves each site that has none of its own. Every
    line states its quantity, and the bill the batch scale it is for.
    Why: what is not on the bill is not ordered, and what is on it without a use is bought and scrapped.
    Resolve: add the line with its quantity, name where it is used (`used_by`), or take the line out.
    """
    used = consumers(package)
    said: set[tuple[str, str]] = set()
    for bill in package.in_force(BillOfMaterials):
        yield from _lines(package, bill, frozenset(used))
    for site in package.receiving_sites if used else ():
        listed = listed_at(package, site)
        if listed is None:
            place = (package.get(site, Site) or package.manifest).at()
            message = f"{package.label(site)} ({site}) has no bill of materials for the {len(used)} materials consumed"
            yield Problem(place, message, site=site)
            continue
        bill = bills_of(package, site)[0]
        for material, users in used.items():
            if material not in listed and (bill.id, material) not in said:
                said.add((bill.id, material))  # a bill of no site serves several, and lacks it once
                message = f"{package.label(material)}, consumed by {_some(package, users)}, is not on {bill.name}"
                yield Problem(bill.at("lines"), message, f"add a line for {material} with its quantity", bill.site)


def _lines(package: Package, bill: BillOfMaterials, used: frozenset[str]) -> Iterator[Outcome]:
    if bill.lines and not written(bill.scale_basis):
        yield Problem(bill.at("scale_basis"), f"{bill.name} does not say for which batch scale it is", site=bill.site)
    for index, line in enumerate(bill.lines):
        name = package.label(line.material)
        if line.quantity is None:
            yield Problem(bill.at(f"lines[{index}]"), f"{bill.name} states no quantity of {name}", site=bill.site)
        elif line.quantity.value <= 0:
            amount = value_text(line.quantity.value, line.quantity.unit)
            place = bill.at(f"lines[{index}].quantity")
            yield Problem(place, f"{bill.name} states {amount} of {name}, which is no quantity to use", site=bill.site)
        if (
            line.material not in used
            and bought(package, line.material)
            and not any(runs(package, one) for one in line.used_by)
        ):
            message = f"{bill.name} lists {name}, which no step and no unit operation uses"
            yield Problem(bill.at(f"lines[{index}].material"), message, site=bill.site)


def _some(package: Package, users: tuple[str, ...]) -> str:
    names = [package.label(one) for one in users[:NAMED]]
    more = f" and {len(users) - NAMED} more" if len(users) > NAMED else ""
    return ", ".join(names) + more


@rule("MAT-02", COMPLETENESS, basis="ICH Q7/Q10; EU GMP Ch.5/7", from_gate="G4")
def material_without_grade_or_approved_supplier(package: Package, context: Context) -> Iterator[Outcome]:
    """A GMP-critical material lacks its grade, its specification, or an approved supplier at a receiving site.

    A supplier is approved where its status is qualified, approved or effective and `qualified_for` names the site.
    Water and intermediates are made, not bought; a buffer that a site prepares itself says so with a `not_applicable`
    record, `what: "<material id>: supplier"`.
    Why: a material from a supplier that the site has not qualified cannot be released into a batch.
    Resolve: complete grade and specification, and have the receiving site qualify a supplier before G4.
    """
    answers = NotApplicableAnswers(package)
    bought_in = [one for one in package.in_force(Material) if one.gmp_critical and suppliers_of(package, one)]
    served = {site for one in package.in_force(Supplier) for site in one.qualified_for}
    unserved = [site for site in package.receiving_sites if len(bought_in) >= SEVERAL and site not in served]
    for site in unserved:
        place = (package.get(site, Site) or package.manifest).at()
        message = (
            f"{package.label(site)} ({site}) has qualified no supplier of the {len(bought_in)} GMP-critical materials"
        )
        yield Problem(place, message, site=site)
    sites = [site for site in package.receiving_sites if site not in unserved]
    for material in package.in_force(Material):
        if material.gmp_critical is None and material.material_class != "intermediate":
            yield NotComputable(material.at("gmp_critical"), f"{material.name} does not say whether it is GMP-critical")
        if not material.gmp_critical:
            continue
        given = {"grade": written(material.grade), "specification": written(material.specification)}
        missing = [name for name, stated in given.items() if not stated]
        if missing:
            place = material.at(missing[0] if len(missing) == 1 else "")
            yield place, f"{material.name} is GMP-critical and states no {' and no '.join(missing)}"
        if material.material_class not in NOT_BOUGHT and not answers.answers("supplier", material.id):
            yield from _unsupplied(package, material, sites, answers.shortfall("supplier", material.id))


def _unsupplied(package: Package, material: Material, sites: list[str], shortfall: str) -> Iterator[Outcome]:
    suppliers = suppliers_of(package, material)
    if not suppliers:
        yield material.at("suppliers"), f"{material.name} is GMP-critical and has no supplier{shortfall}"
        return
    for site in sites:
        if not any(may_supply(one, site) for one in suppliers):
            states = "; ".join(_state(one.name, one.status, qualified=site in one.qualified_for) for one in suppliers)
            message = f"{material.name} has no approved supplier at {package.label(site)} ({site}): {states}"
            yield Problem(material.at("suppliers"), message, site=site)


def _state(name: str, status: str | None, *, qualified: bool) -> str:
    words = (status or "without a status").replace("_", " ")
    return f"{name} is {words}" + ("" if qualified else ", not for this site")


@rule("MAT-03", COMPLETENESS, basis="EMA/410/01; ICH Q5A/Q5D", from_gate="G3")
def animal_origin_without_statement(package: Package, context: Context) -> Iterator[Outcome]:
    """A material of animal or human origin has no TSE/BSE statement, or one that does not speak of viruses.

    The statement stands on the material, or on each of its suppliers. That of a raw material, medium or excipient
    speaks of viruses too; where its words do not, that is a remark.
    Why: prions and viruses that come with a raw material are not found in the product by testing.
    Resolve: get the statement from the maker and cite it in `tse_statement`, saying what it covers.
    """
    for material in package.in_force(Material):
        if material.animal_origin is None and material.material_class != "intermediate":
            yield NotComputable(
                material.at("animal_origin"), f"{material.name} does not say whether it is of animal origin"
            )
        if not material.animal_origin:
            continue
        statements = _statements(package, material)
        if not statements:
            yield (
                material.at("tse_statement"),
                f"{material.name} is of animal or human origin and has no TSE/BSE statement",
            )
        elif material.material_class in WITH_VIRUSES and not any("vir" in one.casefold() for one in statements):
            message = f"the statement on the origin of {material.name} does not say whether it covers viral safety"
            yield Problem(material.at("tse_statement"), message, kind="information")


def _statements(package: Package, material: Material) -> list[str]:
    if material.tse_statement and written(material.tse_statement):
        return [material.tse_statement]
    given = [one.tse_statement or "" for one in suppliers_of(package, material)]
    return given if all(map(written, given)) else []
