"""`ttpack new`: a record of any kind from its example, with the next free id."""

import difflib
import posixpath
from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import click

from ttpack.errors import UsageError
from ttpack.model.ids import LONGEST_ID, is_record_id, overlay_parts, prefix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttpack.cli.opening import AnyTree
    from ttpack.model.package import Package


@click.command("new")
@click.argument("kind", required=False)
@click.option("--id", "record_id", metavar="ID", help="The id (default: the next free number of the kind's prefix).")
@click.option("--scope", metavar="SCOPE", help="A part of the id after the prefix, as BRX in PRM-BRX-001.")
@click.option("--title", metavar="TEXT", help="The title (default: that of the example).")
@click.option("--folder", metavar="FOLDER", help="Where to write it (default: where others of its kind are).")
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
@click.option("--show", is_flag=True, help="Write nothing; show the record.")
def command(  # noqa: PLR0917  one parameter for each option
    kind: str | None,
    record_id: str | None,
    scope: str | None,
    title: str | None,
    folder: str | None,
    path: str,
    show: bool,
) -> int:
    """Add a record of KIND from its example, as a draft with the next free id; without KIND, list the kinds.

    Each field has a comment on what it is. The values are those of the example: replace them, and delete
    `illustrative: true` then. What refers to records that this package lacks stands as a comment.
    """
    from ttpack.cli.opening import open_package, open_tree, tells_unread
    from ttpack.source.examples import example_kinds, new_record_text

    kinds = example_kinds()
    if kind is None:
        _list(kinds)
        return 0
    if kind not in kinds:
        raise UsageError(_no_such_kind(kind, kinds))
    tree = open_tree(path)
    loaded = open_package(tree)
    package = loaded.package
    new_id = _id(tree, package, kind, record_id, scope)
    lacking = dangling(kind, new_id, package)
    text = new_record_text(kind, new_id, title, lambda field: field in lacking)
    if show:
        click.echo(text, nl=False)
        return 0
    target = f"{folder.rstrip('/') if folder else record_folder(package, kind, new_id)}/{new_id}.yaml"
    write_record_file(tree, package, target, text)
    click.echo(f"written  {target}")
    click.echo("next     replace what the example says, then ttpack check")
    return 1 if tells_unread(loaded) else 0


def _list(kinds: tuple[str, ...]) -> None:
    from ttpack.source.examples import example_text

    width = max(map(len, kinds))
    for kind in kinds:
        first = example_text(kind).partition("\n")[0].lstrip("# ").strip()
        click.echo(f"{kind:{width}}  {first}")


def _no_such_kind(kind: str, kinds: tuple[str, ...]) -> str:
    if kind == "package":
        return "a package is started with ttpack init"
    near = difflib.get_close_matches(kind.lower().replace("-", "_").replace(" ", "_"), kinds, 3, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "ttpack new lists the kinds"
    return f"there is no kind {kind[:60]!r}; {hint}"


def _id(tree: "AnyTree", package: "Package", kind: str, given: str | None, scope: str | None) -> str:
    """The id asked for, or the next free one. Raises UsageError for one that is taken, was, or is not well formed."""
    from ttpack.analysis.free_ids import ids_taken, next_free_id
    from ttpack.source.examples import example_text

    taken = ids_taken(package) | set(removed_ids(tree))
    example = next(line.split()[1] for line in example_text(kind).splitlines() if line.startswith("id: "))
    if given is None and overlay_parts(example)[1]:
        raise UsageError(f"name the record and the site that it overlays: --id {example}")
    if given is None:
        head = f"{prefix(example)}-{scope}" if scope else prefix(example)
        given = next_free_id(head, taken)
    if overlay_parts(given)[1] and not overlay_parts(example)[1]:
        raise UsageError(f"{given[:LONGEST_ID]} is the id of a site overlay: ttpack new site_overlay")
    if not is_record_id(given):
        raise UsageError(f"{given[:LONGEST_ID]!r} is no id; write it as {example}")
    if given in taken:
        place = package.locations.get(given)
        where = f" ({place.path})" if place else ", by a record that is not there any more"
        raise UsageError(f"{given} is taken{where}: ids are never used again")
    return given


def removed_ids(tree: "AnyTree") -> list[str]:
    """Ids of records whose file, named by its id, was once removed from the repository."""
    if tree.repository is None or tree.revision.commit is None:
        return []
    listed = tree.repository.run("log", "--diff-filter=DR", "--no-renames", "--name-only", "--format=", "-z", "HEAD")
    stems = (PurePosixPath(name).stem for name in listed.decode("utf-8", "replace").replace("\n", "\0").split("\0"))
    return [stem for stem in stems if is_record_id(stem)]


def dangling(kind: str, record_id: str, package: "Package") -> set[str]:
    """Top-level fields of the example that refer to records which the package lacks; those that it needs stay."""
    from ttpack.model.graph import Link, plan, prose_references, strings
    from ttpack.model.kinds import KINDS, PREFIXES
    from ttpack.source.documents import read_yaml
    from ttpack.source.examples import example_text

    raw: Mapping[str, Any] = read_yaml(example_text(kind).encode(), f"{kind}.yaml")[0].data
    record = KINDS[kind].model_validate(raw)
    links: list[Link] = []
    for name, walk in plan(type(record)):
        value = getattr(record, name)
        if value:
            walk(record_id, value, name, links)
    named = [(link.field, link.target) for link in links]
    known = {one for prefixes in PREFIXES.values() for one in prefixes}
    # WC-CPP is a class and BR-301 a tag: only the prefix of a kind makes a word an id that somebody may look up.
    named += [(field, text) for field, text in strings(raw) if field != "id" and prefix(text) in known]
    named += [(field, target) for field, text in strings(raw) for target, _ in prose_references(text)]
    absent = {field for field, target in named if is_record_id(target) and target not in package.records}
    fields = {field.partition(".")[0].partition("[")[0] for field in absent}
    return {field for field in fields if not type(record).model_fields[field].is_required()}


def record_folder(package: "Package", kind: str, record_id: str) -> str:
    """Where most records of the kind and scope are, else the folder all of the kind share, else one of its own."""
    parents = {
        record.id: str(PurePosixPath(package.locations[record.id].path).parent)
        for record in package.records.values()
        if record.kind == kind and record.id in package.locations
    }
    head = record_id.rpartition("-")[0]
    known = Counter(folder for one, folder in parents.items() if "-" in head and one.startswith(f"{head}-"))
    if known:
        return min(known, key=lambda folder: (-known[folder], folder))
    first = next(iter(package.manifest.records), "records")
    shared = posixpath.commonpath(parents.values()) if parents else ""
    return shared if shared not in ("", ".", first) else str(PurePosixPath(first) / kind.replace("_", "-"))


def write_record_file(tree: "AnyTree", package: "Package", path: str, text: str) -> None:
    """Write a new file into a folder of records. Raises UsageError for another place or a file that is there."""
    from ttpack.publish.record_files import write_new

    parts = PurePosixPath(path).parts
    if path.startswith("/") or ".." in parts:
        raise UsageError(f"{path} does not lie in the package")
    folders = [PurePosixPath(folder) for folder in package.manifest.records]
    if not any(folder in PurePosixPath(path).parents or folder == PurePosixPath() for folder in folders):
        names = ", ".join(map(str, folders))
        raise UsageError(f"{path} lies in no folder of records, so nothing would read it; folders are {names}")
    if path in tree.entries():
        raise UsageError(f"{path} is there already")
    write_new(tree.root, path, text.encode())  # type: ignore[union-attr]  # without a revision it is a folder
