"""The files of run data that a run names, opened as streams."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from ttpack.errors import UsageError

if TYPE_CHECKING:
    from ttpack.model.execution import Run, RunData
    from ttpack.model.package import Package
    from ttpack.model.run_data import RunDataProblems
    from ttpack.source.entries import Tree
    from ttpack.source.run_data import RunDataFile

BLOCK: Final = 1 << 20
DELIMITERS: Final = {"tab": "\t"}


def run_files(
    tree: "Tree", package: "Package", run: "Run", outside: str | None = None
) -> "tuple[list[tuple[RunData, RunDataFile]], list[str]]":
    """The files that the record describes, and why others are not read.

    `outside` is a file that is not in the package: it is read as the record describes its first file.
    Raises UsageError where that one cannot be opened.
    """
    from ttpack.model.execution import RunData

    if outside is not None:
        like = run.data[0] if run.data else RunData(file=Path(outside).name)
        opened = _file(package, run, like.model_copy(update={"file": Path(outside).name}), _outside(outside))
        return ([opened], []) if not isinstance(opened, str) else ([], [opened])
    found, unread = [], []
    for data in run.data:
        if data.file not in package.attachments:
            unread.append(f"{data.file} is not among the attachments of {run.name}, or cannot be read")
            continue
        made = _file(package, run, data, _inside(tree, data.file))
        if isinstance(made, str):
            unread.append(made)
        else:
            found.append(made)
    return found, unread


def run_data_problems(tree: "Tree", package: "Package") -> "dict[tuple[str, str], RunDataProblems]":
    """What is wrong with the lines of every file of run data, by run and file; each file is read once."""
    from ttpack.model.execution import Run
    from ttpack.model.run_data import RunDataProblems

    found = {}
    for run in package.in_force(Run):
        if not run.data:
            continue
        files, unread = run_files(tree, package, run)
        for data, file in files:
            for _ in file.chunks():
                pass
            told = tuple((one.line, one.column, one.message) for one in file.problems)
            found[run.id, data.file] = RunDataProblems(told, file.problem_count)
        for data in run.data:
            words = [one for one in unread if one.startswith(data.file)]
            if words:
                found[run.id, data.file] = RunDataProblems(((1, "", words[0]),), 1)
    return found


def _file(
    package: "Package", run: "Run", data: "RunData", blocks: Iterator[bytes]
) -> "tuple[RunData, RunDataFile] | str":
    from ttpack.analysis.intervals import in_unit
    from ttpack.analysis.run_evaluation.signals import described
    from ttpack.source.run_data import DataLayout, RunDataFile

    seconds = None
    if data.time_unit is not None:
        unit = in_unit(Decimal(1), data.time_unit, "s", package.own_units)
        if unit is None or unit <= 0:
            return f"{data.file}: its time unit {data.time_unit} is no unit of time"
        seconds = float(unit)
    zone = _zone(package, run, data)
    if zone is not None and not _known(zone):
        return f"{data.file}: there is no time zone {zone[:60]!r}"
    names = described(package, run, data)
    layout = DataLayout(
        long=data.layout == "long",
        batches=data.data_kind == "batch",
        time_column=data.time_column,
        seconds=seconds,
        time_zone=zone,
        batch_column=data.batch_column,
        signal_column=data.signal_column,
        value_column=data.value_column,
        unit_column=data.unit_column,
        delimiter=DELIMITERS.get(data.delimiter or ",", data.delimiter or ","),
        decimal_comma=data.decimal_mark == ",",
        signals=frozenset(names),
        required=frozenset(column.name for column in data.columns),
    )
    return data, RunDataFile(blocks, layout)


def _zone(package: "Package", run: "Run", data: "RunData") -> str | None:
    from ttpack.model.facility import Site

    site = package.get(run.site, Site)
    return data.time_zone or (site.time_zone if site else None)


def _known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _inside(tree: "Tree", path: str) -> Iterator[bytes]:
    from ttpack.source.attachments import MAX_BYTES

    data = tree.read(path, MAX_BYTES)
    return (data[start : start + BLOCK] for start in range(0, len(data), BLOCK))


def _outside(path: str) -> Iterator[bytes]:
    try:
        handle = Path(path).open("rb")  # noqa: SIM115  the stream outlives this function
        first = handle.read(BLOCK)
    except OSError as problem:
        raise UsageError(f"cannot read {path[:200]}: {problem.strerror}") from problem

    def blocks() -> Iterator[bytes]:
        with handle:
            block = first
            while block:
                yield block
                block = handle.read(BLOCK)

    return blocks()
