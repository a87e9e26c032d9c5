"""What differs between sites, family by family, and what was agreed about each difference."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from ttpack.analysis.site_comparison.outcome import (
    FAMILIES,
    OPEN,
    UNSETTLED,
    WORST_FIRST,
    Agreement,
    Comparison,
    Difference,
    Disposition,
    Equal,
    NotComparable,
)
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Break,
    Bullets,
    Callout,
    CalloutKind,
    Cell,
    Chip,
    Column,
    Inline,
    Inlines,
    Link,
    Page,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    Text,
    Tone,
)
from ttpack.views.words import chip, counted, references, words

SLUG: Final = "site-comparison"
MOST_COLUMNS: Final = 3
"""Sites that have a column each; of more, equal values are grouped, which fits a phone and a sheet of paper."""
_MOST_NAMED = 4
_MOST_WAITING = 10
_MOST_ROWS_UNFILTERED = 15


def site_comparison_page(package: Package, comparison: Comparison, slug: str = SLUG) -> Page:
    """How many differences, how many of them open, by family; below, a table for each family."""
    names = _listed(comparison.sites)
    if len(comparison.sites) == 2:  # noqa: PLR2004  two are told apart by name
        title = f"{comparison.sites[0]} and {comparison.sites[1]} compared"
    else:
        title = f"{len(comparison.sites)} sites compared"
    blocks = [
        _verdict(comparison, names), *_overview(comparison), *_waiting(package, comparison),
        *_families(package, comparison),
    ]  # fmt: skip
    if comparison.rows_equal:
        blocks.append(Section("Equal at all sites", (_equal_table(package, comparison.rows_equal),), folded=True))
    summary = f"What differs between {names}, family by family, and what was agreed about it."
    return Page(slug, title, tuple(blocks), "Sites", summary)


def family_section(package: Package, comparison: Comparison, family: str) -> Section | None:
    """The differences of one family as a table; None where there are none."""
    found = [each for each in comparison.differences if each.family == family]
    if not found:
        return None
    states = Counter(each.agreement.disposition for each in found)
    chips = tuple(Chip(f"{states[state]} {state}", _tone(state)) for state in WORST_FIRST if states[state])
    return Section(FAMILIES[family], (_table(package, comparison, found),), chips=chips)


def _verdict(comparison: Comparison, names: str) -> Block:
    total, waiting = len(comparison.differences), len(comparison.unsettled)
    if total:
        text = f"{counted(total, 'difference')} between {names}: {_open_words(comparison)}."
    elif sum(comparison.equal.values()):
        text = f"No difference between {names} in what both state."
    else:
        text = f"Nothing of {names} could be compared."
    kind: CalloutKind = "danger" if waiting else "success" if sum(comparison.equal.values()) or total else "warning"
    against = (
        f"Every site is held against {comparison.reference}, as of {comparison.as_of}." if comparison.sites else ""
    )
    how = (
        "An open difference is harmonised, or agreed under differences of the site's record with a reason, the QA of "
        "both parties and an expiry."
    )
    lines = [Paragraph((Text(against),)), *([Paragraph((Text(how),))] if waiting else [])]
    return Callout(kind, text, tuple(lines))


def _open_words(comparison: Comparison) -> str:
    states = Counter(each.agreement.disposition for each in comparison.differences)
    said = [f"{states[state]} {_STATES[state]}" for state in WORST_FIRST if states[state]]
    return ", ".join(said) if said else "nothing to decide"


_STATES: Final[dict[Disposition, str]] = {
    "open": "open",
    "expired": "with an agreement that has ended",
    "harmonise": "to be harmonised",
    "justified": "justified",
}


def _overview(comparison: Comparison) -> Iterable[Block]:
    rows = []
    for family, title in FAMILIES.items():
        found = [each for each in comparison.differences if each.family == family]
        states = Counter(each.agreement.disposition for each in found)
        lacking = [each for each in comparison.not_comparable if each.family == family]
        if family not in comparison.equal and not lacking:
            continue
        waiting = sum(states[state] for state in WORST_FIRST if state in UNSETTLED)
        rows.append(
            Row((
                (Text(title), Break(), Text(_not_compared(lacking))) if lacking else (Text(title),),
                (Text(str(len(found))),),
                (Chip(str(waiting), "bad"),) if waiting else (Text("0"),),
                (Text(str(comparison.equal.get(family, 0))),),
            ))
        )  # fmt: skip
    heads = (
        Column("Family"), Column("Differences", "right"), Column("Open", "right"), Column("Equal", "right"),
    )  # fmt: skip
    return (Table(heads, tuple(rows), "By family"),)


def _waiting(package: Package, comparison: Comparison) -> Iterable[Block]:
    """The first of what nobody has settled, so that who decides need not search the tables for it."""
    found = comparison.unsettled
    if not found or len(found) == len(comparison.differences):
        return
    items: list[Inlines] = []
    for each in found[:_MOST_WAITING]:
        name: Inline = (
            Link(each.record, each.label, each.record) if each.record in package.records else Text(each.label)
        )
        values = "; ".join(f"{text} ({_listed(sites)})" for text, sites in each.groups)
        reason = each.agreement.reason
        items.append((name, Text(f": {values}" + (f" – {reason}" if reason else ""))))
    if len(found) > _MOST_WAITING:
        items.append((Text(f"and {len(found) - _MOST_WAITING} more in the tables below"),))
    yield Section("To be decided", (Bullets(tuple(items)),))


def _not_compared(lacking: Sequence[NotComparable]) -> str:
    if any(not each.site for each in lacking):
        return "no site states any"
    sites = [each.site for each in lacking]
    return f"not stated by {_listed(sites)}" if sites else ""


def _families(package: Package, comparison: Comparison) -> Iterable[Block]:
    found = (family_section(package, comparison, family) for family in FAMILIES)
    return (section for section in found if section is not None)


def _table(package: Package, comparison: Comparison, found: Sequence[Difference]) -> Table:
    """What differs, what each site states, and what was agreed; rows about one thing stand under its name."""
    wide = len(comparison.sites) <= MOST_COLUMNS
    sites = [Column(site, record=site) for site in comparison.sites] if wide else [Column("Values")]
    heads = (Column("What"), *sites, Column("Agreed"))
    rows: list[Row] = []
    for _, members in groupby(found, key=lambda each: each.subject.key):
        rows += _subject_rows(package, comparison, list(members), wide=wide)
    return Table(heads, tuple(rows), "", filterable=len(rows) > _MOST_ROWS_UNFILTERED)


def _subject_rows(package: Package, comparison: Comparison, members: list[Difference], *, wide: bool) -> Iterable[Row]:
    subject = members[0].subject
    record = members[0].record if members[0].record in package.records else ""
    yield Row(((Link(record, subject.label, record),) if record else (Text(subject.label),),), group=True)
    for each in members:
        what = each.label.removeprefix(subject.label).removeprefix(": ") or "stated at all"
        state = each.agreement.disposition
        # The state stands in the column that stays in view on a phone.
        name: Inlines = (Text(what), Break(), Chip(state, _tone(state)))
        if each.remark:
            name = (*name, Text(f" {each.remark}"))
        if wide:
            values = each.values
            cells: list[Cell] = [(Text(values.get(site, "–")),) for site in comparison.sites]
        else:
            cells = [_grouped(each)]
        yield Row((name, *cells, _agreed(package, each.agreement)))


def _grouped(each: Difference) -> Cell:
    """Equal values once, each with the sites that state it."""
    found: list[Inline] = []
    for text, sites in each.groups:
        found += [Break()] if found else []
        found += [Strong(text), Text(f": {_listed(sites)}")]
    return tuple(found)


def _agreed(package: Package, agreed: Agreement) -> Cell:
    found: list[Inline] = [Text(agreed.reason or ("nobody has agreed on it" if agreed == OPEN else ""))]
    if agreed.expires and agreed.disposition not in UNSETTLED:
        found += [Text(f" Until {agreed.expires}." if agreed.reason.endswith(".") else f", until {agreed.expires}")]
    if agreed.approved_in:
        found += [Text(" ("), *references(package, agreed.approved_in), Text(")")]
    return tuple(found)


def _equal_table(package: Package, rows: Sequence[Equal]) -> Table:
    body = tuple(
        Row(((Text(words(FAMILIES[each.family])),), _named(package, each), (Text(each.text),))) for each in rows
    )
    return Table((Column("Family"), Column("What"), Column("At all sites")), body, "", filterable=True)


def _named(package: Package, each: Equal) -> Cell:
    return (Link(each.record, each.label, each.record),) if each.record in package.records else (Text(each.label),)


def _tone(state: Disposition) -> Tone:
    return chip(state)[0].tone


def _listed(names: Sequence[str]) -> str:
    """Names in a sentence; of many, the first and how many more."""
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[: _MOST_NAMED - 1])} and {len(names) - _MOST_NAMED + 1} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
