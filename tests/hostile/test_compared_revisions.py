"""Two revisions that are hard to compare: what can be compared is, what cannot is said, and nothing is made up."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Repository, Result, Ttpack
from tests.hostile.payloads import MINIMAL, SECRET

from ttpack.cli.main import main

PH = "records/parameters/PRM-BRX-PH.yaml"
WIDER = ("proven_acceptable: {low: 6.60, high: 7.10", "proven_acceptable: {low: 6.60, high: 7.30")


@pytest.fixture
def package(make_repository: Callable[..., Repository]) -> Repository:
    repository = make_repository("package")
    shutil.copytree(MINIMAL, repository.path, dirs_exist_ok=True)
    repository.commit({}, tag="base")
    return repository


def read(package: Repository, path: str = PH) -> str:
    return (package.path / path).read_text()


def told(ttpack: Ttpack, folder: Path, *sides: str, command: str = "diff") -> Result:
    names = (f"--from={sides[0]}", f"--to={sides[1]}") if sides else ()
    done = ttpack(command, *names, "--format", "json", cwd=folder)
    assert done.stderr == ""
    return done


def changes(done: Result) -> list[tuple[str, str]]:
    return [(one["record"], one["field"] or one["kind"]) for one in done.json["changes"]]


NO_COMMITS = (
    "nowhere", "-x", "--output=ttpwn", "", "a\nb", "\x1b[31mred", "HEAD~99", "^HEAD", "base..HEAD", ":/change",
    "HEAD:ttpack.yaml", "HEAD^{tree}", "a-blob", "a-tree", "a" * 5000,
)  # fmt: skip


@pytest.fixture
def in_process(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """The command without a process of its own, for tables of arguments."""

    def run(*arguments: str | Path) -> Result:
        code = main(list(map(str, arguments)))
        return Result(code, *capsys.readouterr())

    return run


@pytest.mark.parametrize("side", ["--from", "--to"])
@pytest.mark.parametrize("command", ["diff", "impact"])
def test_what_is_no_commit_is_one_plain_line(
    package: Repository, in_process: Callable[..., Result], command: str, side: str
) -> None:
    package.git("tag", "a-blob", "HEAD:ttpack.yaml")
    package.git("tag", "a-tree", "HEAD^{tree}")
    for name in NO_COMMITS:
        done = in_process(command, package.path, f"{side}={name}")
        assert (done.code, done.stdout) == (3, ""), name
        assert done.stderr.startswith("ttpack: ")
        assert done.stderr.count("\n") == 1
        assert done.stderr.strip().isprintable()
        assert len(done.stderr) < 1000
    assert not list(package.path.rglob("ttpwn"))


def test_every_name_of_a_commit_is_one(package: Repository, in_process: Callable[..., Result]) -> None:
    package.git("tag", "-a", "annotated", "-m", "words")
    after = package.commit({PH: read(package).replace(*WIDER)})
    package.git("branch", "a/branch")
    package.git("checkout", "--quiet", "--detach")
    for before in ("base", "annotated", "HEAD~1", "HEAD^", "a/branch~1", "@~1"):
        for name in ("HEAD", after, after[:8], "a/branch"):
            done = in_process("diff", package.path, "--from", before, "--to", name, "--format", "json")
            assert changes(done) == [("PRM-BRX-PH", "ranges.proven_acceptable")]
    assert in_process("diff", package.path, "--to", "HEAD").code == 0


def test_a_clone_without_history_says_what_to_fetch(package: Repository, ttpack: Ttpack, tmp_path: Path) -> None:
    package.commit({PH: read(package).replace(*WIDER)})
    package.git("clone", "--quiet", "--depth", "1", f"file://{package.path}", str(tmp_path / "shallow"))
    for arguments in (("--from", "HEAD~1"), ("--from", "base"), ("--since", "base"), ("--to", "HEAD~1")):
        done = ttpack("impact", *arguments, cwd=tmp_path / "shallow")
        assert (done.code, done.stdout) == (3, "")
        assert "fetch-depth: 0" in done.stderr


def test_unrelated_histories_are_two_trees_without_a_merge_base(package: Repository, ttpack: Ttpack) -> None:
    package.git("checkout", "--quiet", "--orphan", "other")
    package.commit({PH: read(package).replace(*WIDER)})
    expected = [("PRM-BRX-PH", "ranges.proven_acceptable")]
    assert changes(told(ttpack, package.path, "main", "other")) == expected
    assert changes(told(ttpack, package.path, "main", "other", command="impact")) == expected
    done = ttpack("diff", "--since", "main", cwd=package.path)
    assert (done.code, done.stdout) == (3, "")
    assert "no common ancestor" in done.stderr


def test_where_there_is_nothing_to_compare(
    package: Repository, make_repository: Callable[..., Repository], ttpack: Ttpack, tmp_path: Path
) -> None:
    unborn = make_repository("unborn").path
    shutil.copytree(MINIMAL, unborn, dirs_exist_ok=True)
    package.git("clone", "--quiet", "--bare", str(package.path), str(tmp_path / "bare"))
    before = package.git("rev-parse", "HEAD")
    package.commit({"ttpack.yaml": None})
    for folder, words in (
        (make_repository("empty").path, "no revision 'HEAD'"), (unborn, "no revision 'HEAD'"),
        (tmp_path / "bare", "bare repository"), (tmp_path, "no ttpack.yaml"), (package.path, "no ttpack.yaml"),
    ):  # fmt: skip
        done = ttpack("diff", *(("--from", before) if folder == package.path else ()), cwd=folder)
        assert (done.code, done.stdout) == (3, ""), folder
        assert words in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_package_that_moved_is_found_by_its_id(package: Repository, ttpack: Ttpack) -> None:
    (package.path / "products" / "antibody").mkdir(parents=True)
    package.git("mv", "ttpack.yaml", "records", "products/antibody/")
    package.commit({f"products/antibody/{PH}": read(package, f"products/antibody/{PH}").replace(*WIDER)})
    # another package stays where this one was
    package.commit({"ttpack.yaml": "kind: package\nid: PKG-OTHER\nschema_version: '1'\n"}, tag="moved")
    inside = package.path / "products" / "antibody"
    for arguments in (("--from", "base"), ("--from", "base", "--to", "moved"), ("--since", "base")):
        done = ttpack("impact", *arguments, "--format", "json", cwd=inside)
        assert (done.code, done.stderr) == (1, "")
        assert changes(done) == [("PRM-BRX-PH", "ranges.proven_acceptable")]
        assert [done.json[side]["folder"] for side in ("from", "to")] == [".", "products/antibody"]
    text = ttpack("diff", "--from", "base", cwd=inside).stdout
    assert "folder products/antibody" in text
    # and from a revision after the move to one before it
    assert changes(told(ttpack, inside, "moved", "base")) == [("PRM-BRX-PH", "ranges.proven_acceptable")]
    assert told(ttpack, inside, "base", "base").code == 0


def test_another_package_further_up_is_not_compared(package: Repository, ttpack: Ttpack) -> None:
    new = "kind: package\nid: PKG-NEW\nschema_version: '1'\n"
    package.commit({"inner/ttpack.yaml": new, "inner/records/a.yaml": "kind: term\nid: GLO-A\nterm: A\n"})
    done = ttpack("diff", "--from", "base", cwd=package.path / "inner")
    assert (done.code, done.stdout) == (3, "")
    assert "PKG-NEW" in done.stderr


def test_two_copies_of_a_package_are_not_guessed_between(package: Repository, ttpack: Ttpack) -> None:
    for folder in ("one", "two"):
        shutil.copytree(MINIMAL, package.path / folder)
    package.commit({"ttpack.yaml": None}, tag="copies")
    for folder in ("one", "two"):
        shutil.rmtree(package.path / folder)
    shutil.copytree(MINIMAL, package.path / "three")
    package.commit({})
    done = ttpack("diff", "--from", "copies", cwd=package.path / "three")
    assert (done.code, done.stdout) == (3, "")
    assert "one, two" in done.stderr


@pytest.mark.parametrize("command", ["diff", "impact"])
@pytest.mark.parametrize("broken", ["from", "to"])
def test_a_side_that_does_not_load(package: Repository, ttpack: Ttpack, broken: str, command: str) -> None:
    good: dict[str, Any] = {PH: read(package), "records/new.yaml": None, "records/text.yaml": None}
    bad: dict[str, Any] = {
        PH: read(package).replace("setpoint: 6.85", "setpiont: 6.85"),
        "records/new.yaml": "kind: [term\n",
        "records/text.yaml": b"\xff\xfe\x00",
    }
    temperature = "records/parameters/PRM-BRX-TEMP.yaml"
    edited = {temperature: read(package, temperature).replace("setpoint: 35.0", "setpoint: 35.5")}
    if broken == "from":
        package.commit(bad, tag="bad")
        package.commit(good | edited)
        sides = "bad", "HEAD"
    else:
        package.commit(bad | edited)
        sides = "base", "HEAD"
    done = told(ttpack, package.path, *sides, command=command)
    assert done.code == 1
    assert changes(done) == [("PRM-BRX-TEMP", "setpoint")]
    assert done.json["not_assessed"] == ["PRM-BRX-PH", "records/new.yaml", "records/text.yaml"]
    found = {(one["side"], one["code"], one["path"]) for one in done.json["findings"]}
    assert {(side, path) for side, _, path in found} == {(broken, path) for path in bad}
    assert all(one["line"] and one["column"] and one["message"] for one in done.json["findings"])
    text = ttpack(command, "--from", sides[0], "--to", sides[1], cwd=package.path)
    assert text.code == 1
    assert "Not everything could be compared" in text.stdout
    assert f"{PH}:" in text.stdout.replace("\n", "").replace(" ", "")


def test_a_package_record_that_cannot_be_read_hides_everything(package: Repository, ttpack: Ttpack) -> None:
    package.commit({"ttpack.yaml": "kind: [package\n", PH: read(package).replace(*WIDER)}, tag="bad")
    for sides in (("base", "bad"), ("bad", "base")):
        done = told(ttpack, package.path, *sides)
        assert (done.code, done.json["changes"]) == (1, [])
        assert {"PRM-BRX-PH", "CQA-AGG"} <= set(done.json["not_assessed"])
        assert [one["path"] for one in done.json["findings"]] == ["ttpack.yaml"]
    # broken on both sides alike, so that it is no changed file
    package.commit({PH: read(package).replace("6.85", "6.90")})
    done = told(ttpack, package.path, "bad", "HEAD")
    assert (done.code, done.json["changes"], done.json["not_assessed"]) == (1, [], ["PRM-BRX-PH", "ttpack.yaml"])


def test_what_was_as_unreadable_before_is_not_told(package: Repository, ttpack: Ttpack) -> None:
    package.commit({"records/broken.yaml": "kind: term\nid: GLO-BROKEN\nnothing: 1\n"}, tag="before")
    package.commit({PH: read(package).replace(*WIDER), "ttpack.yaml": read(package, "ttpack.yaml") + "doi: '10.1/x'\n"})
    done = told(ttpack, package.path, "before", "HEAD")
    assert done.json["not_assessed"] == []
    assert len(done.json["changes"]) == 2


def test_line_ends_are_no_change(package: Repository, ttpack: Ttpack) -> None:
    front = "---\nkind: know_how\nid: KNW-CRLF\nstatement: |\n  One\n  two\n---\n"
    note = f"{front}# Head\n\nWords,\nmore.\n\n```\n a\n  b\n```\n"
    package.commit({"records/note.md": note, ".gitattributes": "* -text\n"}, tag="lf")
    for file in (*package.path.rglob("*.yaml"), *package.path.rglob("*.md")):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert b"\r\n" in (package.path / PH).read_bytes()
    package.commit({}, tag="crlf")
    for sides in (("lf", "crlf"), ("crlf", "lf")):
        done = told(ttpack, package.path, *sides)
        assert (done.json["changes"], done.json["not_assessed"], done.code) == ([], [], 0)


def test_files_that_are_no_records(
    package: Repository, make_repository: Callable[..., Repository], ttpack: Ttpack, tmp_path: Path
) -> None:
    (tmp_path / "secret.yaml").write_text(f"kind: term\nid: GLO-X\nterm: {SECRET}\n")
    records = package.path / "records"
    (records / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (records / "folder").symlink_to(tmp_path)
    make_repository("package/records/inner").commit({"a.yaml": "kind: term\n"})
    package.commit(
        {"records/picture.png": bytes(range(256)), "notes.bin": b"\0\xff", PH: read(package).replace(*WIDER)}
    )
    for sides in (("base", "HEAD"), ("HEAD", "base"), ()):
        if not sides:
            package.git("update-ref", "HEAD", "base")  # the same files, now only in the working tree
        done = told(ttpack, package.path, *sides)
        assert done.code == 1
        assert changes(done) == [("PRM-BRX-PH", "ranges.proven_acceptable")]
        assert done.json["not_assessed"] == ["records/folder", "records/inner", "records/link.yaml"]
        assert {one["code"] for one in done.json["findings"]} == {"SRC-10", "SRC-18"}
        assert SECRET not in done.stdout


def test_a_file_that_became_a_link_is_not_followed(package: Repository, ttpack: Ttpack, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(read(package).replace("6.85", "6.90"))
    (package.path / PH).unlink()
    (package.path / PH).symlink_to(tmp_path / "other.yaml")
    done = told(ttpack, package.path)
    assert (done.code, done.json["changes"], done.json["not_assessed"]) == (1, [], ["PRM-BRX-PH"])


def test_a_renamed_folder_changes_nothing_of_meaning(package: Repository, ttpack: Ttpack) -> None:
    (package.path / "records" / "parameters").rename(package.path / "records" / "values")
    package.commit({})
    done = told(ttpack, package.path, "base", "HEAD")
    assert {one["kind"] for one in done.json["changes"]} == {"record_moved"}
    assert ttpack("impact", "--from", "base", "--to", "HEAD", cwd=package.path).code == 0


def test_every_record_of_ten_thousand_changed(package: Repository, ttpack: Ttpack) -> None:
    count = 10_000

    def terms(word: str) -> str:
        return "".join(f"- {{kind: term, id: GLO-T{one}, term: '{one}', definition: {word}}}\n" for one in range(count))

    package.commit({"records/terms.yaml": terms("first")}, tag="first")
    package.commit({"records/terms.yaml": terms("second")}, tag="second")
    sides = ("--from", "first", "--to", "second")
    whole = ttpack("impact", *sides, "--format", "json", cwd=package.path)
    assert (whole.code, len(whole.json["changes"])) == (1, count)
    for command in ("diff", "impact"):
        text = ttpack(command, *sides, cwd=package.path)
        assert text.code == 1
        assert "10000 changes of meaning" in text.stdout
        assert f"{count - 300} more in the JSON answer" in text.stdout
        assert len(text.stdout.splitlines()) < 2000


def test_files_of_another_side_are_never_written(package: Repository, ttpack: Ttpack) -> None:
    package.commit({PH: read(package).replace(*WIDER)})
    before = {path: path.stat().st_mtime_ns for path in package.path.rglob("*") if ".git" not in path.parts}
    for command in ("diff", "impact"):
        ttpack(command, "--from", "base", cwd=package.path)
    after = {path: path.stat().st_mtime_ns for path in package.path.rglob("*") if ".git" not in path.parts}
    assert before == after
