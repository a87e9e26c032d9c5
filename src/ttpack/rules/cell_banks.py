"""The rule on cell banks: which there are, how old the cells become, whether vials last (MAT-07)."""

from collections.abc import Iterator
from decimal import Decimal

from ttpack.analysis.supply import campaigns_at
from ttpack.model.materials import CellBank
from ttpack.model.package import Package
from ttpack.model.quantity import digits
from ttpack.rules.applicability import with_cell_culture
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule

KIND = "cell_bank"


@rule("MAT-07", COMPLETENESS, basis="ICH Q5D", from_gate="G3", applies_when=with_cell_culture)
def cell_bank_incomplete_or_exhausted(package: Package, context: Context) -> Iterator[Outcome]:
    """Master or working cell bank is missing or incomplete, production exceeds its cell age, or vials run out.

    The working bank names the master bank it was made from, its passage, the limit of population doublings and the age
    of the cells at production. That age lies within the limits of the working bank and of the end-of-production cells
    made from it. The working banks of a cell line hold the vials of every planned campaign (one vial each unless
    `vials_per_campaign` says more).
    Why: cells older than those that were examined may make another product, and a bank that ends ends the product.
    Resolve: complete the bank, examine cells at the age they reach, or lay down a new working bank in time.
    """
    banks = package.in_force(CellBank)
    if not banks and NotApplicableAnswers(package).answers(KIND):
        return
    levels = {bank.level for bank in banks}
    missing = [
        name for level, name in (("MCB", "master cell bank"), ("WCB", "working cell bank")) if level not in levels
    ]
    if missing:
        yield package.manifest.at(), f"the package has no {' and no '.join(missing)}"
    for bank in banks:
        if bank.level is None:
            yield bank.at("level"), f"{bank.name} does not say whether it is a master or a working cell bank"
        elif bank.level == "WCB":
            yield from _incomplete(package, bank, has_master="MCB" in levels)
            yield from _too_old(package, bank)
    yield from _vials(package, [bank for bank in banks if bank.level == "WCB"], context)


def _incomplete(package: Package, bank: CellBank, *, has_master: bool) -> Iterator[Outcome]:
    mother = package.get(bank.made_from, CellBank)
    given = {
        "made_from": not has_master or (mother is not None and mother.in_force),
        "passage": bank.passage is not None,
        "population_doubling_limit": bool(_limits(package, bank)),
        "cell_age_at_production": bank.cell_age_at_production is not None,
    }
    missing = [name for name, stated in given.items() if not stated]
    if missing:
        place = bank.at(missing[0] if len(missing) == 1 else "")
        yield place, f"{bank.name} states no {', no '.join(_NAMES[name] for name in missing)}"


_NAMES = {
    "made_from": "master bank it was made from",
    "passage": "passage",
    "population_doubling_limit": "limit of population doublings",
    "cell_age_at_production": "age of the cells at production",
}


def _limits(package: Package, bank: CellBank) -> list[tuple[Decimal, CellBank]]:
    """The limits of the bank itself and of the end-of-production cells made from it."""
    cells = [one for one in package.in_force(CellBank) if one.level == "EPC" and one.made_from == bank.id]
    return [(one.population_doubling_limit, one) for one in (bank, *cells) if one.population_doubling_limit is not None]


def _too_old(package: Package, bank: CellBank) -> Iterator[Outcome]:
    age = bank.cell_age_at_production
    exceeded = [(limit, one) for limit, one in _limits(package, bank) if age is not None and age > limit]
    if exceeded and age is not None:
        limit, one = min(exceeded, key=lambda found: (found[0], found[1].id))
        yield (
            bank.at("cell_age_at_production"),
            (
                f"cells of {bank.name} reach {digits(age)} population doublings at production, more than the "
                f"{digits(limit)} of {one.name}"
            ),
        )


def _vials(package: Package, banks: list[CellBank], context: Context) -> Iterator[Outcome]:
    campaigns = len(campaigns_at(package, None, context.as_of))
    lines: dict[str, list[CellBank]] = {}
    for bank in banks:
        lines.setdefault(" ".join((bank.cell_line or "").casefold().split()), []).append(bank)
    for _, group in sorted(lines.items()):
        unknown = next((bank for bank in group if bank.vials is None), None)
        if unknown is not None:
            yield unknown.at("vials"), f"{unknown.name} does not say how many vials it holds"
        elif not campaigns:
            yield NotComputable(
                group[0].at("vials"), f"no campaign is planned that vials of {group[0].name} could be counted for"
            )
        else:
            per_campaign = max(1 if bank.vials_per_campaign is None else bank.vials_per_campaign for bank in group)
            held = sum(bank.vials or 0 for bank in group)
            if held < campaigns * per_campaign:
                yield (
                    group[0].at("vials"),
                    (
                        f"{' and '.join(bank.name for bank in group)} hold {held} vials; {campaigns} planned campaigns "
                        f"with {per_campaign} each need {campaigns * per_campaign}"
                    ),
                )
