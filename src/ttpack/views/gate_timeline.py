"""What happens at a site and when, drawn to scale: planned above what was, with the day of the answer as a line.

Shapes tell plan, fact and forecast apart without colour; the words of `alt` and the table say the same.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from ttpack.analysis.gates.timeline import Entry
from ttpack.model.package import Package
from ttpack.views.blocks import Column, Inlines, Picture, Row, Table, Text
from ttpack.views.words import chip, inlines_of_date, reference

WIDTH = 360
MOST_ROWS = 30
MOST_TOLD = 20
MOST_LISTED = 200
_LEFT, _RIGHT = 118, WIDTH - 10
_ROW, _TOP = 20, 26
_INK, _PLAN = "#1b2a33", "#0a5f83"
_LETTERS = 18
_YEARS_BACK, _YEARS_AHEAD = 10, 15
_STATES = {"under_way": "info", "late": "bad", "done": "good"}


def draw_timeline(entries: Sequence[Entry], as_of: date) -> Picture | None:
    """The picture, `WIDTH` pixels wide so that it stays legible on a telephone; None where nothing has a date."""
    first, last = as_of.year - _YEARS_BACK, as_of.year + _YEARS_AHEAD  # a slip of the pen must not flatten the rest
    dated = [one for one in entries if one.days and first <= one.days[0].year and one.days[-1].year <= last]
    rows = [one for one in dated if one.kind != "due"]
    rows = [one for one in rows if one.kind == "gate"] + [one for one in rows if one.kind != "gate"]
    rows, dues = rows[:MOST_ROWS], [one for one in dated if one.kind == "due"]
    if not rows and not dues:
        return None
    scale = _Scale(min(one.days[0] for one in dated), max(one.days[-1] for one in dated), as_of)
    count = len(rows) + bool(dues)
    bottom = _TOP + count * _ROW
    shapes = [*scale.ticks(bottom)]
    for index, entry in enumerate(rows):
        shapes += _row(scale, entry, _TOP + index * _ROW + _ROW // 2)
    if dues:
        shapes += _dues(scale, dues, _TOP + len(rows) * _ROW + _ROW // 2)
    now = scale.at(as_of)
    shapes.append(f'<path d="M{now} 16V{bottom}" stroke="{_INK}" stroke-width="1.4" stroke-dasharray="4 3"/>')
    shapes += _legend(bottom + 16)
    return Picture(_svg(shapes, bottom + 50), _alt(rows, dues, as_of), "gate-timeline", WIDTH)


class _Scale:
    """From days to horizontal positions."""

    def __init__(self, first: date, last: date, as_of: date) -> None:
        self.first, self.last = min(first, as_of), max(last, as_of)

    def at(self, day: date) -> float:
        span = max((self.last - self.first).days, 1)
        return round(_LEFT + (_RIGHT - _LEFT) * (day - self.first).days / span, 1)

    def ticks(self, bottom: int) -> Iterable[str]:
        """The first day of each year, or of each quarter where there are not two years."""
        months = (1,) if (self.last - self.first).days > 730 else (1, 4, 7, 10)  # noqa: PLR2004
        days = [date(year, month, 1) for year in range(self.first.year, self.last.year + 1) for month in months]
        taken = -100.0
        for day in days:
            x = self.at(day)
            if self.first <= day <= self.last:
                yield f'<path d="M{x} 16V{bottom}" stroke="#b8c2c9" stroke-width="1"/>'
                if x - taken > 48:  # noqa: PLR2004  a label is that wide
                    yield _text(x, 11, str(day.year) if day.month == 1 else f"{day:%Y-%m}", "middle")
                    taken = x


def _row(scale: _Scale, entry: Entry, middle: int) -> Iterable[str]:
    name = entry.gate if entry.kind == "gate" else entry.label
    short = name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
    yield _text(4, middle + 4, f"! {short[: _LETTERS - 2]}" if entry.state == "late" else short, "start", entry.kind)
    if entry.kind == "gate":
        yield from _gate(scale, entry, middle)
        return
    yield from _span(scale, entry.planned, middle, f'height="9" fill="#ffffff" stroke="{_PLAN}"', 4.5)
    actual = entry.actual if entry.actual[1] else (entry.actual[0], None)
    yield from _span(scale, actual, middle, f'height="5" fill="{_INK}" stroke="{_INK}"', 2.5)


def _gate(scale: _Scale, entry: Entry, middle: int) -> Iterable[str]:
    planned, actual = entry.planned[0], entry.actual[0]
    other = actual or entry.forecast
    if planned and other and planned != other:
        path = f"M{scale.at(planned)} {middle}H{scale.at(other)}"
        yield f'<path d="{path}" stroke="{_INK}" stroke-width="1" stroke-dasharray="2 2"/>'
    if entry.forecast and entry.forecast != planned and not actual:
        x = scale.at(entry.forecast)
        yield f'<path d="M{x} {middle - 6}l6 11h-12z" fill="#ffffff" stroke="{_INK}" stroke-width="1.4"/>'
    if planned and planned != actual:
        yield _diamond(scale.at(planned), middle, "#ffffff", _PLAN)
    if actual:
        yield _diamond(scale.at(actual), middle, _INK, _INK)


def _diamond(x: float, middle: int, fill: str, stroke: str) -> str:
    return f'<path d="M{x} {middle - 6}l6 6l-6 6l-6 -6z" fill="{fill}" stroke="{stroke}" stroke-width="1.4"/>'


def _span(scale: _Scale, span: tuple[date | None, date | None], middle: int, look: str, half: float) -> Iterable[str]:
    days = [day for day in span if day]
    if days:
        left, right = scale.at(min(days)), scale.at(max(days))
        width = max(round(right - left, 1), 5)
        yield f'<rect x="{left}" y="{middle - half}" width="{width}" {look} stroke-width="1.4"/>'


def _dues(scale: _Scale, dues: Sequence[Entry], middle: int) -> Iterable[str]:
    yield _text(4, middle + 4, "due dates", "start")
    for day in sorted({one.days[0] for one in dues}):
        yield f'<path d="M{scale.at(day)} {middle - 5}v10" stroke="{_INK}" stroke-width="2"/>'


def _legend(top: int) -> Iterable[str]:
    yield _diamond(12, top, "#ffffff", _PLAN)
    yield _text(22, top + 4, "planned", "start")
    yield _diamond(82, top, _INK, _INK)
    yield _text(92, top + 4, "decided", "start")
    yield f'<path d="M152 {top - 6}l6 11h-12z" fill="#ffffff" stroke="{_INK}" stroke-width="1.4"/>'
    yield _text(163, top + 4, "forecast", "start")
    yield f'<path d="M228 {top - 7}v14" stroke="{_INK}" stroke-width="1.4" stroke-dasharray="4 3"/>'
    yield _text(236, top + 4, "day of the answer", "start")
    low = top + 20
    yield f'<rect x="6" y="{low - 4.5}" width="20" height="9" fill="#ffffff" stroke="{_PLAN}" stroke-width="1.4"/>'
    yield _text(32, low + 4, "work as planned", "start")
    yield f'<rect x="146" y="{low - 2.5}" width="20" height="5" fill="{_INK}"/>'
    yield _text(172, low + 4, "as it was", "start")
    yield _text(236, low + 4, "! late", "start")


def _text(x: float, y: int, text: str, anchor: str, kind: str = "") -> str:
    weight = ' font-weight="600"' if kind == "gate" else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{_INK}"{weight}>{escape(text)}</text>'


def _svg(shapes: Iterable[str], height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="IBM Plex Sans, DejaVu Sans, sans-serif" font-size="11">{"".join(shapes)}</svg>'
    )


def _alt(rows: Sequence[Entry], dues: Sequence[Entry], as_of: date) -> str:
    told = [_told(one) for one in rows[:MOST_TOLD]]
    if len(rows) > MOST_TOLD:
        told.append(f"and {len(rows) - MOST_TOLD} more")
    if dues:
        told.append(f"due dates from {min(one.days[0] for one in dues)} to {max(one.days[-1] for one in dues)}")
    return f"Timeline as of {as_of}: {'; '.join(told)}"


def _told(entry: Entry) -> str:
    name = entry.gate if entry.kind == "gate" else entry.label
    if entry.kind == "gate":
        said = [f"planned {entry.planned[0]}" if entry.planned[0] else "no planned date"]
        if entry.actual[0]:
            said.append(f"decided {entry.actual[0]}")
        elif entry.forecast and entry.forecast != entry.planned[0]:
            said.append(f"forecast {entry.forecast}")
    else:
        said = [f"planned {_from_to(entry.planned)}"] if any(entry.planned) else []
        said += [f"was {_from_to(entry.actual)}"] if any(entry.actual) else []
    return f"{name} {', '.join(said)}{' (late)' if entry.state == 'late' else ''}"


def _from_to(span: tuple[date | None, date | None]) -> str:
    return " to ".join(dict.fromkeys(str(day) for day in span if day))


def timeline_table(package: Package, entries: Sequence[Entry]) -> Table:
    """The same as a table, with what has no date at its end; of very many entries the first."""
    rows = tuple(
        Row((
            (reference(package, one.record),) if one.record else (Text(one.label),),
            (Text("due date" if one.kind == "due" else one.kind),),
            (Text(one.gate),) if one.gate else (),
            _span_words(one.planned), _span_words(one.actual), inlines_of_date(one.forecast),
            (Text(f"{one.slack} d"),) if one.slack is not None else (),
            chip(one.state, _STATES.get(one.state, "neutral")),  # type: ignore[arg-type]
        ))
        for one in entries[:MOST_LISTED]
    )  # fmt: skip
    heads = (
        Column("What"), Column("Kind"), Column("Gate"), Column("Planned"), Column("As it was"), Column("Forecast"),
        Column("Room", "right"), Column("State"),
    )  # fmt: skip
    more = f"; {len(entries) - MOST_LISTED} more are in the answer as JSON" if len(entries) > MOST_LISTED else ""
    caption = f"Planned and actual dates; room: days it may slip before the gate moves, or left to decide{more}"
    return Table(heads, rows, caption, filterable=len(rows) > 15)  # noqa: PLR2004


def _span_words(span: tuple[date | None, date | None]) -> Inlines:
    return (Text(_from_to(span)),) if any(span) else ()
