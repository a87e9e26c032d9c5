"""`ttpack fmt`: record files in canonical form, so that two people who write the same thing write the same text."""

import os
import posixpath
from collections.abc import Iterator
from pathlib import Path

import click

from ttpack.cli.opening import AnyTree, open_tree
from ttpack.errors import UsageError
from ttpack.source.problems import SourceProblem

LEFT_OR_REFUSED = 1


@click.command("fmt")
@click.argument("paths", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a file would change.")
@click.option("--diff", "show", is_flag=True, help="Write nothing; show what would change; exit 1 where a file would.")
def command(paths: tuple[str, ...], check: bool, show: bool) -> int:
    """Bring record files into canonical form: order of fields, quotes, indentation, brackets.

    PATHS are files or folders of a package; without any, it is the package that the current folder belongs to. Values
    keep every digit, and every comment stays with its field. A file is rewritten only when the result has been read
    back and says exactly the same; else it is left as it is, and that is said. The text of Markdown records, and files
    that hold no record, are never touched.
    """
    changed = refused = count = 0
    for tree, path in _chosen(paths):
        count += 1
        try:
            before = tree.read(path)
            after = _formatted(before, path)
        except SourceProblem as problem:
            refused += 1
            _say(f"{problem.path}:{problem.line}:{problem.column}: left as it is: {problem.message} [{problem.code}]")
            continue
        except _refusal() as problem:
            refused += 1
            _say(f"{path}: left as it is: {problem}")
            continue
        if after == before:
            continue
        changed += 1
        if show:
            click.echo(_difference(before, after, path), nl=False)
        elif check:
            click.echo(f"would change  {_printable(path)}")
        else:
            _write(tree, path, after)
            click.echo(f"changed  {_printable(path)}")
    _summary(count, changed, refused, wrote=not (check or show))
    return LEFT_OR_REFUSED if refused or (changed and (check or show)) else 0


def _chosen(paths: tuple[str, ...]) -> Iterator[tuple[AnyTree, str]]:
    """The record files that are asked for, each once, with the tree of their package."""
    from ttpack.source.record_paths import record_paths

    trees: dict[str, tuple[AnyTree, list[str]]] = {}
    wanted: dict[str, set[str]] = {}
    for path in paths or (".",):
        if Path(path).is_symlink():
            raise UsageError(f"{path} is a symbolic link; name the file itself")
        tree = open_tree(path)
        root = os.path.realpath(tree.root)  # type: ignore[union-attr]  # without a revision it is a folder
        if root not in trees:
            trees[root] = (tree, record_paths(tree))
        below = _below(path, root) if paths else "."
        known = trees[root][1]
        found = {one for one in known if below in (".", one) or one.startswith(f"{below}/")}
        if not found and Path(path).is_file():
            _say(f"{path}: no record of the package, left as it is")
        wanted.setdefault(root, set()).update(found)
    for root, found in sorted(wanted.items()):
        yield from ((trees[root][0], path) for path in sorted(found))


def _below(path: str, root: str) -> str:
    """A path as the package names it. Raises UsageError where a link below the package's root is on the way."""
    written = Path(os.path.normpath(Path.cwd() / path))
    above = next((folder for folder in (written, *written.parents) if os.path.realpath(folder) == root), None)
    below = posixpath.relpath(written, above) if above else ""
    if above is None or os.path.realpath(written) != os.path.normpath(f"{root}/{below}"):
        raise UsageError(f"{path} leads through a symbolic link; name the file itself")
    return below


def _formatted(data: bytes, path: str) -> bytes:
    from ttpack.source.yaml_writer import format_document

    return format_document(data, path)


def _refusal() -> type[Exception]:
    from ttpack.source.yaml_writer import CannotRewrite

    return CannotRewrite


def _write(tree: AnyTree, path: str, data: bytes) -> None:
    from ttpack.publish.record_files import replace_file

    replace_file(tree.root, path, data)  # type: ignore[union-attr]  # as above


def _difference(before: bytes, after: bytes, path: str) -> str:
    import difflib

    name = _printable(path)
    old, new = before.decode().splitlines(keepends=True), after.decode().splitlines(keepends=True)
    lines = difflib.unified_diff(old, new, name, name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _summary(count: int, changed: int, refused: int, *, wrote: bool) -> None:
    done = "changed" if wrote else "would change"
    parts = [f"{count - changed - refused} in canonical form", f"{changed} {done}"]
    if refused:
        parts.append(f"{refused} left as they are")
    click.echo(f"{count} files: {', '.join(parts)}")


def _printable(text: str) -> str:
    return "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text)


def _say(message: str) -> None:
    click.echo(_printable(message), err=True)
