"""The guide of an interview on one unit operation, drawn from the package: what to ask, what is known, what hurt."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from ttpack.analysis.assumptions import is_waiting
from ttpack.analysis.free_ids import next_free_id
from ttpack.analysis.know_how import IN_PREPARATION, PROMPTS, KnowHowIndex, is_answer
from ttpack.analysis.read_backs import needed_read_backs
from ttpack.model.ids import prefix
from ttpack.model.knowledge import Assumption, HistoricalDeviation, KnowHow
from ttpack.model.package import Package
from ttpack.model.process import UnitOperation
from ttpack.model.record import Record

QUESTIONS: Final[Mapping[str, str]] = {
    "look_for": "What do you look for, listen to or read, that tells you whether it goes well?",
    "do_not": "What must nobody ever do here, and what happens if they do?",
    "failure_story": "What failed here, in which run, and how did you notice?",
    "record_does_not_say": "What do you do that the batch record does not say?",
}
"""What the interviewer asks, by the kind of know-how that answers it."""

State = Literal["answered", "none_known", "drafted", "not_asked"]


@dataclass(frozen=True, slots=True)
class Question:
    """One prompt on one record of the unit operation; `known` are the records that answer it or are drafts of it."""

    about: Record
    why: tuple[str, ...]
    prompt: str
    state: State
    known: tuple[KnowHow, ...]

    @property
    def text(self) -> str:
        """What to ask."""
        return QUESTIONS[self.prompt]

    def as_json(self) -> dict[str, Any]:
        """The question as a JSON object."""
        return {
            "about": self.about.id, "title": self.about.name, "why": list(self.why), "prompt": self.prompt,
            "question": self.text, "state": self.state, "known": [item.id for item in self.known],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guide:
    """What to talk about with somebody who ran a unit operation."""

    unit_operation: UnitOperation
    questions: tuple[Question, ...]
    other_know_how: tuple[KnowHow, ...]
    deviations: tuple[HistoricalDeviation, ...]
    assumptions: tuple[Assumption, ...]

    @property
    def waiting(self) -> tuple[Question, ...]:
        """The questions of which there is a draft, and no answer yet."""
        return tuple(one for one in self.questions if one.state == "drafted")

    @property
    def not_asked(self) -> tuple[Question, ...]:
        """The questions that nobody has answered, or written a draft for."""
        return tuple(one for one in self.questions if one.state == "not_asked")

    def as_json(self) -> dict[str, Any]:
        """The guide as a JSON object."""
        return {
            "unit_operation": self.unit_operation.id,
            "questions": [one.as_json() for one in self.questions],
            "not_asked": len(self.not_asked),
            "drafted": len(self.waiting),
            "other_know_how": [item.id for item in self.other_know_how],
            "deviations": [item.id for item in self.deviations],
            "assumptions": [item.id for item in self.assumptions],
        }


def interview_guide(package: Package, unit: UnitOperation) -> Guide:
    """The four prompts on the unit operation, and on each critical parameter and controlling or manual step of it."""
    items = KnowHowIndex(package).by_unit.get(unit.id, ())
    subjects: list[tuple[Record, tuple[str, ...]]] = [(unit, ())]
    subjects += [(one.record, one.why) for one in needed_read_backs(package) if one.unit_operation == unit.id]
    by_scope: dict[tuple[str, str | None], list[KnowHow]] = defaultdict(list)
    for item in items:
        # the unit operation itself is asked about by whatever belongs to it, as KNW-01 counts
        for record_id in dict.fromkeys((unit.id, *item.scope)):
            by_scope[record_id, item.know_how_kind].append(item)
    questions = tuple(
        _question(record, why, prompt, by_scope[record.id, prompt]) for record, why in subjects for prompt in PROMPTS
    )
    mine = _belongs(package, unit)
    return Guide(
        unit_operation=unit,
        questions=questions,
        other_know_how=tuple(item for item in items if item.know_how_kind not in PROMPTS and is_answer(item)),
        deviations=tuple(
            item for item in package.in_force(HistoricalDeviation) if item.step in mine or mine & {*item.parameters}
        ),
        assumptions=tuple(
            item for item in package.in_force(Assumption) if is_waiting(item) and mine & {*item.affected}
        ),
    )


def _question(record: Record, why: tuple[str, ...], prompt: str, known: list[KnowHow]) -> Question:
    said = [item for item in known if is_answer(item) and item.status not in IN_PREPARATION]
    drafted = [item for item in known if item not in said and item.scope[-1:] in ((record.id,), ())]
    state: State = "drafted" if drafted else "not_asked"
    if said:
        state = "none_known" if all(item.none_known for item in said) else "answered"
    return Question(record, why, prompt, state, (*said, *drafted))


def _belongs(package: Package, unit: UnitOperation) -> set[str]:
    """The unit operation and every record that says it belongs to it."""
    return {unit.id} | {
        record.id for record in package.records.values() if getattr(record, "unit_operation", None) == unit.id
    }


def drafts(guide: Guide, told_by: str | None, interview: str, taken: set[str]) -> list[dict[str, Any]]:
    """A draft record of know-how for each question that nobody was asked, with an id that was never given.

    The statement is empty until somebody types the answer; a draft, and a record without a statement, answers nothing.
    """
    unit = guide.unit_operation
    head = (
        f"KNW-{unit.id.rpartition('-')[2]}" if unit.id.count("-") > 1 else f"KNW-{unit.id[len(prefix(unit.id)) + 1 :]}"
    )
    used = set(taken)
    given = unit.audience or ("partner",)
    # what operators tell in confidence is not for a regulator before somebody has read it
    audience = ["partner"] if "partner" in given else list(given)
    found = []
    for one in guide.not_asked:
        record_id = next_free_id(head, used)
        used.add(record_id)
        scope = [unit.id] if one.about is unit else [unit.id, one.about.id]
        found.append({
            "kind": "know_how", "id": record_id, "title": f"{one.about.name}: {PROMPTS[one.prompt]}",
            "description": one.text, "audience": audience, "status": "draft",
            "owner": unit.owner, "know_how_kind": one.prompt, "statement": "", "scope": scope, "told_by": told_by,
            "interview": interview,
        })  # fmt: skip
    return found
