"""Expected content of formulation to packaging, version 1 (CTD 3.2.P.3.3; EU GMP Annex 1)."""

from collections.abc import Mapping
from typing import Final

from ttpack.rules.expectations.entries import Entry, attribute, hold, material, parameter, sample, test

LISTS: Final[Mapping[str, tuple[Entry, ...]]] = {
    "formulation": (
        parameter("mixing_speed", "agitation_rate pump_speed power_per_volume", "mixing", "agitation"),
        parameter("mixing_duration", "duration mixing_time", "mixing time", "duration"),
        attribute("formulated_ph", "ph", "ph"),
        attribute("formulated_concentration", "concentration_mass", "concentration", "protein content"),
        hold("formulated_bulk_hold"),
        sample("formulated_bulk_sampling"),
        material("excipient", "excipient", "stabiliser", "surfactant", "buffer"),
    ),
    "freezing": (
        parameter("freezing_duration", "duration temperature_rate", "freezing", "freeze"),
        parameter("storage_temperature", "temperature storage_temperature_cryogenic", "temperature"),
        parameter("fill_volume", "volume mass percent", "volume", "fill"),
        sample("container_sampling"),
        material("storage_container", "container", "bag", "bottle", "vessel"),
    ),
    "thawing": (
        parameter("thawing_temperature", "temperature", "temperature"),
        parameter("thawing_duration", "duration", "duration", "time"),
        hold("thawed_hold"),
        sample("thawed_sampling"),
    ),
    "filling": (
        parameter("fill_volume", "volume mass", "volume", "fill weight", "weight"),
        parameter("filling_rate", "pumping_rate flow_rate", "speed", "rate"),
        parameter("filling_duration", "duration", "duration", "time"),
        test("sterile_filter_integrity_test", "integrity", "filter integrity"),
        hold("filling_hold"),
        sample("fill_weight_sampling"),
        material("primary_container", "vial", "syringe", "container", "packaging"),
        material("closure", "stopper", "plunger"),
        material("sterile_filter", "filter"),
    ),
    "lyophilisation": (
        parameter("freezing_temperature", "temperature storage_temperature_cryogenic", "freezing", "freeze"),
        parameter("primary_drying_temperature", "temperature", "primary drying", "shelf temperature"),
        parameter("chamber_pressure", "pressure pressure_gauge", "pressure", "vacuum"),
        parameter("primary_drying_duration", "duration", "primary drying time", "primary duration"),
        parameter("secondary_drying_temperature", "temperature", "secondary drying"),
        parameter("secondary_drying_duration", "duration", "secondary drying time", "secondary duration"),
        attribute("residual_moisture", "moisture percent", "moisture"),
        sample("cake_sampling"),
    ),
    "visual_inspection": (
        parameter("inspection_rate", "pumping_rate frequency duration", "inspection", "speed"),
        test("acceptance_sampling_test", "aql", "defect", "acceptance"),
        sample("inspection_sampling"),
    ),
    "packaging": (
        parameter("storage_temperature", "temperature", "temperature"),
        test("label_reconciliation", "label", "reconciliation"),
        material("labelled_packaging", "packaging", "carton", "label"),
    ),
    "other": (
        Entry("any_parameter", ("process_parameter",)),
        Entry("any_test_or_sample", ("in_process_control", "sampling")),
    ),
}  # fmt: skip
"""The lists by class of unit operation."""
