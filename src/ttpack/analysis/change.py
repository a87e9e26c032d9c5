"""What a change of one field is: its kind, its direction, its size (change-control.md, "Directions")."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ChangeKind = Literal[
    "record_added", "record_removed", "record_renamed", "record_moved",
    "field_added", "field_removed", "value_changed", "range_changed", "unit_changed", "text_changed",
    "reference_added", "reference_removed", "item_added", "item_removed", "order_changed",
    "attachment_changed",
]  # fmt: skip
Direction = Literal[
    "", "widened", "tightened", "shifted", "disjoint", "added", "removed", "increased", "decreased",
    "same value", "precision only", "reflow only", "renamed", "moved", "reordered",
]  # fmt: skip
EDITORIAL: frozenset[str] = frozenset({"same value", "precision only", "reflow only", "renamed", "moved", "reordered"})
"""Directions that leave the meaning as it was."""


@dataclass(frozen=True, slots=True)
class Change:
    """One atomic change. `before` and `after` are raw values, digits kept; None where there was or is nothing.

    `significance` is the field's own (editorial, minor, moderate, major), editorial where the direction is.
    `magnitude` says in words how large a numeric change is: against the former value or width, of a parameter against
    its proven acceptable range and the way to its edge of failure. `relative` holds the same exactly, by name, each
    number a decimal or, where that has no end, a fraction (`1/3`): `value_`, `low_` or `high_` with `in_former_widths`,
    `in_proven_widths` (both signed, upward is positive) or `of_edge_distance` (1 reaches the edge).
    """

    record: str
    record_kind: str
    field: str
    kind: ChangeKind
    before: Any
    after: Any
    direction: Direction = ""
    significance: str = "minor"
    magnitude: str = ""
    unit_before: str = ""
    unit_after: str = ""
    relative: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)

    @property
    def editorial(self) -> bool:
        """Whether the meaning stays as it was."""
        return self.significance == "editorial"

    def as_json(self) -> Mapping[str, Any]:
        """The change as a JSON object, its keys in a fixed order."""
        return {
            "record": self.record,
            "record_kind": self.record_kind,
            "field": self.field,
            "kind": self.kind,
            "direction": self.direction,
            "significance": self.significance,
            "before": self.before,
            "after": self.after,
            "unit_before": self.unit_before,
            "unit_after": self.unit_after,
            "magnitude": self.magnitude,
            "relative": dict(self.relative),
        }
