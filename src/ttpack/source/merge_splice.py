"""The text of a merge: one side's file, changed only where the merged data differ from it, comments and all."""

from collections.abc import Collection
from typing import Any, NamedTuple

from ttpack.source.merge_data import ABSENT, Path, equal
from ttpack.source.merge_entries import (
    CannotSplice,
    by_entries,
    combined,
    comments,
    data_of,
    emitted,
    inner,
    named,
    ordered,
    pick,
    shape_of,
    values,
)
from ttpack.source.yaml_emit import kind_of, plain_or_quoted
from ttpack.source.yaml_order import NO_SHAPE, Shape, record_shape
from ttpack.source.yaml_scalars import is_unit
from ttpack.source.yaml_tree import Entry, Node, Written

OURS, MIDDLE, THEIRS = "<<<<<<< ours", "=======", ">>>>>>> theirs"
"""Lines around a conflict, as git writes them."""


class _Entries(NamedTuple):
    """One field or item on the three sides."""

    base: Entry | None
    mine: Entry | None
    yours: Entry | None


class _Spot(NamedTuple):
    """Where a field or item stands, what it must say (ABSENT for nothing), and the shape of its value."""

    path: Path
    value: Any
    column: int
    shape: Shape


class Splice:
    """Writes merged data into `canvas`, one of two sides, taking text and comments from `other` where they changed."""

    def __init__(
        self, base: Written, canvas: Written, other: Written, conflicts: Collection[Path], *, canvas_is_ours: bool
    ) -> None:
        self.base = base
        self.canvas = canvas
        self.other = other
        self.conflicts = frozenset(conflicts)
        self.canvas_is_ours = canvas_is_ours
        self.marked: list[Path] = []
        self.last: dict[int, int] = {}
        end = len(canvas.lines)
        while not canvas.lines[end - 1].strip():
            end -= 1
        self._spans(canvas.root, end)

    def text(self, value: Any) -> str:
        """The merged text; conflicts stand between markers, and `marked` names them. Raises CannotSplice."""
        root = self.canvas.root
        if root.flow or self.other.root.kind != root.kind or self.base.root.kind != root.kind:
            raise CannotSplice
        lines = self.canvas.lines
        shape = record_shape(kind_of(root)) if root.kind == "mapping" else NO_SHAPE
        result = lines[: root.entries[0].first]
        result += self._block((self.base.root, root, self.other.root), _Spot((), value, 0, shape))
        result += lines[root.foot_line :] if root.foot_line >= 0 else []
        while result and not result[-1]:
            result.pop()
        return "\n".join(result) + "\n"

    def _spans(self, node: Node, end: int) -> None:
        """Note for each entry of a block the line where its text ends."""
        if node.foot_line >= 0:
            end = min(end, node.foot_line)
        following = [*(entry.first for entry in node.entries[1:]), end]
        for entry, last in zip(node.entries, following, strict=True):
            self.last[id(entry)] = last
            if entry.value.block:
                self._spans(entry.value, last)

    def _block(self, versions: tuple[Node | None, Node, Node | None], spot: _Spot) -> list[str]:
        """The lines of a mapping or list that stands on lines of its own."""
        node = versions[1]
        before, mine, yours = (named(side, versions) for side in versions)
        wanted = values(spot.value, versions)
        kept = [name for name in {**wanted, **mine, **yours} if name in wanted or self._hit((*spot.path, name))]
        order = ordered(kept, list(wanted) if node.kind == "list" else list(mine), list(mine), list(yours), set(before))
        column = node.entries[0].start[1]
        names = [entry.name for entry in node.entries]
        lines: list[str] = []
        for name in order:
            entries = _Entries(before.get(name), mine.get(name), yours.get(name))
            below = shape_of(spot.shape, entries, names, top=not spot.path)
            lines += self._entry(entries, _Spot((*spot.path, name), wanted.get(name, ABSENT), column, below))
        return self._with_prefix(node, lines)

    def _with_prefix(self, node: Node, lines: list[str]) -> list[str]:
        """Put back the dash that the first field of an item stands behind."""
        line, column = node.entries[0].start
        prefix = self.canvas.lines[line][:column]
        if not prefix.strip():
            return lines
        if (
            not lines
            or lines[0][:column] not in (prefix, " " * column)
            or lines[0][column : column + 1] in ("", "#", " ")
        ):
            raise CannotSplice
        return [prefix + lines[0][column:], *lines[1:]]

    def _entry(self, entries: _Entries, spot: _Spot) -> list[str]:
        """The lines of one field or item."""
        base, mine, yours = entries
        hit = self._hit(spot.path)
        if mine is not None and yours is not None and spot.path not in self.conflicts and by_entries(mine, yours):
            untouched = equal(data_of(mine.value), spot.value) and comments(yours) in (comments(base), comments(mine))
            if hit or not untouched:
                marked = len(self.marked)
                try:
                    return self._inside(base, mine, yours, spot)
                except CannotSplice:
                    del self.marked[marked:]
                    if not hit:
                        raise
        if hit:
            return self._conflict(mine, yours, spot)
        if spot.value is ABSENT:
            return []
        if mine is None:
            return emitted(yours, spot.column, spot.shape) if yours is not None else []
        return self._raw(mine) if yours is None else self._replaced(base, mine, yours, spot)

    def _replaced(self, base: Entry | None, mine: Entry, yours: Entry, spot: _Spot) -> list[str]:
        """A field or item taken whole: as it stands where nothing changed, else with what changed on the other side."""
        lead, tail = _around(base, mine, yours)
        within = pick(inner(base), inner(mine), inner(yours))
        if equal(data_of(mine.value), spot.value):
            node = mine.value if within == inner(mine) else yours.value
        elif equal(data_of(yours.value), spot.value) and not _restyled(base, mine):
            node = yours.value
        else:
            node = combined(spot.value, mine.value, yours.value)
        entry = Entry(mine.key, node, mine.start, lead, tail)
        if inner(entry) != within or not equal(data_of(node), spot.value):
            raise CannotSplice
        if node is mine.value and lead == mine.lead and tail == mine.tail:
            return self._raw(mine)
        if _on_one_line(mine.value) and _on_one_line(node) and lead == mine.lead and tail == mine.tail:
            return self._with_scalar(mine, node)
        return emitted(entry, spot.column, spot.shape)

    def _with_scalar(self, entry: Entry, node: Node) -> list[str]:
        """An entry as it stands with another scalar: one line changes, nothing else on it."""
        lines, (line, begin), (_, end) = self._raw(entry), entry.value.start, entry.value.end
        at = line - entry.first
        text = plain_or_quoted(node, flow=False, quote=is_unit(entry.name))
        return [*lines[:at], lines[at][:begin] + text + lines[at][end:], *lines[at + 1 :]]

    def _inside(self, base: Entry | None, mine: Entry, yours: Entry, spot: _Spot) -> list[str]:
        """A field or item whose mapping or list is merged entry by entry; its own line stays."""
        lines, first = self.canvas.lines, mine.value.entries[0]
        alone = not lines[first.start[0]][: first.start[1]].strip()
        head = lines[mine.first : first.first if alone else mine.start[0]]
        lead, tail = _around(base, mine, yours)
        if (lead, tail) != (mine.lead, mine.tail):
            column = " " * mine.start[1]
            own = lines[mine.start[0] : first.first] if alone else []
            if own and tail != mine.tail:
                own[0] = f"{own[0].rstrip().removesuffix(mine.tail).rstrip()}  {tail}".rstrip()
            head = [*(column + comment if comment else "" for comment in lead), *own]
        body = self._block((base.value if base else None, mine.value, yours.value), spot)
        foot = mine.value.foot_line
        return [*head, *body, *(lines[foot : self.last[id(mine)]] if foot >= 0 else [])]

    def _conflict(self, mine: Entry | None, yours: Entry | None, spot: _Spot) -> list[str]:
        """Both sides of a field or item between markers."""
        if mine is not None and self.canvas.lines[mine.start[0]][: mine.start[1]].strip():
            raise CannotSplice
        self.marked.append(spot.path)
        here = self._raw(mine) if mine is not None else []
        there = emitted(yours, spot.column, spot.shape) if yours is not None else []
        ours, theirs = (here, there) if self.canvas_is_ours else (there, here)
        return [OURS, *ours, MIDDLE, *theirs, THEIRS]

    def _raw(self, entry: Entry) -> list[str]:
        return self.canvas.lines[entry.first : self.last[id(entry)]]

    def _hit(self, path: Path) -> bool:
        return any(conflict[: len(path)] == path for conflict in self.conflicts)


def _on_one_line(node: Node) -> bool:
    """Whether it is a scalar that is written, and on one line."""
    return node.kind == "scalar" and node.start[0] == node.end[0] and node.start != node.end


def _restyled(base: Entry | None, mine: Entry) -> bool:
    """Whether our side changed from brackets to lines or back: what it looks like is then ours."""
    return base is not None and base.value.kind == mine.value.kind != "scalar" and base.value.flow != mine.value.flow


def _around(base: Entry | None, mine: Entry, yours: Entry) -> tuple[list[str], str]:
    """The comments above and behind an entry, of whoever changed them."""
    lead = pick(base.lead if base else [], mine.lead, yours.lead)
    return lead, pick(base.tail if base else "", mine.tail, yours.tail)
