"""Readiness drawn: each category as a bar with what both parties say, and minimum and mean over time with the gates.

Shapes and dashes tell things apart without colour; the words of `alt` and the tables beside say the same.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from html import escape

from ttpack.analysis.readiness.categories import shown
from ttpack.analysis.readiness.history import GateMark, Point, ReadinessHistory
from ttpack.analysis.readiness.scores import CategoryScore
from ttpack.views.blocks import Picture

WIDTH = 360
BAR_WIDTH = 150
MOST_TOLD = 20
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 300, 26, 156
_INK, _LINE, _GRID = "#1b2a33", "#0a5f83", "#b8c2c9"
_BEFORE, _AHEAD = timedelta(days=60), timedelta(days=400)
_LABEL = 26
_DOT, _SQUARE = 3.2, 5.6


def draw_bar(category: CategoryScore) -> Picture:
    """One category: the bar is what counts, the triangle above what the sending unit says, below the receiving unit."""
    low, length = 8, BAR_WIDTH - 16
    shapes = [f'<path d="M{low} 20H{low + length}" stroke="{_GRID}" stroke-width="1"/>']
    shapes += [f'<path d="M{low + length * n // 4} 17v6" stroke="{_GRID}" stroke-width="1"/>' for n in range(5)]
    if category.score is not None:
        shapes.append(
            f'<rect x="{low}" y="15" width="{_pixels(category.score * length)}" height="10" fill="{_LINE}" '
            f'stroke="{_INK}" stroke-width="1"/>'
        )
    for value, y, path in ((category.sending, 13, "l-4 -7h8z"), (category.receiving, 27, "l-4 7h8z")):
        if value is not None:
            x = _pixels(low + value * length)
            shapes.append(f'<path d="M{x} {y}{path}" fill="#ffffff" stroke="{_INK}" stroke-width="1.2"/>')
    words = (
        f"{category.label}: counts {_number(category.score)}, sending unit {_number(category.sending)}, "
        f"receiving unit {_number(category.receiving)}"
    )
    return Picture(_svg(shapes, BAR_WIDTH, 40), words, "readiness-bar", BAR_WIDTH)


def draw_history(history: ReadinessHistory) -> Picture | None:
    """Minimum (solid, dots) and mean (dashed, squares) over time, gates as vertical lines; None without a point."""
    points = history.points
    if not points:
        return None
    marks = near_marks(history)
    days = [*(one.when for one in points), *(one.when for one in marks)]
    scale = _Scale(min(days), max(days))
    shapes = list(_grid())
    shapes += _gates(scale, marks)
    least = [(one.when, one.minimum) for one in points]
    means = [(one.when, one.mean) for one in points if one.mean is not None]
    shapes += [_line(scale, means, dash=' stroke-dasharray="5 3"'), _line(scale, least, dash="")]
    shapes += [_square(scale.at(when), _height(value)) for when, value in means]
    shapes += [_dot(scale.at(when), _height(value)) for when, value in least]
    shapes += _ends(scale, points[-1])
    shapes += [
        _text(_LEFT, _BOTTOM + 16, scale.first.isoformat(), "start"),
        _text(_RIGHT, _BOTTOM + 16, scale.last.isoformat(), "end") if scale.first != scale.last else "",
    ]
    shapes += _legend(_BOTTOM + 36)
    return Picture(_svg(shapes, WIDTH, _BOTTOM + 44), describe(points, marks), "readiness-history", WIDTH)


def near_marks(history: ReadinessHistory) -> list[GateMark]:
    """The dates of gates that stand in the picture: those around the points, and the next one ahead."""
    first, last = history.points[0].when, history.points[-1].when
    past = [one for one in history.marks if first - one.when <= _BEFORE and one.when <= last]
    ahead = [one for one in history.marks if one.when > last and one.when - last <= _AHEAD][:1]
    return [*past, *ahead]


def describe(points: Sequence[Point], marks: Sequence[GateMark]) -> str:
    """The picture in words, the newest points where there are many."""
    told = points[-MOST_TOLD:]
    parts = [f"{one.when}: minimum {_number(one.minimum)}, mean {_number(one.mean)}" for one in told]
    left = f"the last {len(told)} of {len(points)} revisions; " if len(told) < len(points) else ""
    gates = "; ".join(f"{one.gate} {one.what} {one.when}" for one in marks)
    return f"Readiness over time: {left}{'; '.join(parts)}. Gates: {gates or 'none in this time'}"


class _Scale:
    """From days to horizontal positions."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last

    def at(self, day: date) -> str:
        span = (self.last - self.first).days
        share = Fraction((day - self.first).days, span) if span else Fraction(1, 2)
        return _pixels(_LEFT + share * (_RIGHT - _LEFT))


def _height(value: Fraction) -> str:
    return _pixels(_BOTTOM - value * (_BOTTOM - _TOP))


def _pixels(value: Fraction | int) -> str:
    return f"{float(value):.1f}"


def _number(value: Fraction | None) -> str:
    return str(shown(value)) if value is not None else "not computable"


def _grid() -> Iterable[str]:
    for quarter in range(5):
        y = _height(Fraction(quarter, 4))
        yield f'<path d="M{_LEFT} {y}H{_RIGHT}" stroke="{_GRID}" stroke-width="1"/>'
        yield _text(_LEFT - 4, f"{float(y) + 4:.1f}", f"{quarter * 25 / 100:.2f}", "end")


def _gates(scale: _Scale, marks: Sequence[GateMark]) -> Iterable[str]:
    """A line a gate, dotted where it is planned, with its label where it does not run into the one before."""
    taken = -100.0
    for mark in marks:
        x = scale.at(mark.when)
        dash = "" if mark.what == "decided" else ' stroke-dasharray="2 3"'
        yield f'<path d="M{x} {_TOP - 6}V{_BOTTOM}" stroke="{_INK}" stroke-width="1.4"{dash}/>'
        if float(x) - taken >= _LABEL:
            yield _text(x, _TOP - 10, mark.gate, "middle")
            taken = float(x)


def _line(scale: _Scale, values: Sequence[tuple[date, Fraction]], *, dash: str) -> str:
    path = "L".join(f"{scale.at(when)} {_height(value)}" for when, value in values)
    return f'<path d="M{path}" fill="none" stroke="{_LINE}" stroke-width="2"{dash}/>' if len(values) > 1 else ""


def _dot(x: str, y: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{_DOT}" fill="{_LINE}" stroke="{_INK}" stroke-width="1"/>'


def _square(x: str, y: str) -> str:
    left, top = float(x) - _SQUARE / 2, float(y) - _SQUARE / 2
    size = f'width="{_SQUARE}" height="{_SQUARE}"'
    return f'<rect x="{left:.1f}" y="{top:.1f}" {size} fill="#ffffff" stroke="{_INK}" stroke-width="1.2"/>'


def _ends(scale: _Scale, last: Point) -> Iterable[str]:
    """The last figures beside their points, apart where they would run into each other."""
    x = float(scale.at(last.when)) + 7
    low = float(_height(last.minimum)) + 4
    high = float(_height(last.mean)) + 4 if last.mean is not None else None
    if high is not None and low - high < 13:  # noqa: PLR2004  the height of a line
        low, high = (high + 13, high) if high + 13 < _BOTTOM else (low, low - 13)
    if high is not None:
        yield _text(f"{x:.1f}", f"{high:.1f}", _number(last.mean), "start")
    yield _text(f"{x:.1f}", f"{low:.1f}", _number(last.minimum), "start", bold=True)


def _legend(y: int) -> Iterable[str]:
    yield f'<path d="M{_LEFT} {y - 4}h22" stroke="{_LINE}" stroke-width="2"/>' + _dot(f"{_LEFT + 11}", f"{y - 4}")
    yield _text(_LEFT + 28, y, "minimum", "start")
    yield f'<path d="M{_LEFT + 96} {y - 4}h22" stroke="{_LINE}" stroke-width="2" stroke-dasharray="5 3"/>'
    yield _square(f"{_LEFT + 107}", f"{y - 4}") + _text(_LEFT + 124, y, "mean", "start")
    yield f'<path d="M{_LEFT + 172} {y - 10}v12" stroke="{_INK}" stroke-width="1.4"/>'
    yield _text(_LEFT + 180, y, "gate (dotted: planned)", "start")


def _text(x: int | str, y: int | str, text: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{_INK}"{weight}>{escape(text)}</text>'


def _svg(shapes: Iterable[str], width: int, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="IBM Plex Sans, DejaVu Sans, sans-serif" font-size="11">{"".join(shapes)}</svg>'
    )
