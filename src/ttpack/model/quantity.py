"""Quantities, ranges with their kinds, and derived values (model.md, decisions 3, 4 and 7)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from ttpack.model.record import AnyRef, Basis, Fact, Number, RecordId, Reference, Source, fact

EvidenceRef = Annotated[RecordId, Reference(("evidence",))]

RangeKind = Literal[
    "target", "normal_operating", "alert", "action", "proven_acceptable",
    "design_space", "studied", "edge_of_failure", "historical", "filed",
]  # fmt: skip
RANGE_KINDS: tuple[RangeKind, ...] = (
    "target", "normal_operating", "alert", "action", "proven_acceptable",
    "design_space", "studied", "edge_of_failure", "historical", "filed",
)  # fmt: skip
RANGE_NAMES: dict[str, str] = {
    "target": "target range",
    "normal_operating": "normal operating range",
    "alert": "alert limits",
    "action": "action limits",
    "proven_acceptable": "proven acceptable range",
    "design_space": "design-space bounds",
    "studied": "studied range",
    "edge_of_failure": "edge of failure",
    "historical": "historical range",
    "filed": "filed range",
}


class Derived(Fact):
    """How a value follows from others: a formula of the catalogue by name, its inputs, a relative tolerance."""

    formula: str = fact("Name of a formula of the catalogue.", example="reynolds_number", default=...)
    inputs: dict[str, "InputQuantity | str"] = fact(
        "Inputs by name: a field of a record (`PRM-X.setpoint`) or a quantity.",
        example={"speed": "PRM-X.setpoint", "diameter": {"value": 0.451, "unit": "m"}},
        significance="moderate",
        default=...,
    )
    tolerance: str | Number | None = fact("Relative to the stated value.", example="5 %")


class InputQuantity(Fact):
    """A value with its unit."""

    value: Number = fact("The value, digits kept.", example=40, significance="moderate", default=...)
    unit: str = fact("UCUM code or listed alias, quoted.", example="L/m2/h", significance="moderate", default=...)


class Quantity(InputQuantity):
    """A value with its unit, and where it comes from."""

    standard_deviation: Number | None = fact("Standard deviation, in the same unit.")
    source: Source | None = fact("Document the value comes from.")
    derived: Derived | None = fact("Formula that gives the value.")
    approximate: bool | None = fact("True where the source prints about.", significance="editorial")


class Range(Fact):
    """A range of one kind: at least one end, or a named pass/fail criterion. Ends are inclusive unless said."""

    low: Number | None = fact("Lower end; absent in a one-sided range.", example=6.60, significance="moderate")
    high: Number | None = fact("Upper end; absent in a one-sided range.", example=7.10, significance="moderate")
    low_inclusive: bool = fact("Whether the lower end belongs to the range.", significance="moderate", default=True)
    high_inclusive: bool = fact("Whether the upper end belongs to the range.", significance="moderate", default=True)
    unit: str | None = fact("Unit of the ends where it differs from the field's.", significance="moderate")
    criterion: str | None = fact(
        "Named criterion where there is no number.", example="integrity test passes", significance="moderate"
    )
    side: Literal["NLT", "NMT"] | None = fact("Named side of a one-sided range.", example="NMT")
    evidence: tuple[EvidenceRef, ...] = fact("Evidence for the range.", significance="moderate", default=())
    basis: Basis | None = fact("How the range is known.", example="measured", significance="moderate")
    modelling_reference: AnyRef | str | None = fact("Justified model that extends the range beyond what was studied.")
    rationale: str | None = fact("Why the range is as it is.")
    source: Source | None = fact("Document the range comes from.")
    illustrative: bool | None = fact("True for an invented example.", significance="editorial")

    @property
    def numeric(self) -> bool:
        """Whether at least one end is a number."""
        return self.low is not None or self.high is not None


class Ranges(Fact):
    """The ranges of a parameter, each labelled with its kind."""

    target: Range | None = fact("Range aimed at.", significance="moderate")
    normal_operating: Range | None = fact("Normal operating range (NOR).", significance="moderate")
    alert: Range | None = fact("Alert limits.", significance="moderate")
    action: Range | None = fact("Action limits.", significance="moderate")
    proven_acceptable: Range | None = fact("Proven acceptable range (PAR).", significance="major")
    design_space: Range | None = fact("Bounds of a design space along this parameter.", significance="major")
    studied: Range | None = fact("Range examined in studies.", significance="minor")
    edge_of_failure: Range | None = fact(
        "Interval outside which the process is known to fail.", significance="moderate"
    )
    historical: Range | None = fact("Range met in past batches.", significance="minor")
    filed: Range | None = fact("Range registered with an authority.", significance="major")

    def items(self) -> Iterator[tuple[RangeKind, Range]]:
        """The ranges that are given, in a fixed order."""
        for kind in RANGE_KINDS:
            value = getattr(self, kind)
            if value is not None:
                yield kind, value


Sign = Literal["increases", "decreases", "nonlinear", "interaction", "unknown", "none"]
Strength = Literal["high", "medium", "low", "none", "unknown"]
PositiveCount = Annotated[int, Field(ge=0)]


def digits(number: Decimal) -> str:
    """The number as its author wrote it, without an exponent where that keeps the digits."""
    text = str(number)
    return format(number, "f") if "E" in text and -12 < number.adjusted() < 12 else text  # noqa: PLR2004
