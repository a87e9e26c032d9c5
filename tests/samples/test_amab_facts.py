"""Every row of the published A-Mab tables of process, scale and evidence is a record or a field of one."""

import csv
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.samples.amab import TABLES, figures, package, record, same_number, shows, table

from ttpack.model.units import parse_unit

KIND_OF_RANGE = {
    "design_space_bound": "proven_acceptable", "acceptable_range": "proven_acceptable", "tested_range": "studied",
    "operating_experience": "historical", "step_description": "normal_operating", "target_range": "target",
    "operating_limit": "action",
}  # fmt: skip
ATTRIBUTES = {
    "aFucosylation": "CQA-AFUC", "Galactosylation": "CQA-GAL", "%Galactosylation": "CQA-GAL", "Deamidation": "CQA-DEAM",
    "Aggregate": "CQA-AGG", "HCP": "CQA-HCP", "DNA": "CQA-DNA", "Viral safety": "CQA-VIRAL",
    "Acidic variant": "CQA-ACIDIC", "Yield": "step yield",
}  # fmt: skip
UNITS = {"(filter specific)": None, "OD ascending": "{OD}", "OD descending": "{OD}", "-": "1"}


def ids() -> dict[tuple[str, str], str]:
    """The record of each published parameter."""
    with (Path(__file__).parent / "amab_parameter_ids.csv").open(encoding="utf-8", newline="") as lines:
        return {(row["unit_operation"], row["parameter"]): row["record"] for row in csv.DictReader(lines)}


IDS = ids()
PARAMETERS = table("parameters")


def the_range(row: dict[str, str], given: dict[str, Any]) -> dict[str, Any] | None:
    """The range of a record that a row fills. Table 4.10's wash volume stands beside that of Table 4.11."""
    if row["range_type"] == "setpoint" or row["range_type"] == "procedural":
        return None
    kind = KIND_OF_RANGE[row["range_type"]]
    if row["parameter"] == "Equilibration/wash volume" and row["source"].startswith("Table 4.10"):
        kind = "studied"
    found: dict[str, Any] = given["expected_range"] if "expected_range" in given else given["ranges"][kind]
    return found


@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: f"{row['parameter']}-{row['range_type']}")
def test_row_of_the_parameter_table(row: dict[str, str]) -> None:
    given = dict(record(IDS[row["unit_operation"], row["parameter"]], "as-published"))
    if row["setpoint"] and not row["source"].startswith("Table 4.11"):
        assert same_number(given["setpoint"], row["setpoint"])
        assert "setpoint_source" not in given
    found = the_range(row, given)
    if found is not None:
        assert not found.get("illustrative")
        for end, operator, exclusive in (("low", "low_op", ">"), ("high", "high_op", "<")):
            if row[end]:
                assert same_number(found[end], row[end])
                assert found.get(f"{end}_inclusive", True) is (row[operator] != exclusive)
            else:
                assert end not in found
    assert row["source"] in str(given), "the table and page are the source of the record or of its range"
    printed = UNITS.get(row["unit"], row["unit"])
    if row["parameter"] == "Culture pH":
        assert given["unit"] == "%{sat}", "as Table 3.14 prints it"
    elif printed is not None:
        assert parse_unit(given["unit"]) == parse_unit(printed)


@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: f"{row['parameter']}-{row['range_type']}")
def test_class_and_links_of_the_parameter_table(row: dict[str, str]) -> None:
    given = record(IDS[row["unit_operation"], row["parameter"]])
    if given["kind"] == "process_attribute":
        assert row["classification"] == "KPA"
        return
    classes = {"procedural control": "non-CPP"}
    assert given["classification"] == classes.get(row["classification"], row["classification"])
    linked = {ATTRIBUTES[name] for name in row["linked_cqas"].split(";") if name}
    assert linked <= {effect["ref"] for effect in given.get("effects", ())}
    dependence = {"n": "independent", "y": "dependent"}[row["scale_dependent"][0]]
    if "normalised" in row["scale_dependent"]:
        dependence = "normalised"
    assert given["scale"]["dependence"] == dependence
    if row["control"]:
        control = given["control"] if isinstance(given["control"], str) else given["control"]["method"]
        head = re.split(r"[;:]", row["control"])[0]
        assert head.lower().removeprefix("automated ") in control.lower()


def test_sixty_five_rows_make_sixty_one_records() -> None:
    assert len(PARAMETERS) == 65
    assert len(set(IDS.values())) == len(IDS) == 61
    assert {record(identity)["kind"] for identity in IDS.values()} == {"process_parameter", "process_attribute"}


CORRECTED = {
    "PRM-VI-HOLD", "PRM-CEX-LOAD", "PRM-PA-WASHVOL", "PRM-BRX-PH", "PRM-VF-PRESSURE", "SCL-MIX-1500", "SCL-AEX-PILOT",
    "RSC-RPN",
}  # fmt: skip


ABOUT_THE_CORRECTION = {
    "assumption", "change_record", "communication", "decision", "document", "gate", "open_item", "package",
    "readiness_item",
}  # fmt: skip
"""Kinds that say how far the work is, not what the process is."""


def test_only_what_was_corrected_differs_between_the_tags() -> None:
    before, after = package("as-published").raw, package("rev-A").raw
    differing = {identity for identity in before.keys() & after.keys() if before[identity] != after[identity]}
    assert {identity for identity in differing if after[identity]["kind"] not in ABOUT_THE_CORRECTION} == CORRECTED
    assert not before.keys() - after.keys()


LINKAGES = {
    ("5 Protein A", "in"): "LNK-HRV-PA", ("5 Protein A", "out"): "LNK-PA-VI", ("6 Low pH", "in"): "LNK-PA-VI",
    ("6 Low pH", "out"): "LNK-VI-CEX", ("7 CEX", "in"): "LNK-VI-CEX", ("7 CEX", "out"): "LNK-CEX-AEX",
    ("8 AEX", "in"): "LNK-CEX-AEX", ("8 AEX", "out"): "LNK-AEX-VF", ("9 SVRF", "in"): "LNK-AEX-VF",
    ("9 SVRF", "out"): "LNK-VF-UFDF",
}  # fmt: skip
HANDED = {"protein conc": "protein concentration", "HCP": "host cell protein"}


@pytest.mark.parametrize("row", table("step_linkages"), ids=lambda row: " ".join(list(row.values())[:3]))
def test_row_of_the_linkage_tables(row: dict[str, str]) -> None:
    given = record(LINKAGES[row["step"], row["direction"]])
    quantity = HANDED.get(row["quantity"], row["quantity"])
    handed = next(each for each in given["attributes"] if each["quantity"] == quantity)
    side = "output" if row["direction"] == "out" else "input"
    assert handed[f"{side}_as_printed"] == row["value"]
    numbers = [Decimal(text) for text in re.findall(r"[0-9]+(?:\.[0-9]+)?", row["value"])]
    ends = {handed[side].get("low"), handed[side].get("high")} - {None}
    if "+/-" in row["value"]:
        assert ends == {numbers[0] - numbers[1], numbers[0] + numbers[1]}
    elif numbers and not handed[side].get("illustrative"):
        assert ends <= set(numbers)
        assert "<" not in row["value"].replace("<=", "") or not handed[side]["high_inclusive"]
    if row["source"]:
        assert row["source"].split(" p")[0].removeprefix("T") in given["source"]["location"]


BY_SCALE = {
    "2L_SDM": "SCL-BRX-2L", "2L_PC": "SCL-BRX-2L-PC", "500L": "SCL-BRX-500", "1000L": "SCL-BRX-1000",
    "5000L": "SCL-BRX-5000", "15000L": "SCL-BRX-15000", "25000L_future": "SCL-BRX-25000",
}  # fmt: skip
PERFORMANCE = {
    "2L_SDM_P2": "SCL-BRX-PERF-2L", "2L_PC_P2": "SCL-BRX-PERF-2L-PC", "500L_P1": "SCL-BRX-PERF-500",
    "1000L_P1": "SCL-BRX-PERF-1000", "5000L_P2": "SCL-BRX-PERF-5000", "15000L_P2": "SCL-BRX-PERF-15000",
}  # fmt: skip
PROCESSES = {"process1": "SCL-PROCESS-1", "process2": "SCL-PROCESS-2"}
COLUMNS = {"lab": "SCL-AEX-LAB", "pilot_5kL": "SCL-AEX-PILOT", "mfg_15kL": "SCL-AEX-MFG"}


@pytest.mark.parametrize(
    ("name", "first", "columns"),
    [
        ("bioreactor_by_scale", "quantity", BY_SCALE),
        ("performance_by_scale", "quantity", PERFORMANCE),
        ("process1_vs_process2", "item", PROCESSES),
    ],
)
def test_table_with_a_column_for_each_scale(name: str, first: str, columns: dict[str, str]) -> None:
    for row in table(name):
        for column, identity in columns.items():
            label = ATTRIBUTES.get(row[first], row[first])
            assert shows(figures(record(identity, "as-published"), label), row[column]), (row[first], column)


def test_anion_exchange_scale_up() -> None:
    for row in table("aex_scaleup_4_25"):
        for column, identity in COLUMNS.items():
            given = record(identity, "as-published")
            if row["quantity"] == "Scale-up factor":
                assert same_number(given["scale_factor"], row[column])
            else:
                assert shows(figures(given, row["quantity"]), row[column]), (row["quantity"], column)


def test_anion_exchange_performance() -> None:
    for row in table("aex_performance_4_26"):
        for column, identity in (("lab", "SCL-AEX-LAB"), ("mfg", "SCL-AEX-MFG")):
            found = figures(record(identity), ATTRIBUTES[row["attribute"]])
            assert found["unit"] == row["unit"]
            assert same_number(found["range"]["low"], row[f"{column}_min"])
            assert same_number(found["range"]["high"], row[f"{column}_max"])


def test_batch_history() -> None:
    for row in table("batch_history"):
        given = record(f"SCL-BRX-PERF-{row['production_L']}")
        assert (given["process_version"], str(given["batches"]), given["use"]) == (
            row["process"],
            row["batches"],
            row["use"],
        )
        assert same_number(figures(given, "N-1 seed volume")["value"], row["n1_seed_L"])


def measured(given: Any, label: str, cell: str, deviation: str) -> None:
    """A result with its standard deviation."""
    found = figures(given, label)
    assert same_number(found["value"], cell)
    assert same_number(found["standard_deviation"], deviation)


def test_low_ph_inactivation_by_scale() -> None:
    stages = dict(
        zip(
            ("SDM", "Tox", "Phase 1/2", "Phase 3", "Commercial"),
            ("SDM", "TOX", "PHASE12", "PHASE3", "COMM"),
            strict=True,
        )
    )
    for row in table("low_ph_by_scale_4_14"):
        given = record(f"SCL-VI-{stages[row['stage']]}", "as-published")
        assert str(given["batches"]) == row["n"]
        assert same_number(given["size"]["value"], row["scale_L"])
        assert same_number(given["scale_factor"], row["scale_factor"])
        measured(given, "A-Mab concentration", row["mab_g_per_L"], row["mab_sd"])
        measured(given, "step yield", row["yield_pct"], row["yield_sd"])
        measured(given, "CQA-AGG", row["aggregate_pct"], row["aggregate_sd"])
        measured(given, "CQA-ACIDIC", row["acidic_pct"], row["acidic_sd"])
        if row["feed_L"]:
            balance = given["mass_balance"]
            assert same_number(balance["feed_volume"]["value"], row["feed_L"])
            assert same_number(balance["feed_concentration"]["value"], row["feed_titer_g_L"])
            assert same_number(balance["step_yield"]["value"], row["proA_yield_pct"])
            assert same_number(balance["pool_volume"]["value"], row["scale_L"])
            assert same_number(balance["pool_concentration"]["value"], row["mab_g_per_L"])


def test_low_ph_hold() -> None:
    measurements = record("HLD-VI-LOWPH")["measurements"]
    assert len(measurements) == 2 * len(table("low_ph_hold_4_16"))
    for row in table("low_ph_hold_4_16"):
        found = {each["attribute"]: each["value"] for each in measurements if str(each["time"]["value"]) == row["min"]}
        for attribute, cell, deviation in (
            ("aggregate", "aggregate_pct", "sd"),
            ("acidic variants", "acidic_pct", "acidic_sd"),
        ):
            assert same_number(found[attribute]["value"], row[cell])
            assert same_number(found[attribute]["standard_deviation"], row[deviation])


def test_cation_exchange_by_scale() -> None:
    stages = ("LOAD", "SDM", "PILOT-500", "PILOT-5000", "COMM-15000")
    for stage, row in zip(stages, table("cex_by_scale_4_20"), strict=True):
        given = record(f"SCL-CEX-{stage}")
        assert str(given.get("batches", "")) == row["n"]
        if row["yield"]:
            assert same_number(given["scale_factor"], row["scale_factor"])
            measured(given, "step yield", row["yield"], row["yield_sd"])
            measured(given, "pool volume", row["pool_cv"], row["pool_sd"])
        measured(given, "CQA-AGG", row["aggregate"], row["agg_sd"])
        measured(given, "CQA-HCP", row["hcp_ng_mg"], row["hcp_sd"])
        measured(given, "CQA-ACIDIC", row["acidic"], row["acidic_sd"])


def test_mixing_by_scale() -> None:
    columns = {
        "rpm": "mixer speed",
        "Re": "Reynolds number",
        "Ne": "power number",
        "P_W": "power",
        "PV_W_m3": "power per volume",
        "theta_n": "revolutions to mix",
        "theta_min_pred": "predicted mixing time",
        "theta_min_actual": "actual mixing time",
    }
    for row in table("mixing_scaleup_5_27_33"):
        given = record(f"SCL-MIX-{row['vessel_L']}", "as-published")
        assert same_number(figures(given, "mixer diameter")["value"], row["d_mixer_mm"])
        assert same_number(figures(given, "fill height")["value"], row["fill_mm"])
        widths = [str(each["value"]) for each in given["quantities"] if each["quantity"].startswith("vessel diameter")]
        printed = re.findall(r"[0-9]+", re.sub(r"\(.*?\)", "", row["d_vessel_mm"]))
        assert widths == printed
        for column, label in columns.items():
            if row[column]:
                assert same_number(figures(given, f"{label} at {row['T_degC']} degC")["value"], row[column])


HOLDS = ("HLD-VI-POOL", "HLD-DS", "HLD-DP", "HLD-N1-MEDIUM-P1", "HLD-N1-MEDIUM-P2")


@pytest.mark.parametrize(("identity", "row"), list(zip(HOLDS, table("hold_times"), strict=True)))
def test_row_of_the_hold_times(identity: str, row: dict[str, str]) -> None:
    given = record(identity)
    assert given["intermediate"] == row["intermediate"]
    assert same_number(given["chemical_maximum"]["value"], row["max_time"])
    assert parse_unit(given["chemical_maximum"]["unit"]) == parse_unit(row["unit"])
    assert given.get("limits", "") == row["limits"]
    for number in re.findall(r"[0-9]+", row["condition"]):
        assert number in str(given)


def test_virus_clearance() -> None:
    units = {"Low pH": "UO-06-VI", "AEX": "UO-08-AEX", "SVRF": "UO-09-VF"}
    for row in table("viral_clearance_4_38"):
        for virus in ("XMuLV", "MVM"):
            cell = row[f"{virus}_log10"]
            if row["step"] == "Total":
                totals = record("CQA-VIRAL")["cumulative_clearance"]
                reduction = next(each["claimed"] for each in totals if each["virus"] == virus)
            else:
                claim = next(each for each in record(units[row["step"]])["viral_clearance"] if each["virus"] == virus)
                if cell == "NT":
                    assert claim["not_tested"] is True
                    continue
                reduction = claim["log_reduction"]
            assert same_number(reduction["low"], cell.removeprefix(">"))
            assert reduction["low_inclusive"] is False


def test_engineering_runs() -> None:
    for row in table("engineering_runs_5_26"):
        given = record(f"RUN-DP-{row['run']}")
        assert given["condition"] == row["condition"]
        values = [str(each["value"]) for each in given["as_run"]]
        assert values == [row["pumping_units_per_min"], row["capping_psig"], row["stoppering_lbf"]]


FACTORS = {"Temp": "T", "CO2": "CO2", "pH": "pH", "Osmo": "Osm", "Duration": "CD"}


def test_response_surface_terms() -> None:
    responses = {each["name"]: each for each in record("DSP-BRX")["responses"]}
    rows = table("rsm_table_3_16")
    assert sum(len(each["terms"]) for each in responses.values() if each["meaning"] == "mean") == len(rows)
    for row in rows:
        name, _, doubt = row["response"].partition(" (")
        factors = [FACTORS[part] for part in re.sub(r"\([^)]*\)", "", row["term"]).split("*") if part != "Intercept"]
        found = [term for term in responses[name]["terms"] if list(term.get("factors", ())) == factors]
        assert len(found) == 1
        assert same_number(found[0]["coefficient"], row["scaled_estimate_per_half_range"])
        assert found[0].get("p_value", "") == row["p"]
        assert bool(found[0].get("ambiguous")) == bool(doubt)


def test_limits_of_the_design_space() -> None:
    names = dict(zip(("Afucosylation", "Galactosylation", "Acidic variants", "Soluble aggregates"),
                     ("aFucosylation", "Galactosylation", "AcidicVariants", "Aggregate"), strict=True))  # fmt: skip
    responses = {each["name"]: each for each in record("DSP-BRX")["responses"]}
    for row in table("design_space_cqa_limits_3_17"):
        limit = responses[names[row["attribute"]]]["limit"]
        assert same_number(limit["low"], row["low"])
        assert same_number(limit["high"], row["high"])


def test_reliability_scores() -> None:
    lines = (TABLES / "design_space_scores.yaml").read_text(encoding="utf-8").splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("design_space_scores:"))
    found = {each["name"]: each for each in record("DSP-BRX")["responses"] if each["meaning"] == "score"}
    names = ("aFuc<13", "aFuc>2", "Gal<40", "Gal>10")
    count = 0
    for line in lines[start + 1 :]:
        match = re.fullmatch(r'  "(.+)": \[(.+)\]', line)
        if not match:
            break
        count += 1
        factors = [] if match[1] == "1" else re.sub(r"(\w+)\*\*2", r"\1*\1", match[1]).split("*")
        for name, cell in zip(names, match[2].split(", "), strict=True):
            term = next(each for each in found[name]["terms"] if list(each.get("factors", ())) == factors)
            assert same_number(term["coefficient"], cell)
    assert count == 21
    assert {len(each["terms"]) for each in found.values()} == {21}
    assert [str(found[name]["computed_at_centre"]) for name in names] == ["14.70", "15.29", "13.15", "11.08"]
