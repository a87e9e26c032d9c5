"""What a pull request is told: for each package what the change introduces, then its impact record."""

from collections.abc import Sequence
from dataclasses import dataclass

from ttpack.model.findings import Finding
from ttpack.rules.answer import Check, order
from ttpack.views.blocks import (
    Block,
    Callout,
    CalloutKind,
    Code,
    Column,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
)
from ttpack.views.words import counted


@dataclass(frozen=True, slots=True)
class Part:
    """One package of a pull request, compared with its base; `failure` says why it could not be, in place of both.

    `record` is the page of its impact record, None where the base has no such package yet.
    """

    folder: str
    check: Check | None = None
    record: Page | None = None
    failure: str = ""


def introduced(check: Check) -> tuple[Finding, ...]:
    """The findings that a change introduces and somebody has to resolve, worst first; remarks are left out."""
    new = check.since.introduced if check.since else frozenset(check.findings)
    return tuple(sorted((finding for finding in new if finding.severity != "info"), key=order))


def pull_request_page(parts: Sequence[Part]) -> Page:
    """Verdict and impact record; with several packages, one section for each."""
    errors = sum(len(part.check.blocking) for part in parts if part.check)
    failed = sum(bool(part.failure) for part in parts)
    said = [f"{counted(errors, 'error')} introduced" if errors else "no new error"]
    if failed:
        said.append(f"{counted(failed, 'package')} could not be examined")
    title = f"Transfer package: {', '.join(said)}"
    if len(parts) == 1:
        return Page("pull-request", title, _blocks(parts[0]))
    sections = tuple(Section(_name(part), _blocks(part)) for part in parts)
    return Page("pull-request", title, sections)


def _name(part: Part) -> str:
    return f"{part.check.title} ({part.folder})" if part.check else part.folder


def _blocks(part: Part) -> tuple[Block, ...]:
    if part.check is None:
        words = (Paragraph((Text(part.failure),)),)
        return (Callout("danger", "This change could not be examined", words),)
    if part.record is None:
        return (_verdict(part.check), *_findings(introduced(part.check)))
    return (_verdict(part.check), *part.record.blocks)


def _verdict(check: Check) -> Callout:
    errors = len(check.blocking)
    new = introduced(check)
    since = check.since
    base = (
        (Text("Base "), Code(since.commit[:12])) if since and since.commit else (Text("A base without this package"),)
    )
    older = check.counts["errors"] - errors
    kind: CalloutKind = "danger" if errors else "success"
    title = f"The change introduces {counted(errors, 'error')}" if errors else "The change introduces no error"
    text = (
        f" as of {check.as_of}: {counted(len(new) - errors, 'new warning')}, "
        f"{counted(since.resolved if since else 0, 'finding')} resolved; {counted(older, 'error')} from before the "
        "change not counted. A clean check is not an approval: people approve."
    )
    compared = Paragraph((*base, Text(" compared with "), Code((check.commit or check.revision)[:12]), Text(text)))
    return Callout(kind, title, (compared,))


def _findings(found: Sequence[Finding]) -> tuple[Block, ...]:
    if not found:
        return ()
    rows = tuple(
        Row(((Text(item.code),), (Text(item.severity),), (Text(item.message),), (Code(f"{item.path}:{item.line}"),)))
        for item in found
    )
    heads = ("Rule", "Severity", "What is wrong", "Where")
    return (Section("Findings of the new package", (Table(tuple(map(Column, heads)), rows, "Findings"),)),)
