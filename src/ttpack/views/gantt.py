"""What the items of a campaign's resources do and when, drawn to scale; and how much each resource is used.

Fill, outline and height tell kinds of time apart without colour; the words of `alt` say the same. Pure: spans in,
pictures out.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from ttpack.analysis.simulation.plant import Span
from ttpack.analysis.simulation.scenario import Use
from ttpack.views.blocks import Picture

WIDTH: Final = 360
MOST_ROWS: Final = 40
MOST_BARS: Final = 12
LEAST: Final = 0.005
"""Share of the time below which words say nothing."""
_LEFT, _RIGHT = 112, WIDTH - 8
_ROW, _TOP = 15, 22
_INK, _WORK, _LINE = "#1b2a33", "#0a5f83", "#b8c2c9"
_LETTERS = 17
_HOURS_PER_DAY = 24.0
_TOO_MANY = 7
_LOOKS: Final = {
    "work": f'height="9" fill="{_WORK}" stroke="{_WORK}"',
    "cleaning": f'height="5" fill="#ffffff" stroke="{_INK}"',
    "waits": f'height="3" fill="#a9cfdf" stroke="{_WORK}"',
    "repair": f'height="9" fill="{_INK}" stroke="{_INK}"',
}
_HALF: Final = {"work": 4.5, "cleaning": 2.5, "waits": 1.5, "repair": 4.5}
_WORDS: Final = {"work": "works", "cleaning": "is cleaned", "waits": "holds a waiting batch", "repair": "is repaired"}


LATEST = 1e7
"""Hours, more than a thousand years: what lasts that long is no campaign, and has no picture."""


def draw_gantt(spans: Sequence[Span], batches: int) -> Picture | None:
    """One row for each item of each resource, from hour 0 to the last end; None for nothing, or for over 1e7 h."""
    first: dict[str, float] = {}
    for one in spans:
        first[one.resource] = min(first.get(one.resource, one.start), one.start)
    used = {(one.resource, one.item) for one in spans if one.item >= 0}
    items = sorted(used, key=lambda key: (first[key[0]], key))
    shown = items[:MOST_ROWS]
    kept = [one for one in spans if (one.resource, one.item) in set(shown) and one.end > one.start]
    last = max((one.end for one in kept), default=LATEST)
    if last >= LATEST:
        return None
    rows = {key: _TOP + index * _ROW + _ROW // 2 for index, key in enumerate(shown)}
    bottom = _TOP + len(shown) * _ROW
    counts = {name: sum(resource == name for resource, _ in items) for name, _ in items}
    shapes = [*_ticks(last, bottom)]
    for (name, item), middle in rows.items():
        label = name if counts[name] == 1 else f"{name} {item + 1}"
        shapes.append(_text(4, middle + 4, _short(label, f" {item + 1}" if counts[name] > 1 else ""), "start"))
    shapes += [_bar(one, rows[one.resource, one.item], last) for one in kept]
    shapes += _legend(bottom + 12)
    if len(items) > MOST_ROWS:
        shapes.append(_text(4, bottom + 42, f"and {len(items) - MOST_ROWS} more items", "start"))
    height = bottom + (48 if len(items) > MOST_ROWS else 34)
    return Picture(_svg(shapes, height), _alt(kept, shown, last, batches), "gantt", WIDTH)


def draw_use(uses: Sequence[Use]) -> Picture | None:
    """A bar for each of the busiest resources: the share of the time it works, is cleaned, and is repaired."""
    shown = [one for one in uses if one.busy.mean > 0][:MOST_BARS]
    if not shown:
        return None
    shapes: list[str] = []
    bottom = _TOP + len(shown) * (_ROW + 2)
    for tenth in (0, 25, 50, 75, 100):
        x = _share(tenth / 100)
        shapes.append(f'<path d="M{x} 16V{bottom}" stroke="{_LINE}" stroke-width="1"/>')
        shapes.append(_text(x, 11, f"{tenth} %", "end" if tenth == 100 else "middle"))  # noqa: PLR2004  the last one
    for index, one in enumerate(shown):
        middle = _TOP + index * (_ROW + 2) + _ROW // 2
        shapes.append(_text(4, middle + 4, _short(one.name), "start"))
        start = 0.0
        for kind, length in (("work", one.working), ("cleaning", one.cleaning), ("repair", one.repair)):
            if length > 0:
                left, right = _share(start), _share(min(start + length, 1.0))
                shapes.append(_rectangle(left, right, middle, kind))
            start = min(start + length, 1.0)
    shapes += _legend(bottom + 12, waits=False)
    told = "; ".join(
        f"{one.name} {100 * one.busy.mean:.0f} %: works {100 * one.working:.0f} %"
        + (f", is cleaned {100 * one.cleaning:.0f} %" if one.cleaning >= LEAST else "")
        + (f", is repaired {100 * one.repair:.0f} %" if one.repair >= LEAST else "")
        for one in shown
    )
    return Picture(_svg(shapes, bottom + 20), f"Share of the time in which resources are busy. {told}", "use", WIDTH)


def _at(hour: float, last: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * hour / last, 1) if last > 0 else float(_LEFT)


def _share(share: float) -> float:
    return _at(share, 1.0)


def _ticks(last: float, bottom: int) -> Iterable[str]:
    """Marks at round numbers of days (of hours where there is less than two days)."""
    unit, words = (_HOURS_PER_DAY, "d") if last > 2 * _HOURS_PER_DAY else (1.0, "h")
    step = next(
        (
            size
            for power in range(9)
            for size in (10**power, 2 * 10**power, 5 * 10**power)
            if last / unit / size < _TOO_MANY
        ),
        10**9,
    )
    for count in range(int(last / unit / step) + 1):
        x = _at(count * step * unit, last)
        yield f'<path d="M{x} 16V{bottom}" stroke="{_LINE}" stroke-width="1"/>'
        if x < _RIGHT - 14:
            yield _text(x, 11, f"{count * step} {words}" if count else "0", "middle")


def _bar(one: Span, middle: int, last: float) -> str:
    return _rectangle(_at(one.start, last), _at(one.end, last), middle, one.kind)


def _rectangle(left: float, right: float, middle: float, kind: str) -> str:
    width = max(round(right - left, 1), 0.6)
    return f'<rect x="{left}" y="{middle - _HALF[kind]}" width="{width}" {_LOOKS[kind]} stroke-width="0.6"/>'


def _legend(middle: int, *, waits: bool = True) -> Iterable[str]:
    kinds = (
        ("work", "works", 4),
        ("cleaning", "is cleaned", 64),
        ("repair", "repair", 150),
        ("waits", "batch waits", 218),
    )
    for kind, words, left in kinds:
        if kind != "waits" or waits:
            yield _rectangle(left, left + 16, middle, kind)
            yield _text(left + 21, middle + 4, words, "start")


def _short(label: str, ending: str = "") -> str:
    """A label that fits; its last word, as a rule a tag, stays."""
    if len(label) <= _LETTERS:
        return label
    last = ending or label[label.rfind(" ") :]
    last = last if len(last) <= _LETTERS // 2 else ""
    return f"{label[: _LETTERS - 1 - len(last)].rstrip()}\N{HORIZONTAL ELLIPSIS}{last}"


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{_INK}">{escape(text)}</text>'


def _svg(shapes: Iterable[str], height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="IBM Plex Sans, DejaVu Sans, sans-serif" font-size="11">{"".join(shapes)}</svg>'
    )


def _alt(spans: Sequence[Span], shown: Sequence[tuple[str, int]], last: float, batches: int) -> str:
    told = []
    for name in dict.fromkeys(resource for resource, _ in shown):
        own = [one for one in spans if one.resource == name]
        kinds = [
            f"{_WORDS[kind]} {sum(one.end - one.start for one in own if one.kind == kind):,.0f} h"
            for kind in ("work", "cleaning", "repair", "waits")
            if any(one.kind == kind for one in own)
        ]
        told.append(f"{name} {', '.join(kinds)}")
    whole = f"{last / _HOURS_PER_DAY:,.0f} d" if last > 2 * _HOURS_PER_DAY else f"{last:,.0f} h"
    return f"First replication of {batches} batches, over {whole}. {'; '.join(told)}"
