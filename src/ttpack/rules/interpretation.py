"""The rule on read-backs: both parties read the same process (INT)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ttpack.analysis.know_how import counts
from ttpack.analysis.ownership import Party, party_of_reference
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.analysis.placeholders import written
from ttpack.analysis.read_backs import Needed, latest_read_backs, needed_read_backs, site_of, unsettled_because
from ttpack.model.findings import Place, Problem
from ttpack.model.knowledge import ReadBack
from ttpack.model.package import Package
from ttpack.model.process import UnitOperation
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule
from ttpack.rules.site_places import listed, site_name, site_place

_WHY: Final = {
    "critical_parameter": "is a critical parameter",
    "controls_critical_parameter": "controls a critical parameter",
    "manual_skill": "needs a trained hand",
}


@rule("INT-01", COMPLETENESS, from_gate="G3", basis="Niazi: difference in process interpretation")
def process_not_read_back(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical parameter, or a step that controls one or is manual, is not read back; or a read-back is incomplete.

    A read-back is the receiving unit's own statement of how it will be done (stated_by and stated_on of the receiving
    unit) and the sending unit's answer agree or disagree (answered_by and answered_on of the sending unit). Each
    receiving site reads back; the newest read-back counts, and a draft does not. A disagreement names an open item that
    waits or is answered. A site, or a unit operation at it, that has none of several is one finding. A not_applicable
    record with `what: read_back` answers for a package, one with `what: "<step id>: read_back"` for a step.
    Why: two sites can read one instruction in two ways and both be sure; only their own words show it before the batch.
    Resolve: let the receiving unit write how it will do it and the sending unit answer; open an item where they differ.
    """
    answers = NotApplicableAnswers(package)
    if answers.answers("read_back"):
        return
    latest = latest_read_backs(package)
    needed = [one for one in needed_read_backs(package) if not answers.answers("read_back", one.record.id)]
    nameless = [item for item in package.in_force(ReadBack) if counts(item) and not item.about]
    homeless = [item for item in package.in_force(ReadBack) if counts(item) and site_of(package, item) is None]
    anywhere = {item.about for item in homeless}
    for site in package.receiving_sites:
        missing = [one for one in needed if (site, one.record.id) not in latest]
        if len(missing) < len(needed):
            missing = [one for one in missing if one.record.id not in anywhere]
        # a read-back in hand that does not say what it is about is said at the record, and not as a missing one, too
        if len(missing) > sum(site_of(package, item) in (None, site) for item in nameless):
            yield from _missing(package, site, needed, missing)
    for item in latest.values():
        yield from (Problem(place, words, site=site_of(package, item)) for place, words in _incomplete(package, item))
    for item in nameless:
        yield item.at("about"), f"{item.name} does not say which step or parameter it is about"
    for item in homeless:
        yield item.at("site"), f"{item.name} does not say which receiving site reads back"


def _missing(package: Package, site: str, needed: Sequence[Needed], missing: Sequence[Needed]) -> Iterator[Outcome]:
    """What is not read back: one finding a site or unit operation that has none of several, else one for each."""
    where = site_name(package, site)
    if len(missing) == len(needed) > 1:
        words = f"{where} has read back none of the {len(needed)} steps and critical parameters that it has to"
        yield Problem(site_place(package, site), words, site=site)
        return
    total: Mapping[str | None, list[Needed]] = _by_unit(needed)
    for unit_id, lacking in _by_unit(missing).items():
        unit = package.get(unit_id, UnitOperation)
        if unit is not None and len(lacking) == len(total[unit_id]) > 1:
            names = listed(package, [one.record.id for one in lacking])
            yield Problem(unit.at(), f"{where} has read back nothing of {unit.name}: {names}", site=site)
            continue
        for one in lacking:
            words = f"{one.record.name} {' and '.join(_WHY[why] for why in one.why)}, and {where} has not read it back"
            yield Problem(one.record.at(), words, site=site)


def _by_unit(items: Sequence[Needed]) -> dict[str | None, list[Needed]]:
    found: dict[str | None, list[Needed]] = defaultdict(list)
    for one in items:
        found[one.unit_operation].append(one)
    return found


def _incomplete(package: Package, item: ReadBack) -> Iterator[tuple[Place, str]]:
    if not written(item.statement):
        yield item.at("statement"), f"{item.name}: the receiving unit has not said how it will be done"
    yield from _signed(package, item, "stated", "receiving")
    if item.answer is None:
        yield item.at("answer"), f"{item.name}: the sending unit has not answered"
        return
    yield from _signed(package, item, "answered", "sending")
    if item.answer == "disagree":
        reason = unsettled_because(package, item)
        if reason:
            yield item.at("open_item"), f"{item.name}: the sending unit disagrees, {reason}"


def _signed(package: Package, item: ReadBack, verb: str, party: Party) -> Iterator[tuple[Place, str]]:
    """Who stated or answered it, when. A name written out counts: nothing here can tell whose it is."""
    who, day = getattr(item, f"{verb}_by"), getattr(item, f"{verb}_on")
    if not written(who):
        yield item.at(f"{verb}_by"), f"{item.name} does not say who of the {PARTY_NAMES[party]} {verb} it"
    elif who in package.records and party_of_reference(package, who) != party:
        words = f"{package.label(who)}, who {verb} it, does not stand for the {PARTY_NAMES[party]}"
        yield item.at(f"{verb}_by"), f"{item.name}: {words}"
    if day is None:
        yield item.at(f"{verb}_on"), f"{item.name} does not say when the {PARTY_NAMES[party]} {verb} it"
