"""Expected content of cell culture and harvest, version 1 (A-Mab Tables 3.6, 3.7, 3.11, 3.14; CTD 3.2.S.2.2)."""

from collections.abc import Mapping
from typing import Final

from ttpack.rules.expectations.entries import Entry, attribute, hold, material, parameter, sample, test

LISTS: Final[Mapping[str, tuple[Entry, ...]]] = {
    "inoculum_expansion": (
        parameter("culture_temperature", "temperature", "temperature"),
        parameter("passage_duration", "duration", "duration", "passage time", "culture duration"),
        attribute("passage_viable_cell_density", "cell_density", "cell density", "viable cell", "vcd"),
        attribute("viability_at_passage", "viability percent", "viability"),
        sample("passage_sampling"),
        material("growth_medium", "medium", "media"),
    ),
    "seed_bioreactor": (
        parameter("culture_temperature", "temperature", "temperature"),
        parameter("culture_ph", "ph", "ph"),
        parameter("dissolved_oxygen", "dissolved_oxygen", "do", "do2", "oxygen"),
        parameter("culture_duration", "duration", "duration", "age"),
        parameter("basal_medium_concentration", "medium_concentration", "medium concentration", "basal medium"),
        parameter("seed_density", "cell_density", "seeding density", "inoculation density", "initial viable cell"),
        parameter("split_ratio", "split_ratio ratio", "split"),
        attribute("passage_viable_cell_density", "cell_density", "passage viable cell", "passage vcd", "final vcd"),
        attribute("viability_at_passage", "viability percent", "passage viability", "viability"),
        hold("medium_hold"),
        sample("passage_sampling"),
        material("growth_medium", "medium", "media"),
    ),
    "production_bioreactor": (
        parameter("culture_temperature", "temperature", "temperature"),
        parameter("culture_ph", "ph", "ph"),
        parameter("dissolved_carbon_dioxide", "dissolved_carbon_dioxide", "pco2", "co2", "carbon dioxide"),
        parameter("culture_duration", "duration", "duration", "age", "harvest day", "harvest time", "culture time"),
        parameter("osmolality", "osmolality", "osmolality", "osmolarity", "osmo"),
        parameter("remnant_glucose", "concentration_mass concentration_molar", "glucose"),
        parameter("dissolved_oxygen", "dissolved_oxygen", "do", "do2", "oxygen"),
        parameter(
            "initial_viable_cell_concentration", "cell_density",
            "initial vcc", "initial vcd", "initial viable cell", "seed density", "seeding density",
            "inoculation density", "inoculation vcd", "inoculation vcc", "inoculation viable", "starting cell",
        ),
        parameter(
            "basal_medium_concentration", "medium_concentration",
            "medium concentration", "basal medium", "medium strength", "media concentration",
        ),
        parameter("nutrient_feed_volume", "volume_fraction volume percent", "feed volume", "nutrient feed", "feed"),
        parameter("antifoam_concentration", "ppm concentration_mass volume_fraction impurity_ratio", "antifoam"),
        attribute("product_titer", "titer concentration_mass", "titer", "titre"),
        test("adventitious_agent_test", "adventitious", "mycoplasma", "virus"),
        sample("culture_sampling"),
        material("basal_medium", "medium", "media"),
        material("nutrient_feed", "feed"),
    ),
    "harvest": (
        parameter("harvest_flow_rate", "flow_rate flux mass_flow", "flow rate", "feed rate", "flux"),
        parameter("filter_load", "filter_loading", "loading", "throughput"),
        attribute("clarified_bulk_turbidity", "turbidity", "turbidity"),
        hold("clarified_bulk_hold"),
        sample("clarified_bulk_sampling"),
        material("clarification_filter", "filter", "depth filter"),
    ),
    "centrifugation": (
        parameter("feed_rate", "flow_rate mass_flow", "feed rate", "flow rate"),
        parameter("centrifugal_acceleration", "relative_centrifugal_force centrifuge_speed", "rcf", "speed"),
        parameter("discharge_interval", "duration frequency", "discharge", "shot interval"),
        attribute("centrate_turbidity", "turbidity", "turbidity"),
        sample("centrate_sampling"),
    ),
    "depth_filtration": (
        parameter("filter_load", "filter_loading", "loading", "throughput", "filtration volume"),
        parameter("filtration_flux", "flux flow_rate", "flux", "flow rate"),
        parameter("differential_pressure", "pressure pressure_gauge", "pressure"),
        attribute("filtrate_turbidity", "turbidity", "turbidity"),
        hold("filtrate_hold"),
        sample("filtrate_sampling"),
        material("depth_filter", "filter"),
    ),
}  # fmt: skip
"""The lists by class of unit operation."""
