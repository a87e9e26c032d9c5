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
    """Every gap, overlap and empty band of a scale: the field and the problem in words.

    The gap that a band with its ends exchanged leaves is not reported beside the band.
    """
    step = _step(scale)
    bands = _bands(scale, step)
    usable = []
    exchanged = any(band.low is not None and band.high is not None and band.low > band.high for band in scale.bands)
    for band, given in zip(bands, scale.bands, strict=True):
        if _is_empty(band):
            yield f"bands[{band.index}]", f"the band {given.level}, {_text(given)}, holds no score"
        else:
            usable.append(band)
    if exchanged:
        return
    usable.sort(key=lambda band: (band.low is not None, band.low or 0, not band.low_inclusive))
    reach = usable[0] if usable else None
    for band in usable[1:]:
        assert reach is not None  # noqa: S101  there is a first band
        yield from _between(reach, band, step)
        reach = max(reach, band, key=lambda one: (one.high is None, one.high or 0, one.high_inclusive))
    if usable:
        yield from _ends(scale, usable, step)


def band_of(scale: RiskScale, score: Fraction) -> str | None:
    """The level of the one band that holds a score; None where none or several do."""
    found = [band.level for band in _bands(scale, _step(scale)) if _holds(band, score)]
    return found[0] if len(found) == 1 else None


def _step(scale: RiskScale) -> Fraction:
    """The step between possible scores; 0 where they are continuous."""
    return max(Fraction(scale.band_resolution), Fraction(0))


def _bands(scale: RiskScale, step: Fraction) -> list[_Band]:
    """The bands on the grid of possible scores, which starts at the least score, or at 0."""
    origin = Fraction(scale.minimum or 0)
    return [_on_grid(index, band, step, origin) for index, band in enumerate(scale.bands)]


def _on_grid(index: int, band: ScoreBand, step: Fraction, origin: Fraction) -> _Band:
    """The band with its ends moved inward to possible scores and inclusive; unchanged where scores are continuous."""
    low = None if band.low is None else Fraction(band.low)
    high = None if band.high is None else Fraction(band.high)
    if not step:
        return _Band(index, band.level, low, high, band.low_inclusive, band.high_inclusive)
    if low is not None:
        first = origin + -((origin - low) // step) * step
        low = first + step if first == low and not band.low_inclusive else first
    if high is not None:
        last = origin + (high - origin) // step * step
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
    neighbours = (
        f"{lower.level} ends at {_n(end)}, {upper.level} starts at {_n(start)}"
        if end is not None and start is not None
        else names
    )
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


def _ends(scale: RiskScale, bands: list[_Band], step: Fraction) -> Iterator[tuple[str, str]]:
    """Scores below the lowest band, or above the highest, or left out at the very end."""
    first, last = bands[0], bands[-1]
    if scale.minimum is not None and first.low is not None:
        least = Fraction(scale.minimum)
        if first.low > least:
            yield (
                f"bands[{first.index}]",
                f"scores from {digits(scale.minimum)} to below {_n(first.low)} are in no band",
            )
        elif first.low == least and not first.low_inclusive:
            yield f"bands[{first.index}]", f"the score {digits(scale.minimum)} is in no band"
    tops = [band.high for band in bands if band.high is not None]
    if scale.maximum is not None and len(tops) == len(bands):
        top, greatest = max(tops), Fraction(scale.maximum)
        held = any(band.high == top and band.high_inclusive for band in bands)
        if top < greatest and not (held and 0 < greatest - top < step):
            yield f"bands[{last.index}]", f"scores above {_n(top)} to {digits(scale.maximum)} are in no band"
        elif top == greatest and not held:
            yield f"bands[{last.index}]", f"the score {digits(scale.maximum)} is in no band"


def _scores(first: Fraction, last: Fraction) -> str:
    return f"the score {_n(first)} is" if first == last else f"the scores {_n(first)} to {_n(last)} are"


def _n(number: Fraction) -> str:
    return decimal_text(number, 12)


def _text(band: ScoreBand) -> str:
    low = "no lower end" if band.low is None else digits(band.low)
    return f"{low} to {'no upper end' if band.high is None else digits(band.high)}"
