"""Special files, paths that lead outside, and package records that are none."""

import json
import os
import shutil
import socket
from pathlib import Path

import pytest
from tests.conftest import Ttpack
from tests.hostile.payloads import MINIMAL, SECRET

ATTACHED = {
    "../outside/secret.csv": "SRC-15", "/etc/passwd": "SRC-15", "..\\..\\x": "SRC-15", "C:/x": "SRC-15", "..": "SRC-15",
    "a/../../x": "SRC-15", "\\\\server\\x": "SRC-15", "": "SRC-22", ".": "SRC-22", "%2e%2e/x": "SRC-22",
    "~/x": "SRC-22",
    "records": "SRC-22", ".git/config": "SRC-22", "file:///etc/passwd": "SRC-22", "none.csv": "SRC-22",
    "active.svg": "SRC-20", "entities.svg": "SRC-20", "large.csv": "SRC-07", "pointer.csv": "SRC-18",
    "pipe.csv": "SRC-10", "linked.csv": "SRC-10",
}  # fmt: skip


def place(package: Path, tmp_path: Path) -> None:
    """Files that attachments name, and what stands outside."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.csv").write_text(SECRET)
    (package / "active.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" onload="ttpwn()"/>')
    (package / "entities.svg").write_text('<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>')
    (package / "large.csv").write_bytes(b"1" * 51_000_000)
    (package / "pointer.csv").write_text("version https://git-lfs.github.com/spec/v1\n")
    (package / "linked.csv").symlink_to(tmp_path / "outside" / "secret.csv")
    os.mkfifo(package / "pipe.csv")


def test_an_attachment_is_a_harmless_file_of_the_package(ttpack: Ttpack, tmp_path: Path) -> None:
    package = tmp_path / "package"
    shutil.copytree(MINIMAL, package)
    place(package, tmp_path)
    lines = [
        json.dumps({"kind": "term", "id": f"GLO-H-{number}", "term": str(number), "attachments": [{"file": name}]})
        for number, name in enumerate(ATTACHED)
    ]
    (package / "records" / "attached.yaml").write_text("".join(f"- {line}\n" for line in lines))
    result = ttpack("check", package, "--format", "json")
    findings = [one for one in result.json["findings"] if one["path"] == "records/attached.yaml"]
    assert {one["record"]: one["code"] for one in findings if one["code"].startswith("SRC")} == {
        f"GLO-H-{number}": code for number, code in enumerate(ATTACHED.values())
    }
    assert all(one["line"] == int(one["record"].rpartition("-")[2]) + 1 for one in findings)
    assert SECRET not in result.stdout
    assert "root:" not in result.stdout


def test_a_record_folder_with_special_files_and_names(ttpack: Ttpack, tmp_path: Path) -> None:
    package = tmp_path / "package"
    shutil.copytree(MINIMAL, package)
    folder = package / "records" / "zz"
    folder.mkdir()
    os.mkfifo(folder / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(folder)
        listening.bind("socket.yaml")
        os.chdir(here)
        (folder / "linked.yaml").symlink_to("/etc/passwd")
        (folder / "folder").symlink_to("/etc")
        (folder / "a\nb.yaml").write_text("kind: term\n")
        (folder / "\x1b[31m.yaml").write_text("kind: term\n")
        (folder / "folder.yaml").mkdir()
        result = ttpack("check", package, "--format", "json")
    assert sorted((one["path"], one["code"]) for one in result.json["findings"]) == [
        ("records/zz/\\x1b[31m.yaml", "SRC-09"),
        ("records/zz/a\\nb.yaml", "SRC-09"),
        ("records/zz/folder", "SRC-10"),
        ("records/zz/linked.yaml", "SRC-10"),
        ("records/zz/pipe.yaml", "SRC-10"),
        ("records/zz/socket.yaml", "SRC-10"),
    ]


PACKAGE = 'kind: package\nid: PKG-A\nschema_version: "1"\n'
MANIFESTS: list[tuple[str | bytes, list[tuple[str, int, int]]]] = [
    (b"", [("SRC-11", 1, 1)]),
    (b"# nothing\n", [("SRC-11", 1, 1)]),
    (b"[]\n", [("SRC-11", 1, 1)]),
    (b"- kind: package\n  id: PKG-A\n", [("SRC-11", 1, 3)]),
    (b"\xff\xfe", [("SRC-08", 1, 1)]),
    ("kind: term\nid: GLO-A\nterm: T\n", [("SRC-11", 1, 1)]),
    ('kind: package\nid: PKG-A\nschema_version: "2"\n', [("SRC-19", 3, 1)]),
    (PACKAGE + "records: [../other, /etc, nope]\n", [("SRC-15", 4, 11), ("SRC-15", 4, 21), ("SRC-11", 4, 27)]),
    (PACKAGE + "overlays: [/etc, ../../../etc]\n", [("SRC-15", 4, 12), ("SRC-15", 4, 18)]),
    (PACKAGE + "records: 5\n", [("SRC-13", 4, 1)]),
    (PACKAGE + "gates: {SITE-B: G99}\n", [("SRC-13", 4, 9)]),
    (PACKAGE + "nonsense: 1\n", [("SRC-13", 4, 1)]),
]


@pytest.mark.parametrize(("content", "expected"), MANIFESTS, ids=range(len(MANIFESTS)))
def test_a_package_record_that_is_none(
    ttpack: Ttpack, tmp_path: Path, content: str | bytes, expected: list[tuple[str, int, int]]
) -> None:
    package = tmp_path / "parent" / "package"
    (package / "records").mkdir(parents=True)
    (package / "ttpack.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    result = ttpack("check", package, "--format", "json")
    assert result.code == 1
    found = [one for one in result.json["findings"] if one["code"].startswith("SRC")]
    assert sorted((one["code"], one["line"], one["column"]) for one in found) == sorted(expected)
    assert {one["path"] for one in found} == {"ttpack.yaml"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_one_line(ttpack: Ttpack, tmp_path: Path) -> None:
    package = tmp_path / "package"
    shutil.copytree(MINIMAL, package)
    (package / "records" / "risks.yaml").chmod(0)
    result = ttpack("check", package)
    assert (result.code, result.stdout) == (3, "")
    assert "risks.yaml" in result.stderr
