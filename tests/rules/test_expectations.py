"""The expected-content lists: complete, spelled as the model spells, and never changed once released."""

import hashlib
import typing

import pytest

from ttpack.model.process import OperationClass
from ttpack.model.quantity_kinds import QUANTITY_KINDS
from ttpack.rules.expectations import NEWEST, VERSIONS
from ttpack.rules.expectations.entries import Entry, spoken
from ttpack.rules.expectations.matching import Candidate, unanswered

RELEASED = {"1": "0a164f632d421a43"}
"""The digest of each version. A list that has to change gets a new version; only an unreleased one may change here."""

OF_A_MAB = {
    "seed_bioreactor": 9, "production_bioreactor": 11, "protein_a_chromatography": 14, "low_ph_viral_inactivation": 4,
    "cation_exchange_chromatography": 12, "anion_exchange_chromatography": 8, "virus_filtration": 3,
}  # fmt: skip
"""How many of the 61 parameters and attributes of A-Mab's tables each of its seven unit operations carries."""

BEYOND_THE_TABLES = {"hold_time", "sampling", "material"}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_class_of_unit_operation_has_a_list(version: str) -> None:
    assert set(VERSIONS[version]) == set(typing.get_args(OperationClass))
    for entries in VERSIONS[version].values():
        assert entries
        assert len({entry.name for entry in entries}) == len(entries)


@pytest.mark.parametrize("version", VERSIONS)
def test_quantity_kinds_are_those_of_the_model(version: str) -> None:
    named = {kind for entries in VERSIONS[version].values() for entry in entries for kind in entry.quantity_kinds}
    assert named <= set(QUANTITY_KINDS)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_released_version_does_not_change(version: str) -> None:
    text = repr(sorted(VERSIONS[version].items()))
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == RELEASED[version]
    assert NEWEST in VERSIONS


def test_the_lists_name_each_parameter_of_the_a_mab_tables() -> None:
    beyond = {"product_titer", "adventitious_agent_test"}
    counts = {
        name: sum(
            1 for entry in VERSIONS["1"][name] if entry.kinds[0] not in BEYOND_THE_TABLES and entry.name not in beyond
        )
        for name in OF_A_MAB
    }
    assert counts == OF_A_MAB
    assert sum(counts.values()) == 61


def record(record_id: str, title: str, kind: str = "process_parameter", **more: str) -> Candidate:
    return Candidate(record_id, kind, f"{title} {record_id}", more.get("quantity_kind"), more.get("names"))


TITLES_OF_A_MAB = {
    "seed_bioreactor": [
        "Temperature", "pH", "Dissolved oxygen", "Culture duration", "Basal medium concentration", "Seed density",
        "Split ratio", "Passage viable cell density", "Viability at passage",
    ],
    "production_bioreactor": [
        "Culture temperature", "Culture pH", "Dissolved CO2 (pCO2)", "Culture duration", "Osmolality",
        "Remnant glucose", "Dissolved oxygen", "Initial viable cell concentration", "Basal medium concentration",
        "Nutrient feed-1 volume", "Antifoam C concentration",
    ],
    "protein_a_chromatography": [
        "Protein load", "Elution buffer pH", "Load flow rate", "End of pool collection", "Operating temperature",
        "Cell culture viability (input)", "Resin lifetime (Resin A)", "Resin lifetime (Resin B)", "Load concentration",
        "Bed height", "Equilibration/wash pH", "Equilibration/wash composition", "Start of collection",
        "Equilibration/wash volume",
    ],
    "low_ph_viral_inactivation": ["Inactivation pH", "Hold time", "Temperature", "A-Mab concentration"],
    "cation_exchange_chromatography": [
        "Protein load", "Load/wash conductivity", "Elution pH", "Elution stop collect", "Elution flow rate",
        "Bed height", "Equil/load/wash flow rate", "Load pH", "Wash pH", "Temperature", "Elution start collect",
        "Elution conductivity",
    ],
    "anion_exchange_chromatography": [
        "Equilibration/wash-1 conductivity", "Load pH", "Protein load", "Operating flow rate", "Load conductivity",
        "Equilibration/wash-1 pH", "Peak collection start A280", "Peak collection end A280",
    ],
    "virus_filtration": ["Filtration pressure", "Filtration volume", "Post-use integrity test"],
}  # fmt: skip


@pytest.mark.parametrize("name", TITLES_OF_A_MAB)
def test_titles_as_printed_answer_without_naming_their_entry(name: str) -> None:
    candidates = [record(f"PRM-X-{place}", title) for place, title in enumerate(TITLES_OF_A_MAB[name])]
    missing = unanswered(VERSIONS["1"][name], candidates)
    assert {entry.name for entry in missing if entry.kinds[0] not in BEYOND_THE_TABLES} <= {
        "product_titer", "adventitious_agent_test",
    }  # fmt: skip


@pytest.mark.parametrize("name", TITLES_OF_A_MAB)
def test_removing_any_one_of_them_leaves_an_entry_open(name: str) -> None:
    candidates = [record(f"PRM-X-{place}", title) for place, title in enumerate(TITLES_OF_A_MAB[name])]
    complete = len(unanswered(VERSIONS["1"][name], candidates))
    for place in range(len(candidates)):
        assert len(unanswered(VERSIONS["1"][name], candidates[:place] + candidates[place + 1 :])) == complete + 1


def test_what_names_its_entry_comes_before_what_only_resembles_it() -> None:
    entry = Entry("culture_ph", ("process_parameter",), ("ph",), ("ph",))
    named = record("PRM-A", "Acidity", names="culture_ph", quantity_kind="conductivity")
    assert unanswered([entry], [named]) == []
    assert unanswered([entry], [record("PRM-A", "pH", kind="material", names="culture_ph")]) == [entry]


def test_the_order_of_records_does_not_matter() -> None:
    candidates = [
        record(f"PRM-X-{place}", title) for place, title in enumerate(TITLES_OF_A_MAB["virus_filtration"][:2])
    ]
    entries = VERSIONS["1"]["virus_filtration"]
    assert unanswered(entries, candidates) == unanswered(entries, candidates[::-1])


@pytest.mark.parametrize(
    ("name", "words"),
    [("protein_a_resin", "Protein A resin"), ("culture_ph", "culture pH"), ("phase", "phase"),
     ("low_ph_viral_inactivation", "low pH viral inactivation")],
)  # fmt: skip
def test_names_are_spoken_as_people_do(name: str, words: str) -> None:
    assert spoken(name) == words
