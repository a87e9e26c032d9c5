"""`ttpack interview`: what to ask somebody who ran a unit operation, and drafts that become records."""

import difflib
from typing import TYPE_CHECKING, Any

import click

from ttpack.cli.emit import FORMATS, emit
from ttpack.errors import UsageError

if TYPE_CHECKING:
    from ttpack.analysis.interview import Guide
    from ttpack.cli.opening import AnyTree
    from ttpack.model.package import Package
    from ttpack.model.process import UnitOperation

TO_DO = 1


@click.command("interview")
@click.argument("unit_operation", metavar="UNIT_OPERATION")
@click.option("--with", "told_by", metavar="PERSON", help="Who is asked: the id of a person, or a name.")
@click.option("--write", "folder", metavar="FOLDER", help="Write drafts of the answers into this folder of records.")
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
@click.option("--rev", "revision", metavar="REV", help="Answer at this revision instead of the files on disk.")
@click.option(
    "--as-of", metavar="DATE", help="Date of the interview, as 2026-11-30 (default: that of REV, else today)."
)
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True)
def command(
    unit_operation: str,
    *,
    told_by: str | None,
    folder: str | None,
    path: str,
    revision: str | None,
    as_of: str | None,
    output: str,
) -> int:
    """Say what to ask somebody who ran UNIT_OPERATION: four prompts on it, and on each critical or manual part of it.

    What is known already, past deviations and open assumptions stand beside the questions. With --write each question
    that nobody has answered becomes a draft with the next free id, in one new file: type the answer as its statement.
    A draft, and one whose statement is empty, counts as no answer. No file is ever overwritten.

    Exits 1 where questions are left and nothing was written for them, or drafts wait, or where files cannot be read.
    """
    from ttpack.analysis.interview import interview_guide
    from ttpack.cli.opening import as_of_date, open_package, open_tree, tells_unread
    from ttpack.views.interview import interview_page

    if folder is not None and revision is not None:
        raise UsageError("--write writes on disk, and --rev asks about a revision; leave one of them out")
    tree = open_tree(path, revision)
    date = as_of_date(as_of, tree)
    loaded = open_package(tree)
    package = loaded.package
    guide = interview_guide(package, _unit(package, unit_operation))
    person = _person(package, told_by)
    written = None
    if folder is not None and guide.not_asked:
        written = _write(tree, package, guide, person, (folder, date.isoformat()))
    head = {
        "package": package.manifest.id,
        "revision": {"name": tree.revision.name, "commit": tree.revision.commit},
        "as_of": date.isoformat(),
    }
    answer = head | {"with": person} | guide.as_json() | {"written": written}
    emit(answer, lambda: interview_page(package, guide, person, written), output)
    return TO_DO if tells_unread(loaded) or (guide.not_asked and not written) or guide.waiting else 0


def _unit(package: "Package", asked: str) -> "UnitOperation":
    """The unit operation of an id or a title. Raises UsageError that names those there are."""
    wanted = " ".join(asked.split()).casefold()
    for unit in package.unit_operations:
        if wanted in (unit.id.casefold(), unit.name.casefold()):
            return unit
    ids = [unit.id for unit in package.unit_operations]
    near = difflib.get_close_matches(asked.upper(), ids, 3)
    hint = f"did you mean {' or '.join(near)}?" if near else f"unit operations are {', '.join(ids) or 'none'}"
    raise UsageError(f"there is no unit operation {asked[:60]!r}; {hint}")


def _person(package: "Package", asked: str | None) -> str | None:
    """Who is asked: a person of the package by id or title, or a name. Raises UsageError for another kind of record."""
    from ttpack.model.governance import Person
    from ttpack.model.ids import is_record_id

    name = " ".join((asked or "").split())
    if not name:
        return None
    people = package.in_force(Person)
    for one in people:
        if name.casefold() in (one.id.casefold(), one.name.casefold()):
            return one.id
    if is_record_id(name):
        record = package.records.get(name)
        said = (
            f"{name} is no person, but a {record.kind.replace('_', ' ')}"
            if record
            else f"there is no person {name[:60]}"
        )
        near = difflib.get_close_matches(name, [one.id for one in people], 3)
        raise UsageError(said + (f"; did you mean {' or '.join(near)}?" if near else ""))
    return name


def _write(tree: "AnyTree", package: "Package", guide: "Guide", told_by: str | None, where: tuple[str, str]) -> str:
    """The drafts as one new list file, whose path it returns. Raises UsageError where it cannot be one."""
    from ttpack.analysis.free_ids import ids_taken
    from ttpack.analysis.interview import drafts
    from ttpack.cli.new import removed_ids, write_record_file
    from ttpack.source.yaml_writer import list_text

    folder, day = where
    interview = f"Interview on {guide.unit_operation.id}, {day}"
    taken = ids_taken(package) | set(removed_ids(tree))
    found: list[dict[str, Any]] = drafts(guide, told_by, interview, taken)
    path = f"{folder.rstrip('/')}/interview-{guide.unit_operation.id}-{day}.yaml"
    write_record_file(tree, package, path, list_text(found))
    return path
