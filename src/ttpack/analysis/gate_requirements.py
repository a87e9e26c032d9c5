"""Which kinds of records each gate requires, and under which words (model.md, "Required by gate")."""

from collections.abc import Mapping
from typing import Any, Final

from ttpack.model.record import GATES

REQUIRED_BY_GATE: Final[Mapping[str, tuple[str, ...]]] = {
    "G0": ("package", "quality_target", "governance_body", "responsibility", "objective", "term"),
    "G1": (
        "process", "unit_operation", "process_parameter", "quality_attribute", "know_how", "historical_deviation",
        "equipment_requirement", "assumption", "document",
    ),
    "G2": (
        "site_equipment", "risk", "material", "supplier", "analytical_method", "step_linkage", "change_procedure",
        "deviation_rule", "escalation_rule", "validation_strategy",
    ),
    "G3": (
        "step", "batch_record", "training", "in_process_control", "sampling", "hse_item", "room", "utility",
        "comparability_plan",
    ),
    "G4": ("run", "method_transfer", "hold_time", "cleaning", "quality_agreement"),
    "G5": ("ppq_plan", "established_condition"),
}  # fmt: skip
"""Kinds by the gate that asks for them, version 1."""

KIND_WORDS: Final[Mapping[str, str]] = {"know_how": "know-how", "hse_item": "HSE item", "ppq_plan": "PPQ plan"}
"""Kinds whose words are not their code with spaces."""


def required_kinds(changed: Mapping[Any, Any] | None) -> dict[str, tuple[str, ...]]:
    """By gate the kinds it requires; `changed` is what the package says in `required_by_gate`."""
    own = {str(gate): tuple(kinds or ()) for gate, kinds in (changed or {}).items()}
    return {gate: own.get(gate, REQUIRED_BY_GATE.get(gate, ())) for gate in GATES}


def kind_words(kind: str) -> str:
    """A kind of record in words."""
    return KIND_WORDS.get(kind, kind.replace("_", " "))
