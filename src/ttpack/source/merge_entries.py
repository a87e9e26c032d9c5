"""Parts of a merge: entries by name, their data and comments, and where a new one goes."""

from collections.abc import Sequence
from typing import Any

from ttpack.source.merge_data import equal
from ttpack.source.merge_lists import identity
from ttpack.source.scalars import plain_scalar
from ttpack.source.yaml_emit import emit_entry, kind_of
from ttpack.source.yaml_order import Shape, record_shape
from ttpack.source.yaml_tree import Entry, Node
from ttpack.source.yaml_writer import data_node


class CannotSplice(ValueError):
    """The merged data cannot be written into the file by changing whole fields and items."""


def data_of(node: Node) -> Any:
    """The plain data of a part of a document, as the reader gives it."""
    if node.kind == "mapping":
        return {entry.name: data_of(entry.value) for entry in node.entries}
    if node.kind == "list":
        return [data_of(entry.value) for entry in node.entries]
    return node.text if node.style else plain_scalar(node.text)


def named(node: Node | None, versions: Sequence[Node | None]) -> dict[str, Entry]:
    """The entries of a mapping by their keys, or of a list by the names that its versions' items have.

    Raises CannotSplice for a list whose items have no names.
    """
    if node is None:
        return {}
    if node.kind == "mapping":
        return {entry.name: entry for entry in node.entries}
    name = identity(*(data_of(version) for version in versions if version is not None))
    if name is None:
        raise CannotSplice
    return {name(data_of(entry.value)): entry for entry in node.entries}


def values(value: Any, versions: Sequence[Node | None]) -> dict[str, Any]:
    """The merged values of a mapping or list by the same names."""
    if isinstance(value, dict):
        return value
    name = identity(value, *(data_of(version) for version in versions if version is not None))
    if name is None:
        raise CannotSplice
    return {name(item): item for item in value}


def ordered(kept: list[str], start: list[str], mine: list[str], yours: list[str], known: set[str]) -> list[str]:
    """The names in `kept`: those of `start` in its order, the others behind what they stand behind on their side."""
    result = [name for name in start if name in kept]
    own = {name for name in mine if name not in known}
    for side in (mine, yours):
        before: str | None = None
        for name in side:
            if name in kept and name not in result:
                at = result.index(before) + 1 if before is not None else min(1, len(result))
                while at < len(result) and result[at] in own:
                    at += 1
                result.insert(at, name)
            if name in result:
                before = name
    return result


def combined(value: Any, mine: Node, yours: Node) -> Node:
    """A part that neither side has as a whole, made of parts that one of them has, as written there."""
    if equal(data_of(mine), value):
        return mine
    if mine.kind != yours.kind or mine.kind == "scalar":
        return yours if equal(data_of(yours), value) else data_node(value, 1)
    sides = (named(mine, (mine, yours)), named(yours, (mine, yours)))
    entries = []
    for name, item in values(value, (mine, yours)).items():
        found = [side[name] for side in sides if name in side]
        if not found:
            raise CannotSplice
        node = combined(item, found[0].value, found[-1].value)
        entries.append(Entry(found[0].key, node, found[0].start))
    return Node(mine.kind, mine.start, mine.end, flow=mine.flow, entries=entries)


def comments(entry: Entry | None) -> list[str]:
    """Every comment of an entry and of what is inside it."""
    return [] if entry is None else [*filter(None, entry.lead), *filter(None, [entry.tail]), *inner(entry)]


def inner(entry: Entry | None) -> list[str]:
    """Every comment inside an entry's value."""
    if entry is None:
        return []
    return [text for below in entry.value.entries for text in comments(below)] + [*filter(None, entry.value.foot)]


def pick(base: Any, mine: Any, yours: Any) -> Any:
    """The one that changed. Raises CannotSplice where both did, differently."""
    if mine in (base, yours):
        return yours
    if yours == base:
        return mine
    raise CannotSplice


def shape_of(shape: Shape, entries: Sequence[Entry | None], names: Sequence[str], *, top: bool) -> Shape:
    """The shape of the value of one entry."""
    entry = next(entry for entry in entries if entry is not None)
    if entry.key is not None:
        return shape.child(entry.name, names)
    return record_shape(kind_of(entry.value)) if top else shape


def emitted(entry: Entry, column: int, shape: Shape) -> list[str]:
    """The canonical lines of an entry, with the blank line above it if it has one."""
    lines = ["above"]
    emit_entry(entry, column, shape, lines)
    return lines[1:]


def by_entries(mine: Entry, yours: Entry) -> bool:
    """Whether both values are mappings, or lists, that can be merged entry by entry: ours on lines of its own."""
    return mine.value.block and mine.value.kind == yours.value.kind and bool(yours.value.entries)
