"""What stands before qualification at SITE-B of the A-Mab sample: known answers, and what each record changes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from tests.samples.amab import package

from ttpack.analysis.ppq_prerequisites import Prerequisite, ppq_prerequisites
from ttpack.model.package import Package

AS_OF = date(2026, 11, 1)


def answers(given: Package) -> Mapping[str, Prerequisite]:
    return {one.name: one for one in ppq_prerequisites(given, "SITE-B", AS_OF)}


def without(record_id: str) -> Package:
    given = package("rev-A")
    return replace(given, records={key: one for key, one in given.records.items() if key != record_id})


def patched(record_id: str, **fields: Any) -> Package:
    given = package("rev-A")
    changed = given.records[record_id].model_copy(update=fields)
    return replace(given, records={**given.records, record_id: changed})


def changed(given: Package) -> set[str]:
    """The prerequisites that are not as in the sample."""
    before, after = answers(package("rev-A")), answers(given)
    return {name for name in before if before[name] != after[name]}


def test_the_process_is_characterised_and_the_batch_records_are_drafts() -> None:
    found = answers(package("rev-A"))
    assert (found["characterisation"].state, found["characterisation"].looked_at) == ("met", 22)
    assert (found["batch_records"].state, len(found["batch_records"].open)) == ("open", 10)
    assert {one.why for one in found["batch_records"].open} == {"its status is draft"}
    assert (found["utilities"].state, found["utilities"].looked_at) == ("met", 4)


def test_methods_that_only_have_a_planned_transfer_are_open() -> None:
    found = answers(package("rev-A"))["methods"]
    assert (found.state, found.looked_at, len(found.open)) == ("open", 26, 13)
    assert ("MTH-HCP", "its transfer is planned") in {(one.record, one.why) for one in found.open}


def test_a_record_changes_its_own_prerequisite_and_no_other() -> None:
    ranges = package("rev-A").parameters[0].ranges.model_copy(update={"proven_acceptable": None})
    assert changed(patched("PRM-BRX-PH", ranges=ranges)) == {"characterisation"}
    assert changed(patched("UTL-B-WFI", qualified=False)) == {"utilities"}
    assert changed(patched("EQC-B-BR301", qualification="expired")) == {"equipment"}
    assert changed(patched("TRN-VI", operators_per_shift=0)) == {"training"}
    assert changed(patched("MBR-B-PA", status="approved")) == {"batch_records"}
    assert changed(patched("MTX-HCP-B", status="withdrawn")) == {"methods"}
    assert changed(without("ASM-SDM-15K")) == {"open_items"}
    assert changed(without("VST-B")) == set()
