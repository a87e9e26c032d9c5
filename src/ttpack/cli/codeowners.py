"""`ttpack codeowners`: who reviews which files, written for a forge from the package's own roles."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttpack.cli.opening import folder_in_repository, open_package, open_tree
from ttpack.errors import UnreadableError, UsageError
from ttpack.source.trees import FolderTree

if TYPE_CHECKING:
    from ttpack.analysis.code_owners import CodeOwners

DIFFERS = 1
PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
DEFAULT = "CODEOWNERS"
"""Where GitHub and GitLab both look, unless the repository has one elsewhere."""
FORGE_FILES = ("/.github/", "/.gitlab/", "/.gitlab-ci.yml", "/CODEOWNERS")
_WIDEST = 60


@click.command("codeowners")
@click.argument("path", default=".")
@click.option(
    "--file",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Default: the repository's, or CODEOWNERS at its top.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where the file is not what would be written.")
def command(path: str, file: Path | None, check: bool) -> int:
    """Write the CODEOWNERS of the package at PATH: which team or account reviews which files.

    A file is given to the functions that most change rules about its records name, and always to quality assurance of
    both parties; a role's `forge_team` says who they are on the forge. Only the package's own block in the file is
    written, so several packages and lines written by hand live side by side.
    """
    from ttpack.analysis.change_rules.table import change_rules
    from ttpack.analysis.code_owners import code_owners
    from ttpack.source.change_data import change_rule_rows

    tree = open_tree(path)
    if not isinstance(tree, FolderTree):  # no revision was asked for
        raise UsageError("code owners are those of the files on disk")
    loaded = open_package(tree)
    if loaded.problems:
        count = len(loaded.problems)
        raise UnreadableError(f"{count} problems with the files hide who owns what: run `ttpack check` first")
    owners = code_owners(loaded.package, change_rules(change_rule_rows()).values())
    for function in owners.without_owner:
        click.echo(f"ttpack: no role with function {function} has a forge_team, so nobody is asked for it", err=True)
    for odd in owners.unwritable:
        click.echo(f"ttpack: {odd!a} cannot be written in CODEOWNERS; its folder's owners count", err=True)
    top = Path(tree.repository.top if tree.repository else tree.root)
    target = file or next((top / place for place in PLACES if (top / place).exists()), top / DEFAULT)
    block = list(_block(owners, folder_in_repository(tree), loaded.package.manifest.id))
    return _write(target, block, check=check)


def _block(owners: "CodeOwners", prefix: str, package: str) -> Iterator[str]:
    """The lines between two marks that name the package and its folder."""
    from ttpack.analysis.code_owners import WRITABLE

    top = f"/{prefix}/" if prefix else "/"
    name = f"{package} in {top}" if prefix else package
    if prefix and not WRITABLE.fullmatch(prefix):
        raise UsageError(f"the folder {prefix!a} cannot be written in CODEOWNERS")
    rows = [((f"{top}{one.path}" if one.path or prefix else "*"), one.owners) for one in owners.paths]
    if not prefix:
        always = next((one.owners for one in owners.paths if not one.path), ())
        rows += [(file, always) for file in FORGE_FILES]
    shown = [(path.replace(" ", "\\ "), who) for path, who in rows if who]
    width = min(max((len(path) for path, _ in shown), default=0), _WIDEST)
    yield f"# >>> ttpack codeowners {name}"
    yield "# Written by `ttpack codeowners` from the roles of the package (forge_team). The last matching line counts."
    yield "# A forge asks all who are named and is content with one, unless it is set to ask more; whose agreement a"
    yield "# particular change needs, its impact record says."
    for path, who in shown:
        yield f"{path:<{width}} {' '.join(who)}"
    yield from (f"# {function}: no role names a forge_team" for function in owners.without_owner)
    yield f"# <<< ttpack codeowners {name}"


def _write(target: Path, block: list[str], *, check: bool) -> int:
    try:
        before = target.read_text(encoding="utf-8") if target.exists() else ""
        after = _with_block(before.splitlines(), block, target)
        if check:
            if before == after:
                click.echo(f"{target} is what the package says")
                return 0
            click.echo(f"{target} is not what the package says; to write it: ttpack codeowners")
            return DIFFERS
        if before != after:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(after, encoding="utf-8", newline="\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{target}: {getattr(error, 'strerror', None) or 'is not UTF-8'}") from error
    click.echo(f"{target}: {'written' if before != after else 'unchanged'}")
    return 0


def _with_block(lines: list[str], block: list[str], target: Path) -> str:
    """The lines with the block in the place of its former self, else at the end."""
    marks = [number for number, line in enumerate(lines) if line in (block[0], block[-1])]
    if not marks:
        whole = [*lines, *([""] if lines else []), *block]
    elif len(marks) == 2 and lines[marks[0]] == block[0] and lines[marks[1]] == block[-1]:  # noqa: PLR2004
        whole = [*lines[: marks[0]], *block, *lines[marks[1] + 1 :]]
    else:
        raise UsageError(f"{target} holds the marks of the block, but not one pair of them: mend it by hand")
    return "\n".join(whole) + "\n"
