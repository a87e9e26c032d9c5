"""The findings of a check for machines: SARIF 2.1.0, JUnit XML, workflow commands of GitHub, GitLab's Code Quality."""

import hashlib
import html
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from ttpack import __version__
from ttpack.cli.check_text import clean
from ttpack.model.findings import Finding
from ttpack.model.json_text import dumps
from ttpack.rules.answer import Check, key

PathOf = Callable[[str], str]
_SARIF_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_QUALITY_LEVELS = {"error": "critical", "warning": "minor", "info": "info"}
_GITHUB_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def sarif(answer: Check, path_of: PathOf) -> str:
    """A SARIF 2.1.0 log with one run; waived findings are in it as suppressed results."""
    findings = (*answer.findings, *answer.waived)
    codes = sorted({finding.code for finding in findings})
    names = {finding.code: finding.name for finding in findings}
    driver = {
        "name": "ttpack",
        "semanticVersion": __version__,
        "rules": [_sarif_rule(code, names[code], answer.rules.get(code, ("", "", ""))) for code in codes],
    }
    reasons = {waiver.id: waiver.reason for waiver in answer.waivers}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": f"ttpack/{answer.package}/"},
        "results": [_sarif_result(finding, answer, path_of, codes, reasons) for finding in findings],
        "properties": {"asOf": answer.as_of, "gates": dict(answer.gates), "counts": answer.counts},
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return f"{dumps({'$schema': schema, 'version': '2.1.0', 'runs': [run]})}\n"


def _sarif_rule(code: str, name: str, texts: tuple[str, str, str]) -> dict[str, Any]:
    summary, why, resolve = texts
    return {
        "id": code,
        "name": name,
        "shortDescription": {"text": summary or name},
        "fullDescription": {"text": why or summary or name},
        "help": {"text": resolve or summary or name},
    }


def _sarif_result(
    finding: Finding, answer: Check, path_of: PathOf, codes: list[str], reasons: Mapping[str, str]
) -> dict[str, Any]:
    full = f"{finding.record}.{finding.field}" if finding.record and finding.field else finding.record or ""
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(path_of(finding.path))},
            "region": {"startLine": finding.line, "startColumn": finding.column},
        }
    }
    if full:
        location["logicalLocations"] = [{"name": finding.record, "fullyQualifiedName": full}]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [location],
        "partialFingerprints": {"ttpack/v1": _fingerprint(finding)},
        "properties": {"owner": finding.owner, "gate": finding.gate, "site": finding.site},
    }
    if answer.since and not finding.waived:
        result["baselineState"] = "new" if finding in answer.since.introduced else "unchanged"
    if finding.waived:
        reason = f"{finding.waived}: {reasons.get(finding.waived, '')}"
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": reason}]
    return result


def _fingerprint(finding: Finding) -> str:
    """The same for a finding at another line or revision."""
    return hashlib.sha256("\0".join(key(finding)).encode("utf-8", "surrogatepass")).hexdigest()


def _uri(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"))


def _message(finding: Finding) -> str:
    record = f"{finding.record}: " if finding.record else ""
    fix = f" (to resolve: {finding.fix.rstrip('.')})" if finding.fix else ""
    return clean(f"{record}{finding.message}{fix}")


def junit(answer: Check, path_of: PathOf) -> str:
    """JUnit XML: a failure for each error, a passed case for each warning and remark, skipped for what is waived."""
    cases = [_case(finding, answer, path_of) for finding in (*answer.findings, *answer.waived)]
    done = f'    <testcase classname="{_xml(answer.package)}" name="check of {answer.records} records"/>'
    failures = len(answer.blocking)
    totals = f'tests="{len(cases) + 1}" failures="{failures}" errors="0" skipped="{len(answer.waived)}"'
    name = _xml(f"ttpack check {answer.package} {answer.revision} as of {answer.as_of}")
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="ttpack" {totals}>',
            f'  <testsuite name="{name}" {totals}>',
            done,
            *cases,
            "  </testsuite>",
            "</testsuites>",
            "",
        ]
    )


def _case(finding: Finding, answer: Check, path_of: PathOf) -> str:
    where = f"{path_of(finding.path)}:{finding.line}:{finding.column}"
    title = f"{finding.record or finding.path} {finding.field}".strip()
    head = (
        f'    <testcase classname="{finding.code} {_xml(finding.name)}" name="{_xml(title)}" '
        f'file="{_xml(path_of(finding.path))}" line="{finding.line}">'
    )
    words = _xml(f"{where}: {_message(finding)}")
    if finding.waived:
        body = f'<skipped message="{_xml(f"waived by {finding.waived}")}"/>'
    elif finding.severity == "error" and (answer.since is None or finding in answer.since.introduced):
        body = f'<failure type="{finding.code}" message="{_xml(finding.message)}">{words}</failure>'
    else:
        body = f"<system-out>{finding.severity}: {words}</system-out>"
    return f"{head}{body}</testcase>"


def _xml(text: str) -> str:
    return html.escape(clean(text), quote=True)


def github(answer: Check, path_of: PathOf) -> str:
    """Workflow commands that annotate the changed files, worst first; after a change only what it introduced."""
    shown = [f for f in answer.findings if answer.since is None or f in answer.since.introduced]
    lines = [annotation(finding, path_of) for finding in shown]
    counts = answer.counts
    older = f", {len(answer.findings) - len(shown)} from before the change not shown" if answer.since else ""
    lines.append(
        f"ttpack check as of {answer.as_of}: {counts['errors']} errors, {counts['warnings']} warnings, "
        f"{counts['info']} remarks, {counts['waived']} waived{older}; {counts['records']} records, "
        f"{counts['rules_run']} rules"
    )
    return "\n".join(lines) + "\n"


def annotation(finding: Finding, path_of: PathOf) -> str:
    """One workflow command; nothing in the finding can end it or begin another."""
    title = f"{finding.code} {finding.name}"
    properties = (
        f"file={_property(path_of(finding.path))},line={finding.line},col={finding.column},title={_property(title)}"
    )
    return f"::{_GITHUB_LEVELS[finding.severity]} {properties}::{_data(_message(finding))}"


def _data(text: str) -> str:
    return clean(text).replace("%", "%25")


def _property(text: str) -> str:
    # Line breaks in a file's name are not made into spaces: the name has to stay the name.
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A").replace(":", "%3A").replace(",", "%2C")
    return "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in escaped)


def code_quality(answer: Check, path_of: PathOf) -> str:
    """A Code Quality report of GitLab: it compares the reports of both branches itself, so all findings are in it."""
    return f"{dumps([quality_issue(finding, path_of) for finding in answer.findings])}\n"


def quality_issue(finding: Finding, path_of: PathOf) -> dict[str, Any]:
    """One finding as GitLab's Code Quality wants it; the fingerprint tells packages of one repository apart."""
    path = path_of(finding.path).encode("utf-8", "replace").decode()
    return {
        "description": f"{finding.code} {finding.name}: {_message(finding)}",
        "check_name": finding.code,
        "fingerprint": hashlib.sha256(f"{path}\0{_fingerprint(finding)}".encode()).hexdigest(),
        "severity": _QUALITY_LEVELS[finding.severity],
        "location": {"path": path, "lines": {"begin": finding.line}},
    }


FACES: dict[str, Callable[[Check, PathOf], str]] = {
    "sarif": sarif,
    "junit": junit,
    "github": github,
    "code-quality": code_quality,
}
