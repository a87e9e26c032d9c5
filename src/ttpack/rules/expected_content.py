"""Rules on what each unit operation carries (CON)."""

from collections import Counter
from collections.abc import Iterator

from ttpack.model.analytics import Sampling
from ttpack.model.findings import Problem
from ttpack.model.materials import BillOfMaterials, Material
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.process import HoldTime, ProcessAttribute, Step, UnitOperation
from ttpack.model.quality import InProcessControl
from ttpack.rules.expectations import NEWEST, VERSIONS, Entry
from ttpack.rules.expectations.entries import spoken
from ttpack.rules.expectations.matching import Candidate, unanswered
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

KIND_WORDS = {
    "process_parameter": "parameter", "process_attribute": "attribute", "hold_time": "hold time",
    "sampling": "sampling line", "in_process_control": "in-process control", "material": "material",
}  # fmt: skip
TWO_RESINS = 2
UnitOperationRecord = ProcessParameter | ProcessAttribute | HoldTime | Sampling | InProcessControl


@rule("CON-01", COMPLETENESS, basis="WHO TRS 1044 Annex 4 App. 1; CTD 3.2.S.2.2", from_gate="G1")
def expected_content_absent(package: Package, context: Context) -> Iterator[Outcome]:
    """A unit operation lacks something that the expected-content list of its class names.

    Why: what nobody wrote down is not thereby known to be unnecessary; without the list the emptiest package would
    look the best, and removing a record would remove its findings.
    Resolve: add the record (with `expected_content` naming the entry where its title does not say it), or a
    `not_applicable` record with `what: "<unit operation>: <entry>"`, a reason and an approver.
    """
    version = package.manifest.expected_content or NEWEST
    if version not in VERSIONS:
        known = ", ".join(VERSIONS)
        message = f"there is no version {version[:40]!r} of the lists, only {known}"
        yield package.manifest.at("expected_content"), message
    lists = VERSIONS.get(version, VERSIONS[NEWEST])
    answers = NotApplicableAnswers(package)
    candidates, resins = _candidates(package), _resins(package)
    for unit in package.unit_operations:
        if unit.operation_class is None:
            message = f"{unit.name} states no class of unit operation, so nothing says what it has to carry"
            yield unit.at("operation_class"), message
            continue
        wanted = lists.get(unit.operation_class, ())
        if resins[unit.id] < TWO_RESINS:
            wanted = tuple(entry for entry in wanted if not entry.second_resin)
        for entry in unanswered(wanted, candidates.get(unit.id, [])):
            if not answers.answers(entry.name, unit.id):
                yield _absent(unit, entry, answers)


def _absent(unit: UnitOperation, entry: Entry, answers: NotApplicableAnswers) -> Problem:
    kind = KIND_WORDS[entry.kinds[0]]
    operation_class = spoken(unit.operation_class or "")
    return Problem(
        unit.at(),
        f"{unit.name} has no {kind} for {entry.words}, which the expected content of class {operation_class} names"
        + answers.shortfall(entry.name, unit.id),
        f"add a record of kind {entry.kinds[0]} for {unit.id} with expected_content: {entry.name}, or a not_applicable "
        f'record with what: "{unit.id}: {entry.name}", reason and approver',
    )


def _resins(package: Package) -> Counter[str]:
    """How many resins each unit operation uses."""
    return Counter(
        unit
        for material in package.in_force(Material)
        if material.material_class == "resin"
        for unit in set(material.unit_operations)
    )


def _candidates(package: Package) -> dict[str, list[Candidate]]:
    """The records that may answer an entry, by their unit operation."""
    found: dict[str, list[Candidate]] = {}
    records: list[UnitOperationRecord] = []
    for kind in (ProcessParameter, ProcessAttribute, HoldTime, Sampling, InProcessControl):
        records.extend(package.in_force(kind))
    for record in records:
        if record.unit_operation:
            text = f"{record.title or ''} {record.id}"
            candidate = Candidate(
                record.id, record.kind, text, getattr(record, "quantity_kind", None), record.expected_content
            )
            found.setdefault(record.unit_operation, []).append(candidate)
    used_in = _used_in(package)
    for material in package.in_force(Material):
        text = f"{material.title or ''} {material.id} {material.material_class or ''}"
        candidate = Candidate(material.id, material.kind, text, None, material.expected_content)
        for unit in sorted({*material.unit_operations, *used_in.get(material.id, ())}):
            found.setdefault(unit, []).append(candidate)
    return found


def _used_in(package: Package) -> dict[str, set[str]]:
    """Unit operations by material, as steps and bills of materials say."""
    found: dict[str, set[str]] = {}
    unit_of = {step.id: step.unit_operation for step in package.in_force(Step)}
    for step in package.in_force(Step):
        for material in step.materials:
            found.setdefault(material, set()).add(step.unit_operation or "")
    for bill in package.in_force(BillOfMaterials):
        for line in bill.lines:
            found.setdefault(line.material, set()).update(unit_of.get(user, user) or "" for user in line.used_by)
    return found
