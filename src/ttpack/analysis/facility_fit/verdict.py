"""A verdict of facility fit, with both sides in numbers and in words (alignment.md, "Automatic facility fit")."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

Verdict = Literal["PASS", "CONDITIONAL", "FAIL", "UNKNOWN"]
WORST_FIRST: Final[tuple[Verdict, ...]] = ("FAIL", "UNKNOWN", "CONDITIONAL", "PASS")
"""FAIL blocks; what is unknown may turn out to fail, so it stands before what is known to need a condition."""

Aspect = Literal[
    "parameter", "requirement", "volume", "headspace", "flow", "pressure", "gradient", "column_load", "filter_area",
    "utility", "room", "contact_material",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FitSide:
    """One side of a comparison: words for a reader, numbers by name for a program (`low`, `high`, `unit` ...)."""

    text: str
    numbers: Mapping[str, Decimal | str | None] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The side as a JSON object."""
        return {"text": self.text, **self.numbers}


@dataclass(frozen=True, slots=True)
class Gap:
    """Who closes what does not fit, and by when. `record` is where that is agreed; None where it is only proposed.

    `asked_of` is an open item that is to close it and lacks its owner or its date: that item is asked for them.
    """

    owner: str
    due_gate: str
    record: str | None
    asked_of: str | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """What is asked of a site against what it can do.

    `about` is the record asked about (parameter, requirement, unit operation, step, material or utility). `required`
    and `capability` are None where that side says nothing. `margin` is the smallest distance from the normal range to
    the qualified range in units of U, negative where it lies outside; None where it is not a number.
    """

    site: str
    about: str
    aspect: Aspect
    label: str
    verdict: Verdict
    required: FitSide | None
    capability: FitSide | None
    reasons: tuple[str, ...]
    margin: Decimal | None = None
    unit_operation: str | None = None
    equipment: tuple[str, ...] = ()
    gap: Gap | None = None

    def as_json(self) -> dict[str, Any]:
        """The fit as a JSON object; a row about a parameter names it as `parameter`."""
        return {
            "parameter": self.about if self.aspect == "parameter" else None,
            "record": self.about, "aspect": self.aspect, "label": self.label, "verdict": self.verdict,
            "required": self.required.as_json() if self.required else None,
            "capability": self.capability.as_json() if self.capability else None,
            "margin": self.margin, "reasons": list(self.reasons), "unit_operation": self.unit_operation,
            "equipment": list(self.equipment),
            "gap": {"owner": self.gap.owner, "due_gate": self.gap.due_gate, "record": self.gap.record}
            if self.gap else None,
        }  # fmt: skip


def worst(verdicts: "tuple[Verdict, ...]") -> Verdict:
    """The worst of some verdicts; UNKNOWN where there is none, as nothing was shown."""
    return min(verdicts, key=WORST_FIRST.index, default="UNKNOWN")
