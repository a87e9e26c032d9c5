"""A large package of two parties: 10,000 open items, and people, clocks, classes, readiness and gates in proportion."""

from collections.abc import Iterator
from pathlib import Path

from tests.bench.packages import PER_OPERATION, commit, write_package

GATES = tuple(f"G{number}" for number in range(8))
FUNCTIONS = ("MFG", "MSAT", "QA", "QC", "RA", "ENG", "SC", "VAL", "HSE", "PM", "JSC")
CATEGORIES = (
    "process_knowledge", "materials", "equipment", "automation", "analytical", "validation",
    "quality_system", "regulatory", "people", "hse", "schedule",
)  # fmt: skip
INTERVALS = ("inside_nor", "nor_to_par", "outside_par", "beyond_edge_of_failure")
CLASSES = ("not_a_deviation", "minor", "major", "critical")
EVENTS = (
    "procedure_not_followed", "documentation", "equipment_or_utility_failure", "material_or_sample",
    "environmental_monitoring", "contamination", "computerised_system_or_data", "out_of_specification",
    "out_of_trend", "repeat", "simultaneous", "unknown_duration",
)  # fmt: skip
SITES = ("SITE-B", "SITE-C")
PARAMETERS = 2000

_PARTIES = """\
- {kind: organisation, id: ORG-CDMO, title: Receiver, party: receiving, status: approved, sites: [SITE-C]}
- {kind: calendar, id: CAL-C, title: Days, status: approved, time_zone: Europe/Copenhagen,
   working_days: [mon, tue, wed, thu, fri], day_start: "08:00", day_end: "16:30", holidays: [2026-12-25]}
- {kind: site, id: SITE-C, title: Second site, organisation: ORG-CDMO, site_role: receiving, status: approved,
   calendar: CAL-C}
"""

_PERSON = (
    "- {{kind: person, id: PER-{number:04}, title: Person {number}, organisation: {organisation}, "
    "function: {function}, joined: 2026-01-01, deputy: PER-{deputy:04}, time_zone: Europe/Copenhagen}}\n"
)

_ROLE = (
    "- {{kind: role, id: ROL-{side}-{function}-{number}, title: {function} {number}, organisation: {organisation}, "
    "party: {party}, function: {function}, holders: [{holder}], deputies: [{deputy}], status: approved}}\n"
)

_OPEN_ITEM = """\
kind: open_item
id: OPN-{number:05}
title: Question {number} about loop {number}
audience: [partner]
status: {status}
owner: {owner}
question: Does the control loop {number} of the receiving vessel hold the band that the sender states?
raised_by: ROL-S-MSAT-0
raised_on: 2026-0{month}-10
due: 2026-{due:02}-18
due_gate: {gate}
relates_to: [PRM-U{operation:04}-P{parameter:05}]
disputed: {disputed}
site: {site}
"""

_ASSUMPTION = """\
kind: assumption
id: ASM-{number:05}
title: Assumption {number}
audience: [partner]
status: open
statement: The vessel of loop {number} mixes as the sending vessel does.
topic: equipment_suitability
stated_by: ORG-SPONSOR
stated_on: 2026-05-04
affected: [PRM-U{operation:04}-P{parameter:05}]
impact: medium
confidence: low
verification: An engineering run with loop {number}.
sending_owner: ROL-S-MSAT-0
receiving_owner: ROL-C-MSAT-0
due_gate: {gate}
site: {site}
positions:
  - {{party: ORG-SPONSOR, statement: It does., on: 2026-05-04, agrees: true}}
  - {{party: ORG-CDMO, statement: To be shown., on: 2026-05-04, agrees: false}}
"""

_READINESS = """\
kind: readiness_item
id: RDY-{number:05}
title: Criterion {number}
audience: [partner]
category: {category}
criterion: Criterion {number} is met
weight: 5
site: {site}
sending_score: {{score: {sending}, assessor: ROL-S-QA-0, on: 2026-09-01}}
receiving_score: {{score: 3, assessor: ROL-C-QA-0, on: 2026-09-01}}
sending_owner: ROL-S-MSAT-0
receiving_owner: ROL-C-MSAT-0
evidence: [EVI-DOE]
due_gate: {gate}
"""

_GATE = """\
- kind: gate
  id: GTE-{gate}-{site}
  title: Gate {gate} of {site}
  status: approved
  owner: ROL-S-PM-0
  gate: {gate}
  site: {site}
  criteria: [Knowledge complete]
  evidence: [EVI-DOE]
  decision: undecided
  planned_on: 2027-0{month}-19
  depends_on: [{before}]
"""

_ROW = """\
- kind: deviation_rule
  id: DCR-{number:03}
  title: Row {number}
  audience: [partner]
  status: effective
  owner: ROL-S-QA-0
  {what}
  deviation_class: {deviation_class}
  sponsor_role: sponsor_decides
  site_terms: {{SITE-A: Major, SITE-B: Level 2, SITE-C: Level 2}}
  notify: [ROL-C-QA-0, ROL-S-QA-0]
  agreed_on: 2026-08-20
  agreed_by: [ROL-S-QA-0, ROL-C-QA-0]
  owners: {{investigation: ROL-C-MSAT-0, reporting: ROL-C-MFG-0, corrective_action: ROL-C-MFG-0,
    root_cause_approval: ROL-C-QA-0}}
  sending_owners: {{investigation: ROL-S-MSAT-0, reporting: ROL-S-PM-0, corrective_action: ROL-S-MSAT-0,
    root_cause_approval: ROL-S-QA-0}}
"""

_ESCALATION = """\
- kind: escalation_rule
  id: ESC-{letter}
  title: Escalation of {name}
  audience: [partner]
  status: effective
  owner: ROL-S-QA-0
  deviation_class: {name}
  clock_start: discovery
  clock_hours: working
  local_troubleshooting: {{value: 4, unit: h}}
  levels:
    - {{level: 1, sending_role: ROL-S-MSAT-0, receiving_role: ROL-C-MFG-0, within: {{value: 24, unit: h}},
        fallback: ROL-C-MSAT-0, channel: telephone, decides: false}}
    - {{level: 2, sending_role: ROL-S-QA-0, receiving_role: ROL-C-QA-0, within: {{value: 72, unit: h}},
        fallback: ROL-S-JSC-0, channel: telephone, decides: true}}
"""


def _people() -> Iterator[str]:
    yield _PARTIES
    for number in range(600):
        receiving = number % 2
        yield _PERSON.format(
            number=number,
            organisation=("ORG-SPONSOR", "ORG-CDMO")[receiving],
            function=FUNCTIONS[number // 2 % len(FUNCTIONS)],
            deputy=(number + 22) % 600,
        )
    for number in range(10):
        for place, function in enumerate(FUNCTIONS):
            for receiving, side in enumerate("SC"):
                holder = number * 44 + place * 2 + receiving
                yield _ROLE.format(
                    side=side,
                    function=function,
                    number=number,
                    organisation=("ORG-SPONSOR", "ORG-CDMO")[receiving],
                    party=("sending", "receiving")[receiving],
                    holder=f"PER-{holder:04}",
                    deputy=f"PER-{holder + 22:04}",
                )


def _classes() -> Iterator[str]:
    rows = [
        (f"applies_to: parameter\n  parameter_classes: [{parameter_class}]\n  interval: {interval}", deviation_class)
        for parameter_class in ("CPP", "KPP", "GPP")
        for interval, deviation_class in zip(INTERVALS, CLASSES, strict=True)
    ]
    rows += [(f"applies_to: event\n  event: {event}", "major") for event in EVENTS]
    for number, (what, deviation_class) in enumerate(rows):
        yield _ROW.format(number=number, what=what, deviation_class=deviation_class)
    for name in ("event", *CLASSES[1:]):
        yield _ESCALATION.format(letter=name.upper(), name=name)


def _gates() -> Iterator[str]:
    for site in SITES:
        for number, gate in enumerate(GATES):
            before = f"GTE-{GATES[number - 1]}-{site}" if number else ""
            yield _GATE.format(gate=gate, site=site, month=number + 1, before=before)


def write_joint(folder: Path, open_items: int) -> None:
    """Parameters of 2,000 loops with that many open items on them, a tenth as many assumptions and readiness items."""
    write_package(folder, PARAMETERS)
    manifest = folder / "ttpack.yaml"
    stated = manifest.read_text(encoding="utf-8")
    manifest.write_text(stated.replace("SITE-B: G0", "SITE-B: G2, SITE-C: G1"), encoding="utf-8")
    files = {"people.yaml": "".join(_people()), "classes.yaml": "".join(_classes()), "gates.yaml": "".join(_gates())}
    parameters = PARAMETERS - 4 * (PARAMETERS // PER_OPERATION) - 8
    for number in range(open_items):
        fields = {
            "number": number,
            "gate": GATES[number % len(GATES)],
            "site": SITES[number % 2],
            "operation": number % parameters // PER_OPERATION + 1,
            "parameter": number % parameters,
        }
        files[f"open/OPN-{number:05}.yaml"] = _OPEN_ITEM.format(
            **fields,
            status=("open", "open", "answered", "closed")[number % 4],
            owner=f"ROL-C-{FUNCTIONS[number % len(FUNCTIONS)]}-{number % 10}",
            month=number % 8 + 1,
            due=number % 4 + 9,
            disputed="true" if number % 20 == 0 else "false",
        )
        if number % 10 == 0:
            files[f"assumptions/ASM-{number:05}.yaml"] = _ASSUMPTION.format(**fields)
            category, sending = CATEGORIES[number // 10 % len(CATEGORIES)], number // 10 % 4 + 1
            files[f"readiness/RDY-{number:05}.yaml"] = _READINESS.format(**fields, category=category, sending=sending)
    for place, content in files.items():
        file = folder / "records" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    commit(folder)
