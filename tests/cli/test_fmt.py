"""`ttpack fmt` through the real command: what it changes, what it leaves alone, and what it never touches."""

import os
from pathlib import Path

import pytest
from tests.conftest import Repository, Ttpack

MANIFEST = 'kind: package\nid: PKG-T\nschema_version: "1"\nrecords: [records, more]\n'
LOOSE = "# about it\nunit: mL  # as printed\nsetpoint: 1.50\nid: PRM-A\nkind: process_parameter\n"
FORMATTED = 'kind: process_parameter\nid: PRM-A\n# about it\nunit: "mL"  # as printed\nsetpoint: 1.50\n'


@pytest.fixture
def ttpack(ttpack_here: Ttpack) -> Ttpack:
    """The command in this process: these stories run it many times."""
    return ttpack_here


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package without git, with one file that is not canonical."""
    root = tmp_path / "package"
    (root / "records/deep").mkdir(parents=True)
    (root / "more").mkdir()
    (root / "ttpack.yaml").write_text(MANIFEST, encoding="utf-8")
    (root / "records/deep/loose.yaml").write_text(LOOSE, encoding="utf-8")
    (root / "more/done.yml").write_text("kind: term\nid: GLO-A\n", encoding="utf-8")
    (root / "records/data.csv").write_text("id: B, a: 1\n", encoding="utf-8")
    (root / "other.yaml").write_text(LOOSE, encoding="utf-8")
    return root


def test_it_says_then_shows_then_writes_then_has_nothing_to_do(ttpack, package: Path):
    loose = package / "records/deep/loose.yaml"

    checked = ttpack("fmt", "--check", cwd=package)
    assert (checked.code, checked.stderr) == (1, "")
    assert checked.stdout == ("would change  records/deep/loose.yaml\n3 files: 2 in canonical form, 1 would change\n")

    shown = ttpack("fmt", "--diff", cwd=package)
    assert shown.code == 1
    assert shown.stdout.startswith("--- records/deep/loose.yaml\n+++ records/deep/loose.yaml\n")
    assert '+unit: "mL"  # as printed\n' in shown.stdout
    assert loose.read_text(encoding="utf-8") == LOOSE

    wrote = ttpack("fmt", cwd=package / "records")
    assert (wrote.code, wrote.stdout) == (
        0,
        "changed  records/deep/loose.yaml\n3 files: 2 in canonical form, 1 changed\n",
    )
    assert loose.read_text(encoding="utf-8") == FORMATTED
    assert (package / "other.yaml").read_text(encoding="utf-8") == LOOSE

    again = ttpack("fmt", "--check", cwd=package)
    assert (again.code, again.stdout) == (0, "3 files: 3 in canonical form, 0 would change\n")


def test_only_the_paths_that_are_named(ttpack, package: Path):
    (package / "more/loose.yaml").write_text(LOOSE, encoding="utf-8")

    one = ttpack("fmt", "package/more", "package/ttpack.yaml", "package/other.yaml")

    assert one.code == 0
    assert one.stdout == "changed  more/loose.yaml\n3 files: 2 in canonical form, 1 changed\n"
    assert one.stderr == "package/other.yaml: no record of the package, left as it is\n"
    assert (package / "records/deep/loose.yaml").read_text(encoding="utf-8") == LOOSE
    assert (package / "other.yaml").read_text(encoding="utf-8") == LOOSE


def test_mode_and_folder_are_as_before(ttpack, package: Path):
    loose = package / "records/deep/loose.yaml"
    loose.chmod(0o640)

    assert ttpack("fmt", "package").code == 0

    assert loose.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in loose.parent.iterdir()) == ["loose.yaml"]


HOSTILE = {
    "utf16.yaml": b"\xff\xfek\x00",
    "latin.yaml": b"kind: \xb5\n",
    "mark.yaml": b"\xef\xbb\xbfkind: x\n",
    "twice.yaml": b"kind: a\nkind: b\n",
    "alias.yaml": b"a: &x 1\nb: *x\n",
    "tag.yaml": b"a: !!python/object:os.system 1\n",
    "deep.yaml": b"[" * 100_000,
    "large.yaml": b"kind: x\nid: A-B\nnote: " + b"x" * 50_000_000,
    "empty.yaml": b"",
    "words.md": b"# No front matter\n",
    "two.yaml": b"a: 1\n---\nb: 2\n",
    "bad\nname\x1b.yaml": b"b: [\n",
}


def test_what_cannot_be_read_is_said_and_left_as_it_is(ttpack, package: Path):
    for name, content in HOSTILE.items():
        (package / "records" / name).write_bytes(content)

    result = ttpack("fmt", cwd=package)

    assert result.code == 1
    assert (package / "records/deep/loose.yaml").read_text(encoding="utf-8") == FORMATTED
    assert {name: (package / "records" / name).read_bytes() == content for name, content in HOSTILE.items()} == (
        dict.fromkeys(HOSTILE, True)
    )
    assert result.stdout.endswith(
        f"3 files: 2 in canonical form, 1 changed, {len(HOSTILE)} left as they are\n".replace(
            "3 files", f"{3 + len(HOSTILE)} files"
        )
    )
    assert len(result.stderr.splitlines()) == len(HOSTILE)
    assert "records/twice.yaml:2:1: left as it is: the field 'kind' is given twice" in result.stderr
    assert "\x1b" not in result.stderr
    assert "Traceback" not in result.stderr


def test_nothing_is_read_or_written_through_a_link(ttpack, package: Path, tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "ttpack.yaml").write_text(MANIFEST, encoding="utf-8")
    (outside / "records").mkdir()
    for name in ("a.yaml", "records/a.yaml"):
        (outside / name).write_text(LOOSE, encoding="utf-8")
    (package / "records/file.yaml").symlink_to(outside / "a.yaml")
    (package / "records/folder").symlink_to(outside / "records")

    whole = ttpack("fmt", cwd=package)
    named = ttpack("fmt", "records/file.yaml", cwd=package)
    through = ttpack("fmt", "records/folder/a.yaml", cwd=package)

    assert whole.code == 1
    assert "records/file.yaml is a symbolic link" in whole.stderr
    assert (named.code, through.code) == (2, 2)
    assert "symbolic link" in named.stderr
    assert "symbolic link" in through.stderr
    assert (outside / "a.yaml").read_text(encoding="utf-8") == LOOSE
    assert (outside / "records/a.yaml").read_text(encoding="utf-8") == LOOSE


def test_a_link_that_leads_to_the_package_itself_is_fine(ttpack, package: Path, tmp_path: Path):
    (tmp_path / "link").symlink_to(package)

    assert ttpack("fmt", tmp_path / "link/records/deep/loose.yaml").code == 0
    assert (package / "records/deep/loose.yaml").read_text(encoding="utf-8") == FORMATTED


def test_a_path_outside_any_package_and_one_that_is_not_there(ttpack, package: Path):
    assert ttpack("fmt", "/").stderr.startswith("ttpack: no ttpack.yaml in /")
    assert ttpack("fmt", "package/nothing.yaml").code == 3
    assert ttpack("fmt", "--", "-x.yaml").code == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_one_plain_line(ttpack, package: Path):
    (package / "records/deep").chmod(0o500)

    result = ttpack("fmt", cwd=package)

    assert (result.code, result.stderr) == (3, "ttpack: cannot write records/deep/loose.yaml: Permission denied\n")


def test_files_that_git_ignores_are_no_records(ttpack, repository: Repository):
    repository.commit({"ttpack.yaml": MANIFEST, ".gitignore": "scratch.yaml\n", "records/a.yaml": FORMATTED})
    repository.write({"records/scratch.yaml": LOOSE})

    result = ttpack("fmt", "--check", cwd=repository.path)

    assert (result.code, result.stdout) == (0, "2 files: 2 in canonical form, 0 would change\n")


@pytest.mark.parametrize("folder", ["package_template", "src/ttpack/samples/amab/package"])
def test_our_own_packages_are_in_canonical_form(ttpack, folder: str):
    root = Path(__file__).parents[2] / folder

    result = ttpack("fmt", "--check", root)

    assert (result.code, result.stderr) == (0, ""), result.stdout
