"""`ttpack diff`: what changed between two revisions, field by field."""

import click

from ttpack.cli.emit import FORMATS, emit

CHANGED = 1


@click.command("diff")
@click.argument("path", default=".")
@click.option("--from", "from_revision", metavar="REV", help="The earlier revision (default: HEAD).")
@click.option("--since", metavar="REV", help="Compare with where the change branched off from REV (their merge base).")
@click.option("--to", "to_revision", metavar="REV", help="The later revision (default: the working tree).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(path: str, from_revision: str | None, since: str | None, to_revision: str | None, output: str) -> int:
    """Show what changed between two revisions of the package at PATH, field by field.

    Moved files, reordered keys and lists, rewrapped prose and rewritten units are told apart as editorial. Exits 0
    when nothing changed, 1 when something did or could not be read.
    """
    from ttpack.analysis.impact import Impact
    from ttpack.cli.comparing import compare, earlier
    from ttpack.views.change import diff_page

    comparison = compare(path, earlier(path, from_revision, since, to_revision), to_revision)
    answer = Impact(comparison.changes, (), 0, comparison.context())
    shown = {key: value for key, value in answer.as_json().items() if key not in ("affected", "not_followed_further")}
    emit(shown, lambda: diff_page(answer), output)
    return CHANGED if comparison.changes or comparison.not_assessed else 0
