"""`ttpack impact`: what a change reaches, and by which path."""

from typing import TYPE_CHECKING

import click

from ttpack.cli.emit import FORMATS, emit
from ttpack.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ttpack.analysis.change_control import ChangeControl
    from ttpack.analysis.index import Index
    from ttpack.cli.comparing import Comparison
    from ttpack.model.findings import Finding
    from ttpack.views.blocks import Page

APPROVAL_NEEDED = 1
NEXT = "next"
"""Stands for the id of the record where none was asked for."""
RECORD_HELP = "Write or refresh the change record of the working tree (--from: the last approved revision)."


@click.command("impact")
@click.argument("path", default=".")
@click.option("--from", "from_revision", metavar="REV", help="The earlier revision (default: HEAD).")
@click.option("--since", metavar="REV", help="Compare with where the change branched off from REV (their merge base).")
@click.option("--to", "to_revision", metavar="REV", help="The later revision (default: the working tree).")
@click.option("--record", "record_id", metavar="[ID]", is_flag=False, flag_value=NEXT, help=RECORD_HELP)
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    path: str,
    from_revision: str | None,
    since: str | None,
    to_revision: str | None,
    *,
    record_id: str | None,
    output: str,
) -> int:
    """Show what a change of the package at PATH reaches, and by which path.

    Every affected record has one action (revise, assess, inform) and the path that reached it. Proposals for
    qualified reviewers: nothing here is an approval. Exits 1 when something but editorial changed.

    With --record the impact of the working tree is written to a change record of the package, or an open one is
    refreshed: only its computed part, whatever people wrote and decided stays.
    """
    from ttpack.cli.comparing import compare, earlier

    if record_id is not None:
        return _recorded(path, from_revision, record_id, output, other=since or to_revision)
    comparison = compare(path, earlier(path, from_revision, since, to_revision), to_revision)
    answer = assess(comparison)
    emit(answer.as_json(), lambda: record_page(answer), output)
    return APPROVAL_NEEDED if answer.needs_approval or comparison.not_assessed else 0


def _recorded(path: str, from_revision: str | None, record_id: str, output: str, *, other: str | None) -> int:
    """Write or refresh the change record, and show the impact with where it was written."""
    from ttpack.cli.recording import record
    from ttpack.views.change_record import recorded_page

    if other is not None:
        raise UsageError("--record is about the working tree since an exact revision: name that alone (--from)")
    answer, done = record(path, from_revision, record_id)
    emit(
        {**answer.as_json(), "record": done.as_json()},
        lambda: recorded_page(record_page(answer), done.as_json()),
        output,
    )
    return APPROVAL_NEEDED if answer.needs_approval or answer.impact.context.get("not_assessed") else 0


def record_page(answer: "ChangeControl", introduced: "Sequence[Finding] | None" = None) -> "Page":
    """The page of an impact record; `introduced` are the findings that the change introduces, where they are known."""
    from ttpack.views.change import change_page

    return change_page(answer, introduced)


def assess(comparison: "Comparison", prepare: "Callable[[Index], Index] | None" = None) -> "ChangeControl":
    """What follows from what was compared, over the links of both revisions, each as `prepare` makes it.

    Change records and approvals are the control of changes, not what is controlled: what changed of them is told as
    editorial.
    """
    from dataclasses import replace
    from functools import partial

    from ttpack.analysis.change_control import change_control
    from ttpack.analysis.change_records import control_aside
    from ttpack.analysis.change_rules.sides import Sides, State
    from ttpack.analysis.change_rules.table import change_rules
    from ttpack.analysis.impact import impact
    from ttpack.analysis.index import Index, merged
    from ttpack.cli.comparing import read_records
    from ttpack.source.change_data import ShippedProfiles, change_rule_rows

    comparison = replace(comparison, changes=control_aside(comparison.changes))
    # documents show also what changed only editorially; where a file lies, none does
    written = any(change.kind != "record_moved" for change in comparison.changes)
    trees = comparison.before, comparison.after
    found = comparison.indexes
    indexes = [found.before, found.after] if written else [Index({}, {}, ()), Index({}, {}, ())]
    indexes = [prepare(index) for index in indexes] if prepare else indexes
    whole = merged(*indexes)
    before, after = (
        State(side, index, partial(read_records, tree, index))
        for side, index, tree in zip(comparison.sides, indexes, trees, strict=True)
    )
    reached = impact(comparison.changes, whole, comparison.context())
    sides = Sides(before, after, whole, comparison.changes)
    return change_control(reached, sides, change_rules(change_rule_rows()), ShippedProfiles())
