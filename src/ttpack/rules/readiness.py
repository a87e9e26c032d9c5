"""The rule on readiness: both parties score every item, and what they claim is shown (RDY)."""

from collections.abc import Iterator, Sequence

from ttpack.analysis.readiness.categories import CATEGORIES, category_weights
from ttpack.analysis.readiness.items import PARTIES, STOPPING_SCORE, STOPPING_WEIGHT, ScoredItem, scored_items
from ttpack.analysis.readiness.shortfall import LEAST_DUE, SCORES
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule
from ttpack.rules.site_places import listed_words, site_name, site_place

_CATEGORY_LIST = len(CATEGORIES)


@rule("RDY-01", COMPLETENESS, from_gate="G2", basis="Niazi: early readiness assessments; alignment.md, Readiness")
def readiness_not_shown_by_both_parties(package: Package, context: Context) -> Iterator[Outcome]:
    """A readiness item is unscored by a party, stops the gate, is disputed, or claims more than it shows.

    Each party scores each item itself, with owner and assessor: 0 not assessed, 1 gap without a plan, 2 plan
    with owner and due gate, 3 evidence received, 4 closed and verified. A score of 3 or 4 needs evidence and the digest
    it had when judged; 4 also needs verification by the function of the receiving owner; not applicable needs a reason
    and quality assurance. An item of weight 9 at 0 or 1 is a hard stop; scores two or more apart are a dispute, due by
    the item's own gate. Every category has an item at every receiving site. Other weights of categories need a change
    record, which `thresholds: {RDY-01: {category_weights: {...}, category_weights_record: CHG-...}}` names.
    Why: a mean over favourable scores hides the laboratory that is missing, and two parties who score apart work on
    different operational assumptions.
    Resolve: score the item for each party, talk about the difference, close the gap, or name evidence with its digest
    and who verified it; add an item to each category that has none.
    """
    items = scored_items(package, context.as_of)
    for item in items:
        for shortfall in item.shortfalls:
            place = item.record.at(shortfall.field)
            yield Problem(place, shortfall.message, site=_site(package, item), from_gate=shortfall.from_gate)
        yield from _scores(package, item)
    yield from _categories(package, items)
    weights = category_weights(package)
    if weights.problem:
        words = f"the package's own weights of categories of readiness count for nothing: {weights.problem}"
        yield Problem(package.manifest.at(weights.field), words)


def _site(package: Package, item: ScoredItem) -> str | None:
    return item.record.site if item.record.site in package.receiving_sites else None


def _scores(package: Package, item: ScoredItem) -> Iterator[Outcome]:
    """A hard stop, else a dispute; what is unscored, without weight or wrongly not applicable is said already."""
    sending, receiving = item.sending.stated, item.receiving.stated
    claimed = item.record.not_applicable_reason or item.record.not_applicable_approver
    if claimed or sending is None or receiving is None:
        return
    lower = PARTIES[0] if sending < receiving else PARTIES[1]
    both = (
        f"the sending unit scores {sending} ({SCORES[sending]}), the receiving unit {receiving} ({SCORES[receiving]})"
    )
    place, site = item.record.at(f"{lower}_score.score"), _site(package, item)
    if item.record.weight == STOPPING_WEIGHT and min(sending, receiving) <= STOPPING_SCORE:
        words = f"{item.record.name} is a hard stop: it weighs {STOPPING_WEIGHT} and the lower score counts; {both}"
        yield Problem(place, words, site=site)
    elif item.disagrees:
        words = f"the parties disagree about {item.record.name}: {both}"
        yield Problem(place, words, site=site, from_gate=max(LEAST_DUE, item.record.due_gate or LEAST_DUE))


def _categories(package: Package, items: Sequence[ScoredItem]) -> Iterator[Outcome]:
    """Sites with a category that nobody has an item for; one finding a site."""
    if NotApplicableAnswers(package).answers("readiness_item"):
        return
    found: dict[str | None, set[str]] = {}
    for item in items:
        if item.record.category:
            found.setdefault(item.record.site, set()).add(item.record.category)
    for site in package.receiving_sites:
        here = found.get(site, set()) | found.get(None, set())
        absent = [one.label for name, one in CATEGORIES.items() if name not in here]
        if absent:
            which = "any category" if len(absent) == _CATEGORY_LIST else listed_words(absent)
            words = f"{site_name(package, site)} has no readiness item in {which}: not assessed, which counts as 0"
            yield Problem(site_place(package, site), words, site=site)
