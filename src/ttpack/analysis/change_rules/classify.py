"""The seed rule and class of each change: the highest row that matches, then modifiers (change-control.md, 3 and 5)."""

from collections.abc import Iterable, Mapping

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import all_conditions
from ttpack.analysis.change_rules.modifiers import modifiers
from ttpack.analysis.change_rules.rule import CLASS_RANK, CLASSES, ChangeClass, ChangeRule, Classified
from ttpack.analysis.change_rules.sides import Sides, field_path

EDITORIAL_RULE = "CH-01"
CONTROL_ITSELF = frozenset({"change_record", "approval"})
"""Kinds that are the control of changes, not what is controlled."""
RAISED_FROM = CLASS_RANK["moderate"]


def classify(changes: Iterable[Change], sides: Sides, rules: Mapping[str, ChangeRule]) -> tuple[Classified, ...]:
    """Each change with its rule and class, in the order of the changes.

    Of several rows that match, the one of the highest class gives it, of equal ones the first of the table. Where none
    matches, the field's own significance is the class. Modifiers raise from moderate upward, never the category.
    """
    sides.prepare()
    whole = modifiers(sides)
    return tuple(_classified(change, sides, rules, whole.get(change.record, ())) for change in changes)


def whole_class(classified: Iterable[Classified]) -> ChangeClass:
    """The highest class of the changes, but for those of change records and approvals."""
    ranks = [CLASS_RANK[one.change_class] for one in classified if one.change.record_kind not in CONTROL_ITSELF]
    return CLASSES[max(ranks, default=0)]


def _classified(
    change: Change, sides: Sides, rules: Mapping[str, ChangeRule], modifying: tuple[str, ...]
) -> Classified:
    matching = [EDITORIAL_RULE] if change.editorial else _matching(change, sides, rules)
    if not matching:
        rule_class: ChangeClass = next(name for name in CLASSES if name == change.significance)
        raised = _raised(rule_class, modifying)
        return Classified(change, "", rule_class, raised, modifying if raised != rule_class else ())
    seed = rules[max(matching, key=lambda name: CLASS_RANK[rules[name].change_class])]
    raised = _raised(seed.change_class, modifying)
    asked = [seed, *(rules[name] for name in matching if name != seed.id)]
    return Classified(
        change, seed.id, seed.change_class, raised,
        modifiers=modifying if raised != seed.change_class else (),
        also=tuple(name for name in matching if name != seed.id),
        approvers=tuple(dict.fromkeys(code for rule in asked for code in rule.approvers)),
        evidence=tuple(dict.fromkeys(text for rule in asked for text in rule.evidence)),
    )  # fmt: skip


def _matching(change: Change, sides: Sides, rules: Mapping[str, ChangeRule]) -> list[str]:
    conditions = all_conditions()
    path = field_path(change)
    return [
        rule.id
        for rule in rules.values()
        if any(
            match.fits(change, path)
            and all(
                conditions[name.removeprefix("!")](change, sides) != name.startswith("!") for name in match.conditions
            )
            for match in rule.matches
        )
    ]


def _raised(rule_class: ChangeClass, modifying: tuple[str, ...]) -> ChangeClass:
    rank = CLASS_RANK[rule_class]
    return CLASSES[min(rank + 1, len(CLASSES) - 1)] if modifying and rank >= RAISED_FROM else rule_class
