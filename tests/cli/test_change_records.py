"""`ttpack impact --record` and rule CHG-02 through the real command, on real commits."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT, Repository, Ttpack

PH = "records/parameters/PRM-BRX-PH.yaml"
FOLDER = "records/changes"
PEOPLE = """\
- {kind: person, id: PER-LEA-VOSS, title: Lea Voss, audience: [partner], organisation: ORG-CDMO, function: ENG}
- {kind: person, id: PER-OLE-DAHL, title: Ole Dahl, audience: [partner], organisation: ORG-SPONSOR, function: PD}
- {kind: person, id: PER-RITA-ARP, title: Rita Arp, audience: [partner], organisation: ORG-SPONSOR, function: RA}
"""
REVIEWERS = {
    "S-QA": "PER-ANNA-BERG", "C-QA": "PER-MAX-KERN", "S-MSAT": "PER-IDA-LUND", "C-MSAT": "PER-EVA-ROTH",
    "S-PD": "PER-OLE-DAHL", "S-RA": "PER-RITA-ARP",
}  # fmt: skip


@pytest.fixture
def ttpack(ttpack_here: Ttpack) -> Ttpack:
    """The command in this process: these stories run it many times."""
    return ttpack_here


@pytest.fixture
def package(repository: Repository) -> Repository:
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path, dirs_exist_ok=True)
    repository.commit({"records/people.yaml": PEOPLE}, tag="rev-A")
    edit(repository, "setpoint: 6.85", "setpoint: 6.90")
    return repository


def edit(package: Repository, old: str, new: str, file: str = PH) -> None:
    text = (package.path / file).read_bytes().decode()
    assert old in text
    package.write({file: text.replace(old, new)})


def record(ttpack: Ttpack, package: Repository, *more: str) -> Any:
    """Run the command for its JSON answer; return what it says of the record."""
    done = ttpack("impact", *(more or ("--record",)), "--format", "json", cwd=package.path)
    assert done.stderr == ""
    return done.json["record"]


def file_of(package: Repository, answer: Any) -> Path:
    return package.path / str(answer["path"])


def findings(ttpack: Ttpack, package: Repository, *more: str) -> list[Any]:
    done = ttpack("check", "--as-of", "2026-03-01", "--format", "json", *more, cwd=package.path)
    assert done.stderr == ""
    return [one for one in done.json["findings"] if one["code"] == "CHG-02"]


def decide(
    package: Repository, answer: Any, *, but: tuple[str, ...] = (), by: str = "PER-LEA-VOSS", **others: str
) -> None:
    """Complete the record as people do: who initiated it, and a decision of each function on this proposal."""
    path = file_of(package, answer)
    text = path.read_text()
    asked = re.search(r"^  approvers: \[(.*)\]$", text, re.MULTILINE)
    assert asked
    functions = [code for code in asked[1].split(", ") if code not in but]
    lines = [
        f"  - {{function: {code}, reviewer: {others.get(code.replace('-', '_'), REVIEWERS[code])}, decision: approve, "
        f"decided_on: 2026-02-01, proposal_digest: {answer['proposal_digest']}}}  # in the meeting\n"
        for code in functions
    ]
    people = f"initiated_by: {by}\nreason: More room   # as agreed\n\n# who decided\ndecisions:\n{''.join(lines)}"
    path.write_text(text.replace("state: proposed\n", f"state: proposed\n{people}\n"))


def test_the_whole_story_of_a_change(ttpack: Ttpack, package: Repository) -> None:
    (missing,) = findings(ttpack, package)
    assert (missing["record"], missing["severity"], missing["gate"]) == ("PKG-MIN", "warning", "release")
    assert "PRM-BRX-PH setpoint" in missing["message"]
    assert "ttpack impact --record" in missing["fix"]
    written = record(ttpack, package)
    assert re.fullmatch(r"records/changes/CHG-[0-9]{4}-001\.yaml", written["path"])
    assert (written["action"], written["from_revision"]) == ("written", "rev-A")
    named = {one["message"].partition("no decision of ")[2][:4] for one in findings(ttpack, package)}
    assert {"S-QA", "C-QA"} <= named
    decide(package, written)
    assert findings(ttpack, package) == []
    assert findings(ttpack, package, "--release") == []
    package.commit({})
    assert findings(ttpack, package, "--release") == []
    edit(package, "setpoint: 6.90", "setpoint: 6.95")
    (stale,) = findings(ttpack, package, "--release")
    assert (stale["record"], stale["severity"]) == (written["record"], "error")
    before = file_of(package, written).read_text()
    again = record(ttpack, package)
    assert (again["record"], again["action"]) == (written["record"], "refreshed")
    assert again["decisions"]["on_an_earlier_proposal"] > 0 == again["decisions"]["on_this_proposal"]
    after = file_of(package, written).read_text()
    assert (
        after.partition("proposal:\n")[0].replace(_digest_of(after), _digest_of(before))
        == (before.partition("proposal:\n")[0])
    )
    assert {"given on an earlier proposal" in one["message"] for one in findings(ttpack, package)} == {True}


def _digest_of(text: str) -> str:
    found = re.search(r"^to_digest: ([0-9a-f]{64})$", text, re.MULTILINE)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"but": ("S-QA",)}, "no decision of S-QA"),
        ({"by": "PER-ANNA-BERG"}, "Anna Berg is the author"),
        ({"S_QA": "PER-MAX-KERN"}, "Max Kern does not stand for QA of the sending unit"),
        ({"C_QA": "Somebody Else"}, "no person or role of the package"),
    ],
)
def test_a_decision_that_is_missing_or_does_not_count(
    ttpack: Ttpack, package: Repository, given: dict[str, Any], said: str
) -> None:
    decide(package, record(ttpack, package), **given)
    (found,) = findings(ttpack, package)
    assert said in found["message"]


def test_the_same_change_gives_the_same_bytes_and_no_write(ttpack: Ttpack, package: Repository) -> None:
    path = file_of(package, record(ttpack, package))
    first = path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino
    for more in ((), ("--record", path.stem), ("--record", "--from", "rev-A")):
        assert record(ttpack, package, *more)["action"] == "unchanged"
        assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) == first
    package.commit({})
    assert record(ttpack, package)["action"] == "unchanged"
    path.unlink()
    assert record(ttpack, package)["action"] == "written"
    assert path.read_bytes() == first[0]


def test_what_people_write_beside_it_changes_no_proposal(ttpack: Ttpack, package: Repository) -> None:
    written = record(ttpack, package)
    path = file_of(package, written)
    text = path.read_text().replace(
        "state: proposed\n", 'state: proposed\nentities: [PRM-BRX-PH]\nreason: "as in [[CQA-AGG]]"\n'
    )
    path.write_text(text)
    assert record(ttpack, package)["proposal_digest"] == written["proposal_digest"]
    assert path.read_text() == text


def test_a_record_that_people_began_keeps_every_byte(ttpack: Ttpack, package: Repository) -> None:
    begun = (
        "---\r\n# ours\r\nkind:   change_record\r\nid: 'CHG-OURS'\r\nstate: proposed   # still\r\n\r\n"
        "from_revision: rev-A\r\nnote: |\r\n  proposal: not this\r\n"
    )
    package.write({"records/ours.yml": begun})
    answer = record(ttpack, package)
    assert (answer["record"], answer["path"], answer["action"]) == ("CHG-OURS", "records/ours.yml", "refreshed")
    data = file_of(package, answer).read_bytes()
    assert data.startswith(begun.encode())
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert next(one["record"] for one in findings(ttpack, package)) == "CHG-OURS"


def test_the_next_number_and_the_audience_of_a_new_record(ttpack: Ttpack, package: Repository) -> None:
    package.write({
        "records/changes/CHG-0017.yaml": "kind: change_record\nid: CHG-BRX-0017\nstate: closed\nfrom_revision: rev-A\n",
    })  # fmt: skip
    edit(package, "audience: [partner]", "audience: [party:ORG-CDMO]")
    answer = record(ttpack, package)
    assert answer["path"] == "records/changes/CHG-BRX-0018.yaml"
    assert "audience: [party:ORG-CDMO]" in file_of(package, answer).read_text().replace('"', "")


def test_a_secret_field_makes_the_record_internal(ttpack: Ttpack, package: Repository) -> None:
    edit(package, "function: PD", "function: PD, email: ole@example.org", "records/people.yaml")
    assert "audience: [internal]" in file_of(package, record(ttpack, package)).read_text()


def test_markup_of_a_changed_text_does_not_enter_the_record(ttpack: Ttpack, package: Repository) -> None:
    why = "why: pH acts on aggregate and on glycosylation."
    edit(package, why, 'why: "see [[CQA-AGG]] and <b onclick=x>this</b>"')
    package.commit({})
    package.git("tag", "-f", "rev-A")
    edit(package, 'why: "see [[CQA-AGG]] and <b onclick=x>this</b>"', 'why: "{{ PRM-BRX-PH.setpoint }}, [[CQA-HCP]]"')
    written = file_of(package, record(ttpack, package)).read_text()
    assert "<b" not in written
    assert "[[" not in written
    done = ttpack("check", "--format", "json", cwd=package.path)
    assert [one for one in done.json["findings"] if one["code"].startswith(("SRC", "DOC-04"))] == []


@pytest.mark.parametrize("state", ["approved", "implemented", "closed", "rejected"])
def test_a_decided_record_is_not_touched(ttpack: Ttpack, package: Repository, state: str) -> None:
    answer = record(ttpack, package)
    path = file_of(package, answer)
    path.write_text(path.read_text().replace("state: proposed", f"state: {state}"))
    edit(package, "setpoint: 6.90", "setpoint: 6.95")
    before = path.read_bytes()
    done = ttpack("impact", "--record", str(answer["record"]), cwd=package.path)
    assert (done.code, done.stderr.count("\n")) == (2, 1)
    assert f"is {state}" in done.stderr
    assert path.read_bytes() == before


def _link_at_the_file(package: Repository) -> None:
    package.write({"outside.txt": "kept\n", f"{FOLDER}/keep.txt": ""})
    for year in range(2025, 2045):
        (package.path / FOLDER / f"CHG-{year}-001.yaml").symlink_to(package.path / "outside.txt")


def _link_at_the_folder(package: Repository) -> None:
    (package.path / "elsewhere").mkdir()
    (package.path / FOLDER).symlink_to(package.path / "elsewhere")


@pytest.mark.parametrize("prepare", [_link_at_the_file, _link_at_the_folder])
def test_nothing_is_written_through_a_link(
    ttpack: Ttpack, package: Repository, prepare: Callable[[Repository], None]
) -> None:
    prepare(package)
    done = ttpack("impact", "--record", cwd=package.path)
    assert done.code in (2, 3)
    assert done.stderr.startswith("ttpack: ")
    assert "Traceback" not in done.stderr
    assert not list(package.path.glob("elsewhere/*"))
    assert not (package.path / "outside.txt").exists() or (package.path / "outside.txt").read_text() == "kept\n"


@pytest.mark.parametrize(
    "name", ["../../escape", "CHG-../X", "/etc/passwd", "chg-1", "CHG-1@SITE-B", "PRM-BRX-PH", "", "CHG-" + "9" * 200]
)
def test_an_id_that_is_none_is_refused(ttpack: Ttpack, package: Repository, name: str) -> None:
    before = package.git("status", "--porcelain")
    done = ttpack("impact", f"--record={name}", cwd=package.path)
    assert (done.code, done.stderr[:8]) == (2, "ttpack: ")
    assert package.git("status", "--porcelain") == before


@pytest.mark.parametrize(
    "text",
    [
        "kind: change_record\nid: CHG-X\nstate: [proposed\n",
        "kind: change_record\nid: CHG-X\nstate: dreamt\n",
        "kind: change_record\nid: CHG-X\nstate: proposed\nfrom_revision: rev-A\nproposal: {digest: 1}\n",
        "- {kind: change_record, id: CHG-X, state: proposed, from_revision: rev-A}\n",
        "{kind: change_record, id: CHG-X, state: proposed, from_revision: rev-A}\n",
        "kind: change_record\nid: CHG-X\nstate: proposed\nfrom_revision: nowhere\n",
    ],
)
def test_a_record_file_that_cannot_be_refreshed_is_left_alone(ttpack: Ttpack, package: Repository, text: str) -> None:
    package.write({f"{FOLDER}/CHG-X.yaml": text})
    done = ttpack("impact", "--record", "CHG-X", cwd=package.path)
    assert done.code in (2, 3), done.stdout
    assert (done.stderr[:8], "Traceback" in done.stderr) == ("ttpack: ", False)
    assert (package.path / FOLDER / "CHG-X.yaml").read_text() == text
    assert sorted(path.name for path in (package.path / FOLDER).iterdir()) == ["CHG-X.yaml"]


def test_two_records_of_one_id_and_two_open_records(ttpack: Ttpack, package: Repository) -> None:
    text = "kind: change_record\nid: CHG-X\nstate: proposed\nfrom_revision: rev-A\n"
    package.write({f"{FOLDER}/a.yaml": text, f"{FOLDER}/b.yaml": text})
    assert ttpack("impact", "--record", "CHG-X", cwd=package.path).code in (2, 3)
    package.write({f"{FOLDER}/b.yaml": text.replace("CHG-X", "CHG-Y")})
    done = ttpack("impact", "--record", cwd=package.path)
    assert done.code == 2
    assert "CHG-X, CHG-Y" in done.stderr
    assert record(ttpack, package, "--record", "CHG-Y")["action"] == "refreshed"


def test_a_comment_inside_the_proposal_is_not_lost(ttpack: Ttpack, package: Repository) -> None:
    path = file_of(package, record(ttpack, package))
    path.write_text(path.read_text().replace("  changes:\n", "  # think about this\n  changes:\n"))
    edit(package, "setpoint: 6.90", "setpoint: 6.95")
    before = path.read_bytes()
    done = ttpack("impact", "--record", cwd=package.path)
    assert done.code == 2
    assert "a comment stands inside" in done.stderr
    assert path.read_bytes() == before


def test_only_the_working_tree_since_an_approved_or_named_revision(ttpack: Ttpack, package: Repository) -> None:
    assert ttpack("impact", "--record", "--to", "HEAD", cwd=package.path).code == 2
    edit(package, "status: effective", "status: draft", "ttpack.yaml")
    package.commit({}, tag="rev-A2")
    package.git("tag", "-d", "rev-A")
    done = ttpack("impact", "--record", cwd=package.path)
    assert (done.code, "--from" in done.stderr) == (2, True)
    package.git("tag", "rev-A", "HEAD~1")
    assert record(ttpack, package)["from_revision"] == "rev-A"  # the tag in between approves nothing
    next((package.path / FOLDER).iterdir()).unlink()
    named = record(ttpack, package, "--record", "--from", "HEAD~1")
    assert named["from_revision"] == package.git("rev-parse", "HEAD~1")


def test_nothing_of_meaning_changed_and_no_record_is_written(ttpack: Ttpack, package: Repository) -> None:
    edit(package, "setpoint: 6.90", "setpoint: 6.850")
    done = ttpack("impact", "--record", "--format", "json", cwd=package.path)
    assert (done.code, done.json["record"]["action"], done.json["record"]["path"]) == (0, "not needed", "")
    assert not (package.path / FOLDER).exists()
    assert "No change record" in ttpack("impact", "--record", cwd=package.path).stdout


def test_a_gate_that_moved_makes_it_an_error(ttpack: Ttpack, package: Repository) -> None:
    assert [one["severity"] for one in findings(ttpack, package)] == ["warning"]
    edit(package, "gates: {SITE-B: G2}", "gates: {SITE-B: G3}", "ttpack.yaml")
    assert [(one["severity"], one["gate"], one["site"]) for one in findings(ttpack, package)] == [
        ("error", "G3", "SITE-B")
    ]


def test_a_tag_alone_approves_nothing_at_release(ttpack: Ttpack, package: Repository) -> None:
    package.commit({}, tag="rev-B")
    assert findings(ttpack, package) == []
    (found,) = findings(ttpack, package, "--release")
    assert (found["severity"], "since rev-A" in found["message"]) == ("error", True)
    done = ttpack("check", "--release", cwd=package.path)
    assert (done.code, "asked as at its release" in done.stdout) == (1, True)


def test_a_record_cannot_escape_by_becoming_a_change_record(ttpack: Ttpack, package: Repository) -> None:
    package.commit({"records/changes/x.yaml": "kind: assumption\nid: CHG-0001\nstatement: all is well\n"})
    package.git("tag", "-f", "rev-A")
    package.commit({"records/changes/x.yaml": "kind: change_record\nid: CHG-0001\nreason: all is well\n"})
    (found,) = findings(ttpack, package)
    assert "CHG-0001 kind" in found["message"]


def test_without_an_approved_revision_the_rule_is_not_computable(ttpack: Ttpack, package: Repository) -> None:
    package.git("tag", "-d", "rev-A")
    done = ttpack("check", "--format", "json", cwd=package.path)
    (said,) = [one for one in done.json["not_computable"] if one["code"] == "CHG-02"]
    assert "no tag behind this revision" in said["reason"]
    package.git("tag", "rev-A", "HEAD")  # the answer is not the remembered one
    assert len(findings(ttpack, package)) == 1


def test_the_finding_cannot_be_waived(ttpack: Ttpack, package: Repository) -> None:
    waiver = (
        "kind: waiver\nid: WVR-1\nstatus: effective\nrule: CHG-02\nrecord: PKG-MIN\nreason: later\n"
        "approvers: [ROL-S-QA, ROL-C-QA]\nexpires: 2030-01-01\n"
    )
    package.write({"records/waiver.yaml": waiver})
    done = ttpack("check", "--format", "json", cwd=package.path)
    assert {"CHG-02", "WVR-01"} <= {one["code"] for one in done.json["findings"]}
    assert done.json["waived"] == []


def test_a_private_overlay_does_not_enter_the_record(
    ttpack: Ttpack, make_repository: Callable[..., Repository]
) -> None:
    repository = make_repository("joint")
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path / "shared")
    private = "kind: process_parameter\nid: PRM-SECRET\ntitle: Hush\nunit_operation: UO-01-BRX\nsetpoint: 1\n"
    manifest = "kind: package\nid: PKG-PRIVATE\nschema_version: '1'\nrecords: [records]\n"
    shared = (repository.path / "shared/ttpack.yaml").read_text() + "overlays: [../private]\n"
    repository.commit(
        {"private/ttpack.yaml": manifest, "private/records/p.yaml": private, "shared/ttpack.yaml": shared}, tag="rev-A"
    )
    repository.write({"private/records/p.yaml": private.replace("setpoint: 1", "setpoint: 2")})
    edit(repository, "setpoint: 6.85", "setpoint: 6.90", f"shared/{PH}")
    edit(repository, "gates: {SITE-B: G2}", "gates: {SITE-B: G3}", "shared/ttpack.yaml")
    done = ttpack("impact", "shared", "--record", "--format", "json", cwd=repository.path)
    assert done.stderr == ""
    text = (repository.path / "shared" / done.json["record"]["path"]).read_text()
    assert "PRM-BRX-PH" in text
    assert "SECRET" not in text
    assert "Hush" not in text
