"""The table of change rules from its data."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ttpack.analysis.change_rules.rule import CLASSES, ChangeRule, Match

_ID = re.compile(r"CH-([0-9]+)([a-z]?)")
_PARTS = frozenset({"id", "trigger", "class", "evidence", "approvers", "source", "matches", "inherits"})
_MATCH_PARTS = {
    "kinds": "kinds", "fields": "fields", "changes": "changes", "directions": "directions", "when": "conditions",
}  # fmt: skip


def change_rules(rows: Iterable[Mapping[str, Any]]) -> dict[str, ChangeRule]:
    """The rules by id, in the order of their numbers. Raises ValueError for a row that is not one."""
    found: dict[str, ChangeRule] = {}
    for row in rows:
        rule = _rule(row)
        if rule.id in found:
            raise ValueError(f"change rule {rule.id} is there twice")
        found[rule.id] = rule
    return dict(sorted(found.items(), key=lambda item: order(item[0])))


def order(rule_id: str) -> tuple[int, str]:
    """What rules are sorted by: CH-9 before CH-10a. Raises ValueError for what is no id."""
    match = _ID.fullmatch(rule_id)
    if match is None:
        raise ValueError(f"{rule_id!r} is no id of a change rule")
    return int(match[1]), match[2]


def _rule(row: Mapping[str, Any]) -> ChangeRule:
    name = str(row.get("id"))
    order(name)
    unknown = sorted(row.keys() - _PARTS)
    if unknown or row.get("class") not in CLASSES:
        raise ValueError(f"change rule {name}: {unknown or 'its class'} is not known")
    return ChangeRule(
        id=name,
        trigger=str(row["trigger"]),
        change_class=row["class"],
        evidence=tuple(row.get("evidence", ())),
        approvers=tuple(row["approvers"]),
        source=str(row["source"]),
        matches=tuple(_match(name, match) for match in row.get("matches", ())),
        inherits=row.get("inherits") is True,
    )


def _match(name: str, raw: Mapping[str, Any]) -> Match:
    unknown = sorted(raw.keys() - _MATCH_PARTS.keys() - {"editorial"})
    if unknown or not raw:
        raise ValueError(f"change rule {name}: a match may not hold {unknown or 'nothing'}")
    parts = {_MATCH_PARTS[key]: tuple(value) for key, value in raw.items() if key in _MATCH_PARTS}
    return Match(**parts, editorial=raw.get("editorial") is True)
