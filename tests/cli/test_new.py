"""`ttpack new`: a record of any kind from its example, in a package that lacks most of what the example refers to."""

from itertools import pairwise
from pathlib import Path

import pytest
from tests.conftest import Repository, Ttpack

from ttpack.cli.new import dangling
from ttpack.cli.opening import open_package, open_tree
from ttpack.model.kinds import KINDS
from ttpack.source.examples import example_kinds, example_text, new_record_text

MANIFEST = "kind: package\nid: PKG-X\nschema_version: '1'\ntitle: X\n"


@pytest.fixture
def package(repository: Repository) -> Repository:
    repository.commit({"ttpack.yaml": MANIFEST, "records/a.yaml": "kind: site\nid: SITE-B\ntitle: B\n"})
    return repository


def test_every_kind_but_the_package_has_an_example_with_a_comment_on_each_field():
    assert set(example_kinds()) == KINDS.keys() - {"package"}
    for kind in example_kinds():
        lines = example_text(kind).splitlines()
        for before, line in pairwise(lines):
            if line[:1].isalpha() and not line.startswith("id: "):
                assert before.startswith("# "), f"{kind}: {line}"


def test_a_new_record_of_every_kind_reads_without_an_error(ttpack_here: Ttpack, package: Repository):
    loaded = open_package(open_tree(str(package.path))).package
    for number, kind in enumerate(example_kinds()):
        record_id = "PRM-NEW@SITE-B" if kind == "site_overlay" else f"NEW-{number}"
        lacking = dangling(kind, record_id, loaded)
        text = new_record_text(kind, record_id, None, lacking.__contains__)
        package.write({f"records/{kind}.yaml": text})

    found = ttpack_here("check", "--format", "json", cwd=package.path).json

    assert found["counts"]["records"] == len(example_kinds()) + 2
    broken = {one["record"]: one["message"] for one in found["findings"] if one["code"].startswith(("SRC", "DOC-04"))}
    # these make no sense without the records that they are about
    needed = {"PRM-NEW@SITE-B", *(f"NEW-{example_kinds().index(kind)}" for kind in ("waiver", "not_applicable"))}
    assert broken.keys() <= needed, broken


def test_the_next_number_is_free_even_of_records_that_were_renamed_or_removed(ttpack_here, package: Repository):
    other = "kind: open_item\nid: OPN-WHO\nformerly: OPN-007\n"
    package.commit({"records/q/OPN-009.yaml": "kind: open_item\nid: OPN-009\n", "records/q/OPN-WHO.yaml": other})
    package.commit({"records/q/OPN-009.yaml": None})

    said = ttpack_here("new", "open_item", "--title", 'Who calls "whom"?', cwd=package.path)
    taken = ttpack_here("new", "open_item", "--id", "OPN-009", cwd=package.path)

    assert said.stdout.startswith("written  records/q/OPN-010.yaml\n")
    text = (package.path / "records/q/OPN-010.yaml").read_text("utf-8")
    assert 'title: "Who calls \\"whom\\"?"\n' in text
    assert "status: open\n" in text
    assert "never used again" in taken.stderr
    assert taken.code == 2


def test_what_the_package_lacks_stands_as_a_comment(ttpack_here, package: Repository):
    said = ttpack_here("new", "gate", "--show", cwd=package.path)

    assert "\nsite: SITE-B\n" in said.stdout
    assert "\n# owner: ROL-" in said.stdout
    assert not list((package.path / "records").rglob("GTE-*"))


@pytest.mark.parametrize(
    ("kind", "line"), [("process_parameter", "classification: WC-CPP"), ("site_equipment", "tag: BR-301")]
)
def test_what_only_looks_like_an_id_is_kept(ttpack_here, package: Repository, kind, line):
    assert f"\n{line}\n" in ttpack_here("new", kind, "--show", cwd=package.path).stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("process_paramter",), "did you mean process_parameter"),
        (("package",), "ttpack init"),
        (("risk", "--id", "lower-case"), "is no id"),
        (("risk", "--id", "RSK-1@SITE-B"), "site overlay"),
        (("risk", "--folder", "../elsewhere"), "does not lie in the package"),
        (("risk", "--folder", "drafts"), "nothing would read it"),
        (("site_overlay",), "--id"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is(ttpack_here, package: Repository, arguments, words):
    said = ttpack_here("new", *arguments, cwd=package.path)

    assert said.code == 2
    assert words in said.stderr
    assert package.git("status", "--porcelain") == ""


def test_a_link_out_of_the_package_is_not_followed(ttpack_here, package: Repository, tmp_path: Path):
    (package.path / "records/risk").symlink_to(tmp_path)

    said = ttpack_here("new", "risk", cwd=package.path)

    assert said.code != 0
    assert not list(tmp_path.glob("RSK-*"))
