"""The proposed reporting category through `ttpack impact` on real commits."""

import shutil
from typing import Any

import pytest
from tests.conftest import ROOT, Repository, Ttpack

PH = "records/parameters/PRM-BRX-PH.yaml"
AMAB_PH = "records/parameters/production-bioreactor/PRM-BRX-PH.yaml"
AEX = "records/unit-operations/UO-08-AEX.yaml"
REG_US, REG_EU = "records/regulatory/REG-US.yaml", "records/regulatory/REG-EU.yaml"
REGULATORY = "records/regulatory.yaml"
US = "- {kind: regulatory_state, id: REG-US, market: US, state: approved, profile: us-601-12-specified}\n"
EU = "- {kind: regulatory_state, id: REG-EU, market: EU, state: approved, profile: eu-2026}\n"
STRICT, LAX = "rule: CH-15\n    category: PAS", "rule: CH-15\n    category: CBE-30"
EASY = US.replace("us-601-12-specified", "us-easy")
ECN = """\
- kind: established_condition
  id: ECN-BRX-PH
  status: approved
  element: PRM-BRX-PH
  element_field: ranges.proven_acceptable
  market: US
  is_established_condition: false
  lifecycle_document: PLCM document 2
"""
CITED = "  lifecycle_submission: BLA 125999/0012\n  lifecycle_approved_on: 2025-03-04\n"
PROTOCOL = """\
- kind: established_condition
  id: ECN-AEX
  status: effective
  element: UO-08-AEX
  market: US
  protocol: PACMP-AEX
  protocol_submission: BLA 125999/0020
  protocol_approved_on: 2025-05-06
  protocol_category: NM
  protocol_rules: [CH-31]
"""


@pytest.fixture
def ttpack(ttpack_here: Ttpack) -> Ttpack:
    """The command in this process: these stories run it many times."""
    return ttpack_here


@pytest.fixture
def package(repository: Repository) -> Repository:
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path, dirs_exist_ok=True)
    return repository


@pytest.fixture
def amab(repository: Repository) -> Repository:
    """The A-Mab package; no market has approved the product."""
    shutil.copytree(ROOT / "src/ttpack/samples/amab/package", repository.path, dirs_exist_ok=True)
    return repository


def edited(repository: Repository, file: str, *pairs: tuple[str, str]) -> dict[str, str]:
    text = (repository.path / file).read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return {file: text}


def widened(repository: Repository) -> dict[str, str]:
    return edited(
        repository, PH, ("proven_acceptable: {low: 6.60, high: 7.10", "proven_acceptable: {low: 6.60, high: 8")
    )


def approved(repository: Repository) -> dict[str, str]:
    """A-Mab's two markets with the product approved in them."""
    both = [edited(repository, file, ("state: IND/IMPD", "state: approved")) for file in (REG_US, REG_EU)]
    return both[0] | both[1]


def answer(ttpack: Ttpack, repository: Repository) -> Any:
    done = ttpack("impact", "--from", "base", "--to", "HEAD", "--format", "json", cwd=repository.path)
    assert done.stderr == ""
    assert done.code == 1
    return done.json


def reported(ttpack: Ttpack, repository: Repository) -> dict[str, Any]:
    """The proposals by market."""
    return {one["market"]: one for one in answer(ttpack, repository)["reporting"]}


def test_a_wider_range_of_culture_ph_before_and_after_approval(ttpack: Ttpack, amab: Repository) -> None:
    wide = ("proven_acceptable: {low: 6.6, high: 7.1", "proven_acceptable: {low: 6.6, high: 7.3")
    amab.commit({}, tag="base")
    amab.commit(edited(amab, AMAB_PH, wide))
    before = answer(ttpack, amab)
    assert {one["market"]: one["category"] for one in before["reporting"]} == {
        "EU": "substantial modification review", "US": "IND amendment review",
    }  # fmt: skip
    assert not {"PAS", "II"} & {group["category"] for one in before["reporting"] for group in one["proposals"]}
    assert "S-RA" in before["approvers"]
    amab.commit(edited(amab, AMAB_PH, wide[::-1]) | approved(amab))
    amab.git("tag", "--force", "base")
    amab.commit(edited(amab, AMAB_PH, wide))
    found = reported(ttpack, amab)
    assert (found["US"]["category"], found["EU"]["category"]) == ("PAS", "II")
    # approved in the very change, it is reported all the same
    amab.git("tag", "--force", "base", "HEAD~3")
    assert reported(ttpack, amab)["US"]["category"] == "PAS"


def test_a_membrane_for_a_resin_under_an_approved_protocol(ttpack: Ttpack, amab: Repository) -> None:
    membrane = ("technology: resin column", "technology: membrane")
    amab.commit(approved(amab), tag="base")
    amab.commit(edited(amab, AEX, membrane))
    found = reported(ttpack, amab)
    assert (found["US"]["rule"], found["US"]["category"], found["EU"]["category"]) == ("CH-31", "PAS", "II")
    amab.commit(edited(amab, AEX, membrane[::-1]) | {REGULATORY: PROTOCOL})
    amab.git("tag", "--force", "base")
    amab.commit(edited(amab, AEX, membrane))
    found = reported(ttpack, amab)
    assert (found["US"]["category"], found["US"]["basis"]) == ("CBE-30", "c: approved comparability protocol")
    assert "PACMP-AEX" in found["US"]["wording"]
    assert "BLA 125999/0020, approved on 2025-05-06" in found["US"]["wording"]
    # a protocol of one market is none of another
    assert found["EU"]["category"] == "II"


def test_each_market_in_its_own_words_with_regulatory_affairs_asked(ttpack: Ttpack, package: Repository) -> None:
    package.commit({REGULATORY: US + EU}, tag="base")
    package.commit(widened(package))
    found = answer(ttpack, package)
    assert [(one["market"], one["category"], one["rule"], one["records"]) for one in found["reporting"]] == [
        ("EU", "II", "CH-15", ["PRM-BRX-PH"]), ("US", "PAS", "CH-15", ["PRM-BRX-PH"]),
    ]  # fmt: skip
    assert {(one["profile"], one["profile_version"], one["profile_origin"]) for one in found["reporting"]} == {
        ("eu-2026", "1", "shipped"), ("us-601-12-specified", "1", "shipped"),
    }  # fmt: skip
    assert found["reporting_overall"] == "PA"
    assert "S-RA" in found["approvers"]
    page = ttpack("impact", "--from", "base", "--to", "HEAD", cwd=package.path).stdout
    assert "PAS" in page
    assert "us-601-12-specified" in page


def test_a_package_that_says_nothing_is_answered_with_a_condition(ttpack: Ttpack, package: Repository) -> None:
    package.commit({}, tag="base")
    package.commit(widened(package))
    found = reported(ttpack, package)
    assert {market: one["category"] for market, one in found.items()} == {
        "EU": "if the market is approved: II", "US": "if the market is approved: PAS",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "category"),
    [
        pytest.param(US + ECN + CITED, US + ECN + CITED, "none", id="cited commitment"),
        pytest.param(US + ECN, US + ECN, "PAS", id="nothing cited"),
        pytest.param(US + (ECN + CITED).replace("false", "true"), US + ECN + CITED, "PAS", id="set by the change"),
        pytest.param(EASY, EASY, "not computable", id="unknown profile"),
    ],
)
def test_what_a_package_says_of_its_market(
    ttpack: Ttpack, package: Repository, before: str, after: str, category: str
) -> None:
    package.commit({REGULATORY: before}, tag="base")
    package.commit({REGULATORY: after} | widened(package))
    assert reported(ttpack, package)["US"]["category"] == category


def test_a_profile_of_the_package_counts_once_it_was_approved(ttpack: Ttpack, package: Repository) -> None:
    own = (ROOT / "src/ttpack/data/profiles/us-601-12-specified.yaml").read_text()  # what is shipped is a record
    for old, new in (("id: RPF-US-601-12-SPECIFIED", "id: RPF-OWN"), ('version: "1"', 'version: "2"'), (STRICT, LAX)):
        assert own.count(old) == 1
        own = own.replace(old, new)
    package.commit({REGULATORY: US}, tag="base")
    package.commit({"records/own.yaml": own} | widened(package))
    findings = ttpack("check", "--format", "json", cwd=package.path).json["findings"]
    assert [item for item in findings if item["code"].startswith("SRC") or item["record"] == "RPF-OWN"] == []
    brought = reported(ttpack, package)["US"]
    assert (brought["category"], brought["profile_origin"]) == ("PAS", "shipped")
    assert "RPF-OWN was not approved before this change" in brought["note"]
    package.commit({PH: (ROOT / "tests/packages/minimal" / PH).read_text()})
    package.git("tag", "--force", "base")
    package.commit(widened(package))
    known = reported(ttpack, package)["US"]
    assert (known["category"], known["profile_origin"], known["profile_version"]) == ("CBE-30", "package", "2")
    assert "RPF-OWN loosens CH-15 from PAS to CBE-30" in known["note"]
    assert "it loosens CH-15 against the shipped profile" in known["note"]
