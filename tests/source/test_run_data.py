"""Run data read as a stream: what is wrong is found by its line, and everything else is read."""

from collections.abc import Iterator
from typing import Any

import pytest

from ttpack.source.run_data import DataLayout, RunDataFile

HEAD = "time,A\n"
GOOD = "2026-09-07T08:00:00Z,7.1\n2026-09-07T08:01:00Z,7.2\n"


def read(text: str | bytes, **layout: Any) -> tuple[RunDataFile, dict[str, list[float]]]:
    data = text if isinstance(text, bytes) else text.encode()
    # blocks that cut lines and characters anywhere
    file = RunDataFile([data[at : at + 7] for at in range(0, len(data), 7)], DataLayout(**layout))
    found: dict[str, list[float]] = {}
    for chunk in file.chunks():
        for one in chunk:
            found.setdefault(one.signal, []).extend(one.values.tolist())
    return file, found


def told(file: RunDataFile) -> list[tuple[int, str]]:
    return [(one.line, one.message) for one in file.problems]


def test_every_bad_line_is_found_and_every_good_one_read() -> None:
    lines = [
        ("2026-09-07T08:02:00Z,nan", "no number"),
        ("2026-09-07T08:03:00Z,inf", "no number"),
        ("2026-09-07T08:04:00Z,1_0", "no number"),
        ("2026-09-07T08:05:00Z,7,3", "3 fields, and the header 2"),
        ('2026-09-07T08:06:00Z,"7,3"', "has a decimal comma"),
        (",7.3", "the time is missing"),
        ("today,7.3", "no time"),
        ("2026-09-07,7.3", "no time"),
        ("2026-09-07T08:06:00Z,7.3", "repeats that of a line before"),
        ("2026-09-07T08:00:30Z,7.3", "lies before"),
        ('2026-09-07T08:07:00Z,"7.3', "no line of CSV"),
        ("2026-09-07T08:08:00Z", "1 fields"),
    ]
    file, found = read(HEAD + GOOD + "\n".join(line for line, _ in lines) + "\n2026-09-07T10:10:00+02:00,7.4\n")
    by_line = dict(told(file))
    assert len(by_line) == len(lines) == file.problem_count
    for number, (_, why) in enumerate(lines, 4):
        assert why in by_line[number]
    assert found["A"] == [7.1, 7.2, 7.4]


@pytest.mark.parametrize(
    ("text", "layout", "line", "why"),
    [
        ("", {}, 1, "no header"),
        ("time,A\n", {}, 1, "no line of data"),
        ("time,A,A\n", {}, 1, "stands twice"),
        ("time,B\n0,1\n", {"required": frozenset({"A"})}, 1, "there is no column 'A'"),
        ("t,signal,value\n", {"long": True, "time_column": "zeit"}, 1, "there is no column 'zeit'"),
        ("\ufeff".encode("utf-16-le") + b"t\x00", {}, 1, "UTF-16"),
        ("time,A\n0," + "1" * 200_000 + "\n", {}, 2, "longer than 100,000 characters"),
    ],
    ids=["empty", "only a header", "twice", "lacking", "lacking in a long file", "utf-16", "long line"],
)
def test_a_file_that_cannot_be_read_says_why(text: str | bytes, layout: dict[str, Any], line: int, why: str) -> None:
    file, found = read(text, **layout)
    assert [(number, why in message) for number, message in told(file)][:1] == [(line, True)]
    assert not any(found.values())


def test_a_byte_order_mark_semicolons_and_decimal_commas_are_read_as_stated() -> None:
    file, found = read("\ufefftime;A\r\n0;7,25\r\n1,5;7,5\r\n", delimiter=";", decimal_comma=True, seconds=3600.0)
    assert told(file) == [(3, "'1,5' is no time")]
    assert found == {"A": [7.25]}


def test_an_empty_cell_is_no_reading_and_a_column_that_nothing_describes_is_not_read() -> None:
    file, found = read("time,A,remark\n0,,x\n1,7.5,valve\n", seconds=60.0, signals=frozenset({"A"}))
    assert (told(file), found, file.unread) == ([], {"A": [7.5]}, {"remark"})


def test_a_long_file_has_a_signal_a_line_in_its_own_order() -> None:
    rows = "0,PH,7.0,[pH]\n0,T,35,Cel\n1,PH,7.1,[pH]\n1,PH,7.3,[pH]\n"
    file, found = read(f"t,signal,value,u\n{rows}", long=True, unit_column="u", seconds=1.0, time_column="t")
    assert found == {"PH": [7.0, 7.1], "T": [35.0]}
    assert told(file) == [(5, "the time repeats that of a line before")]


def test_local_times_are_those_of_the_zone_also_when_the_clock_changes() -> None:
    rows = "2026-11-01T00:30,1\n2026-11-01T02:30,2\n"
    file = RunDataFile([f"time,A\n{rows}".encode()], DataLayout(time_zone="America/New_York"))
    (chunk,) = file.chunks()
    # the clock goes back at 02:00, so that three hours lie between
    assert chunk[0].seconds[1] - chunk[0].seconds[0] == 3 * 3600


def test_ten_thousand_bad_lines_are_counted_and_a_hundred_told() -> None:
    file, _ = read("time,A\n" + "".join(f"{at},x\n" for at in range(10_000)), seconds=1.0)
    assert (file.problem_count, len(file.problems)) == (10_000, 100)


def test_memory_does_not_grow_with_the_file() -> None:
    def blocks() -> Iterator[bytes]:
        yield b"time,A\n"
        for at in range(300):
            yield "".join(f"{at * 1000 + row},7.{row % 10}\n" for row in range(1000)).encode()

    file = RunDataFile(blocks(), DataLayout(seconds=1.0))
    sizes = [len(one.values) for chunk in file.chunks() for one in chunk]
    assert sum(sizes) == file.rows == 300_000
    assert max(sizes) <= 16_384
