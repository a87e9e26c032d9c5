"""The rule on the lines of run data (RUN-05)."""

from collections.abc import Iterator

from ttpack.model.execution import Run
from ttpack.model.package import Package
from ttpack.rules.registry import CONSISTENCY, Context, NotComputable, Outcome, rule

MOST_TOLD = 20


def where_data_are(package: Package) -> str | None:
    """Applies where a run names files of data."""
    return None if any(one.data for one in package.in_force(Run)) else "no run names files of data"


@rule("RUN-05", CONSISTENCY, applies_when=where_data_are, basis="data integrity; ALCOA+")
def run_data_not_readable(package: Package, context: Context) -> Iterator[Outcome]:
    """A file of run data cannot be read as the run describes it, or a line of it cannot be used.

    Every line has a field for each column, a time that is later than the one before, and numbers where signals stand:
    no NaN, no decimal comma where none is declared, no text. Columns that the run describes are in the header. A file
    is among the attachments of its run. The first twenty lines are told; `ttpack run RUN-ID` tells a hundred.
    Why: a line that a program leaves out without a word is an excursion that nobody sees.
    Resolve: export the data again, or say in `data` how they are written.
    """
    for run in package.in_force(Run):
        for index, data in enumerate(run.data):
            place = run.at(f"data[{index}].file")
            found = context.run_data.get((run.id, data.file))
            if found is None:
                yield NotComputable(place, f"{data.file} was not read here")
                continue
            for line, column, message in found.problems[:MOST_TOLD]:
                where = f" ({column[:60]})" if column else ""
                yield place, f"{data.file} line {line}{where}: {message}"
            more = found.count - min(len(found.problems), MOST_TOLD)
            if more > 0:
                yield place, f"{data.file}: {more} more lines cannot be used"
