"""The way of a change to a record: whole where it is short, its ends and a count where it is long."""

import pytest

from ttpack.analysis.impact import Affected
from ttpack.views.blocks import Text
from ttpack.views.change_tables import path_words


def shown(steps: int) -> str:
    path = tuple(f"PRM-{number}" for number in range(steps + 1))
    reached = Affected(
        path[-1], "process_parameter", "Last", "assess", path, tuple(f"why {one}" for one in range(steps))
    )
    words = path_words(reached, {}, several=True)
    return "".join(part.text for part in words if isinstance(part, Text))


@pytest.mark.parametrize("steps", [1, 2, 8, 9])
def test_a_short_way_is_whole(steps: int) -> None:
    assert all(f"why {one}" in shown(steps) for one in range(steps))
    assert "more" not in shown(steps)


def test_of_a_long_way_the_ends_are_shown_and_the_rest_is_counted() -> None:
    text = shown(1000)
    assert "why 3 → … 992 more … → " in text
    assert text.startswith("PRM-0: why 0 → ")
    assert text.endswith("why 999")
    assert "why 4 " not in text
    assert len(text) < 300
