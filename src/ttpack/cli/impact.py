"""`ttpack impact`: what a change reaches, and by which path."""

from typing import TYPE_CHECKING

import click

from ttpack.cli.emit import FORMATS, emit

if TYPE_CHECKING:
    from ttpack.analysis.impact import Impact
    from ttpack.cli.comparing import Comparison

APPROVAL_NEEDED = 1


@click.command("impact")
@click.argument("path", default=".")
@click.option("--from", "from_revision", metavar="REV", help="The earlier revision (default: HEAD).")
@click.option("--to", "to_revision", metavar="REV", help="The later revision (default: the working tree).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(path: str, from_revision: str | None, to_revision: str | None, output: str) -> int:
    """Show what a change of the package at PATH reaches, and by which path.

    Every affected record has one action (revise, assess, inform) and the path that reached it. Proposals for
    qualified reviewers: nothing here is an approval. Exits 1 when something but editorial changed.
    """
    from ttpack.cli.comparing import compare
    from ttpack.views.change import change_page

    comparison = compare(path, from_revision, to_revision)
    answer = assess(comparison)
    emit(answer.as_json(), lambda: change_page(answer), output)
    return APPROVAL_NEEDED if answer.needs_approval or comparison.not_assessed else 0


def assess(comparison: "Comparison") -> "Impact":
    """The impact of what was compared, over the links of both revisions."""
    from ttpack.analysis.impact import impact
    from ttpack.analysis.index import Index, merged
    from ttpack.cli.comparing import index_of

    if not any(not change.editorial for change in comparison.changes):
        return impact(comparison.changes, Index({}, {}, ()), comparison.context())
    index = merged(index_of(comparison.before), index_of(comparison.after))
    return impact(comparison.changes, index, comparison.context())
