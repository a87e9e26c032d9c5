"""A change asks something of the sites it is about, and of no other; each in the terms of its own procedure."""

from typing import Any

import pytest
from tests.change_rules.runner import sides_of, table

from ttpack.analysis.change_rules.classify import classify
from ttpack.analysis.site_actions import SiteAction, site_actions

PROCEDURE = {
    "kind": "change_procedure", "id": "CHP-B", "title": "Change control", "site": "SITE-B", "procedure": "SOP-B-10",
    "class_terms": [
        {
            "term": name, "package_class": grade, "required_functions": ["QA", function],
            "sponsor_notice": {"value": days, "unit": "d"},
        }
        for name, grade, function, days in (
            ("Level C", "minor", "ENG", 10), ("Level B", "moderate", "QC", 20), ("Level A", "major", "VAL", 30),
        )
    ],
}  # fmt: skip
FEED = {"phase": "day 4", "change": "feed", "unit": "L"}
ALL = ["SITE-A", "SITE-B"]


def actions(record: dict[str, Any], change: dict[str, Any]) -> dict[str, SiteAction]:
    given = {"base": [{"add": [record, PROCEDURE]}], "change": {"set": {record["id"]: change}}}
    sides = sides_of(given)
    return {one.site: one for one in site_actions(classify(sides.changes, sides, table()), (), sides)}


@pytest.mark.parametrize(
    ("record", "change", "sites", "term"),
    [
        ({"kind": "material", "id": "MAT-1", "gmp_critical": True, "grade": "A"}, {"grade": "B"}, ALL, "Level B"),
        (
            {
                "kind": "material", "id": "MAT-1",
                "supply": [{"site": "SITE-A"}, {"site": "SITE-B", "expiry": "2027-03-01"}],
            },
            {"supply[1].expiry": "2027-04-01"}, ["SITE-B"], "Level C",
        ),
        (
            {"kind": "material", "id": "MAT-1", "supply": [{"site": "SITE-A"}]},
            {"supply[1]": {"site": "SITE-B"}}, ["SITE-B"], "Level C",
        ),
        (
            {"kind": "supplier", "id": "SUP-1", "qualified_for": ["SITE-A"]},
            {"qualified_for": ["SITE-A", "SITE-B"]}, ["SITE-B"], "Level C",
        ),
        (
            {"kind": "established_condition", "id": "ECN-1", "element": "PRM-BRX-PH", "filed_value": "6.8"},
            {"filed_value": "6.9"}, ALL, "Level A",
        ),
        (
            {"kind": "established_condition", "id": "ECN-1", "element": "SITE-A", "filed_value": "x"},
            {"filed_value": "y"}, ["SITE-A"], "",
        ),
        (
            {"kind": "established_condition", "id": "ECN-1", "element": "MBR-B-PA", "filed_value": "x"},
            {"filed_value": "y"}, ["SITE-B"], "Level A",
        ),
        (
            {"kind": "regulatory_state", "id": "REG-1", "sites": [{"site": "SITE-B", "state": "none"}]},
            {"sites[0].state": "filed"}, ["SITE-B"], "Level A",
        ),
        (
            {"kind": "ppq_plan", "id": "PPQ-B", "site": "SITE-B", "batches": 5}, {"batches": 3},
            ["SITE-B"], "Level A",
        ),
        ({"kind": "room", "id": "FAC-B-1", "site": "SITE-B", "grade": "C"}, {"grade": "D"}, ["SITE-B"], "Level A"),
        (
            {"kind": "utility", "id": "UTL-B", "site": "SITE-B", "capacity": {"value": 9, "unit": "L/h"}},
            {"capacity.value": 4}, ["SITE-B"], "Level B",
        ),
        (
            {"kind": "unit_operation", "id": "UO-X", "volume_changes": [FEED | {"site": "SITE-B"}]},
            {"volume_changes[0].unit": "mL"}, ["SITE-B"], "Level C",
        ),
        (
            {"kind": "unit_operation", "id": "UO-X", "volume_changes": [FEED | {"site": "SITE-B"}]},
            {"volume_changes[0]": FEED}, ALL, None,
        ),
    ],
)  # fmt: skip
def test_a_change_reaches_the_sites_it_is_about(
    record: dict[str, Any], change: dict[str, Any], sites: list[str], term: str | None
) -> None:
    found = actions({"title": "Changed", **record}, change)
    assert list(found) == sites
    for site, action in found.items():
        if site == "SITE-A":
            assert action.note == "the package holds no change procedure of this site"
        elif term is not None:
            assert (action.procedure, action.term) == ("SOP-B-10", term)
            assert action.required_functions[0] == "QA"
            assert action.sponsor_notice == {"value": {"Level C": 10, "Level B": 20, "Level A": 30}[term], "unit": "d"}
