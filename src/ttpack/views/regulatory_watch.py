"""Regulatory changes that are coming: when, what they affect, and what was concluded."""

from datetime import date

from ttpack.analysis.placeholders import written
from ttpack.model.package import Package
from ttpack.model.regulatory import RegulatoryWatch
from ttpack.views.blocks import Break, Callout, Chip, Column, Inlines, Link, Page, Paragraph, Row, Table, Text
from ttpack.views.record import inlines
from ttpack.views.words import counted, references

SOON = 180
"""Days before it takes effect from which a change is near."""
FILTER_FROM = 10


def regulatory_watch_page(package: Package, as_of: date) -> Page | None:
    """What comes next first, then what is in effect already; None where nothing is watched."""
    items = package.in_force(RegulatoryWatch)
    if not items:
        return None
    ahead = sorted((one for one in items if not _in_effect(one, as_of)), key=_day)
    behind = sorted((one for one in items if _in_effect(one, as_of)), key=_day, reverse=True)
    rows = tuple(_row(package, one, as_of) for one in (*ahead, *behind))
    heads = ("Change", "In effect from", "What changes", "Affects", "Assessment", "Owner")
    table = Table(tuple(map(Column, heads)), rows, "What comes first", filterable=len(rows) > FILTER_FROM)
    summary = "What comes, when, and what it means here."
    return Page("regulatory-watch", "Regulatory watch", (_verdict(items, as_of), table), "Governance", summary)


def _day(one: RegulatoryWatch) -> tuple[date, str]:
    return one.in_effect_from or date.max, one.id


def _in_effect(one: RegulatoryWatch, as_of: date) -> bool:
    return one.in_effect_from is not None and one.in_effect_from <= as_of


def _verdict(items: tuple[RegulatoryWatch, ...], as_of: date) -> Callout:
    open_ones = [one for one in items if not written(one.assessment)]
    dates = sorted(one.in_effect_from for one in items if one.in_effect_from and one.in_effect_from > as_of)
    words = f"The next takes effect on {dates[0]}." if dates else "None with a date is ahead."
    if open_ones:
        title = f"{counted(len(open_ones), 'change')} not assessed"
        return Callout("warning", title, (Paragraph((Text(words),)),))
    return Callout("success", f"{counted(len(items), 'change')} watched, all assessed", (Paragraph((Text(words),)),))


def _row(package: Package, one: RegulatoryWatch, as_of: date) -> Row:
    assessed = inlines(package, one.assessment) if written(one.assessment) else (Chip("not assessed", "bad"),)
    name: Inlines = (Link(one.id, one.name, one.id),)
    if one.market:
        name = (*name, Break(), Text(one.market))
    return Row((
        name, _when(one, as_of), inlines(package, one.change or ""), references(package, one.affected),
        assessed, references(package, [one.owner] if one.owner else []),
    ))  # fmt: skip


def _when(one: RegulatoryWatch, as_of: date) -> Inlines:
    day = one.in_effect_from
    if day is None:
        return (Chip("no date", "warning"),)
    days = (day - as_of).days
    if days <= 0:
        return (Text(str(day)), Break(), Chip("in effect", "neutral"))
    return (Text(str(day)), Break(), Chip(f"in {counted(days, 'day')}", "warning" if days <= SOON else "info"))
