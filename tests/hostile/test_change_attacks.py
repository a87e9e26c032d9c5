"""Ways to bring a grave change past its reviewers: each is shown for what it is, in the class that it deserves."""

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Repository, Result
from tests.hostile.payloads import MINIMAL

from ttpack.cli.main import main

PH = "records/parameters/PRM-BRX-PH.yaml"
WIDER = ("proven_acceptable: {low: 6.60, high: 7.10", "proven_acceptable: {low: 6.60, high: 7.30")
APPROVED_MARKET = (
    "kind: regulatory_state\nid: REG-US\ntitle: United States\nstatus: approved\nmarket: US\nstate: approved\n"
    "profile: us-601-12-specified\n"
)
PEOPLE = """\
- {kind: person, id: PER-LEA-VOSS, title: Lea Voss, audience: [partner], organisation: ORG-CDMO, function: ENG}
- {kind: person, id: PER-OLE-DAHL, title: Ole Dahl, audience: [partner], organisation: ORG-SPONSOR, function: PD}
- {kind: person, id: PER-RITA-ARP, title: Rita Arp, audience: [partner], organisation: ORG-SPONSOR, function: RA}
"""
REVIEWERS = {
    "S-QA": "PER-ANNA-BERG", "C-QA": "PER-MAX-KERN", "S-MSAT": "PER-IDA-LUND", "C-MSAT": "PER-EVA-ROTH",
    "S-PD": "PER-OLE-DAHL", "S-RA": "PER-RITA-ARP",
}  # fmt: skip


class Package:
    """The minimal package in a repository of its own, and the command in this process."""

    def __init__(self, repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
        self.repository, self.path, self._capsys = repository, repository.path, capsys
        shutil.copytree(MINIMAL, self.path, dirs_exist_ok=True)
        repository.commit({"records/us.yaml": APPROVED_MARKET, "records/people.yaml": PEOPLE}, tag="rev-A")

    def read(self, path: str) -> str:
        return (self.path / path).read_text()

    def edit(self, path: str, *pairs: tuple[str, str]) -> None:
        text = self.read(path)
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        self.repository.write({path: text})

    def run(self, *arguments: str | Path) -> Result:
        self._capsys.readouterr()
        code = main([*map(str, arguments)])
        return Result(code, *self._capsys.readouterr())

    def impact(self, *more: str) -> Any:
        done = self.run("impact", self.path, "--from", "rev-A", "--format", "json", *more)
        assert done.stderr == ""
        return done.json

    def chg02(self) -> list[Any]:
        done = self.run("check", self.path, "--release", "--as-of", "2026-03-01", "--format", "json")
        assert done.stderr == ""
        return [one for one in done.json["findings"] if one["code"] == "CHG-02"]


@pytest.fixture
def package(repository: Repository, capsys: pytest.CaptureFixture[str]) -> Package:
    return Package(repository, capsys)


def rules(answer: Any, record: str, field: str | None = None) -> set[str]:
    rows = [one for one in answer["changes"] if one["record"] == record and field in (None, one["field"])]
    return {name for one in rows for name in (one["rule"], *one["also"]) if name}


def category(answer: Any) -> str:
    (one,) = answer["reporting"]
    return str(one["category"])


@pytest.mark.parametrize("command", ["diff", "impact"])
def test_a_second_record_of_the_same_id_is_compared_with_the_first(package: Package, command: str) -> None:
    package.repository.write({"records/a.yaml": package.read(PH).replace(*WIDER)})
    done = package.run(command, package.path, "--from", "rev-A", "--format", "json")
    (wider,) = (one for one in done.json["changes"] if one["field"])
    assert (wider["record"], wider["direction"]) == ("PRM-BRX-PH", "widened")
    package.repository.commit({})
    assert package.run(command, package.path, "--from", "rev-A", "--to", "HEAD", "--format", "json").json == {
        **done.json, "to": {"revision": "HEAD", "commit": package.repository.git("rev-parse", "HEAD").strip()},
    }  # fmt: skip


def test_the_first_of_two_records_of_one_id_is_not_simply_gone(package: Package) -> None:
    package.repository.commit({"records/a.yaml": package.read(PH)}, tag="twice")
    package.edit(PH, WIDER)
    package.repository.commit({}, tag="second")
    (package.path / "records/a.yaml").unlink()
    answer = package.impact("--from", "second")
    assert rules(answer, "PRM-BRX-PH") == {"CH-01", "CH-15"}  # it moved, too


def test_a_parameter_that_becomes_a_change_record_is_reported_and_shown(package: Package) -> None:
    package.repository.write({PH: "kind: change_record\nid: PRM-BRX-PH\ntitle: Culture pH\n"})
    answer = package.impact()
    assert (answer["class"], category(answer)) == ("major", "PAS")
    assert {"S-QA", "C-QA", "S-RA"} <= set(answer["approvers"])
    page = package.run("impact", package.path, "--from", "rev-A", "--format", "markdown").stdout
    assert "Major change" in page
    assert "CPP deleted" in page


def entries(text: str) -> list[str]:
    return re.findall(r"^(?:- .*\n(?:  .*\n)*|kind: [\s\S]*)", text, re.MULTILINE)


@pytest.mark.parametrize(
    "record",
    ["PRM-BRX-PH", "CQA-AGG", "SPC-DS-AGG", "HLD-PA-POOL", "IPC-BRX-PH", "STP-BRX-CULTURE", "UO-03-BRX", "LNK-BRX-PA"],
)
def test_a_record_that_is_withdrawn_is_a_record_that_is_removed(package: Package, record: str) -> None:
    path, entry = next(
        (path, entry)
        for path in sorted(package.path.glob("records/**/*.yaml"))
        for entry in entries(path.read_text())
        if re.search(rf"\bid: {record}\b", entry)
    )
    text = path.read_text()
    withdrawn = re.sub(r"\bstatus: \w+", "status: withdrawn", entry, count=1)
    if withdrawn == entry:
        withdrawn = entry.replace(f"id: {record}", f"id: {record}{SEPARATOR[entry[0]]}status: withdrawn", 1)
    path.write_text(text.replace(entry, withdrawn))
    by_status = package.impact()
    left = text.replace(entry, "")
    path.write_text(left) if left.strip() else path.unlink()
    removed = package.impact()
    assert rules(removed, record) <= rules(by_status, record)
    assert (by_status["class"], category(by_status)) == (removed["class"], category(removed))
    path.write_text(text)


SEPARATOR = {"-": ", ", "k": "\n"}


def test_what_cannot_be_read_is_no_clean_answer(package: Package) -> None:
    package.edit(PH, WIDER, ("classification: WC-CPP", "clasification: WC-CPP"))
    assert package.impact()["not_assessed"] == ["PRM-BRX-PH"]
    page = package.run("impact", package.path, "--from", "rev-A", "--format", "markdown").stdout
    assert "TIP" not in page
    assert "1 could not be assessed" in page
    assert "Not everything could be compared" in page
    assert "Nothing of meaning changed." not in page


def test_a_limit_read_from_the_other_side_is_not_tightened(package: Package) -> None:
    package.repository.commit(
        {
            "records/spec.yaml": "kind: specification\nid: SPC-X\ntitle: x\naudience: [partner]\nstatus: effective\n"
            'article: DS\nattribute: CQA-AGG\nacceptance: {high: 5, side: NMT}\nunit: "%"\nrelease: true\n'
        },
        tag="spec",
    )
    package.edit("records/spec.yaml", ("side: NMT", "side: NLT"))
    answer = package.impact("--from", "spec")
    assert rules(answer, "SPC-X") == {"CH-71"}


def test_a_site_that_the_change_leaves_out_is_told_all_the_same(package: Package) -> None:
    package.edit(PH, WIDER)
    package.edit("ttpack.yaml", ("gates: {SITE-B: G2}\n", ""), ("receiving_sites: [SITE-B]", "receiving_sites: []"))
    assert "SITE-B" in {one["site"] for one in package.impact()["sites"]}


def decided(package: Package, name: str, rewritten: Callable[[str], str] = lambda text: text) -> None:
    """Have everybody who is asked agree to a record as it stands, and to what somebody made of it."""
    path = package.path / f"records/changes/{name}.yaml"
    text = rewritten(path.read_text())
    found = re.search(r"^  digest: ([0-9a-f]{64})$", text, re.MULTILINE)
    assert found
    lines = "".join(
        f"  - {{function: {code}, reviewer: {person}, decision: approve, decided_on: 2026-02-01, "
        f"proposal_digest: {found[1]}}}\n"
        for code, person in REVIEWERS.items()
    )
    path.write_text(
        text.replace(
            "state: proposed\n", f"state: proposed\ninitiated_by: PER-LEA-VOSS\nreason: x\ndecisions:\n{lines}"
        )
    )


def test_two_harmless_steps_are_not_decided_on_as_one_grave_one(package: Package) -> None:
    package.edit(PH, ("high: 7.10, evidence", "high: 7.50, evidence"))
    package.repository.commit({})
    package.edit(PH, ("high: 7.50, evidence", "high: 7.40, evidence"))
    assert package.run("impact", package.path, "--from", "HEAD", "--record", "CHG-STEP").code == 1
    decided(package, "CHG-STEP")
    package.repository.commit({})
    (found,) = package.chg02()
    assert (found["record"], found["severity"]) == ("CHG-STEP", "error")
    assert "lower class" in found["message"]
    assert "PRM-BRX-PH" in found["message"]
    assert "is major" in found["message"]


def test_two_steps_that_were_both_decided_on_are_done(package: Package) -> None:
    package.edit(PH, ("high: 7.10, evidence", "high: 7.50, evidence"))
    assert package.run("impact", package.path, "--record", "CHG-ONE").code == 1
    decided(package, "CHG-ONE")
    package.repository.commit({})
    package.edit(PH, ("high: 7.50, evidence", "high: 7.40, evidence"))
    assert package.run("impact", package.path, "--from", "HEAD", "--record", "CHG-TWO").code == 1
    decided(package, "CHG-TWO")
    package.repository.commit({})
    assert package.chg02() == []


def forged(text: str) -> str:
    """The proposal with a class of its own, and a digest that fits."""
    from ttpack.analysis.change_records import proposal_digest
    from ttpack.source.documents import read_yaml

    lower = re.sub(r"(rule_class|change_class): major", r"\1: minor", text)
    proposal = read_yaml(lower.encode(), "x.yaml")[0].data["proposal"]
    assert isinstance(proposal, Mapping)
    return re.sub(r"^  digest: [0-9a-f]{64}$", f"  digest: {proposal_digest(proposal)}", lower, flags=re.MULTILINE)


def test_a_proposal_that_gives_a_lower_class_is_not_decided_on(package: Package) -> None:
    package.edit(PH, WIDER)
    assert package.run("impact", package.path, "--record", "CHG-FORGED").code == 1
    decided(package, "CHG-FORGED", forged)
    package.repository.commit({})
    (found,) = package.chg02()
    assert found["record"] == "CHG-FORGED"
    assert "lower class" in found["message"]


OTHER = "kind: person, audience: [partner], organisation: ORG-SPONSOR, function: QA"


@pytest.mark.parametrize(
    ("author", "people", "said"),
    [
        ("A. Berg", "", "A. Berg is no person or role"),
        ("PER-NOBODY", "", "PER-NOBODY is no person or role"),
        ("PER-BERG-2", f"- {{id: PER-BERG-2, title: anna  BERG, {OTHER}}}\n", "Anna Berg is the author"),
        ("PER-BERG-2", f"- {{id: PER-BERG-2, title: B, {OTHER}, email: Berg@x.example}}\n", "Anna Berg is the author"),
        ("berg@x.example", "", "Anna Berg is the author"),
    ],
)
def test_the_author_decides_under_no_other_name(package: Package, author: str, people: str, said: str) -> None:
    if "@x" in people or "@x" in author:
        package.edit("records/parties.yaml", ("id: PER-ANNA-BERG,", "id: PER-ANNA-BERG, email: berg@x.example,"))
    package.repository.commit({"records/people.yaml": PEOPLE + people}, tag="people")
    package.edit(PH, WIDER)
    assert package.run("impact", package.path, "--record", "CHG-MINE").code == 1
    decided(package, "CHG-MINE")
    package.edit("records/changes/CHG-MINE.yaml", ("initiated_by: PER-LEA-VOSS", f"initiated_by: {author}"))
    package.repository.commit({})
    assert said in " ".join(one["message"] for one in package.chg02())


@pytest.mark.parametrize(("when", "said"), [("left: 2026-01-31", "left on"), ("joined: 2026-02-02", "joined on")])
def test_who_was_not_there_has_not_decided(package: Package, when: str, said: str) -> None:
    package.repository.commit(
        {"records/people.yaml": PEOPLE.replace("function: PD", f"function: PD, {when}")}, tag="people"
    )
    package.edit(PH, WIDER)
    assert package.run("impact", package.path, "--record", "CHG-MINE").code == 1
    decided(package, "CHG-MINE")
    package.repository.commit({})
    assert f"Ole Dahl {said}" in " ".join(one["message"] for one in package.chg02())


def test_a_title_links_nowhere_in_a_comment(package: Package) -> None:
    title = "No change, see https://ttpwn.example HTTP://ttpwn.example www.ttpwn.example"
    package.edit(PH, WIDER, ("title: Culture pH", f"title: {title}"))
    page = package.run("impact", package.path, "--from", "rev-A", "--format", "markdown").stdout
    assert "ttpwn.example" in page
    assert not re.search(r"(https?:)//ttpwn|www\.ttpwn", page, re.IGNORECASE)


def test_nothing_is_released_from_half_a_history(package: Package, tmp_path: Path) -> None:
    package.edit(PH, WIDER)
    package.repository.commit({})
    clone = tmp_path / "shallow"
    package.repository.git("clone", "--quiet", "--depth", "1", "--no-tags", package.path.as_uri(), str(clone))
    done = package.run("check", clone, "--release")
    assert (done.code, done.stdout) == (3, "")
    assert "shallow clone" in done.stderr
    daily = package.run("check", clone, "--format", "json")
    assert "CHG-02" in {one["code"] for one in daily.json["not_computable"]}


def test_a_decision_that_is_taken_back_counts_no_longer(package: Package) -> None:
    package.edit(PH, WIDER)
    assert package.run("impact", package.path, "--record", "CHG-MINE").code == 1
    decided(package, "CHG-MINE")
    package.repository.commit({})
    assert package.chg02() == []
    path = "records/changes/CHG-MINE.yaml"
    package.repository.write({path: re.sub(r"  - \{function: S-RA, .*\n", "", package.read(path))})
    package.repository.commit({})
    assert "no decision of S-RA" in " ".join(one["message"] for one in package.chg02())


@pytest.mark.parametrize(
    ("record", "old", "new"),
    [
        ("MBR-A", "steps: [STP-BRX-CULTURE]", "steps: []"),
        ("STP-X", "verification: second_person", "verification: none"),
        ("STP-X", "closed: true", "closed: false"),
    ],
)
def test_what_guards_a_step_is_no_minor_matter(package: Package, record: str, old: str, new: str) -> None:
    written = {
        "records/x/mbr.yaml": "kind: batch_record\nid: MBR-A\ntitle: x\nsite: SITE-B\nsteps: [STP-BRX-CULTURE]\n",
        "records/x/step.yaml": "kind: step\nid: STP-X\ntitle: x\nunit_operation: UO-03-BRX\norder: 9\nclosed: true\n"
        "verification: second_person\n",
    }
    package.repository.commit(written, tag="steps")
    package.edit(next(path for path, text in written.items() if record in text), (old, new))
    assert package.impact("--from", "steps")["class"] in {"moderate", "major"}
