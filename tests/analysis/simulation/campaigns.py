"""A campaign with every field of its model, small enough to be simulated often, and packages around it."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import yaml
from tests.rules.test_cases import minimal

from ttpack.analysis.simulation.study import CampaignStudy, simulate
from ttpack.model.campaign import Campaign
from ttpack.model.documents import Package as PackageRecord
from ttpack.model.kinds import KINDS
from ttpack.model.package import Location, Package

Raw = dict[str, Any]
HEAD = {"audience": ["partner"], "status": "draft"}
CAMPAIGN: Raw = yaml.safe_load(
    """
kind: campaign
id: CPN-X
title: Six batches
audience: [partner]
status: draft
start: 2027-03-01
end: 2027-12-31
batches: 6
batch_starts: takt
takt: {value: 60, unit: h}
acquisition_rule: all_at_once
transfer: blocking
replications: 4
seed: 7
warm_up_batches: 2
calendar: CAL-X
demand: DMF-X
release_time: {distribution: triangular, low: 4, mode: 5, high: 9, unit: d}
start_window: {start: "06:00", end: "22:00"}
shutdowns: [{start: 2027-03-06, end: 2027-03-07, reason: fire drill}]
resources:
  - {name: R, count: 2, breakdowns: {time_between: {distribution: exponential, mean: 90, unit: h},
                                     repair: {distribution: fixed, mean: 3, unit: h}}}
  - {name: C, count: 1}
  - {name: V, count: 1}
  - {name: CIP, count: 1}
operators:
  - {name: Makers, shifts: [{start: "06:00", end: "18:00", count: 2, days: [mon, tue, wed, thu, fri]},
                            {start: "18:00", end: "06:00", count: 1}]}
utilities:
  - {name: WFI, utility: UTL-X, tank: {value: 3, unit: m3}, refill: {value: 100, unit: L/h}}
materials:
  - {name: resin, stock: {value: 4, unit: L}, reorder_point: {value: 2, unit: L},
     order_quantity: {value: 3, unit: L}, lead_time: {distribution: uniform, low: 1, high: 3, unit: d}}
steps:
  - name: grow
    resources: [R]
    duration_model: {distribution: lognormal, mean: 80, coefficient_of_variation: 0.1, unit: h}
    turnaround: {value: 6, unit: h}
    cleaning: [{resource: CIP, duration: {distribution: fixed, mean: 2, unit: h}}]
    operators: [{group: Makers, count: 1, time: {value: 4, unit: h}}]
    utilities: [{utility: WFI, amount: {value: 1500, unit: L}}]
    hold: HLD-X
    scheduled_wait: {value: 2, unit: h}
    worst_case_delay: {value: 2, unit: h}
  - name: catch
    resources: [C]
    duration: {low: 10, high: 14}
    duration_unit: h
    distribution: triangular
    turnaround: {value: 3, unit: h}
    operators: [{group: Makers, count: 1}]
    materials: [{material: resin, amount: {value: 1, unit: L}}]
    hold_vessel: V
    longest_wait: {value: 5, unit: h}
    start_window: {start: "20:00", end: "04:00"}
  - name: polish
    resources: [C]
    duration_model: {distribution: gamma, mean: 8, standard_deviation: 1, unit: h}
    turnaround: {value: 2, unit: h}
what_ifs:
  - {name: two-catchers, title: Two columns, resources: [{name: C, count: 2}]}
  - {name: faster, takt: {value: 50, unit: h}, batches: 8}
  - {name: one-by-one, acquisition_rule: one_by_one, start_window: {start: "00:00", end: "24:00"}}
"""
)
OTHERS: tuple[Raw, ...] = (
    {"kind": "calendar", "id": "CAL-X", "title": "Calendar", "holidays": ["2027-03-02"], **HEAD},
    {
        "kind": "demand_forecast", "id": "DMF-X", "title": "Forecast", **HEAD,
        "periods": [
            {"start": "2027-03-01", "end": "2027-03-31", "batches": 2},
            {"start": "2027-04-01", "end": "2027-06-30", "batches": 9},
            {"start": "2028-01-01", "end": "2028-06-30", "batches": 50},
        ],
    },
    {"kind": "hold_time", "id": "HLD-X", "title": "Hold", "operated_limit": {"value": 6, "unit": "h"}, **HEAD},
    {"kind": "utility", "id": "UTL-X", "title": "WFI", "capacity": {"value": 90, "unit": "L/h"}, **HEAD},
)  # fmt: skip


def package_of(campaign: Raw, others: tuple[Raw, ...] = OTHERS) -> Package:
    """A package of a campaign and other records."""
    manifest = PackageRecord.model_validate(minimal()[0])
    records = {raw["id"]: KINDS[raw["kind"]].model_validate(raw) for raw in (campaign, *others)}
    places = {name: Location("records/x.yaml", 1) for name in [*records, manifest.id]}
    raws: dict[str, Raw] = {name: {} for name in [*records, manifest.id]}
    return Package(manifest, dict(sorted((records | {manifest.id: manifest}).items())), raws, places)


def study_of(campaign: Raw, others: tuple[Raw, ...] = OTHERS, **options: Any) -> CampaignStudy:
    """A campaign simulated as the command does."""
    package = package_of(campaign, others)
    found = package.get(campaign["id"], Campaign)
    assert found is not None
    return simulate(package, found, **options)


def changed(**fields: Any) -> Raw:
    """The campaign with other fields."""
    return deepcopy(CAMPAIGN) | fields


def fixed(name: str, hours: float, *units: str, **fields: Any) -> Raw:
    """A step that always lasts as long."""
    mean = Decimal(str(hours))
    return {
        "name": name, "resources": list(units), "turnaround": {"value": 0, "unit": "h"},
        "duration_model": {"distribution": "fixed", "mean": mean, "unit": "h"}, **fields,
    }  # fmt: skip


def plain(steps: list[Raw], batches: int, counts: dict[str, int], **fields: Any) -> Raw:
    """A campaign without any variation: what comes out can be worked out by hand."""
    resources = [{"name": name, "count": count} for name, count in counts.items()]
    return {
        "kind": "campaign", "id": "CPN-P", "title": "Plain", **HEAD, "batches": batches, "steps": steps,
        "resources": resources, "batch_starts": "at_once", "transfer": "blocking", "acquisition_rule": "all_at_once",
        "replications": 1, **fields,
    }  # fmt: skip
