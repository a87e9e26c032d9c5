"""Whether the bands of a risk scale put every possible score into exactly one of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ttpack.model.quantity import digits
from ttpack.model.risk import RiskScale, ScoreBand
from ttpack.model.units import decimal_text


@dataclass(frozen=True, slots=True)
class _Band:
    """A band on the grid of possible scores, or on the line where scores are continuous (`step` 0)."""

    index: int
    level: str
    low: Fraction | None
    high: Fraction | None
    low_inclusive: bool
    high_inclusive: bool


def partition_problems(scale: RiskScale) -> Iterator[tuple[str, str]]:
    """Every gap, overlap and empty band of a scale: the field and the problem in words."""
    step = max(Fraction(scale.band_resolution), Fraction(0))
    bands = [_on_grid(index, band, step) for index, band in enumerate(scale.bands)]
    usable = []
    for band, given in zip(bands, scale.bands, strict=True):
        if _is_empty(band):
            yield f"bands[{band.index}]", f"the band {given.level}, {_text(given)}, holds no score"
        else:
            usable.append(band)
    usable.sort(key=lambda band: (band.low is not None, band.low or 0, not band.low_inclusive))
    reach = usable[0] if usable else None
    for band in usable[1:]:
        assert reach is not None  # noqa: S101  there is a first band
        yield from _between(reach, band, step)
        reach = max(reach, band, key=lambda one: (one.high is None, one.high or 0, one.high_inclusive))
    if usable:
        yield from _ends(scale, usable)


def band_of(scale: RiskScale, score: Fraction) -> str | None:
    """The level of the one band that holds a score; None where none or several do."""
    step = max(Fraction(scale.band_resolution), Fraction(0))
    bands = (_on_grid(index, given, step) for index, given in enumerate(scale.bands))
    found = [band.level for band in bands if _holds(band, score)]
    return found[0] if len(found) == 1 else None


def _on_grid(index: int, band: ScoreBand, step: Fraction) -> _Band:
    """The band with its ends moved inward to possible scores and inclusive; unchanged where scores are continuous."""
    low = None if band.low is None else Fraction(band.low)
    high = None if band.high is None else Fraction(band.high)
    if not step:
        return _Band(index, band.level, low, high, band.low_inclusive, band.high_inclusive)
    if low is not None:
        first = -(-low // step) * step
        low = first + step if first == low and not band.low_inclusive else first
    if high is not None:
        last = high // step * step
        high = last - step if last == high and not band.high_inclusive else last
    return _Band(index, band.level, low, high, low_inclusive=True, high_inclusive=True)


def _is_empty(band: _Band) -> bool:
    if band.low is None or band.high is None:
        return False
    return band.low > band.high or (band.low == band.high and not (band.low_inclusive and band.high_inclusive))


def _holds(band: _Band, score: Fraction) -> bool:
    above = band.low is None or score > band.low or (score == band.low and band.low_inclusive)
    below = band.high is None or score < band.high or (score == band.high and band.high_inclusive)
    return above and below


def _between(lower: _Band, upper: _Band, step: Fraction) -> Iterator[tuple[str, str]]:
    """The gap or the overlap of two neighbours, the lower first."""
    field, names = f"bands[{upper.index}]", f"{lower.level} and {upper.level}"
    end, start = lower.high, upper.low
    neighbours = f"{lower.level} ends at {_n(end)}, {upper.level} starts at {_n(start)}" if end and start else names
    if end is None or start is None or start < end or (start == end and lower.high_inclusive and upper.low_inclusive):
        yield field, f"the bands {names} both hold {_overlap(lower, upper)}"
    elif step and start > end + step:
        yield field, f"{_scores(end + step, start - step)} in no band: {neighbours}"
    elif not step and (start > end or not (lower.high_inclusive or upper.low_inclusive)):
        where = f"the score {_n(end)} is" if start == end else f"scores between {_n(end)} and {_n(start)} are"
        yield field, f"{where} in no band: {neighbours}"


def _overlap(lower: _Band, upper: _Band) -> str:
    ends = [end for end in (lower.high, upper.high) if end is not None]
    starts = [start for start in (lower.low, upper.low) if start is not None]
    if not ends:
        return f"every score from {_n(max(starts))}" if starts else "every score"
    if not starts:
        return f"every score to {_n(min(ends))}"
    first, last = max(starts), min(ends)
    return f"the score {_n(first)}" if first == last else f"the scores {_n(first)} to {_n(last)}"


def _ends(scale: RiskScale, bands: list[_Band]) -> Iterator[tuple[str, str]]:
    """Scores below the lowest band, or above the highest."""
    first = bands[0]
    least, greatest = scale.minimum, scale.maximum
    if least is not None and first.low is not None and first.low > Fraction(least):
        yield f"bands[{first.index}]", f"scores from {digits(least)} to below {_n(first.low)} are in no band"
    tops = [band.high for band in bands]
    if greatest is not None and None not in tops:
        top = max(high for high in tops if high is not None)
        if top < Fraction(greatest):
            yield f"bands[{bands[-1].index}]", f"scores above {_n(top)} to {digits(greatest)} are in no band"


def _scores(first: Fraction, last: Fraction) -> str:
    return f"the score {_n(first)} is" if first == last else f"the scores {_n(first)} to {_n(last)} are"


def _n(number: Fraction) -> str:
    return decimal_text(number, 12)


def _text(band: ScoreBand) -> str:
    low = "no lower end" if band.low is None else digits(band.low)
    return f"{low} to {'no upper end' if band.high is None else digits(band.high)}"
