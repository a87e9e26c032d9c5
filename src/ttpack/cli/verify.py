"""`ttpack verify`: whether a release is what was released."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ttpack.errors import UnreadableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttpack.publish.release.verification import Verified

_SHOWN = 20


@click.command("verify")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--allowed-signers", "signers", type=click.Path(dir_okay=False, exists=True, path_type=Path), metavar="FILE",
    help="Whose keys count for you, in OpenSSH's format; a signature by one of them is then asked for.",
)  # fmt: skip
@click.option(
    "--trust", "roots", type=click.Path(dir_okay=False, exists=True, path_type=Path), metavar="FILE",
    help="Certificates (PEM) that you trust for the seal of the PDF; such a seal is then asked for.",
)  # fmt: skip
@click.option(
    "--rebuild", type=click.Path(file_okay=False, exists=True, path_type=Path), metavar="REPOSITORY",
    help="Build the release anew from this repository, and compare every byte.",
)  # fmt: skip
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(path: Path, signers: Path | None, roots: Path | None, rebuild: Path | None, output: str) -> int:
    """Check the release at PATH without a network: an edition's folder, a revision's, or that of all releases.

    Every file is compared with the manifest and the release record; what was changed, added or taken away is named.
    Says what it could not check. Exits 1 where anything is wrong.
    """
    from ttpack.cli.rules_version import rules_digest
    from ttpack.publish.release.verification import Trust, editions_below, strays, verify_edition

    if not path.is_dir():
        raise UsageError(f"{path} is no folder of a release")
    try:
        editions = list(editions_below(path))
        if not editions:
            raise UsageError(f"{path} holds no release: name the folder of an edition, a revision or all releases")
        found = [verify_edition(one, Trust(signers, roots, rules_digest())) for one in editions]
        lists = [*strays(path), *_lists(path)]
        rebuilt = _rebuilt(found, rebuild) if rebuild else {}
    except OSError as error:
        raise UnreadableError(f"{error.filename or path}: {error.strerror or error}") from error
    good = all(one.good for one in found) and not lists and not any(rebuilt.values())
    if output == "json":
        _print_json(found, lists, rebuilt, good=good)
    else:
        _print_text(found, lists, rebuilt, good=good)
    return 0 if good else 1


def _lists(path: Path) -> list[dict[str, str]]:
    """What is wrong with the lists of versions of the folder of all releases; nothing for a part of it."""
    from ttpack.publish.release.store import version_files
    from ttpack.publish.release.verification import is_store

    if not is_store(path):
        return []
    if (path / "versions").is_symlink():
        return [{"path": "versions", "what": "is a symbolic link"}]
    right = version_files(path)
    wrong = []
    for name in sorted({*right, *(one.relative_to(path).as_posix() for one in path.glob("versions/*"))}):
        file = path / name
        if name not in right:
            wrong.append({"path": name, "what": "was added: no release has that edition"})
        elif file.is_symlink() or not file.is_file():
            what = "is missing: a release was interrupted, or it was taken away; the next ttpack release writes it"
            wrong.append({"path": name, "what": what})
        elif file.read_bytes() != right[name]:
            what = "does not list the revisions that stand here; the next ttpack release writes it"
            wrong.append({"path": name, "what": what})
    return wrong


def _rebuilt(found: "Sequence[Verified]", repository: Path) -> dict[str, list[dict[str, str]]]:
    """How each edition differs from what its revision comes to when it is built anew, by folder."""
    from ttpack.cli.rebuilding import differences

    return {str(one.folder): differences(one, repository) for one in found if one.record}


def _print_json(
    found: "Sequence[Verified]", lists: list[dict[str, str]], rebuilt: dict[str, Any], *, good: bool
) -> None:
    from ttpack.model.json_text import dumps

    answer: dict[str, Any] = {"good": good, "editions": [one.as_json() for one in found], "versions": lists}
    click.echo(dumps({**answer, "rebuilt": rebuilt} if rebuilt else answer))


def _print_text(
    found: "Sequence[Verified]", lists: list[dict[str, str]], rebuilt: dict[str, list[dict[str, str]]], *, good: bool
) -> None:
    for one in found:
        said = one.as_json()
        name = " ".join(filter(None, (said["package"], said["revision"], said["edition"]))) or "no release record"
        _say(f"{one.folder}: {name}, {len(one.files)} files, {said['bytes']} bytes")
        _lines("wrong", [f"{fault.path} {fault.what}" for fault in one.faults])
        _lines("right", one.established)
        _lines("not checked", one.not_checked)
        differing = rebuilt.get(str(one.folder))
        if differing is not None:
            _lines("differs when built anew", [f"{entry['path']} {entry['what']}" for entry in differing])
            if not differing:
                _lines("right", ["built anew it has the same bytes"])
    _lines("wrong", [f"{entry['path']} {entry['what']}" for entry in lists])
    click.echo("Nothing is wrong." if good else "This is not what was released.")


def _say(text: str) -> None:
    """Print a line; names of files and what a release states of itself may hold what steers a terminal."""
    click.echo("".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text))


def _lines(head: str, said: "Sequence[str]") -> None:
    for line in said[:_SHOWN]:
        _say(f"  {head}: {line}")
    if len(said) > _SHOWN:
        click.echo(f"  {head}: and {len(said) - _SHOWN} more (--format json)")
