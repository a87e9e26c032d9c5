"""A parameter's ranges on one line, to scale: which range lies inside which, and how much room is left.

Heights, outlines and dashes tell the kinds of range apart without colour; the words of `alt` say the same.
Pure: numbers and words in, a `Picture` out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Literal

from ttpack.views.blocks import Picture

BandKind = Literal[
    "edge_of_failure", "historical", "studied", "action", "proven_acceptable", "normal_operating", "target"
]

WIDTH = 220
_LEFT, _RIGHT = 12, WIDTH - 12
_AXIS = 26
_DIGIT = Decimal("6.0")
_DESIGN = ' stroke-dasharray="3 2"'


@dataclass(frozen=True, slots=True)
class Band:
    """One range; an open side has None."""

    kind: BandKind
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Bracket:
    """What a site's equipment can hold; not `qualified` where that is its design and nothing more."""

    label: str
    low: Decimal | None
    high: Decimal | None
    qualified: bool = True

    @property
    def words(self) -> str:
        """The label, and that the range is one of design where it is."""
        return self.label if self.qualified else f"{self.label}, by design"


@dataclass(frozen=True, slots=True)
class RangeBar:
    """One parameter's ranges, its setpoint, what sites can hold, and values of runs, all in one unit."""

    label: str
    unit: str = ""
    setpoint: Decimal | None = None
    bands: tuple[Band, ...] = ()
    brackets: tuple[Bracket, ...] = ()
    dots: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class _Look:
    words: str
    height: int
    fill: str
    stroke: str
    dash: str = ""


# From the outermost to the innermost, which is the order of drawing.
_LOOKS: dict[BandKind, _Look] = {
    "edge_of_failure": _Look("edge of failure", 2, "#a33a2c", "#a33a2c"),
    "historical": _Look("historical", 6, "none", "#5b6b76", "1.5 2"),
    "studied": _Look("studied", 6, "#ffffff", "#5b6b76"),
    "action": _Look("action limits", 10, "none", "#8a5a00", "4 2"),
    "proven_acceptable": _Look("proven acceptable", 10, "#a9cfdf", "#0a5f83"),
    "normal_operating": _Look("normal operating", 15, "#0a5f83", "#0a5f83"),
    "target": _Look("target", 6, "#ffffff", "#0a5f83"),
}


def draw_range_bar(bar: RangeBar) -> Picture:
    """The picture of the bar, `WIDTH` pixels wide; an empty bar says so."""
    scale = _Scale.of(bar)
    shapes = [f'<path class="rb-axis" d="M{_LEFT} {_AXIS}H{_RIGHT}" stroke="#b8c2c9" stroke-width="1"/>']
    for kind, look in _LOOKS.items():
        shapes += [_band(scale, band, look) for band in bar.bands if band.kind == kind]
    shapes += [
        f'<circle class="rb-dot" cx="{scale.at(dot)}" cy="{_AXIS}" r="2.2" fill="#ffffff" stroke="#1b2a33"/>'
        for dot in bar.dots
    ]
    if bar.setpoint is not None:
        shapes += _setpoint(scale, bar.setpoint)
    shapes += _end_numbers(scale, bar)
    bottom = 51
    for bracket in bar.brackets:
        shapes += _bracket(scale, bracket, bottom)
        bottom += 18
    return Picture(_svg(shapes, WIDTH, bottom), describe(bar), "range-bar", WIDTH)


def describe(bar: RangeBar) -> str:
    """The bar in words: setpoint first, then the ranges from the innermost out."""
    unit = f" {bar.unit}" if bar.unit else ""
    parts = [f"setpoint {bar.setpoint}{unit}"] if bar.setpoint is not None else []
    for kind in reversed(_LOOKS):
        parts += [f"{_LOOKS[kind].words} {_words(b.low, b.high)}{unit}" for b in bar.bands if b.kind == kind]
    parts += [f"{b.words} holds {_words(b.low, b.high)}{unit}" for b in bar.brackets]
    if bar.dots:
        parts.append(f"runs at {', '.join(map(str, bar.dots))}{unit}")
    return f"{bar.label}: {'; '.join(parts) if parts else 'no range given'}"


def legend() -> Picture:
    """What each kind of band looks like, to stand once above a table of bars."""
    shown: list[BandKind] = ["normal_operating", "proven_acceptable", "studied", "edge_of_failure"]
    shapes, width, row = [], 350, 14
    lefts = dict(zip(shown, (4, 138, 276, 4), strict=True))
    for kind in shown:
        look, left = _LOOKS[kind], lefts[kind]
        row = 38 if kind == "edge_of_failure" else 14
        shapes.append(_rectangle(kind, Decimal(left), Decimal(left + 24), row, look))
        if kind == "edge_of_failure":
            shapes += [_cross(Decimal(left), row), _cross(Decimal(left + 24), row)]
        shapes.append(_text(left + 31, row + 4, look.words, "start"))
    shapes += [_tick(Decimal(150), row), _text(169, row + 4, "setpoint", "start")]
    shapes += [
        f'<path class="rb-bracket" d="M232 {row}H256M232 {row - 3}v6M256 {row - 3}v6" fill="none" stroke="#5b6b76"/>',
        _text(262, row + 4, "equipment holds", "start"),
        f'<path class="rb-bracket" d="M4 62H28M4 59v6M28 59v6" fill="none" stroke="#5b6b76"{_DESIGN}/>',
        _text(35, 66, "equipment holds by design, not shown in qualification", "start"),
    ]
    words = ", ".join(_LOOKS[kind].words for kind in shown)
    alt = (
        f"Legend: from the innermost and tallest band out, {words}; setpoint a tick; a line below: what equipment "
        "holds, dashed where that is its design and not shown in qualification"
    )
    return Picture(_svg(shapes, width, 74), alt, "range-bar-legend", width)


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to horizontal positions, with room at a side that is open."""

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, bar: RangeBar) -> "_Scale":
        # What a site can hold is often far wider than any range; it must not shrink the ranges to a point.
        spans = [(band.low, band.high) for band in bar.bands] or [(b.low, b.high) for b in bar.brackets]
        values = [value for span in spans for value in span if value is not None]
        values += [*bar.dots, *([bar.setpoint] if bar.setpoint is not None else [])]
        if not values:
            return cls(Decimal(0), Decimal(1))
        low, high = min(values), max(values)
        room = (high - low) or abs(high) or Decimal(1)
        open_low, open_high = any(s[0] is None for s in spans), any(s[1] is None for s in spans)
        if low == high and not (open_low or open_high):
            return cls(low - room, high + room)
        return cls(low - room / 3 if open_low else low, high + room / 3 if open_high else high)

    def at(self, value: Decimal | None, default: int = _LEFT) -> Decimal:
        """The position of a value; `default` for an open side."""
        if value is None:
            return Decimal(default)
        share = (value - self.low) / (self.high - self.low)
        return (_LEFT + share * (_RIGHT - _LEFT)).quantize(Decimal("0.01"))


def _words(low: Decimal | None, high: Decimal | None) -> str:
    if low is None:
        return f"at most {high}" if high is not None else "not given"
    return f"at least {low}" if high is None else f"{low} to {high}"


def _band(scale: _Scale, band: Band, look: _Look) -> str:
    left, right = scale.at(band.low), scale.at(band.high, _RIGHT)
    shape = _rectangle(band.kind, left, right, _AXIS, look)
    half = look.height // 2 + 1
    if band.kind == "edge_of_failure":
        shape += "".join(_cross(scale.at(end), _AXIS) for end in (band.low, band.high) if end is not None)
    arrow = 'class="rb-arrow" fill="none" stroke="#1b2a33" stroke-width="1.2"'
    if band.low is None:
        shape += f'<path {arrow} d="M{left + 1} {_AXIS - half}L{left - 6} {_AXIS}L{left + 1} {_AXIS + half}"/>'
    if band.high is None:
        shape += f'<path {arrow} d="M{right - 1} {_AXIS - half}L{right + 6} {_AXIS}L{right - 1} {_AXIS + half}"/>'
    return shape


def _rectangle(kind: BandKind, left: Decimal, right: Decimal, middle: int, look: _Look) -> str:
    width = max(right - left, Decimal("1.5"))
    top = middle - Decimal(look.height) / 2
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    name = kind.replace("_", "-")
    return (
        f'<rect class="rb-band rb-{name}" x="{left}" y="{top}" width="{width}" height="{look.height}" '
        f'fill="{look.fill}" stroke="{look.stroke}" stroke-width="1"{dash}/>'
    )


def _cross(x: Decimal, middle: int) -> str:
    path = f"M{x - 3} {middle - 3}L{x + 3} {middle + 3}M{x - 3} {middle + 3}L{x + 3} {middle - 3}"
    return f'<path class="rb-cross" d="{path}" stroke="#a33a2c" stroke-width="1.6"/>'


def _tick(x: Decimal, middle: int) -> str:
    line = f"M{x} {middle - 11}V{middle + 10}"
    return (
        f'<path class="rb-halo" d="{line}" stroke="#ffffff" stroke-width="4"/>'
        f'<path class="rb-tick" d="{line}" stroke="#1b2a33" stroke-width="2"/>'
    )


def _setpoint(scale: _Scale, setpoint: Decimal) -> list[str]:
    x = scale.at(setpoint)
    text = str(setpoint)
    return [_tick(x, _AXIS), _text(_inside(x, text), 11, text, "middle", bold=True)]


def _end_numbers(scale: _Scale, bar: RangeBar) -> list[str]:
    """Numbers under the ends of the bands, outermost first, each only where it does not run into another."""
    shapes: list[str] = []
    taken: list[tuple[Decimal, Decimal]] = []
    kinds = list(_LOOKS)
    for band in sorted(bar.bands, key=lambda band: kinds.index(band.kind) if band.kind != "normal_operating" else 3):
        for end in (band.low, band.high):
            if end is None:
                continue
            text = str(end)
            x, half = _inside(scale.at(end), text), _half_width(text)
            if all(x + half + 3 <= low or x - half - 3 >= high for low, high in taken):
                taken.append((x - half, x + half))
                shapes.append(_text(x, 47, text, "middle"))
    return shapes


def _bracket(scale: _Scale, bracket: Bracket, top: int) -> list[str]:
    """A line with a foot at each end that lies inside the picture, and an arrow at each that goes on beyond it."""
    left, right = max(scale.at(bracket.low), Decimal(_LEFT)), min(scale.at(bracket.high, _RIGHT), Decimal(_RIGHT))
    left, right = min(left, Decimal(_RIGHT)), max(right, Decimal(_LEFT))
    middle = top + 3
    ends = ""
    for x, inside, outwards in (
        (left, bracket.low is not None and scale.at(bracket.low) >= _LEFT, -1),
        (right, bracket.high is not None and scale.at(bracket.high) <= _RIGHT, 1),
    ):
        tip = x + 5 * outwards
        ends += (
            f"M{x} {top}v6"
            if inside
            else f"M{x} {middle}H{tip}M{x + 2 * outwards} {top}L{tip} {middle}l{-3 * outwards} 3"
        )
    dash = "" if bracket.qualified else _DESIGN
    path = f'<path class="rb-bracket" d="M{left} {middle}H{right}{ends}" fill="none" stroke="#5b6b76"{dash}/>'
    return [path, _text(_inside((left + right) / 2, bracket.words), top + 15, bracket.words, "middle")]


def _half_width(text: str) -> Decimal:
    return _DIGIT * len(text) / 2


def _inside(x: Decimal, text: str) -> Decimal:
    half = _half_width(text)
    return max(half, min(x, WIDTH - half)).quantize(Decimal("0.01"))


def _text(x: Decimal | int, y: int, text: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text class="rb-text" x="{x}" y="{y}" text-anchor="{anchor}" fill="#1b2a33"{weight}>{escape(text)}</text>'


def _svg(shapes: Iterable[str], width: int, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="IBM Plex Sans, DejaVu Sans, sans-serif" font-size="11">{"".join(shapes)}</svg>'
    )
