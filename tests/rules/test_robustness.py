"""Rules say what is wrong with any package that the schemas admit; they never fail over one."""

import datetime
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pydantic
import pytest
from tests.rules.test_cases import all_rules, minimal

from ttpack.model.documents import Package as PackageRecord
from ttpack.model.kinds import KINDS
from ttpack.model.package import Location, Package
from ttpack.rules.registry import Context, as_outcome

Raw = dict[str, Any]
Change = Callable[[Any], Any]


def package_of(raws: Mapping[str, Raw]) -> Package:
    manifest = PackageRecord.model_validate(minimal()[0])
    records = {record_id: KINDS[raw["kind"]].model_validate(raw) for record_id, raw in sorted(raws.items())}
    return Package(
        manifest=manifest,
        records=dict(sorted((records | {manifest.id: manifest}).items())),
        raw=dict(raws) | {manifest.id: minimal()[0]},
        locations={record_id: Location("records/x.yaml", 1) for record_id in [*records, manifest.id]},
        with_prose_references=frozenset(raws),
    )


def run_all(package: Package) -> None:
    context = Context(datetime.date(2026, 11, 1), package.manifest.gates, package, package)
    for rule in all_rules().values():
        if not (rule.applies_when and rule.applies_when(package)):
            for outcome in map(as_outcome, rule.function(package, context)):
                assert outcome.place.record is None or outcome.place.record in package.records


def every_value(value: Any, change: Change) -> Any:
    """The value with `change` made at each leaf."""
    if isinstance(value, dict):
        return {key: every_value(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [every_value(item, change) for item in value]
    return change(value)


def valid(raws: Mapping[str, Raw]) -> dict[str, Raw]:
    """Those of the changed records that the schema still admits, and the others as they were."""
    return {record_id: raw if is_valid(raw) else minimal()[1][record_id] for record_id, raw in raws.items()}


def changed_everywhere(change: Change) -> dict[str, Raw]:
    """Each record with the change made in every field in which the schema admits it."""
    found = {record_id: changed_record(raw, change) for record_id, raw in minimal()[1].items()}
    assert sum(found[record_id] != raw for record_id, raw in minimal()[1].items()) > 10, "the change changes nothing"
    return found


def changed_record(raw: Raw, change: Change) -> Raw:
    kept = dict(raw)
    for field in raw:
        if field not in ("kind", "id"):
            candidate = {**kept, field: every_value(raw[field], change)}
            kept = candidate if is_valid(candidate) else kept
    return kept


def is_valid(raw: Raw) -> bool:
    try:
        KINDS[raw["kind"]].model_validate(raw)
    except pydantic.ValidationError:
        return False
    return True


def number(found: Any, wanted: str) -> Any:
    return Decimal(wanted) if isinstance(found, int | Decimal) and not isinstance(found, bool) else found


FIELDS = sorted({field for raw in minimal()[1].values() for field in raw} - {"kind", "id"})


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_is_missing_everywhere(field: str) -> None:
    raws = {
        record_id: {key: item for key, item in raw.items() if key != field} for record_id, raw in minimal()[1].items()
    }
    run_all(package_of(valid(raws)))


@pytest.mark.parametrize("wanted", ["0", "-1", "1E+400", "1E-400", "99999999999999999999.5", "0.000000"])
def test_numbers_that_no_process_has(wanted: str) -> None:
    run_all(package_of(changed_everywhere(lambda found: number(found, wanted))))


@pytest.mark.parametrize(
    "text", ["", " ", "%", "[[", "{{ X-Y.z }} [[PRM-NONE-X]]", "PRM-NONE-X", "kg/", "a" * 5000, "\u202e½ Å"]
)
def test_words_that_nobody_writes(text: str) -> None:
    run_all(package_of(changed_everywhere(lambda found: text if isinstance(found, str) else found)))


def test_ends_of_ranges_that_are_swapped() -> None:
    def swap(value: Any) -> Any:
        if isinstance(value, list):
            return [swap(item) for item in value]
        if not isinstance(value, dict):
            return value
        swapped = {key: swap(item) for key, item in value.items()}
        if {"low", "high"} <= set(swapped):
            swapped["low"], swapped["high"] = swapped["high"], swapped["low"]
        return swapped

    run_all(package_of(valid({record_id: swap(deepcopy(raw)) for record_id, raw in minimal()[1].items()})))


def test_references_that_all_lead_to_the_same_record() -> None:
    ids = set(minimal()[1])
    for target in ("PRM-BRX-PH", "CQA-AGG", "UO-03-BRX", "EVI-BRX-DOE", "NONE-AT-ALL"):
        run_all(package_of(changed_everywhere(lambda found, target=target: target if found in ids else found)))  # type: ignore[misc]


def test_records_of_which_each_is_alone() -> None:
    for record_id, raw in minimal()[1].items():
        run_all(package_of({record_id: raw}))


def test_a_package_without_records() -> None:
    empty = replace(package_of({}), raw={}, locations={})
    run_all(empty)
