"""The proposed reporting category: profiles, states of markets, what an authority approved, and hostile packages."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from tests.conftest import ROOT

from ttpack.analysis.change_rules.rule import CLASSES, ChangeClass, Classified
from ttpack.analysis.change_rules.sides import Sides, State
from ttpack.analysis.change_rules.table import change_rules
from ttpack.analysis.diff import Side, diff
from ttpack.analysis.index import Index
from ttpack.analysis.reporting import Reporting, most_restrictive, needs_regulatory_affairs, reporting
from ttpack.model.ids import overlay_parts
from ttpack.model.kinds import KINDS
from ttpack.source.change_data import ShippedProfiles, change_rule_rows
from ttpack.source.documents import read_yaml
from ttpack.source.schemas import violations

Raw = dict[str, Any]
SHIPPED = ShippedProfiles()
RULES = change_rules(change_rule_rows())
OR_PROTOCOL = "PAS (or the category fixed in an approved comparability protocol)"
NAMES = ("eu-2026", "ich-q12", "us-314-70", "us-601-12-certain", "us-601-12-specified")

PH: Raw = {"kind": "process_parameter", "id": "PRM-PH", "unit": "[pH]", "classification": "CPP",
           "ranges": {"proven_acceptable": {"low": 6, "high": 7}}}  # fmt: skip
WIDER: Raw = PH | {"ranges": {"proven_acceptable": {"low": 6, "high": 8}}}
US: Raw = {"kind": "regulatory_state", "id": "REG-US", "market": "US", "state": "approved",
           "profile": "us-601-12-specified"}  # fmt: skip
EU: Raw = {"kind": "regulatory_state", "id": "REG-EU", "market": "EU", "state": "approved", "profile": "eu-2026"}
ECN: Raw = {
    "kind": "established_condition", "id": "ECN-PH", "status": "approved", "element": "PRM-PH", "market": "US",
    "element_field": "ranges.proven_acceptable", "is_established_condition": True,
}  # fmt: skip
LIFECYCLE = {"lifecycle_submission": "BLA 125999/0012", "lifecycle_approved_on": "2025-03-04"}
PROTOCOL = {"protocol": "PACMP-1", "protocol_submission": "BLA 125999/0020", "protocol_approved_on": "2025-05-06"}
NOT_ESTABLISHED = ECN | LIFECYCLE | {"is_established_condition": False}
OWN: Raw = {
    "kind": "regulatory_profile", "id": "RPF-OWN", "status": "approved", "profile": "us-601-12-specified",
    "version": "7", "markets": ["US"],
    "vocabulary": [{"code": "PAS", "ich_q12": "PA"}, {"code": "CBE-30", "ich_q12": "NM"}, {"code": "none"}],
    "rows": [{"rule": "CH-15", "category": "CBE-30", "wording": "CBE-30 by agreement"}],
}  # fmt: skip


def state(records: Iterable[Raw]) -> State:
    known = {record["id"]: record for record in records}
    sites = {key: site for key, raw in known.items() if (site := raw.get("site") or overlay_parts(key)[1])}
    index = Index({key: raw["kind"] for key, raw in known.items()}, {}, (), sites)
    return State(Side(known), index)


def proposed(before: Iterable[Raw], after: Iterable[Raw], rules: Mapping[str, str] | None = None) -> list[Reporting]:
    """The proposals for a change; `rules` are those that a changed record falls under, CH-15 for the parameter."""
    sides = Sides(state(before), state(after), state([*before, *after]).index)
    sides.changes = tuple(diff(sides.before.side, sides.after.side))
    rules = {"PRM-PH": "CH-15", "PRM-PH@SITE-B": "CH-15", "PRM-ACIDITY": "CH-15"} | dict(rules or {})
    classified = []
    for change in sides.changes:
        names = ["CH-01"] if change.editorial else rules.get(change.record, "").split()
        own = RULES[names[0]].change_class if names else next(name for name in CLASSES if name == change.significance)
        highest: ChangeClass = "editorial" if change.editorial else "major"  # as if modifiers had raised it
        classified.append(Classified(change, names[0] if names else "", own, highest, also=tuple(names[1:])))
    return list(reporting(classified, sides, SHIPPED))


def one(before: Iterable[Raw], after: Iterable[Raw], rules: Mapping[str, str] | None = None) -> Reporting:
    (found,) = proposed(before, after, rules)
    return found


# the profiles that are shipped


def test_five_profiles_are_shipped() -> None:
    assert tuple(SHIPPED) == NAMES
    assert "../eu-2026" not in SHIPPED


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_profile_is_a_record_with_a_row_for_each_rule_in_its_own_words(name: str) -> None:
    (record,) = read_yaml((ROOT / f"src/ttpack/data/profiles/{name}.yaml").read_bytes(), name)
    assert violations("regulatory_profile", record.data) == []
    profile = SHIPPED[name]
    assert [row.rule for row in profile.rows] == list(RULES)
    assert len(profile.rows) == 91
    codes = [category.code for category in profile.vocabulary]
    assert len(codes) == len(set(codes))
    for row in profile.rows:
        assert row.category in codes, row.rule
        assert row.wording
        assert row.source
        if row.least:
            assert codes.index(row.least) > codes.index(row.category), row.rule
    mapped = [category.ich_q12 for category in profile.vocabulary if category.ich_q12]
    assert mapped == sorted(mapped, key=("PA", "NM", "NL", "NR").index)
    assert "roposal" in (profile.note or "")
    assert profile.profile == name
    assert isinstance(profile, KINDS["regulatory_profile"])


@pytest.mark.parametrize(
    ("profile", "rule", "category", "least", "wording"),
    [
        ("us-601-12-specified", "CH-15", "PAS", None, OR_PROTOCOL),
        ("us-601-12-specified", "CH-17", "PAS", None, OR_PROTOCOL),
        ("us-601-12-specified", "CH-11", "CBE-30", "AR", "AR or CBE-30: RA decides"),
        ("us-601-12-specified", "CH-39", "new BLA", "PAS", "PAS / new BLA"),
        ("us-601-12-specified", "CH-16b", "RA decides", None, "RA decides"),
        ("us-601-12-specified", "CH-73", "PAS", "AR", "PAS (CBE-30/AR if compendial)"),
        ("eu-2026", "CH-15", "II", None, "II"),
        ("eu-2026", "CH-44", "II", "IA", "IB / IA; II if biological/immunological method"),
        ("eu-2026", "CH-03", "RA decides", "none", "none until assessed; may undermine filed justification"),
        ("ich-q12", "CH-15", "PA", None, None),
        ("ich-q12", "CH-75", "NM", None, None),
        ("ich-q12", "CH-33", "NR", None, None),
        ("us-314-70", "CH-15", "PAS", None, None),
        ("us-314-70", "CH-37", "RA decides", None, "does not apply: the row concerns biological products only"),
    ],
)  # fmt: skip
def test_rows_say_what_the_table_says(
    profile: str, rule: str, category: str, least: str | None, wording: str | None
) -> None:
    row = next(row for row in SHIPPED[profile].rows if row.rule == rule)
    assert (row.category, row.least) == (category, least)
    assert wording in (None, row.wording)


def test_profiles_say_which_guidance_is_for_an_antibody() -> None:
    assert "monoclonal antibody" in SHIPPED["us-601-12-specified"].guidance[0]
    assert all("analogy" in (row.note or "") for row in SHIPPED["us-601-12-certain"].rows)
    site = next(row for row in SHIPPED["eu-2026"].rows if row.rule == "CH-42")
    assert site.legacy_codes == ("B.I.a.1",)
    assert all(not row.legacy_codes for row in SHIPPED["eu-2026"].rows if row.rule != "CH-42")


def test_the_examples_of_the_page_about_profiles_are_records() -> None:
    page = (ROOT / "docs/pages/explanation/regulatory-profiles.md").read_text()
    examples = [
        read_yaml(block.encode(), "page")[0].data for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    ]
    assert [record["kind"] for record in examples] == [
        "regulatory_state", "established_condition", "regulatory_profile",
    ]  # fmt: skip
    assert [violations(record["kind"], record) for record in examples] == [[], [], []]


# (a) the state of the market


@pytest.mark.parametrize(
    ("market", "market_state", "category"),
    [
        ("US", "none", "update draft dossier"),
        ("US", "IND/IMPD", "IND amendment review"),
        ("EU", "IND/IMPD", "substantial modification review"),
        ("Brazil", "IND/IMPD", "IND amendment or substantial modification review"),
        ("US", "filed", "amendment of the pending application"),
        ("US", "approved", "PAS"),
    ],
)
def test_only_an_approved_market_has_a_supplement(market: str, market_state: str, category: str) -> None:
    record = US | {"market": market, "state": market_state}
    found = one([PH, record], [WIDER, record])
    assert found.category == category
    assert (found.basis[0] == "a") == (market_state != "approved")
    assert ("PAS" in str(found.as_json())) == (market_state == "approved")
    assert (found.ich_q12 == "PA") == (market_state == "approved")


def test_a_row_that_reports_nothing_still_updates_the_draft() -> None:
    record = US | {"state": "IND/IMPD"}
    assert one([PH, record], [WIDER, record], {"PRM-PH": "CH-14"}).category == "update draft dossier"


@pytest.mark.parametrize("later", [US | {"state": "none"}, US | {"status": "withdrawn"}, None])
def test_a_change_does_not_lower_the_state_of_its_own_market(later: Raw | None) -> None:
    found = one([PH, US], [WIDER, later] if later else [WIDER])
    assert (found.state, found.category) == ("approved", "PAS")
    assert "before this change" in found.note


def test_a_market_that_becomes_approved_with_the_change_is_approved() -> None:
    assert one([PH, US | {"state": "filed"}], [WIDER, US]).category == "PAS"


def test_a_change_at_one_site_is_reported_where_that_site_is_approved() -> None:
    overlay = {"kind": "site_overlay", "id": "PRM-PH@SITE-B", "override": {"setpoint": 6.5}}
    after = overlay | {"override": {"setpoint": 7.5}}

    def category(*sites: Raw, before: tuple[Raw, ...] | None = None) -> str:
        was, now = US | {"sites": list(sites if before is None else before)}, US | {"sites": list(sites)}
        return one([PH, overlay, was], [PH, after, now], {"REG-US": "CH-02"}).category

    assert category({"site": "SITE-B", "state": "none"}) == "update draft dossier"
    assert category({"site": "SITE-B", "state": "filed"}) == "amendment of the pending application"
    assert category({"site": "SITE-B", "state": "approved"}) == "PAS"
    assert category({"site": "SITE-A", "state": "none"}) == "PAS"
    # that the site is not approved counts only where it was said before
    assert category({"site": "SITE-B", "state": "none"}, before=()) == "PAS"
    # the general process is that of all sites
    record = US | {"sites": [{"site": "SITE-B", "state": "none"}]}
    assert one([PH, record], [WIDER, record]).category == "PAS"


def test_what_is_moved_to_a_site_that_is_not_approved_was_approved_where_it_stood() -> None:
    record = US | {"sites": [{"site": "SITE-A", "state": "approved"}, {"site": "SITE-B", "state": "none"}]}
    at_a = {"kind": "site_equipment", "id": "EQC-V", "site": "SITE-A", "title": "Vessel"}
    at_b = at_a | {"site": "SITE-B"}
    rules = {"EQC-V": "CH-47"}
    assert one([at_a, record], [at_b, record], rules).category == "CBE-30"
    assert one([at_b, record], [at_b | {"agitation": "new"}, record], rules).category == "update draft dossier"
    # a study is about the product, wherever it was done
    study = {"kind": "evidence", "id": "EVI-A", "site": "SITE-B", "title": "Study"}
    found = one([study, record], [study | {"basis": "measured"}, record], {"EVI-A": "CH-12"})
    assert found.category == "PAS"


def test_a_row_that_allows_less_lowers_nothing_beside_one_that_does_not() -> None:
    """CH-15 is a type II variation for the EU, CH-11 a type IB or II."""
    other = PH | {"id": "PRM-FEED"}
    moved = other | {"ranges": {"proven_acceptable": {"low": 6, "high": 9}}}
    found = one([PH, other, EU], [WIDER, moved, EU], {"PRM-FEED": "CH-11"})
    assert (found.category, found.rule, found.wording) == ("II", "CH-15", "II")
    assert "as low as" not in found.note
    alone = one([other, EU], [moved, EU], {"PRM-FEED": "CH-11"})
    assert "it may be as low as IB" in alone.note
    both = one([PH, EU], [WIDER, EU], {"PRM-PH": "CH-11 CH-15"})
    assert (both.rule, both.wording) == ("CH-15", "II")


def test_the_state_of_a_market_is_not_said_twice() -> None:
    found = one([PH, EU | {"state": "IND/IMPD"}], [WIDER, EU | {"state": "IND/IMPD"}])
    assert (found.state, found.wording) == ("IND/IMPD", "update draft dossier; substantial modification review")


def test_markets_without_a_state_are_conditional() -> None:
    package = {"kind": "package", "id": "PKG-T", "regulatory_profiles": ["us-314-70"]}
    found = one([PH, package], [WIDER, package])
    assert (found.market, found.state, found.profile) == ("US", "unknown", "us-314-70")
    assert found.category == "if the market is approved: PAS"
    assert found.wording.startswith("if the market is approved: PAS")
    nothing = proposed([PH], [WIDER])
    assert [(item.market, item.profile) for item in nothing] == [("EU", "eu-2026"), ("US", "us-601-12-specified")]
    assert {item.category for item in nothing} == {"if the market is approved: II", "if the market is approved: PAS"}
    assert all("assumed" in item.note for item in nothing)


def test_a_listed_profile_whose_market_has_no_state_is_not_forgotten() -> None:
    package = {"kind": "package", "id": "PKG-T", "regulatory_profiles": ["us-601-12-certain", "eu-2026", "ich-q12"]}
    found = proposed([PH, package, US], [WIDER, package, US])
    assert [(item.market, item.state) for item in found] == [("EU", "unknown"), ("US", "approved")]


# (b) to (d): what an authority approved


def test_a_cited_commitment_leaves_it_to_the_quality_system() -> None:
    found = one([PH, US, NOT_ESTABLISHED], [WIDER, US, NOT_ESTABLISHED])
    assert (found.category, found.basis[0], found.ich_q12) == ("none", "b", "NR")
    assert "BLA 125999/0012, approved on 2025-03-04" in found.wording
    assert not needs_regulatory_affairs([found])


def test_a_citation_says_it_where_a_record_has_no_status() -> None:
    cited = {key: NOT_ESTABLISHED[key] for key in NOT_ESTABLISHED if key != "status"}
    assert one([PH, US, cited], [WIDER, US, cited]).category == "none"
    assert one([PH, US, cited], [WIDER, US]).category == "PAS"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, NOT_ESTABLISHED),  # brought by the change
        (NOT_ESTABLISHED | {"is_established_condition": True}, NOT_ESTABLISHED),  # its flag set by the change
        (NOT_ESTABLISHED | {"market": "EU"}, NOT_ESTABLISHED),
        (NOT_ESTABLISHED | {"element_field": "setpoint"}, NOT_ESTABLISHED),
        (NOT_ESTABLISHED | {"status": "draft"}, NOT_ESTABLISHED),  # approved by the change
        (NOT_ESTABLISHED, NOT_ESTABLISHED | {"status": "draft"}),
        (NOT_ESTABLISHED, None),
        *[
            (condition, condition)
            for condition in (
                NOT_ESTABLISHED | {"status": "draft"},
                NOT_ESTABLISHED | {"lifecycle_submission": " "},
                {key: NOT_ESTABLISHED[key] for key in NOT_ESTABLISHED if key != "lifecycle_approved_on"},
                NOT_ESTABLISHED | {"market": "EU"},
                NOT_ESTABLISHED | {"element": "PRM-OTHER"},
                NOT_ESTABLISHED | {"element_field": "setpoint"},
                NOT_ESTABLISHED | {"element_field": "ranges.proven"},
                NOT_ESTABLISHED | {"element_field": "ranges.proven_acceptable.high"},
            )
        ],
    ],
)
def test_a_flag_that_is_not_approved_changes_nothing(before: Raw | None, after: Raw | None) -> None:
    more = {"ECN-PH": "CH-02"}
    found = one([PH, US, *([before] if before else [])], [WIDER, US, *([after] if after else [])], more)
    assert (found.category, found.rule, found.basis[0]) == ("PAS", "CH-15", "e")
    assert before != after or "was not so before" not in found.note
    mine = (before or after or {}).get("element_field") == (after or {}).get("element_field")
    if mine and before and after and before["market"] == after["market"] == "US" and before["element"] == "PRM-PH":
        assert ("ECN-PH" in found.note) == ("proven_acceptable" in before["element_field"])


def test_a_commitment_counts_only_where_the_market_was_approved() -> None:
    filed = US | {"state": "filed"}
    found = one([PH, filed, NOT_ESTABLISHED], [WIDER, US, NOT_ESTABLISHED], {"REG-US": "CH-02"})
    assert found.category == "PAS"


@pytest.mark.parametrize("field", ["ranges.proven_acceptable", "ranges", None])
def test_a_parent_covers_its_parts(field: str | None) -> None:
    condition = NOT_ESTABLISHED | {"element_field": field}
    assert one([PH, US, condition], [WIDER, US, condition]).category == "none"


def test_a_place_in_a_list_is_no_name() -> None:
    criteria = [{"about": "CQA-A", "limit": 1}, {"about": "CQA-B", "limit": 2}]
    before = {"kind": "specification", "id": "SPC-A", "criteria": criteria}
    after = before | {"criteria": [criteria[0], criteria[1] | {"limit": 3}]}
    condition = NOT_ESTABLISHED | {"element": "SPC-A", "element_field": "criteria[1].limit"}
    found = one([before, US, condition], [after, US, condition], {"SPC-A": "CH-71"})
    assert found.category == "PAS"
    assert "names an item by its place" in found.note


def test_a_renamed_record_keeps_its_condition() -> None:
    renamed = WIDER | {"id": "PRM-ACIDITY", "formerly": "PRM-PH"}
    after = NOT_ESTABLISHED | {"element": "PRM-ACIDITY"}
    assert one([PH, US, NOT_ESTABLISHED], [renamed, US, after]).category == "none"
    # without saying so it is another record, whose addition is reported under its own rule
    found = one([PH, US, NOT_ESTABLISHED], [WIDER | {"id": "PRM-NEW"}, US, NOT_ESTABLISHED], {"PRM-NEW": "CH-22"})
    assert found.category == "PAS"


@pytest.mark.parametrize(
    ("more", "category", "basis"),
    [
        ({"protocol_category": "NM"}, "CBE-30", "c"),
        ({"protocol_category": "CBE-0"}, "CBE-0", "c"),
        ({"protocol_category": "NL", "protocol_rules": ["CH-15", "CH-31"]}, "AR", "c"),
        ({"protocol_category": "NM", "category": "NL", **LIFECYCLE}, "CBE-30", "c"),
        ({"protocol_category": "NM", "protocol_rules": ["CH-31"]}, "PAS", "e"),
        ({"protocol_category": "IB"}, "PAS", "e"),
        ({"protocol_category": "NM", "protocol_submission": ""}, "PAS", "e"),
        ({}, "PAS", "e"),
    ],
)
def test_an_approved_protocol_fixes_its_category(more: Raw, category: str, basis: str) -> None:
    condition = ECN | PROTOCOL | more
    found = one([PH, US, condition], [WIDER, US, condition])
    assert (found.category, found.basis[0]) == (category, basis)


def test_a_protocol_about_the_kind_of_change_covers_what_else_the_change_falls_under() -> None:
    condition = ECN | PROTOCOL | {"protocol_category": "NM", "protocol_rules": ["CH-31"]}
    assert one([PH, US, condition], [WIDER, US, condition], {"PRM-PH": "CH-31 CH-32"}).category == "CBE-30"
    assert one([PH, US, condition], [WIDER, US, condition], {"PRM-PH": "CH-32 CH-31"}).category == "PAS"


@pytest.mark.parametrize(
    ("more", "category", "basis"),
    [
        ({"category": "NM", **LIFECYCLE}, "CBE-30", "d"),
        ({"category": "NL", **LIFECYCLE}, "AR", "d"),
        ({"category": "NR", **LIFECYCLE}, "none", "d"),
        ({"category": "PA", **LIFECYCLE}, "PAS", "d"),
        ({"category": "NL"}, "PAS", "e"),
    ],
)
def test_an_approved_condition_has_its_category(more: Raw, category: str, basis: str) -> None:
    condition = ECN | more
    found = one([PH, US, condition], [WIDER, US, condition])
    assert (found.category, found.basis[0]) == (category, basis)


def test_a_condition_that_asks_for_more_counts_from_either_side() -> None:
    strict, lax = ECN | LIFECYCLE | {"category": "PA"}, ECN | LIFECYCLE | {"category": "NL"}
    rules = {"PRM-PH": "CH-13", "ECN-PH": "CH-02"}
    assert one([PH, US], [WIDER, US], rules).category == "AR"
    for before, after in ((strict, lax), (lax, strict), (strict, strict)):
        found = one([PH, US, before], [WIDER, US, after], rules)
        assert (found.category, found.basis[0]) == ("PAS", "d")


def test_conditions_that_contradict_each_other_do_not_leave_it_unreported() -> None:
    other = ECN | LIFECYCLE | {"id": "ECN-PH-2", "category": "PA"}
    found = one([PH, US, NOT_ESTABLISHED, other], [WIDER, US, NOT_ESTABLISHED, other])
    assert found.category == "PAS"


# (e) the row, and the most restrictive of all


def test_two_markets_each_in_its_own_words() -> None:
    found = proposed([PH, US, EU], [WIDER, US, EU])
    assert [(item.market, item.category, item.profile) for item in found] == [
        ("EU", "II", "eu-2026"), ("US", "PAS", "us-601-12-specified"),
    ]  # fmt: skip
    assert most_restrictive(found) == "PA"
    assert all(item.profile_origin == "shipped" and item.profile_version == "1" and item.source for item in found)


def test_the_most_restrictive_record_and_rule_counts() -> None:
    other, moved = PH | {"id": "PRM-T"}, WIDER | {"id": "PRM-T"}
    found = one([PH, other, US], [WIDER, moved, US], {"PRM-PH": "CH-13", "PRM-T": "CH-49 CH-47"})
    assert (found.category, found.rule, found.records) == ("CBE-30", "CH-47", ("PRM-T",))
    assert [group.rule for group in found.groups] == ["CH-47", "CH-13"]
    both = one([PH, other, US], [WIDER, moved, US], {"PRM-PH": "CH-12", "PRM-T": "CH-32"})
    assert (both.rule, both.records) == ("CH-12", ("PRM-PH", "PRM-T"))


def test_a_row_as_the_worst_change_follows_the_others() -> None:
    other, moved = PH | {"id": "PRM-T"}, WIDER | {"id": "PRM-T"}
    assert one([PH, US], [WIDER, US], {"PRM-PH": "CH-108"}).category == "RA decides"
    found = one([PH, other, US], [WIDER, moved, US], {"PRM-PH": "CH-108", "PRM-T": "CH-13"})
    assert {group.category for group in found.groups} == {"AR"}


def test_changes_without_a_rule_are_no_invented_category() -> None:
    material = {"kind": "material", "id": "MAT-A", "x-own": 1}
    training = {"kind": "regulatory_state", "id": "REG-XX", "market": "US", "state": "approved", "profile": "eu-2026"}
    minor = one([material, US], [material | {"shelf_life": None, "x-own": 2}, US])
    assert (minor.category, minor.rule, minor.records) == ("none", "", ("MAT-A",))
    found = proposed([PH, US], [PH, US, training])
    assert {item.category for item in found} == {"RA decides"}
    assert needs_regulatory_affairs(found)


def test_editorial_changes_propose_nothing() -> None:
    assert proposed([PH, US], [PH | {"title": "pH"}, US]) == []


# whose profile


def test_a_profile_that_nobody_knows_is_not_computable() -> None:
    record = US | {"profile": "us-easy"}
    found = one([PH, record], [WIDER, record])
    assert (found.category, found.profile, found.profile_origin) == ("not computable", "us-easy", "")
    assert "nobody knows the profile us-easy" in found.note
    assert needs_regulatory_affairs([found])
    nameless = {key: US[key] for key in US if key != "profile"}
    assert one([PH, nameless], [WIDER, nameless]).category == "not computable"
    package = {"kind": "package", "id": "PKG-T", "regulatory_profiles": ["../../etc/passwd"]}
    both = proposed([PH, package, US], [WIDER, package, US])
    assert [item.category for item in both] == ["not computable", "PAS"]


def test_a_package_has_its_own_profile_and_what_it_loosens_is_said() -> None:
    found = one([PH, US, OWN], [WIDER, US, OWN])
    assert (found.category, found.profile_origin, found.profile_version) == ("CBE-30", "package", "7")
    assert found.wording == "CBE-30 by agreement"
    assert "RPF-OWN loosens CH-15 from PAS to CBE-30" in found.note
    # a rule it has no row for is that of the shipped profile
    assert one([PH, US, OWN], [WIDER, US, OWN], {"PRM-PH": "CH-13"}).category == "AR"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, OWN),
        (OWN | {"status": "draft"}, OWN),
        (OWN, OWN | {"status": "withdrawn"}),
        (OWN | {"rows": [{"rule": "CH-15", "category": "PAS"}]}, OWN),
        (OWN | {"profile": "another"}, OWN),
    ],
)
def test_a_change_does_not_bring_the_profile_that_lets_it_through(before: Raw | None, after: Raw) -> None:
    found = one([PH, US, *([before] if before else [])], [WIDER, US, after], {"RPF-OWN": "CH-02"})
    assert found.category == "PAS"


def test_words_do_not_mean_less_than_in_the_shipped_profile() -> None:
    sly = OWN | {"vocabulary": [{"code": "PAS", "ich_q12": "NR"}], "rows": [{"rule": "CH-15", "category": "PAS"}]}
    found = one([PH, US, sly], [WIDER, US, sly])
    assert (found.category, found.ich_q12) == ("PAS", "PA")
    vocabulary = [{"code": "AR", "ich_q12": "NL"}, {"code": "RA decides", "ich_q12": "NR"}]
    rows = [{"rule": "CH-15", "category": "RA decides"}, {"rule": "CH-13", "category": "AR"}]
    sly = OWN | {"profile": "br", "vocabulary": vocabulary, "rows": rows}
    record = US | {"profile": "br"}
    assert one([PH, record, sly], [WIDER, record, sly], {"PRM-PH": "CH-13 CH-15"}).category == "RA decides"
    unknown = OWN | {"rows": [{"rule": "CH-15", "category": "nothing at all"}]}
    assert one([PH, US, unknown], [WIDER, US, unknown]).category == "RA decides"


def test_words_that_say_nothing_of_ich_q12_count_as_prior_approval() -> None:
    rows = [{"rule": "CH-15", "category": "notice"}, {"rule": "CH-13", "category": "none"}]
    own = OWN | {
        "profile": "br",
        "rows": rows,
        "vocabulary": [{"code": "consent"}, {"code": "notice"}, {"code": "none"}],
    }
    record = US | {"market": "BR", "profile": "br"}
    found = one([PH, record, own], [WIDER, record, own])
    assert (found.category, found.ich_q12) == ("notice", "PA")
    assert one([PH, record, own], [WIDER, record, own], {"PRM-PH": "CH-13"}).ich_q12 == "NR"
    # a rule without a row is undecided where there is no shipped profile of that name
    assert one([PH, record, own], [WIDER, record, own], {"PRM-PH": "CH-12"}).category == "RA decides"


def test_two_profiles_of_one_name_answer_for_nothing() -> None:
    twice = [OWN, OWN | {"id": "RPF-OWN-2"}]
    assert one([PH, US, *twice], [WIDER, US, *twice]).category == "not computable"


def test_a_market_that_changes_its_profile_is_shown_under_both() -> None:
    found = proposed([PH, US], [WIDER, US | {"profile": "ich-q12"}], {"REG-US": "CH-02"})
    assert [(item.profile, item.category) for item in found] == [("ich-q12", "PA"), ("us-601-12-specified", "PAS")]
    assert "before this change only" in found[1].note
