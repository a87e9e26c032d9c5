"""The class that a refuted assumption has from what rests on it (CH-94).

What rests on an assumption is what it names in `affected` and every record whose `assumption` names it, on either
side. Each counts with the class of its own changes here and with the class that its content as such has: major for
what is filed or decides on the product, moderate for everything else. So the answer does not hang on whether the
same pull request already touches those records.
"""

from collections.abc import Iterable

from ttpack.analysis.change_rules.rule import CLASS_RANK, Classified
from ttpack.analysis.change_rules.sides import Raw, Sides
from ttpack.model.parameter import CRITICAL

_MAJOR_AS_SUCH = frozenset({
    "process", "unit_operation", "design_space", "specification", "cell_bank", "established_condition", "ppq_plan",
    "comparability_plan", "stability_study", "deviation_rule", "escalation_rule",
})  # fmt: skip
_HIGH = frozenset({"H", "VH"})


def inherited_rank(record: str, sides: Sides, seeds: Iterable[Classified]) -> int:
    """The rank of the highest class among the records that rest on an assumption."""
    resting = resting_on(record, sides)
    changed = (
        CLASS_RANK[seed.rule_class] for seed in seeds if seed.change.record in resting and seed.change.record != record
    )
    return max((*changed, *(_rank_as_such(one, sides) for one in resting)), default=CLASS_RANK["moderate"])


def resting_on(record: str, sides: Sides) -> frozenset[str]:
    """The records that rest on an assumption before or after the change."""
    named = {str(one) for raw in sides.both(record) for one in raw.get("affected") or ()}
    return frozenset({*named, *citing(record, sides, "assumption")})


def citing(record: str, sides: Sides, *fields: str) -> set[str]:
    """The records that name this one in a field whose last part is one of these, before or after the change."""
    found = set()
    for known_as in {record, sides.former_ids.get(record, record)}:
        for other, name, direction, prose in sides.index.neighbours.get(known_as, ()):
            last = name.rpartition(".")[2].partition("[")[0]
            if direction == "referred" and not prose and last in fields:
                found.add(other)
    return found


def _rank_as_such(record: str, sides: Sides) -> int:
    return CLASS_RANK["major" if any(_major(raw) for raw in sides.both(sides.base(record))) else "moderate"]


def _major(raw: Raw) -> bool:
    kind = raw.get("kind")
    if kind == "process_parameter":
        return raw.get("classification") in CRITICAL
    if kind == "quality_attribute":
        return raw.get("critical") is not False or raw.get("criticality") in _HIGH
    return kind in _MAJOR_AS_SUCH
