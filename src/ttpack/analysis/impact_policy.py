"""How a change travels along each kind of edge (change-control.md, step 4): action, how far, and why.

An edge is named by the kinds at its ends, in the direction in which the change travels; it exists where either
record refers to the other. `carries` says whether what is reached passes the change on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Action = Literal["revise", "assess", "inform"]
ACTIONS: tuple[Action, ...] = ("revise", "assess", "inform")
ACTION_RANK: dict[str, int] = {action: rank for rank, action in enumerate(ACTIONS)}


@dataclass(frozen=True, slots=True)
class Edge:
    """Policy of one kind of edge. `depth` is how many edges from the change it may lie at most; None is no limit.

    What lies behind is never asked for more than what led there: `passes` is the most, by default the action itself.
    `knowledge` says that from there on only what rests on how well a value is known is concerned, not the value.
    """

    action: Action
    reason: str
    carries: bool = True
    depth: int | None = None
    passes: Action | None = None
    knowledge: bool = False


_P, _Q = "process_parameter", "quality_attribute"

EDGES: dict[tuple[str, str], Edge] = {
    (_P, _Q): Edge("assess", "the parameter acts on the attribute"),
    (_P, "process_attribute"): Edge("assess", "the parameter acts on the attribute", carries=False),
    (_Q, "specification"): Edge("assess", "the specification limits the attribute"),
    (_Q, "in_process_control"): Edge("assess", "the test checks the attribute", carries=False),
    (_Q, "design_space"): Edge("assess", "the model predicts the attribute", carries=False, depth=1),
    (_Q, "quality_target"): Edge("inform", "the target rests on the attribute", carries=False),
    (_Q, "comparability_plan"): Edge("assess", "the plan compares the attribute", carries=False),
    (_Q, "ppq_plan"): Edge("assess", "the plan judges the attribute", carries=False),
    ("specification", "analytical_method"): Edge("inform", "the method measures against the specification"),
    ("specification", "stability_study"): Edge("assess", "the study tests the specification", carries=False),
    ("specification", "sampling"): Edge("inform", "the sample serves the test", carries=False),
    ("analytical_method", "method_transfer"): Edge("inform", "the method is transferred", carries=False),
    (_P, "step"): Edge("revise", "the step carries out the parameter"),
    ("step", "batch_record"): Edge("revise", "the batch record holds the step"),
    (_P, "batch_record"): Edge("revise", "the batch record prints the parameter"),
    ("batch_record", "training"): Edge("assess", "operators are trained on the batch record", carries=False),
    ("step", "training"): Edge("assess", "operators are trained in the step", carries=False),
    ("step", "read_back"): Edge("assess", "the read-back states how the step is done", carries=False),
    (_P, "read_back"): Edge("assess", "the read-back states how the parameter is held", carries=False),
    (_P, "site_overlay"): Edge("revise", "the site's value stands over the parameter"),
    ("site_overlay", _P): Edge("inform", "the site's value stands over the parameter", depth=1, passes="revise"),
    (_P, "equipment_requirement"): Edge("assess", "the requirement serves the parameter"),
    ("equipment_requirement", "site_equipment"): Edge("assess", "facility fit of the equipment", carries=False),
    (_P, "site_equipment"): Edge("assess", "facility fit of the equipment", carries=False),
    (_P, "automation_map"): Edge("revise", "tags and alarm limits follow the parameter", carries=False),
    (_P, "risk"): Edge("assess", "the risk was scored on the parameter", carries=False),
    (_P, "in_process_control"): Edge("assess", "the test checks the parameter", carries=False),
    (_P, "design_space"): Edge("assess", "the model has the parameter as a factor", carries=False),
    (_P, "ppq_plan"): Edge("assess", "the plan judges the parameter", carries=False),
    (_P, "established_condition"): Edge("assess", "what is filed of the parameter"),
    (_P, "deviation_rule"): Edge("assess", "the rule classes excursions of the parameter"),
    (_P, "run"): Edge("inform", "the run recorded the parameter", carries=False),
    (_P, "know_how"): Edge("inform", "know-how on the parameter", carries=False),
    (_P, "assumption"): Edge("assess", "the assumption affects the parameter", carries=False),
    (_P, "unit_operation"): Edge("inform", "the parameter belongs to the unit operation", carries=False),
    (_P, _P): Edge("assess", "the parameter interacts", carries=False, depth=1),
    (_P, "validation_strategy"): Edge("inform", "validation covers the critical parameters", carries=False, depth=1),
    ("ppq_plan", "validation_strategy"): Edge("inform", "the plan carries out the strategy", carries=False),
    (_P, "scale_characterisation"): Edge("assess", "the figure is derived from the parameter", carries=False),
    ("established_condition", "regulatory_state"): Edge("assess", "the state of the market", carries=False),
    ("deviation_rule", "escalation_rule"): Edge("inform", "escalation follows the class", carries=False),
    ("evidence", _P): Edge("assess", "the parameter rests on the evidence", depth=1, knowledge=True),
    ("evidence", _Q): Edge("assess", "the attribute rests on the evidence", carries=False, depth=1),
    ("evidence", "design_space"): Edge("assess", "the model rests on the evidence", carries=False, depth=1),
    ("evidence", "hold_time"): Edge("assess", "the hold rests on the evidence", carries=False, depth=1),
    ("design_space", _P): Edge("assess", "the parameter is a factor of the model", carries=False, depth=1),
    ("design_space", _Q): Edge("assess", "the model predicts the attribute", depth=1),
    ("unit_operation", "step_linkage"): Edge("assess", "what the unit operation hands over", depth=1),
    ("step_linkage", "unit_operation"): Edge("assess", "what the unit operation receives or hands over", carries=False),
    ("unit_operation", "process"): Edge("assess", "the process consists of the unit operation", carries=False, depth=1),
    ("unit_operation", "batch_record"): Edge("revise", "the batch record describes the unit operation", depth=1),
    ("unit_operation", "cleaning"): Edge("inform", "cleaning of the unit operation", carries=False, depth=1),
    ("hold_time", "step"): Edge("revise", "the step holds the intermediate"),
    ("hold_time", "in_process_control"): Edge("assess", "the result has to arrive within the hold", carries=False),
    ("hold_time", "campaign"): Edge("assess", "the schedule respects the hold", carries=False),
    ("material", "step"): Edge("revise", "the step consumes the material"),
    ("material", "supplier"): Edge("assess", "the supplier delivers the material", carries=False),
    ("material", "bill_of_materials"): Edge("revise", "the bill of materials lists the material", carries=False),
    ("material", "unit_operation"): Edge("assess", "the unit operation uses the material"),
    ("material", _P): Edge("assess", "the parameter limits how often the material is used", carries=False),
    ("material", "evidence"): Edge("assess", "the study was run with the material", carries=False, depth=2),
    ("unit_operation", _Q): Edge("assess", "the unit operation forms, clears or controls the attribute", depth=3),
    ("unit_operation", "stability_study"): Edge(
        "assess", "the study keeps what the process makes", carries=False, depth=3
    ),
    ("unit_operation", "site_equipment"): Edge("assess", "the equipment serves the unit operation", depth=1),
    ("supplier", "material"): Edge("assess", "the material comes from the supplier", depth=1),
    ("cell_bank", "unit_operation"): Edge("assess", "the unit operation starts from the bank", carries=False),
    ("analytical_method", "specification"): Edge(
        "assess", "the specification names the method", carries=False, depth=1
    ),
    ("analytical_method", "in_process_control"): Edge("assess", "the test uses the method", carries=False, depth=1),
    ("analytical_method", _Q): Edge("inform", "the method measures the attribute", carries=False, depth=1),
    ("analytical_method", "cleaning"): Edge("assess", "cleaning is judged by the method", carries=False, depth=1),
    ("reference_standard", "analytical_method"): Edge("assess", "the method uses the standard", depth=1),
    ("specification", _Q): Edge("inform", "the attribute is limited by the specification", carries=False, depth=1),
    ("in_process_control", "step"): Edge("revise", "the step includes the test"),
    ("in_process_control", "sampling"): Edge("assess", "the sample serves the test", carries=False),
    ("in_process_control", _Q): Edge("inform", "the test controls the attribute", carries=False, depth=1),
    ("sampling", "in_process_control"): Edge("assess", "the test uses the sample", carries=False),
    ("risk_scale", "risk"): Edge("assess", "the risk is scored on the scale", depth=1),
    ("risk", _P): Edge("assess", "the class follows from the risk", carries=False, depth=1),
    ("risk", "material"): Edge("inform", "the risk is about the material", carries=False, depth=1),
    ("equipment_requirement", _P): Edge("inform", "the requirement serves the parameter", carries=False, depth=1),
    ("site_equipment", "equipment_requirement"): Edge("assess", "the requirement is met by the equipment", depth=1),
    ("site_equipment", "cleaning"): Edge("assess", "the equipment is cleaned", carries=False),
    ("site_equipment", "unit_operation"): Edge(
        "assess", "the unit operation runs on the equipment", carries=False, depth=1
    ),
    ("room", "site_equipment"): Edge("assess", "the equipment stands in the room", carries=False),
    ("utility", "site_equipment"): Edge("assess", "the equipment uses the utility", carries=False),
    ("quality_target", _Q): Edge("assess", "the attribute serves the target"),
    ("process_attribute", _P): Edge("inform", "the parameter moves the attribute", carries=False, depth=1),
    ("validation_strategy", "ppq_plan"): Edge("revise", "the plan follows the strategy", carries=False),
    ("assumption", "gate"): Edge("assess", "the gate waits for the assumption", carries=False),
    ("deviation_rule", "quality_agreement"): Edge("assess", "the agreement holds the terms", carries=False),
    ("escalation_rule", "quality_agreement"): Edge("assess", "the agreement holds the clocks", carries=False),
    ("role", "responsibility"): Edge("assess", "the role answers for the activity", carries=False),
    ("person", "role"): Edge("assess", "the person holds the role", depth=1),
    ("role", "escalation_rule"): Edge("assess", "the role is called", carries=False),
    ("scale_characterisation", "evidence"): Edge("assess", "the study ran on the model", depth=1),
    ("comparability_plan", "run"): Edge("assess", "the run is judged by the plan", carries=False),
    ("term", "document"): Edge("inform", "the document uses the term", carries=False),
}

ASIDE: dict[tuple[str, str], Edge | None] = {
    ("material", "unit_operation"): Edge("assess", "the unit operation uses the material", carries=False),
    ("material", _P): None, ("material", "evidence"): None, ("unit_operation", _Q): None,
    ("unit_operation", "stability_study"): None, ("unit_operation", "site_equipment"): None,
}  # fmt: skip
"""Edges along which a change that leaves the substance of a record as it was travels otherwise; None is not known."""
SUBSTANCE: dict[str, frozenset[str]] = {
    "material": frozenset({
        "", "material_class", "grade", "composition", "specification", "suppliers", "animal_origin", "sterilisation",
        "lifetime", "unit_operations", "attributes", "extractables_reference",
    }),
    "supplier": frozenset({"", "status", "manufacturer", "manufacturing_site", "materials"}),
    "unit_operation": frozenset({
        "", "technology", "mode", "operation_class", "equipment_class", "scale", "scales", "order", "viral_clearance",
        "inputs", "process_analytical_technology",
    }),
}  # fmt: skip
"""The fields that say what a record is, of kinds that are also kept in stock, scheduled or paid for."""

SITE = Edge("assess", "everything at the site", carries=False, depth=1)
SHOWN = Edge("revise", "the document shows the record", carries=False)
CONTROLLED = Edge("assess", "the parameter controls the attribute")
CLAIMED = Edge("assess", "virus clearance is claimed on the parameter", carries=False)
CLEARED = Edge("assess", "virus clearance was shown in the study", carries=False, depth=3)
MEASURED = Edge("assess", "the method measures what the unit operation leaves", carries=False)
EXCHANGED = Edge("assess", "it is used there now, or no longer")
QUOTED = Edge("revise", "its text prints a value of the record", carries=False)
MENTIONED = Edge("inform", "its text mentions the record", carries=False, depth=1)
DERIVED = Edge("revise", "its value is computed from the record")
WAIVED = Edge("assess", "the waiver rests on the record as it was", carries=False, depth=1)
REFERRED = Edge("inform", "it refers to the record", carries=False, depth=1)


def of_substance(kind: str, fields: Iterable[str]) -> bool:
    """Whether a change of these fields changes what a record is."""
    known = SUBSTANCE.get(kind)
    return known is None or any(name.partition(".")[0] in known for name in fields)


def edge(  # noqa: PLR0911, PLR0913  one answer for each kind of reference
    from_kind: str, to_kind: str, name: str, direction: str, *, prose: bool, substance: bool = True
) -> Edge | None:
    """How a change travels from one record to another over a reference `name`; None where it does not.

    `direction` is "referred" where the record reached refers to the one the change comes from; `substance` says
    whether the change is about what the record is that it began with.
    """
    referred = direction == "referred"
    if ".inputs." in name:
        return DERIVED if referred else None
    if to_kind == "document" and referred and not prose:
        return SHOWN
    if name.startswith("viral_clearance[") and referred:
        return CLAIMED
    if (from_kind, to_kind) == (_P, _Q) and referred and not prose:
        return CONTROLLED
    if from_kind == "unit_operation" and name.startswith("viral_clearance[") and substance and to_kind == "evidence":
        return CLEARED
    if (from_kind, to_kind) == (_Q, "analytical_method") and not prose:
        return MEASURED
    ends = from_kind, to_kind
    known = ASIDE[ends] if ends in ASIDE and not substance else EDGES.get(ends)
    if known is not None and not prose:
        return known
    if not referred:
        return None
    if prose:
        return QUOTED if " prints " in name else MENTIONED
    if from_kind == "site":
        return SITE
    if to_kind == "waiver":
        return WAIVED
    return REFERRED
