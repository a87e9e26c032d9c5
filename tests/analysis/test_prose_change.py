"""A Markdown record's text is compared section by section."""

from typing import Any

import pytest

from ttpack.analysis.diff import Side, diff

TEXT = """\
What the step is for, and
why it is done.

# Preparation

Rinse the vessel with 20 L of water.

```
pH = 6.85
  hold
```

# Execution

Feed PRM-OLD slowly.
"""


def rows(old: str, new: str) -> list[tuple[str, str, str]]:
    record = {"kind": "know_how", "id": "KNW-A"}
    sides: Any = [Side({"KNW-A": record}, bodies={"KNW-A": text}) for text in (old, new)]
    return [(one.field, one.kind, one.direction) for one in diff(*sides)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("20 L", "30 L", [("body.Preparation", "text_changed", "")]),
        ("for, and\nwhy", "for and why", [("body", "text_changed", "")]),
        ("for, and\nwhy", "for, and why", [("body", "text_changed", "reflow only")]),
        ("  hold", "hold", [("body.Preparation", "text_changed", "")]),
        ("slowly.\n", "slowly.\n\n# Cleaning\n\nRinse.\n", [("body.Cleaning", "item_added", "added")]),
        ("# Execution", "# Feeding", [("body.Feeding", "text_changed", "")]),
        (
            "# Execution",
            "Then:",
            [("body.Preparation", "text_changed", ""), ("body.Execution", "item_removed", "removed")],
        ),
    ],
)  # fmt: skip
def test_the_change_names_the_section(old: str, new: str, expected: list[tuple[str, str, str]]) -> None:
    assert old in TEXT
    assert rows(TEXT, TEXT.replace(old, new)) == expected


def test_what_looks_like_a_heading_in_a_code_block_is_none() -> None:
    code = "# Steps\n\n~~~\n# no heading\n```\n~~~\n\nEnd.\n"
    assert rows(code, code.replace("no heading", "none")) == [("body.Steps", "text_changed", "")]


def test_the_order_of_sections_says_what_is_done_first() -> None:
    first, second = "# One\n\nA.\n\n", "# Two\n\nB.\n\n"
    (found,) = rows(first + second, second + first)
    assert found == ("body", "order_changed", "")


def test_sections_of_one_name_are_told_apart_by_their_place() -> None:
    text = "# Note\n\nOne.\n\n# Note\n\nTwo.\n"
    assert rows(text, text.replace("Two", "Three")) == [("body.Note", "text_changed", "")]


def test_a_text_that_follows_a_rename_is_no_change() -> None:
    old, new = {"kind": "term", "id": "PRM-OLD"}, {"kind": "term", "id": "PRM-NEW", "formerly": "PRM-OLD"}
    record = {"kind": "know_how", "id": "KNW-A"}
    before = Side({"KNW-A": record, "PRM-OLD": old}, bodies={"KNW-A": TEXT})
    after = Side({"KNW-A": record, "PRM-NEW": new}, bodies={"KNW-A": TEXT.replace("PRM-OLD", "PRM-NEW")})
    assert [(one.record, one.kind) for one in diff(before, after)] == [("PRM-NEW", "record_renamed")]


def test_a_text_given_and_left_out() -> None:
    assert rows("", "Words.\n") == [("body", "item_added", "added")]
    assert rows("Words.\n", "") == [("body", "item_removed", "removed")]
