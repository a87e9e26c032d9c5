"""Quantity kinds: the unit that fits, the value that can be, and the sentence when not."""

from decimal import Decimal

import pytest

from ttpack.model.quantity_kinds import QUANTITY_KINDS, plausibility_problem, quantity_kind, unit_problem
from ttpack.model.units import UnitDefinition, own_units, parse_unit

MISFITS = [
    ("ph", "%{sat}", "pH is measured in [pH]; %{sat} is a percentage of saturation"),
    ("ph", "% sat", "pH is measured in [pH]; % sat is a percentage of saturation"),
    ("ph", "%", "pH is measured in [pH]; % is a plain percentage"),
    ("ph", "", "pH is measured in [pH]; no unit is given"),
    ("temperature_difference", "Cel", "a temperature difference is measured in K; Cel is a temperature"),
    ("pressure_gauge", "psi", "a gauge pressure is measured in kPa{gauge}; psi is a pressure"),
    ("pressure", "psig", "a pressure or pressure difference is measured in kPa; psig is a gauge pressure"),
    ("kla", "rpm", "an oxygen transfer coefficient kLa is measured in 1/h; rpm counts revolutions"),
    ("count", "%", "a count is a plain number without a unit; % is a plain percentage"),
    ("reynolds_number", "ppm", "a Reynolds number is a plain number without a unit; ppm is a plain ratio"),
    ("mass_loading", "g/m2", "a mass loading of resin is measured in g/L{resin} or g/L; g/m2 is a mass per area"),
    ("viability", "", "viability is measured in %; no unit is given"),
    ("pass_fail", "g", "a pass or fail result is a plain result without a unit; g is a mass"),
    ("phh", "[pH]", "'phh' is no quantity kind: did you mean ph?"),
    ("zzzzzzzz", "[pH]", "'zzzzzzzz' is no quantity kind: use other for what is in no list"),
    ("endotoxin", "[EU]/mL",
     "'[EU]/mL' is not a known unit: in UCUM [EU] is the Ehrlich unit; write EU for the endotoxin unit"),
]  # fmt: skip

FITS = [
    ("ph", "pH"), ("temperature", "degF"), ("temperature", "K{abs}"), ("temperature_difference", "Cel{diff}"),
    ("dissolved_carbon_dioxide", "mmHg"), ("dissolved_carbon_dioxide", "%"), ("pco2", "kPa"), ("duration", "day"),
    ("osmolality", "mOsm/kg"), ("cell_density", "1e6 cells/mL"), ("mass_loading", "g/L"), ("flux", "LMH"),
    ("agitation_rate", "rpm"), ("agitation_rate", "/min"), ("cycles", ""), ("cycles", "cycles"), ("absorbance", "mAU"),
    ("impurity_ratio", "ppm"), ("ppm", "ng/mg"), ("dimensionless", ""), ("pass_fail", ""), ("pass_fail", "pass/fail"),
    ("other", "{anything}"), ("other", ""), ("reynolds_number", "1"), ("force", "lbf"), ("volume_fraction", "% WV"),
    ("superficial_gas_velocity", "1e-3 m/s"), ("pressure", "psi"), ("gas_flow_per_volume", "vvm"),
    ("temperature", "K"),
]  # fmt: skip

IMPLAUSIBLE = [
    ("ph", "685", "[pH]", "685 [pH] is not plausible: pH lies between 0 and 14 [pH]"),
    ("temperature", "310", "Cel", "between -90 and 150 Cel"),
    ("temperature", "500", "[degF]", "260 Cel (from [degF])"),
    ("dissolved_oxygen", "500.01", "%{sat}", "500.01 %{sat}"),
    ("specific_oxygen_uptake", "1.0", "mmol/{cell}/h", "between 1e-14 and 1e-12 mol/{cell}/h"),
    ("oxygen_uptake_rate", "0.001", "mmol/L/h", "between 0.01 and 50"),
    ("viability", "101", "%", "a share of cells"),
    ("ph", "NaN", "pH", "finite"),
    ("ph", "1e999999", "pH", "300 digits"),
    ("reynolds_number", "0", "1", "0 is not plausible"),
]

PLAUSIBLE = [
    ("ph", "0", "pH"), ("ph", "14.0", "pH"), ("ph", "6.85", "pH"), ("temperature", "-80", "Cel"),
    ("dissolved_oxygen", "500", "%{sat}"), ("specific_oxygen_uptake", "0.1", "pmol/{cell}/h"),
    ("duration", "17", "day"), ("impurity_ratio", "1300000", "ppm"), ("agitation_rate", "7", "rpm"),
    ("ph", "99", "%"), ("phh", "99", "pH"), ("ph", "99", "nosuchunit"), ("other", "1e30", "{x}"),
]  # fmt: skip

REQUIRED = """
ph temperature temperature_difference dissolved_oxygen dissolved_carbon_dioxide duration osmolality concentration_mass
concentration_molar cell_density viability volume volume_fraction mass mass_loading linear_velocity flow_rate flux
pressure pressure_gauge conductivity absorbance column_volumes bed_height cycles agitation_rate power_per_volume
superficial_gas_velocity kla gas_flow mixing_time ratio percent percent_of_target medium_concentration impurity_ratio
ppm endotoxin bioburden log_reduction filter_loading membrane_loading turbidity titer specific_productivity
specific_oxygen_uptake oxygen_uptake_rate integral_viable_cell_concentration length area velocity kinematic_viscosity
dynamic_viscosity density force count dimensionless reynolds_number power humidity pass_fail vvm time pump_rate
"""


@pytest.mark.parametrize(("kind", "unit", "sentence"), MISFITS)
def test_a_unit_that_does_not_fit_is_explained(kind, unit, sentence):
    assert unit_problem(kind, unit) == sentence


@pytest.mark.parametrize(("kind", "unit"), FITS)
def test_every_dimension_in_which_a_kind_is_stated_fits(kind, unit):
    assert unit_problem(kind, unit) is None


@pytest.mark.parametrize(("kind", "value", "unit", "words"), IMPLAUSIBLE)
def test_what_cannot_be_is_said_with_the_window(kind, value, unit, words):
    assert words in (plausibility_problem(kind, Decimal(value), unit) or "")


@pytest.mark.parametrize(("kind", "value", "unit"), PLAUSIBLE)
def test_windows_include_their_ends_and_leave_other_mistakes_to_other_rules(kind, value, unit):
    assert plausibility_problem(kind, Decimal(value), unit) is None


@pytest.mark.parametrize("name", REQUIRED.split())
def test_everything_a_biologics_process_carries_has_a_kind(name):
    assert quantity_kind(name) is not None


@pytest.mark.parametrize("kind", QUANTITY_KINDS.values(), ids=lambda kind: kind.name)
def test_kinds_are_complete_and_consistent(kind):
    assert kind.words
    assert kind.basis
    assert len(set(kind.dimensions)) == len(kind.dimensions)
    for window in kind.windows:
        assert window.low < window.high
        assert parse_unit(window.unit).code == window.unit, "windows are stated in canonical codes"
        assert unit_problem(kind.name, window.unit) is None


def test_no_name_means_two_kinds():
    names = [*QUANTITY_KINDS, *(synonym for kind in QUANTITY_KINDS.values() for synonym in kind.synonyms)]
    assert len(names) == len(set(names))


def test_the_kind_of_no_list_has_no_unit_and_no_window():
    other = QUANTITY_KINDS["other"]
    assert (other.unit, other.low, other.high, other.dimensions) == ("", None, None, ())
    ph = QUANTITY_KINDS["ph"]
    assert (ph.unit, ph.low, ph.high) == ("[pH]", Decimal(0), Decimal(14))


def test_own_units_fit_the_kinds_they_are_multiples_of():
    own, _ = own_units([UnitDefinition("SU", factor=10, base_unit="g/L"), UnitDefinition("blob")])
    assert unit_problem("titer", "SU", own) is None
    assert plausibility_problem("titer", 11, "SU", own) is not None
    assert unit_problem("titer", "blob", own) == (
        "a product titer is measured in g/L or [IU]/mL or {vg}/mL; blob is a number of blob"
    )
