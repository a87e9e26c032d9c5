"""Limits of one attribute before and after a step."""

from collections.abc import Container

from ttpack.analysis.intervals import NO_OWN_UNITS, Interval, Units, interval
from ttpack.model.process import LinkedAttribute

IMPURITY_KINDS = frozenset(
    {"purity", "impurity_ratio", "ppm", "impurity_concentration", "endotoxin", "bioburden", "percent_of_total"}
)
"""Quantity kinds whose limits are of quality; concentration, pH or conductivity are what each step sets anew."""


def same_attribute(earlier: LinkedAttribute, later: LinkedAttribute, quality: Container[str]) -> bool:
    """Whether two lines hand over the same attribute of `quality`, else the same impurity by its words."""
    if earlier.attribute or later.attribute:
        return earlier.attribute == later.attribute and later.attribute in quality
    words = [" ".join(each.quantity.casefold().split()) for each in (earlier, later)]
    return words[0] == words[1] and earlier.quantity_kind in IMPURITY_KINDS and later.quantity_kind in IMPURITY_KINDS


def looser(earlier: LinkedAttribute, later: LinkedAttribute, own: Units = NO_OWN_UNITS) -> bool:
    """Whether what leaves the later step may be worse than what entered it.

    A higher or a lost upper limit is looser. A lower or a lost lower limit is so only where the upper limit did not
    fall: a step that clears an impurity moves its whole range down.
    """
    unit = earlier.unit or (earlier.output.unit if earlier.output else None)
    before, after = (_output(each, unit, own) for each in (earlier, later))
    if before is None or after is None or before.empty or after.empty:
        return False
    if before.high is not None and (after.high is None or after.high > before.high):
        return True
    if before.low is None or (after.low is not None and after.low >= before.low):
        return False
    return not (after.high is not None and (before.high is None or after.high < before.high))


def _output(handed: LinkedAttribute, unit: str | None, own: Units) -> Interval | None:
    if handed.output is None:
        return None
    given = handed.output
    if given.unit is None and handed.unit is not None:
        given = given.model_copy(update={"unit": handed.unit})
    return interval(given, unit, own)
