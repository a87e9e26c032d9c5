"""The verdict on one requirement against what a site's items offer (alignment.md, "Automatic facility fit")."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ttpack.analysis.facility_fit.capability import ON_PAPER, Offer
from ttpack.analysis.facility_fit.capability_side import capability_side, range_at
from ttpack.analysis.facility_fit.requirement import Requirement, amount_words
from ttpack.analysis.facility_fit.verdict import WORST_FIRST, FitSide, Verdict, worst
from ttpack.analysis.intervals import Interval, Units, range_text
from ttpack.analysis.measurement import Uncertainty, uncertainty
from ttpack.model.quantity import Range
from ttpack.model.units import decimal_text

MARGIN_DIGITS = 4
MOST_NAMED = 10
"""Of the different things that one item says of one function."""
NO_CAPABILITY = "no item of the site states a capability for it"


TOO_NARROW = "half of the normal range is "
"""How the clause on U begins, which PRM-12 finds as well."""


def too_narrow_only(reasons: Sequence[str]) -> bool:
    """Whether a normal range too narrow for U is all that keeps a requirement from passing."""
    return bool(reasons) and all(TOO_NARROW in reason for reason in reasons)


@dataclass(frozen=True, slots=True)
class Clause:
    """What keeps a requirement from passing, with both numbers; `about` is the place of the offer it is about."""

    verdict: Verdict
    words: str
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """A verdict with its clauses, worst first, the capability side, and the offer that decides it."""

    verdict: Verdict
    clauses: tuple[Clause, ...]
    capability: FitSide | None
    margin: Decimal | None
    deciding: int | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a verdict depends on besides the two sides.

    `least` is how many U half of the normal range has to hold; `on_paper` says that a vendor's figures still count.
    """

    least: Fraction
    on_paper: bool
    own: Units


@dataclass(frozen=True, slots=True)
class _Held:
    """One controlling offer with its ranges in the unit asked for, its clauses, and its margin."""

    place: int
    clauses: tuple[Clause, ...]
    margin: Fraction | None


def assess(required: Requirement, offers: Sequence[Offer], same_item: Sequence[int], terms: Terms) -> Assessment:
    """The verdict of a requirement. `same_item` has one number for each offer, equal where the item is the same.

    Of several items that hold the parameter, and of several that measure it, the worst counts.
    """
    if not offers:
        nothing = tuple(Clause("UNKNOWN", one) for one in (*required.open, NO_CAPABILITY))
        return Assessment("UNKNOWN", nothing, None, None, None)
    known = uncertainty(required, offers, terms.own)
    twice = _said_twice(offers, same_item)
    held = [_held(required, place, offers, twice, (known, terms)) for place in _controlling(offers)]
    general = (
        *(Clause("UNKNOWN", one) for one in required.open),
        *_nothing_holds(offers, held),
        *_measured(required, offers, terms),
        *_wide_enough(required, known, terms),
        *_on_paper(offers, terms),
    )
    clauses = sorted(
        {*general, *(clause for one in held for clause in one.clauses)},
        key=lambda one: (WORST_FIRST.index(one.verdict), one.about is not None, one.about or 0, one.words),
    )
    deciding = min(held, key=_badness, default=None)
    place = deciding.place if deciding else 0
    margin = number_of(deciding.margin) if deciding else None
    side = capability_side(required, offers, place, known, terms.own)
    verdict = worst(tuple(one.verdict for one in clauses)) if clauses else "PASS"
    return Assessment(verdict, tuple(clauses), side, margin, place)


def _badness(held: _Held) -> tuple[int, bool, Fraction, int]:
    verdict = worst(tuple(one.verdict for one in held.clauses)) if held.clauses else "PASS"
    return WORST_FIRST.index(verdict), held.margin is None, held.margin or Fraction(0), held.place


def number_of(margin: Fraction | None) -> Decimal | None:
    """A margin to four significant digits."""
    return None if margin is None else Decimal(decimal_text(margin, MARGIN_DIGITS))


def _controlling(offers: Sequence[Offer]) -> list[int]:
    return [place for place, one in enumerate(offers) if one.controls]


def _nothing_holds(offers: Sequence[Offer], held: Sequence[_Held]) -> Iterator[Clause]:
    if not held and offers:
        yield Clause("UNKNOWN", "no item states a range within which it holds the parameter")


def _held(
    required: Requirement,
    place: int,
    offers: Sequence[Offer],
    twice: Mapping[int, Sequence[Offer]],
    known: tuple[Uncertainty, Terms],
) -> _Held:
    offer, (u, terms) = offers[place], known
    design, qualified = (range_at(one, offer, required, terms.own) for one in _control_ranges(offer))
    defects = (
        *_defects(required, offer, place, (design, qualified)),
        *_contradicted(place, offer, twice.get(place, ())),
    )
    if defects:
        return _Held(place, defects, None)
    clauses = tuple(_inside(required, offer, place, (design, qualified), u))
    inner = qualified if offer.qualified else None
    return _Held(place, clauses, _margin(required.normal, inner, u.value))


def _control_ranges(offer: Offer) -> tuple[Range | None, Range | None]:
    return tuple(  # type: ignore[return-value]
        one if one is not None and one.numeric else None
        for one in (offer.capability.range, offer.capability.qualified_range)
    )


def _defects(
    required: Requirement, offer: Offer, place: int, found: tuple[Interval | None, Interval | None]
) -> Iterator[Clause]:
    """Why the ranges of an offer cannot be compared with what is asked for."""
    unit = offer.capability.unit
    for name, given, converted in zip(("design", "qualified"), _control_ranges(offer), found, strict=True):
        if given is None:
            continue
        words = f"the {name} range {range_text(given, unit)}"
        if converted is None:
            yield Clause("UNKNOWN", f"{words} {_not_comparable(given.unit or unit, required.unit)}", place)
        elif converted.empty:
            yield Clause("UNKNOWN", f"{words} is empty", place)
    design, qualified = found
    if design and qualified and not design.empty and not qualified.empty and qualified.ends_outside(design):
        both = [range_text(one, unit) for one in _control_ranges(offer) if one is not None]
        yield Clause(
            "UNKNOWN",
            f"the qualified range {both[-1]} reaches outside the design range {both[0]}: they contradict",
            place,
        )


def _not_comparable(given: str | None, wanted: str | None) -> str:
    if given is None or wanted is None:
        return f"cannot be compared: {'the capability' if given is None else 'the parameter'} states no unit"
    return f"does not convert to {wanted}"


def _said_twice(offers: Sequence[Offer], same_item: Sequence[int]) -> dict[int, list[Offer]]:
    """By the place of an offer what the same item says of the same function: each different one once, but no crowd."""
    groups: dict[tuple[int, str], dict[object, Offer]] = {}
    keys = [
        (item, (offer.capability.function or "").casefold()) for item, offer in zip(same_item, offers, strict=False)
    ]
    for key, offer in zip(keys, offers, strict=False):
        given = offer.capability
        said = tuple(_ends(one, given.unit) if one else None for one in (given.range, given.qualified_range))
        group = groups.setdefault(key, {})
        if len(group) < MOST_NAMED:
            group.setdefault(said, offer)
    return {place: list(groups[key].values()) for place, key in enumerate(keys) if len(groups[key]) > 1}


def _contradicted(place: int, offer: Offer, others: Sequence[Offer]) -> Iterator[Clause]:
    """One item that states the same function twice with different ranges contradicts itself."""
    mine = offer.capability
    for theirs in (one.capability for one in others):
        for name, one, two in (
            ("design", mine.range, theirs.range), ("qualified", mine.qualified_range, theirs.qualified_range)
        ):  # fmt: skip
            if one is not None and two is not None and _ends(one, mine.unit) != _ends(two, theirs.unit):
                first, last = sorted((range_text(one, mine.unit), range_text(two, theirs.unit)))
                yield Clause(
                    "UNKNOWN", f"the item states two {name} ranges, {first} and {last}: they contradict", place
                )


def _ends(given: Range, unit: str | None) -> tuple[object, ...]:
    return given.low, given.high, given.low_inclusive, given.high_inclusive, given.unit or unit


def _inside(
    required: Requirement, offer: Offer, place: int, found: tuple[Interval | None, Interval | None], u: Uncertainty
) -> Iterator[Clause]:
    """FAIL outside the design range (the qualified one where no design range is stated), else CONDITIONAL."""
    design, qualified = found
    outer, name = (design, "design") if design else (qualified, "qualified")
    if outer is None:
        return
    given = [range_text(one, offer.capability.unit) if one else "" for one in _control_ranges(offer)]
    limits = dict(zip(("design", "qualified"), given, strict=True))
    failed = [words for one, words in _asked(required) if _outside(one, outer)]
    for words in failed:
        yield Clause("FAIL", f"{words} lies outside the {name} range {limits[name]}", place)
    if failed:
        return
    if required.normal is not None and required.setpoint is None and not _compared(required.normal, outer):
        words = f"normal range {required.normal_words} and {name} range {limits[name]}"
        yield Clause("UNKNOWN", f"{words} have no end in common to compare", place)
    elif qualified is None:
        yield Clause(
            "CONDITIONAL", f"inside the design range {limits['design']}, but no qualified range is stated", place
        )
    elif not offer.qualified:
        status = {None: "not stated", "none": "none", "expired": "expired"}.get(
            offer.qualification, offer.qualification
        )
        yield Clause(
            "CONDITIONAL",
            f"the qualified range {limits['qualified']} does not count: qualification of the item is {status}",
            place,
        )
    else:
        for one, words in _asked(required):
            if _outside(_widened(one, u.band or Fraction(0)), qualified):
                held = f", widened by the control band {amount_words(u.band, required.unit)}," if u.band else ""
                yield Clause(
                    "CONDITIONAL", f"{words}{held} reaches outside the qualified range {limits['qualified']}", place
                )


def _asked(required: Requirement) -> Iterator[tuple[Interval, str]]:
    if required.setpoint is not None:
        yield Interval(required.setpoint, required.setpoint), f"setpoint {required.setpoint_words}"
    if required.normal is not None and not required.normal.empty:
        yield required.normal, f"normal range {required.normal_words}"


def _outside(one: Interval, other: Interval) -> bool:
    return bool(one.ends_outside(other))


def _compared(one: Interval, other: Interval) -> bool:
    """Whether both limit the same side."""
    return (one.low is not None and other.low is not None) or (one.high is not None and other.high is not None)


def _widened(one: Interval, band: Fraction) -> Interval:
    low = None if one.low is None else one.low - band
    high = None if one.high is None else one.high + band
    return Interval(low, high, one.low_inclusive, one.high_inclusive)


def _measured(required: Requirement, offers: Sequence[Offer], terms: Terms) -> Iterator[Clause]:
    """The measuring range has to cover the alarm limits and, for a critical parameter, the proven range.

    What is held has to be seen as well: a measuring range that is stated has to cover setpoint and normal range.
    """
    measuring = [(place, one) for place, one in enumerate(offers) if one.measures]
    if not measuring and required.measured:
        limits = " and ".join(words for _, words in required.measured)
        yield Clause("UNKNOWN", f"no item states a measuring range for the {limits}")
    for place, offer in measuring:
        given = offer.capability.measuring_range
        found = range_at(given, offer, required, terms.own)
        text = range_text(given, offer.capability.unit) if given else ""
        if found is None:
            unit = (given.unit if given else None) or offer.capability.unit
            yield Clause("UNKNOWN", f"the measuring range {text} {_not_comparable(unit, required.unit)}", place)
            continue
        if found.empty:
            yield Clause("UNKNOWN", f"the measuring range {text} is empty", place)
            continue
        for limit, words in (*_asked(required), *required.measured):
            if _outside(limit, found):
                yield Clause("CONDITIONAL", f"the measuring range {text} does not cover the {words}", place)


def _wide_enough(required: Requirement, known: Uncertainty, terms: Terms) -> Iterator[Clause]:
    """Half of the normal range against U; without U a numeric range cannot be judged."""
    if required.normal is None:
        return
    if known.value is None:
        yield Clause("UNKNOWN", f"{known.words}, so that U is not known")
        return
    half = required.half_width
    if half is not None and half < terms.least * known.value:
        amount, u = amount_words(half, required.unit), amount_words(known.value, required.unit)
        times = "" if terms.least == 1 else f"{float(terms.least):g} times "
        yield Clause(
            "CONDITIONAL",
            f"{TOO_NARROW}{amount}, less than {times}U = {u} ({known.words})",
            known.about,
        )


def _on_paper(offers: Sequence[Offer], terms: Terms) -> Iterator[Clause]:
    for place, offer in enumerate(offers):
        if offer.capability.basis in ON_PAPER and not terms.on_paper:
            words = f"from G4 on a capability that rests on {offer.capability.basis} data shows nothing"
            yield Clause("UNKNOWN", words, place)


def _margin(normal: Interval | None, qualified: Interval | None, u: Fraction | None) -> Fraction | None:
    """Smallest distance of the normal range to the qualified one in units of U; negative outside."""
    if normal is None or normal.empty or qualified is None or not u:
        return None
    distances = []
    low = normal.low if normal.low is not None else normal.high
    high = normal.high if normal.high is not None else normal.low
    if low is not None and qualified.low is not None and (normal.low is not None or low < qualified.low):
        distances.append(low - qualified.low)
    if high is not None and qualified.high is not None and (normal.high is not None or high > qualified.high):
        distances.append(qualified.high - high)
    return min(distances) / u if distances else None
