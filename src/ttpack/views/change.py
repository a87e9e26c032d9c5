"""The impact record: one page that a reviewer of quality or regulatory affairs signs, then the details."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ttpack.analysis.change import Change
from ttpack.analysis.change_control import PROPOSAL, ChangeControl
from ttpack.analysis.change_rules.classify import control_records
from ttpack.analysis.change_rules.rule import CLASSES, Classified
from ttpack.analysis.change_sites import controlled
from ttpack.analysis.evidence_needed import Unseen
from ttpack.analysis.impact import Impact
from ttpack.analysis.impact_policy import ACTION_RANK
from ttpack.analysis.reporting import BY_STATE
from ttpack.model.findings import Finding
from ttpack.views import change_parts as parts
from ttpack.views.blocks import (
    Block,
    Bullets,
    Callout,
    CalloutKind,
    Code,
    Inlines,
    Link,
    Page,
    Paragraph,
    Section,
    Strong,
    Table,
    Text,
)
from ttpack.views.change_functions import decisions, legend
from ttpack.views.change_tables import (
    affected_table,
    by_weight,
    changes_table,
    classified_table,
    findings_table,
    more,
    revised_table,
)
from ttpack.views.change_words import cut
from ttpack.views.words import counted

TOP = 8
"""Rows of a table on the first page; the rest is below."""
LONGEST = 300
"""Rows of a table in the details; the rest is in the JSON answer, which is whole."""
IN_JSON = "in the JSON answer"
_TOP_FINDINGS = 3
_WORKING_TREE = "working tree"
_ACTIONS = (("revise", "To be revised"), ("assess", "To be assessed"), ("inform", "To be informed"))


def change_page(control: ChangeControl, introduced: Sequence[Finding] | None = None) -> Page:
    """What a reviewer has to know on one page, then every change and every path, folded where a face can fold.

    `introduced` are the errors that the change introduces; None where nobody has looked for them.
    """
    semantic = by_weight(controlled(control.classified))
    titles = _titles(control)
    blocks: list[Block] = [_summary(control, semantic, introduced), *_not_assessed(control.impact)]
    if semantic:
        changed: tuple[Block, ...] = (classified_table(semantic[:TOP], titles), *more(len(semantic), TOP))
        blocks.append(Section("What changed", (*changed, *_why(semantic, control, titles))))
    blocks += parts.reporting(control)
    if not semantic and control.documents:
        blocks.append(Section("Documents and approvals", parts.documents(control, titles)))
    if semantic:
        blocks += _to_do(control, titles, several=_several(semantic))
    blocks += decisions(control)
    if semantic or control.unseen != Unseen():
        blocks.append(parts.unseen(control))
    blocks += legend(_texts(semantic, control))
    blocks += _details(control, semantic, introduced or (), titles)
    return Page("change", "Change impact", tuple(blocks), "Control", "What changed, and what it reaches.")


def diff_page(impact: Impact) -> Page:
    """What changed, meaning first, without what it reaches."""
    semantic = [change for change in impact.changes if not change.editorial]
    editorial = [change for change in impact.changes if change.editorial]
    title = f"{counted(len(semantic), 'change')} of meaning, {len(editorial)} editorial"
    blocks: list[Block] = [Callout("note", title, _compared(impact)), *_not_assessed(impact)]
    if semantic:
        weight = "Significance is the weight of the field alone; the class of a change is in ttpack impact."
        blocks.append(Section("What changed", (*_whole(semantic, changes_table), parts.said(weight))))
    if editorial:
        blocks.append(Section("Editorial", _whole(editorial, changes_table)))
    return Page("diff", "Changes", tuple(blocks), "Control")


def _titles(control: ChangeControl) -> dict[str, str]:
    reached = {item.record: item.title for item in control.impact.affected}
    sites = {site.site: site.title for site in control.sites}
    return {**reached, **sites, **control.impact.titles}


def _compared(impact: Impact) -> tuple[Paragraph, ...]:
    sides = _side(impact.context.get("from")), _side(impact.context.get("to"))
    if not all(sides):
        return ()
    return (Paragraph((Text("From "), Code(sides[0]), Text(" to "), Code(sides[1]))),)


def _side(value: Mapping[str, Any] | None) -> str:
    if not value:
        return ""
    commit, folder = value.get("commit"), value.get("folder")
    where = f", folder {folder}" if folder else ""
    name = str(value.get("revision", ""))
    on = "" if name != _WORKING_TREE else "on "  # its files need not be those of the commit
    named = commit[:12] if commit and name == commit else f"{name}{f' ({on}{commit[:12]})' if commit else ''}"
    return f"{named}{where}"


def _not_assessed(impact: Impact) -> tuple[Block, ...]:
    lost = list(impact.context.get("not_assessed") or ())
    if not lost:
        return _overlays_left_out(impact)
    rest = f" and {len(lost) - TOP} more" if len(lost) > TOP else ""
    names = ", ".join(lost[:TOP])
    text = f"Records or files that could not be read on one side, whose changes are missing here: {names}{rest}."
    found = list(impact.context.get("findings") or ())
    reasons = tuple((Text(_reason(one)),) for one in found[:TOP])
    listed: tuple[Block, ...] = (Bullets(reasons),) if reasons else ()
    blocks = (parts.said(text), *listed, *more(len(found), TOP, IN_JSON))
    return (Callout("danger", "Not everything could be compared", blocks), *_overlays_left_out(impact))


def _overlays_left_out(impact: Impact) -> tuple[Block, ...]:
    left_out = impact.context.get("overlays_not_compared") or ()
    text = f"Git keeps no history of these private overlays, so that they were not compared: {', '.join(left_out)}."
    return (Callout("note", "Private overlays", (parts.said(text),)),) if left_out else ()


def _reason(found: Mapping[str, Any]) -> str:
    """A finding that hides a record, with the side and place it stands at."""
    side = "before" if found["side"] == "from" else "after"
    return f"{side}: {found['code']} {found['path']}:{found['line']}:{found['column']}: {found['message']}"


def _summary(control: ChangeControl, semantic: Sequence[Classified], introduced: Sequence[Finding] | None) -> Callout:
    impact = control.impact
    counts = {action: sum(item.action == action for item in impact.affected) for action in ACTION_RANK}
    editorial, itself = len(_editorial(control)), len(_itself(control))
    records = len({one.change.record for one in semantic})
    errors = sum(item.severity == "error" for item in introduced or ())
    checked = (
        "Which errors it introduces was not checked here; ttpack check --since says so."
        if introduced is None
        else f"It introduces {counted(errors, 'error')}."
    )
    unknown = impact.context.get("not_assessed") or ()
    besides = f" {counted(itself, 'change')} of change records and approvals, not counted." if itself else ""
    reached = (
        f"{counted(counts['revise'], 'record')} must be revised, {counts['assess']} assessed, "
        f"{counts['inform']} informed (listed below)."
        if any(counts.values())
        else "It reaches no other record."
    )
    if not semantic:
        reached = f"Nothing of meaning changed{' in what could be read' if unknown else ''}."
    text = f"{reached} {checked}{besides} {PROPOSAL}"
    kind: CalloutKind = "warning" if semantic or unknown else "success"
    title = f"{counted(len(semantic), 'change')} of meaning in {counted(records, 'record')}, {editorial} editorial"
    found = [f"{count} {name}" for name in reversed(CLASSES) if (count := _of_class(semantic, name))]
    # of one class the head says it
    detail = f" ({', '.join(found)})" if len(found) > 1 else ""
    head = f"{control.change_class.capitalize()} change: {title}{detail}" if semantic else title
    if not control.classified and not unknown:
        head = "Nothing changed"
    head += f"; {len(unknown)} could not be assessed" if unknown else ""
    return Callout(kind, head, (*_compared(impact), parts.said(text), *_introduced(introduced or ())))


def _introduced(findings: Sequence[Finding]) -> tuple[Block, ...]:
    """What the change breaks, the worst few in a line each."""
    items: list[Inlines] = []
    for one in findings[:_TOP_FINDINGS]:
        where: Inlines = (Link(one.record, one.record),) if one.record else (Code(one.path),)
        items.append((Strong(f"{one.severity} {one.code}"), Text(" in "), *where, Text(f": {one.message}")))
    return (Bullets(tuple(items)), *more(len(findings), len(items))) if items else ()


def _itself(control: ChangeControl) -> list[Change]:
    """Changes of what controls changes, which need no control themselves."""
    itself = control_records(one.change for one in control.classified)
    return [one.change for one in control.classified if one.change.record in itself]


def _editorial(control: ChangeControl) -> list[Change]:
    itself = control_records(one.change for one in control.classified)
    return [one.change for one in control.classified if one.change.editorial and one.change.record not in itself]


def _of_class(semantic: Sequence[Classified], name: str) -> int:
    return sum(one.change_class == name for one in semantic)


def _several(semantic: Sequence[Classified]) -> bool:
    return len({one.change.record for one in semantic}) > 1


def _why(semantic: Sequence[Classified], control: ChangeControl, titles: Mapping[str, str]) -> tuple[Block, ...]:
    """Which rule gives each class, in words, and what raised it."""
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = {}
    for one in semantic:
        key = one.rule, one.rule_class, one.change_class, one.modifiers
        groups.setdefault(key, []).append(one.change.record)
    items: list[Inlines] = []
    for (rule, rule_class, change_class, modifiers), records in list(groups.items())[:TOP]:
        trigger = control.rules[rule].trigger if rule in control.rules else ""
        reason = (
            f"{rule}, {rule_class}: {trigger}" if rule else f"{rule_class}: the field's own weight, no rule names it"
        )
        raised = f"; raised to {change_class} because {cut(', '.join(modifiers))}" if modifiers else ""
        about = parts.ids(tuple(dict.fromkeys(records)), titles)
        items.append((Text(f"{reason}{raised} ("), *about, Text(")")))
    return (Bullets(tuple(items)), *more(len(groups), TOP, "reasons with the changes below"))


def _texts(semantic: Sequence[Classified], control: ChangeControl) -> list[str]:
    """The words of rules on the first page, whose abbreviations a reader is told."""
    rules = dict.fromkeys(one.rule for one in semantic)
    triggers = [control.rules[rule].trigger for rule in rules if rule in control.rules]
    proposed = [f"{one.category} {one.wording}" for one in control.reporting if one.basis != BY_STATE]
    return [*triggers[:TOP], *(one.what for one in control.evidence[: parts.MOST_ROWS]), *proposed]


def _to_do(control: ChangeControl, titles: Mapping[str, str], *, several: bool) -> list[Block]:
    """What must be revised and by which way, documents, gates, sites, evidence."""
    documents = {one.record for one in control.documents}
    found = [item for item in control.impact.affected if item.action == "revise"]
    revise = [item for item in found if item.record not in documents]
    besides = f", and {counted(len(found) - len(revise), 'document')}" if len(found) > len(revise) else ""
    table = revised_table(revise[:TOP], titles, several=several)
    first: tuple[Block, ...] = (table,) if revise else (parts.said("No record."),)
    return [
        Section(f"Must be revised ({len(revise)}{besides})", (*first, *more(len(revise), TOP))),
        Section("Documents, approvals and gates", (*parts.documents(control, titles), *parts.gates(control, titles))),
        *parts.sites(control, titles),
        *parts.evidence(control.evidence, titles),
    ]


def _details(
    control: ChangeControl, semantic: Sequence[Classified], introduced: Sequence[Finding], titles: Mapping[str, str]
) -> list[Block]:
    found: list[Block] = []
    several = _several(semantic)
    if len(semantic) > TOP:
        blocks = _whole(semantic, partial(classified_table, titles=titles))
        found.append(Section(f"All changes ({len(semantic)})", blocks, folded=True))
    if len(introduced) > _TOP_FINDINGS:
        blocks = _whole(introduced, findings_table)
        found.append(Section(f"All findings that the change introduces ({len(introduced)})", blocks, folded=True))
    if len(control.documents) > parts.MOST_ROWS:
        blocks = parts.documents(control, titles, None)
        found.append(Section(f"All documents ({len(control.documents)})", blocks, folded=True))
    found += parts.reporting_details(control, titles)
    for action, title in _ACTIONS:
        reached = [item for item in control.impact.affected if item.action == action]
        if reached and (action != "revise" or len(reached) > TOP):
            blocks = _whole(reached, partial(affected_table, titles=titles, several=several))
            found.append(Section(f"{title} ({len(reached)})", blocks, folded=True))
    if itself := _itself(control):
        title = f"Change records and approvals ({len(itself)})"
        found.append(Section(title, _whole(itself, partial(changes_table, titles=titles)), folded=True))
    if editorial := _editorial(control):
        blocks = _whole(editorial, partial(changes_table, titles=titles))
        found.append(Section(f"Editorial ({len(editorial)})", blocks, folded=True))
    return found


def _whole(rows: Sequence[Any], table: Callable[..., Table]) -> tuple[Block, ...]:
    """A table of all rows, or of the first ones and how many more there are."""
    return (table(rows[:LONGEST]), *more(len(rows), LONGEST, IN_JSON))
