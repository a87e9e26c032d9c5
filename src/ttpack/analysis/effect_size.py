"""Whether an effect on a quality attribute is high: as stated, or as a share of the acceptance range."""

from fractions import Fraction

from ttpack.analysis.intervals import interval, value_text, width_in_unit
from ttpack.analysis.thresholds import threshold
from ttpack.model.package import Package
from ttpack.model.parameter import Effect
from ttpack.model.quality import QualityAttribute

DEFAULT_SHARE = Fraction(1, 10)


def largest_effect(package: Package, effect: Effect, attribute: QualityAttribute) -> str | None:
    """What makes the effect high, in words; None where it is not."""
    if effect.strength == "high":
        return "a high effect"
    limits = interval(attribute.acceptance_range, attribute.unit, package.own_units)
    if effect.effect is None or limits is None:
        return None
    size = width_in_unit(effect.effect.value, effect.effect.unit, attribute.unit, package.own_units)
    if size is None:
        return None
    # a one-sided limit is measured from zero
    width = abs((limits.high or Fraction(0)) - (limits.low or Fraction(0)))
    least = threshold(package, "PRM-16", "share", DEFAULT_SHARE)
    if width and abs(size) > least * width:
        stated = value_text(effect.effect.value, effect.effect.unit)
        return f"an effect of {stated}, {float(abs(size) / width):.0%} of the acceptance range,"
    return None


def why_not_judged(package: Package, effect: Effect, attribute: QualityAttribute) -> str | None:
    """Why an effect that is given only as a number cannot be called high or low; None where it can."""
    if effect.effect is None or effect.strength not in (None, "unknown"):
        return None
    if interval(attribute.acceptance_range, attribute.unit, package.own_units) is None:
        return f"{attribute.name} has no numeric acceptance range to measure the effect by"
    if width_in_unit(effect.effect.value, effect.effect.unit, attribute.unit, package.own_units) is None:
        return f"the effect is in {effect.effect.unit[:40]}, {attribute.name} in {attribute.unit}"
    return None
