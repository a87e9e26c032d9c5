"""Each SRC code through `load`, with the file, line and column it is reported at; and what loads in spite of it."""

import hashlib
import os
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ttpack.errors import NotAPackage, UnreadableError
from ttpack.model.findings import Finding, Place
from ttpack.model.parameter import ProcessParameter
from ttpack.source.load import Loaded, load
from ttpack.source.places import locate
from ttpack.source.problems import SOURCE_RULES
from ttpack.source.trees import MemoryTree, git_tree, working_tree

MANIFEST = 'kind: package\nid: PKG-T\ntitle: Test\nschema_version: "1"\ngates: {SITE-B: G2}\n'
TERM = "kind: term\nid: GLO-A\ntitle: A\n"
PARAMETER = """kind: process_parameter
id: PRM-BRX-PH
owner: ROL-A
unit: "[pH]"
setpoint: 6.850
ranges:
  normal_operating: {low: 6.75, high: 6.95}
effects:
  - {ref: CQA-AGG, direction: increases}
"""


def loaded(files: Mapping[str, str | bytes], manifest: str = MANIFEST) -> Loaded:
    given = {"ttpack.yaml": manifest, **files}
    return load(MemoryTree({name: text.encode() if isinstance(text, str) else text for name, text in given.items()}))


def where(finding: Finding) -> tuple[str, str]:
    return finding.code, f"{finding.path}:{finding.line}:{finding.column}"


def places(found: Loaded) -> list[tuple[str, str]]:
    return [where(finding) for finding in found.problems]


def with_term(fields: str) -> dict[str, str | bytes]:
    return {"records/a.yaml": TERM + fields}


PROBLEMS: list[tuple[str, dict[str, str | bytes], str]] = [
    ("SRC-01", {"records/a.yaml": "kind: term\nunit: %\n"}, "records/a.yaml:2:7"),
    ("SRC-02", with_term("title: B\n"), "records/a.yaml:4:1"),
    ("SRC-03", with_term("note: &x a\n"), "records/a.yaml:4:7"),
    ("SRC-04", with_term("note: !!str a\n"), "records/a.yaml:4:7"),
    ("SRC-05", with_term("---\nkind: term\n"), "records/a.yaml:4:1"),
    ("SRC-06", with_term("x-a: " + "[" * 70 + "]" * 70), "records/a.yaml:4:69"),
    ("SRC-07", {"records/a.yaml": b"#" * 50_000_000}, "records/a.yaml:1:1"),
    ("SRC-08", {"records/a.yaml": b"kind: term\nid: GLO-A\ntitle: \xb5\n"}, "records/a.yaml:3:8"),
    ("SRC-09", with_term("note: a\u2028b\n"), "records/a.yaml:4:8"),
    ("SRC-09", {"records/a\nb.yaml": TERM}, "records/a\\nb.yaml:1:1"),
    ("SRC-11", {"records/a.yaml": ""}, "records/a.yaml:1:1"),
    ("SRC-11", {"records/a.yaml": "just text\n"}, "records/a.yaml:1:1"),
    ("SRC-11", {"records/a.yaml": "- kind: term\n  id: GLO-A\n  title: A\n- 5\n"}, "records/a.yaml:4:3"),
    ("SRC-11", {"records/a.yaml": "# c\nid: GLO-A\n"}, "records/a.yaml:2:1"),
    ("SRC-11", {"records/a.yaml": "kind: term\ntitle: A\n"}, "records/a.yaml:1:1"),
    ("SRC-11", {"records/a.yaml": "kind: term\nid: 5\n"}, "records/a.yaml:2:1"),
    ("SRC-11", {"records/README.md": "# Notes\n"}, "records/README.md:1:1"),
    ("SRC-12", {"records/a.yaml": "id: GLO-A\nkind: termm\n"}, "records/a.yaml:2:1"),
    ("SRC-13", with_term("titel: B\n"), "records/a.yaml:4:1"),
    ("SRC-13", {"records/a.yaml": PARAMETER.replace("low: 6.75", "low: '6.75'")}, "records/a.yaml:7:22"),
    ("SRC-13", {"records/a.yaml": PARAMETER.replace("increases", "up")}, "records/a.yaml:9:20"),
    ("SRC-13", {"records/a.yaml": PARAMETER.replace("ref: CQA-AGG, ", "")}, "records/a.yaml:9:5"),
    ("SRC-13", {"records/a.yaml": PARAMETER.replace('"[pH]"', "[pH]")}, "records/a.yaml:4:1"),
    ("SRC-13", {"records/a.yaml": TERM.replace("GLO-A", "glo-a")}, "records/a.yaml:2:1"),
    ("SRC-13", {"records/a.md": "---\nkind: know_how\nid: KNW-A\ntitle: [[CQA-A]]\n---\nText\n"}, "records/a.md:4:1"),
    ("SRC-14", {"records/a.yaml": TERM, "records/b.yaml": "# c\n" + TERM}, "records/b.yaml:3:1"),
    ("SRC-14", {"records/a.yaml": "kind: term\nid: PKG-T\n"}, "records/a.yaml:2:1"),
    ("SRC-15", with_term("attachments:\n  - {file: ../secret.csv}\n"), "records/a.yaml:5:6"),
    ("SRC-15", with_term("attachments: [{file: /etc/passwd}]\n"), "records/a.yaml:4:16"),
    ("SRC-16", with_term("note: see <script>x</script>\n"), "records/a.yaml:4:1"),
    ("SRC-16", with_term('note: "a \\x3cscript>"\n'), "records/a.yaml:4:1"),
    ("SRC-16", {"records/a.md": "---\nkind: know_how\nid: KNW-A\n---\n\nµm <!-- x -->\n"}, "records/a.md:6:4"),
    ("SRC-17", with_term("note: '[x](javascript:y)'\n"), "records/a.yaml:4:1"),
    ("SRC-17", {"records/a.md": "---\nkind: know_how\nid: KNW-A\n---\n[x](ftp://y)\n"}, "records/a.md:5:3"),
    (
        "SRC-18",
        with_term("attachments: [{file: a.bin}]\n") | {"a.bin": "version https://git-lfs.github.com/spec/v1\noid"},
        "records/a.yaml:4:16",
    ),
    ("SRC-20", with_term("attachments: [{file: a.svg}]\n") | {"a.svg": "<svg><script/></svg>"}, "records/a.yaml:4:16"),
    ("SRC-21", with_term("x-a: 1e999999999\n"), "records/a.yaml:4:6"),
    ("SRC-22", with_term("attachments:\n  - {version: '1', file: no.csv}\n"), "records/a.yaml:5:20"),
    ("SRC-23", with_term("note: pH अ 6.8 🧬\n"), "records/a.yaml:4:1"),
    ("SRC-23", with_term('note: "\\u0905"\n'), "records/a.yaml:4:1"),
    ("SRC-23", with_term("note: '&#x905;'\n"), "records/a.yaml:4:1"),
    ("SRC-23", {"records/a.md": "---\nkind: know_how\nid: KNW-A\n---\n\nµm `🧬` अ\n"}, "records/a.md:6:5"),
]


@pytest.mark.parametrize(("code", "files", "place"), PROBLEMS)
def test_a_problem_is_one_finding_at_its_place(code: str, files: dict[str, str | bytes], place: str):
    found = loaded({**files, "records/z.yaml": "kind: term\nid: GLO-Z\ntitle: Z\n"})

    assert places(found) == [(code, place)]
    assert "GLO-Z" in found.package.records
    for finding in found.problems:
        assert finding.severity == "error"
        assert finding.name == SOURCE_RULES[code].name
        assert finding.message
        assert finding.fix


MANIFESTS = [
    ("SRC-02", "kind: package\nid: PKG-T\nid: PKG-U\n", "ttpack.yaml:3:1"),
    ("SRC-11", "", "ttpack.yaml:1:1"),
    ("SRC-11", "id: PKG-T\nkind: term\n", "ttpack.yaml:2:1"),
    ("SRC-11", "- kind: package\n", "ttpack.yaml:1:3"),
    ("SRC-13", MANIFEST + "record: [a]\n", "ttpack.yaml:6:1"),
    ("SRC-13", MANIFEST.replace("G2", "G9"), "ttpack.yaml:5:9"),
    ("SRC-11", MANIFEST + "records: [records, recrods]\n", "ttpack.yaml:6:20"),
    ("SRC-15", MANIFEST + "records: [records, ../other]\n", "ttpack.yaml:6:20"),
    ("SRC-15", MANIFEST + "records: [records, /etc]\n", "ttpack.yaml:6:20"),
    ("SRC-16", MANIFEST + "note: <b>x\n", "ttpack.yaml:6:1"),
]


@pytest.mark.parametrize(("code", "manifest", "place"), MANIFESTS)
def test_a_wrong_package_record_does_not_hide_the_records(code: str, manifest: str, place: str):
    found = loaded({"records/a.yaml": TERM}, manifest)

    assert places(found) == [(code, place)]
    assert "GLO-A" in found.package.records


@pytest.mark.parametrize("version", ["2", "1000", '"2.0"', "0"])
def test_a_package_of_another_schema_version_is_not_read(version: str):
    found = loaded({"records/a.yaml": "a: 1\na: 2\n"}, MANIFEST.replace('"1"', version))

    assert places(found) == [("SRC-19", "ttpack.yaml:4:1")]
    assert found.package.records == {}


@pytest.mark.parametrize("version", ["1", '"1.0"', "1.2"])
def test_a_minor_version_only_adds(version: str):
    assert loaded({}, MANIFEST.replace('"1"', version)).problems == ()


def test_a_manifest_that_git_ignores_is_no_package(repository):
    repository.write({"ttpack.yaml": MANIFEST, ".gitignore": "ttpack.yaml\n"})

    with pytest.raises(NotAPackage, match="ignores"):
        load(working_tree(str(repository.path)))


def test_one_field_is_one_finding_and_names_what_was_meant():
    text = PARAMETER.replace("setpoint", "setpont") + "control: {metod: cascade}\nqzx: 1\n"
    found = loaded({"records/a.yaml": text})

    assert {finding.field: finding.fix.partition("?")[0] for finding in found.problems} == {
        "control.metod": "Did you mean 'method'",
        "setpont": "Did you mean 'setpoint'",
        "qzx": "The schema of process_parameter lists the known fields."
        " A field of your own begins with x-, such as x-qzx.",
    }
    assert {finding.record for finding in found.problems} == {"PRM-BRX-PH"}
    assert {finding.owner for finding in found.problems} == {"ROL-A"}


def test_numbers_keep_their_digits():
    record = loaded({"records/a.yaml": PARAMETER}).package.records["PRM-BRX-PH"]

    assert isinstance(record, ProcessParameter)
    assert str(record.setpoint) == "6.850"
    assert record.ranges.normal_operating is not None
    assert record.ranges.normal_operating.low == Decimal("6.75")


def test_extensions_are_carried_and_not_interpreted():
    found = loaded({"records/a.yaml": TERM + "x-erp: {anything: [<b>, 1.50, null]}\n"})

    assert found.problems == ()
    assert found.package.raw["GLO-A"]["x-erp"] == {"anything": ["<b>", Decimal("1.50"), None]}


def test_ids_of_unreadable_records_are_known():
    found = loaded(
        {
            "records/a.yaml": "kind: term\nid: GLO-A\nunit: %\n",
            "records/b.yaml": "- kind: term\n  id: GLO-B\n- kind: term\n  id: GLO-B1\n  a: 1\n  a: 2\n",
            "records/c.yaml": TERM.replace("GLO-A", "GLO-C") + "titel: x\n",
            "records/d.yaml": "kind: nothing\nid: GLO-D\n",
            "records/e.yaml": b"\xff\nid: 'GLO-E@SITE-B'\n",
            "records/f.md": "---\nid: GLO-F\n",
        }
    )

    assert found.package.unreadable_ids == {"GLO-A", "GLO-B", "GLO-B1", "GLO-C", "GLO-D", "GLO-E@SITE-B", "GLO-F"}


def test_only_records_below_the_record_folders_are_read():
    found = loaded(
        {
            "records/sub/a.yaml": TERM,
            "records/data.csv": "a,b\n<b>",
            "other/b.yaml": "a: 1\na: 2\n",
            "mkdocs.yml": "a: !!python/name:x\n",
            "records.yaml": "a: 1\na: 2\n",
        }
    )

    assert found.problems == ()
    assert set(found.package.records) == {"PKG-T", "GLO-A"}


def test_the_whole_package_may_be_a_record_folder():
    found = loaded({"a.yaml": TERM, "b/b.yml": TERM.replace("GLO-A", "GLO-B")}, MANIFEST + "records: [.]\n")

    assert (found.problems, set(found.package.records)) == ((), {"PKG-T", "GLO-A", "GLO-B"})


def test_attachments_are_hashed():
    files = with_term("attachments: [{file: data/a.csv}, {file: ./data/a.csv}]\n") | {"data/a.csv": "1,2\n"}
    digest = hashlib.sha256(b"1,2\n").hexdigest()

    assert loaded(files).package.attachments == {"data/a.csv": digest, "./data/a.csv": digest}


def test_links_and_special_files_among_the_records_are_found(repository, tmp_path: Path):
    (tmp_path / "secret.yaml").write_text(TERM)
    repository.commit(
        {"ttpack.yaml": MANIFEST, "records/b.yaml": TERM.replace("GLO-A", "GLO-B") + "attachments: [{file: l.csv}]\n"}
    )
    (repository.path / "records" / "a.yaml").symlink_to(tmp_path / "secret.yaml")
    (repository.path / "records" / "folder").symlink_to(tmp_path)
    (repository.path / "l.csv").symlink_to(tmp_path / "secret.yaml")
    expected = [
        ("SRC-10", "records/a.yaml:1:1"),
        ("SRC-10", "records/b.yaml:4:16"),
        ("SRC-10", "records/folder:1:1"),
    ]

    assert places(load(working_tree(str(repository.path)))) == expected
    repository.commit({}, tag="v1")
    found = load(git_tree(str(repository.path), "v1"))
    assert places(found) == expected
    assert set(found.package.records) == {"PKG-T", "GLO-B"}


def test_a_submodule_among_the_records_is_found(repository, make_repository: Callable[..., Any]):
    make_repository("repository/records/inner").commit({"x.yaml": TERM})
    repository.write({"ttpack.yaml": MANIFEST})

    assert places(load(working_tree(str(repository.path)))) == [("SRC-18", "records/inner:1:1")]


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_the_environment_s_error(repository):
    repository.write({"ttpack.yaml": MANIFEST, "records/a.yaml": TERM})
    (repository.path / "records" / "a.yaml").chmod(0)

    with pytest.raises(UnreadableError, match=r"records/a\.yaml"):
        load(working_tree(str(repository.path)))


def overlaid(private: dict[str, bytes], shared: dict[str, str]) -> Loaded:
    manifest = MANIFEST + "overlays: [../private, ../absent]\n"
    files = {name: text.encode() for name, text in {"ttpack.yaml": manifest, **shared}.items()}
    return load(MemoryTree(files, siblings={"../private": MemoryTree(private)}))


def test_a_private_overlay_is_merged_by_id_and_stays_private():
    found = overlaid(
        {"records/p.yaml": b"kind: term\nid: GLO-A\nnote: secret\n", "records/q.yaml": b"kind: term\nid: GLO-Q\n"},
        {
            "records/a.yaml": TERM + "audience: [partner]\n",
            "records/b.yaml": "kind: term\nid: GLO-B\naudience: [partner]\n",
        },
    )

    assert found.problems == ()
    records = found.package.records
    assert (records["GLO-A"].title, records["GLO-A"].note) == ("A", "secret")
    assert records["GLO-A"].audience == ("internal",)
    assert records["GLO-B"].audience == ("partner",)
    assert found.package.locations["GLO-Q"].path == "../private/records/q.yaml"
    assert found.package.not_computable == ("What the private overlay ../absent adds: it is not here.",)


def test_an_overlay_never_widens_an_audience():
    found = overlaid(
        {"records/p.yaml": b"kind: term\nid: GLO-A\naudience: [partner, public]\n"},
        {"records/a.yaml": TERM + "audience: [partner, regulator]\n"},
    )

    assert found.package.records["GLO-A"].audience == ("partner",)


def test_problems_of_an_overlay_stand_in_its_own_files():
    found = overlaid(
        {
            "ttpack.yaml": b"kind: package\nid: PKG-P\nrecords: [mine, none]\n",
            "mine/p.yaml": b"kind: term\nid: GLO-A\ntitel: x\n",
            "mine/q.yaml": b"kind: step\nid: GLO-B\n",
            "mine/r.yaml": b"a: 1\na: 2\n",
            "mine/s.yaml": b"kind: term\nid: GLO-S\nnote: <b>x\n",
        },
        {"records/a.yaml": TERM, "records/b.yaml": "kind: term\nid: GLO-B\n"},
    )

    assert places(found) == [
        ("SRC-13", "../private/mine/p.yaml:3:1"),
        ("SRC-14", "../private/mine/q.yaml:2:1"),
        ("SRC-02", "../private/mine/r.yaml:2:1"),
        ("SRC-16", "../private/mine/s.yaml:3:1"),
        ("SRC-11", "../private/ttpack.yaml:3:17"),
    ]


@pytest.mark.parametrize("path", [".", "./", "records/.."])
def test_a_package_is_no_overlay_of_itself(path: str):
    found = load(MemoryTree({"ttpack.yaml": (MANIFEST + f"overlays:\n  - {path}\n").encode()}))
    assert places(found) == [("SRC-15", "ttpack.yaml:7:5")]


def test_an_overlay_outside_the_repository_is_not_read(repository, tmp_path: Path):
    (tmp_path / "outside" / "records").mkdir(parents=True)
    (tmp_path / "outside" / "records" / "a.yaml").write_text(TERM)
    repository.commit({"ttpack.yaml": MANIFEST + "overlays:\n  - ../outside\n"}, tag="v1")

    for tree in (working_tree(str(repository.path)), git_tree(str(repository.path), "v1")):
        found = load(tree)
        assert places(found) == [("SRC-15", "ttpack.yaml:7:5")]
        assert set(found.package.records) == {"PKG-T"}


def test_an_overlay_in_the_repository_is_read_at_every_revision(repository):
    files = {"shared/ttpack.yaml": MANIFEST + "overlays: [../private]\n", "private/records/a.yaml": TERM}
    repository.commit(files, tag="v1")

    for tree in (working_tree(str(repository.path / "shared")), git_tree(str(repository.path / "shared"), "v1")):
        found = load(tree)
        assert found.problems == ()
        assert found.package.locations["GLO-A"].path == "../private/records/a.yaml"
        assert locate(tree, found.package, [Place("GLO-A", "title")]) == {Place("GLO-A", "title"): (3, 1)}


def test_places_are_located_field_by_field():
    tree = MemoryTree(
        {
            "ttpack.yaml": MANIFEST.encode(),
            "records/a.yaml": b"- kind: term\n  id: GLO-A\n"
            + b"".join(b"- " + PARAMETER.encode().replace(b"\n", b"\n  ") for _ in "a"),
            "records/b.md": b"---\nkind: know_how\nid: KNW-B\n---\none\ntwo\n",
        }
    )
    package = load(tree).package
    expected = {
        Place("GLO-A"): (1, 3),
        Place("PRM-BRX-PH"): (3, 3),
        Place("PRM-BRX-PH", "ranges.normal_operating.high"): (9, 35),
        Place("PRM-BRX-PH", "effects[0].ref"): (11, 8),
        Place("PRM-BRX-PH", "effects[0].strength"): (11, 7),
        Place("PRM-BRX-PH", "effects[7]"): (10, 3),
        Place("PRM-BRX-PH", "ranges.studied.low"): (8, 3),
        Place("PRM-BRX-PH", "why"): (3, 3),
        Place("PKG-T", "gates.SITE-B"): (5, 9),
        Place("KNW-B", "id"): (3, 1),
        Place("KNW-B", "body"): (5, 1),
        Place("KNW-B", "body:2:3"): (6, 3),
    }

    assert locate(tree, package, [*expected, Place("GLO-NONE", "title")]) == expected


def test_records_come_in_the_order_of_their_ids():
    found = loaded({"records/a.yaml": TERM.replace("GLO-A", "GLO-Z"), "records/z.yaml": TERM})

    assert (
        list(found.package.records)
        == list(found.package.raw)
        == list(found.package.locations)
        == ["GLO-A", "GLO-Z", "PKG-T"]
    )


def test_two_loads_of_the_same_bytes_are_equal(repository):
    repository.commit(
        {"ttpack.yaml": MANIFEST, "records/a.yaml": PARAMETER, "records/b.yaml": "a: 1\na: 1\n"}, tag="v1"
    )
    path = str(repository.path)

    assert load(working_tree(path)) == load(working_tree(path))
    assert load(git_tree(path, "v1")).problems == load(working_tree(path)).problems
