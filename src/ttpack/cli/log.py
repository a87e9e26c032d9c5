"""`ttpack log`: the life of one record across revisions."""

import click

from ttpack.cli.emit import FORMATS, emit
from ttpack.errors import UsageError


@click.command("log")
@click.argument("record", metavar="RECORD")
@click.argument("path", default=".")
@click.option("--rev", "revision", metavar="REV", help="Look back from this revision (default: what is checked out).")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(record: str, path: str, revision: str | None, output: str) -> int:
    """Tell the life of RECORD (such as PRM-BRX-PH) in the package at PATH: who changed what of it, when, and why.

    Newest first, through renames and moves; with the revision that each change came with, and the change record that
    covers it. What is not committed yet is not part of it.
    """
    from ttpack.cli.history import History
    from ttpack.cli.opening import open_package, open_tree
    from ttpack.views.history import log_page

    tree = open_tree(path, revision or "HEAD")
    package = open_package(tree).package
    history = History(tree, package)
    events = list(history.events(record)) if record else []
    if not events:
        raise UsageError(f"no record {record!r} in the history of {package.manifest.id}")
    title = package.label(record)
    answer = {
        "record": record,
        "title": title,
        "present": record in package.records,
        "revision": tree.revision.name,
        "commit": tree.revision.commit,
        "complete": not history.cut,
        "events": [event.as_json() for event in events],
    }
    emit(answer, lambda: log_page(package, record, events, complete=not history.cut), output)
    return 0
