"""Trees over real git repositories and folders: what they show, and what they never follow."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ttpack.errors import NotAPackage, RevisionError, UnreadableError
from ttpack.source.files import read_file
from ttpack.source.problems import SourceProblem
from ttpack.source.trees import (
    FolderTree,
    GitTree,
    MemoryTree,
    Tree,
    changed_paths,
    git_tree,
    tree_digest,
    working_tree,
)

MANIFEST = 'kind: package\nid: PKG-T\nschema_version: "1"\n'
FILES = {"ttpack.yaml": MANIFEST, "records/a.yaml": "kind: term\nid: GLO-A\n", "notes/plan.pdf": "pdf"}


@pytest.fixture
def tagged(repository):
    repository.commit(FILES, tag="v1")
    return repository


def code_of(tree: Tree, path: str) -> str:
    with pytest.raises(SourceProblem) as caught:
        tree.read(path)
    assert caught.value.path == path
    ((_, problem),) = tree.read_many([path])
    assert isinstance(problem, SourceProblem)
    assert problem.code == caught.value.code
    return caught.value.code


def test_a_clean_working_tree_and_its_commit_are_the_same(tagged):
    work, commit = working_tree(str(tagged.path)), git_tree(str(tagged.path), "v1")

    assert work.entries() == commit.entries()
    assert [*work.entries()] == sorted(FILES)
    assert dict(work.read_many(FILES)) == dict(commit.read_many(FILES)) == {k: v.encode() for k, v in FILES.items()}
    assert tree_digest(work) == tree_digest(commit)
    assert changed_paths(work, commit) == frozenset()
    assert (work.revision.dirty, work.revision.commit) == (False, commit.revision.commit)
    assert commit.revision.committed is not None
    assert commit.revision.committed.isoformat() == "2026-01-01T12:00:00+00:00"


def test_the_working_tree_shows_what_is_on_disk(tagged):
    tagged.write(
        {"records/a.yaml": "changed", "records/new.yaml": "new", "ignored.txt": "x", ".gitignore": "ignored.txt"}
    )
    tagged.write({"notes/plan.pdf": None})
    before, now = git_tree(str(tagged.path), "v1"), working_tree(str(tagged.path))

    assert changed_paths(before, now) == {"records/a.yaml", "records/new.yaml", "notes/plan.pdf", ".gitignore"}
    assert now.read("records/a.yaml") == b"changed"
    assert "ignored.txt" not in now.entries()
    assert now.revision.dirty


def test_staged_and_reverted_files_are_read_from_disk(tagged):
    tagged.write({"records/a.yaml": "staged"})
    tagged.git("add", ".")
    tagged.write({"records/a.yaml": FILES["records/a.yaml"]})

    assert working_tree(str(tagged.path)).read("records/a.yaml").decode() == FILES["records/a.yaml"]
    assert changed_paths(git_tree(str(tagged.path), "v1"), working_tree(str(tagged.path))) == frozenset()


def test_a_file_that_git_was_told_not_to_look_at_is_looked_at(tagged):
    clean = tree_digest(working_tree(str(tagged.path)))
    tagged.git("update-index", "--assume-unchanged", "records/a.yaml")
    tagged.write({"records/a.yaml": "changed"})

    assert tree_digest(working_tree(str(tagged.path))) != clean
    assert working_tree(str(tagged.path)).read("records/a.yaml") == b"changed"


def test_a_sparse_checkout_reads_what_it_left_out(tagged):
    tagged.git("update-index", "--skip-worktree", "records/a.yaml")
    tagged.write({"records/a.yaml": None})

    assert working_tree(str(tagged.path)).read("records/a.yaml").decode() == FILES["records/a.yaml"]


def test_a_package_may_lie_in_a_folder_of_the_repository(repository):
    repository.commit({f"packages/one/{name}": text for name, text in FILES.items()} | {"README.md": "x"}, tag="v1")
    inside = str(repository.path / "packages" / "one" / "records")

    work, commit = working_tree(inside), git_tree(inside, "v1")

    assert [*work.entries()] == [*commit.entries()] == sorted(FILES)
    assert commit.read("ttpack.yaml") == MANIFEST.encode()
    assert commit.prefix == "packages/one"
    assert work.root == str(repository.path / "packages" / "one")


def test_what_is_no_package_says_so(repository, tmp_path: Path):
    repository.commit({"README.md": "x"}, tag="empty")
    with pytest.raises(NotAPackage, match=r"ttpack\.yaml"):
        working_tree(str(repository.path))
    with pytest.raises(NotAPackage, match="at revision 'empty'"):
        git_tree(str(repository.path), "empty")
    with pytest.raises(UnreadableError, match="does not exist"):
        working_tree(str(tmp_path / "nowhere"))
    (tmp_path / "plain").mkdir()
    with pytest.raises(NotAPackage, match="no git repository"):
        git_tree(str(tmp_path / "plain"), "v1")


def test_the_search_ends_at_the_repository(tmp_path: Path, make_repository: Callable[..., Any]):
    (tmp_path / "ttpack.yaml").write_text(MANIFEST)
    inner = make_repository("inner")
    with pytest.raises(NotAPackage):
        working_tree(str(inner.path))


@pytest.mark.parametrize(
    "name", ["nothing", "", "-x", "--output=f", "a\nb", "v1\0", "HEAD~5", "v1:records/a.yaml", "v1..v1"]
)
def test_a_name_that_is_no_revision_is_refused(tagged, name: str):
    with pytest.raises(RevisionError):
        git_tree(str(tagged.path), name)
    assert not (tagged.path / "f").exists()


def test_a_shallow_clone_says_how_to_get_the_rest(tagged, tmp_path: Path):
    tagged.commit({"records/b.yaml": "x"})
    tagged.git("clone", "--quiet", "--depth", "1", f"file://{tagged.path}", str(tmp_path / "shallow"))

    with pytest.raises(RevisionError, match="fetch-depth: 0"):
        git_tree(str(tmp_path / "shallow"), "HEAD~1")


def test_a_repository_without_commits_has_a_working_tree(repository):
    repository.write(FILES)
    tree = working_tree(str(repository.path))

    assert [*tree.entries()] == sorted(FILES)
    assert tree.revision.commit is None
    with pytest.raises(RevisionError):
        git_tree(str(repository.path), "HEAD")


def test_links_are_seen_and_never_followed(tagged, tmp_path: Path):
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "x.yaml").write_text("secret")
    (tagged.path / "records" / "link.yaml").symlink_to(tmp_path / "secret")
    (tagged.path / "records" / "linked").symlink_to(tmp_path / "folder")

    work = working_tree(str(tagged.path))
    assert "records/linked/x.yaml" not in work.entries()
    assert code_of(work, "records/link.yaml") == code_of(work, "records/linked") == "SRC-10"
    tagged.commit({}, tag="v2")
    commit = git_tree(str(tagged.path), "v2")
    assert code_of(commit, "records/link.yaml") == code_of(commit, "records/linked") == "SRC-10"


def test_a_folder_that_became_a_link_hides_its_files(tagged, tmp_path: Path):
    shutil.move(tagged.path / "records", tmp_path / "elsewhere")
    (tagged.path / "records").symlink_to(tmp_path / "elsewhere")

    tree = working_tree(str(tagged.path))
    assert "records/a.yaml" not in tree.entries()
    assert code_of(tree, "records") == "SRC-10"


def test_a_pipe_in_place_of_a_file_is_refused_at_once(tagged):
    (tagged.path / "records" / "a.yaml").unlink()
    os.mkfifo(tagged.path / "records" / "a.yaml")
    start = time.monotonic()

    assert code_of(working_tree(str(tagged.path)), "records/a.yaml") == "SRC-10"
    assert time.monotonic() - start < 2


def test_without_git_a_folder_is_read_as_it_is(tmp_path: Path):
    root = tmp_path / "package"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / ".hidden").mkdir()
    (root / ".hidden" / "x.yaml").write_text("x")
    (root / "records" / "etc").symlink_to("/etc")
    os.mkfifo(root / "records" / "pipe.yaml")

    tree = working_tree(str(root / "records"))

    assert tree.repository is None
    assert [*tree.entries()] == sorted([*FILES, "records/etc", "records/pipe.yaml"])
    assert code_of(tree, "records/etc") == code_of(tree, "records/pipe.yaml") == "SRC-10"
    assert tree.read("notes/plan.pdf") == b"pdf"
    assert tree.revision.commit is None
    first = tree_digest(tree)
    (root / "records" / "a.yaml").write_text("changed")
    assert tree_digest(working_tree(str(root))) != first


def test_a_submodule_is_noted(tagged, make_repository: Callable[..., Any]):
    other = make_repository("other")
    other.commit({"x.yaml": "x"})
    tagged.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.path), "records/sub")
    tagged.commit({}, tag="v2")

    for tree in (working_tree(str(tagged.path)), git_tree(str(tagged.path), "v2")):
        assert code_of(tree, "records/sub") == "SRC-18"
        assert "records/sub/x.yaml" not in tree.entries()


def test_a_repository_inside_is_noted(tagged, make_repository: Callable[..., Any]):
    make_repository("repository/records/inner").commit({"x.yaml": "x"})

    assert code_of(working_tree(str(tagged.path)), "records/inner") == "SRC-18"


def test_a_large_file_is_refused_unread(tagged):
    tagged.commit({"records/big.yaml": b"x: 1\n" * 10_000_000, "records/z.yaml": "z"}, tag="big")

    for tree in (working_tree(str(tagged.path)), git_tree(str(tagged.path), "big")):
        start = time.process_time()
        found = dict(tree.read_many(["records/a.yaml", "records/big.yaml", "records/z.yaml"]))
        assert time.process_time() - start < 2
        assert isinstance(found["records/big.yaml"], SourceProblem)
        assert (found["records/big.yaml"].code, found["records/z.yaml"]) == ("SRC-07", b"z")
        assert len(tree.read("records/big.yaml", limit=60_000_000)) == 50_000_000


def test_many_files_are_read_in_order(tagged):
    names = [f"records/{number:04}.yaml" for number in range(1500)]
    tagged.commit({name: name for name in names}, tag="many")
    tree = git_tree(str(tagged.path), "many")

    assert [data for _, data in tree.read_many(names)] == [name.encode() for name in names]
    assert tree.read(names[3]) == names[3].encode()


def test_names_of_files_may_hold_anything(tagged):
    names = [
        "records/µ é.yaml",
        'records/a"b.yaml',
        "records/tab\there.yaml",
        "records/line\nend.yaml",
        "records/[x].yaml",
    ]
    tagged.commit(dict.fromkeys(names, "x"), tag="odd")

    for tree in (working_tree(str(tagged.path)), git_tree(str(tagged.path), "odd")):
        assert set(names) <= tree.entries().keys()
        assert all(data == b"x" for _, data in tree.read_many(names))


def test_the_caller_s_git_environment_is_not_ours(
    tagged, make_repository: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    other = make_repository("other")
    other.commit({"ttpack.yaml": MANIFEST}, tag="v1")
    for name, value in (
        ("GIT_DIR", other.path / ".git"),
        ("GIT_WORK_TREE", other.path),
        ("GIT_INDEX_FILE", other.path / ".git" / "index"),
        ("GIT_OBJECT_DIRECTORY", other.path / ".git" / "objects"),
    ):
        monkeypatch.setenv(name, str(value))

    assert [*working_tree(str(tagged.path)).entries()] == sorted(FILES)
    assert [*git_tree(str(tagged.path), "v1").entries()] == sorted(FILES)


def test_programs_that_a_repository_configures_are_not_run(tagged, tmp_path: Path):
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    tagged.git("config", "core.fsmonitor", str(trap))
    tagged.git("config", "diff.external", str(trap))
    tagged.git("config", "core.pager", str(trap))
    (tagged.path / ".git" / "hooks").mkdir(exist_ok=True)
    shutil.copy(trap, tagged.path / ".git" / "hooks" / "post-index-change")
    tagged.write({"records/a.yaml": "changed"})
    index = (tagged.path / ".git" / "index").read_bytes()

    tree_digest(working_tree(str(tagged.path)))
    tree_digest(git_tree(str(tagged.path), "v1"))

    assert not (tmp_path / "sprung").exists()
    assert (tagged.path / ".git" / "index").read_bytes() == index


def test_content_that_git_converts_is_taken_from_disk(tagged):
    tagged.commit({".gitattributes": "*.yaml ident\n", "records/id.yaml": "v: $Id$\n"}, tag="v2")
    (tagged.path / "records" / "id.yaml").unlink()
    tagged.git("checkout", "--", "records/id.yaml")
    tree = working_tree(str(tagged.path))

    assert tree.read("records/id.yaml") != b"v: $Id$\n"
    assert tree.entries()["records/id.yaml"].blob is None


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can give a repository away")
def test_a_repository_of_somebody_else_is_explained(tagged):
    for folder, folders, names in os.walk(tagged.path):
        for name in (*folders, *names, "."):
            os.lchown(Path(folder, name), 12345, 12345)

    with pytest.raises(UnreadableError, match=r"safe\.directory"):
        working_tree(str(tagged.path))


def test_a_damaged_repository_is_one_plain_error(tagged):
    blob = tagged.git("rev-parse", "v1:records/a.yaml")
    (tagged.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()

    with pytest.raises(UnreadableError, match="git fsck"):
        git_tree(str(tagged.path), "v1").read("records/a.yaml")


def test_a_sibling_lies_in_the_same_repository(repository, tmp_path: Path):
    (tmp_path / "outside").mkdir()
    files = {f"shared/{name}": text for name, text in FILES.items()} | {"private/records/p.yaml": "p"}
    repository.commit(files, tag="v1")
    (repository.path / "sly").symlink_to(tmp_path / "outside")
    trees: list[FolderTree | GitTree] = [
        working_tree(str(repository.path / "shared")),
        git_tree(str(repository.path / "shared"), "v1"),
    ]
    for tree in trees:
        private = tree.sibling("../private")
        assert private is not None
        assert private.read("records/p.yaml") == b"p"
        assert tree.sibling("../absent") is None
        for path in ("../../outside", "/etc", "../private/../../outside"):
            with pytest.raises(SourceProblem) as caught:
                tree.sibling(path)
            assert caught.value.code == "SRC-15"
    with pytest.raises(SourceProblem):
        trees[0].sibling("../sly")


def test_the_digest_covers_private_overlays(repository):
    manifest = MANIFEST + "overlays: [../private, ../absent, ../../outside, ., 5]\n"
    repository.commit({"shared/ttpack.yaml": manifest}, tag="v1")
    path = str(repository.path / "shared")
    digests = [tree_digest(working_tree(path))]
    for change in ("one", "two"):
        repository.write({"private/records/p.yaml": change, ".gitignore": "private"})
        digests.append(tree_digest(working_tree(path)))

    assert len(set(digests)) == 3
    repository.write({"shared/ttpack.yaml": "overlays: [&x"})
    assert tree_digest(working_tree(path))


def test_the_last_line_of_defence_opens_no_link_and_no_pipe(tmp_path: Path):
    (tmp_path / "link").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("link", "pipe", "folder"):
        with pytest.raises(SourceProblem) as caught:
            read_file(str(tmp_path), name, 100)
        assert caught.value.code == "SRC-10"
    assert read_file(str(tmp_path), "nothing", 100) is None


def test_a_tree_in_memory_is_a_tree():
    tree = MemoryTree({"b": b"2", "a": b"1"}, siblings={"../p": MemoryTree({})})

    assert [*tree.entries()] == ["a", "b"]
    assert tree.read("a") == b"1"
    assert tree.sibling("../p") is not None
    assert tree.sibling("../q") is None
    assert code_of(MemoryTree({"a": b"x" * 5_000_001}), "a") == "SRC-07"
    assert tree_digest(tree) == tree_digest(MemoryTree({"a": b"1", "b": b"2"}))
