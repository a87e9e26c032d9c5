"""Run data, read as a stream: chunks of readings in time, and what is wrong with which line.

Memory does not grow with the file: 16,384 lines are read at a time. Numbers become binary floating-point numbers, the
nearest to what is written; limits are taken to the unit of the data, so that 7.10 and 7.1 compare as equal.
"""

import csv
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ttpack.source.lines import Unreadable, chunks_of_lines
from ttpack.source.run_times import RunTimes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_COLUMNS: Final = 2_000
MOST_SIGNALS: Final = 2_000
MOST_PROBLEMS: Final = 100
"""Problems that are told one by one; the others are counted."""
_NUMBER: Final = re.compile(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\s*")
_COMMA: Final = re.compile(r"\s*[+-]?[0-9]+,[0-9]+\s*")


@dataclass(frozen=True, slots=True)
class DataLayout:
    """How a file is read. `signals` are the columns, or the signals of a long file, that are wanted; empty is all.

    `required` are columns that a wide file has to have.

    `seconds` is the length of the unit of elapsed times; None where times are dates. A batch file has no times.
    """

    long: bool = False
    batches: bool = False
    time_column: str | None = None
    seconds: float | None = None
    time_zone: str | None = None
    batch_column: str | None = None
    signal_column: str | None = None
    value_column: str | None = None
    unit_column: str | None = None
    delimiter: str = ","
    decimal_comma: bool = False
    signals: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DataProblem:
    """What is wrong with a line (from 1), in a column where one is to blame."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings of a signal in a unit (`""` where the file names none): seconds and values, in the order of the file.

    In a file of batches `batches` names them, and seconds are the numbers of the lines.
    """

    signal: str
    unit: str
    seconds: "Floats"
    values: "Floats"
    batches: tuple[str, ...] = ()


@dataclass(slots=True)
class RunDataFile:
    """A file on its way in: iterate over `chunks` once; `problems`, `rows` and `signals` fill meanwhile."""

    blocks: Iterable[bytes]
    layout: DataLayout
    header: tuple[str, ...] = ()
    problems: list[DataProblem] = field(default_factory=list)
    problem_count: int = 0
    rows: int = 0
    signals: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    _clocks: dict[str, RunTimes] = field(default_factory=dict)

    def chunks(self) -> Iterator[tuple[Readings, ...]]:
        """The readings, chunk by chunk; a line that has a problem gives none."""
        times = None if self.layout.batches else RunTimes(self.layout.seconds, self.layout.time_zone, self.problem)
        number = 1
        try:
            for lines in chunks_of_lines(self.blocks):
                start = 0
                if number == 1:
                    if not self._header(self._fields(1, lines[0])):
                        return
                    start = 1
                if len(lines) > start:
                    quick = self._quick(lines[start:], number + start, times) if times else None
                    if quick is not None:
                        self.rows += len(lines) - start
                        yield quick
                        number += len(lines)
                        continue
                    numbers, columns = self._columns(lines[start:], number + start)
                    self.rows += len(numbers)
                    if numbers:
                        yield self._readings(columns, numbers, times)
                number += len(lines)
        except Unreadable as error:
            self.problem(error.line, "", f"from here on it cannot be read: {error}")
        if number == 1 and not self.problem_count:
            self.problem(1, "", "it has no header")
        elif not self.rows and not self.problem_count:
            self.problem(1, "", "it has no line of data")

    def problem(self, line: int, column: str, message: str) -> None:
        """Note what is wrong with a line; the first hundred are kept."""
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(DataProblem(line, column, message))

    def _fields(self, number: int, line: str) -> list[str]:
        """The fields of one line; none where it is empty or has a problem."""
        try:
            found = next(csv.reader([line.removesuffix("\r")], delimiter=self.layout.delimiter, strict=True), [])
        except csv.Error as error:
            self.problem(number, "", f"it is no line of CSV: {error}")
            return []
        return found

    def _columns(self, lines: list[str], first: int) -> tuple[Sequence[int], dict[str, Sequence[str]]]:
        """The numbers of the lines that are whole, and their fields by column."""
        width, mark = len(self.header), self.layout.delimiter
        text = mark.join(lines)
        if '"' not in text and "\r" not in text and {line.count(mark) for line in lines} == {width - 1}:
            fields = text.split(mark)
            return range(first, first + len(lines)), {name: fields[at::width] for at, name in enumerate(self.header)}
        numbers, rows = [], []
        for number, line in enumerate(lines, first):
            found = self._fields(number, line)
            if found and self._whole(number, found):
                numbers.append(number)
                rows.append(found)
        columns = zip(*rows, strict=True) if rows else [()] * width
        return numbers, dict(zip(self.header, columns, strict=True))

    def _header(self, names: list[str]) -> bool:
        """Whether the columns that are needed are there."""
        if not names:
            self.problem(1, "", "it has no header")
            return False
        self.header = tuple(name.strip() for name in names)
        if len(self.header) > MOST_COLUMNS:
            self.problem(1, "", f"it has {len(self.header)} columns, more than {MOST_COLUMNS}")
            return False
        twice = sorted({name for name in self.header if self.header.count(name) > 1})
        for name in twice:
            self.problem(1, name, f"the column {name!r} stands twice in the header")
        lacking = [name for name in self._needed() if name not in self.header]
        for name in lacking:
            self.problem(1, name, f"there is no column {name!r} in the header; there are {self._known()}")
        if not self.layout.long:
            apart = self.layout.batch_column or self.header[0] if self.layout.batches else self._time_column
            self.unread.update(name[:60] for name in self.header if name != apart and name not in self._wanted())
        return not twice and not lacking

    def _needed(self) -> list[str]:
        layout = self.layout
        if layout.long:
            return [self._signal_column, self._value_column, self._time_column, *filter(None, (layout.unit_column,))]
        named = [layout.batch_column or self.header[0]] if layout.batches else [self._time_column]
        return [*named, *sorted(layout.required)]

    def _known(self) -> str:
        told = ", ".join(repr(name[:60]) for name in self.header[:12])
        return f"{told} and {len(self.header) - 12} more" if len(self.header) > 12 else told  # noqa: PLR2004

    @property
    def _time_column(self) -> str:
        return self.layout.time_column or (self.header[0] if self.header else "time")

    @property
    def _signal_column(self) -> str:
        return self.layout.signal_column or "signal"

    @property
    def _value_column(self) -> str:
        return self.layout.value_column or "value"

    def _whole(self, number: int, row: list[str]) -> bool:
        if len(row) == len(self.header):
            return True
        if row and any(cell.strip() for cell in row):
            more = " (a decimal comma?)" if len(row) > len(self.header) and self.layout.delimiter == "," else ""
            self.problem(number, "", f"it has {len(row)} fields, and the header {len(self.header)}{more}")
        return False

    def _quick(self, lines: list[str], first: int, times: RunTimes) -> tuple[Readings, ...] | None:
        """The readings of lines that are all whole and hold nothing but a time and numbers; None of any others."""
        import numpy as np

        names, mark = self._wanted(), self.layout.delimiter
        if self.layout.long or self.layout.decimal_comma or not names or self.header[0] != self._time_column:
            return None
        if {line.count(mark) for line in lines} != {len(self.header) - 1} or any('"' in line for line in lines):
            return None
        places = [self.header.index(name) for name in names]
        try:
            values = np.loadtxt(lines, delimiter=mark, usecols=places, comments=None, ndmin=2)
        except ValueError:
            return None
        if not np.isfinite(values).all():
            return None
        numbers = range(first, first + len(lines))
        seconds, kept = times.seconds([line.partition(mark)[0] for line in lines], numbers, self._time_column)
        kept &= times.rising(seconds, kept, numbers, self._time_column)
        self.signals.update(names)
        if kept.all():
            return tuple(Readings(name, "", seconds, values[:, at]) for at, name in enumerate(names))
        return tuple(Readings(name, "", seconds[kept], values[kept, at]) for at, name in enumerate(names))

    def _wanted(self) -> list[str]:
        """The columns of a wide file that hold readings."""
        apart = self.layout.batch_column or self.header[0] if self.layout.batches else self._time_column
        wanted = self.layout.signals
        return [name for name in self.header if name != apart and (not wanted or name in wanted)]

    def _readings(
        self, columns: dict[str, Sequence[str]], numbers: Sequence[int], times: RunTimes | None
    ) -> tuple[Readings, ...]:
        import numpy as np

        if times is None:
            names = tuple(columns[self.layout.batch_column or self.header[0]])
            seconds, kept = np.asarray(numbers, dtype=np.float64), np.ones(len(numbers), dtype=bool)
            return self._wide(columns, numbers, seconds, kept, names)
        seconds, kept = times.seconds(columns[self._time_column], numbers, self._time_column)
        if self.layout.long:
            return self._long(columns, numbers, seconds, kept)
        kept &= times.rising(seconds, kept, numbers, self._time_column)
        return self._wide(columns, numbers, seconds, kept, ())

    def _wide(
        self,
        columns: dict[str, Sequence[str]],
        numbers: Sequence[int],
        seconds: "Floats",
        kept: "NDArray[np.bool_]",
        batches: tuple[str, ...],
    ) -> tuple[Readings, ...]:
        import numpy as np

        found = []
        for name in self._wanted():
            self.signals.add(name)
            values = self._numbers(columns[name], numbers, name)
            there = kept & np.isfinite(values)
            named = tuple(batches[index] for index in np.flatnonzero(there)) if batches else ()
            found.append(Readings(name, "", seconds[there], values[there], named))
        return tuple(found)

    def _long(
        self,
        columns: dict[str, Sequence[str]],
        numbers: Sequence[int],
        seconds: "Floats",
        kept: "NDArray[np.bool_]",
    ) -> tuple[Readings, ...]:
        import numpy as np

        values = self._numbers(columns[self._value_column], numbers, self._value_column)
        unit_column = self.layout.unit_column
        units = columns[unit_column] if unit_column else ("",) * len(numbers)
        rows: dict[tuple[str, str], list[int]] = {}
        for index, key in enumerate(zip(columns[self._signal_column], units, strict=True)):
            rows.setdefault(key, []).append(index)
        kept &= np.isfinite(values)
        found = []
        for (signal, unit), indices in sorted(rows.items()):
            if self.layout.signals and signal not in self.layout.signals:
                self.unread.add(signal[:60])
                continue
            if signal not in self.signals and len(self.signals) >= MOST_SIGNALS:
                self.problem(numbers[indices[0]], self._signal_column, f"there are more than {MOST_SIGNALS} signals")
                continue
            self.signals.add(signal)
            clock = self._clocks.setdefault(signal, RunTimes(None, None, self.problem))
            lines = [numbers[index] for index in indices]
            rising = clock.rising(seconds[indices], kept[indices], lines, self._time_column)
            chosen = np.asarray(indices)[kept[indices] & rising]
            found.append(Readings(signal, unit.strip(), seconds[chosen], values[chosen]))
        return tuple(found)

    def _numbers(self, cells: Sequence[str], numbers: Sequence[int], column: str) -> "Floats":
        """The numbers of a column, NaN where a cell is empty or has a problem."""
        import numpy as np

        given = [cell.replace(",", ".") for cell in cells] if self.layout.decimal_comma else cells
        empty = 0
        try:
            if "" in given:
                empty = list(given).count("")
                values = np.array([float(cell) if cell else math.nan for cell in given])
            else:
                values = np.array(list(map(float, given)))
            plain = int(np.isfinite(values).sum()) + empty == len(given) and "_" not in "".join(given)
        except ValueError:
            plain = False
        return values if plain else np.array(list(self._one_by_one(cells, numbers, column)))

    def _one_by_one(self, cells: Sequence[str], numbers: Sequence[int], column: str) -> Iterator[float]:
        for cell, number in zip(cells, numbers, strict=True):
            text = cell.replace(",", ".") if self.layout.decimal_comma else cell
            if not text.strip():
                yield math.nan
            elif _NUMBER.fullmatch(text) and math.isfinite(float(text)):
                yield float(text)
            else:
                self.problem(number, column, self._no_number(cell))
                yield math.nan

    def _no_number(self, cell: str) -> str:
        if not self.layout.decimal_comma and _COMMA.fullmatch(cell):
            return f"{cell[:40]!r} has a decimal comma; state decimal_mark, if that is meant"
        return f"{cell[:40]!r} is no number"
