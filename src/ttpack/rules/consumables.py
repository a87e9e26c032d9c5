"""Rules on what is used up or used again: contact materials (MAT-05) and the lifetime of resins (MAT-06)."""

from collections.abc import Iterator

from ttpack.analysis.material_use import listed_at
from ttpack.analysis.placeholders import written
from ttpack.analysis.supply import cycles
from ttpack.model.findings import Problem
from ttpack.model.knowledge import Evidence
from ttpack.model.materials import Material
from ttpack.model.package import Package
from ttpack.rules.applicability import with_chromatography
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule

TOUCHING = frozenset({"resin", "filter", "single_use_system"})


@rule("MAT-05", COMPLETENESS, basis="USP <665>/<1665>; A-Mab T4.11-4.12", from_gate="G4")
def contact_material_incomplete(package: Package, context: Context) -> Iterator[Outcome]:
    """A resin, filter or single-use item in product contact lacks what makes it fit for use and reuse.

    Asked for are the extractables assessment, the sterilisation state, the rule for lot expiry, and the most cycles
    with evidence (an item used once needs none). One that says `product_contact: false` is left out.
    Why: what leaches from a bag or a resin used too long is in the product, and no release test looks for it.
    Resolve: complete the material; `lifetime: {maximum_cycles: 1}` is the answer for an item used once.
    """
    for material in package.in_force(Material):
        if material.material_class not in TOUCHING or material.product_contact is False:
            continue
        given = {
            "extractables_reference": written(material.extractables_reference),
            "sterilisation": written(material.sterilisation),
            "lot_expiry_rule": written(material.lot_expiry_rule),
            "lifetime.maximum_cycles": bool(material.lifetime and material.lifetime.maximum_cycles is not None),
        }
        missing = [name for name, stated in given.items() if not stated]
        if missing:
            place = material.at(missing[0] if len(missing) == 1 and "." not in missing[0] else "")
            yield (
                place,
                f"{material.name} touches the product and states no {', no '.join(_NAMES[one] for one in missing)}",
            )
        yield from _reuse(package, material)


_NAMES = {
    "extractables_reference": "extractables assessment",
    "sterilisation": "sterilisation state",
    "lot_expiry_rule": "rule for lot expiry",
    "lifetime.maximum_cycles": "most cycles of reuse",
}


def _reuse(package: Package, material: Material) -> Iterator[Outcome]:
    lifetime = material.lifetime
    if lifetime is None or lifetime.maximum_cycles is None or lifetime.maximum_cycles == 1:
        return
    if lifetime.maximum_cycles == 0:
        yield material.at("lifetime.maximum_cycles"), f"{material.name} may be used for 0 cycles, so it cannot be used"
        return
    studies = (package.get(name, Evidence) for name in lifetime.evidence)
    if not any(study is not None and study.in_force for study in studies):
        message = f"{material.name} may be used for {lifetime.maximum_cycles} cycles, without a study that shows it"
        yield material.at("lifetime.evidence" if lifetime.evidence else "lifetime"), message


@rule("MAT-06", COMPLETENESS, basis="A-Mab 250 cycles; Annex 15", from_gate="G5", applies_when=with_chromatography)
def resin_used_beyond_its_lifetime(package: Package, context: Context) -> Iterator[Outcome]:
    """The campaigns planned at a site use a resin for more cycles than its validated lifetime.

    Counted are the cycles of one batch times the batches of the site's campaigns that are not over, for each resin on
    the site's bill of materials. A lifetime that is not `inclusive` allows one cycle less than its number. A concurrent
    lifetime protocol takes the place of a lifetime that is not validated, or is exceeded.
    Why: a resin past its lifetime binds less, clears less and leaches more, and the batch shows it last.
    Resolve: plan a new packing, validate a longer lifetime, or run under a concurrent lifetime protocol.
    """
    for material in package.in_force(Material):
        if material.material_class != "resin":
            continue
        lifetime = material.lifetime
        concurrent = lifetime is not None and written(lifetime.concurrent_protocol)
        given = {
            "lifetime in cycles": lifetime and lifetime.maximum_cycles is not None,
            "cycles of one batch": lifetime and lifetime.cycles_per_batch is not None,
        }
        missing = [name for name, stated in given.items() if not stated]
        if missing:
            yield material.at("lifetime" if lifetime else ""), f"{material.name} states no {' and no '.join(missing)}"
        elif lifetime and lifetime.validated is not True and not concurrent:
            validated = "lifetime.validated" if lifetime.validated is False else "lifetime"
            yield (
                material.at(validated),
                (
                    f"the lifetime of {material.name}, {lifetime.maximum_cycles} cycles, is not validated, "
                    "and no concurrent lifetime protocol is cited"
                ),
            )
        if not missing and not concurrent:
            yield from _used_up(package, material, context)


def _used_up(package: Package, material: Material, context: Context) -> Iterator[Outcome]:
    for site in package.receiving_sites:
        listed = listed_at(package, site)
        if listed is not None and material.id not in listed:
            continue
        found = cycles(package, material, site, context.as_of)
        if found.exceeded is None:
            yield NotComputable(material.at("lifetime"), f"{material.name}: {found.reason}")
        elif found.exceeded and material.lifetime:
            used = f"{found.planned} cycles ({material.lifetime.cycles_per_batch} each)"
            message = (
                f"{found.batches} batches at {package.label(site)} ({site}) use {material.name} for {used}; "
                f"its lifetime allows {found.allowed}"
            )
            yield Problem(material.at("lifetime.maximum_cycles"), message, site=site)
