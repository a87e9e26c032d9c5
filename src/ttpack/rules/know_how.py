"""Rules on what people know: know-how of each unit operation, past deviations, and what is adopted of it (KNW)."""

from collections.abc import Iterator
from typing import Final

from ttpack.analysis.know_how import PROMPTS, KnowHowIndex, counts, is_answer, unacknowledged_because
from ttpack.analysis.ownership import party_of_reference
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.analysis.placeholders import written
from ttpack.model.facility import AutomationMap
from ttpack.model.governance import Person
from ttpack.model.knowledge import HistoricalDeviation, KnowHow, Training
from ttpack.model.package import Package
from ttpack.model.parameter import Control, ProcessParameter
from ttpack.model.process import Step, UnitOperation
from ttpack.model.quality import InProcessControl
from ttpack.model.record import Record
from ttpack.rules import manual_skills
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import listed, listed_words

__all__ = ["manual_skills"]  # imported for the rule it registers

DISPOSITIONS: Final = "designed_out, control_added, trained or accepted"
_NEVER_INTERVIEWED: Final = frozenset({"vendor_note"})


@rule("KNW-01", COMPLETENESS, from_gate="G3", basis="Niazi: tacit operational knowledge lost; ICH Q10 1.6.1")
def interview_not_complete(package: Package, context: Context) -> Iterator[Outcome]:
    """A unit operation has a prompt of its interview unanswered, or know-how has no teller, interview, acknowledgement.

    The prompts are what to look for (`look_for`), what never to do (`do_not`), what failed (`failure_story`) and what
    the record does not say (`record_does_not_say`). Each is answered by know-how of the unit operation, or of one of
    its steps or parameters, with a statement or `none_known`; a draft does not count. Each item names a person of the
    sending unit who told it (a role is not a person), its interview, and who of the receiving unit acknowledged it,
    when. A vendor note needs no interview. A package without any know-how is asked for its first record by DOC-06.
    Why: what the operators know and no document says is lost with the last shift; nobody misses it until a batch fails.
    Resolve: hold the interview (`ttpack interview UO-...` writes its guide and drafts), approve the answers, and let
    the receiving unit acknowledge each.
    """
    index = KnowHowIndex(package)
    items = [item for item in package.in_force(KnowHow) if counts(item)]
    if not items:
        return
    answers = NotApplicableAnswers(package)
    astray = {item.know_how_kind for item in items if not index.units_of(item)}
    for unit in package.unit_operations:
        known = [item for item in index.by_unit.get(unit.id, ()) if counts(item)]
        # what a record in hand lacks is said at the record, and not once more as a prompt without an answer
        half = astray | {item.know_how_kind for item in known}
        open_prompts = [prompt for prompt in PROMPTS if prompt not in half and not answers.answers(prompt, unit.id)]
        if open_prompts and None not in half:
            words = listed_words([f"{PROMPTS[prompt]} ({prompt})" for prompt in open_prompts])
            yield unit.at("know_how"), f"{unit.name}: no know-how answers {words}"
    for item in items:
        yield from _item(package, index, item)


def _item(package: Package, index: KnowHowIndex, item: KnowHow) -> Iterator[Outcome]:
    if not is_answer(item):
        yield item.at("statement"), f"{item.name} states nothing, and does not say that none is known"
        return
    if item.know_how_kind is None:
        yield item.at("know_how_kind"), f"{item.name} does not say what it answers"
    if not index.units_of(item) and not any(one in package.unreadable_ids for one in item.scope):
        yield item.at("scope"), f"{item.name} is about no unit operation, and about nothing that belongs to one"
    if item.know_how_kind not in _NEVER_INTERVIEWED:
        yield from _told(package, item)
        if not written(item.interview):
            yield item.at("interview"), f"{item.name} does not say in which interview it was recorded"
    lacking = unacknowledged_because(package, item)
    if lacking:
        yield item.at(lacking[0]), f"{item.name}: {lacking[1]}"


def _told(package: Package, item: KnowHow) -> Iterator[Outcome]:
    teller = item.told_by
    record = package.records.get(teller or "")
    if not written(teller):
        yield item.at("told_by"), f"{item.name} names nobody who told it"
    elif isinstance(record, Person):
        if party_of_reference(package, record.id) == "receiving":
            words = (
                f"{record.name}, who told it, is of the {PARTY_NAMES['receiving']}, and has not run it at the sending"
            )
            yield item.at("told_by"), f"{item.name}: {words} site"
    elif record is not None:
        kind = record.kind.replace("_", " ")
        yield item.at("told_by"), f"{item.name} was told by {record.name}, a {kind}, and not by a named person"


@rule("KNW-02", COMPLETENESS, from_gate="G3", basis="WHO TRS 1044 A4 (deviations, OOS history); Niazi")
def past_deviation_without_disposition(package: Package, context: Context) -> Iterator[Outcome]:
    """A past deviation of the sending site on a transferred step has no disposition for the receiving unit.

    A step that is no longer part of the process is not asked about; a deviation that names no step or site is, since
    nobody can tell that it is not transferred.
    Why: what went wrong once at the sending site goes wrong again at the receiving one, which starts without the scar.
    Resolve: set `disposition` to designed_out, control_added, trained or accepted, and say how in `disposition_note`.
    """
    receiving = frozenset(package.receiving_sites) - frozenset(package.sending_sites)
    for item in package.in_force(HistoricalDeviation):
        step = package.records.get(item.step or "")
        transferred = step is None or (isinstance(step, Step | UnitOperation) and step.in_force)
        if item.disposition is None and item.site not in receiving and transferred:
            where = f" at {package.label(item.site)}" if item.site else ""
            yield item.at("disposition"), f"the past deviation {item.name}{where} is not dispositioned: {DISPOSITIONS}"


@rule("KNW-04", COMPLETENESS, from_gate="G3", basis="Niazi: tacit operational knowledge")
def grave_know_how_not_adopted(package: Package, context: Context) -> Iterator[Outcome]:
    """Know-how of high consequence is neither adopted by the receiving unit nor declined with a reason; or it is both.

    It is adopted in a step, a training of the receiving site, an in-process control, or an alarm: an automation map of
    the receiving site, or a parameter that has one. What states no `consequence_level` and is neither adopted nor
    declined is not judged.
    Why: what is acknowledged and then filed changes no hand movement; only what stands in a step does.
    Resolve: name in `adopted_in` where it is carried out, or have the receiving unit say why not in `declined_reason`.
    """
    for item in package.in_force(KnowHow):
        if not counts(item) or item.none_known or not is_answer(item):
            continue
        declined = written(item.declined_reason)
        if item.adopted_in and declined:
            words = f"{item.name} is adopted in {listed(package, item.adopted_in)} and declined with a reason"
            yield item.at("declined_reason"), f"{words}; one of the two does not hold"
        elif item.consequence_level is None and not item.adopted_in and not declined:
            reason = f"{item.name} does not say how grave its consequence is, so nobody can tell whether to adopt it"
            yield NotComputable(item.at("consequence_level"), reason)
        elif item.consequence_level == "high" and not declined:
            yield from _adopted(package, item)


def _adopted(package: Package, item: KnowHow) -> Iterator[Outcome]:
    if not item.adopted_in:
        words = f"{item.name}, of high consequence, is neither adopted nor declined with a reason"
        yield item.at("adopted_in"), words
        return
    known = [package.records[one] for one in item.adopted_in if one in package.records]
    if len(known) == len(item.adopted_in) and not any(_carries_out(package, record) for record in known):
        names = ", ".join(f"{one.name} ({one.kind.replace('_', ' ')})" for one in known)
        words = f"{item.name}, of high consequence, is adopted in {names}: no step, training, in-process control or"
        yield item.at("adopted_in"), f"{words} alarm of the receiving site"


def _carries_out(package: Package, record: Record) -> bool:
    """Whether a record in force is where know-how is carried out at a receiving site."""
    sites = (None, *package.receiving_sites)
    if not record.in_force:
        return False
    if isinstance(record, Training):
        return record.site in sites
    if isinstance(record, AutomationMap):
        return record.receiving_site in sites
    if isinstance(record, ProcessParameter):
        return isinstance(record.control, Control) and record.control.alarm is not None
    return isinstance(record, Step | InProcessControl)
