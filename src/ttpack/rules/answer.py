"""The answer of a check: findings, what they rest on, and how much was looked at. Plain facts, without the package."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ttpack.model.findings import Finding, Place

SEVERITIES = ("error", "warning", "info")
RELEASE = "release"
"""The `from_gate` of what is due not at a gate but when a revision is released."""
Locate = Callable[[Iterable[Place]], Mapping[Place, tuple[int, int]]]
Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """A waiver of the package: what it waives, on what grounds, and whether it counts at the date of the answer."""

    id: str
    rule: str
    record: str
    field: str
    reason: str
    approvers: tuple[str, ...]
    expires: str
    counts: bool
    findings: int

    def as_json(self) -> dict[str, Any]:
        """The waiver as a JSON object, its keys in a fixed order."""
        return {
            "id": self.id,
            "rule": self.rule,
            "record": self.record,
            "field": self.field,
            "reason": self.reason,
            "approvers": list(self.approvers),
            "expires": self.expires,
            "counts": self.counts,
            "findings": self.findings,
        }


@dataclass(frozen=True, slots=True)
class NotJudged:
    """What no verdict was given on, and why. Without a record it is the whole rule; without a code, the package."""

    code: str
    name: str
    reason: str
    record: str = ""
    field: str = ""

    def as_json(self) -> dict[str, Any]:
        """The entry as a JSON object, its keys in a fixed order."""
        return {
            "code": self.code,
            "name": self.name,
            "record": self.record,
            "field": self.field,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Since:
    """The revision an answer is compared with. `commit` is None where it had no package yet."""

    revision: str
    commit: str | None
    introduced: frozenset[Finding]
    resolved: int


@dataclass(frozen=True)
class Check:
    """What is wrong with one revision of a package at a date and at the gates its receiving sites have passed.

    `findings` are those that no waiver covers; those that one covers are in `waived`. With `release` it is what stands
    against releasing the revision.
    """

    package: str
    title: str
    revision: str
    commit: str | None
    dirty: bool
    as_of: str
    gates: Mapping[str, str]
    records: int
    rules_run: int
    findings: tuple[Finding, ...]
    waived: tuple[Finding, ...] = ()
    waivers: tuple[WaiverUse, ...] = ()
    not_applicable: tuple[NotJudged, ...] = ()
    not_computable: tuple[NotJudged, ...] = ()
    since: Since | None = None
    release: bool = False
    rules: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    """Summary, why and resolve of each rule that found something, by code."""

    @cached_property
    def counts(self) -> dict[str, int]:
        """How much was checked, found, waived and left open."""
        severities = Counter(finding.severity for finding in self.findings)
        return {
            "records": self.records,
            "rules_run": self.rules_run,
            "errors": severities["error"],
            "warnings": severities["warning"],
            "info": severities["info"],
            "waived": len(self.waived),
            "waivers": len(self.waivers),
            "rules_not_applicable": len(self.not_applicable),
            "not_computable": len(self.not_computable),
        }

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The errors that make a check fail: all of them, or with `since` those that the change introduces."""
        errors = (finding for finding in self.findings if finding.severity == "error")
        if self.since is None:
            return tuple(errors)
        return tuple(finding for finding in errors if finding in self.since.introduced)

    def located(self, locate: Locate) -> "Check":
        """The same answer with the exact line and column of each finding that names a record."""
        places = {Place(f.record, f.field) for f in (*self.findings, *self.waived) if f.record is not None}
        found = locate(sorted(places, key=lambda place: (place.record or "", place.field)))

        def stamped(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
            return tuple(sorted((_stamp(finding, found) for finding in findings), key=order))

        return replace(self, findings=stamped(self.findings), waived=stamped(self.waived))

    def compared(self, base: "Check | None", revision: str, commit: str | None) -> "Check":
        """The same answer with which findings are new since `base`; None is a base without a package.

        Findings are the same when code, record, field and message are, whatever line they moved to.
        """
        before = Counter(key(finding) for finding in base.findings) if base else Counter[Key]()
        introduced = set()
        for finding in self.findings:
            if before[key(finding)] > 0:
                before[key(finding)] -= 1
            else:
                introduced.add(finding)
        return replace(self, since=Since(revision, commit, frozenset(introduced), before.total()))

    def as_json(self) -> dict[str, Any]:
        """The answer as JSON, its keys in a fixed order. `introduced` is there only in a comparison."""
        since = self.since
        return {
            "package": self.package,
            "title": self.title,
            "revision": {"name": self.revision, "commit": self.commit, "dirty": self.dirty},
            "as_of": self.as_of,
            "gates": dict(self.gates),
            "release": self.release,
            "since": None if since is None else {
                "revision": since.revision,
                "commit": since.commit,
                "introduced": len(since.introduced),
                "resolved": since.resolved,
            },
            "counts": self.counts,
            "findings": [
                finding.as_json() if since is None else finding.as_json() | {"introduced": finding in since.introduced}
                for finding in self.findings
            ],
            "waived": [finding.as_json() for finding in self.waived],
            "waivers": [waiver.as_json() for waiver in self.waivers],
            "not_applicable": [entry.as_json() for entry in self.not_applicable],
            "not_computable": [entry.as_json() for entry in self.not_computable],
            "rules": {
                code: dict(zip(("summary", "why", "resolve"), texts, strict=True)) for code, texts in self.rules.items()
            },
        }  # fmt: skip


def from_json(value: Mapping[str, Any]) -> Check:
    """The answer that `as_json` gave. Raises KeyError or TypeError for anything else."""
    findings = tuple(_finding(entry) for entry in value["findings"])
    since = value["since"]
    if since is not None:
        introduced = (entry["introduced"] for entry in value["findings"])
        new = frozenset(finding for finding, is_new in zip(findings, introduced, strict=True) if is_new)
        since = Since(since["revision"], since["commit"], new, since["resolved"])
    revision = value["revision"]
    return Check(
        package=value["package"],
        title=value["title"],
        revision=revision["name"],
        commit=revision["commit"],
        dirty=revision["dirty"],
        as_of=value["as_of"],
        gates=value["gates"],
        release=value["release"],
        records=value["counts"]["records"],
        rules_run=value["counts"]["rules_run"],
        findings=findings,
        waived=tuple(_finding(entry) for entry in value["waived"]),
        waivers=tuple(WaiverUse(**{**entry, "approvers": tuple(entry["approvers"])}) for entry in value["waivers"]),
        not_applicable=tuple(NotJudged(**entry) for entry in value["not_applicable"]),
        not_computable=tuple(NotJudged(**entry) for entry in value["not_computable"]),
        since=since,
        rules={code: (texts["summary"], texts["why"], texts["resolve"]) for code, texts in value["rules"].items()},
    )


def order(finding: Finding) -> tuple[Any, ...]:
    """What comes first: what is worst, then what blocks soonest, then where it stands."""
    return (
        SEVERITIES.index(finding.severity),
        finding.gate,
        finding.path,
        finding.line,
        finding.code,
        finding.column,
        finding.record or "",
        finding.field,
        finding.message,
    )


def key(finding: Finding) -> Key:
    """What makes a finding of two revisions the same one."""
    return finding.code, finding.record or finding.path, finding.field, finding.message


def _stamp(finding: Finding, found: Mapping[Place, tuple[int, int]]) -> Finding:
    place = found.get(Place(finding.record, finding.field))
    return replace(finding, line=place[0], column=place[1]) if place else finding


def _finding(entry: Mapping[str, Any]) -> Finding:
    return Finding(**{name: value for name, value in entry.items() if name != "introduced"})
