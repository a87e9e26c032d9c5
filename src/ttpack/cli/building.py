"""From a tree to the files of an edition: what `build`, `release` and `preview` share."""

from typing import TYPE_CHECKING

from ttpack.cli import clock

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ttpack.analysis.history import Event
    from ttpack.analysis.readiness.history import ReadinessHistory
    from ttpack.analysis.run_evaluation.evaluation import RunEvaluation
    from ttpack.cli.opening import AnyTree
    from ttpack.model.package import Package
    from ttpack.rules.answer import Check
    from ttpack.source.load import Loaded
    from ttpack.views.blocks import Page
    from ttpack.views.edition_change import Earlier
    from ttpack.views.edition_content import Known
    from ttpack.views.since import Since


def known_of(  # noqa: PLR0917  what is known besides the tree, all optional
    tree: "AnyTree",
    loaded: "Loaded",
    day: "datetime.date",
    change: "Page | None" = None,
    since: "Since | None" = None,
    earlier: "Earlier | None" = None,
) -> "Known":
    """What is known of a revision: its checks, the life of its records, what changed since an earlier one.

    Without `earlier` no edition but the internal one tells what changed.
    """
    from ttpack.cli.signatures import signatures_of
    from ttpack.views.edition_content import Known

    answer, ahead = answers(loaded, tree, day)
    past, grown = _history(tree, loaded.package), _readiness(tree, loaded.package, day)
    signatures = signatures_of(loaded.package)
    runs = run_evaluations(tree, loaded.package, day)
    return Known(loaded.package, answer, ahead, change, since, past, grown, earlier, loaded.pictures, signatures, runs)


def run_evaluations(tree: "AnyTree", package: "Package", day: "datetime.date") -> "dict[str, RunEvaluation]":
    """What the data of every run in force say."""
    from ttpack.model.execution import Run

    wanted = [one for one in package.in_force(Run) if one.data]
    if not wanted:
        return {}
    from ttpack.analysis.run_evaluation.evaluation import evaluate
    from ttpack.cli.run_files import run_files

    found = {}
    for run in wanted:
        files, unread = run_files(tree, package, run)
        found[run.id] = evaluate(package, run, files, day, unread)
    return found


def earlier_revision(tree: "AnyTree", name: str) -> "Earlier":
    """An earlier revision as editions ask for it; it is read when one does."""
    from ttpack.analysis.change_rules.table import change_rules
    from ttpack.source.change_data import ShippedProfiles, change_rule_rows
    from ttpack.source.load import load
    from ttpack.views.edition_change import Earlier

    return Earlier(name, lambda: load(tree).package, change_rules(change_rule_rows()), ShippedProfiles())


def _history(tree: "AnyTree", package: "Package") -> "Mapping[str, Sequence[Event]]":
    """The life of each record as git tells it; nothing without git, or where a shallow clone would tell half of it."""
    from ttpack.analysis.history import by_record
    from ttpack.cli.history import History

    if tree.repository is None or tree.revision.commit is None:
        return {}
    past = History(tree, package)
    return {} if past.cut else by_record(past.events())


def _readiness(tree: "AnyTree", package: "Package", day: "datetime.date") -> "Mapping[str, ReadinessHistory]":
    """How the readiness of each receiving site grew; nothing where no item says so."""
    from ttpack.cli.readiness_history import readiness_history
    from ttpack.model.execution import ReadinessItem

    return readiness_history(tree, package, package.receiving_sites, day) if package.of(ReadinessItem) else {}


def answers(loaded: "Loaded", tree: "AnyTree", day: "datetime.date") -> "tuple[Check, dict[str, Check]]":
    """The check at the gates passed, and for each receiving site the check at its next gate."""
    from dataclasses import replace

    from ttpack.analysis.gates.state import following
    from ttpack.cli.approved_base import looked_up
    from ttpack.cli.run_files import run_data_problems
    from ttpack.cli.signatures import signatures_of
    from ttpack.rules.check import check
    from ttpack.rules.registry import Context
    from ttpack.source.places import locate

    package: Package = loaded.package
    gates = dict(package.manifest.gates)
    change = looked_up(tree, package) if package.readable else ""
    problems = run_data_problems(tree, package)
    context = Context(day, gates, change=change, signatures=signatures_of(package), recompute=True, run_data=problems)
    answer = check(package, loaded.problems, context).located(lambda places: locate(tree, package, places))
    ahead = {}
    for site in package.receiving_sites:
        gate = following(gates.get(site, ""))
        if gate:
            ahead[site] = check(package, loaded.problems, replace(context, gates={**gates, site: gate}))
    return answer, ahead


def moment(tree: "AnyTree", day: "datetime.date") -> int:
    """Seconds since 1970 that every file of the build carries: the commit's, else the day's first."""
    committed = tree.revision.committed
    return int(committed.timestamp()) if committed else clock.start_of_day(day)
