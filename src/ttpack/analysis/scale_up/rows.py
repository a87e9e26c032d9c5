"""A row of the scale matrix: one quantity at two sites, what its rule or formula says, and the verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal

from ttpack.analysis.formulas import RelativeUncertainty
from ttpack.analysis.intervals import fraction_text
from ttpack.model.units import decimal_text

ScaleVerdict = Literal[
    "as_predicted", "differs", "within_limits", "outside_limits", "no_verdict", "contradiction", "compared",
    "given",
]  # fmt: skip
VERDICT_WORDS: Final[Mapping[ScaleVerdict, str]] = {
    "as_predicted": "as predicted",
    "differs": "differs",
    "within_limits": "within limits",
    "outside_limits": "outside limits",
    "no_verdict": "no verdict",
    "contradiction": "contradicts its formula",
    "compared": "compared only",
    "given": "given",
}
"""`no_verdict`: a precondition fails or an input is missing. `compared`: nothing says what it should be. `given`: what
a scale is (a volume, a diameter, a design); nothing predicts it."""
DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Side:
    """What one site states, or what follows from what it states: as words, and as a number where it is one."""

    text: str
    value: Fraction | None = None
    unit: str | None = None
    paths: tuple[str, ...] = ()
    computed: str = ""

    def as_json(self) -> dict[str, Any]:
        """The side as a JSON object; `computed` says from what where the records do not state it."""
        return {"text": self.text, "value": _number(self.value), "unit": self.unit, "computed": self.computed or None}


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """One quantity of a unit operation at the sending and the receiving site.

    `quantity` is the quantity kind (or the folded name where none is known), `rule` a scale rule by name, `formula` one
    of the catalogue. `ratio` is receiving over sending in one unit; None where one side is no number.
    """

    quantity: str
    label: str
    unit: str
    sending: Side | None
    receiving: Side | None
    verdict: ScaleVerdict
    reason: str
    unit_operation: str | None = None
    rule: str = ""
    formula: str = ""
    predicted: Side | None = None
    uncertainty: RelativeUncertainty | None = None
    source: str = ""
    parameter: str | None = None
    ratio: Fraction | None = None

    @property
    def change(self) -> Fraction | None:
        """The relative change from the sending to the receiving site."""
        return None if self.ratio is None else self.ratio - 1

    @property
    def records(self) -> tuple[str, ...]:
        """Where both sides stand, as paths into records."""
        sides = (self.sending, self.receiving)
        return tuple(dict.fromkeys(path for side in sides if side for path in side.paths))

    def as_json(self) -> dict[str, Any]:
        """The row as a JSON object."""
        return {
            "quantity": self.quantity, "label": self.label, "unit": self.unit or None,
            "unit_operation": self.unit_operation, "parameter": self.parameter,
            "sending": self.sending.as_json() if self.sending else None,
            "receiving": self.receiving.as_json() if self.receiving else None,
            "ratio": _number(self.ratio), "change": _number(self.change),
            "change_text": change_text(self.change),
            "rule": self.rule or None, "formula": self.formula or None,
            "predicted": self.predicted.as_json() if self.predicted else None,
            "uncertainty": {"relative": _number(self.uncertainty.share), "words": self.uncertainty.words}
            if self.uncertainty else None,
            "verdict": self.verdict, "reason": self.reason, "source": self.source or None,
            "records": list(self.records),
        }  # fmt: skip


def computed_side(value: Fraction, unit: str, how: str, paths: tuple[str, ...] = (), digits: int = 3) -> Side:
    """A computed number, shown to a few digits; its JSON has six."""
    return Side(_with_unit(value, unit, digits), value, unit, paths, how)


def change_text(change: Fraction | None) -> str | None:
    """A relative change in percent: `-5 %`, `+88 %`, `0 %`; below one percent with one digit."""
    if change is None:
        return None
    percent = change * 100
    if percent and abs(percent) < 1:
        shown = decimal_text(percent, 1)
    else:
        shown = str(round(percent)) if abs(percent) < 10**9 else decimal_text(percent, 3)
    return f"{'+' if percent > 0 and shown != '0' else ''}{shown} %"


def _with_unit(value: Fraction, unit: str, digits: int) -> str:
    rounded = Fraction(decimal_text(value, digits)) if value else value
    return fraction_text(rounded, unit)


def _number(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(decimal_text(value, DIGITS))
