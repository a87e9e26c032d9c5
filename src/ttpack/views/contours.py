"""A plane of the design space: where all limits are met, its edge, and the boxes of the ranges of a site."""

from collections.abc import Callable
from html import escape
from typing import Final

from ttpack.analysis.capability.region import Slice
from ttpack.analysis.capability.transfer import FactorAt
from ttpack.views.blocks import Picture
from ttpack.views.words import unit_words

WIDTH: Final = 360
HEIGHT: Final = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, WIDTH - 12, 24, HEIGHT - 56
_INK, _INSIDE, _NORMAL, _PROVEN = "#1b2a33", "#d7e8ef", "#0a5f83", "#8a5a00"
Place = Callable[[float], float]


def draw_slice(given: Slice) -> Picture:
    """The picture: cells that meet every limit are shaded, the edge is a line, ranges are boxes."""
    x_low, x_high, y_low, y_high = given.across[0], given.across[-1], given.up[0], given.up[-1]

    def x(value: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * (value - x_low) / (x_high - x_low or 1), 1)

    def y(value: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * (value - y_low) / (y_high - y_low or 1), 1)

    shapes = [f'<rect x="{_LEFT}" y="{_TOP}" width="{_RIGHT - _LEFT}" height="{_BOTTOM - _TOP}" fill="#f3d9d4"/>']
    shapes += _inside(given, x, y)
    for line in given.lines:
        path = "".join(f"{'L' if index else 'M'}{x(across)} {y(up)}" for index, (across, up) in enumerate(line))
        shapes.append(f'<path d="{path}" stroke="{_INK}" stroke-width="1.6" fill="none"/>')
    for ends, look in (("normal", f'stroke="{_NORMAL}"'), ("proven", f'stroke="{_PROVEN}" stroke-dasharray="5 3"')):
        across, up = getattr(given.x, ends), getattr(given.y, ends)
        if across and up:
            left, right = (x(min(max(value, x_low), x_high)) for value in across)
            bottom, top = (y(min(max(value, y_low), y_high)) for value in up)
            size = f'width="{round(right - left, 1)}" height="{round(bottom - top, 1)}"'
            shapes.append(f'<rect x="{left}" y="{top}" {size} fill="none" {look} stroke-width="2"/>')
    if given.x.setpoint is not None and given.y.setpoint is not None:
        at = f'cx="{x(given.x.setpoint)}" cy="{y(given.y.setpoint)}"'
        shapes.append(f'<circle {at} r="3" fill="{_INK}"/>')
    shapes += _axes(given, x, y)
    alt = _alt(given)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(alt)}">{"".join(shapes)}</svg>'
    )
    return Picture(svg, alt, "design-space-slice", WIDTH)


def _inside(given: Slice, x: Place, y: Place) -> list[str]:
    """The cells whose middle meets every limit, joined along each row."""
    found = []
    half_x = (given.across[1] - given.across[0]) / 2
    half_y = (given.up[1] - given.up[0]) / 2
    for row, up in zip(given.margins, given.up, strict=True):
        start: float | None = None
        for place, margin in enumerate((*row, -1.0)):
            if margin >= 0 and start is None:
                start = given.across[place] - half_x
            elif margin < 0 and start is not None:
                end = given.across[place - 1] + half_x
                left, right = x(max(start, given.across[0])), x(min(end, given.across[-1]))
                top, bottom = y(min(up + half_y, given.up[-1])), y(max(up - half_y, given.up[0]))
                size = f'width="{round(right - left, 1)}" height="{round(bottom - top + 0.3, 1)}"'
                found.append(f'<rect x="{left}" y="{top}" {size} fill="{_INSIDE}"/>')
                start = None
    return found


def _axes(given: Slice, x: Place, y: Place) -> list[str]:
    found = [f'<path d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}" stroke="{_INK}" stroke-width="1" fill="none"/>']
    for part in range(5):
        across = given.across[0] + (given.across[-1] - given.across[0]) * part / 4
        up = given.up[0] + (given.up[-1] - given.up[0]) * part / 4
        found.append(f'<path d="M{x(across)} {_BOTTOM}v4M{_LEFT - 4} {y(up)}h4" stroke="{_INK}" stroke-width="1"/>')
        anchor = "end" if part == 4 else "middle"  # noqa: PLR2004  the last label must not leave the picture
        found.append(_text(x(across), _BOTTOM + 16, f"{across:.4g}", anchor))
        found.append(_text(_LEFT - 7, y(up) + 4, f"{up:.4g}", "end"))
    found.append(_text((_LEFT + _RIGHT) / 2, _BOTTOM + 32, _named(given.x), "middle"))
    found.append(_text(4, _TOP - 12, f"\N{UPWARDS ARROW} {_named(given.y)}", "start"))
    found.append(_text(_LEFT, HEIGHT - 6, "full box: normal range; dashed: proven range; dot: setpoint", "start"))
    return found


def _named(one: FactorAt) -> str:
    unit = unit_words(one.unit) if one.unit else ""
    return f"{one.title}{f', {unit}' if unit else ''}"


def _alt(given: Slice) -> str:
    cells = [margin for row in given.margins for margin in row]
    share = sum(margin >= 0 for margin in cells) / len(cells)
    fixed = ", ".join(f"{name} {value:.4g}" for name, value in given.fixed)
    kept = f" with {fixed}" if fixed else ""
    return (
        f"Plane of {given.x.title} and {given.y.title}{kept}: {share:.0%} of the plane meets every limit; "
        "the normal and proven ranges are drawn as boxes over it."
    )


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return (
        f'<text x="{round(x, 1)}" y="{round(y, 1)}" font-size="11" font-family="sans-serif" fill="{_INK}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )
