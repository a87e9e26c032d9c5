"""The seed rule and class of each change: the highest row that matches, then modifiers (change-control.md, 3 and 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from ttpack.analysis.change import EDITORIAL, Change
from ttpack.analysis.change_rules.conditions import all_conditions
from ttpack.analysis.change_rules.inherited import inherited_rank
from ttpack.analysis.change_rules.modifiers import modifiers
from ttpack.analysis.change_rules.rule import CLASS_RANK, CLASSES, ChangeClass, ChangeRule, Classified, Match
from ttpack.analysis.change_rules.sides import Sides, field_path
from ttpack.model.status import OUT_OF_FORCE

EDITORIAL_RULE = "CH-01"
CONTROL_ITSELF = frozenset({"change_record", "approval"})
"""Kinds that are the control of changes, not what is controlled."""
RAISED_FROM = CLASS_RANK["moderate"]
DEFAULT_APPROVERS: Mapping[str, tuple[str, ...]] = {
    "editorial": (),
    "minor": ("S-QA", "C-QA"),
    "moderate": ("S-MSAT", "C-MSAT", "S-QA", "C-QA"),
    "major": ("S-PD", "S-MSAT", "C-MSAT", "S-QA", "C-QA", "S-RA"),
}
"""Who is asked where no row names the field: both quality units, who runs the process at both parties from moderate
upward, development and regulatory affairs for what is major."""


def classify(
    changes: Iterable[Change],
    sides: Sides,
    rules: Mapping[str, ChangeRule],
    fit_fails: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Classified, ...]:
    """Each change with its rule and class, in the order of the changes.

    Of several rows that match, the one of the highest class gives it, of equal ones the first of the table. Where none
    matches, the field's own significance is the class. Modifiers raise from moderate upward, never the category;
    `fit_fails` says by changed record which equipment no longer fits.
    """
    sides.prepare()
    changed = tuple(changes)
    fitting = _Fitting(rules)
    seeds = [_seed(change, sides, rules, fitting) for change in changed]
    seeds = _inherited(seeds, sides, rules)
    return tuple(
        _modified(seed, words)
        for seed, words in zip(seeds, modifiers(seeds, _raisable(seeds), sides, fit_fails), strict=True)
    )


def whole_class(classified: Iterable[Classified]) -> ChangeClass:
    """The highest class of the changes, but for those of change records and approvals."""
    given = tuple(classified)
    control = control_records(one.change for one in given)
    ranks = [CLASS_RANK[one.change_class] for one in given if one.change.record not in control]
    return CLASSES[max(ranks, default=0)]


def control_records(changes: Iterable[Change]) -> frozenset[str]:
    """Changed records that are control itself and were nothing else: no record escapes by changing its kind."""
    given = tuple(changes)
    became = {change.record for change in given if change.field == "kind"}
    return frozenset(change.record for change in given if change.record_kind in CONTROL_ITSELF) - became


_Rows = list[tuple[ChangeRule, Match]]


class _Fitting:
    """The rows that are about changes of a sort: many changes are of few sorts (kind, field, direction)."""

    def __init__(self, rules: Mapping[str, ChangeRule]) -> None:
        self._rules = rules
        self._known: dict[tuple[object, ...], _Rows] = {}

    def rows(self, change: Change) -> _Rows:
        """The rows whose kinds, fields, changes and directions fit a change; their conditions are asked for each."""
        path = field_path(change)
        sort = change.record_kind, path, change.kind, change.direction, change.editorial
        if sort not in self._known:
            self._known[sort] = [
                (rule, match)
                for rule in self._rules.values()
                for match in rule.matches
                if match.editorial >= change.editorial and match.fits(change, path)
            ]
        return self._known[sort]


def _seed(change: Change, sides: Sides, rules: Mapping[str, ChangeRule], fitting: _Fitting) -> Classified:
    matching = _matching(change, sides, fitting)
    if not matching and change.editorial and EDITORIAL_RULE in rules:
        matching = [EDITORIAL_RULE]
    if not matching:
        own: ChangeClass = next(name for name in CLASSES if name == change.significance)
        approvers = () if change.record_kind in CONTROL_ITSELF else DEFAULT_APPROVERS[own]
        return Classified(change, "", own, own, approvers=approvers)
    seed = rules[max(matching, key=lambda name: CLASS_RANK[rules[name].change_class])]
    asked = [seed, *(rules[name] for name in matching if name != seed.id)]
    return Classified(
        change, seed.id, seed.change_class, seed.change_class,
        also=tuple(name for name in matching if name != seed.id),
        approvers=tuple(dict.fromkeys(code for rule in asked for code in rule.approvers)),
        evidence=tuple(dict.fromkeys(text for rule in asked for text in rule.evidence)),
    )  # fmt: skip


def _matching(change: Change, sides: Sides, fitting: _Fitting) -> list[str]:
    if change.direction in EDITORIAL and change.kind != "record_moved":
        return []
    found = _holding(change, sides, fitting.rows(change))
    as_whole = _came_or_went(change)
    if as_whole:
        found |= _holding(as_whole, sides, fitting.rows(as_whole))
    return list(found)


def _came_or_went(change: Change) -> Change | None:
    """A record that a status takes out of force or back into it, as one that was removed or added."""
    if change.field != "status" or (change.before in OUT_OF_FORCE) == (change.after in OUT_OF_FORCE):
        return None
    if change.after in OUT_OF_FORCE:
        return replace(change, field="", kind="record_removed", direction="removed")
    return replace(change, field="", kind="record_added", direction="added")


def _holding(change: Change, sides: Sides, rows: _Rows) -> dict[str, None]:
    """The rules of the rows whose conditions hold, in their order."""
    conditions = all_conditions()
    found: dict[str, None] = {}
    answers: dict[str, bool] = {}

    def holds(name: str) -> bool:
        """Whether a condition holds; several rows ask the same of one change."""
        if name not in answers:
            answers[name] = conditions[name](change, sides)
        return answers[name]

    for rule, match in rows:
        if rule.id not in found and all(
            holds(name.removeprefix("!")) != name.startswith("!") for name in match.conditions
        ):
            found[rule.id] = None
    return found


def _inherited(seeds: list[Classified], sides: Sides, rules: Mapping[str, ChangeRule]) -> list[Classified]:
    """The seeds with the class of what rests on a record, for rows that inherit it; the row's own class at least."""
    ranks = [
        max((inherited_rank(seed.change.record, sides, seeds) for name in names if rules[name].inherits), default=0)
        for seed in seeds
        for names in [(seed.rule, *seed.also) if seed.rule else ()]
    ]
    return [
        _of_class(seed, CLASSES[rank]) if rank > CLASS_RANK[seed.rule_class] else seed
        for seed, rank in zip(seeds, ranks, strict=True)
    ]


def _of_class(seed: Classified, name: ChangeClass) -> Classified:
    return replace(seed, rule_class=name, change_class=name)


def _raisable(seeds: list[Classified]) -> list[bool]:
    return [
        RAISED_FROM <= CLASS_RANK[seed.rule_class] < len(CLASSES) - 1 and seed.change.record_kind not in CONTROL_ITSELF
        for seed in seeds
    ]


def _modified(seed: Classified, words: tuple[str, ...]) -> Classified:
    if not words:
        return seed
    return replace(seed, change_class=CLASSES[CLASS_RANK[seed.rule_class] + 1], modifiers=words)
