"""The index of a later revision is the same whether made of the whole revision or of what changed since an earlier."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ttpack.analysis.index import Index
from ttpack.cli.comparing import compare_trees
from ttpack.cli.indexing import Indexes
from ttpack.source.load import load
from ttpack.source.text import MAX_BYTES
from ttpack.source.trees import MemoryTree

PARAMETERS = ("PRM-A", "PRM-B", "PRM-C")
NAMES = (*PARAMETERS, "EVI-A", "UO-A", "PRM-A@SITE-B", "PRM-NOT-HERE")
any_speed = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def rarely(common: Any, rare: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([common] * 19 + [rare])


def optional(kind: str, record: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    common = {
        "title": st.sampled_from(["One", "Another", "As in [[PRM-B]]", "See {{ PRM-A.setpoint }}, [[PRM-NOT-HERE]]"]),
        "status": st.sampled_from(["draft", "approved", "withdrawn"]),
        "attachments": st.lists(
            st.fixed_dictionaries(
                {"file": st.sampled_from(["files/a.txt", "files/./b.txt", "files/none.txt"])},
                optional={"version": st.sampled_from(["1", "2"])},
            ),
            max_size=2,
            unique_by=lambda one: one["file"],
        ),
        "source": st.sampled_from([{"document": "CR-1"}, {"document": "CR-2"}]),
        "no_such_field": st.just(1),
    }
    wrong = rarely(False, True)
    content = st.fixed_dictionaries({"kind": st.just(kind), "id": st.just(record)}, optional={**common, **fields})
    return st.tuples(content, wrong).map(
        lambda pair: {key: value for key, value in pair[0].items() if pair[1] or key != "no_such_field"}
    )


def derived(*inputs: str) -> dict[str, Any]:
    return {"formula": "sum", "inputs": {f"in{number}": name for number, name in enumerate(inputs)}}


RECORDS: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    **{
        name: optional(
            "process_parameter", name,
            evidence=st.lists(st.sampled_from(NAMES), unique=True, max_size=2),
            classification=st.sampled_from(["CPP", "KPP"]),
            unit_operation=st.just("UO-A"),
            quantity_kind=st.just("cycles"),
            unit=st.sampled_from(["h", "own"]),
            why=st.sampled_from(["[[EVI-A]] and `[[PRM-A]]`", "[[PRM-C]] [[PRM-C]]"]),
            formerly=st.lists(st.sampled_from(PARAMETERS), max_size=1),
            derived=st.sampled_from([derived("PRM-A.setpoint"), derived("PRM-C.setpoint", "no id"), derived("PRM-X")]),
        )
        for name in PARAMETERS
    },
    "PRM-A@SITE-B": optional("site_overlay", "PRM-A@SITE-B", override=st.just({"unit": "h"})),
    "PRM-B@SITE-B": optional("site_overlay", "PRM-B@SITE-B"),
    "EVI-A": optional("evidence", "EVI-A"),
    "MBR-A": optional("batch_record", "MBR-A", site=st.sampled_from(["SITE-A", "SITE-B"])),
    "UO-A": optional("unit_operation", "UO-A", stage=st.sampled_from(["fill", "upstream"])),
    "DCR-A": optional("deviation_rule", "DCR-A", parameter_classes=st.just(["CPP"]), deviation_class=st.just("major")),
    "ESC-A": optional("escalation_rule", "ESC-A", deviation_class=st.just("major")),
    "VST-B": optional("validation_strategy", "VST-B", site=st.just("SITE-B")),
    "UNT-OWN": optional("unit_definition", "UNT-OWN", factor=st.sampled_from([1, 2])).map(
        lambda given: {"code": "own", "base_unit": "h", **given}
    ),
}  # fmt: skip
FILES = ("records/a.yaml", "records/b.yaml", "records/deep/c.yml", "more/d.yaml")


@st.composite
def contents(draw: st.DrawFn) -> dict[str, bytes]:
    """The files of a package: each record in a file, rarely in two, some files that cannot be read."""
    held: dict[str, list[Any]] = {path: [] for path in FILES}
    with_doubles = draw(st.sampled_from([False] * 4 + [True]))
    for name in draw(st.sets(st.sampled_from(sorted(RECORDS)), min_size=4)):
        path = draw(st.sampled_from(FILES))
        held[path].append(draw(RECORDS[name]))
        if with_doubles and draw(st.booleans()):
            held[draw(st.sampled_from(FILES))].append(draw(RECORDS[name]))
    files = {path: json.dumps(records).encode() for path, records in held.items() if records}
    if draw(rarely(False, True)):
        files[draw(st.sampled_from(FILES))] = b"kind: [id: PRM-A\nid: PRM-B\n"
    for path in draw(st.sets(st.sampled_from(["files/a.txt", "files/b.txt"]))):
        files[path] = draw(st.sampled_from([b"one", b"two", b"version https://git-lfs.github.com/spec/v1"]))
    return files


@st.composite
def manifests(draw: st.DrawFn) -> bytes:
    data = {
        "kind": "package",
        "id": "PKG-T",
        "schema_version": "1",
        "title": draw(st.sampled_from(["T", "Of [[PRM-A]]"])),
        "records": draw(rarely(["records"], ["records", "more"])),
        "overlays": draw(rarely([], ["../private"])),
        "bad": draw(rarely(0, 1)),
    }
    return json.dumps({key: value for key, value in data.items() if value}).encode()


@st.composite
def revisions(draw: st.DrawFn) -> tuple[MemoryTree, MemoryTree]:
    """A revision and a later one, in which some files are other, gone, new or moved."""
    before = draw(contents())
    after = dict(before)
    for path in draw(st.sets(st.sampled_from(sorted(before)), max_size=2)):
        records = json.loads(before[path]) if before[path].startswith(b"[") else []
        after.pop(path)
        if path.startswith("files"):
            after |= draw(st.sampled_from([{}, {path: b"three"}]))
            continue
        gone = draw(st.sets(st.sampled_from([one["id"] for one in records] or [""]), max_size=2))
        records = [draw(RECORDS[one["id"]]) if one["id"] in gone else one for one in records]
        records = [one for one in records if one["id"] not in gone or draw(st.booleans())]
        if records:
            after[path] = json.dumps(records).encode()
    written = b" ".join(after.values()).decode()
    missing = [name for name in sorted(RECORDS) if f'"id": "{name}"' not in written]
    added = [draw(RECORDS[name]) for name in missing if draw(st.booleans())]
    if added:
        after["records/new.yaml"] = json.dumps(added).encode()
    if draw(rarely(False, True)) and "records/a.yaml" in after:
        after["records/z.yaml"] = after.pop("records/a.yaml")
    first = draw(manifests())
    second = draw(st.sampled_from([first, first, draw(manifests())]))
    private = {"records/p.yaml": json.dumps(draw(RECORDS["PRM-A"])).encode()}
    siblings = draw(rarely({}, {"../private": MemoryTree(private)}))
    return tuple(  # type: ignore[return-value]
        MemoryTree({"ttpack.yaml": manifest, **files}, siblings=siblings)
        for manifest, files in ((first, before), (second, after))
    )


@any_speed
@given(revisions())
def test_what_changed_tells_the_same_as_the_whole(pair: tuple[MemoryTree, MemoryTree]) -> None:
    indexes = compare_trees(*pair).indexes  # type: ignore[arg-type]
    whole = Index.of(load(pair[1]).package)
    assert indexes.after == whole
    assert json.dumps(indexes.after.as_json()) == json.dumps(whole.as_json())
    assert Index.from_json(json.loads(json.dumps(whole.as_json()))) == whole


class Watched(MemoryTree):
    """A revision that notes which of its files were read."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(files)
        self.asked: set[str] = set()

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        self.asked.add(path)
        return super().read(path, limit)


@pytest.mark.parametrize(
    "edit", [b'{"kind": "evidence", "id": "EVI-A", "title": "New"}', b'{"kind": "evidence", "id": "EVI-Z"}', b"id: ["]
)
def test_files_of_the_later_revision_that_did_not_change_are_not_read(edit: bytes) -> None:
    files = {
        "ttpack.yaml": b'{"kind": "package", "id": "PKG-T", "schema_version": "1"}',
        "records/a.yaml": b'{"kind": "evidence", "id": "EVI-A"}',
        "records/b.yaml": b'{"kind": "evidence", "id": "EVI-B"}',
    }
    after = Watched({**files, "records/a.yaml": edit})
    changed = frozenset({"records/a.yaml"})
    index = Indexes(MemoryTree(files), after, changed, rearranged=False).after
    assert after.asked == {"ttpack.yaml", "records/a.yaml"}
    assert index == Index.of(load(after).package)


def test_a_record_that_comes_into_view_where_its_double_goes_is_in_the_index() -> None:
    """Only the whole of a revision tells which records are hidden by another of the same id."""
    files = {
        "ttpack.yaml": b'{"kind": "package", "id": "PKG-T", "schema_version": "1"}',
        "records/a.yaml": b'{"kind": "evidence", "id": "EVI-A", "title": "First"}',
        "records/b.yaml": b'{"kind": "evidence", "id": "EVI-A", "title": "Second"}',
    }
    later = {path: data for path, data in files.items() if path != "records/a.yaml"}
    changed = frozenset({"records/a.yaml"})
    there = Indexes(MemoryTree(files), MemoryTree(later), changed, rearranged=False)
    back = Indexes(MemoryTree(later), MemoryTree(files), changed, rearranged=False)
    assert (there.before.titles["EVI-A"], there.after.titles["EVI-A"]) == ("First", "Second")
    assert (back.before.titles["EVI-A"], back.after.titles["EVI-A"]) == ("Second", "First")


A = '{"kind": "evidence", "id": "EVI-A", "title": "%s"}'
MANIFEST = '{"kind": "package", "id": "PKG-T", "schema_version": "1"%s}'
PRIVATE = ', "overlays": ["../private"]'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # a record with errors still takes its id from one that is read later
        ({"records/a.yaml": A.replace("title", "wrong") % "1"}, {"records/b.yaml": A % "2"}),
        ({"records/a.yaml": A % "1"}, {"records/0.yaml": A % "2"}),
        ({"records/a.yaml": A % "1"}, {"records/0.yaml": A.replace("title", "wrong") % "2"}),
        # other files are records, or lie over them
        ({"more/a.yaml": A % "1"}, {"ttpack.yaml": MANIFEST % ', "records": ["more"]'}),
        ({"records/a.yaml": A % "1", "ttpack.yaml": MANIFEST % PRIVATE}, {"records/a.yaml": A % "2"}),
    ],
)
def test_what_only_the_whole_of_a_revision_tells_is_read_from_it(before: dict[str, str], after: dict[str, str]) -> None:
    texts = {"ttpack.yaml": MANIFEST % "", **before}
    private = {"../private": MemoryTree({"records/p.yaml": (A % "Private").encode()})}
    trees = [
        MemoryTree({path: text.encode() for path, text in files.items()}, siblings=private)
        for files in (texts, texts | after)
    ]
    for first, second in (trees, reversed(trees)):
        indexes = compare_trees(first, second).indexes  # type: ignore[arg-type]
        assert indexes.after == Index.of(load(second).package)
