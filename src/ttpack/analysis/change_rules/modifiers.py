"""What raises the class of a change by one level (change-control.md, step 5; A-Mab Table 7.1).

Modifiers count records changed directly, not records reached, and raise from moderate upward. Where it is open what
counts, this is the reading: a unit operation is affected if a record of the process there has a change of moderate
class or more (a minor remark elsewhere makes no joint change); a limit is that of a high attribute if the attribute,
its specification or its in-process control is changed itself; evidence is removed from a record where a reference to
evidence goes, or the evidence record does. The change that removes evidence and the assumption refuted are raised too.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.inherited import citing, resting_on
from ttpack.analysis.change_rules.rule import Classified
from ttpack.analysis.change_rules.sides import Raw, Sides, State, field_path
from ttpack.analysis.change_rules.units_affected import unit_operations
from ttpack.model.status import APPROVED

HIGH_CRITICALITY = frozenset({"H", "VH"})
_VIRAL_CLASSES: Mapping[str, str] = {
    "low_ph_viral_inactivation": "viral inactivation", "virus_filtration": "virus filtration",
    "viral_inactivation": "viral inactivation", "viral_filtration": "virus filtration",
}  # fmt: skip
_STERILE_CLASSES = frozenset({"filling", "lyophilisation", "fill"})
_NOT_OF_THE_PROCESS = frozenset({
    "approval", "assumption", "at_risk_decision", "calendar", "change_procedure", "change_record", "communication",
    "decision", "document", "evidence", "gate", "governance_body", "historical_deviation", "know_how", "objective",
    "open_item", "organisation", "package", "person", "quality_agreement", "read_back", "regulatory_profile",
    "regulatory_state", "regulatory_watch", "responsibility", "risk", "risk_scale", "role", "run", "term", "training",
    "unit_definition", "waiver", "not_applicable", "investment", "demand_forecast", "simulation",
})  # fmt: skip


def modifiers(
    seeds: Sequence[Classified], raisable: Sequence[bool], sides: Sides, fit_fails: Mapping[str, str]
) -> list[tuple[str, ...]]:
    """For each classified change the modifiers that raise it, in words; none for one that cannot be raised.

    `fit_fails` says by changed record what fitted before and does not after.
    """
    if not any(raisable):
        return [() for _ in seeds]
    weighty = [seed.change for seed, may in zip(seeds, raisable, strict=True) if may or seed.rule_class == "major"]
    asked: list[Callable[[str], str]] = [
        _from(_several_unit_operations(weighty, sides)),
        partial(_high_criticality, sides=sides),
        partial(_viral_or_sterile, sides=sides),
        partial(_after_protocol, sides=sides, protocols=_approved_protocols(sides)),
        _from(_removed_evidence(sides)),
        _from(fit_fails),
        _from(_refuted(sides)),
    ]
    known: dict[str, tuple[str, ...]] = {}
    found = []
    for seed, may in zip(seeds, raisable, strict=True):
        record = seed.change.record
        if may and record not in known:
            known[record] = tuple(words for ask in asked if (words := ask(record)))
        found.append(known[record] if may else ())
    return found


def _from(words: Mapping[str, str]) -> Callable[[str], str]:
    return lambda record: words.get(record, "")


def _several_unit_operations(weighty: Iterable[Change], sides: Sides) -> Mapping[str, str]:
    """More than one unit operation affected: A-Mab Table 7.1, columns D to F."""
    of_record: dict[str, frozenset[str]] = {}
    for change in weighty:
        if change.record not in of_record and change.record_kind not in _NOT_OF_THE_PROCESS:
            of_record[change.record] = unit_operations(change.record, sides)
    everything = sorted({unit for units in of_record.values() for unit in units})
    if len(everything) <= 1:
        return {}
    words = f"more than one unit operation affected: {', '.join(everything)}"
    return {record: words for record, units in of_record.items() if units}


def _high_criticality(record: str, sides: Sides) -> str:
    """The changed record is an attribute of high criticality, or states a limit of one."""
    for raw, state in _each(record, sides):
        limits = raw.get("kind") in ("specification", "in_process_control")
        name = str(raw.get("attribute") or "") if limits else record
        attribute = state.get(name) if limits else raw
        if attribute.get("kind") == "quality_attribute" and attribute.get("criticality") in HIGH_CRITICALITY:
            return f"attribute of high criticality: {name} is {attribute['criticality']}"
    return ""


def _viral_or_sterile(record: str, sides: Sides) -> str:
    """The changed record belongs to a viral-safety or sterility step, or a virus clearance claim rests on it."""
    base = sides.base(record)
    for raw, state in _each(base, sides):
        if raw.get("kind") in _NOT_OF_THE_PROCESS:
            continue
        if raw.get("viral_safety") is True:
            return f"viral safety: virus clearance rests on {base}"
        if raw.get("kind") == "unit_operation" and raw.get("viral_clearance"):
            return f"viral safety: {base} claims virus clearance"
        for unit in sorted(unit_operations(record, sides)):
            step = state.get(unit)
            classes = {str(step.get("operation_class")), str(step.get("stage"))}
            for name in sorted(classes & _VIRAL_CLASSES.keys()):
                return f"viral safety: {unit} is a {_VIRAL_CLASSES[name]} step"
            if classes & _STERILE_CLASSES:
                return f"sterility: {unit} is a sterile step"
        if raw.get("kind") == "room" and raw.get("grade") in ("A", "B"):
            return f"sterility: {record} is a room of grade {raw['grade']}"
    claims = sorted(one for one in citing(base, sides, "parameters") if sides.index.kinds.get(one) == "unit_operation")
    return f"viral safety: a clearance claim of {claims[0]} rests on {base}" if claims else ""


def _approved_protocols(sides: Sides) -> list[tuple[str, str | None]]:
    """PPQ plans approved before the change, with their sites."""
    return [
        (plan, raw.get("site"))
        for plan, raw in sides.before.of_kind("ppq_plan")
        if raw.get("approved_on") or raw.get("status") in APPROVED
    ]


def _after_protocol(record: str, sides: Sides, protocols: list[tuple[str, str | None]]) -> str:
    """The change comes after the approval of a PPQ protocol that covers the record: of its site, or of no one's."""
    if sides.index.kinds.get(record) in _NOT_OF_THE_PROCESS:
        return ""
    site = sides.index.sites.get(record)
    covering = (plan for plan, at in protocols if site is None or at in (None, site))
    return next((f"after approval of PPQ protocol {plan}" for plan in covering), "")


def removes_evidence(change: Change) -> bool:
    """Whether a change takes a reference to evidence from a record, or the evidence itself from the package."""
    if change.record_kind == "evidence" and change.kind == "record_removed":
        return True
    parts = field_path(change).split(".")
    if parts[-1] != "evidence":
        return False
    return change.kind in ("reference_removed", "field_removed", "item_removed") or (
        change.kind == "value_changed" and change.before is not None
    )


def _removed_evidence(sides: Sides) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for record, changes in sides.by_record.items():
        for change in changes:
            if removes_evidence(change):
                what = _evidence_named(change)
                found.setdefault(record, f"the change removes evidence: {what}")
    return found


def _evidence_named(change: Change) -> str:
    if change.kind == "record_removed":
        return change.record
    before = change.before if isinstance(change.before, list) else [change.before]
    return ", ".join(str(one) for one in before)


def _refuted(sides: Sides) -> Mapping[str, str]:
    """Refuted assumptions, and what rests on them."""
    found: dict[str, str] = {}
    for assumption, raw in sides.after.of_kind("assumption"):
        if raw.get("status") == "refuted":
            for record in (assumption, *sorted(resting_on(assumption, sides))):
                found.setdefault(record, f"assumption refuted: {assumption}")
    return found


def _each(record: str, sides: Sides) -> Iterable[tuple[Raw, State]]:
    return ((raw, state) for raw, state in ((sides.was(record), sides.before), (sides.now(record), sides.after)) if raw)
