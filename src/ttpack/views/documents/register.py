"""Records in full, or as one table a kind with the fields that matter most."""

from collections.abc import Sequence
from typing import Any, Final

from ttpack.model.ids import is_record_id
from ttpack.model.parameter import ProcessParameter
from ttpack.model.quantity import Range
from ttpack.model.record import Record
from ttpack.model.regulatory import ChangeRecord
from ttpack.views.blocks import Block, Column, Inlines, Row, Section, Strong, Table, Text
from ttpack.views.change_record import change_record_section
from ttpack.views.documents.given import Given
from ttpack.views.field_units import field_unit
from ttpack.views.record import inlines, plain_prose, record_section
from ttpack.views.unit_operation import parameter_section
from ttpack.views.words import label, range_inlines, unit_words, words

MOST_COLUMNS: Final = 7
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "analytical_method": ("method_type", "purposes", "attributes", "compendial_reference", "range", "version"),
    "approval": ("document", "document_revision", "meaning", "role", "approved_on"),
    "assumption": ("statement", "affected", "impact", "sending_owner", "receiving_owner", "due_gate", "outcome"),
    "automation_map": ("parameter", "sending", "receiving", "differences"),
    "batch_record": ("version", "site", "level", "unit_operation", "steps"),
    "bill_of_materials": ("scale_basis", "site", "lines"),
    "cleaning": ("equipment", "strategy", "procedure", "agent", "limit", "dirty_hold", "clean_hold"),
    "communication": ("exchange", "cadence", "channel", "participants", "record_location"),
    "decision": ("question", "options", "chosen", "why", "deciders", "decided_on"),
    "equipment_requirement": ("unit_operation", "function", "capabilities", "materials_of_construction", "automation"),
    "escalation_rule": ("deviation_class", "stages", "clock_start", "clock_hours", "levels"),
    "established_condition": ("element", "market", "registered_detail", "filed_value", "filed_range", "category"),
    "hold_time": (
        "intermediate", "temperature", "container", "chemical_maximum", "microbial_maximum", "operated_limit", "limits",
    ),
    "in_process_control": ("unit_operation", "point", "test", "limit_type", "limit", "criterion", "action"),
    "investment": ("item", "site", "need_date", "lead_time", "decision"),
    "material": ("material_class", "grade", "specification", "quantity_per_batch", "storage", "suppliers"),
    "method_transfer": (
        "method", "from_laboratory", "to_laboratory", "approach", "samples", "acceptance", "result",
    ),
    "objective": ("party", "topic", "metric", "target_value", "conflicts_with", "agreed_priority"),
    "open_item": ("question", "owner", "due", "due_gate", "relates_to", "answer"),
    "organisation": ("party", "legal_name", "country", "sites"),
    "quality_target": ("attribute", "target", "target_range", "rationale", "quality_attributes"),
    "readiness_item": ("category", "criterion", "sending_score", "receiving_score", "evidence", "due_gate"),
    "room": ("room_number", "grade", "temperature", "relative_humidity", "pressure_difference", "unit_operations"),
    "run": ("run_kind", "site", "unit_operation", "scale", "started_on", "planned_on", "conclusions"),
    "sampling": ("unit_operation", "point", "purpose", "tests", "volume", "replicates", "storage"),
    "site": ("site_role", "organisation", "scale", "country", "activities"),
    "site_equipment": (
        "site", "tag", "equipment_class", "unit_operations", "meets", "working_volume", "qualification",
    ),
    "specification": ("article", "attribute", "test", "criterion", "acceptance", "release", "stability"),
    "step": ("unit_operation", "order", "instruction", "actor", "parameters", "end_criterion", "verification"),
    "step_linkage": ("from_unit_operation", "to_unit_operation", "attributes"),
    "term": ("term", "definition", "site_synonyms"),
    "training": ("step", "skill", "site", "trainer", "evaluation", "qualified_operators", "required_per_shift"),
    "utility": ("site", "utility_type", "capacity", "peak_demand", "quality", "qualified"),
}  # fmt: skip
"""The columns of a table where a section names none, by kind."""
_LEFT_OUT: Final = frozenset({"kind", "id", "title", "status", "audience", "body", "know_how", "attachments", "source"})


def in_full(given: Given) -> tuple[Block, ...]:
    """Each record with all it says."""
    return tuple(one_in_full(given, record) for record in given.records)


def one_in_full(given: Given, record: Record) -> Section:
    """A record with all it says, in the layout of its kind."""
    if isinstance(record, ChangeRecord):
        return change_record_section(given.package, record)
    if isinstance(record, ProcessParameter):
        return parameter_section(given.package, record)
    return record_section(given.package, record)


def as_tables(given: Given) -> tuple[Block, ...]:
    """One table for each kind among the records, in the order in which kinds come."""
    found = []
    for kind in dict.fromkeys(record.kind for record in given.records):
        records = [record for record in given.records if record.kind == kind]
        found.append(table(given, records, given.fields or _fields(records)))
    return tuple(found)


def table(given: Given, records: Sequence[Record], fields: Sequence[str]) -> Table:
    """A row a record: its title, and one column for each of the fields that any of them has."""
    cells = {name: [_cell(given, record, name) for record in records] for name in fields}
    shown = [name for name in fields if any(cells[name])]
    rows = tuple(
        Row((_name(record), *(cells[name][place] for name in shown)), record.id) for place, record in enumerate(records)
    )
    kind = words(records[0].kind)
    return Table((Column(label(kind)), *(Column(_head(name)) for name in shown)), rows, label(f"{kind}s"))


def _head(name: str) -> str:
    return label(name.rpartition(".")[2])


def _name(record: Record) -> Inlines:
    return (Strong(record.name), Text(f" ({record.id})")) if record.title else (Strong(record.id),)


def _fields(records: Sequence[Record]) -> tuple[str, ...]:
    """What a kind's table shows: what is known to matter, else its first fields in use."""
    known = FIELDS.get(records[0].kind)
    if known:
        return known
    names = dict.fromkeys(name for record in records for name in type(record).model_fields if name not in _LEFT_OUT)
    used = [name for name in names if any(getattr(record, name, None) not in (None, (), {}) for record in records)]
    return tuple(used[:MOST_COLUMNS])


def _cell(given: Given, record: Record, path: str) -> Inlines:
    """What stands at a dotted field; nothing where the record has none of that name."""
    part: Any = record
    unit = getattr(record, "unit", None)
    for name in path.split("."):
        if name not in getattr(type(part), "model_fields", {}) or name == "body":
            return ()
        holder, part = part, getattr(part, name)
        unit = field_unit(holder, name, getattr(holder, "unit", None) or unit)
    if part in (None, (), {}):
        return ()
    if isinstance(part, Range):
        return range_inlines(part, unit)
    if path.endswith("unit") and isinstance(part, str):
        return (Text(unit_words(part)),)
    if isinstance(part, str) and not is_record_id(part):
        return (Text(plain_prose(given.package, part) if " " in part else words(part)),)
    return inlines(given.package, part, unit)
