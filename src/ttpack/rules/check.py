"""Running every rule over a package, and making findings of what they yield."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from ttpack.model.documents import Waiver
from ttpack.model.findings import Finding, Place, Problem, Severity
from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.process import UnitOperation
from ttpack.rules import waivers
from ttpack.rules.answer import RELEASE, Check, NotJudged, WaiverUse, order
from ttpack.rules.registry import (
    CONSISTENCY,
    INFORMATION,
    Context,
    NotComputable,
    Rule,
    RuleKind,
    all_rules,
    as_outcome,
    in_order,
)

__all__ = ["Check", "check", "severity_at"]


def check(package: Package, source_problems: Iterable[Finding], context: Context) -> Check:
    """What is wrong with a package and with the files it could not read, at the context's date and gates.

    Without gates in the context the package's own count. Findings stand at the first line of their record;
    `Check.located` gives each its own line and column.
    """
    rules = all_rules()
    run = _Run(package, replace(context, package=package, gates=context.gates or package.manifest.gates))
    for rule in in_order(rules) if package.readable else ():
        run.apply(rule)
    waived, uses, unused = _apply_waivers(package, run.found, context)
    for waiver in unused:
        run.add(rules["WVR-01"], waivers.unused(waiver))
    files = [replace(finding, owner=finding.owner or run.package_owner) for finding in source_problems]
    seen = {finding.code for finding in run.found}
    return Check(
        package=package.manifest.id,
        title=package.manifest.name,
        revision=package.revision.name,
        commit=package.revision.commit,
        dirty=False,
        as_of=context.as_of.isoformat(),
        gates=dict(run.context.gates),
        release=context.release,
        records=len(package.records),
        rules_run=run.count,
        findings=tuple(sorted((*files, *(finding for finding in run.found if finding not in waived)), key=order)),
        waived=tuple(sorted(waived.values(), key=order)),
        waivers=uses,
        not_applicable=tuple(run.not_applicable),
        not_computable=(*(NotJudged("", "", reason) for reason in package.not_computable), *run.not_computable),
        rules={code: (rule.summary, rule.why, rule.resolve) for code, rule in rules.items() if code in seen},
    )


def severity_at(kind: RuleKind, from_gate: str | None, gate: str, *, release: bool = False) -> Severity:
    """How grave a problem is at a gate: what contradicts itself at once, what is missing from its gate on.

    What is due at release is missing then, whatever gate the sites have passed.
    """
    if kind == CONSISTENCY:
        return "error"
    if kind == INFORMATION:
        return "info"
    if from_gate == RELEASE:
        return "error" if release else "warning"
    return "error" if gate >= (from_gate or "G0") else "warning"


class _Run:
    """One pass of the rules over one package: what they found, and on which records."""

    def __init__(self, package: Package, context: Context) -> None:
        self.package = package
        self.context = context
        self.count = 0
        self.found: dict[Finding, None] = {}
        self.not_applicable: list[NotJudged] = []
        self.not_computable: list[NotJudged] = []
        self._records: dict[str, set[str | None]] = {}
        self._owners: dict[str | None, str] = {}

    def apply(self, rule: Rule) -> None:
        """Run one rule; the rules that it requires have run before."""
        reason = rule.applies_when(self.package) if rule.applies_when else None
        if reason is not None:
            self.not_applicable.append(NotJudged(rule.code, rule.name, reason))
            return
        self.count += 1
        for raw in rule.function(self.package, self.context):
            outcome = as_outcome(raw)
            if isinstance(outcome, NotComputable):
                self._leave_open(rule, outcome.place, outcome.reason)
            elif first := self._required_finding(rule, outcome.place.record):
                self._leave_open(rule, outcome.place, f"{first} is found on the same record and comes first")
            else:
                self.add(rule, outcome)

    def add(self, rule: Rule, problem: Problem) -> None:
        """Make a finding of a problem; one that is already there stays one."""
        place, record_id = problem.place, problem.place.record
        location = self.package.locations.get(record_id) if record_id else None
        site = problem.site or self._site(record_id)
        from_gate, kind = problem.from_gate or rule.from_gate, problem.kind or rule.kind
        finding = Finding(
            code=rule.code,
            name=rule.name,
            severity=severity_at(kind, from_gate, self.context.gate_of(site), release=self.context.release),
            record=record_id,
            field=place.field,
            path=place.path or (location.path if location else "ttpack.yaml"),
            line=place.line or (location.line if location else 1),
            column=place.column or 1,
            message=problem.message,
            fix=problem.fix or rule.resolve,
            owner=self._owner(record_id),
            gate="" if kind == CONSISTENCY else from_gate or "",
            site=site or "",
        )
        self.found[finding] = None
        self._records.setdefault(rule.code, set()).add(record_id)

    @cached_property
    def package_owner(self) -> str:
        """Who owns the package."""
        return self._owner(None)

    def _leave_open(self, rule: Rule, place: Place, reason: str) -> None:
        self.not_computable.append(NotJudged(rule.code, rule.name, reason, place.record or "", place.field))

    def _required_finding(self, rule: Rule, record_id: str | None) -> str:
        """The code of a required rule that found something on that record, or nothing."""
        if record_id is None:
            return ""
        return next((code for code in rule.requires if record_id in self._records.get(code, ())), "")

    def _site(self, record_id: str | None) -> str | None:
        record = self.package.records.get(record_id) if record_id else None
        site = getattr(record, "site", None)
        return site if isinstance(site, str) else overlay_parts(record_id or "")[1]

    def _owner(self, record_id: str | None) -> str:
        """Who owns a record: its own owner, else that of its unit operation, else that of the package."""
        if record_id not in self._owners:
            record = self.package.records.get(record_id) if record_id else None
            unit = self.package.get(getattr(record, "unit_operation", None), UnitOperation)
            named = next((one.owner for one in (record, unit, self.package.manifest) if one and one.owner), None)
            self._owners[record_id] = self.package.label(str(named)) if named else ""
        return self._owners[record_id]


def _apply_waivers(
    package: Package, found: Mapping[Finding, None], context: Context
) -> tuple[dict[Finding, Finding], tuple[WaiverUse, ...], list[Waiver]]:
    """The findings that a waiver covers (each with the waiver's id), all waivers, and those that cover nothing."""
    by_target: dict[tuple[str, str | None], list[Finding]] = {}
    given = package.in_force(Waiver)
    if given:
        for finding in found:
            by_target.setdefault((finding.code, finding.record), []).append(finding)
    waived: dict[Finding, Finding] = {}
    uses, unused = [], []
    for waiver in given:
        counts = not any(waivers.defects(package, waiver, context.as_of))
        covered = [
            finding
            for finding in by_target.get((waiver.rule, waiver.record), ())
            if _covers(waiver.field, finding.field)
        ]
        if counts:
            waived |= {finding: replace(finding, waived=waiver.id) for finding in covered if finding not in waived}
        if counts and not covered:
            unused.append(waiver)
        uses.append(_use(package, waiver, len(covered), counts=counts))
    return waived, tuple(uses), unused


def _covers(waived_field: str | None, field: str) -> bool:
    return not waived_field or field == waived_field or field.startswith((f"{waived_field}.", f"{waived_field}["))


def _use(package: Package, waiver: Waiver, findings: int, *, counts: bool) -> WaiverUse:
    return WaiverUse(
        id=waiver.id,
        rule=waiver.rule,
        record=waiver.record,
        field=waiver.field or "",
        reason=waiver.reason or "",
        approvers=tuple(package.label(str(approver)) for approver in waiver.approvers),
        expires=waiver.expires.isoformat() if waiver.expires else "",
        counts=counts,
        findings=findings,
    )
