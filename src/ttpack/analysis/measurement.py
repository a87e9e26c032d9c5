"""How well a site measures and holds a parameter: sensor accuracy and control band (alignment.md, "facility fit")."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ttpack.analysis.facility_fit.capability import Offer
from ttpack.analysis.facility_fit.requirement import Requirement, quantity_words, width
from ttpack.analysis.intervals import Units
from ttpack.model.quantity import InputQuantity

NEITHER = "no equipment states both accuracy and control band"


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """U = |sensor accuracy| + |control band| in the parameter's unit; None where it is not known, which `words` say.

    `band` is the greatest control band known, None where there is none. `about` is the place of the offer that U comes
    from.
    """

    value: Fraction | None
    band: Fraction | None
    words: str
    about: int | None = None


def uncertainty(required: Requirement, offers: Sequence[Offer], own: Units) -> Uncertainty:
    """The greatest U of what serves a parameter.

    An instrument and a loop of different items are taken together: an accuracy without a band goes with the widest band
    of the other items, else with the band of the site's overlay or of the parameter; a band without an accuracy goes
    with the poorest accuracy of the others. Where the site's overlay states a wider band than the item, that counts.
    What is stated in a unit that does not convert leaves U unknown: nothing else stands in for it.
    """
    for stated in (*(one for offer in offers for one in _stated(offer)), required.site_band):
        if stated is not None and width(stated, required.unit, own) is None:
            words = f"{quantity_words(stated)} is no width in {required.unit or 'no unit'}"
            return Uncertainty(None, None, words)
    accuracies = _widths(required, [one.capability.accuracy for one in offers], own)
    bands = _widths(required, [one.capability.control_band for one in offers], own)
    site = width(required.site_band, required.unit, own)
    general = (
        (site, required.site_band) if site is not None else (width(required.band, required.unit, own), required.band)
    )
    worst_accuracy, worst_band = _widest(accuracies), _widest(bands)
    found: list[tuple[Fraction, str, int]] = []
    for place, (accuracy, band) in enumerate(zip(accuracies, bands, strict=True)):
        if accuracy is None and band is None:
            continue
        exact, held = accuracy or worst_accuracy, band or worst_band or _known(*general)
        if held is not None and site is not None and required.site_band is not None and site > held[0]:
            held = site, required.site_band
        if exact is not None and held is not None:
            words = f"accuracy {quantity_words(exact[1])}, control band {quantity_words(held[1])}"
            found.append((exact[0] + held[0], words, place))
    widest = _widest([*bands, _known(*general) if worst_band is None or site is not None else None])
    band_width = widest[0] if widest else None
    if not found:
        return Uncertainty(None, band_width, NEITHER)
    value, words, place = max(found, key=lambda one: (one[0], -one[2]))
    return Uncertainty(value, band_width, words, place)


def _stated(offer: Offer) -> tuple[InputQuantity | None, InputQuantity | None]:
    return offer.capability.accuracy, offer.capability.control_band


Width = tuple[Fraction, InputQuantity]


def _known(found: Fraction | None, given: InputQuantity | None) -> Width | None:
    return None if found is None or given is None else (found, given)


def _widths(required: Requirement, given: Sequence[InputQuantity | None], own: Units) -> list[Width | None]:
    return [_known(width(one, required.unit, own), one) for one in given]


def _widest(given: Sequence[Width | None]) -> Width | None:
    return max((one for one in given if one is not None), key=lambda one: one[0], default=None)
