"""`ttpack impact`: what a change reaches, and by which path."""

from typing import TYPE_CHECKING

import click

from ttpack.cli.emit import FORMATS, emit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttpack.analysis.change_control import ChangeControl
    from ttpack.cli.comparing import Comparison
    from ttpack.model.findings import Finding
    from ttpack.views.blocks import Page

APPROVAL_NEEDED = 1


@click.command("impact")
@click.argument("path", default=".")
@click.option("--from", "from_revision", metavar="REV", help="The earlier revision (default: HEAD).")
@click.option("--since", metavar="REV", help="Compare with where the change branched off from REV (their merge base).")
@click.option("--to", "to_revision", metavar="REV", help="The later revision (default: the working tree).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(path: str, from_revision: str | None, since: str | None, to_revision: str | None, output: str) -> int:
    """Show what a change of the package at PATH reaches, and by which path.

    Every affected record has one action (revise, assess, inform) and the path that reached it. Proposals for
    qualified reviewers: nothing here is an approval. Exits 1 when something but editorial changed.
    """
    from ttpack.cli.comparing import compare, earlier

    comparison = compare(path, earlier(path, from_revision, since, to_revision), to_revision)
    answer = assess(comparison)
    emit(answer.as_json(), lambda: record_page(answer), output)
    return APPROVAL_NEEDED if answer.needs_approval or comparison.not_assessed else 0


def record_page(answer: "ChangeControl", introduced: "Sequence[Finding] | None" = None) -> "Page":
    """The page of an impact record; `introduced` are the findings that the change introduces, where they are known."""
    from ttpack.views.change import change_page

    return change_page(answer, introduced)


def assess(comparison: "Comparison") -> "ChangeControl":
    """What follows from what was compared, over the links of both revisions."""
    from functools import partial

    from ttpack.analysis.change_control import change_control
    from ttpack.analysis.change_rules.sides import Sides, State
    from ttpack.analysis.change_rules.table import change_rules
    from ttpack.analysis.impact import impact
    from ttpack.analysis.index import Index, merged
    from ttpack.cli.comparing import index_of, read_records
    from ttpack.source.change_data import ShippedProfiles, change_rule_rows

    # documents show also what changed only editorially; where a file lies, none does
    written = any(change.kind != "record_moved" for change in comparison.changes)
    trees = comparison.before, comparison.after
    indexes = [index_of(tree) if written else Index({}, {}, ()) for tree in trees]
    whole = merged(*indexes)
    before, after = (
        State(side, index, partial(read_records, tree, index))
        for side, index, tree in zip(comparison.sides, indexes, trees, strict=True)
    )
    reached = impact(comparison.changes, whole, comparison.context())
    sides = Sides(before, after, whole, comparison.changes)
    return change_control(reached, sides, change_rules(change_rule_rows()), ShippedProfiles())
