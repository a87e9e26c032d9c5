"""Known answers of the formula catalogue (published tables, textbooks, and A-Mab v2.1)."""

from decimal import Decimal

import pytest

from ttpack.analysis.formulas import NotEvaluated, catalogue, evaluate, formula_names
from ttpack.analysis.scale_rules import SCALE_RULES, scale_rule
from ttpack.model.units import parse_unit

Given = dict[str, tuple[str, str]]


def value(name: str, unit: str, **given: tuple[str, str]) -> float:
    inputs = {each: (Decimal(number), stated) for each, (number, stated) in given.items()}
    return float(evaluate(name, inputs).in_unit(parse_unit(unit)))


@pytest.mark.parametrize(
    ("speed", "diameter", "viscosity", "expected"),
    [
        # A-Mab Tables 5.27 to 5.33, at 25 and 5 Cel; 230,816 is printed for the last
        ("100", "150", "2.43e-6", 15432),
        ("25", "150", "2.43e-6", 3858),
        ("30", "313", "2.43e-6", 20158),
        ("6", "313", "2.43e-6", 4032),
        ("30", "451", "2.43e-6", 41852),
    ],
)
def test_reynolds_numbers_of_a_mab(speed: str, diameter: str, viscosity: str, expected: int) -> None:
    found = value(
        "reynolds_number",
        "1",
        speed=(speed, "{rpm}"),
        diameter=(diameter, "mm"),
        kinematic_viscosity=(viscosity, "m2/s"),
    )
    assert found == pytest.approx(expected, abs=0.6)


STIRRED: Given = {"speed": ("100", "{rpm}"), "diameter": ("0.5", "m")}
KNOWN: list[tuple[str, str, Given, float]] = [
    ("kla_vant_riet", "1/s",
     {"power_per_volume": ("1000", "W/m3"), "superficial_gas_velocity": ("0.005", "m/s")}, 0.029137906819986882),
    ("power", "W", {"power_number": ("5", "1"), "density": ("1000", "kg/m3"), **STIRRED}, 723.3796296296298),
    ("tip_speed", "m/s", STIRRED, 2.6179938779914944),
    ("kolmogorov_length", "m",
     {"kinematic_viscosity": ("1e-6", "m2/s"), "energy_dissipation": ("0.1", "W/kg")}, 5.623413251903491e-05),
    ("mixing_time_grenville", "s",
     {"power_number": ("5", "1"), "vessel_diameter": ("3", "m"), "impeller_diameter": ("1", "m"),
     "speed": ("2", "1/s")},
     13.684403014836215),
    ("column_volume", "L", {"diameter": ("100", "cm"), "height": ("20", "cm")}, 157.07963267948966),
    ("column_volume", "L", {"diameter": ("63", "cm"), "height": ("20", "cm")}, 62.34490621),  # A-Mab prints 72
    ("protein_load", "g/L", {"mass": ("4000", "g"), "resin_volume": ("157.0796", "L")}, 25.464796),
    ("diafiltration_removal", "%", {"sieving_coefficient": ("1", "1"), "diavolumes": ("5", "{DV}")}, 99.32620530009146),
    ("diafiltration_removal", "%", {"sieving_coefficient": ("1", "1"), "diavolumes": ("10", "{DV}")},
     99.99546000702375),
    ("diavolumes", "{DV}", {"residual": ("1", "%"), "sieving_coefficient": ("1", "1")}, 4.605170186),
    ("log_reduction", "{log10}",
     {"input_titer": ("1e7", "[PFU]/mL"), "input_volume": ("1", "mL"), "output_titer": ("1e2", "[PFU]/mL"),
      "output_volume": ("1.1", "mL")}, 4.958607314841775),
    ("sigma_tubular_bowl", "m2",
     {"length": ("0.75", "m"), "speed": ("15000", "{rpm}"), "inner_radius": ("0.02", "m"),
     "outer_radius": ("0.05", "m")},
     2341.6787247782936),
    ("kla_from_oxygen_uptake", "1/h",
     {"oxygen_uptake_rate": ("5", "mmol/L/h"), "saturation_concentration": ("0.21", "mmol/L"),
      "concentration": ("0.06", "mmol/L")}, 33.333333333333336),
    ("titer", "g/L",
     {"integral_viable_cells": ("125", "10*6{cells}.d/mL"), "specific_productivity": ("40", "pg/{cell}/d")}, 5.0),
    ("oxygen_uptake_rate", "mmol/L/h",
     {"specific_oxygen_uptake": ("0.1", "pmol/{cell}/h"), "cell_density": ("15", "10*6{cells}/mL")}, 1.5),
    ("mass_balance_concentration", "g/L",  # A-Mab Table 4.14; 24 is printed
     {"feed_volume": ("5000", "L"), "feed_concentration": ("4.5", "g/L"), "step_yield": ("83", "%"),
      "pool_volume": ("900", "L")}, 20.75),
    ("volumetric_flow", "L/min", {"linear_velocity": ("300", "cm/h"), "diameter": ("180", "cm")}, 127.2345),
    ("residence_time", "min", {"bed_height": ("20", "cm"), "linear_velocity": ("300", "cm/h")}, 4.0),
    ("linear_velocity", "cm/h", {"flow": ("127.2345", "L/min"), "diameter": ("180", "cm")}, 300.0),
    ("constant_power_per_volume_speed", "{rpm}",
     {"speed": ("60", "{rpm}"), "from_diameter": ("1.0", "m"), "to_diameter": ("1.7", "m")}, 42.1229362),
    ("cycles", "{cycles}", {"mass": ("56", "kg"), "load": ("35", "g/L{resin}"), "resin_volume": ("628", "L")}, 3.0),
    ("buffer_demand", "L", {"column_volumes": ("5", "{CV}"), "column_volume": ("628", "L"), "cycles": ("3", "1")},
     10362.0),
    ("risk_priority_number", "1", {"severity": ("8", "1"), "occurrence": ("4", "1"), "detection": ("3", "1")}, 96.0),
    ("transmembrane_pressure", "bar",
     {"inlet_pressure": ("2", "bar"), "outlet_pressure": ("1", "bar"), "permeate_pressure": ("0.5", "bar")}, 1.0),
    ("population_doublings", "{doublings}", {"initial_cells": ("1e6", "{cells}"),
     "final_cells": ("8e6", "{cells}")}, 3.0),
    ("relative_centrifugal_force", "[g]", {"speed": ("1000", "{rpm}"), "radius": ("10", "cm")}, 111.824396),
    ("sum", "h", {"a": ("4", "h"), "b": ("60", "min")}, 5.0),
    ("mean", "h", {"a": ("4", "h"), "b": ("60", "min")}, 2.5),
    ("difference", "h", {"minuend": ("4", "h"), "subtrahend": ("60", "min")}, 3.0),
    ("product", "g", {"volume": ("2", "L"), "concentration": ("3", "mg/mL")}, 6.0),
    ("ratio", "%", {"numerator": ("500", "g"), "denominator": ("1", "kg")}, 50.0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "unit", "given", "expected"), KNOWN)
def test_known_answers(name: str, unit: str, given: Given, expected: float) -> None:
    assert value(name, unit, **given) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("rule", "power", "tip_speed", "reynolds"),
    [("constant_tip_speed_speed", 25.0, 1.0, 5.0), ("constant_reynolds_number_speed", 0.2, 0.2, 1.0)],
)
def test_scaling_by_oldshue(rule: str, power: float, tip_speed: float, reynolds: float) -> None:
    """Oldshue 1966: a linear scale factor of five, relative to the small vessel."""
    speed = value(rule, "1/s", speed=("1", "1/s"), from_diameter=("1", "m"), to_diameter=("5", "m"))
    assert speed**3 * 5**5 == pytest.approx(power)
    assert speed * 5 == pytest.approx(tip_speed)
    assert speed * 25 == pytest.approx(reynolds)


@pytest.mark.parametrize(
    ("name", "given", "reason", "outside"),
    [
        ("kla_vant_riet", {"power_per_volume": ("27.4", "W/m3"), "superficial_gas_velocity": ("8e-3", "m/s")},
         "500", True),
        ("reynolds_number", {**STIRRED, "kinematic_viscosity": ("0", "m2/s")}, "above zero", True),
        ("reynolds_number", {**STIRRED, "kinematic_viscosity": ("1", "m/s")}, "measured in m2/s", False),
        ("reynolds_number", STIRRED, "lacks kinematic_viscosity", False),
        ("ratio", {"numerator": ("1", "kg"), "denominator": ("0", "kg")}, "zero", True),
        ("sum", {"a": ("1", "kg"), "b": ("1", "h")}, "different things", False),
        ("sum", {"a": ("1", "Cel"), "b": ("1", "Cel")}, "temperatures", False),
        ("sum", {}, "one input", False),
        ("reynolds", STIRRED, "did you mean", False),
        ("constant_power_per_volume_speed",
         {"speed": ("60", "{rpm}"), "from_diameter": ("1", "m"), "to_diameter": ("2", "m"),
         "from_aspect_ratio": ("1.4", "1"),
          "to_aspect_ratio": ("3.0", "1")}, "not geometrically similar", True),
        ("mixing_time_ruszkowski",
         {"vessel_diameter": ("1", "m"), "impeller_diameter": ("0.4", "m"), "energy_dissipation": ("0.03", "W/kg"),
          "liquid_height": ("3", "m")}, "differs from the vessel diameter", True),
    ],
)  # fmt: skip
def test_no_verdict_without_a_reason(name: str, given: Given, reason: str, outside: bool) -> None:
    with pytest.raises(NotEvaluated, match=reason) as raised:
        value(name, "1", **given)
    assert raised.value.outside is outside


def test_a_result_is_not_stated_in_a_unit_of_another_dimension() -> None:
    with pytest.raises(NotEvaluated, match="does not give"):
        value("tip_speed", "h", **STIRRED)


def test_every_formula_has_units_that_are_known_and_a_source() -> None:
    for formula in catalogue().values():
        assert formula.source
        assert formula.words
        for units in (*formula.inputs.values(), *formula.optional.values(), formula.result):
            assert units
            for unit in units:
                parse_unit(unit)
    assert formula_names() == tuple(sorted(formula_names()))


@pytest.mark.parametrize("name", ["const P/V", "tip speed", "kLa", "vvm", "Vs", "mixing time", "residence time",
                                  "linear velocity", "g/L resin", "L/m2", "LMH", "TMP", "custom"])  # fmt: skip
def test_scale_rules_by_the_names_of_the_field(name: str) -> None:
    assert scale_rule(name) in SCALE_RULES
