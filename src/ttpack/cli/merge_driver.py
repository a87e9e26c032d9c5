"""`ttpack merge-driver`: what git runs to merge a record file, and how a clone is told to run it."""

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttpack.errors import NotAPackage, TtpackError, UnreadableError, UsageError

if TYPE_CHECKING:
    from ttpack.source.merge import Outcome
    from ttpack.source.repository import Repository

CONFLICT = 1
_SIDES = 4


# The fourth argument is any file name, so nothing behind the first one is an option.
@click.command("merge-driver", context_settings={"allow_interspersed_args": False})
@click.option("--install", is_flag=True, help="Make git in this repository merge record files with ttpack.")
@click.argument("sides", nargs=-1, metavar="[%O %A %B %P]")
def command(install: bool, sides: tuple[str, ...]) -> int:
    """Merge two versions of a record file by record and field; git runs this.

    git names three files: the common ancestor %O, our side %A, which becomes the result, and their side %B; and %P, the
    path in the repository. Where both sides changed one field differently, the ends of one range, or a unit and its
    number, both stay in the file between conflict markers, and the exit code is 1. A side that is no readable record
    file is merged by git as text.

    A clone does not take over the setting: run `ttpack merge-driver --install` in it once. `ttpack init` has done so.
    """
    if install:
        if sides:
            raise UsageError("--install takes no files")
        _install()
        return 0
    if len(sides) != _SIDES:
        raise UsageError("git calls this with four arguments: %O %A %B %P; to set it up run it with --install")
    base, ours, theirs, path = sides
    outcome = _merged([_content(name) for name in (base, ours, theirs)], path)
    try:
        Path(ours).write_bytes(outcome.data)
    except OSError as error:
        raise UnreadableError(f"cannot write the merge of {path}: {error.strerror}") from None
    for remark in outcome.remarks:
        line = "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in f"{path}: {remark}")
        click.echo(f"ttpack merge-driver: {line}", err=True)
    return 0 if outcome.clean else CONFLICT


def _merged(sides: list[bytes], path: str) -> "Outcome":
    """The merge; where ttpack itself fails, git's own, as if there were no driver."""
    from ttpack.source.merge import Outcome, merge_documents
    from ttpack.source.text_merge import text_merge

    try:
        return merge_documents(sides[0], sides[1], sides[2], path, text_merge)
    except TtpackError:
        raise
    except Exception as error:  # noqa: BLE001  git would keep one side without a marker
        data, clean = text_merge(sides[0], sides[1], sides[2])
        return Outcome(data, clean, (f"merged as text: a defect in ttpack: {type(error).__name__}: {error}",))


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise UnreadableError(f"{name}: {error.strerror}") from None


def _install() -> None:
    from ttpack.publish.merge_settings import install_merge_driver
    from ttpack.source.repository import find_repository

    repository = find_repository(".")
    if repository is None:
        raise NotAPackage("this folder is in no git repository")
    install_merge_driver(repository)
    click.echo(f"git merges record files with ttpack in {repository.top}")
    lacking = _without_attribute(repository)
    if lacking:
        click.echo("add to .gitattributes, so that git knows which files those are:")
        for pattern in lacking:
            click.echo(f"{pattern} merge=ttpack")


def _without_attribute(repository: "Repository") -> list[str]:
    """The patterns of files that `.gitattributes` does not give to the driver."""
    from ttpack.publish.merge_settings import ATTRIBUTES
    from ttpack.source.trees import working_tree

    try:
        folder = posixpath.relpath(working_tree(".").root, repository.top)
    except NotAPackage:
        folder = "."
    lacking = []
    for pattern in ATTRIBUTES:
        path = posixpath.normpath(f"{folder}/{pattern}").replace("**/*", "a/A")
        answer = repository.run("check-attr", "-z", "merge", "--", path)
        if answer.split(b"\0")[2:3] != [b"ttpack"]:
            lacking.append(pattern)
    return lacking
