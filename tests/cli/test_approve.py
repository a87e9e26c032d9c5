"""`ttpack approve`: documents signed with real keys in a real repository, and approvals that are held elsewhere."""

import datetime
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.conftest import Repository, Result, Ttpack

from ttpack.analysis.editions.edition import edition_named
from ttpack.cli.building import known_of
from ttpack.cli.opening import open_package, open_tree
from ttpack.cli.signatures import signatures_of
from ttpack.views.edition_content import edition_content

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen (openssh-client) is not installed"
)

MINIMAL = Path(__file__).parents[1] / "packages" / "minimal"
DOCUMENT = """\
kind: document
id: DOC-PD
title: Process description
number: TTP-002
status: effective
owner: ROL-S-QA
revision: A
effective_date: 2026-01-15
supersedes: none
audience: [partner]
author: PER-IDA-LUND
shows: [PRM-BRX-PH, PRM-BRX-TEMP]
"""
RECORD = "records/approval/APR-001.yaml"
SIGN = ("approve", "DOC-PD", "--as", "PER-ANNA-BERG", "--meaning", "approval")


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of three persons."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("anna", "max", "other"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)]
        subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def ttpack(ttpack_here: Ttpack) -> Ttpack:
    return ttpack_here


@pytest.fixture
def package(repository: Repository, keys: Path) -> Repository:
    """The small package with a document, and the keys of both quality units."""
    files = {path.relative_to(MINIMAL).as_posix(): path.read_text("utf-8") for path in MINIMAL.rglob("*.yaml")}
    signers = line("PER-ANNA-BERG", keys / "anna") + line("PER-MAX-KERN", keys / "max")
    repository.commit({**files, "records/documents/DOC-PD.yaml": DOCUMENT, "allowed_signers": signers})
    return repository


def line(person: str, key: Path, options: str = 'namespaces="ttpack-approval",valid-before="20991231"') -> str:
    public = " ".join(key.with_suffix(".pub").read_text("ascii").split()[:2])
    return f"{person} {options} {public}\n"


def findings(ttpack: Ttpack, package: Repository, *codes: str) -> list[str]:
    found = ttpack("check", "--format", "json", cwd=package.path).json["findings"]
    return [f"{one['code']} {one['record']} {one['message']}" for one in found if one["code"] in (codes or ("DOC-03",))]


def the(pattern: str, text: str) -> re.Match[str]:
    match = re.search(pattern, text, re.MULTILINE)
    assert match is not None, pattern
    return match


def refused(result: Result, *parts: str) -> None:
    assert result.code == 2, result
    for part in parts:
        assert part in result.stderr


def test_a_signed_approval_says_what_is_signed_and_is_verified_by_check(ttpack, package, keys):
    said = ttpack(*SIGN, "--key", keys / "anna", cwd=package.path)

    assert said.code == 0, said.stderr
    for shown in ("TTP-002", "revision   A", "edition    internal", "Anna Berg, Sponsor quality assurance", "approval"):
        assert shown in said.stdout
    record = (package.path / RECORD).read_text("utf-8")
    digest = the(r"^digest: ([0-9a-f]{64})$", record)[1]
    assert said.stdout.index(digest) < said.stdout.index("signed     with SHA256:")
    assert re.search(r"^approved_on: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", record, re.MULTILINE)
    assert findings(ttpack, package) == []
    missing = findings(ttpack, package, "APR-01")
    assert missing == [
        "APR-01 DOC-PD revision A of Process description is effective without approval by QA of the receiving unit"
    ]
    other = ttpack("approve", "TTP-002", "--as", "PER-MAX-KERN", "--meaning", "approval", "--key", keys / "max",
                   cwd=package.path)  # fmt: skip
    assert other.code == 0, other.stderr
    assert findings(ttpack, package, "APR-01", "DOC-02", "DOC-03") == []
    refused(ttpack(*SIGN, "--key", keys / "anna", cwd=package.path), "APR-001 says that already")


def reason(package: Repository, approval: str = "APR-001") -> str:
    """Why the signature of an approval is not good; empty where it is."""
    check = signatures_of(open_package(open_tree(str(package.path))).package)[approval]
    assert check.good == (check.verdict == "good") == (not check.reason)
    return check.reason


def test_a_change_of_any_field_makes_the_signature_bad(ttpack, package, keys):
    assert ttpack(*SIGN, "--key", keys / "anna", cwd=package.path).code == 0
    record = (package.path / RECORD).read_text("utf-8")
    digest = the(r"^digest: ([0-9a-f]{64})$", record)[1]
    second = the(r"approved_on: \S+(\d)Z", record)
    changes = {
        "document_revision: A": "document_revision: B",
        f"digest: {digest}": f"digest: {digest[:-1]}{'0' if digest[-1] != '0' else '1'}",
        "edition: internal": "edition: public",
        "printed_name: Anna Berg": "printed_name: ANNA BERG",
        "person: PER-ANNA-BERG": "person: PER-MAX-KERN",
        "role: ROL-S-QA": "role: ROL-S-MSAT",
        "meaning: approval": "meaning: acknowledgement",
        second[0]: f"{second[0][:-2]}{9 - int(second[1])}Z",
        "document: DOC-PD": "document: DOC-XX",
        "id: APR-001": "id: APR-002",
    }
    assert reason(package) == ""
    for old, new in changes.items():
        package.write({RECORD: record.replace(old, new)})
        assert reason(package, "APR-002" if old.startswith("id") else "APR-001"), old
    for field in ("printed_name: Anna Berg\n", "role: ROL-S-QA\n", f"digest: {digest}\n"):
        package.write({RECORD: record.replace(field, "")})
        assert reason(package), field
    assert ttpack("check", cwd=package.path).code == 1


def test_a_changed_signature_another_package_and_a_parameter_that_changed(ttpack, package, keys):
    assert ttpack(*SIGN, "--key", keys / "anna", cwd=package.path).code == 0
    path = package.path / RECORD
    record = path.read_text("utf-8")
    body = record.rindex("\n  -----END")
    letter = "A" if record[body - 20] != "A" else "B"
    path.write_text(record[: body - 20] + letter + record[body - 19 :], "utf-8")
    assert "is not good" in str(findings(ttpack, package))
    path.write_text(record.replace("BEGIN SSH SIGNATURE", "BEGIN SOMETHING"), "utf-8")
    assert "it is no signature of OpenSSH's" in str(findings(ttpack, package))
    path.write_text(record, "utf-8")
    manifest = (package.path / "ttpack.yaml").read_text("utf-8")
    package.write({"ttpack.yaml": manifest.replace("id: PKG-MIN", "id: PKG-OTHER")})
    assert "what was signed is not what stands here now" in str(findings(ttpack, package))
    package.write({"ttpack.yaml": manifest})
    assert findings(ttpack, package) == []
    ph = package.path / "records/parameters/PRM-BRX-PH.yaml"
    ph.write_text(ph.read_text("utf-8").replace("6.85", "6.86", 1), "utf-8")
    assert findings(ttpack, package, "DOC-02", "DOC-03")[0].startswith("DOC-02 APR-001 ")


def test_a_key_that_does_not_count_signs_nothing(ttpack, package, keys):
    assert ttpack(*SIGN, "--key", keys / "anna", cwd=package.path).code == 0
    anna, ours = keys / "anna", 'namespaces="ttpack-approval"'
    unknown = "its key is not one of those that may sign for this person"
    for signers, words in (
        ("", unknown),
        (line("PER-MAX-KERN", anna), unknown),
        (line("PER-ANNA-BERG", keys / "other"), unknown),
        (line("PER-ANNA-BERG", anna, 'namespaces="git"'), "may not sign for this purpose"),
        (line("PER-ANNA-BERG", anna, f'{ours},valid-before="20200101"'), "had expired when it was signed"),
        (line("PER-ANNA-BERG", anna, f'{ours},valid-after="20980101"'), "did not count yet when it was signed"),
        (line("PER-ANNA-BERG,PER-MAX-KERN", anna), unknown),
        (line("PER-*", anna), unknown),
        (line("PER-ANNA-BERG", anna, f"cert-authority,{ours}"), unknown),
        (line("PER-ANNA-BERG", anna, f'{ours},valid-after="20200101Z"'), unknown),
    ):
        package.write({"allowed_signers": signers})
        assert words in reason(package), signers
    assert unknown in findings(ttpack, package)[0]
    (package.path / RECORD).unlink()
    refused(ttpack(*SIGN, "--key", keys / "anna", cwd=package.path), "has no key of PER-ANNA-BERG that counts")
    assert not (package.path / RECORD).exists()


def test_a_key_that_was_replaced_still_counts_for_what_it_signed(ttpack, package, keys):
    assert ttpack(*SIGN, "--key", keys / "anna", cwd=package.path).code == 0
    end = 'namespaces="ttpack-approval",valid-before="20981231"'
    begin = 'namespaces="ttpack-approval",valid-after="20981231",valid-before="20991231"'
    package.write(
        {"allowed_signers": line("PER-ANNA-BERG", keys / "anna", end) + line("PER-ANNA-BERG", keys / "other", begin)}
    )
    assert findings(ttpack, package, "DOC-03", "APR-02") == []


def test_what_is_no_approval_is_refused_with_nothing_written(ttpack, package, keys):
    fields = dict(one.split(": ", 1) for one in DOCUMENT.splitlines())
    for change, arguments, words in (
        ({}, ("--role", "ROL-C-QA"), "does not hold that role"),
        ({}, ("--role", "ROL-NONE"), "there is no role"),
        ({}, ("--edition", "nobody"), "no edition 'nobody'"),
        ({}, ("--as", "PER-NOBODY"), "there is no person 'PER-NOBODY'"),
        ({}, ("--as", "--help-me"), "there is no person"),
        ({"status": "draft"}, (), "is a draft"),
        ({"status": "superseded"}, (), "is superseded"),
        ({"external": "true"}, (), "is kept elsewhere"),
        ({"author": "PER-ANNA-BERG"}, (), "Anna Berg wrote Process description and approved it"),
        ({"audience": "[internal]"}, ("--edition", "public"), "the edition public does not hold DOC-PD"),
    ):
        if change:
            text = "".join(f"{name}: {value}\n" for name, value in (fields | change).items())
            package.commit({"records/documents/DOC-PD.yaml": text})
        refused(ttpack(*SIGN, *arguments, "--key", keys / "anna", cwd=package.path), words)
        assert not (package.path / RECORD).exists()


def test_what_is_not_committed_or_has_errors_is_not_approved(ttpack, package, keys):
    sign = (*SIGN, "--key", keys / "anna")
    ph = package.path / "records/parameters/PRM-BRX-PH.yaml"
    text = ph.read_text("utf-8")
    ph.write_text(re.sub(r"setpoint: [0-9.]+", "setpoint: 9.99", text), "utf-8")
    refused(ttpack(*sign, cwd=package.path), "records/parameters/PRM-BRX-PH.yaml is not committed")
    package.commit({"records/parameters/PRM-BRX-PH.yaml": ph.read_text("utf-8")})
    refused(
        ttpack(*sign, cwd=package.path), "what DOC-PD shows has errors: records/parameters/PRM-BRX-PH.yaml:", "PRM-"
    )
    package.commit({"records/parameters/PRM-BRX-PH.yaml": text, "records/parameters/PRM-BRX-TEMP.yaml": None})
    refused(ttpack("approve", "DOC-NONE", *SIGN[2:], "--key", keys / "anna", cwd=package.path), "documents are DOC-PD")


def test_somebody_signs_elsewhere_what_show_prints(ttpack, package, keys, tmp_path):
    at = "2024-05-01T09:30:00Z"
    shown = ttpack(*SIGN, "--show", "--on", at, cwd=package.path)
    assert shown.json["approved_on"] == at
    assert not (package.path / RECORD).exists()
    message = tmp_path / "message"
    message.write_text(shown.stdout, "utf-8", newline="")
    command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(keys / "anna"), "-n", "ttpack-approval", str(message)]
    subprocess.run(command, check=True, capture_output=True)
    signature = tmp_path / "message.sig"
    refused(
        ttpack(*SIGN, "--signature", signature, "--on", "2024-05-01T09:31:00Z", cwd=package.path), "would not be good"
    )
    said = ttpack(*SIGN, "--signature", signature, "--on", at, cwd=package.path)
    assert said.code == 0, said.stderr
    assert findings(ttpack, package) == []
    # what counts is when it was signed, not when it is verified
    until, since = (f'namespaces="ttpack-approval",{one}="20240502"' for one in ("valid-before", "valid-after"))
    package.write({"allowed_signers": line("PER-ANNA-BERG", keys / "anna", until)})
    assert reason(package) == ""
    package.write({"allowed_signers": line("PER-ANNA-BERG", keys / "anna", since)})
    assert "did not count yet when it was signed" in reason(package)


def test_an_approval_that_a_document_system_holds_is_entered(ttpack, package):
    enter = (
        "approve", "DOC-PD", "--as", "PER-MAX-KERN", "--meaning", "approval", "--system", "QMS of the manufacturer",
        "--document-id", "D-0815", "--version", "3", "--on", "2026-11-01", "--entered-by", "PER-EVA-ROTH",
    )  # fmt: skip
    refused(ttpack(*enter, cwd=package.path), "needs --verified-by")
    refused(ttpack(*enter, "--verified-by", "PER-EVA-ROTH", cwd=package.path), "that takes two persons")
    refused(ttpack(*enter, "--verified-by", "PER-MAX-KERN", "--key", "k", cwd=package.path), "leave out --key")
    said = ttpack(*enter, "--verified-by", "PER-IDA-LUND", cwd=package.path)
    assert said.code == 0, said.stderr
    assert "held in    QMS of the manufacturer: D-0815, version 3" in said.stdout
    assert "verified_by: PER-IDA-LUND" in (package.path / RECORD).read_text("utf-8")
    assert [one for one in findings(ttpack, package) if "APR-001" in one] == []


def test_without_ssh_keygen_a_signature_is_not_computable_and_never_passes(
    ttpack, package, keys, tmp_path, monkeypatch
):
    assert ttpack(*SIGN, "--key", keys / "anna", cwd=package.path).code == 0
    assert findings(ttpack, package) == []
    only_git = tmp_path / "bin"
    only_git.mkdir()
    (only_git / "git").symlink_to(shutil.which("git"))
    monkeypatch.setenv("PATH", str(only_git))
    open_ends = ttpack("check", "--format", "json", cwd=package.path).json["not_computable"]
    assert [one["reason"] for one in open_ends if one["record"] == "APR-001"] == [
        "the signature was not verified: ssh-keygen is not installed"
    ]
    (package.path / RECORD).unlink()
    refused(ttpack(*SIGN, "--key", keys / "anna", cwd=package.path), "ssh-keygen is not installed: install OpenSSH")


def test_the_file_of_keys_is_read_from_inside_the_package_alone(ttpack, package, tmp_path):
    manifest = (package.path / "ttpack.yaml").read_text("utf-8")
    for named, code in (("../signers", "SRC-15"), ("none", "SRC-22")):
        package.write({"ttpack.yaml": f"{manifest}allowed_signers: {named}\n"})
        found = ttpack("check", "--format", "json", cwd=package.path).json["findings"]
        assert [one["code"] for one in found if one["field"] == "allowed_signers"] == [code]
    package.write({"ttpack.yaml": manifest})
    (package.path / "allowed_signers").unlink()
    (package.path / "allowed_signers").symlink_to("/etc/passwd")
    found = ttpack("check", "--format", "json", cwd=package.path).json["findings"]
    assert [one["code"] for one in found if one["path"] == "allowed_signers"] == ["SRC-10"]
    assert "root" not in str(found)


def test_a_line_that_openssh_would_drop_is_found_at_its_place(ttpack, package, keys):
    good = line("PER-MAX-KERN", keys / "max")
    dropped = line("PER-ANNA-BERG", keys / "anna", 'namespaces="ttpack-approval",valid-after="2026-01-01T00:00:00Z"')
    package.write({"allowed_signers": f"# keys\n{good}{dropped}"})
    found = ttpack("check", "--format", "json", cwd=package.path).json["findings"]
    (one,) = [one for one in found if one["code"] == "APR-02"]
    assert (one["path"], one["line"], one["column"]) == ("allowed_signers", 3, dropped.index("2026") + 1)


def test_the_cover_says_who_approved_how_that_is_known_and_who_has_not(ttpack, package, keys):
    assert ttpack(*SIGN, "--key", keys / "anna", cwd=package.path).code == 0

    def cover(name: str) -> list[tuple[str | bool, ...]]:
        tree = open_tree(str(package.path))
        known = known_of(tree, open_package(tree), datetime.date(2099, 1, 1))
        (edition,) = edition_named(known.package, name)
        content = edition_content(known, edition)
        told = content.data + "".join(one.data for one in content.documents)
        assert ("BEGIN SSH SIGNATURE" in told) == edition.internal, "what another edition holds can be guessed from it"
        assert (content.package.raw["APR-001"].get("digest") is not None) == edition.internal
        (document,) = content.documents
        assert content.publication.approvals[0].reference == document.publication.approvals[0].reference
        return [
            (one.role, one.name, one.organisation, one.meaning, bool(one.date), one.reference)
            for one in document.publication.approvals
        ]

    signed = ("Sponsor quality assurance", "Anna Berg", "Sponsor", "approval", True)
    waiting = ("QA", "", "receiving unit", "approval", False, "")
    assert cover("internal") == [(*signed, "signed, verified"), waiting]
    assert cover("partner-ORG-CDMO")[0] == (*signed, "signed, verified, of the internal edition")
    record = (package.path / RECORD).read_text("utf-8")
    package.write({RECORD: record.replace("meaning: approval", "meaning: review")})
    assert cover("internal")[0][-1] == "signature NOT GOOD: what was signed is not what stands here now"
    assert ("QA", "", "sending unit", "approval", False, "") in cover("internal")
