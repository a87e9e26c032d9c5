"""Tables of a change: what changed, of which class, what it reaches, which findings it introduces."""

from collections.abc import Mapping, Sequence

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.rule import CLASS_RANK, Classified
from ttpack.analysis.impact import Affected
from ttpack.model.findings import Finding
from ttpack.views.blocks import Chip, Code, Column, Inlines, Link, Paragraph, Row, Table, Text
from ttpack.views.change_words import TONES, both, direction, field_words, named
from ttpack.views.words import words

FILTER_FROM = 10


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
    """Changes with the class of each and the rule that gives it."""
    rows = tuple(
        Row((named(one.change.record, titles), *_what(one.change), _class_and_rule(one))) for one in classified
    )
    heads = ("Record", "Field", "Before", "After", "How", "Class")
    return Table(tuple(map(Column, heads)), rows, filterable=len(rows) > FILTER_FROM)


def _what(item: Change) -> tuple[Inlines, Inlines, Inlines, Inlines]:
    return (Text(field_words(item)),), *both(item), direction(item)


def _class_chip(name: str) -> Chip:
    return Chip(name, TONES.get(name, "neutral"))


def _class_and_rule(one: Classified) -> Inlines:
    chip = _class_chip(one.change_class)
    return (chip, Text(f" {one.rule}")) if one.rule else (chip,)


def affected_table(affected: Sequence[Affected], titles: Mapping[str, str]) -> Table:
    """Reached records, each with the path that reached it in words."""
    rows = tuple(
        Row((_reached(item), (Text(words(item.record_kind)),), (Text(item.site),), path_words(item, titles)))
        for item in affected
    )
    heads = ("Record", "Kind", "Site", "Why: the way the change takes")
    return Table(tuple(map(Column, heads)), rows, filterable=len(rows) > FILTER_FROM)


def revised_table(affected: Sequence[Affected], titles: Mapping[str, str]) -> Table:
    """What must be revised, in few columns."""
    rows = tuple(Row((_reached(item), path_words(item, titles))) for item in affected)
    return Table((Column("Revise"), Column("Because")), rows)


def _reached(item: Affected) -> Inlines:
    if item.title == item.record:
        return (Link(item.record, item.record),)
    return (Link(item.record, item.title, item.record), Text(f" ({item.record})"))


def path_words(item: Affected, titles: Mapping[str, str]) -> Inlines:
    """The way of a change to a record, edge by edge: which record, and why it leads on."""
    found: list[Link | Text] = []
    for record, why in zip(item.path, item.via, strict=False):
        found += [Text(" → ")] if found else []
        found += [Link(record, titles.get(record, record), record), Text(f": {why}")]
    return tuple(found)


def findings_table(introduced: Sequence[Finding]) -> Table:
    """Findings that a change introduces."""
    rows = tuple(
        Row(
            (
                (Text(item.code),),
                (Text(item.severity),),
                (Link(item.record, item.record),) if item.record else (),
                (Text(item.message),),
                (Code(f"{item.path}:{item.line}:{item.column}"),),
            )
        )
        for item in introduced
    )
    heads = ("Rule", "Severity", "Record", "What is wrong", "Where")
    return Table(tuple(map(Column, heads)), rows)


def more(count: int, shown: int, where: str = "below") -> tuple[Paragraph, ...]:
    """How many rows of a cut table are left, and where they are."""
    return (Paragraph((Text(f"{count - shown} more {where}."),)),) if count > shown else ()
