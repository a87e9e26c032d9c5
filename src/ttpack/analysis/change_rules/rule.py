"""What a change rule says, and what it made of a change."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from ttpack.analysis.change import Change

ChangeClass = Literal["editorial", "minor", "moderate", "major"]
CLASSES: tuple[ChangeClass, ...] = ("editorial", "minor", "moderate", "major")
CLASS_RANK: dict[str, int] = {name: rank for rank, name in enumerate(CLASSES)}


@dataclass(frozen=True, slots=True)
class Match:
    """Which changes a row is about. An empty part asks nothing; all parts that ask must hold.

    `fields` are patterns over the field path without list positions (`ranges.*`); the empty pattern is the record as
    a whole. `conditions` are names of conditions, `!name` for one that must not hold. Changes that are editorial by
    themselves (a file moved, a revision named) are matched only where `editorial` says so.
    """

    kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    editorial: bool = False

    def fits(self, change: Change, path: str) -> bool:
        """Whether a change is of these kinds, fields and directions; conditions are asked elsewhere."""
        return (
            (not self.kinds or change.record_kind in self.kinds)
            and (not self.changes or change.kind in self.changes)
            and (not self.directions or change.direction in self.directions)
            and (not self.fields or any(path == name or fnmatchcase(path, name) for name in self.fields))
        )


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """A row of the table: what triggers it, its class, the evidence and the approver functions it asks for.

    Reporting categories are not here: they change by year and market and lie in regulatory profiles. A rule that
    `inherits` is at least of its class, and of the class of the highest record that rests on the changed one.
    Approver `owner` is the owner of the changed record, `owner-QA` the quality unit of the owner's party.
    """

    id: str
    trigger: str
    change_class: ChangeClass
    evidence: tuple[str, ...]
    approvers: tuple[str, ...]
    source: str
    matches: tuple[Match, ...] = ()
    inherits: bool = False


@dataclass(frozen=True, slots=True)
class Classified:
    """A change with the rule that gives its class; `rule` is empty where the field's own significance does.

    `rule_class` is the row's class, `change_class` the one after modifiers, which `modifiers` name in words. `also`
    are further rules that match: their evidence is needed too.
    """

    change: Change
    rule: str
    rule_class: ChangeClass
    change_class: ChangeClass
    modifiers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    approvers: tuple[str, ...] = field(default=())
    evidence: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The change as a JSON object with the rule and the class."""
        return {
            **self.change.as_json(),
            "rule": self.rule or None,
            "rule_class": self.rule_class,
            "class": self.change_class,
            "modifiers": list(self.modifiers),
            "also": list(self.also),
        }
