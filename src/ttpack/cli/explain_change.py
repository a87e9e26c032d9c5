"""What `ttpack explain CH-15` says: a row of the table of change rules."""

from functools import cache
from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttpack.analysis.change_rules.rule import ChangeRule, Match

WIDTH = 92


@cache
def known() -> "Mapping[str, ChangeRule]":
    """The change rules by id, in the order of the table."""
    from ttpack.analysis.change_rules.table import change_rules
    from ttpack.source.change_data import change_rule_rows

    return change_rules(change_rule_rows())


def as_json(rule: "ChangeRule") -> dict[str, Any]:
    """A change rule as a JSON object, its keys in a fixed order."""
    return {
        "code": rule.id,
        "kind": "change",
        "trigger": rule.trigger,
        "class": rule.change_class,
        "evidence": list(rule.evidence),
        "approvers": list(rule.approvers),
        "matches": [match_words(match) for match in rule.matches],
        "source": rule.source,
    }


def text(rule: "ChangeRule") -> str:
    """A change rule for a person at a terminal."""
    lines = [f"{rule.id} {rule.change_class} change", "", *wrap(f"{rule.trigger}.", WIDTH), ""]
    for match in rule.matches:
        lines += wrap(f"Applies to {match_words(match)}.", WIDTH, subsequent_indent="  ")
    for title, words in (
        ("Evidence needed", "; ".join(rule.evidence) or "none"),
        ("Approvers", ", ".join(rule.approvers)),
        ("Source", rule.source),
    ):
        lines += wrap(f"{title}: {words}", WIDTH, subsequent_indent="  ")
    lines += wrap(
        "The reporting category depends on market and year: it comes from the regulatory profile of each market. "
        "Class, evidence and category are proposals for qualified reviewers.", WIDTH,
    )  # fmt: skip
    return "\n".join(lines)


def match_words(match: "Match") -> str:
    """What a match asks, in words."""
    kinds = ", ".join(kind.replace("_", " ") for kind in match.kinds) or "any record"
    parts = [kinds]
    if match.fields:
        parts.append("field " + ", ".join(name or "(the whole record)" for name in match.fields))
    if match.changes:
        parts.append(", ".join(name.replace("_", " ") for name in match.changes))
    if match.directions:
        parts.append(", ".join(match.directions))
    if match.conditions:
        said = (name.replace("!", "not ").replace("_", " ") for name in match.conditions)
        parts.append("where " + " and ".join(said))
    return "; ".join(parts)
