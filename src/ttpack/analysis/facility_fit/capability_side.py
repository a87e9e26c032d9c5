"""What an item offers, in the unit of what is asked, in numbers and in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ttpack.analysis.facility_fit.capability import Offer
from ttpack.analysis.facility_fit.requirement import Requirement, ends, number, quantity_words
from ttpack.analysis.facility_fit.verdict import FitSide
from ttpack.analysis.intervals import Interval, Units, interval, range_text
from ttpack.analysis.measurement import Uncertainty
from ttpack.model.quantity import Range

if TYPE_CHECKING:
    from decimal import Decimal


def range_at(given: Range | None, offer: Offer, required: Requirement, own: Units) -> Interval | None:
    """A range of an offer in the unit asked for; None where either says no unit, or they do not convert."""
    if given is None:
        return None
    unit = given.unit or offer.capability.unit
    if unit is None or required.unit is None:
        return None
    return interval(given.model_copy(update={"unit": unit}), required.unit, own)


def capability_side(
    required: Requirement, offers: Sequence[Offer], place: int, known: Uncertainty, own: Units
) -> FitSide:
    """The deciding offer in numbers; the measuring range is that of another item where it states none."""
    offer = offers[place]
    given = offer.capability
    measuring = offer if offer.measures else next((one for one in offers if one.measures), offer)
    numbers: dict[str, Decimal | str | None] = {}
    said = []
    for name, source, stated in (
        ("qualified", offer, given.qualified_range),
        ("design", offer, given.range),
        ("measuring", measuring, measuring.capability.measuring_range),
    ):
        if stated is not None and stated.numeric:
            unit = stated.unit or source.capability.unit
            numbers |= dict(ends(name, range_at(stated, source, required, own), _said_in(stated, unit), required.unit))
            said.append(f"{name} {range_text(stated, unit)}")
    for name, amount in (("accuracy", given.accuracy), ("control_band", given.control_band)):
        if amount is not None:
            numbers[name], numbers[f"{name}_unit"] = amount.value, amount.unit
            said.append(f"{name.replace('_', ' ')} {quantity_words(amount)}")
    numbers["uncertainty"] = number(known.value)
    numbers |= {"unit": required.unit, "basis": given.basis, "qualification": offer.qualification}
    return FitSide("; ".join(said) or "no range stated as a number", numbers)


def _said_in(given: Range, unit: str | None) -> Range:
    return given if given.unit == unit else given.model_copy(update={"unit": unit})
