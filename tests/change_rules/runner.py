"""Runs a case of a change rule through the real loading, diff, index and classification."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.change_rules.package_patch import PackageOfCase
from ttpack.analysis.change_rules.rule import ChangeRule, Classified
from ttpack.analysis.change_rules.table import change_rules
from ttpack.cli.comparing import compare_trees
from ttpack.cli.impact import assess
from ttpack.source.change_data import change_rule_rows
from ttpack.source.documents import read_yaml

CASES = Path(__file__).parent / "cases"
CASE_KEYS = {"name", "base", "change", "expect"}
EXPECTED = {
    "record", "field", "kind", "direction", "rule", "rule_class", "class", "also", "modifiers", "significance",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One example of a case file."""

    rule: str
    name: str
    given: Mapping[str, Any] = field(hash=False)


@cache
def table() -> dict[str, ChangeRule]:
    """The shipped table."""
    return change_rules(change_rule_rows())


def read_cases() -> list[Case]:
    """The examples of all case files, in the order of files."""
    cases: list[Case] = []
    for path in sorted(CASES.glob("*.yaml")):
        content = read_yaml(path.read_bytes(), path.name)[0].data
        assert content["rule"] == path.stem, f"{path.name} is about another rule"
        assert str(content["text"]).strip(), f"{path.name} has no prose"
        cases.extend(Case(path.stem, case["name"], case) for case in content["cases"])
    return cases


def run(given: Mapping[str, Any]) -> tuple[Classified, ...]:
    """The classified changes of a case: both packages are the minimal one with `base`, the later with `change` too."""
    package = PackageOfCase()
    package.patch(given.get("base", {}))
    before = package.tree()
    package.patch(given["change"])
    comparison = compare_trees(before, package.tree())
    assert not comparison.not_assessed, f"the case does not load: {comparison.not_assessed}"
    return assess(comparison).classified


def answers(found: Classified, expected: Mapping[str, Any]) -> bool:
    """Whether a change is the expected one; only what the case states is compared."""
    stated = found.as_json()
    return all(sorted(stated[key]) == sorted(value) if isinstance(value, list) else stated[key] == value
               for key, value in expected.items())  # fmt: skip


def unanswered(case: Case) -> str:
    """What of a case is not as it expects, in words; empty if all is.

    Every change but the editorial ones has to be expected, and the rule of the file fires exactly where it is expected.
    """
    assert set(case.given) <= CASE_KEYS, f"unknown keys {set(case.given) - CASE_KEYS}"
    found = run(case.given)
    remaining = list(found)
    seen = "; found\n" + "\n".join(map(str, map(_short, found)))
    for expected in case.given["expect"]:
        assert set(expected) <= EXPECTED, f"unknown keys {set(expected) - EXPECTED}"
        match = next((one for one in remaining if answers(one, expected)), None)
        if match is None:
            return f"no change answers {expected}{seen}"
        remaining.remove(match)
    left = [one for one in remaining if not one.change.editorial]
    if left:
        return f"not expected: {[(one.change.record, one.change.field) for one in left]}{seen}"
    fired = any(case.rule in (one.rule, *one.also) for one in found)
    return "" if fired == fires(case) else f"{case.rule} {'fires, unexpected' if fired else 'does not fire'}{seen}"


def fires(case: Case) -> bool:
    """Whether the case expects its rule to be among those of some change, as the seed or beside it."""
    return any(case.rule == one.get("rule") or case.rule in one.get("also", ()) for one in case.given["expect"])


def _short(found: Classified) -> dict[str, Any]:
    stated = found.as_json()
    return {key: stated[key] for key in ("record", "field", "kind", "direction", "rule", "rule_class", "also")}
