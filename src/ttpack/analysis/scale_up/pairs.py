"""Two sites of one unit operation side by side: which figures are the same thing, and what a formula makes of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ttpack.analysis.derived import mismatch, recompute
from ttpack.analysis.formulas import NotEvaluated, RelativeUncertainty, catalogue, evaluate
from ttpack.analysis.intervals import fraction_text
from ttpack.analysis.scale_up.figures import Figure, Figures, figures, folded
from ttpack.analysis.scale_up.rows import ScaleRow
from ttpack.model.package import Package
from ttpack.model.process import UnitOperation
from ttpack.model.units import parse_unit

EXACT: Final = Fraction(1, 100)
"""What an exact formula may be off by, as stated numbers are rounded."""
Input = tuple[Fraction, str]


@dataclass(frozen=True)
class Pair:
    """A unit operation at the sending and the receiving site, with the figures that each states."""

    package: Package
    unit: UnitOperation
    sending: str
    receiving: str
    first: Figures
    second: Figures

    @property
    def both(self) -> tuple[tuple[str, Figures], tuple[str, Figures]]:
        """Each site with its figures, the sending one first."""
        return (self.sending, self.first), (self.receiving, self.second)

    def matched(self) -> Iterator[tuple[str, Figure | None, Figure | None]]:
        """Every figure of either site with the other's: by name, else as the only one left of its kind."""
        yield from matched(self.first, self.second)


def pair(package: Package, unit: UnitOperation, sending: str, receiving: str) -> Pair:
    """Both sides of a unit operation."""
    first, second = (figures(package, unit, site) for site in (sending, receiving))
    return Pair(package, unit, sending, receiving, first, second)


def matched(first: Figures, second: Figures) -> Iterator[tuple[str, Figure | None, Figure | None]]:
    """Figures of both sides by name, else as the only one left of its kind, in the order of the first side."""
    left = {key: figure for key, figure in first.items() if key not in second}
    right = {key: figure for key, figure in second.items() if key not in first}
    for key, figure in first.items():
        other = second.get(key)
        if other is None and figure.kind and _only(figure, left) and len(_of_kind(figure, right)) == 1:
            other = right.pop(_of_kind(figure, right)[0])
        yield key, figure, other
    for key, figure in right.items():
        yield key, None, figure


def _of_kind(figure: Figure, among: Figures) -> list[str]:
    return [key for key, other in among.items() if other.kind == figure.kind]


def _only(figure: Figure, among: Figures) -> bool:
    return len(_of_kind(figure, among)) == 1


def compared(two: Pair, key: str, first: Figure | None, second: Figure | None) -> ScaleRow:
    """The row of two figures without any judgement yet: what is missing, contradictory or does not convert is said."""
    known = first or second
    kind = next((each.kind for each in (first, second) if each and each.kind), None) or folded(key).replace(" ", "_")
    label, unit = (known.name if known else key), (known.unit if known else None) or ""
    sides = tuple(each.side if each else None for each in (first, second))
    ratio = None
    reason = ""
    if first is None or second is None:
        reason = f"{two.sending if first is None else two.receiving} states none"
    elif first.conflict or second.conflict:
        reason = first.conflict or second.conflict
    elif first.value is not None and second.value is not None:
        there = second.within(unit, two.package) if second.unit != first.unit else second.value
        if there is None:
            reason = f"the units {first.unit or '(none)'} and {second.unit or '(none)'} do not convert"
        elif first.value != 0:
            ratio = there / first.value
    return ScaleRow(
        kind, label, unit, sides[0], sides[1], "no_verdict", reason, two.unit.id, ratio=ratio
    )  # fmt: skip


def contradiction(two: Pair, first: Figure | None, second: Figure | None) -> tuple[str, str]:
    """Which site's figure disagrees with its own formula, and why a formula gave none: one of them is empty."""
    unknown = ""
    for site, figure in ((two.sending, first), (two.receiving, second)):
        if figure is None or figure.derivation is None:
            continue
        try:
            found = recompute(two.package, figure.derivation)
        except NotEvaluated as error:
            unknown = unknown or f"{site}: {figure.derivation.derived.formula}: {error.reason}"
            continue
        if figure.derivation.value is not None and not found.agrees:
            return f"{site}: {mismatch(figure.derivation, found)}", ""
    return "", unknown


def run(name: str, unit: str, package: Package, **inputs: "Figure | Input | None") -> Fraction:
    """A formula's value in a unit. Raises NotEvaluated with the reason, also where an input is not stated."""
    given: dict[str, Input] = {}
    for each, value in inputs.items():
        if isinstance(value, Figure):
            if value.value is None or value.conflict:
                raise NotEvaluated(value.conflict or f"{value.name} is no number ({value.text})")
            given[each] = (value.value, value.unit or "1")
        elif value is not None:
            given[each] = value
    missing = [name for name in catalogue()[name].inputs if name not in given]
    if missing:
        words = ", ".join(each.replace("_", " ") for each in missing)
        raise NotEvaluated(f"not stated: {words}")
    try:
        return evaluate(name, given, package.own_units).in_unit(parse_unit(unit, package.own_units))
    except (ArithmeticError, ValueError) as error:
        raise NotEvaluated("its inputs give no number") from error


def uncertainty(name: str) -> RelativeUncertainty | None:
    """That of a formula; None where it is exact by definition, or no formula."""
    formula = catalogue().get(name)
    return formula.uncertainty if formula else None


def source(name: str) -> str:
    """Who published a formula."""
    formula = catalogue().get(name)
    return formula.source if formula else ""


def near(value: Fraction, predicted: Fraction, found: RelativeUncertainty | None) -> bool:
    """Whether a value lies within the uncertainty of its prediction."""
    return abs(value - predicted) <= (found.share if found else EXACT) * abs(predicted)


def band(found: RelativeUncertainty | None) -> str:
    """How far a prediction may be off, in words."""
    return f"within {float(found.share) * 100:g} %, {found.words}" if found else "exact by definition"


def shown(value: Fraction, unit: str) -> str:
    """A computed number in a sentence, to three digits."""
    from ttpack.analysis.scale_up.rows import computed_side

    return computed_side(value, unit, "").text if unit else fraction_text(value, None)
