"""Whether the criteria of a comparability plan were committed before the data that they judge, as git tells it."""

from typing import TYPE_CHECKING

from ttpack.cli.opening import AnyTree, folder_in_repository

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ttpack.analysis.history import Event
    from ttpack.cli.history import History
    from ttpack.model.execution import ComparabilityPlan, Run
    from ttpack.model.package import Package

DATA_FIELDS = ("results", "as_run", "data", "attachments")


def declared_before(
    tree: AnyTree, package: "Package", plan: "ComparabilityPlan", runs: "Iterable[Run]"
) -> tuple[bool | None, str]:
    """True where the last change of the criteria is an ancestor of the first commit with data, and why in words.

    None where git does not tell: no commits, a shallow clone, or files that are not committed.
    """
    from ttpack.cli.history import History

    if tree.repository is None or tree.revision.commit is None:
        return None, "there is no history here that could say which came first"
    past = History(tree, package)
    if past.cut:
        return None, "the history here is cut off, so that nobody can tell which came first"
    criteria = _last(past.events(plan.id))
    if criteria is None:
        return None, f"{plan.name} is not committed yet"
    first: tuple[str, Run] | None = None
    for run in runs:
        commit = _first_data(tree, past, run)
        if commit is None:
            continue
        if not _before(tree, criteria, commit):
            short = criteria[:12], commit[:12]
            said = "in the same commit as" if criteria == commit else "not before"
            return (
                False,
                f"the criteria of {plan.name} were committed {said} the data of {run.name} ({', '.join(short)})",
            )
        first = first or (commit, run)
    if first is None:
        return None, "no data are committed yet"
    return True, f"the criteria were committed in {criteria[:12]}, before the data ({first[0][:12]})"


def _last(events: "Iterable[Event]") -> str | None:
    """The newest commit that changed criteria, else the one that made the record."""
    oldest = None
    for event in events:
        if any(change.field.startswith("criteria") for change in event.changes):
            return event.commit
        oldest = event.commit
    return oldest


def _first_data(tree: AnyTree, past: "History", run: "Run") -> str | None:
    """The oldest commit with data of a run: of its files, else of its results."""
    assert tree.repository is not None  # noqa: S101  asked before
    folder = folder_in_repository(tree)
    found = None
    for one in run.data:
        path = f"{folder}/{one.file}" if folder else one.file
        log = tree.repository.run("log", "--format=%H", "--reverse", str(tree.revision.commit), "--", path)
        commits = log.decode().split()
        if commits and (found is None or _before(tree, commits[0], found)):
            found = commits[0]
    if found is not None or not run.results:
        return found
    oldest = None
    for event in past.events(run.id):
        # A change without a field is the record itself, entered or taken out.
        if any(not change.field or change.field.startswith(DATA_FIELDS) for change in event.changes):
            oldest = event.commit
    return oldest


def _before(tree: AnyTree, earlier: str, later: str) -> bool:
    """Whether a commit is a proper ancestor of another."""
    assert tree.repository is not None  # noqa: S101  asked before
    if earlier == later:
        return False
    base = tree.repository.run("merge-base", earlier, later).decode().strip()
    return base == earlier
