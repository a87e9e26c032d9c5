"""Rules on what each party wants, and on decisions that favour one of them (GOAL)."""

from collections.abc import Iterator

from ttpack.analysis.disputes import is_taken
from ttpack.analysis.objectives import (
    TOPICS,
    conflicts,
    has_actual,
    losing_party,
    objective_party,
    organisation_of,
    shared_objectives,
)
from ttpack.analysis.parties import PARTY_NAMES, signatories
from ttpack.analysis.placeholders import written
from ttpack.analysis.responsibilities import with_members
from ttpack.model.governance import Decision, Objective
from ttpack.model.package import Package
from ttpack.rules.registry import COMPLETENESS, INFORMATION, Context, Outcome, rule


@rule("GOAL-01", COMPLETENESS, from_gate="G1", basis="Niazi: different manufacturing goals")
def objectives_not_reconciled(package: Package, context: Context) -> Iterator[Outcome]:
    """A party lists no objective, one lacks metric or target, a conflict lacks a priority, or no outcome is shared.

    Each party lists at least one objective on speed, yield, cost, capacity or robustness. A conflict counts both ways,
    whichever of the two records names it; the priority stands in either. An outcome is shared where an objective says
    `shared`, or both parties list the same metric; its `actual` is words with a number. A package without any objective
    is not judged here.
    Why: a party that works to a goal that the other does not know reads every delay as bad will.
    Resolve: list what each party wants with metric and target, agree what gives way, and measure one outcome together.
    """
    items = package.in_force(Objective)
    if not items:
        return
    yield from _listed(package, items)
    for conflict in conflicts(package):
        if not conflict.priorities:
            other = conflict.second if conflict.named_by == conflict.first else conflict.first
            words = f"{package.label(conflict.named_by)} conflicts with {package.label(other)}"
            place = package.records[conflict.named_by].at("agreed_priority")
            yield place, f"{words}, and neither states the agreed priority"
    shared = shared_objectives(package)
    if not any(has_actual(item, context.as_of) for item in shared):
        yield _no_outcome(package, shared)


def _listed(package: Package, items: tuple[Objective, ...]) -> Iterator[Outcome]:
    listing: set[str] = set()
    for item in items:
        party = objective_party(package, item)
        if item.topic in TOPICS:
            listing.update([party] if party else PARTY_NAMES if item.shared and not item.party else ())
        if party is None and not item.shared:
            yield item.at("party"), f"{item.name} does not say which party wants it"
        if not written(item.metric):
            yield item.at("metric"), f"{item.name} states no metric"
        if not written(item.target) and item.target_value is None:
            yield item.at("target"), f"{item.name} states no target"
    unknown = any(item.topic in TOPICS and not item.shared and not objective_party(package, item) for item in items)
    for name, words in PARTY_NAMES.items():
        if name not in listing and not unknown:
            organisation = package.records.get(organisation_of(package, name), package.manifest)
            message = f"the {words} lists no objective on speed, yield, cost, capacity or robustness"
            yield organisation.at(), message


def _no_outcome(package: Package, shared: tuple[Objective, ...]) -> Outcome:
    if not shared:
        return package.manifest.at(), "no objective is shared by both parties, so no outcome is measured together"
    silent = next((item for item in shared if not item.actual), shared[0])
    names = ", ".join(item.name for item in shared[:4])
    return silent.at("actual"), f"no objective that both parties share states an actual with a number: {names}"


@rule("GOAL-02", INFORMATION, basis="Niazi: differences in manufacturing goals")
def loser_of_decision_not_named(package: Package, context: Context) -> Iterator[Outcome]:
    """A decision favours one objective, but does not name the loser, the agreement, or anybody of the losing party.

    A decision that names one of `objective_favoured` and `objective_disfavoured` names both and the `agreement` that
    settled it; somebody of the party whose objective lost is among the deciders. Whether a decision that names neither
    favours anybody, nothing here can tell.
    Why: who lost and accepted it stands by the decision; who finds out later reopens it.
    Resolve: complete the decision record with both objectives, the agreement and the deciders of both parties.
    """
    for item in package.in_force(Decision):
        if not is_taken(item) or not (item.objective_favoured or item.objective_disfavoured):
            continue
        if not item.objective_favoured:
            yield item.at("objective_favoured"), f"{item.name} names no objective that it favours"
        if not item.objective_disfavoured:
            yield item.at("objective_disfavoured"), f"{item.name} names no objective that loses by it"
        elif item.objective_disfavoured == item.objective_favoured:
            lost = package.label(item.objective_disfavoured)
            yield item.at("objective_disfavoured"), f"{item.name} names {lost} as favoured and as losing"
        named = {"objective_favoured": item.objective_favoured, "objective_disfavoured": item.objective_disfavoured}
        for field, given in named.items():
            if given and given in package.records and not isinstance(package.records[given], Objective):
                yield item.at(field), f"{item.name} names {package.label(given)}, which is no objective"
        if not written(item.agreement):
            yield item.at("agreement"), f"{item.name} does not say which agreement settled it"
        yield from _losers_silent(package, item)


def _losers_silent(package: Package, item: Decision) -> Iterator[Outcome]:
    losing = losing_party(package, item)
    if losing is None:
        return
    parties = {one.party for given in with_members(package, item.deciders) for one in signatories(package, given)}
    if losing not in parties:
        lost = package.label(str(item.objective_disfavoured))
        yield item.at("deciders"), f"{item.name}: nobody of the {PARTY_NAMES[losing]}, whose {lost} loses, decided it"
