"""What follows from a change, for its page: documents, gates, sites, reporting, evidence, and what was not seen."""

from collections.abc import Mapping, Sequence
from typing import Any

from ttpack.analysis.affected_documents import AffectedDocument
from ttpack.analysis.change_control import ChangeControl
from ttpack.analysis.evidence_needed import EvidenceNeeded
from ttpack.analysis.fit_change import FitChange
from ttpack.analysis.reopened_gates import ReopenedGate
from ttpack.analysis.reporting import FOR_RA, Reporting
from ttpack.analysis.site_actions import SiteAction
from ttpack.model.ids import is_record_id
from ttpack.views.blocks import (
    Block,
    Break,
    Bullets,
    Chip,
    Column,
    Inline,
    Inlines,
    Link,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    Text,
)
from ttpack.views.change_tables import more
from ttpack.views.change_words import TONES, named
from ttpack.views.words import counted, number_text, plain, words

MOST_ROWS = 8
FEW_IDS = 3
_IF_APPROVED = "if the market is approved: "
MOST_IDS = 6
Titles = Mapping[str, str]
_UNITS = {"d": "day", "h": "hour", "wk": "week", "mo": "month", "min": "minute", "a": "year"}


def said(text: str) -> Paragraph:
    """A sentence."""
    return Paragraph((Text(text),))


def ids(records: Sequence[str], titles: Titles, most: int = FEW_IDS) -> Inlines:
    """Some records by their titles, and how many more there are."""
    found: list[Inline] = []
    for record in records[:most]:
        found += [Text(", ")] if found else []
        found.append(Link(record, titles.get(record, record), record))
    if len(records) > most:
        found.append(Text(f" and {len(records) - most} more"))
    return tuple(found)


def linked(records: Sequence[str], most: int) -> Inlines:
    """Some records by their ids alone, where their titles stand elsewhere on the page."""
    return ids(records, {}, most)


def _some(records: Sequence[str], titles: Titles) -> str:
    return plain(ids(records, titles))


def documents(control: ChangeControl, titles: Titles, most: int | None = MOST_ROWS) -> tuple[Block, ...]:
    """Controlled documents to revise and the approvals that are void; one sentence where there are none."""
    if not control.documents:
        return (said("No controlled document shows what changed; no approval becomes void."),)
    rows = tuple(_document(one, control, titles) for one in control.documents[:most])
    heads = ("Document", "Title", "Do", "Shows what changed", "Approvals void")
    table = Table(tuple(map(Column, heads)), rows)
    return (table, *more(len(control.documents), len(rows)))


def _document(one: AffectedDocument, control: ChangeControl, titles: Titles) -> Row:
    if one.revision_before and one.revision != one.revision_before:
        revision = f", revision {one.revision_before} becomes {one.revision} in this change"
    else:
        revision = f", revision {one.revision}" if one.revision else ""
    void = {item.record: item.title for item in control.approvals}
    name: Inlines = (Link(one.record, one.number or one.record, one.title),)
    approvals = ids(one.approvals, void) or (Text("none given"),)
    do: Inlines = (Chip(one.action, TONES[one.action]),)
    return Row((name, (Text(f"{one.title}{revision}"),), do, ids(one.because, titles), approvals))


def gates(control: ChangeControl, titles: Titles) -> tuple[Block, ...]:
    """Gates to look at again; one sentence where there are none."""
    if not control.gates:
        return (said("No gate that was passed rests on what changed."),)
    items = tuple(_gate(one, titles) for one in control.gates[:MOST_ROWS])
    return (Bullets(items), *more(len(control.gates), len(items), "in the data of this record"))


def _gate(one: ReopenedGate, titles: Titles) -> Inlines:
    record = (Text(" ("), Link(one.record, one.record), Text(")")) if one.record else ()
    passed = " (conditional)" if one.decision == "conditional" else ""
    return (
        Strong(f"Gate {one.gate} at {one.site}"),
        *record,
        Text(f", passed{passed}, has to be looked at again: {one.reason}; changed: "),
        *ids(one.because, titles),
    )


def sites(control: ChangeControl, titles: Titles) -> tuple[Block, ...]:
    """What each site has to do in its own terms and clocks."""
    if not control.sites:
        return ()
    rows = tuple(_site(one, titles) for one in control.sites[:MOST_ROWS])
    heads = ("Site", "In its own terms", "Revise and train there", "Equipment")
    table = Table(tuple(map(Column, heads)), rows)
    left = more(len(control.sites), len(rows), "in the data of this record")
    return (Section("At each site", (table, *left)),)


def _site(one: SiteAction, titles: Titles) -> Row:
    site: Inlines = (Link(one.site, one.site, one.title),)
    work: list[Inline] = [*linked(one.revise, MOST_IDS)]
    for record in one.training[:FEW_IDS]:
        work += [Break()] if work else []
        work += [Text("training: "), *named(record, titles)]
    title: Inlines = (Text(one.title), Break()) if one.title != one.site else ()
    return Row((site, (*title, *_terms(one)), tuple(work) or (Text("none"),), _fit(one, titles)))


def _terms(one: SiteAction) -> Inlines:
    if one.note:
        return (Text(f"{one.change_class} by the change rules; {one.note}"),)
    functions = f"; to be signed there by {', '.join(one.required_functions)}" if one.required_functions else ""
    sponsor = f"; sponsor {text}" if (text := _sponsor(one)) else ""
    return (Strong(one.term), Text(f" by {one.procedure or 'its procedure'}{functions}{sponsor}"))


def _sponsor(one: SiteAction) -> str:
    found = []
    if one.sponsor_approval is not None:
        found.append("has to approve" if one.sponsor_approval else "need not approve")
    if one.sponsor_notice:
        found.append(f"has to be told {quantity(one.sponsor_notice)} before")
    return " and ".join(found)


def quantity(raw: Mapping[str, Any]) -> str:
    """A duration in words: 30 days."""
    number, unit = number_text(raw.get("value")), str(raw.get("unit") or "")
    name = _UNITS.get(unit)
    return f"{number} {unit}".strip() if name is None else f"{number} {name if number == '1' else f'{name}s'}"


def _fit(one: SiteAction, titles: Titles) -> Inlines:
    """Fit after the change: what does not fit first, else what still does."""
    failing = _told([fit for fit in one.fit if fit.after is not None and fit.after.holds is False])
    if failing:
        found: list[Inline] = []
        for fit in failing[:FEW_IDS]:
            before = "did not fit before either" if fit.before and fit.before.holds is False else "fitted before"
            found += [Break()] if found else []
            found += [Strong("FAIL "), *ids((fit.equipment,), titles), Text(f": {_asked(fit)}; {before}")]
        left = len(failing) - FEW_IDS
        return (*found, Text(f" and {left} more")) if left > 0 else tuple(found)
    held = _told([fit for fit in one.fit if fit.after is not None and fit.after.holds])
    if not held:
        asked = any(fit.after is not None for fit in one.fit)
        gone = "no longer asked for" if one.fit else "nothing to compare"
        return (Text("not computable" if asked else gone),)
    rest = f" and {len(held) - 1} more" if len(held) > 1 else ""
    return (Text("still fits: "), *ids((held[0].equipment,), titles), Text(f", {_asked(held[0])}{rest}"))


def _told(fits: Sequence[FitChange]) -> list[FitChange]:
    """Each pair of numbers of an item once: a requirement often repeats the range of its parameter."""
    return list({(one.equipment, _numbers(one)): one for one in reversed(fits)}.values())[::-1]


def _numbers(one: FitChange) -> tuple[str, str]:
    return (one.after.asked, one.after.offered) if one.after else ("", "")


def _asked(one: FitChange) -> str:
    asked, offered = _numbers(one)
    return f"{one.what} {asked}, {one.after.basis if one.after else ''} for {offered}"


def reporting(control: ChangeControl) -> tuple[Block, ...]:
    """The proposed reporting category for each market."""
    if not control.reporting:
        if control.change_class == "editorial":
            return ()
        text = "The package states no market (a record of kind regulatory state), so no category is proposed."
        return (Section("Reporting: proposal for RA", (said(text),)),)
    rows = tuple(_market(one) for one in control.reporting)
    table = Table(tuple(map(Column, ("Market", "Proposed category", "Why", "Profile"))), rows)
    text = "A proposal for RA (regulatory affairs), who decides."
    return (Section("Reporting: proposal for RA", (table, said(text))),)


def _market(one: Reporting) -> Row:
    proposed = _proposed(one.category, one.wording)
    shown = one.source if is_record_id(one.source) else ""
    why = "; ".join(filter(None, (_basis(one.basis), one.rule, shown)))
    origin = f" ({one.profile_origin})" if one.profile_origin else ""
    profile = f"{one.profile}, version {one.profile_version}{origin}" if one.profile else "none"
    state = "state not recorded" if one.state in ("", "unknown") else words(one.state)
    market = f"{one.market} ({state})"
    return Row(((Text(market),), proposed, (Text(why),), (Text(profile),)))


def _proposed(category: str, wording: str) -> Inlines:
    """The category, then the words of its row where they say more; a condition on both is said once."""
    condition = _IF_APPROVED if category.startswith(_IF_APPROVED) else ""
    short, long = category.removeprefix(_IF_APPROVED) or "none", wording.removeprefix(_IF_APPROVED)
    if not long or long == short:
        return (Text(condition), Strong(short)) if condition else (Strong(short),)
    if short in long:
        return (Text(condition), Strong(long)) if condition else (Strong(long),)
    return (Text(condition), Strong(short), Break(), Text(long))


def _basis(basis: str) -> str:
    """Why a category applies, without the letter of the step that found it."""
    return basis.partition(": ")[2] or basis


def reporting_details(control: ChangeControl, titles: Titles) -> tuple[Block, ...]:
    """Every proposal that a market's category was chosen from, with its source, and what RA has to know besides."""
    rows = tuple(
        Row(
            (
                (Text(one.market),),
                _proposed(group.category, group.wording),
                (Text("; ".join(filter(None, (_basis(group.basis), group.rule, group.source)))),),
                ids(group.records, titles),
            )
        )
        for one in control.reporting
        for group in one.groups
    )
    notes = tuple((Strong(one.market), Text(f": {text}")) for one in control.reporting if (text := _remarks(one)))
    if not notes and len(rows) <= len(control.reporting):
        return ()
    table = Table(tuple(map(Column, ("Market", "Category", "Why", "Records"))), rows)
    blocks: tuple[Block, ...] = (table, Bullets(notes)) if notes else (table,)
    return (Section(f"Reporting in detail ({len(rows)})", blocks, folded=True),)


def _remarks(one: Reporting) -> str:
    source = "" if is_record_id(one.source) else one.source
    return "; ".join(filter(None, (source, one.note.removeprefix(FOR_RA).strip(" .:;"))))


def evidence(items: Sequence[EvidenceNeeded], titles: Titles) -> tuple[Block, ...]:
    """What evidence the rules ask for."""
    if not items:
        return ()
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for one in items:
        groups.setdefault((one.rules, one.records), []).append(one.what)
    bullets = tuple(
        (Strong(", ".join(rules)), Text(f" for {_some(records, titles)}: {'; '.join(found)}"))
        for (rules, records), found in list(groups.items())[:MOST_ROWS]
    )
    left = more(len(groups), len(bullets), "in the data of this record")
    return (Section("Evidence needed", (Bullets(bullets), *left)),)


def unseen(control: ChangeControl) -> Section:
    """What the record could not look into, in plain sentences."""
    found: list[Inlines] = []
    blind = control.unseen
    for cited in blind.external_documents[:FEW_IDS]:
        by = (
            f", cited by {counted(len(cited.cited_by), 'record')} that changed or are reached" if cited.cited_by else ""
        )
        version = f", version {cited.version}" if cited.version and cited.version not in cited.document else ""
        found.append((Text(f"{cited.document}{version}: kept elsewhere, not read{by}."),))
    if left := len(blind.external_documents) - FEW_IDS:
        found += [(Text(f"{counted(left, 'more document')} kept elsewhere."),)] if left > 0 else []
    if blind.procedures:
        named = ", ".join(blind.procedures.values())
        found.append((Text(f"Procedures of the sites, which the package names but does not hold: {named}."),))
    if blind.not_followed_further:
        linked_on = counted(blind.not_followed_further, "further record")
        found.append((Text(f"{linked_on}, linked to those reached in a way that carries no change: not looked at."),))
    blocks: Block = Bullets(tuple(found)) if found else said("Nothing that the package names.")
    return Section("What this record could not see", (blocks,))
