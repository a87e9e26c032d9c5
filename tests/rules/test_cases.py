"""Every rule's case file: a patch over tests/packages/minimal, and the findings of that rule alone."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.change_rules.package_patch import changed

from ttpack.analysis.change_coverage import ChangeSince, changes_of_meaning
from ttpack.analysis.diff import Side, diff
from ttpack.model.allowed_signers import allowed_signers
from ttpack.model.documents import Package as PackageRecord
from ttpack.model.findings import Problem
from ttpack.model.kinds import KINDS
from ttpack.model.package import Location, Package
from ttpack.model.record import Record
from ttpack.model.run_data import RunDataProblems
from ttpack.model.signatures import SignatureCheck
from ttpack.rules.check import severity_at
from ttpack.rules.registry import Context, NotComputable, Rule, all_rules, as_outcome, in_order
from ttpack.source.documents import read_yaml

__all__ = ["all_rules", "build", "minimal", "run"]

HERE = Path(__file__).parent
MINIMAL = HERE.parent / "packages" / "minimal"
CASE_KEYS = {
    "name", "set", "add", "remove", "gates", "as_of", "baseline", "unreadable", "expect", "not_computable", "covers",
    "not_applicable", "attachments", "release", "recompute", "run_data", "approved", "approvers", "history", "base",
    "signers", "signatures",
}  # fmt: skip
Raw = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One example of a case file."""

    code: str
    name: str
    given: Mapping[str, Any] = field(hash=False)


def read_cases() -> list[Case]:
    """The examples of all case files, in the order of rules."""
    cases: list[Case] = []
    for path in sorted((HERE / "cases").glob("*.yaml")):
        content = read_yaml(path.read_bytes(), path.name)[0].data
        assert content["rule"] == path.stem, f"{path.name} is about another rule"
        assert str(content["text"]).strip(), f"{path.name} has no prose"
        base = content.get("base", {})
        cases.extend(Case(path.stem, case["name"], {"base": base} | case) for case in content["cases"])
    return cases


CASES = read_cases()


@cache
def minimal() -> tuple[Raw, dict[str, Raw], dict[str, Location]]:
    """The base package as written: manifest, records by id, where each stands."""
    manifest = read_yaml((MINIMAL / "ttpack.yaml").read_bytes(), "ttpack.yaml")[0].data
    records, locations = {}, {}
    for path in sorted((MINIMAL / "records").rglob("*.yaml")):
        name = path.relative_to(MINIMAL).as_posix()
        for raw in read_yaml(path.read_bytes(), name):
            records[raw.data["id"]] = raw.data
            locations[raw.data["id"]] = Location(name, raw.line, raw.index)
    return manifest, records, locations


@cache
def unchanged(record_id: str) -> Record:
    """A record of the base package."""
    raw = minimal()[1][record_id]
    return KINDS[raw["kind"]].model_validate(raw)


def build(given: Mapping[str, Any]) -> Package:
    """The base package with a case's `set`, `add`, `remove` and `gates` applied, after those of its file's `base`."""
    manifest, base, locations = minimal()
    manifest = deepcopy(manifest)
    shared = given.get("base", {})
    given = {**{key: shared[key] for key in shared if key == "gates"}, **given}
    if "gates" in given:
        manifest["gates"] = given["gates"]
    raws: dict[str, Raw] = dict(base)
    raws |= {raw["id"]: raw for raw in shared.get("add", ())}
    for record_id, fields in (*shared.get("set", {}).items(), *given.get("set", {}).items()):
        raw = manifest if record_id == manifest["id"] else deepcopy(raws[record_id])
        for path, value in fields.items():
            changed(raw, path, value)
        if raw is not manifest:
            raws[record_id] = raw
    for raw in given.get("add", ()):
        assert raw["id"] not in raws, f"{raw['id']} is there already: use set"
        raws[raw["id"]] = raw
    for record_id in given.get("remove", ()):
        del raws[record_id]
    records = {
        record_id: unchanged(record_id) if raw is base.get(record_id) else KINDS[raw["kind"]].model_validate(raw)
        for record_id, raw in sorted(raws.items())
    }
    package_record = PackageRecord.model_validate(manifest)
    return Package(
        manifest=package_record,
        records=dict(sorted((records | {package_record.id: package_record}).items())),
        raw=raws | {package_record.id: manifest},
        locations={record_id: locations.get(record_id, Location("case.yaml", 1)) for record_id in records},
        unreadable_ids=frozenset(given.get("unreadable", ())),
        attachments=given.get("attachments", {}),
        with_prose_references=frozenset(i for i, raw in raws.items() if "[[" in str(raw) or "{{" in str(raw)),
        signers=allowed_signers("allowed_signers", given["signers"]) if "signers" in given else None,
    )


@dataclass(frozen=True)
class Found:
    """What a rule found, as a case file states it."""

    record: str | None
    field: str
    severity: str
    message: str


def severity(rule: Rule, problem: Problem, context: Context) -> str:
    """An error, or a warning until the gate reaches the rule's, or a remark (format.md, "Gates and severity")."""
    gate = context.gate_of(problem.site)
    return severity_at(problem.kind or rule.kind, problem.from_gate or rule.from_gate, gate, release=context.release)


def since_approval(given: Mapping[str, Any], package: Package) -> ChangeSince | str:
    """What changed since the revision `approved` (a patch, by default the package itself), tagged rev-1.

    `approvers` are the functions that the change rules ask for, by record; `history` says why nobody can tell.
    """
    if "history" in given:
        return str(given["history"])
    if "approved" not in given:
        return ChangeSince("rev-1", "0" * 40, gates=package.manifest.gates)
    before = build(given["approved"])
    after = Side(package.raw, bodies={})
    changes = diff(Side(before.raw), after)
    new = (one.record for one in changes if one.kind == "record_added" and one.record_kind == "change_record")
    return ChangeSince(
        "rev-1", "0" * 40, changes_of_meaning(changes, after), before.manifest.gates, frozenset({"rev-1"}),
        frozenset(new), {record: tuple(codes) for record, codes in given.get("approvers", {}).items()},
    )  # fmt: skip


def run(code: str, given: Mapping[str, Any]) -> tuple[list[Found], list[NotComputable]]:
    """What one rule finds in the patched package, without what the rules it requires have found already."""
    package = build(given)
    baseline = build(given["baseline"]) if "baseline" in given else None
    as_of = given.get("as_of", "2026-11-01")
    context = Context(
        date.fromisoformat(str(as_of)), package.manifest.gates, baseline, package,
        since_approval(given, package), release=given.get("release", False), recompute=given.get("recompute", False),
        run_data={
            (run, file): RunDataProblems(tuple((one[0], one[1], one[2]) for one in told), len(told))
            for run, files in given.get("run_data", {}).items()
            for file, told in files.items()
        },
        signatures={one: SignatureCheck(**check) for one, check in given.get("signatures", {}).items()},
    )  # fmt: skip
    rules = all_rules()
    hit: dict[str, set[str | None]] = {}
    found: list[Found] = []
    unknown: list[NotComputable] = []
    for rule in in_order({code: rules[code]} | {required: rules[required] for required in all_required(code)}):
        if rule.applies_when and rule.applies_when(package):
            continue
        hidden: set[str | None] = set().union(*(hit.get(required, set()) for required in rule.requires))
        hit[rule.code] = set()
        for outcome in map(as_outcome, rule.function(package, context)):
            if outcome.place.record in hidden:
                continue
            if isinstance(outcome, NotComputable):
                unknown.extend([outcome] if rule.code == code else [])
                continue
            hit[rule.code].add(outcome.place.record)
            if rule.code == code:
                stated = severity(rule, outcome, context)
                found.append(Found(outcome.place.record, outcome.place.field, stated, outcome.message))
    return found, unknown


def all_required(code: str) -> set[str]:
    """The codes of the rules that a rule requires, directly or not."""
    rules = all_rules()
    direct = set(rules[code].requires) & set(rules)
    return direct.union(*(all_required(required) for required in direct))


def answers(found: Found, expected: Mapping[str, Any]) -> bool:
    """Whether a finding is the expected one; `message` is a part of its words, or several parts."""
    wanted = expected.get("message", [])
    parts = wanted if isinstance(wanted, list) else [wanted]
    stated = {"record": found.record, "field": found.field, "severity": found.severity}
    return all(stated[key] == expected[key] for key in stated if key in expected) and all(
        str(part) in found.message for part in parts
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}: {case.name}")
def test_case(case: Case) -> None:
    assert set(case.given) <= CASE_KEYS, f"unknown keys {set(case.given) - CASE_KEYS}"
    found, unknown = run(case.code, case.given)
    remaining = list(found)
    for expected in case.given["expect"]:
        assert set(expected) <= {"record", "field", "severity", "message"}
        match = next((item for item in remaining if answers(item, expected)), None)
        assert match, f"no finding answers {expected}; found {found}; not computable {unknown}"
        remaining.remove(match)
    assert not remaining, f"not expected: {remaining}"
    assert len(unknown) == case.given.get("not_computable", 0), f"not computable: {unknown}"


@pytest.mark.parametrize("code", sorted(all_rules()))
def test_every_rule_has_a_failing_and_a_passing_case(code: str) -> None:
    cases = [case for case in CASES if case.code == code]
    assert any(case.given["expect"] for case in cases), "no failing case"
    assert any(not case.given["expect"] and not case.given.get("not_computable") for case in cases), "no passing case"


@pytest.mark.parametrize("code", sorted(all_rules()))
def test_no_rule_finds_anything_in_the_unchanged_base_package(code: str) -> None:
    assert run(code, {}) == ([], [])
