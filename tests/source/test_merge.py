"""Merging two versions of a record file: what one side alone changed is merged, what contradicts itself is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.merge_cases import GIT_CONFLICTS, PARAMETER, REORDERED, TERMS, TRUE_CONFLICTS, edited

from ttpack.source.documents import read_document
from ttpack.source.merge import Outcome, merge_documents
from ttpack.source.text_merge import text_merge
from ttpack.source.yaml_writer import record_text, same_data


def merge(base: str, ours: str, theirs: str, path: str = "a.yaml") -> Outcome:
    return merge_documents(base.encode(), ours.encode(), theirs.encode(), path, text_merge)


def git_alone(base: str, ours: str, theirs: str) -> tuple[bytes, bool]:
    return text_merge(base.encode(), ours.encode(), theirs.encode())


def test_the_result_is_the_same_whose_branch_it_is_on():
    base, ours, theirs, wanted = GIT_CONFLICTS["one side rewrites and reorders, the other edits"]

    assert merge(base, theirs, ours) == merge(base, ours, theirs) == Outcome(wanted.encode(), clean=True)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("case", TRUE_CONFLICTS)
def test_a_true_conflict_stays_one_and_everything_else_is_merged(case: str, turned: bool):
    mine, yours, reason = TRUE_CONFLICTS[case]
    ours = edited(PARAMETER, mine, ("title: Culture pH", "title: pH"))
    theirs = edited(PARAMETER, yours, ("[PRM-BRX-TEMP]", "[PRM-BRX-DO]"))

    outcome = merge(PARAMETER, theirs, ours) if turned else merge(PARAMETER, ours, theirs)
    text = outcome.data.decode()

    assert not outcome.clean
    assert reason in "\n".join(outcome.remarks)
    assert {"<<<<<<< ours", "=======", ">>>>>>> theirs"} <= set(text.splitlines())
    outside = "".join(part.rpartition(">>>>>>> theirs")[-1] for part in text.split("<<<<<<< ours"))
    assert "title: pH\n" in outside
    assert "[PRM-BRX-DO]" in outside


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("    low: 6.60\n", "    low: 7.05\n"), ("    high: 7.10\n", "    high: 7.00\n")),
        (('unit: "[pH]"', 'unit: "1"'), ("    high: 7.10\n", "    high: 7.00\n")),
    ],
    ids=["ends that cross", "a number in a new unit"],
)
def test_what_git_alone_would_make_of_two_halves_is_a_conflict(ours: tuple[str, str], theirs: tuple[str, str]):
    apart = edited(PARAMETER, ("    low: 6.60\n", "    low: 6.60\n    rationale: a\n    basis: measured\n"))
    sides = (apart, edited(apart, ours), edited(apart, theirs))
    assert git_alone(*sides)[1]

    outcome = merge(*sides)

    assert not outcome.clean
    assert b"<<<<<<< ours" in outcome.data


def test_a_record_deleted_from_a_list_file_and_edited_on_the_other_side_is_a_conflict():
    start, end = TERMS.index("# about B"), TERMS.index("- kind: term\n  id: GLO-C")
    without = TERMS[:start] + TERMS[end:]
    more = edited(TERMS, ("title: Second", "title: The second"), ("title: First", "title: The first"))

    outcome = merge(TERMS, without, more)

    assert not outcome.clean
    assert outcome.remarks == ("GLO-B: removed on one side and changed on the other",)
    before, _, inside = outcome.data.decode().partition("<<<<<<< ours")
    assert "title: The first\n" in before
    assert "title: The second" in inside.split("=======")[1]


@pytest.mark.parametrize(
    ("base", "mine", "yours"),
    [
        ("criteria:\n  - Product named.\n", "Product is named", "Product and code named"),
        ("points: [1, 2, 3]\n", "points: [1, 2, 4]", "points: [1, 2, 3, 5]"),
        ("steps: [STP-A]\n", "steps: [STP-B]", "steps: [STP-C]"),
        ("steps: [STP-A, STP-B, STP-C]\n", "steps: [STP-B, STP-A, STP-C]", "steps: [STP-A, STP-C, STP-B]"),
        ("lines:\n  - {a: 1}\n", "{a: 2}", "{a: 3}"),
    ],
    ids=["reworded", "numbers", "replaced", "moved two ways", "items without a name"],
)
def test_a_list_that_cannot_be_merged_for_certain_is_a_conflict(base: str, mine: str, yours: str):
    record = f"kind: x\nid: A-B\n{base}"
    old = mine if mine in record else next(part for part in ("Product named", base.strip(), "{a: 1}") if part in record)

    outcome = merge(record, edited(record, (old, mine)), edited(record, (old, yours)))

    assert not outcome.clean
    assert b"<<<<<<< ours" in outcome.data


@pytest.mark.parametrize(
    "broken",
    [f"kind: a\n{PARAMETER}", f"{PARAMETER}more: &x 1\n", f"{PARAMETER}more: [\n", "", "- " * 90, f"\ufeff{PARAMETER}"],
    ids=["duplicate key", "anchor", "syntax", "empty", "deep", "byte order mark"],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_side_that_cannot_be_read_leaves_the_file_to_git(broken: str, place: int):
    sides = [PARAMETER, edited(PARAMETER, ("title: Culture pH", "title: pH")), f"{PARAMETER}note: n\n"]
    sides[place] = broken

    outcome = merge(*sides)

    assert (outcome.data, outcome.clean) == git_alone(*sides)
    assert "merged as text, since one side cannot be read" in outcome.remarks[0]


def test_bytes_that_are_no_text_keep_our_side_and_are_a_conflict():
    outcome = merge_documents(b"kind: a\n", b"kind: \xff\x00\n", b"kind: c\n", "a.yaml", text_merge)

    assert (outcome.data, outcome.clean) == (b"kind: \xff\x00\n", False)


def test_fifty_megabytes_are_left_to_git():
    large = b"kind: x\nid: A-B\nnote: " + b"x" * 50_000_000 + b"\n"

    outcome = merge_documents(large, large, large.replace(b"A-B", b"A-C"), "a.yaml", text_merge)

    assert (outcome.data, outcome.clean) == (large.replace(b"A-B", b"A-C"), True)


MARKDOWN = f"---\n{PARAMETER}---\n\n# Why\n\nOne line.\n\nAnother.\n\nLast line.\n"


def test_a_markdown_record_is_merged_in_its_fields_and_in_its_text():
    ours = edited(MARKDOWN, ("[PRM-BRX-TEMP]", "[PRM-BRX-TEMP, PRM-BRX-DO]"), ("One line.", "One line, longer."))
    theirs = edited(MARKDOWN, ("[PRM-BRX-TEMP]", "[PRM-BRX-TEMP, PRM-BRX-CO2]"), ("Last line.", "The last line."))
    wanted = edited(
        MARKDOWN,
        ("[PRM-BRX-TEMP]", "[PRM-BRX-TEMP, PRM-BRX-DO, PRM-BRX-CO2]"),
        ("One line.", "One line, longer."),
        ("Last line.", "The last line."),
    )
    assert not git_alone(MARKDOWN, ours, theirs)[1]

    assert merge(MARKDOWN, ours, theirs, "a.md") == Outcome(wanted.encode(), clean=True)


def test_a_conflict_in_the_text_of_a_markdown_record_leaves_its_fields_merged():
    ours = edited(MARKDOWN, ("title: Culture pH", "title: pH"), ("One line.", "One line, longer."))
    theirs = edited(MARKDOWN, ('unit: "[pH]"', 'unit: "[pH]"\nclassification: CPP'), ("One line.", "A line."))

    outcome = merge(MARKDOWN, ours, theirs, "a.md")

    assert not outcome.clean
    assert outcome.remarks == ("the text below the fields: changed on both sides",)
    record = read_document(outcome.data, "a.md")[0]
    assert (record.data["title"], record.data["classification"]) == ("pH", "CPP")
    assert record.body is not None
    assert "<<<<<<< ours\nOne line, longer.\n=======\nA line.\n>>>>>>> theirs" in record.body


def test_windows_line_ends_stay():
    base, ours, theirs, wanted = (
        text.replace("\n", "\r\n") for text in GIT_CONFLICTS["both add a reference to one list"]
    )

    assert merge(base, ours, theirs) == Outcome(wanted.encode(), clean=True)


def test_comments_that_both_sides_rewrote_are_not_merged():
    ours = edited(PARAMETER, ("# from the report", "# from report 7"), ("6.85", "6.90"))
    theirs = edited(PARAMETER, ("# from the report", "# from report 8"), ("title: Culture pH", "title: pH"))

    outcome = merge(PARAMETER, ours, theirs)

    assert not outcome.clean
    assert (b"report 7" in outcome.data, b"report 8" in outcome.data) == (True, True)


def test_a_comment_changed_on_one_side_follows_a_value_changed_on_the_other():
    ours = edited(REORDERED, ("6.85", "6.90"))
    theirs = edited(PARAMETER, ("# from the report", "# from report 8"), ("ranges:", "ranges:  # all"))

    outcome = merge(PARAMETER, ours, theirs)

    assert outcome.clean
    assert outcome.data.decode() == edited(
        REORDERED, ("6.85   # from the report", "6.90  # from report 8"), ("ranges:", "ranges:  # all")
    )


def test_text_that_looks_like_a_conflict_is_left_to_git():
    base = edited(PARAMETER, ("why: The enzymes need it.\n", "why: |\n  Like this:\n  x\n"))
    ours, theirs = (edited(base, ("[PRM-BRX-TEMP]", f"[PRM-BRX-TEMP, PRM-{one}]")) for one in ("A", "B"))
    marked = [edited(side, ("  Like this:\n", "  Like this:\n\n=======\n")) for side in (base, ours, theirs)]

    assert (merge(base, ours, theirs).clean, merge(*marked).clean) == (True, False)


FIELDS = st.dictionaries(
    st.sampled_from(["title", "note", "basis", "target", "x-a", "why", "mechanism"]),
    st.sampled_from(["a", "b: c", 1, "1", True, ["EVI-A"], ["EVI-A", "EVI-B"], {"low": 1, "high": 2}, {"low": 1}]),
    max_size=6,
)


@given(FIELDS, FIELDS, FIELDS)
@settings(max_examples=40)
def test_a_clean_merge_has_of_each_field_what_the_side_that_changed_it_says(one, two, three):
    base, ours, theirs = ({"kind": "x", "id": "A-B", **side} for side in (one, two, three))

    outcome = merge(record_text(base), record_text(ours), record_text(theirs))
    if not outcome.clean:
        return

    result = read_document(outcome.data, "a.yaml")[0].data
    for name in {*base, *ours, *theirs, *result}:
        before, mine, yours, merged = (side.get(name) for side in (base, ours, theirs, result))
        if same_data(before, mine):
            assert same_data(merged, yours)
        elif same_data(before, yours):
            assert same_data(merged, mine)
        else:
            assert same_data(mine, yours) or isinstance(merged, list)
