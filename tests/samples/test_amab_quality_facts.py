"""Every row of the published A-Mab tables of quality, tests, materials, risks and changes is in a record."""

import re
from typing import Any

import pytest
from tests.samples.amab import package, record, same_number, table

ATTRIBUTES = {
    "Aggregation": "AGG", "C-terminal lysine": "CLYS", "Deamidated isoforms": "DEAM", "Galactose content": "GAL",
    "Afucosylation": "AFUC", "Sialic acid content": "SIA", "High mannose content": "HM",
    "Non-glycosylated heavy chain": "NGHC", "Oxidation": "OX", "DNA": "DNA", "Methotrexate": "MTX", "HCP": "HCP",
    "Leached Protein A": "LPA", "Viral clearance": "VIRAL",
}  # fmt: skip
TOOLS = {
    "Tool 1": {"impact": "tool1_impact", "uncertainty": "tool1_uncertainty", "score": "tool1_score"},
    "Tool 2": {"severity": "tool2_severity", "likelihood": "tool2_likelihood", "score": "tool2_rpn"},
}
ASSURED = {
    "NMT 5": (None, "5"), "NMT 100 ppm": (None, "100"), "NLT 6 LRV": ("6", None),
    "20-40": ("20", "40"), "2-11": ("2", "11"),
}  # fmt: skip
CYCLES = {
    "yield_pct": "yield", "hcp_ng_mg": "host cell protein", "acidic_pct": "acidic variants",
    "aggregate_pct": "aggregate",
}  # fmt: skip
INVENTED = (
    "person", "organisation", "supplier", "site_equipment", "material", "know_how", "responsibility", "room",
)  # fmt: skip
CAPABILITY = ("BRX", "BRX", "VI", "CEX", "FILL", "BRX", "PA", "CEX", "AEX")


def ends(given: dict[str, Any] | None) -> tuple[str | None, str | None]:
    """Both ends of a range as its record writes them."""
    found = given or {}
    low, high = (found.get(end) for end in ("low", "high"))
    return (None if low is None else str(low), None if high is None else str(high))


def rows_of(kind: str) -> list[dict[str, Any]]:
    """The records of a kind, as their authors wrote them."""
    return [dict(given) for given in package("rev-A").raw.values() if given["kind"] == kind]


@pytest.mark.parametrize("row", table("cqas"), ids=lambda row: row["attribute"])
def test_quality_attribute_has_both_scores_and_its_ranges(row: dict[str, str]) -> None:
    given = record(f"CQA-{ATTRIBUTES[row['attribute']]}")
    assert given["critical"] is (row["cqa"] == "yes")
    assessments = {each["method"].partition(":")[0]: each for each in given.get("assessments", ())}
    for tool, fields in TOOLS.items():
        level = row[f"tool{tool[-1]}_level"]
        assert (tool in assessments) is bool(level)
        for field, column in fields.items():
            assert not level or same_number(assessments[tool][field], row[column])
        assert not level or assessments[tool]["level"] == level
    accepted = given["acceptance_range"]
    printed = (row["acceptable_low"] or None, row["acceptable_high"] or None)
    assert ends(accepted) == printed or (printed == (None, None) and accepted["illustrative"] is True)
    clinical = row["clinical_experience"].split("-") if re.match("[0-9]", row["clinical_experience"]) else (None, None)
    assert ends(given.get("clinical_range")) == tuple(clinical)
    assert given.get("range_assured_note", "") == row["range_assured_by_design_space"]
    assert ends(given.get("range_assured")) == ASSURED.get(row["range_assured_by_design_space"], (None, None))


def test_design_space_limit_of_acidic_variants() -> None:
    row = next(row for row in table("design_space_cqa_limits_3_17") if row["attribute"] == "Acidic variants")
    assert ends(record("CQA-ACIDIC")["acceptance_range"]) == (row["low"], row["high"])


def test_quality_target_profile() -> None:
    targets = {given["attribute"]: given["target"] for given in rows_of("quality_target")}
    assert targets == {row["attribute"]: row["target"] for row in table("qtpp_5_2")}


def test_specifications() -> None:
    lines = {(each["article"], each["attribute"], each["test"]): each for each in rows_of("specification")}
    published = table("specifications")
    assert len(lines) == len(published)
    by_name = {(article, test, each["criterion"]): each for (article, _, test), each in lines.items()}
    for row in published:
        line = by_name[row["article"], row["test"], row["criterion"]]
        assert (line["release"], line["stability"]) == (row["release"] == "yes", row["stability"] == "yes")
        number = re.fullmatch(r"(NLT|NMT) ([0-9.]+) (.+)", row["criterion"])
        if number:
            assert same_number(line["acceptance"]["low" if number[1] == "NLT" else "high"], number[2])
            assert line["unit"] == number[3]


def test_limits_of_aggregate_are_the_negative_control() -> None:
    assert ends(record("SPC-DS-AGG")["acceptance"]) == (None, "3")
    assert ends(record("SPC-DP-AGG")["acceptance"]) == (None, "5")


def test_in_process_tests() -> None:
    given = {(each["point"], each["criterion"], each.get("attribute")) for each in rows_of("in_process_control")}
    points = {(point, criterion) for point, criterion, _ in given}
    assert points >= {(row["where"], row["criterion"]) for row in table("in_process_tests_ds_6_7")}
    assert ends(record("IPC-DS-PROTEIN")["limit"]) == ("65", "85")
    assert ends(record("IPC-DS-PH")["limit"]) == ("5.0", "5.6")
    assert ends(record("IPC-DS-BIOB")["limit"]) == (None, "5")


def test_resin_lifetime_by_cycle() -> None:
    performance = {
        (str(each["cycle"]), each["quantity"]): each["value"]
        for each in record("MAT-PA-RESIN-A")["lifetime"]["performance"]
    }
    cells = {
        (row["cycle"], name): row[column] for row in table("resin_lifetime_4_12") for column, name in CYCLES.items()
    }
    assert performance.keys() == cells.keys()
    assert all(same_number(performance[key], cell) for key, cell in cells.items())


def test_reference_standards_name_their_batches() -> None:
    for row in table("batch_history"):
        lot = re.search("RS-[A-Z0-9]+", row["use"])
        if lot:
            assert row["use"] in record(f"RST-{lot[0].removeprefix('RS-')}")["note"]
    assert record("RST-MF1")["lot"] == "RS-MF1"


def test_failure_mode_scale() -> None:
    scores = [
        (each["dimension"].capitalize(), str(each["score"]), each["meaning"]) for each in record("RSC-FMEA")["scores"]
    ]
    published = table("fmea_scales_5_22_25")
    assert scores == [(row["scale"], row["score"], row["meaning"]) for row in published if row["scale"] != "Rule"]
    statements = {each["level"]: each["statement"] for each in record("RSC-FMEA")["classification"]}
    assert statements == {row["score"]: row["meaning"] for row in published if row["scale"] == "Rule"}


def test_bands_of_the_risk_number_as_printed_and_corrected() -> None:
    printed = [(row["lo"] or None, row["hi"] or None) for row in table("rpn_bands_6_2")]
    assert [ends(each) for each in record("RSC-RPN", "as-published")["bands"]] == printed
    assert [ends(each) for each in record("RSC-RPN")["bands"]] == [printed[0], ("31", "99"), printed[2]]
    levels = [(each["level"], str(each["capability_score"])) for each in record("RSC-RPN")["bands"]]
    assert levels == [(row["risk"], row["capability_score"]) for row in table("rpn_bands_6_2")]


@pytest.mark.parametrize(("row", "place"), list(zip(table("process_capability_rpn"), CAPABILITY, strict=True)))
def test_process_capability(row: dict[str, str], place: str) -> None:
    attribute = {"Oligosaccharide": "GAL", "Aggregate": "AGG", "HCP": "HCP"}[row["attribute"]]
    initial = record(f"RSK-CAP-{attribute}-{place}")["initial"]
    for field, column in (("severity", "S"), ("occurrence", "O"), ("detection", "D"), ("score", "RPN")):
        assert same_number(initial[field], row[column])
    assert initial["level"] == row["band"]


def test_every_critical_parameter_has_its_risk() -> None:
    items = {each["item"] for each in rows_of("risk")}
    critical = {each.id for each in package("rev-A").parameters if each.classification in ("CPP", "WC-CPP")}
    assert critical <= items


def test_change_matrix() -> None:
    facets = {each["facet"]: each["by_type"] for each in record("CHG-TEMPLATE-7-1")["facets"]}
    assert facets == {row["facet"]: {each: row[each] for each in "ABCDEF"} for row in table("change_matrix_7_1")}


@pytest.mark.parametrize("site", ["A", "B"])
def test_site_change_protocol(site: str) -> None:
    assert record(f"CHP-{site}")["protocol_items"] == [row["item"] for row in table("site_change_protocol_7_5_3")]


def test_total_virus_clearance() -> None:
    total = next(row for row in table("viral_clearance_4_38") if row["step"] == "Total")
    claimed = {each["virus"]: each["claimed"] for each in record("CQA-VIRAL")["cumulative_clearance"]}
    for virus, column in (("XMuLV", "XMuLV_log10"), ("MVM", "MVM_log10")):
        assert same_number(claimed[virus]["low"], total[column].removeprefix(">"))
        assert claimed[virus]["low_inclusive"] is False


def test_known_inconsistencies_are_dispositioned_by_name() -> None:
    reasons = " ".join(each["reason"] for each in record("CHG-2026-001")["corrections"])
    assert all(f"AMAB-X{number}" in reasons for number in ("01", "02", "03", "05", "07", "10", "12", "13", "15"))


def test_invented_records_say_so() -> None:
    for kind in INVENTED:
        assert rows_of(kind)
        for given in rows_of(kind):
            assert given.get("illustrative") is True, given["id"]
