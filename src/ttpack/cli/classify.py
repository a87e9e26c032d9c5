"""`ttpack classify`: whether what happened is a deviation, of what class in whose terms, and who is called by when."""

import re
from typing import Any

import click

from ttpack.cli.emit import FORMATS, emit

TO_DO = 1
MINUS = "\N{MINUS SIGN}"
NEGATIVE = re.compile(r"^-(?=[0-9.])")


class NegativeValues(click.Command):
    """A command whose arguments may be negative numbers: what begins with - and a digit is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments with a minus sign that no option begins with."""
        return super().parse_args(ctx, [NEGATIVE.sub(MINUS, one, count=1) for one in args])


@click.command("classify", cls=NegativeValues)
@click.argument("parameter", required=False, metavar="[PARAMETER]")
@click.argument("value", required=False, metavar="[VALUE]")
@click.option("--event", metavar="KIND", help="What happened without a parameter: contamination, documentation, ...")
@click.option("--duration", metavar="TIME", help="How long, as 30min, 1.5h or 2 d (default: not known).")
@click.option("--stage", metavar="STAGE", help="Lifecycle stage: engineering, gmp, ppq, commercial, ...")
@click.option("--site", metavar="SITE", help="Where it happened (default: the first receiving site).")
@click.option("--repeat", is_flag=True, help="The same has happened before.")
@click.option("--with", "together", multiple=True, metavar="PARAMETER", help="Also out of range at the same time.")
@click.option("--occurred", metavar="INSTANT", help="When it happened, as 2026-11-30T14:05+01:00.")
@click.option("--discovered", metavar="INSTANT", help="When it was found.")
@click.option("--qa-aware", "qa_aware", metavar="INSTANT", help="When QA learnt of it.")
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
@click.option("--rev", "revision", metavar="REV", help="Answer at this revision instead of the files on disk.")
@click.option("--as-of", metavar="DATE", help="Date of the answer, as 2026-11-30 (default: that of REV, else today).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    parameter: str | None, value: str | None, *, path: str, revision: str | None, as_of: str | None, output: str,
    **told: Any,
) -> int:  # fmt: skip
    """Classify what happened by the rows that both parties agreed on: VALUE of PARAMETER, or an event.

    The answer has the deciding row and its class, what both parties call it, who decides, who owns investigation,
    reporting, corrective action and root cause, and who is called at which party by when. A value without a unit is in
    that of the parameter. An initial classification: QA decides.

    Exits 1 where it is a deviation, or cannot be classed; also where files cannot be read.
    """
    from ttpack.analysis.deviations.answer import answer, answer_json
    from ttpack.analysis.deviations.rulebook import rulebook
    from ttpack.cli.asking import ask, parameter_named
    from ttpack.cli.opening import as_of_date, open_package, open_tree, tells_unread
    from ttpack.views.classification import classification_page

    tree = open_tree(path, revision)
    date = as_of_date(as_of, tree)
    loaded = open_package(tree)
    package = loaded.package
    found = parameter_named(package, parameter) if parameter is not None else None
    book = rulebook(package, date, {found.id} if found else ())
    question, given = ask(package, book, found, value, told)
    answered = answer(book, question, given)
    head = {
        "package": package.manifest.id,
        "revision": {"name": tree.revision.name, "commit": tree.revision.commit},
        "as_of": date.isoformat(),
    }
    emit(lambda: head | answer_json(answered), lambda: classification_page(package, answered), output)
    return TO_DO if tells_unread(loaded) or not answered.settled else 0
