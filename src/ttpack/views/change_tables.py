"""Tables of a change: what changed, of which class, what it reaches, which findings it introduces."""

from collections.abc import Mapping, Sequence

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.rule import CLASS_RANK, Classified
from ttpack.analysis.impact import Affected
from ttpack.model.findings import Finding
from ttpack.views.blocks import Chip, Code, Column, Inline, Inlines, Link, Paragraph, Row, Table, Text
from ttpack.views.change_words import TONES, both, direction, field_words, named
from ttpack.views.words import words

FILTER_FROM = 10
PATH_ENDS = 4
"""Steps of a long way that are shown at each end; the JSON answer has them all."""


def changes_table(changes: Sequence[Change], titles: Mapping[str, str] | None = None) -> Table:
    """Changes with field, before, after, direction and size."""
    rows = tuple(
        Row((named(item.record, titles or {}), *_what(item), (_class_chip(item.significance),))) for item in changes
    )
    heads = ("Record", "Field", "Before", "After", "Direction", "Significance")
    return Table(tuple(map(Column, heads)), rows, "Changes", filterable=len(rows) > FILTER_FROM)


def by_weight(classified: Sequence[Classified]) -> list[Classified]:
    """The gravest first, else in the order of records and fields."""
    return sorted(classified, key=lambda one: -CLASS_RANK[one.change_class])


def classified_table(classified: Sequence[Classified], titles: Mapping[str, str]) -> Table:
    """Changes with the class of each and the rule that gives it.

    The first column holds the id alone: on a telephone it stays in view while the others are moved.
    """
    rows = tuple(
        Row((_id(one.change.record), (Text(_which(one.change, titles)),), *_how(one.change), _class_and_rule(one)))
        for one in classified
    )
    heads = ("Record", "What", "Before", "After", "How", "Class")
    return Table(tuple(map(Column, heads)), rows, filterable=len(rows) > FILTER_FROM)


def _id(record: str) -> Inlines:
    return (Link(record, record),)


def _which(change: Change, titles: Mapping[str, str]) -> str:
    title = titles.get(change.record, "")
    field = field_words(change)
    return f"{title}: {field}" if title and title != change.record else field


def _how(item: Change) -> tuple[Inlines, Inlines, Inlines]:
    return *both(item), direction(item)


def _what(item: Change) -> tuple[Inlines, Inlines, Inlines, Inlines]:
    return (Text(field_words(item)),), *_how(item)


def _class_chip(name: str) -> Chip:
    return Chip(name, TONES.get(name, "neutral"))


def _class_and_rule(one: Classified) -> Inlines:
    chip = _class_chip(one.change_class)
    return (chip, Text(f" {one.rule}")) if one.rule else (chip,)


def affected_table(affected: Sequence[Affected], titles: Mapping[str, str], *, several: bool = True) -> Table:
    """Reached records, each with the path that reached it in words; `several` where more than one record changed."""
    rows = tuple(
        Row(
            (
                *_reached(item),
                (Text(words(item.record_kind)),),
                (Text(item.site),),
                path_words(item, titles, several=several),
            )
        )
        for item in affected
    )
    heads = ("Record", "Title", "Kind", "Site", "Why: the way the change takes")
    return Table(tuple(map(Column, heads)), rows, filterable=len(rows) > FILTER_FROM)


def revised_table(affected: Sequence[Affected], titles: Mapping[str, str], *, several: bool = True) -> Table:
    """What must be revised, in few columns."""
    rows = tuple(Row((*_reached(item), path_words(item, titles, several=several))) for item in affected)
    return Table(tuple(map(Column, ("Record", "What to revise", "Because"))), rows)


def _reached(item: Affected) -> tuple[Inlines, Inlines]:
    return _id(item.record), (Text(item.title if item.title != item.record else words(item.record_kind)),)


def path_words(item: Affected, titles: Mapping[str, str], *, several: bool) -> Inlines:
    """The way of a change to a record, edge by edge: which record, and why it leads on.

    The record that changed is named only where `several` did; what is in the middle of a long way is counted.
    """
    found: list[Inline] = []
    steps = list(enumerate(zip(item.path, item.via, strict=False)))
    left_out = len(steps) - 2 * PATH_ENDS
    for place, (record, why) in steps if left_out < 2 else (*steps[:PATH_ENDS], *steps[-PATH_ENDS:]):  # noqa: PLR2004
        found += [Text(" → ")] if found else []
        if place == PATH_ENDS + left_out >= PATH_ENDS + 2:
            found.append(Text(f"… {left_out} more … → "))
        title = titles.get(record, record)
        if place:
            found += [Link(record, record, title), *([Text(f" {title}: ")] if title != record else [Text(": ")])]
        elif several:
            found.append(Text(f"{title}: "))
        found.append(Text(why))
    return tuple(found)


def findings_table(introduced: Sequence[Finding]) -> Table:
    """Findings that a change introduces, without where they stand."""
    rows = tuple(
        Row(
            (
                (Text(f"{item.code}, {item.severity}"),),
                (Link(item.record, item.record),) if item.record else (Code(item.path),),
                (Text(item.message),),
            )
        )
        for item in introduced
    )
    return Table(tuple(map(Column, ("Rule", "Record", "What is wrong"))), rows)


def more(count: int, shown: int, where: str = "below") -> tuple[Paragraph, ...]:
    """How many rows of a cut table are left, and where they are."""
    return (Paragraph((Text(f"{count - shown} more {where}."),)),) if count > shown else ()
