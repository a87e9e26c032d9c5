"""What follows from a change, through the real command on real commits: documents, approvals, gates, sites, people."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT, Repository, Result, Ttpack

from ttpack.analysis.controlled_documents.shown import content_digest
from ttpack.model import json_text
from ttpack.source.load import load
from ttpack.source.trees import working_tree

PH = "records/parameters/PRM-BRX-PH.yaml"
TEMP = "records/parameters/PRM-BRX-TEMP.yaml"
CONTROL = "records/control.yaml"
WIDENED = ("proven_acceptable: {low: 6.60, high: 7.10", "proven_acceptable: {low: 6.60, high: 7.30")
NORMAL = "normal_operating: {low: 6.75, high: 6.95"
OVERLAY = (
    "kind: site_overlay\nid: PRM-BRX-TEMP@SITE-B\nstatus: approved\nsite: SITE-B\nsetpoint: 34.9\n"
    "reason: Jacket\napprover: ROL-S-QA\nchange_record: CHG-JACKET\n"
)
RECORDS = """\
- {kind: document, id: DOC-PD, title: Process description, number: TTP-2, revision: A, status: effective,
   shows: [UO-03-BRX, PRM-BRX-TEMP]}
- {kind: document, id: DOC-CS, title: Control strategy, number: TTP-3, revision: A, status: effective,
   shows: [CQA-AGG, PRM-BRX-PH]}
- {kind: document, id: DOC-OLD, title: Old strategy, status: superseded, shows: [PRM-BRX-PH]}
- {kind: document, id: DOC-PCR, title: Characterisation, number: Process characterisation report PCR-001,
   version: "2", external: true, shows: [PRM-BRX-PH]}
- {kind: approval, id: APR-CS-QA, title: Sponsor QA, document: DOC-CS, document_revision: A, person: PER-ANNA-BERG}
- {kind: approval, id: APR-CS-BEFORE, document: DOC-CS, document_revision: "0", person: PER-ANNA-BERG}
- {kind: approval, id: APR-PD-QA, document: DOC-PD, document_revision: A, person: PER-ANNA-BERG}
- {kind: gate, id: GTE-G1-B, title: Knowledge accepted, gate: G1, site: SITE-B, decision: pass, evidence: [PKG-MIN]}
- {kind: gate, id: GTE-G2-B, title: Plan accepted, gate: G2, site: SITE-B, decision: conditional, evidence: [DOC-CS]}
- {kind: gate, id: GTE-G3-B, title: Ready, gate: G3, site: SITE-B, decision: undecided, evidence: [PRM-BRX-PH]}
- kind: change_procedure
  id: CHP-B
  title: Change control of the receiving site
  status: effective
  site: SITE-B
  procedure: SOP-B-10 v12
  class_terms:
    - {term: Level C, package_class: minor, required_functions: [QA], sponsor_approval: false}
    - {term: Level A, package_class: major, threshold: proven range, required_functions: [QA, VAL],
       sponsor_notice: {value: 30, unit: d}, sponsor_approval: true}
"""
QUOTING = (
    "---\nkind: document\nid: DOC-NOTE\ntitle: Operator note\nnumber: TTP-9\nrevision: A\nstatus: effective\n---\n"
    "Hold the culture at {{ PRM-BRX-PH.setpoint }}.\n"
)


@pytest.fixture
def package(repository: Repository) -> Repository:
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path, dirs_exist_ok=True)
    # its gates and their decisions give way to those of this story
    (repository.path / "records/plan.yaml").unlink()
    repository.commit({CONTROL: RECORDS, "records/note.md": QUOTING}, tag="base")
    return repository


@pytest.fixture
def edit(package: Repository) -> Callable[..., Repository]:
    def change(*pairs: tuple[str, str], file: str = PH, extra: dict[str, str] | None = None) -> Repository:
        text = (package.path / file).read_text()
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        package.commit({file: text, **(extra or {})})
        return package

    return change


@pytest.fixture
def answer(ttpack_here: Ttpack, package: Repository) -> Callable[[], Any]:
    def ask() -> Any:
        done = _run(ttpack_here, package, "json")
        assert done.stderr == ""
        return done.json

    return ask


def _run(ttpack: Ttpack, package: Repository, output: str) -> Result:
    return ttpack("impact", "--from", "base", "--to", "HEAD", "--format", output, cwd=package.path)


def _documents(found: Any) -> dict[str, tuple[str, list[str], list[str]]]:
    return {one["record"]: (one["action"], one["because"], one["approvals"]) for one in found["documents"]}


def test_exactly_the_documents_that_show_a_change_are_revised_and_lose_their_approvals(
    edit: Callable[..., Repository], answer: Callable[[], Any]
) -> None:
    edit(WIDENED)
    found = answer()
    # DOC-PD shows the unit operation, not its parameters; one is superseded, one is kept elsewhere
    assert _documents(found) == {
        "DOC-CS": ("revise", ["PRM-BRX-PH"], ["APR-CS-QA"]),
        "DOC-NOTE": ("revise", ["PRM-BRX-PH"], []),
    }
    ((record, document),) = [(one["record"], one["document"]) for one in found["approvals"]]
    assert (record, document) == ("APR-CS-QA", "DOC-CS")
    assert {one["document"]: one["record"] for one in found["unseen"]["external_documents"]}[
        "Process characterisation report PCR-001"
    ] == "DOC-PCR"


def test_an_editorial_change_of_what_a_document_shows_reissues_it_and_does_nothing_else(
    ttpack_here: Ttpack, package: Repository, edit: Callable[..., Repository], answer: Callable[[], Any]
) -> None:
    edit(("setpoint: 6.85", "setpoint: 6.850"))
    found = answer()
    assert found["class"] == "editorial"
    assert {one["action"] for one in found["documents"]} == {"reissue"}
    assert [one["record"] for one in found["approvals"]] == ["APR-CS-QA"]
    assert [found[name] for name in ("affected", "gates", "sites", "reporting")] == [[], [], [], []]
    assert found["approvers"] == ["author", "reviewer"]
    text = _run(ttpack_here, package, "text").stdout
    assert "Nothing of meaning changed." in text
    assert re.search(r"TTP-3 +Control strategy, revision A +reissue +PRM-BRX-PH +Sponsor QA", text)
    assert "MUST BE REVISED" not in text


def test_a_moved_file_and_another_order_of_keys_void_nothing(package: Repository, answer: Callable[[], Any]) -> None:
    lines = (package.path / PH).read_text().splitlines(keepends=True)
    title, status = lines.index("title: Culture pH\n"), lines.index("status: effective\n")
    lines[title], lines[status] = lines[status], lines[title]
    package.commit({PH: None, "records/elsewhere.yaml": "".join(lines)})
    found = answer()
    assert [one["kind"] for one in found["changes"]] == ["record_moved"]
    assert [found[name] for name in ("documents", "approvals", "gates", "sites", "evidence")] == [[], [], [], [], []]


def test_a_status_is_no_content(edit: Callable[..., Repository], answer: Callable[[], Any]) -> None:
    edit(("status: effective", "status: approved"))
    assert answer()["documents"] == []


def test_an_approval_of_the_new_content_stands(
    package: Repository, edit: Callable[..., Repository], answer: Callable[[], Any]
) -> None:
    edit(WIDENED)
    digest = content_digest(load(working_tree(str(package.path))).package, "DOC-CS")
    package.git("reset", "--quiet", "--hard", "base")
    given = RECORDS + "".join(
        f"- {{kind: approval, id: APR-{name}, document: DOC-CS, document_revision: A, digest: '{text}'}}\n"
        for name, text in (("NEW", digest), ("WRONG", "0" * 64))
    )
    package.commit({CONTROL: given})
    package.git("tag", "-f", "base")
    edit(WIDENED)
    assert _documents(answer())["DOC-CS"][2] == ["APR-CS-QA", "APR-WRONG"]


def test_another_closure_affects_the_document_too(edit: Callable[..., Repository], answer: Callable[[], Any]) -> None:
    edit(("shows: [CQA-AGG, PRM-BRX-PH]", "shows: [CQA-AGG]"), file=CONTROL)
    assert _documents(answer()) == {"DOC-CS": ("revise", ["PRM-BRX-PH"], ["APR-CS-QA"])}


def test_gates_that_rest_on_the_change_are_open_again(
    edit: Callable[..., Repository], answer: Callable[[], Any]
) -> None:
    edit(WIDENED)
    gates = {(one["gate"], one["site"]): one for one in answer()["gates"]}
    # G1 requires process parameters, G2 has the document in its evidence, G3 has not been passed
    assert gates.keys() == {("G1", "SITE-B"), ("G2", "SITE-B")}
    first, second = gates["G1", "SITE-B"], gates["G2", "SITE-B"]
    assert (first["record"], first["decision"], first["because"]) == ("GTE-G1-B", "pass", ["PRM-BRX-PH"])
    assert (second["record"], second["decision"], second["because"]) == ("GTE-G2-B", "conditional", ["DOC-CS"])


def test_a_gate_that_only_the_package_record_calls_passed(
    package: Repository, edit: Callable[..., Repository], answer: Callable[[], Any]
) -> None:
    package.commit({CONTROL: RECORDS.replace("gate: G1, site: SITE-B", "gate: G5, site: SITE-B")})
    package.git("tag", "-f", "base")
    edit(WIDENED)
    found = {one["gate"]: one["record"] for one in answer()["gates"]}
    # the record of the gate is of G5 now, which was passed and does not require parameters
    assert found == {"G1": None, "G2": "GTE-G2-B"}


def test_a_minor_change_and_a_gate_that_moves_on_reopen_none(
    edit: Callable[..., Repository], answer: Callable[[], Any]
) -> None:
    edit(("mechanism: pH shifts", "mechanism: The pH shifts"))
    found = answer()
    assert found["class"] == "minor"
    assert found["gates"] == []
    edit(("gates: {SITE-B: G2}", "gates: {SITE-B: G3}"), file="ttpack.yaml")
    assert answer()["gates"] == []


def test_an_assumption_due_at_a_passed_gate_is_about_the_change(
    edit: Callable[..., Repository], package: Repository, answer: Callable[[], Any]
) -> None:
    about = "- {kind: assumption, id: ASM-AGG, affected: [CQA-AGG], due_gate: G0, status: confirmed, site: SITE-B}\n"
    package.commit({CONTROL: RECORDS + about})
    package.git("tag", "-f", "base")
    edit(("status: confirmed", "status: refuted"), file=CONTROL)
    assert next((one["gate"], one["because"]) for one in answer()["gates"]) == ("G0", ["ASM-AGG"])


def test_each_site_in_its_own_terms(edit: Callable[..., Repository], answer: Callable[[], Any]) -> None:
    edit(WIDENED)
    sites = {one["site"]: one for one in answer()["sites"]}
    assert list(sites) == ["SITE-A", "SITE-B"]
    assert (sites["SITE-A"]["term"], sites["SITE-A"]["note"]) == (
        "", "the package holds no change procedure of this site",
    )  # fmt: skip
    at_b = sites["SITE-B"]
    assert (at_b["change_procedure"], at_b["procedure"], at_b["term"]) == ("CHP-B", "SOP-B-10 v12", "Level A")
    assert (at_b["required_functions"], at_b["sponsor_notice"]) == (["QA", "VAL"], {"value": 30, "unit": "d"})
    assert at_b["sponsor_approval"] is True
    (fit,) = [one for one in at_b["fit"] if one["record"] == "PRM-BRX-PH"]
    assert fit["equipment"] == "EQC-B-BR301"
    assert fit["after"]["asked"] == fit["before"]["asked"].replace("7.10", "7.30") != fit["before"]["asked"]
    assert (fit["before"]["verdict"], fit["after"]["verdict"]) == ("PASS", "PASS")


def test_equipment_that_no_longer_holds_the_range_is_said(
    ttpack_here: Ttpack, package: Repository, edit: Callable[..., Repository], answer: Callable[[], Any]
) -> None:
    edit((NORMAL, NORMAL.replace("6.95", "8.30")))
    (fit,) = [one for site in answer()["sites"] for one in site["fit"] if one["record"] == "PRM-BRX-PH"]
    assert (fit["before"]["verdict"], fit["after"]["verdict"]) == ("PASS", "FAIL")
    text = _run(ttpack_here, package, "markdown").stdout
    assert re.search(r"\*\*FAIL.*BR\\-301.*6\\?\.75 to 8\\?\.30.*fitted before", text)


def test_a_proven_range_beyond_what_is_measured_is_a_condition(
    edit: Callable[..., Repository], answer: Callable[[], Any]
) -> None:
    edit((WIDENED[0], WIDENED[1].replace("7.30", "12.5")))
    (fit,) = [one for site in answer()["sites"] for one in site["fit"] if one["record"] == "PRM-BRX-PH"]
    assert (fit["before"]["verdict"], fit["after"]["verdict"]) == ("PASS", "CONDITIONAL")
    assert "12.5" in fit["after"]["why"]


def test_a_change_at_one_site_concerns_that_site_only(package: Repository, answer: Callable[[], Any]) -> None:
    package.commit({"records/overlay.yaml": OVERLAY})
    package.git("tag", "-f", "base")
    package.commit({"records/overlay.yaml": OVERLAY.replace("34.9", "35.2")})
    found = answer()
    assert [one["site"] for one in found["sites"]] == ["SITE-B"]
    assert {one["site"] for one in found["gates"]} <= {"SITE-B"}


def test_approvers_are_the_people_of_the_package_and_nobody_is_said(
    ttpack_here: Ttpack, package: Repository, edit: Callable[..., Repository], answer: Callable[[], Any]
) -> None:
    edit(WIDENED)
    found = answer()
    assert {"S-QA", "C-QA", "S-PD"} <= {*found["approvers"]}
    assert list(found["approver_roles"]) == found["approvers"]
    (role,) = found["approver_roles"]["C-QA"]
    assert role == {"role": "ROL-C-QA", "title": "Contract manufacturer quality assurance", "people": ["Max Kern"]}
    assert found["approver_roles"]["S-PD"] == []
    assert "no role holds S-PD" in _run(ttpack_here, package, "text").stdout


def test_evidence_is_asked_for_once_with_the_rules_and_records(
    edit: Callable[..., Repository], answer: Callable[[], Any]
) -> None:
    edit(WIDENED)
    evidence = {one["what"]: (one["rules"], one["records"]) for one in answer()["evidence"]}
    assert evidence["CQA re-prediction"] == (["CH-15"], ["PRM-BRX-PH"])


HEADS = [
    "What changed", "Reporting: proposal for RA", "Must be revised", "Documents, approvals and gates", "At each site",
    "Evidence needed", "Who decides", "What this record could not see",
]  # fmt: skip


def test_the_first_page_says_what_a_reviewer_has_to_know(
    ttpack_here: Ttpack, package: Repository, edit: Callable[..., Repository]
) -> None:
    edit(WIDENED)
    text = _run(ttpack_here, package, "text").stdout
    flat = " ".join(text.split())
    for sentence in (
        "Major change: 1 change of meaning in 1 record, 0 editorial",
        "PRM-BRX-PH Culture pH: proven acceptable range",
        "S-QA quality assurance, sponsor Anna Berg",
        "CH-15, major: CPP PAR widened (Culture pH)",
        "the step carries out the parameter",
        "TTP-3 Control strategy, revision A",
        "Gate G1 at SITE-B (GTE-G1-B), passed, has to be looked at again: G1 requires process parameters",
        "Level A by SOP-B-10 v12; to be signed there by QA, VAL",
        "sponsor has to approve and has to be told 30 days before",
        "Proposal for qualified reviewers; nothing here is an approval.",
        "PAR: proven acceptable range",
    ):
        words = [word for word in re.split(r"\W+", sentence) if word]
        assert re.search(r"\W(?:.{0,140}?\W)?".join(map(re.escape, words)), flat), sentence
    places = [text.index(head.upper()) for head in HEADS]
    assert places == sorted(places)
    markdown = _run(ttpack_here, package, "markdown").stdout
    assert [line for line in markdown.splitlines() if line.startswith("## ")][: len(HEADS)] == [
        f"## {head}" if head != "Must be revised" else next(
            line for line in markdown.splitlines() if line.startswith("## Must be revised")
        )
        for head in HEADS
    ]  # fmt: skip
    assert max(line.count(" | ") for line in markdown.splitlines() if line.startswith("|")) <= 5


def test_page_one_stays_one_page_however_much_changed(
    ttpack_here: Ttpack, package: Repository, answer: Callable[[], Any]
) -> None:
    terms = [f"- {{kind: term, id: GLO-T{number:03}, term: T{number}, definition: ONE}}\n" for number in range(60)]
    package.commit({"records/many.yaml": "".join(terms)})
    package.git("tag", "-f", "base")
    package.commit({"records/many.yaml": "".join(terms).replace("ONE", "another one")})
    text = _run(ttpack_here, package, "text").stdout
    first, _, details = text.partition("ALL CHANGES (60)")
    assert "60 changes of meaning in 60 records" in first
    assert first.count("GLO-T") < 30
    assert "52 more below." in first
    assert len(first.splitlines()) < 90
    assert details.count("GLO-T") >= 60
    assert len(answer()["changes"]) == 60


def test_decisions_of_the_change_record_stand_beside_the_proposal(
    ttpack_here: Ttpack, package: Repository, edit: Callable[..., Repository]
) -> None:
    record = (
        "kind: change_record\nid: CHG-1\ntitle: Wider pH\nreason: capacity\ndecisions:\n"
        "- {function: C-QA, reviewer: PER-MAX-KERN, decision: approve, decided_on: 2026-01-20, comment: as studied}\n"
    )
    edit(WIDENED, extra={"records/change.yaml": record})
    text = _run(ttpack_here, package, "text").stdout
    assert "1 change of meaning in 1 record" in text
    row = next(line for line in text.splitlines() if line.startswith("C-QA"))
    assert "Max Kern" in row
    assert "approve" in row
    assert "2026-01-20" in text
    assert "as studied" in text
    shown = " ".join(_run(ttpack_here, package, "markdown").stdout.split())
    assert re.search(r"\*\*approve\*\* in .{0,3}CHG-1", shown)
    assert "says which of them count for the change as it is" in shown


def test_what_both_parties_own_asks_the_owner_at_each(package: Repository, answer: Callable[[], Any]) -> None:
    assumption = (
        "kind: assumption\nid: ASM-BRX-COOL\ntitle: Cooling\naudience: [partner]\nstatement: It cools.\n"
        "sending_owner: ROL-S-QA\nreceiving_owner: ROL-C-QA\nstatus: "
    )
    package.commit({"records/assumption.yaml": f"{assumption}open\n"})
    package.git("tag", "-f", "base")
    package.commit({"records/assumption.yaml": f"{assumption}withdrawn\n"})
    assert [one["role"] for one in answer()["approver_roles"]["owner"]] == ["ROL-C-QA", "ROL-S-QA"]


def test_the_answer_is_the_same_bytes_on_every_run(
    ttpack: Ttpack, package: Repository, edit: Callable[..., Repository], tmp_path: Path
) -> None:
    edit(WIDENED)
    shutil.copytree(package.path, tmp_path / "elsewhere")
    other = Repository(tmp_path / "elsewhere")
    for output in ("json", "markdown"):
        assert _run(ttpack, package, output).stdout == _run(ttpack, other, output).stdout


def test_the_example_says_who_decides_what_where(demo: tuple[Path, Result]) -> None:
    folder, _ = demo
    found = json_text.loads((folder / "build" / "impact.json").read_text(encoding="utf-8"))
    assert found["class"] == "major"
    documents = _documents(found)
    approved = {"DOC-CS", "DOC-FF", "DOC-PD", "DOC-TTP"}
    unapproved = {"DOC-CARD-BRX", "DOC-ERR", "DOC-MBR-BRX", "DOC-PPQR", "DOC-TR"}
    assert {one: given[:2] for one, given in documents.items()} == dict.fromkeys(
        approved | unapproved, ("revise", ["PRM-BRX-PH"])
    )
    assert {one for one, (_, _, void) in documents.items() if void} == approved
    assert documents["DOC-CS"][2] == ["APR-CS-C", "APR-CS-S"]
    assert [(one["gate"], one["site"]) for one in found["gates"]] == [("G1", "SITE-B")]
    terms = {one["site"]: (one["term"], one["note"]) for one in found["sites"]}
    assert terms == {
        "SITE-A": ("Type 3", ""),
        "SITE-B": ("Level A", ""),
        "SITE-C": ("", "the package holds no change procedure of this site"),
    }
    assert [one["people"] for one in found["approver_roles"]["S-QA"]] == [["Anna Berg"]]
    assert {one["market"] for one in found["reporting"]} == {"US", "EU"}
    assert found["unseen"]["external_documents"][0]["record"] == "DOC-AMAB"
    page = (folder / "build" / "impact.md").read_text(encoding="utf-8")
    assert page.index("## Who decides") < page.index("## To be assessed")
