"""A release that was tampered with: every change is found and named, nothing outside is opened, nothing raises."""

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ReleasedPackage

from ttpack.cli.main import main
from ttpack.publish.release.files import digests
from ttpack.publish.release.verification import Trust, Verified, verify_edition

Edit = Callable[[dict[str, Any]], None]


@pytest.fixture
def edition(released_package: ReleasedPackage, tmp_path: Path) -> Path:
    return Path(shutil.copytree(released_package.edition, tmp_path / "edition"))


def faults(folder: Path, trust: Trust | None = None) -> dict[str, str]:
    return {one.path: one.what for one in verify_edition(folder, trust or Trust()).faults}


def rewritten(folder: Path, edit: Edit | None = None) -> Verified:
    """What is found where the release record and all manifests were made anew for the files as they are now."""
    payload = folder / "data"
    path = payload / "release.json"
    record = json.loads(path.read_text("utf-8"))
    files = [one for one in digests(payload) if one.path != "release.json"]
    record["files"] = [one.as_json() for one in files]
    if edit:
        edit(record)
    path.write_text(json.dumps(record), "utf-8")
    manifest(folder)
    return verify_edition(folder, Trust())


def manifest(folder: Path) -> None:
    lines = [f"{one.digest}  data/{one.path}\n" for one in digests(folder / "data")]
    (folder / "manifest-sha256.txt").write_text("".join(lines), "utf-8")
    tags(folder)


def tags(folder: Path) -> None:
    names = sorted(one.name for one in folder.iterdir() if one.is_file() and one.name != "tagmanifest-sha256.txt")
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "tagmanifest-sha256.txt").write_text("".join(lines), "utf-8")


def test_any_changed_byte_of_any_file_is_found_and_named(edition: Path) -> None:
    dice = random.Random(6)
    tried = 0
    for one in digests(edition):
        path = edition / one.path
        content = path.read_bytes()
        for position in {0, one.size - 1, dice.randrange(one.size)}:
            changed = bytearray(content)
            changed[position] ^= 1 << dice.randrange(8)
            path.write_bytes(changed)
            found = faults(edition)
            # what states the digests is named by what no longer agrees with it, or as no manifest
            where = {"tagmanifest-sha256.txt", *(line.name for line in edition.iterdir())}
            assert one.path in found or (one.path == "tagmanifest-sha256.txt" and found.keys() & where), one.path
            tried += 1
        path.write_bytes(content)
    assert tried > 150
    assert not faults(edition)


def test_what_was_added_taken_away_renamed_or_emptied_is_named(edition: Path) -> None:
    data = edition / "data"
    (data / "new.html").write_text("x")
    (data / "quality.html").unlink()
    (data / "risks.html").rename(data / "Risks.html")
    (data / "fit.html").write_bytes(b"")
    (edition / "note.txt").write_text("x")
    found = faults(edition)
    assert "added" in found["data/new.html"]
    assert found["note.txt"] == "was added: no manifest names it"
    assert "data/quality.html" in found
    assert "data/risks.html" in found
    assert "added" in found["data/Risks.html"]
    assert "data/fit.html" in found


def test_links_pipes_and_folders_in_place_of_files_are_named_and_not_opened(edition: Path, tmp_path: Path) -> None:
    data = edition / "data"
    secret = shutil.copy(data / "index.html", tmp_path / "secret")
    (data / "index.html").unlink()
    (data / "index.html").symlink_to(secret)
    (data / "release.json").unlink()
    os.mkfifo(data / "release.json")
    (edition / "bagit.txt").unlink()
    (edition / "bagit.txt").mkdir()
    (data / "assets" / "more").symlink_to(tmp_path)
    found = faults(edition)
    assert (
        "symbolic link" in found["data/index.html"] + found["data/assets/more"] or "missing" in found["data/index.html"]
    )
    assert "data/release.json" in found
    assert "bagit.txt" in found


@pytest.mark.parametrize(
    "path",
    [
        "data/../../secret",
        "/etc/hostname",
        "data/a\0b",
        "data/a\rb",
        "data/%2e%2e/secret",
        "../secret",
        "data/INDEX.html",
    ],
)
def test_a_manifest_that_names_other_places_opens_none_of_them(edition: Path, path: str) -> None:
    (edition.parent / "secret").write_text("secret")
    digest = hashlib.sha256(b"secret").hexdigest()
    file = edition / "manifest-sha256.txt"
    file.write_bytes(file.read_bytes() + f"{digest}  {path}\n".encode())
    tags(edition)
    assert faults(edition)


@pytest.mark.parametrize("edit", [
    lambda text: text.upper(),
    lambda text: text + text.splitlines(keepends=True)[0],
    lambda text: text.replace("\n", "\r\n"),
    lambda text: "",
    lambda text: text.rstrip("\n"),
])  # fmt: skip
def test_a_manifest_written_otherwise_is_none_of_ours(edition: Path, edit: Callable[[str], str]) -> None:
    file = edition / "manifest-sha256.txt"
    file.write_bytes(edit(file.read_text("utf-8")).encode())
    tags(edition)
    assert faults(edition)


def test_a_consistent_forgery_is_told_to_be_possible_where_nobody_signed(edition: Path) -> None:
    (edition / "data" / "index.html").write_text("<p>another</p>")
    found = rewritten(edition)
    assert found.good
    assert any("nobody signed it" in line for line in found.not_checked)


def test_a_record_changed_with_all_manifests_does_not_have_its_digest(edition: Path) -> None:
    path = edition / "data" / "package.json"
    data = json.loads(path.read_text("utf-8"))
    data["records"][3]["title"] = "another title"
    path.write_text(json.dumps(data), "utf-8")
    found = rewritten(edition)
    assert [one.path for one in found.faults] == ["data/package.json"]
    assert data["records"][3]["id"] in found.faults[0].what


WRONG: list[Any] = [
    None,
    7,
    "x",
    [],
    {},
    [[]],
    [{}],
    {"a": []},
    float("nan"),
    -1,
    True,
    "../../../../etc/passwd",
    "\ud800",
]


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_release_record_with_wrong_types_everywhere_is_judged(
    edition: Path, value: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = json.loads((edition / "data" / "release.json").read_text("utf-8"))
    for name in whole:
        copy = {**whole, name: value}
        (edition / "data" / "release.json").write_text(json.dumps(copy), "utf-8")
        manifest(edition)
        assert verify_edition(edition, Trust()).as_json()
    every = dict.fromkeys(whole, value) | {"format": whole["format"], "files": whole["files"]}
    (edition / "data" / "release.json").write_text(json.dumps(every), "utf-8")
    manifest(edition)
    for output in ("text", "json"):
        assert main(["verify", str(edition), "--format", output]) in {0, 1}
        assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["before_sealing", "documents"])
def test_what_the_release_record_names_is_not_opened_outside_the_edition(edition: Path, name: str) -> None:
    shutil.copy(edition / "data" / "package.json", edition.parent / "outside.json")
    outside = "../../../outside"
    said = {"documents": [{"file_name": outside}], "before_sealing": {f"{outside}.json": "0"}}[name]
    found = rewritten(edition, lambda record: record.update({name: said}))
    assert found.faults


def test_deep_and_broken_json_is_a_fault(edition: Path) -> None:
    for text in ("[" * 200_000, "{", "\ufeff{}", "[]", '{"format": 1}', "9" * 10_000):
        (edition / "data" / "release.json").write_text(text, "utf-8")
        manifest(edition)
        assert "data/release.json" in faults(edition)


def test_package_data_that_is_nested_too_deep_or_missing_is_a_fault(edition: Path) -> None:
    path = edition / "data" / "package.json"
    path.write_text("[" * 200_000, "utf-8")
    assert "data/package.json" in {one.path for one in rewritten(edition).faults}
    path.unlink()
    assert "data/package.json" in {one.path for one in rewritten(edition).faults}


def test_names_that_steer_a_terminal_are_shown_as_marks(edition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (edition / "data" / "a\x1b[31mred\nline").write_text("x")
    (edition / "data" / os.fsdecode(b"\xff\xfe")).write_text("x")
    assert main(["verify", str(edition)]) == 1
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "red" in said
    assert main(["verify", str(edition), "--format", "json"]) == 1


def test_the_folder_of_releases_holds_nothing_else(
    released_package: ReleasedPackage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    public = Path(shutil.copytree(released_package.public, tmp_path / "public"))
    assert main(["verify", str(public)]) == 0
    (public / "rev-A" / "extra.html").write_text("x")
    (public / "rev-A" / "public").symlink_to(public / "rev-A" / "internal")
    (public / "versions" / "internal.js").write_text("window.ttpackVersions = [];\n")
    capsys.readouterr()
    assert main(["verify", str(public)]) == 1
    said = capsys.readouterr().out
    assert "rev-A/extra.html was added" in said
    assert "rev-A/public was added" in said
    assert "versions/internal.js does not list" in said
    assert main(["verify", str(tmp_path)]) == 2
