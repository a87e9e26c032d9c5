"""`ttpack run`: what the data of a run say, and what has to be done about it."""

from typing import TYPE_CHECKING, Any

import click

from ttpack.cli.emit import FORMATS, emit
from ttpack.errors import UsageError

if TYPE_CHECKING:
    from ttpack.analysis.run_evaluation.evaluation import RunEvaluation
    from ttpack.model.execution import Run, RunData
    from ttpack.model.package import Package
    from ttpack.source.run_data import RunDataFile

TO_DO = 1


@click.command("run")
@click.argument("run", metavar="RUN-ID")
@click.option("--data", "outside", metavar="FILE", help="Read FILE, described as the first file of the run is.")
@click.option("--schema", is_flag=True, help="Write the schema of the data (Frictionless Data Package) and stop.")
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
@click.option("--rev", "revision", metavar="REV", help="Answer at this revision instead of the files on disk.")
@click.option("--as-of", metavar="DATE", help="Date of the answer, as 2026-11-30 (default: that of REV, else today).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    run: str,
    *,
    outside: str | None,
    schema: bool,
    path: str,
    revision: str | None,
    as_of: str | None,
    output: str,
) -> int:
    """Judge RUN-ID by its data: lines that cannot be read, excursions by the agreed rules, what was not recorded.

    Each parameter is compared with its ranges at the site of the run. An excursion counts from the last reading
    inside to the next one inside; it has a class, who decides, and who is called by when. An initial
    classification: QA decides.

    Exits 1 where a line cannot be read, a value left its normal range, or a critical parameter was not recorded.
    """
    from ttpack.analysis.run_evaluation.answer import run_answer
    from ttpack.analysis.run_evaluation.evaluation import evaluate
    from ttpack.cli.opening import as_of_date, open_package, open_tree, tells_unread
    from ttpack.cli.progress import progress
    from ttpack.cli.run_files import run_files
    from ttpack.cli.run_studies import committed, studies_of
    from ttpack.views.run_report import run_page

    tree = open_tree(path, revision)
    date = as_of_date(as_of, tree)
    loaded = open_package(tree)
    package = loaded.package
    record = _run(package, run)
    files, unread = run_files(tree, package, record, outside)
    if not files and not unread:
        raise UsageError(f"{record.id} names no file in `data`, and no --data FILE is given")
    if schema:
        return _schema(package, record, files)
    with progress(f"the data of {record.id}"):
        found = evaluate(package, record, files, date, unread)
    head: dict[str, Any] = {
        "package": package.manifest.id,
        "revision": {"name": tree.revision.name, "commit": tree.revision.commit},
        "as_of": date.isoformat(),
    }
    more = studies_of(committed(tree, path), package, record, found)
    emit(lambda: head | run_answer(found) | more.as_json(), lambda: run_page(package, record, found, more), output)
    if tells_unread(loaded):
        return TO_DO
    return TO_DO if _to_do(found) or more.to_do else 0


def _schema(package: "Package", run: "Run", files: "list[tuple[RunData, RunDataFile]]") -> int:
    """Write the Data Package of a run, with the columns that its files have."""
    from ttpack.analysis.run_evaluation.table_schema import data_package
    from ttpack.cli.emit import write
    from ttpack.model.json_text import dumps

    headers = {}
    for data, file in files:
        next(iter(file.chunks()), None)
        headers[data.file] = file.header
    write(dumps(data_package(package, run, headers)))
    return 0


def _to_do(found: "RunEvaluation") -> bool:
    bad = sum(one.problem_count for one in found.files)
    return bool(bad or found.excursion_count or found.missing or found.gaps)


def _run(package: "Package", asked: str) -> "Run":
    """The run asked for. Raises UsageError that names the runs there are."""
    from ttpack.model.execution import Run

    found = package.get(asked.strip().upper(), Run)
    if found is None:
        known = ", ".join(one.id for one in package.in_force(Run)) or "none"
        raise UsageError(f"there is no run {asked[:60]!r}; runs are {known[:400]}")
    return found
