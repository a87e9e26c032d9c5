"""Runs a case of a change rule through the real loading, diff, index and classification."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

from tests.change_rules.package_patch import PackageOfCase

from ttpack.analysis.change_rules.classify import classify
from ttpack.analysis.change_rules.rule import ChangeRule, Classified
from ttpack.analysis.change_rules.sides import Sides, State
from ttpack.analysis.change_rules.table import change_rules
from ttpack.analysis.index import Index, merged
from ttpack.cli.comparing import compare_trees
from ttpack.model.package import Package
from ttpack.source.change_data import change_rule_rows
from ttpack.source.documents import read_yaml
from ttpack.source.load import load

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
    """The examples of all case files; a base is a patch, the name of one in `bases`, or several of both."""
    cases: list[Case] = []
    for path in sorted(CASES.glob("*.yaml")):
        content = read_yaml(path.read_bytes(), path.name)[0].data
        assert content["rule"] == path.stem, f"{path.name} is about another rule"
        assert str(content["text"]).strip(), f"{path.name} has no prose"
        bases = content.get("bases", {})
        for case in content["cases"]:
            given = case.get("base", ())
            parts = given if isinstance(given, list) else [given] if given else []
            base = [bases[part] if isinstance(part, str) else part for part in parts]
            cases.append(Case(path.stem, case["name"], {**case, "base": base}))
    return cases


def run(given: Mapping[str, Any]) -> tuple[Classified, ...]:
    """The classified changes of a case."""
    sides = sides_of(given)
    return classify(sides.changes, sides, table())


def sides_of(given: Mapping[str, Any]) -> Sides:
    """Both sides of a case: the minimal package with `base`, the later one with `change` too."""
    package = PackageOfCase()
    for patch in given["base"]:
        package.patch(patch)
    before: Any = package.tree()  # a package in memory stands for one on disk
    package.patch(given["change"])
    after: Any = package.tree()
    comparison = compare_trees(before, after)
    assert not comparison.not_assessed, f"the case does not load: {comparison.not_assessed}"
    packages = [load(tree).package for tree in (before, after)]
    earlier, later = (
        State(side, Index.of(package), partial(_read, package))
        for side, package in zip(comparison.sides, packages, strict=True)
    )
    return Sides(earlier, later, merged(earlier.index, later.index), comparison.changes)


def _read(package: Package, records: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
    return {record: package.raw[record] for record in records if record in package.raw}


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
