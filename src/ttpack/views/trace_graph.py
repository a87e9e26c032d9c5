"""Drawn traces: what stands behind a record, in layers from left to right, each box joined to those it rests on.

The words of `alt` say the same, and the table beside it has the links. It reads in print and without colour.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from ttpack.views.blocks import Picture

MOST_NODES = 14
_WIDTH, _GAP, _HEIGHT, _SPACE, _TOP = 138, 24, 30, 7, 24
_LETTERS = 23
_INK, _LINE, _BOX = "#1b2a33", "#5b6b76", "#ffffff"


@dataclass(slots=True)
class Trace:
    """Layers of records, by heading, and which record of an earlier layer leads to which of a later one.

    `labels` are what the records are called.
    """

    headings: tuple[str, ...]
    labels: Mapping[str, str]
    layers: list[list[str]] = field(default_factory=list)
    lines: dict[tuple[str, str], None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.layers = [[] for _ in self.headings]

    def add(self, layer: int, record: str, *before: str) -> None:
        """Put a record into a layer, once, and join it to those before it."""
        if record not in self.layers[layer]:
            self.layers[layer].append(record)
        for one in before:
            self.lines.setdefault((one, record))


def draw_trace(trace: Trace, title: str) -> Picture:
    """The picture of a trace; a layer of more than `MOST_NODES` records says how many it leaves out."""
    used = [(heading, layer) for heading, layer in zip(trace.headings, trace.layers, strict=True) if layer]
    rows = max(min(len(layer), MOST_NODES + 1) for _, layer in used)
    height = _TOP + rows * (_HEIGHT + _SPACE)
    places: dict[str, tuple[int, int]] = {}
    boxes: list[str] = []
    for column, (heading, layer) in enumerate(used):
        x = column * (_WIDTH + _GAP) + 1
        boxes.append(_text(x, 12, heading, bold=True))
        shown = layer[:MOST_NODES]
        left = len(layer) - len(shown)
        first = _TOP + (rows - len(shown) - (left > 0)) * (_HEIGHT + _SPACE) // 2
        for row, record in enumerate(shown):
            places[record] = (x, first + row * (_HEIGHT + _SPACE))
            boxes += _box(*places[record], trace.labels[record])
        if left:
            boxes.append(_text(x, first + len(shown) * (_HEIGHT + _SPACE) + 16, f"and {left} more"))
    lines = [_line(places[one], places[other]) for one, other in trace.lines if one in places and other in places]
    width = len(used) * (_WIDTH + _GAP) - _GAP + 2
    return Picture(_svg([*lines, *boxes], width, height), _described(trace, title), "trace", width)


def _described(trace: Trace, title: str) -> str:
    """The picture in words: each layer, then what leads to what."""
    parts = [
        f"{heading}: {_listed(trace.labels[one] for one in layer)}"
        for heading, layer in zip(trace.headings, trace.layers, strict=True)
        if layer
    ]
    lines: dict[str, list[str]] = {}
    for one, other in trace.lines:
        lines.setdefault(one, []).append(other)
    ways = [f"{trace.labels[one]} to {_listed(trace.labels[name] for name in to)}" for one, to in lines.items()]
    more = f"; and {len(ways) - MOST_NODES} more" if len(ways) > MOST_NODES else ""
    return f"{title}. {'. '.join(parts)}. Lines: {'; '.join(ways[:MOST_NODES])}{more}."


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    left = len(every) - MOST_NODES
    return ", ".join(every[:MOST_NODES]) + (f" and {left} more" if left > 0 else "")


def _box(x: int, y: int, label: str) -> list[str]:
    shape = f'<rect class="tr-box" x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="3" fill="{_BOX}" '
    words = _folded(label)
    top = y + (19 if len(words) == 1 else 13)
    return [
        f'{shape}stroke="{_LINE}" stroke-width="1"/>',
        *(_text(x + 5, top + 12 * row, line) for row, line in enumerate(words)),
    ]


def _folded(label: str) -> Sequence[str]:
    """The words in at most two lines that fit into a box."""
    lines = [""]
    for word in label.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= _LETTERS or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > 2:  # noqa: PLR2004  what a box holds
        lines = [lines[0], f"{lines[1]} …"]
    return [line if len(line) <= _LETTERS else f"{line[: _LETTERS - 1]}…" for line in lines]


def _line(start: tuple[int, int], end: tuple[int, int]) -> str:
    x, y = start[0] + _WIDTH, start[1] + _HEIGHT // 2
    to_x, to_y = end[0], end[1] + _HEIGHT // 2
    bend = _GAP // 2
    path = f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"
    return f'<path class="tr-line" d="{path}" fill="none" stroke="{_LINE}" stroke-width="1.2"/>'


def _text(x: int, y: int, text: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text class="tr-text" x="{x}" y="{y}" fill="{_INK}"{weight}>{escape(text)}</text>'


def _svg(shapes: Iterable[str], width: int, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="IBM Plex Sans, DejaVu Sans, sans-serif" font-size="11">{"".join(shapes)}</svg>'
    )
