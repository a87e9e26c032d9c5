"""The standard types of controlled documents: what each is called, and its sections (model.md, "Documents")."""

import re
from collections.abc import Mapping
from typing import Final

from ttpack.analysis.controlled_documents.sections import Section

_CRITICAL: Final = {"classification": ["CPP", "WC-CPP"]}
_OPEN: Final = {"status": ["open", "in_review", "draft", None]}
_PARTIES: Final = Section("Parties and sites", ("organisation", "site"), "table")
_FLOW: Final = Section("Unit operations", ("process", "unit_operation"), "process_flow")
_LINKAGES: Final = Section("Linkages", ("step_linkage",), "table")
_HOLDS: Final = Section("Holds", ("hold_time",), "table")
_IN_PROCESS: Final = Section("In-process controls", ("in_process_control",), "table")
_MATERIALS: Final = Section("Materials", ("material", "bill_of_materials"), "table")
_PARAMETERS: Final = Section("Parameters", ("process_parameter", "site_overlay"), "parameters")
_SPECIFICATIONS: Final = Section("Specifications", ("specification",), "table")
_ATTRIBUTES: Final = Section("Quality attributes", ("quality_attribute",), "control_matrix")
_GATES: Final = Section("Gates", ("gate",), "gate")
_RISKS: Final = Section("Risks", ("risk",), "risk_matrix")
_RUNS: Final = Section("Runs", ("run",), "runs")
_BODIES: Final = Section("Bodies", ("governance_body",))
_RESPONSIBILITIES: Final = Section("Responsibilities", ("responsibility",), "responsibilities")
_COMMUNICATION: Final = Section("Communication", ("communication",), "table")
_ESCALATION: Final = Section("Escalation", ("escalation_rule",), "table")
_METHODS: Final = Section("Methods", ("analytical_method",), "table")
_TRANSFERS: Final = Section("Approach", ("method_transfer",), "table")
_COMPARABILITY: Final = Section("Comparability", ("comparability_plan",))
_QUALIFICATION: Final = Section("Qualification", ("validation_strategy", "ppq_plan"))
_ASSUMPTIONS: Final = Section("Assumptions and open items", ("assumption", "open_item"), "table", _OPEN)
_EQUIPMENT: Final = Section("Equipment", ("site_equipment",), "table")
_KNOW_HOW: Final = Section("Know-how", ("know_how",))

PACKAGE_TYPE: Final = "technology transfer package"

_TYPES: Final[Mapping[str, tuple[tuple[str, ...], tuple[Section, ...]]]] = {
    "transfer plan": (
        ("technology transfer plan", "transfer protocol", "technology transfer protocol", "transfer plan and protocol"),
        (
            _PARTIES, _FLOW, _GATES, _RESPONSIBILITIES, _TRANSFERS,
            Section("Equipment and facility", ("equipment_requirement",), "table"), _RUNS, _QUALIFICATION,
            _COMPARABILITY, _RISKS, _ASSUMPTIONS, Section("Training", ("training",), "table"),
        ),
    ),
    "process description": (
        ("manufacturing process description",),
        (_FLOW, _PARAMETERS, Section("Steps", ("step",), "batch_steps"), _LINKAGES, _HOLDS, _IN_PROCESS, _MATERIALS),
    ),
    "control strategy": (
        ("integrated control strategy",),
        (
            Section("Quality target product profile", ("quality_target",), "table"), _ATTRIBUTES,
            Section("Critical process parameters", ("process_parameter", "site_overlay"), "parameters", _CRITICAL),
            _SPECIFICATIONS, _IN_PROCESS, Section("Design spaces", ("design_space",)),
            Section("Established conditions", ("established_condition",), "table"),
        ),
    ),
    "facility fit": (
        ("facility fit and gap report", "facility fit report", "gap report", "facility fit and gap assessment"),
        (
            Section("Sites", ("site",)), Section("Requirements", ("equipment_requirement",)),
            Section(
                "Fit",
                (
                    "package", "process", "unit_operation", "process_parameter", "site_overlay", "process_attribute",
                    "step", "step_linkage", "material", "cleaning", "scale_characterisation", "risk",
                ),
                "fit",
            ),
            _EQUIPMENT, Section("Rooms and utilities", ("room", "utility"), "table"),
            Section("Automation", ("automation_map",), "table"),
            Section("Gaps", ("open_item", "investment"), "table", {"status": ["open", "in_review", "draft", None]}),
        ),
    ),
    "risk assessment": (
        ("quality risk assessment", "risk management report", "risk register"),
        (Section("Scales", ("risk_scale",)), Section("Transfer risks", ("risk",), "risk_matrix")),
    ),
    "analytical transfer plan": (
        (
            "analytical method transfer plan", "method transfer plan", "analytical method transfer protocol",
            "analytical transfer protocol",
        ),
        (_METHODS, _TRANSFERS, Section("Acceptance", ("specification",), "table"),
            Section("Reference standards", ("reference_standard",), "table")),
    ),
    "engineering run report": (
        ("engineering-run report", "run report"),
        (
            _RUNS, Section("Past deviations", ("historical_deviation",)), Section("Know-how gained", ("know_how",)),
        ),
    ),
    "responsibility matrix": (("raci", "raci matrix", "responsibility assignment matrix"), (_RESPONSIBILITIES,)),
    "governance plan": (
        ("joint governance plan", "governance charter"),
        (
            _BODIES, _RESPONSIBILITIES, _COMMUNICATION, _ESCALATION,
            Section("Objectives and conflicts", ("objective",), "table"),
        ),
    ),
    "change impact record": (
        ("change impact assessment", "change impact"),
        (Section("Change and its impact", ("change_record",), "changes"),),
    ),
    "ppq readiness report": (
        ("ppq readiness", "process performance qualification readiness report"),
        (
            _GATES, Section("Readiness", ("readiness_item",), "readiness"), _QUALIFICATION,
            Section("Batch records", ("batch_record",), "table"), _TRANSFERS,
            Section("Training", ("training",), "table"), Section("Cleaning", ("cleaning",), "table"),
            _ASSUMPTIONS, _RISKS,
            Section(
                "Records looked at",
                (
                    "unit_operation", "process_parameter", "quality_attribute", "evidence", "analytical_method",
                    "specification", "in_process_control", "site", "site_equipment", "utility", "material", "supplier",
                    "historical_deviation", "risk_scale", "role", "organisation",
                ),
                "table",
                fields=("status", "qualification", "qualified", "calibration_due", "outcome"),
            ),
        ),
    ),
    "transfer report": (
        ("technology transfer report", "transfer summary report", "final transfer report"),
        (
            _PARTIES, _GATES, _RUNS, _TRANSFERS, _COMPARABILITY, _QUALIFICATION, _ASSUMPTIONS,
            Section("Decisions", ("decision",), "table"), _KNOW_HOW,
        ),
    ),
    "batch record": (
        ("draft batch record", "master batch record", "draft master batch record", "batch production record"),
        (
            Section(
                "Batch record",
                (
                    "unit_operation", "step", "process_parameter", "site_overlay", "in_process_control", "hold_time",
                    "sampling", "material", "bill_of_materials",
                ),
                "batch_steps",
            ),
        ),
    ),
    "monitoring plan": (
        ("characterisation and monitoring plan", "continued verification plan"),
        (Section("Attributes tested outside release", ("analytical_method", "quality_attribute"), "table"),
         Section("Frequency", ("sampling",), "table")),
    ),
    "validation plan": (
        ("validation master plan",),
        (
            Section("Strategy", ("validation_strategy", "ppq_plan")), Section("Cleaning", ("cleaning",), "table"),
            Section("Filters", ("simulation",), "table"), _HOLDS, _COMPARABILITY,
        ),
    ),
    PACKAGE_TYPE: (
        ("transfer package", "whole package", "tech transfer package", "package"),
        (
            Section("Scope", ("package",)), _PARTIES, Section("Process", ("process", "unit_operation"), "process_flow"),
            _PARAMETERS, Section("Steps", ("step",), "batch_steps"), _LINKAGES, _HOLDS,
            Section("Quality", ("quality_target", "quality_attribute"), "control_matrix"), _SPECIFICATIONS,
            _IN_PROCESS, _METHODS, _TRANSFERS, _MATERIALS,
            Section("Equipment", ("equipment_requirement", "site_equipment"), "table"), _RISKS, _KNOW_HOW,
            Section("Governance", ("governance_body",)), _RESPONSIBILITIES, _GATES, _QUALIFICATION,
        ),
    ),
}  # fmt: skip


def plain_name(name: str) -> str:
    """A name of a type or of a section without case and separators, so that spellings of it are one."""
    return " ".join(re.split(r"[\s_\-/,.:;()&]+", name.casefold())).strip()


_BY_NAME: Final = {
    plain_name(name): known for known, (aliases, _) in _TYPES.items() for name in (known, *aliases)
}  # fmt: skip


def standard_type(name: str) -> str:
    """The standard type of that name or alias, in its usual words; "" where there is none."""
    return _BY_NAME.get(plain_name(name), "")


def standard_sections(name: str) -> tuple[Section, ...]:
    """The sections of a standard type, by its name or an alias; none for any other name."""
    found = standard_type(name)
    return _TYPES[found][1] if found else ()


def standard_types() -> tuple[str, ...]:
    """The names of all standard types."""
    return tuple(_TYPES)
