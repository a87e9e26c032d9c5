"""Comparability as its reader sees it: the verdict of each criterion, both sides' lots, power, what came first."""

from typing import Final

from ttpack.analysis.comparability_study import METHOD_WORDS, ComparabilityStudy, CriterionStudy
from ttpack.analysis.figures import figure
from ttpack.analysis.intervals import with_unit
from ttpack.analysis.statistics.summary import Summary
from ttpack.model.package import Package
from ttpack.model.quantity import digits
from ttpack.views.blocks import (
    Block,
    Break,
    Callout,
    Chip,
    Column,
    Inlines,
    Link,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    Tone,
)
from ttpack.views.words import reference

TONES: Final[dict[str, Tone]] = {
    "met": "good", "missed": "bad", "descriptive": "info", "plotted": "info", "not_judged": "warning",
}  # fmt: skip
VERDICTS: Final = {
    "met": "met", "missed": "missed", "descriptive": "descriptive only", "plotted": "shown only",
    "not_judged": "not judged",
}  # fmt: skip


def comparability_section(
    package: Package, given: ComparabilityStudy, declared: tuple[bool | None, str] | None = None
) -> Section:
    """A plan judged by its statistics; `declared` says whether git has its criteria before the data."""
    blocks: list[Block] = []
    if declared is not None:
        before, words = declared
        if before is False:
            blocks.append(Callout("danger", "Declared too late", (Paragraph((Text(f"{words}."),)),)))
        else:
            blocks.append(Paragraph((Text(f"{words[:1].upper()}{words[1:]}."),)))
    heads = ("Attribute", "Judged by", "New lots", "Reference lots", "Verdict", "Power")
    rows = tuple(Row(_cells(package, one)) for one in given.criteria)
    caption = "Criteria of comparability; s is the overall standard deviation of the lots"
    blocks.append(Table(tuple(map(Column, heads)), rows, caption))
    blocks.append(Paragraph((Text("Plan: "), Link(given.plan, given.title))))
    return Section(f"Comparability: {given.title}", tuple(blocks))


def _cells(package: Package, one: CriterionStudy) -> tuple[Inlines, ...]:
    power: Inlines = (Text(""),)
    if one.power is not None:
        power = (Text(f"{one.power:.0%}"), Break(), Text(one.power_from))
    return (
        (reference(package, one.criterion.about),),
        (Text(METHOD_WORDS[one.method] if one.method else "nothing in numbers"),),
        (Text(_lots(one.new_summary, one.unit)),),
        (Text(_lots(one.reference_summary, one.unit)),),
        (Chip(VERDICTS[one.verdict], TONES[one.verdict]), Break(), Text(one.why)),
        power,
    )


def _lots(given: Summary | None, unit: str | None) -> str:
    if given is None:
        return "none"
    spread = "" if given.standard_deviation is None else f", s {_text(given.standard_deviation)}"
    return f"{given.count}: mean {with_unit(_text(given.mean), unit)}{spread}"


def _text(value: float) -> str:
    found = figure(value, 4)
    return "" if found is None else digits(found)
