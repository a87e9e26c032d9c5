"""Large packages for measuring: parameters of many unit operations, about 1.25 KB a record, in a git repository."""

import os
import subprocess
from pathlib import Path

PER_OPERATION = 50

_OPERATION = """\
kind: unit_operation
id: UO-{operation:04}
title: Unit operation {operation}
audience: [partner]
status: approved
owner: ROL-S-MSAT
order: {operation}
purpose: Hold culture conditions of operation {operation} within their ranges.
operation_class: other
inputs: [feed]
outputs: [pool]
equipment_class: stirred tank
scale: 5,000 L and 15,000 L
cycle_time: {{value: 24, unit: h}}
step_yield: {{low: 90, high: 100, unit: "%"}}
"""

_STEP = """\
kind: step
id: STP-{operation:04}
title: Hold the culture of operation {operation}
audience: [partner]
status: approved
owner: ROL-S-MSAT
unit_operation: UO-{operation:04}
actor: operator
instruction: Hold all loops within their normal ranges until the end criterion is met.
end_criterion: the culture has ended
verification: automatic
parameters: [{parameters}]
"""

_BATCH_RECORD = """\
kind: batch_record
id: MBR-{operation:04}
title: Batch record of operation {operation}
audience: [partner]
status: effective
owner: ROL-S-MSAT
version: "1"
site: SITE-B
level: master
unit_operation: UO-{operation:04}
steps: [STP-{operation:04}]
parameters_printed: [{parameters}]
"""

_NOT_APPLICABLE = """\
kind: not_applicable
id: NAP-{operation:04}
title: No test of operation {operation}
audience: [partner]
status: effective
owner: ROL-S-MSAT
what: "UO-{operation:04}: any_test_or_sample"
reason: the operation holds conditions that are measured in line
approver: ROL-S-MSAT
"""

_PARAMETER = """\
kind: process_parameter
id: PRM-U{operation:04}-P{number:05}
title: Culture pH of loop {number}
audience: [partner]
status: approved
owner: ROL-S-MSAT
unit_operation: UO-{operation:04}
quantity_kind: ph
unit: "[pH]"
classification: KPP
setpoint: 6.85
ranges:
  normal_operating: {{low: {low}, high: 6.95, evidence: [EVI-DOE]}}
  proven_acceptable: {{low: 6.60, high: 7.10, evidence: [EVI-DOE]}}
  studied: {{low: 6.60, high: 7.10, evidence: [EVI-DOE]}}
effects:
  - {{ref: CQA-AGG, direction: increases, strength: medium, evidence: [EVI-DOE]}}
scale: {{dependence: independent}}
control:
  method: cascade of carbon dioxide sparge and base addition, tuned for loop {number}
  band: {{value: 0.02, unit: "[pH]"}}
monitor:
  method: in-line glass electrode with off-line check
  frequency: continuous, every 10 s
  in_line: true
why: >-
  The pH of the culture moves growth, glycosylation and aggregation; loop {number} keeps it where studies have shown
  that the attributes are met, with room to both sides for the error of the sensor.
mechanism: A higher pH slows growth and raises aggregation in the late phase of the culture.
consequence: Aggregates rise above the trend when the pH drifts up for more than a day.
evidence: [EVI-DOE]
source: {{document: Characterisation report CR-{operation:04}, version: "2", location: "Table {number}"}}
basis: measured
"""

_BASE = """\
- {kind: organisation, id: ORG-SPONSOR, title: Sponsor, party: sending, status: approved}
- {kind: site, id: SITE-A, title: Sending site, organisation: ORG-SPONSOR, site_role: sending, status: approved}
- {kind: site, id: SITE-B, title: Receiving site, organisation: ORG-SPONSOR, site_role: receiving, status: approved}
- {kind: role, id: ROL-S-MSAT, title: MSAT of the sender, organisation: ORG-SPONSOR, function: MSAT, status: approved}
- kind: quality_attribute
  id: CQA-AGG
  title: Aggregates
  status: approved
  critical: true
  criticality: H
  unit: "%"
  quantity_kind: percent
  acceptance_range: {high: 5}
  evidence: [EVI-DOE]
- kind: evidence
  id: EVI-DOE
  title: Design of experiments
  status: approved
  evidence_type: design_of_experiments
  document: CR-0001
"""

_SITE = """\
- {{kind: site, id: {site}, title: Site {number}, organisation: ORG-SPONSOR, site_role: receiving, status: approved}}
- kind: site_equipment
  id: EQC-{site}
  title: Vessel {number}
  status: approved
  owner: ROL-S-MSAT
  site: {site}
  equipment_class: stirred tank
  unit_operations: [{units}]
  qualification: OQ
  capabilities:
    - function: pH
      quantity_kind: ph
      unit: "[pH]"
      range: {{low: 5, high: 9}}
      qualified_range: {{low: 6, high: {high}}}
      measuring_range: {{low: 0, high: 14}}
      accuracy: {{value: 0.05, unit: "[pH]"}}
      control_band: {{value: 0.02, unit: "[pH]"}}
      basis: OQ
"""

_MANIFEST = """\
kind: package
id: PKG-BENCH
title: A large package
schema_version: "1"
gates: {SITE-B: G0}
product: Example antibody
modality: mAb
stage: phase_3
"""

_DOORSTOP_DOCUMENT = """\
settings:
  digits: 4
  prefix: PRM
  sep: ''
"""

_DOORSTOP_ITEM = """\
active: true
derived: false
header: ''
level: {level}
links: []
normative: true
ref: ''
reviewed: null
text: |
  The pH of the culture moves growth, glycosylation and aggregation; loop {number} keeps it between 6.75 and 6.95.
"""


_OF_AN_OPERATION = {"UO": _OPERATION, "STP": _STEP, "MBR": _BATCH_RECORD, "NAP": _NOT_APPLICABLE}


def write_package(folder: Path, records: int, *, failing: float = 0.0) -> None:
    """A package of about `records` records, one a file, committed. `failing`: the share with a NOR outside its PAR."""
    files = {"ttpack.yaml": _MANIFEST, "records/base.yaml": _BASE}
    every = round(1 / failing) if failing else 0
    count = records - 4 * (records // PER_OPERATION) - 8
    for number in range(count):
        operation = number // PER_OPERATION + 1
        low = "6.55" if every and number % every == 0 else "6.75"
        path = f"records/parameters/{operation:04}/PRM-{number:05}.yaml"
        files[path] = _PARAMETER.format(operation=operation, number=number, low=low)
        if number % PER_OPERATION == 0:
            names = ", ".join(
                f"PRM-U{operation:04}-P{one:05}" for one in range(number, min(number + PER_OPERATION, count))
            )
            for kind, template in _OF_AN_OPERATION.items():
                text = template.format(operation=operation, parameters=names)
                files[f"records/operations/{kind}-{operation:04}.yaml"] = text
    for place, content in files.items():
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)


def write_sites(folder: Path, records: int, sites: int) -> None:
    """A package as `write_package` makes it, with that many more receiving sites, each with a vessel for every loop."""
    write_package(folder, records)
    units = ", ".join(f"UO-{number:04}" for number in range(1, records // PER_OPERATION + 1))
    names = [f"SITE-{number:03}" for number in range(sites)]
    (folder / "records" / "sites.yaml").write_text(
        "".join(
            _SITE.format(site=site, units=units, number=number, high=f"{7 + number % 5 / 10:.1f}")
            for number, site in enumerate(names)
        ),
        encoding="utf-8",
    )
    gates = ", ".join(f"{site}: G{number % 5}" for number, site in enumerate(names))
    (folder / "ttpack.yaml").write_text(_MANIFEST.replace("SITE-B: G0", f"SITE-B: G0, {gates}"), encoding="utf-8")
    commit(folder)


def write_doorstop_items(folder: Path, items: int) -> None:
    """A document of doorstop, a tool for requirements in files, with that many items, in a git repository."""
    folder.mkdir()
    (folder / ".doorstop.yml").write_text(_DOORSTOP_DOCUMENT, encoding="utf-8")
    for number in range(1, items + 1):
        text = _DOORSTOP_ITEM.format(level=f"1.{number}.1", number=number)
        (folder / f"PRM{number:04}.yml").write_text(text, encoding="utf-8")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)


def commit(folder: Path) -> None:
    """Commit everything in the folder."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "records")


def git(folder: Path, *arguments: str) -> None:
    """Run git with a fixed identity."""
    identity = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org", "-c", "gc.auto=0")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *identity, *arguments], cwd=folder, env=environment, check=True, capture_output=True)
