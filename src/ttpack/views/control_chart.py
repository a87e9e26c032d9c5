"""A control chart: points in the order of time, centre line, limits, and where a rule signals."""

from html import escape
from typing import Final

from ttpack.analysis.figures import figure
from ttpack.analysis.run_charts import RunChart
from ttpack.analysis.statistics.control_charts import NELSON_RULES
from ttpack.model.quantity import digits
from ttpack.views.blocks import Block, Bullets, Paragraph, Picture, Section, Text

WIDTH: Final = 360
HEIGHT: Final = 140
_LEFT, _RIGHT, _TOP, _BOTTOM = 10, WIDTH - 70, 12, HEIGHT - 12
_INK, _LIMIT, _BAD = "#1b2a33", "#8a5a00", "#a33a2c"


def chart_sections(charts: tuple[RunChart, ...]) -> tuple[Block, ...]:
    """A section for each chart with its picture and the signals in words."""
    return tuple(Section(f"Control chart of {one.title}", _blocks(one)) for one in charts)


def _blocks(one: RunChart) -> tuple[Block, ...]:
    if one.chart is None:
        return (Paragraph((Text(f"No chart: {one.why}."),)),)
    chosen = "; ".join(f"rule {rule}, {NELSON_RULES[rule]}" for rule in one.rules if rule in NELSON_RULES)
    told = [
        f"{one.names[signal.index]}: rule {signal.rule}, {NELSON_RULES[signal.rule]}" for signal in one.chart.signals
    ]
    told += [f"{one.names[index]}: moving range above its limit" for index in one.chart.wide_ranges]
    said: Block = Bullets(tuple((Text(text),) for text in told)) if told else Paragraph((Text("No signal."),))
    basis = f"Sigma within {_text(one.chart.sigma)} from the mean moving range over 1.128. Chosen: {chosen}."
    return (_picture(one), said, Paragraph((Text(basis),)))


def _picture(one: RunChart) -> Picture:
    chart = one.chart
    assert chart is not None  # noqa: S101  asked before
    low, high = min(chart.low, *chart.values), max(chart.high, *chart.values)
    room = (high - low) * 0.08 or 1.0
    low, high = low - room, high + room

    def y(value: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * (value - low) / (high - low), 1)

    step = (_RIGHT - _LEFT - 12) / max(len(chart.values) - 1, 1)
    places = [(round(_LEFT + 6 + index * step, 1), y(value)) for index, value in enumerate(chart.values)]
    shapes = []
    for value, words, look in (
        (chart.centre, "mean", f'stroke="{_INK}"'),
        (chart.low, "LCL", f'stroke="{_LIMIT}" stroke-dasharray="5 3"'),
        (chart.high, "UCL", f'stroke="{_LIMIT}" stroke-dasharray="5 3"'),
    ):
        shapes.append(f'<path d="M{_LEFT} {y(value)}H{_RIGHT}" {look} stroke-width="1.2"/>')
        shapes.append(
            f'<text x="{_RIGHT + 4}" y="{y(value) + 4}" font-size="11" font-family="sans-serif" fill="{_INK}">'
            f"{escape(f'{words} {_text(value)}')}</text>"
        )
    path = "".join(f"{'L' if index else 'M'}{x} {up}" for index, (x, up) in enumerate(places))
    shapes.append(f'<path d="{path}" stroke="{_INK}" stroke-width="1" fill="none"/>')
    signals = {signal.index for signal in chart.signals}
    for index, (x, up) in enumerate(places):
        if index in signals:
            shapes.append(f'<path d="M{x - 5} {up + 5}l5 -10l5 10z" fill="{_BAD}"/>')
        else:
            shapes.append(f'<circle cx="{x}" cy="{up}" r="2.6" fill="{_INK}"/>')
    alt = (
        f"Control chart of {one.title}: {len(chart.values)} points, mean {_text(chart.centre)}, limits "
        f"{_text(chart.low)} and {_text(chart.high)} {one.unit or ''}".rstrip()
        + (f"; signals at {', '.join(one.names[index] for index in sorted(signals))}." if signals else "; no signal.")
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(alt)}">{"".join(shapes)}</svg>'
    )
    return Picture(svg, alt, "control-chart", WIDTH)


def _text(value: float) -> str:
    found = figure(value, 4)
    return "" if found is None else digits(found)
