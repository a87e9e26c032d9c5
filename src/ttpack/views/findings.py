"""The checks page: what is wrong or missing at this gate, by owner, with why it matters and how to resolve it."""

from collections.abc import Sequence

from ttpack.model.findings import Finding
from ttpack.model.package import Package
from ttpack.rules.answer import Check
from ttpack.views.blocks import (
    Block,
    Callout,
    CalloutKind,
    Card,
    Cards,
    Code,
    Column,
    Link,
    Page,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    Text,
)
from ttpack.views.words import chip, counted

LONGEST_LIST = 200


def checks_page(package: Package, check: Check) -> Page:
    """Findings by severity and owner, waivers, and how much was looked at."""
    blocks: list[Block] = [verdict(check), counts_cards(check)]
    for severity, title in (("error", "Errors"), ("warning", "Warnings"), ("info", "Information")):
        findings = [item for item in check.findings if item.severity == severity]
        if findings:
            blocks.append(Section(title, _by_owner(package, findings)))
    blocks.append(_waivers(check))
    if check.not_computable:
        rows = tuple(
            Row(((Text(item.code),), (_record(package, item.record),) if item.record else (), (Text(item.reason),)))
            for item in check.not_computable[:LONGEST_LIST]
        )
        more = _more(len(check.not_computable))
        table = Table((Column("Rule"), Column("Record"), Column("Why no verdict")), rows, "Not computable here")
        blocks.append(Section("Not computable here", (table, *more)))
    if check.not_applicable:
        rows = tuple(
            Row(((Text(item.code),), (Text(item.name),), (Text(item.reason),))) for item in check.not_applicable
        )
        table = Table((Column("Rule"), Column("Name"), Column("Why")), rows, "Rules that do not apply")
        blocks.append(Section("Not applicable", (table,)))
    blocks.append(_rules(check))
    return Page("checks", "Checks", tuple(blocks), "Control", "What is wrong or missing, and who can mend it.")


def verdict(check: Check) -> Callout:
    """One sentence on errors and warnings at the gates passed; a clean answer is never called an approval."""
    counts = check.counts
    gates = ", ".join(f"{site} at {gate}" for site, gate in sorted(check.gates.items())) or "no gate passed yet"
    text = (
        f"{counts['records']} records were checked by {counts['rules_run']} rules as of {check.as_of}, with {gates}. "
        f"{counts['waived']} findings rest on {counts['waivers']} waivers; {counts['not_computable']} answers could "
        "not be computed here. A clean check is not an approval: people approve."
    )
    kind: CalloutKind = "danger" if counts["errors"] else "warning" if counts["warnings"] else "success"
    found = (counted(counts["errors"], "error"), counted(counts["warnings"], "warning"))
    title = f"{', '.join(found)}, {counts['info']} for information"
    return Callout(kind, title, (Paragraph((Text(text),)),))


def counts_cards(check: Check) -> Cards:
    """How much was checked and found."""
    counts = check.counts
    return Cards(
        (
            Card(
                "Errors",
                str(counts["errors"]),
                "block at the gates passed",
                "checks",
                "bad" if counts["errors"] else "good",
            ),
            Card("Warnings", str(counts["warnings"]), "will block at a later gate", "checks", "warning"),
            Card("Waived", str(counts["waived"]), f"by {counts['waivers']} waivers", "checks", "info"),
            Card("Not computable", str(counts["not_computable"]), "no verdict given", "checks", "neutral"),
        )
    )


def _by_owner(package: Package, findings: Sequence[Finding]) -> tuple[Block, ...]:
    owners: dict[str, list[Finding]] = {}
    for item in findings:
        owners.setdefault(item.owner or "no owner named", []).append(item)
    return tuple(
        Section(owner, (findings_table(package, items[:LONGEST_LIST], owner), *_more(len(items))))
        for owner, items in sorted(owners.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    )


def _more(count: int) -> tuple[Block, ...]:
    rest = count - LONGEST_LIST
    return (
        (Paragraph((Text(f"{rest} more are in package.json and in the answer of `ttpack check`."),)),)
        if rest > 0
        else ()
    )


def findings_table(package: Package, findings: Sequence[Finding], caption: str) -> Table:
    """Findings with rule, record, what is wrong and where the file says so; an edition tells of no files."""
    located = any(item.path for item in findings)
    rows = tuple(
        Row(
            (
                (Strong(item.code), *chip(item.severity)),
                (_record(package, item.record),) if item.record else (),
                (Text(item.message),),
                (Text(item.gate),),
                *(((Code(f"{item.path}:{item.line}:{item.column}"),),) if located else ()),
            )
        )
        for item in findings
    )
    heads = ("Rule", "Record", "What is wrong", "From gate", *(("Where",) if located else ()))
    return Table(tuple(Column(head) for head in heads), rows, caption, filterable=len(rows) > 10)  # noqa: PLR2004


def _record(package: Package, record_id: str) -> Link:
    return Link(record_id, record_id, package.label(record_id))


def _waivers(check: Check) -> Section:
    if not check.waivers:
        return Section("Waivers", (Paragraph((Text("The answer rests on no waiver."),)),))
    rows = tuple(
        Row(
            (
                (Link(item.id, item.id),),
                (Text(item.rule),),
                (Link(item.record, item.record),),
                (Text(item.reason),),
                (Text(", ".join(item.approvers)),),
                (Text(item.expires),),
                (Text("yes" if item.counts else "no"),),
            )
        )
        for item in check.waivers
    )
    heads = ("Waiver", "Rule", "Record", "Reason", "Approvers", "Expires", "Counts")
    return Section("Waivers", (Table(tuple(Column(head) for head in heads), rows, "What the answer rests on"),))


def _rules(check: Check) -> Section:
    blocks = []
    for code, (summary, why, resolve) in sorted(check.rules.items()):
        blocks.append(
            Section(
                code,
                (
                    Paragraph((Strong(summary),)),
                    Paragraph((Strong("Why it matters. "), Text(why))),
                    Paragraph((Strong("How to resolve it. "), Text(resolve))),
                ),
            )
        )
    return Section("The rules that found something", tuple(blocks))
