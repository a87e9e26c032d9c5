"""What people told about each unit operation: which prompts of the interview are answered, and who acknowledged it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from ttpack.analysis.ownership import party_of_reference
from ttpack.analysis.placeholders import written
from ttpack.model.governance import Organisation, Person, Role
from ttpack.model.knowledge import KnowHow
from ttpack.model.materials import Material
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.process import Step, UnitOperation
from ttpack.model.record import Record

PROMPTS: Final[Mapping[str, str]] = {
    "look_for": "what to look for",
    "do_not": "what never to do",
    "failure_story": "what failed",
    "record_does_not_say": "what the record does not say",
}
"""The prompts of the interview in words, by the kind of know-how that answers them."""

IN_PREPARATION: Final = frozenset({"draft", "in_review"})
State = Literal["answered", "none_known", "open"]


@dataclass(frozen=True, slots=True)
class PromptAnswer:
    """How one prompt stands for one unit operation; `items` are the know-how that answers it, in order of ids."""

    unit_operation: str
    prompt: str
    state: State
    items: tuple[KnowHow, ...]
    unacknowledged: tuple[str, ...]


def counts(item: Record) -> bool:
    """Whether a record counts: in force, and no longer in preparation."""
    return item.in_force and item.status not in IN_PREPARATION


def is_answer(item: KnowHow) -> bool:
    """Whether it answers its prompt: with words, or by saying that none is known."""
    return item.none_known or written(item.statement)


def unacknowledged_because(package: Package, item: KnowHow) -> tuple[str, str] | None:
    """The field that is missing or wrong for the receiving unit's acknowledgement, and why; None where it is there.

    A name written out counts: nothing here can tell whose it is. An id that leads nowhere is another rule's finding.
    """
    who = item.acknowledged_by
    if not written(who):
        return "acknowledged_by", "the receiving unit has not acknowledged it"
    record = package.records.get(who or "")
    if record is not None:
        if not isinstance(record, Person | Role | Organisation):
            return "acknowledged_by", f"{record.name}, a {record.kind.replace('_', ' ')}, cannot acknowledge it"
        if party_of_reference(package, record.id) != "receiving":
            return "acknowledged_by", f"{record.name}, who acknowledged it, does not stand for the receiving unit"
    if item.acknowledged_on is None:
        return "acknowledged_on", "nobody says when the receiving unit acknowledged it"
    return None


class KnowHowIndex:
    """The know-how of a package by unit operation. That of a step, parameter or material belongs to its unit operation.

    Know-how that a unit operation, step or parameter names in its own `know_how` belongs there, too.
    """

    def __init__(self, package: Package) -> None:
        """Read the know-how in force, drafts included; `counted` leaves them out."""
        self._package = package

    @cached_property
    def by_unit(self) -> Mapping[str, tuple[KnowHow, ...]]:
        """Know-how in force by unit operation, in the order of ids."""
        found: dict[str, dict[str, KnowHow]] = defaultdict(dict)
        for item in self._package.in_force(KnowHow):
            for unit in self.units_of(item):
                found[unit][item.id] = item
        return {unit: tuple(items[key] for key in sorted(items)) for unit, items in found.items()}

    @cached_property
    def _named_by(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for kind in (UnitOperation, Step, ProcessParameter):
            for record in self._package.in_force(kind):
                for item in record.know_how:
                    found[item].append(record.id)
        return {item: tuple(ids) for item, ids in found.items()}

    def units_of(self, item: KnowHow) -> tuple[str, ...]:
        """The unit operations that know-how is about, each once."""
        about = (*item.scope, *self._named_by.get(item.id, ()))
        return tuple(dict.fromkeys(unit for record in about for unit in self._units(record)))

    def _units(self, record_id: str) -> tuple[str, ...]:
        record = self._package.records.get(record_id)
        if isinstance(record, UnitOperation):
            return (record.id,)
        if isinstance(record, Step | ProcessParameter):
            return (record.unit_operation,) if record.unit_operation else ()
        return tuple(record.unit_operations) if isinstance(record, Material) else ()

    def counted(self, unit: str) -> tuple[KnowHow, ...]:
        """The know-how of a unit operation that counts: approved and saying something, or that none is known."""
        return tuple(item for item in self.by_unit.get(unit, ()) if counts(item) and is_answer(item))

    def answers(self, unit: str) -> tuple[PromptAnswer, ...]:
        """How each prompt stands for a unit operation, in the order of the interview."""
        known = self.counted(unit)
        return tuple(self._answer(unit, prompt, known) for prompt in PROMPTS)

    def _answer(self, unit: str, prompt: str, known: tuple[KnowHow, ...]) -> PromptAnswer:
        items = tuple(item for item in known if item.know_how_kind == prompt)
        state: State = "open" if not items else "none_known" if all(item.none_known for item in items) else "answered"
        waiting = tuple(item.id for item in items if unacknowledged_because(self._package, item))
        return PromptAnswer(unit, prompt, state, items, waiting)
