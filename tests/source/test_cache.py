"""The cache makes things fast and nothing else: whatever happens to its file, the answer is the same."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from ttpack.source.cache import Cache, open_cache
from ttpack.source.load import load
from ttpack.source.trees import MemoryTree, git_tree, working_tree

FILES = {
    "ttpack.yaml": 'kind: package\nid: PKG-T\nschema_version: "1"\n',
    "records/a.yaml": "kind: process_parameter\nid: PRM-A\ntitle: µ\nsetpoint: 1.50\nx-y: {z: 1e-3, n: 1.0}\n",
    "records/b.md": "---\nkind: know_how\nid: KNW-B\n---\nText on [[PRM-A]].\n",
    "records/c.yaml": "- {kind: term, id: GLO-A, title: A}\n- {kind: term, id: GLO-B, title: <b>B</b>}\n",
    "records/bad.yaml": "a: 1\na: 2\n",
}


@pytest.fixture
def cache_file(tmp_path: Path) -> Path:
    return tmp_path / "ttpack" / "cache.sqlite"


def test_what_was_put_is_there_for_the_next_one(cache_file: Path):
    with Cache(cache_file) as cache:
        cache.put_many({"a": "1", "µ": "2"})
    with Cache(cache_file) as cache:
        assert cache.get_many(["a", "b", "µ"]) == {"a": "1", "µ": "2"}
        assert cache.get("a") == "1"
        cache.put("a", "3")
        assert cache.get("a") == "3"


def test_more_keys_than_one_question_holds(cache_file: Path):
    values = {str(number): str(number) for number in range(2100)}
    with Cache(cache_file) as cache:
        cache.put_many(values)

        assert cache.get_many(values) == values


@pytest.mark.parametrize("change", ["update entries set value = x'31'", "update entries set digest = x'31'"])
def test_a_changed_value_is_a_miss(cache_file: Path, change: str):
    with Cache(cache_file) as cache:
        cache.put("a", "0")
    database = sqlite3.connect(cache_file)
    with database:
        database.execute(change)
    database.close()
    with Cache(cache_file) as cache:
        assert cache.get("a") is None


def test_a_value_moved_to_another_key_is_a_miss(cache_file: Path):
    with Cache(cache_file) as cache:
        cache.put_many({"a": "0", "b": "1"})
    database = sqlite3.connect(cache_file)
    with database:
        (a, va, da), (b, vb, db) = database.execute("select * from entries").fetchall()
        database.execute("delete from entries")
        database.executemany("insert into entries values (?, ?, ?)", [(a, vb, db), (b, va, da)])
    database.close()
    with Cache(cache_file) as cache:
        assert cache.get_many(["a", "b"]) == {}


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_no_reason_to_fail(cache_file: Path, content: bytes):
    cache_file.parent.mkdir()
    cache_file.write_bytes(content)

    with Cache(cache_file) as cache:
        assert cache.get("a") is None
        cache.put("a", "1")


def test_a_place_where_no_file_can_be_is_no_reason_to_fail(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "ttpack").mkdir()
    (tmp_path / "folder" / "ttpack" / "cache.sqlite").mkdir()
    (tmp_path / "sly").mkdir()
    (tmp_path / "sly" / "ttpack").symlink_to(tmp_path / "folder")
    for place in (tmp_path / "file", tmp_path / "folder", tmp_path / "sly", tmp_path / "nowhere"):
        with Cache(place / "ttpack" / "cache.sqlite") as cache:
            assert not cache.keeps
            cache.put("a", "1")
            assert cache.get("a") is None


def test_a_locked_file_is_no_reason_to_wait(cache_file: Path):
    with Cache(cache_file) as first, Cache(cache_file) as second:
        database = sqlite3.connect(cache_file)
        database.execute("begin immediate")
        first.put("a", "1")
        database.rollback()
        database.close()

        assert second.get("a") is None
        second.put("a", "2")
        assert second.get("a") == "2"


def same(first: Any, second: Any) -> None:
    assert first.problems == second.problems
    assert first.package == second.package
    for record_id, raw in first.package.raw.items():
        assert repr(raw) == repr(second.package.raw[record_id])


def test_a_package_from_the_cache_is_the_package(repository):
    repository.commit(FILES, tag="v1")
    path = str(repository.path)
    plain = load(working_tree(path))
    for _ in range(2):
        tree = working_tree(path)
        with open_cache(tree) as cache:
            assert cache.keeps
            same(load(tree, cache), plain)
    commit = git_tree(path, "v1")
    with open_cache(commit) as cache:
        found = load(commit, cache)
    assert found.problems == plain.problems
    assert found.package.raw == plain.package.raw
    assert str(found.package.raw["PRM-A"]["setpoint"]) == "1.50"
    assert plain.package.with_prose_references == {"KNW-B", "PKG-T"}
    assert not repository.git("status", "--porcelain")


def test_a_changed_file_is_read_anew(repository):
    repository.commit(FILES)
    path = str(repository.path)
    with open_cache(working_tree(path)) as cache:
        load(working_tree(path), cache)
        repository.write({"records/a.yaml": FILES["records/a.yaml"].replace("1.50", "1.60")})

        assert str(load(working_tree(path), cache).package.raw["PRM-A"]["setpoint"]) == "1.60"


@pytest.mark.parametrize(
    "poison",
    ["null", "[]", "[[], false]", '[[["x", 1, null, null]], false, false]', "[" * 100_000, "1e999999999", "nan"],
)
def test_a_poisoned_cache_changes_nothing(repository, poison: str):
    repository.commit(FILES)
    path = str(repository.path)
    plain = load(working_tree(path))
    tree = working_tree(path)
    with open_cache(tree) as cache:
        load(tree, cache)
    database = sqlite3.connect(repository.path / ".git" / "ttpack" / "cache.sqlite")
    keys = [key for (key,) in database.execute("select key from entries")]
    database.close()
    assert keys
    with open_cache(tree) as cache:
        from ttpack.source import cache as module

        rows = [(key, poison.encode(), module._digest(key, poison.encode())) for key in keys]
        assert cache._database is not None
        cache._database.executemany("insert or replace into entries values (?, ?, ?)", rows)
        cache._database.commit()

        same(load(working_tree(path), cache), plain)


def test_only_git_has_a_place_for_a_cache():
    assert not open_cache(MemoryTree({})).keeps
