"""The findings of a check as text for a person: first what blocks next, grouped by who can fix it."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

from click import style

from ttpack.model.findings import Finding
from ttpack.rules.answer import RELEASE, Check

PathOf = Callable[[str], str]
PER_OWNER = 10
IN_ALL = 50
LISTED = 10
GATES = ("G0", "G1", "G2", "G3", "G4", "G5", "G6", "G7")
_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


def clean(text: str) -> str:
    """One line of text in which nothing steers a terminal: what an author wrote must not."""
    line = " ".join(text.split())
    return "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in line)


def text(answer: Check, path_of: PathOf, *, color: bool) -> str:
    """The whole answer. It ends with how much was checked, so that a short list is not taken for a full one."""
    lines = [*_head(answer), "", *_findings(answer, path_of), *_basis(answer), *_tail(answer)]
    paint = "\n".join(lines)
    if not color:
        from click import unstyle

        paint = unstyle(paint)
    return f"{paint}\n"


def _head(answer: Check) -> Iterator[str]:
    name = clean(answer.title) if answer.title == answer.package else f"{clean(answer.title)} ({answer.package})"
    yield style(name, bold=True)
    commit = f" {answer.commit[:12]}" if answer.commit and answer.commit != answer.revision else ""
    dirty = " with changes" if answer.dirty else ""
    gates = ", ".join(f"{site} {gate}" for site, gate in answer.gates.items()) or "none named"
    as_at = "; asked as at its release" if answer.release else ""
    yield f"{clean(answer.revision)}{commit}{dirty}, as of {answer.as_of}; last gate passed: {gates}{as_at}"
    if answer.since:
        base = answer.since.commit[:12] if answer.since.commit else "which has no package"
        yield (
            f"since {clean(answer.since.revision)} ({base}): {_count(len(answer.since.introduced), 'new finding')}, "
            f"{answer.since.resolved} resolved"
        )


def _findings(answer: Check, path_of: PathOf) -> Iterator[str]:
    errors = [finding for finding in answer.findings if finding.severity == "error"]
    warnings = [finding for finding in answer.findings if finding.severity == "warning"]
    remarks = [finding for finding in answer.findings if finding.severity == "info"]
    left = IN_ALL
    if answer.since and errors:
        new = [finding for finding in errors if finding in answer.since.introduced]
        old = len(errors) - len(new)
        errors = new
        yield style(_headline("introduced by the change", len(new), "error") if new else "No new errors.", bold=True)
        if old:
            yield f"{_count(old, 'error')} from before the change {'is' if old == 1 else 'are'} not listed here."
    else:
        yield style(_headline("blocks now", len(errors), "error") if errors else "No errors.", bold=True)
    left -= yield from _by_owner(errors, path_of, left)
    for index, ((_, gate, site), due) in enumerate(_by_gate(warnings, answer.gates)):
        yield ""
        what = f"blocks {gate or 'later'}{f' of {site}' if site else ''}"
        yield style(_headline(what, len(due), "warning"), bold=True)
        if index == 0:
            left -= yield from _by_owner(due, path_of, left)
    if remarks:
        yield ""
        yield style(_headline("to know", len(remarks), "remark"), bold=True)
        yield from _by_owner(remarks, path_of, min(LISTED, max(left, 0)))


def _by_gate(warnings: Sequence[Finding], gates: Mapping[str, str]) -> list[tuple[tuple[int, str, str], list[Finding]]]:
    """Warnings by the gate and the site they block, the gate that its site reaches next first."""
    furthest = max(gates, key=lambda site: gates[site], default="")
    groups: dict[tuple[int, str, str], list[Finding]] = {}
    for finding in warnings:
        site = finding.site if finding.site in gates else furthest
        steps = GATES.index(finding.gate) - GATES.index(gates[site]) if finding.gate in GATES and site else 0
        steps = len(GATES) if finding.gate == RELEASE else steps
        groups.setdefault((steps, finding.gate, site), []).append(finding)
    return sorted(groups.items())


def _headline(what: str, count: int, noun: str) -> str:
    verb = what if count == 1 or not what.startswith("blocks") else what.replace("blocks", "block", 1)
    return f"{_count(count, noun)}, {verb}" if not what.startswith("blocks") else f"{_count(count, noun)} {verb}"


def _by_owner(findings: Sequence[Finding], path_of: PathOf, limit: int) -> Generator[str, None, int]:
    """Findings under their owners, those who can unblock most first; yields lines and returns how many it listed."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.owner, []).append(finding)
    listed = 0
    for owner, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        shown = group[: max(0, min(PER_OWNER, limit - listed))]
        yield f"  {style(clean(owner) or 'nobody named as owner', underline=True)} ({len(group)})"
        said = ""
        for finding in shown:
            yield from _one(finding, path_of, with_fix=finding.fix != said)
            said = finding.fix
        listed += len(shown)
        if len(group) > len(shown):
            yield f"    ... {len(group) - len(shown)} more (--format json lists all)"
    return listed


def _one(finding: Finding, path_of: PathOf, *, with_fix: bool) -> Iterator[str]:
    """A finding; what to do about it is not said again and again for one rule after the other."""
    code = style(finding.code, fg=_COLOURS[finding.severity])
    record = finding.record or ""
    where = f"{clean(path_of(finding.path))}:{finding.line}:{finding.column}"
    site = f" [{finding.site}]" if finding.site else ""
    yield f"    {where}: {code} {finding.name}{site}"
    yield f"      {record + ': ' if record else ''}{clean(finding.message)}"
    if finding.fix and with_fix:
        yield style(f"      -> {clean(finding.fix)}", dim=True)


def _basis(answer: Check) -> Iterator[str]:
    """Every waiver the answer rests on, and what was not judged and why."""
    if answer.waivers:
        yield ""
        covered = _count(len(answer.waived), "finding")
        yield style(f"{_count(len(answer.waivers), 'waiver')}, {covered} waived", bold=True)
        for waiver in answer.waivers:
            field = f".{waiver.field}" if waiver.field else ""
            counts = "" if waiver.counts else " (DOES NOT COUNT)"
            until = f"until {waiver.expires}" if waiver.expires else "without end"
            what = f"{waiver.id}: {waiver.rule} on {waiver.record}{clean(field)}"
            yield f"  {what} {until}{counts}: {clean(waiver.reason)}"
    if answer.not_applicable:
        yield ""
        yield style(f"{_count(len(answer.not_applicable), 'rule')} not applicable", bold=True)
        for entry in answer.not_applicable:
            yield f"  {entry.code} {entry.name}: {clean(entry.reason)}"
    if answer.not_computable:
        yield ""
        yield style(f"{_count(len(answer.not_computable), 'check')} not computable here", bold=True)
        for entry in answer.not_computable[:LISTED]:
            where = " ".join(part for part in (entry.code, entry.record) if part)
            yield f"  {where + ': ' if where else ''}{clean(entry.reason)}"
        if len(answer.not_computable) > LISTED:
            yield f"  ... {len(answer.not_computable) - LISTED} more (--format json lists all)"


def _tail(answer: Check) -> Iterator[str]:
    counts = answer.counts
    yield ""
    yield (
        f"Checked {_count(counts['records'], 'record')} by {_count(counts['rules_run'], 'rule')}: "
        f"{_count(counts['errors'], 'error')}, {_count(counts['warnings'], 'warning')}, "
        f"{_count(counts['info'], 'remark')}; {counts['waived']} waived, "
        f"{_count(counts['rules_not_applicable'], 'rule')} not applicable, {counts['not_computable']} not computable."
    )
    if answer.findings:
        yield "`ttpack explain CODE` says why a rule matters and how to resolve what it finds."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
