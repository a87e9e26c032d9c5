"""Formulas of scale-up against published tables and hand calculations, and where they give no verdict."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from ttpack.analysis.formulas import NotEvaluated, catalogue, evaluate
from ttpack.analysis.scale_rules import SCALE_RULES, scale_rule
from ttpack.model.units import parse_unit

TABLE = Path(__file__).parents[1] / "data" / "scaleup_references.csv"
REFERENCES = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
ROUNDED = {"gassed_power_michel_miller": 1e-3}
"""The constant of the publication has one digit; ours has three."""
TOLERANCE = 1e-5


def value(name: str, unit: str, inputs: str) -> float:
    given = {}
    for each in inputs.split(";"):
        key, _, stated = each.partition("=")
        number, _, of = stated.partition(" ")
        given[key] = (Decimal(number), of)
    return float(evaluate(name, given).in_unit(parse_unit(unit)))


@pytest.mark.parametrize("row", REFERENCES, ids=[row["id"] for row in REFERENCES])
def test_reference_values(row: dict[str, str]) -> None:
    found = value(row["formula"], row["unit"], row["inputs"])
    assert found == pytest.approx(float(row["expected"]), rel=ROUNDED.get(row["formula"], TOLERANCE)), row["source"]


@pytest.mark.parametrize(
    ("rule", "published"),
    [
        ("constant_power_per_volume_speed", (125, 1, 0.34, 42.5, 0.34, 1.7, 8.5)),
        ("", (3125, 25, 1, 125, 1, 5, 25)),
        ("constant_tip_speed_speed", (25, 0.2, 0.2, 25, 0.2, 1, 5)),
        ("constant_reynolds_number_speed", (0.2, 0.0016, 0.04, 5, 0.04, 0.2, 1)),
    ],
    ids=["constant P/V", "constant N", "constant tip speed", "constant Re"],
)
def test_table_of_oldshue(rule: str, published: tuple[float, ...]) -> None:
    """Oldshue 1966, Biotechnol. Bioeng. 8:3: a linear scale factor of five, relative to the small vessel."""
    speed = value(rule, "1/s", "speed=1 1/s;from_diameter=1 m;to_diameter=5 m") if rule else 1.0
    vessel = "power_number=1 1;density=1000 kg/m3;speed={} 1/s;diameter={} m"
    power = value("power", "W", vessel.format(f"{speed:.20f}", 5)) / value("power", "W", vessel.format(1, 1))
    tip = value("tip_speed", "m/s", f"speed={speed:.20f} 1/s;diameter=5 m")
    turning = "speed={} 1/s;diameter={} m;kinematic_viscosity=1e-6 m2/s"
    reynolds = value("reynolds_number", "1", turning.format(f"{speed:.20f}", 5))
    found = (
        power, power / 125, speed, speed * 125, speed,
        tip / value("tip_speed", "m/s", "speed=1 1/s;diameter=1 m"),
        reynolds / value("reynolds_number", "1", turning.format(1, 1)),
    )  # fmt: skip
    assert found == pytest.approx(published, rel=0.01)


@pytest.mark.parametrize(
    ("name", "inputs", "reason"),
    [
        ("kla_vant_riet", "power_per_volume=26 W/m3;superficial_gas_velocity=15 mm/s", "500 to 10000"),
        ("kla_fitted", ("factor=1 1;power_exponent=0.4 1;gas_exponent=0.5 1;power_per_volume=26 W/m3;"
         "superficial_gas_velocity=15 mm/s;greatest_power_per_volume=20 W/m3"), "where it was fitted"),
        ("constant_power_per_volume_mixing_time_by_volume",
         "mixing_time=62 s;from_volume=5000 L;to_volume=15000 L;from_aspect_ratio=1.4 1;to_aspect_ratio=3.0 1",
         "not geometrically similar"),
        ("gassed_power_michel_miller",
         "power=700 W;speed=100 {rpm};impeller_diameter=0.5 m;gas_flow=0.0001 m3/s", "gas flow number"),
        ("gassed_power", "power=700 W;power_reduction=1 1", "below 1"),
        ("gassed_power", "power=0 W;power_reduction=0 1", "above zero"),
        ("kozeny_carman_pressure_drop", ("linear_velocity=300 cm/h;bed_height=20 cm;viscosity=1 mPa.s;"
         "particle_diameter=90 um;void_fraction=0.9 1"), "0.2 to 0.7"),
        ("kozeny_carman_pressure_drop", ("linear_velocity=1 m/s;bed_height=20 cm;viscosity=1 mPa.s;"
         "particle_diameter=90 um;void_fraction=0.35 1;density=1000 kg/m3"), "not laminar"),
        ("ergun_pressure_drop", ("linear_velocity=10 m/s;bed_height=20 cm;viscosity=1 mPa.s;"
         "particle_diameter=200 um;void_fraction=0.35 1;density=1000 kg/m3"), "1000"),
        ("mixing_time_grenville", ("power_number=5 1;vessel_diameter=3 m;impeller_diameter=1 m;speed=2 1/s;"
         "kinematic_viscosity=1 m2/s"), "not turbulent"),
        ("mixing_time_grenville", "power_number=5 1;vessel_diameter=1 m;impeller_diameter=2 m;speed=2 1/s", "smaller"),
        ("sigma_tubular_bowl",
         "length=0.75 m;speed=15000 {rpm};inner_radius=0.05 m;outer_radius=0.02 m", "inner radius"),
        ("filter_area_vmax", "volume=100 L;vmax=100 L/m2;safety_factor=0.9 1", "safety factor"),
        ("gassed_volume", "liquid_volume=100 L;gas_hold_up=1 1", "below 1"),
        ("maximum_cell_density", ("kla=20 1/h;saturation_concentration=0.1 mmol/L;concentration=0.1 mmol/L;"
         "specific_oxygen_uptake=0.1 pmol/{cell}/h"), "saturation"),
        ("carbon_dioxide_stripping_bound",
         "carbon_dioxide_evolution=1 mmol/L/h;temperature=37 Cel;gas_flow_per_volume=0 {vvm}", "above zero"),
        ("population_doublings_of_stage",
         "final_density=4 {cells}/mL;final_volume=0 L;seed_density=1 {cells}/mL;seed_volume=1 L", "above zero"),
    ],
)  # fmt: skip
def test_outside_its_range_a_formula_gives_no_value(name: str, inputs: str, reason: str) -> None:
    with pytest.raises(NotEvaluated, match=reason) as said:
        value(name, "1", inputs)
    assert said.value.outside


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("transmembrane_pressure", "inlet_pressure=2 bar;outlet_pressure=1 bar;permeate_pressure=10 kPa{gauge}"),
        ("log_reduction", "input_titer=1e7 [PFU]/mL;input_volume=1 L;output_titer=1e2 [TCID_50]/mL;output_volume=1 L"),
    ],
)
def test_inputs_that_measure_different_things_are_not_put_together(name: str, inputs: str) -> None:
    with pytest.raises(NotEvaluated, match="measure different things"):
        value(name, "1", inputs)


def test_similar_vessels_are_similar_both_ways() -> None:
    name = "constant_power_per_volume_mixing_time_by_volume"
    for first, second in (("1.0", "1.1001"), ("1.1001", "1.0")):
        ratios = f"from_aspect_ratio={first} 1;to_aspect_ratio={second} 1"
        found = value(name, "s", f"mixing_time=62 s;from_volume=5000 L;to_volume=15000 L;{ratios}")
        assert found == pytest.approx(79.14, abs=0.01)


def test_every_formula_names_its_source_and_says_how_far_it_may_be_off() -> None:
    """Without an uncertainty it is exact by definition, so a fit or an estimate has to have one."""
    fits = ("Van't Riet", "Grenville", "Ruszkowski", "Kolmogorov", "Michel", "Ergun", "Carman", "Badmington", "Ambler")
    for formula in catalogue().values():
        assert formula.source, formula.name
        uncertainty = formula.uncertainty
        assert uncertainty is None or (0 < uncertainty.share < 1 and uncertainty.words), formula.name
        if formula.source.startswith(fits):
            assert uncertainty is not None, formula.name
        if formula.outside is not None:
            assert formula.valid, f"{formula.name} has a range that its page cannot name"


def test_every_formula_and_rule_can_be_named_as_a_scale_rule() -> None:
    """A formula whose name is also that of a rule (`flux`) means the rule that keeps it."""
    assert all(scale_rule(rule) == rule for rule in SCALE_RULES)
    assert all(scale_rule(name) in (name, f"constant_{name}") for name in catalogue())
