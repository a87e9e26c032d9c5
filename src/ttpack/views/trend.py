"""The trend of a signal with the ranges it is judged by, and where it left them."""

from html import escape
from typing import Final

from ttpack.analysis.run_evaluation.evaluation import SignalEvaluation
from ttpack.analysis.run_evaluation.excursions import RunExcursion
from ttpack.analysis.run_evaluation.signals import Edges
from ttpack.views.blocks import Picture
from ttpack.views.words import counted, unit_words

WIDTH: Final = 360
HEIGHT: Final = 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, WIDTH - 10, 12, HEIGHT - 24
_INK, _NORMAL, _PROVEN, _BAD = "#1b2a33", "#d7e8ef", "#0a5f83", "#a33a2c"
_HOUR, _DAY = 3600.0, 86400.0
_LONG: Final = 5 * _DAY


def draw_trend(label: str, given: SignalEvaluation, excursions: tuple[RunExcursion, ...]) -> Picture | None:
    """The picture, legible at the width of a telephone; None where there are fewer than two readings."""
    if len(given.trend) < 2 or given.start is None:  # noqa: PLR2004  one reading has no trend
        return None
    one = given.signal
    ends = [end.value for edges in (one.normal, one.proven) if edges for end in (edges.low, edges.high) if end]
    low = min([*(least for _, least, _ in given.trend), *ends])
    high = max([*(most for _, _, most in given.trend), *ends])
    room = (high - low) * 0.06 or 1.0
    frame = _Frame(given.hours * _HOUR, low - room, high + room)
    shapes = [*_bands(frame, one.normal, one.proven)]
    for span in excursions:
        left, right = (frame.x(at - given.start) for at in (span.span.first, span.span.last))
        width = max(round(right - left, 1), 2)
        shapes.append(f'<rect x="{left}" y="{_TOP}" width="{width}" height="{_BOTTOM - _TOP}" fill="#f3d9d4"/>')
        shapes.append(f'<path d="M{left} {_TOP}h{width}" stroke="{_BAD}" stroke-width="3"/>')
    shapes += _line(frame, given)
    shapes += _axes(frame)
    unit = unit_words(one.unit) if one.unit else ""
    alt = (
        f"Trend of {label} over {given.hours:.4g} h: {given.count} readings between {given.least:.5g} and "
        f"{given.greatest:.5g} {unit}".rstrip()
        + f", mean {given.mean:.5g}; {counted(given.excursions, 'time')} outside the normal operating range."
    )
    body = "".join(shapes)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(alt)}">{body}</svg>'
    )
    return Picture(svg, alt, "trend", WIDTH)


class _Frame:
    """From seconds and values to places in the picture."""

    def __init__(self, seconds: float, low: float, high: float) -> None:
        self.seconds, self.low, self.high = max(seconds, 1.0), low, high

    def x(self, seconds: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * min(max(seconds / self.seconds, 0), 1), 1)

    def y(self, value: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * min(max((value - self.low) / (self.high - self.low), 0), 1), 1)


def _bands(frame: _Frame, normal: Edges | None, proven: Edges | None) -> list[str]:
    found = []
    if normal is not None:
        top = frame.y(normal.high.value) if normal.high else _TOP
        bottom = frame.y(normal.low.value) if normal.low else _BOTTOM
        found.append(
            f'<rect x="{_LEFT}" y="{top}" width="{_RIGHT - _LEFT}" height="{round(bottom - top, 1)}" fill="{_NORMAL}"/>'
        )
    for end in (proven.low, proven.high) if proven is not None else ():
        if end is not None:
            path = f"M{_LEFT} {frame.y(end.value)}H{_RIGHT}"
            found.append(f'<path d="{path}" stroke="{_PROVEN}" stroke-width="1.2" stroke-dasharray="5 3" fill="none"/>')
    return found


def _line(frame: _Frame, given: SignalEvaluation) -> list[str]:
    """Each bucket from its least to its greatest value, joined to the next."""
    parts = []
    for index, (seconds, least, most) in enumerate(given.trend):
        x = frame.x(seconds)
        parts.append(f"{'M' if not index else 'L'}{x} {frame.y((least + most) / 2)}")
        if most > least:
            parts.append(f"M{x} {frame.y(least)}V{frame.y(most)}M{x} {frame.y((least + most) / 2)}")
    return [f'<path d="{"".join(parts)}" stroke="{_INK}" stroke-width="1" fill="none"/>']


def _axes(frame: _Frame) -> list[str]:
    unit, name = (_DAY, "d") if frame.seconds > _LONG else (_HOUR, "h")
    step = _round_step(frame.seconds / unit / 4)
    found = [f'<path d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}" stroke="{_INK}" stroke-width="1" fill="none"/>']
    at = 0.0
    while at * unit <= frame.seconds * 1.0001:
        x = frame.x(at * unit)
        found.append(f'<path d="M{x} {_BOTTOM}v4" stroke="{_INK}" stroke-width="1"/>')
        anchor = "end" if x > _RIGHT - 14 else "middle"
        found.append(_text(x, _BOTTOM + 15, f"{at:g} {name}", anchor))
        at += step
    step = _round_step((frame.high - frame.low) / 3)
    value = step * -(-frame.low // step)
    while value <= frame.high:
        y = frame.y(value)
        found.append(f'<path d="M{_LEFT - 4} {y}h4" stroke="{_INK}" stroke-width="1"/>')
        found.append(_text(_LEFT - 6, y + 4, f"{round(value, 10):g}", "end"))
        value += step
    return found


def _round_step(least: float) -> float:
    """The first of 1, 2, 5, 10 ... that is at least so much."""
    size = 1e-12
    while size < least:
        for factor in (1, 2, 5):
            if size * factor >= least:
                return size * factor
        size *= 10
    return size


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="11" font-family="sans-serif" fill="{_INK}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )
