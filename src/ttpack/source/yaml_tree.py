"""A YAML document as a tree that knows how it was written: places, quotes, brackets, and the comments of each field.

The grammar is that of our reader (libyaml), so there is nothing that one accepts and the other reads differently.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any, Literal

from yaml import MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent
from yaml._yaml import CParser

from ttpack.source.yaml_comments import Comment, comments_of

Position = tuple[int, int]
"""Line and column, both from 0."""


@dataclass(slots=True, eq=False)
class Node:
    """A value: a scalar with its text and style, or a mapping or list with its entries.

    `flow` is true for brackets. `raw` holds the lines of a block scalar without header and indentation. `foot` are
    comments after the last entry, `foot_line` is the line where they begin, from 0, or -1.
    """

    kind: Literal["scalar", "mapping", "list"]
    start: Position
    end: Position = (0, 0)
    text: str = ""
    style: str = ""
    raw: tuple[str, ...] = ()
    flow: bool = False
    entries: "list[Entry]" = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
    foot_line: int = -1

    @property
    def block(self) -> bool:
        """Whether it is a mapping or list that stands on lines of its own."""
        return self.kind != "scalar" and not self.flow

    def get(self, key: str) -> "Entry | None":
        """The entry of a mapping with that key."""
        return next((entry for entry in self.entries if entry.key is not None and entry.key.text == key), None)


@dataclass(slots=True, eq=False)
class Entry:
    """A field of a mapping (with its key) or an item of a list, and the comments that belong to it.

    `lead` are the comment lines above it, an empty text for a blank line; `tail` the comment behind it. `first` is the
    line where these lines begin, from 0.
    """

    key: Node | None
    value: Node
    start: Position
    lead: list[str] = field(default_factory=list)
    tail: str = ""
    first: int = 0

    @property
    def end(self) -> Position:
        """Where its value ends."""
        return self.value.end

    @property
    def name(self) -> str:
        """The key's text; empty for an item."""
        return self.key.text if self.key is not None else ""


@dataclass(slots=True, eq=False)
class Written:
    """A whole document: `head` are the comments above everything, `marked` whether it begins with `---`."""

    lines: list[str]
    root: Node
    head: list[str]
    marked: bool


def parse_written(text: str) -> Written:
    """The document in `text`, which our reader must have accepted and whose lines end with LF."""
    lines = text.split("\n")
    comments, marker = comments_of(text)
    root = _Reader(text, lines).document()
    written = Written(lines, root, [], marker is not None)
    _attach(written, comments, marker)
    return written


class _Reader:
    """Builds the tree from libyaml's events."""

    def __init__(self, text: str, lines: list[str]) -> None:
        self.lines = lines
        self.next_event = CParser(text.encode()).get_event

    def document(self) -> Node:
        self.next_event()
        self.next_event()
        return self.node(self.next_event())

    def node(self, event: Any) -> Node:
        """The value that begins with `event`."""
        start, end = _place(event.start_mark), _place(event.end_mark)
        if event.__class__ is ScalarEvent:
            style = event.style or ""
            raw: tuple[str, ...] = ()
            if style == "|":
                raw = tuple(event.value.split("\n"))
            elif style == ">":
                raw = self.block_lines(start, end)
            if style in ("|", ">") and style and not end[1] and end[0] > start[0]:
                end = (end[0] - 1, len(self.lines[end[0] - 1]))  # the line break is not part of the next line
            return Node("scalar", start, end, event.value, style, raw)
        flow = bool(event.flow_style)
        if event.__class__ is MappingStartEvent:
            node = Node("mapping", start, flow=flow)
            self.mapping(node)
        else:
            assert event.__class__ is SequenceStartEvent  # noqa: S101  the reader refused everything else
            node = Node("list", start, flow=flow)
            self.items(node)
        return node

    def mapping(self, node: Node) -> None:
        while (event := self.next_event()).__class__ is not MappingEndEvent:
            key = self.node(event)
            value = self.node(self.next_event())
            node.entries.append(Entry(key, value, key.start))
        node.end = self.end_of(node, event)

    def items(self, node: Node) -> None:
        while (event := self.next_event()).__class__ is not SequenceEndEvent:
            value = self.node(event)
            node.entries.append(Entry(None, value, value.start if node.flow else self.dash(node, value)))
        node.end = self.end_of(node, event)

    def dash(self, node: Node, value: Node) -> Position:
        """Where the dash of an item stands: in the column of the list, on the last line that has one there."""
        column = node.start[1]
        for line in range(value.start[0], -1, -1):
            if self.lines[line][column : column + 1] == "-" and not self.lines[line][:column].strip(" -?:"):
                return line, column
        return value.start

    @staticmethod
    def end_of(node: Node, event: Any) -> Position:
        """The end of brackets, or of the last entry: libyaml ends a block only where the next thing begins."""
        return _place(event.end_mark) if node.flow or not node.entries else node.entries[-1].end

    def block_lines(self, start: Position, end: Position) -> tuple[str, ...]:
        """The lines of folded text below its header, without their common indentation."""
        header = self.lines[start[0]][start[1] :].split("#")[0]
        lines = self.lines[start[0] + 1 : end[0] + (1 if end[1] else 0)]
        widths = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" ")]
        explicit = any(character.isdigit() for character in header)
        if not widths:
            return ()
        width = min(widths) if explicit else widths[0]
        return tuple(line[width:] for line in lines)


def _place(mark: Any) -> Position:
    return mark.line, mark.column


class _Places:
    """Every entry of a document in the order of the text, each with what holds it."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.entries: list[Entry] = []
        self.holders: dict[int, tuple[Entry | None, Node]] = {}
        self._add(root, None)
        self.starts = [entry.start for entry in self.entries]

    def _add(self, node: Node, holder: Entry | None) -> None:
        for entry in node.entries:
            self.entries.append(entry)
            self.holders[id(entry)] = (holder, node)
            self._add(entry.value, entry)

    def around(self, place: Position) -> tuple[list[Entry], Entry | None]:
        """The last entry that begins above a place, after those that hold it; and the next entry that begins below."""
        at = bisect_left(self.starts, place)
        chain: list[Entry] = []
        entry = self.entries[at - 1] if at else None
        while entry is not None:
            chain.append(entry)
            entry = self.holders[id(entry)][0]
        return chain[::-1], self.entries[at] if at < len(self.entries) else None

    def container(self, entry: Entry) -> Node:
        """The mapping or list that an entry stands in."""
        return self.holders[id(entry)][1]


def _attach(written: Written, comments: list[Comment], marker: int | None) -> None:
    """Give each comment to the entry, or to the end of the mapping or list, that it stands with."""
    if not written.root.entries:
        written.head.extend(comment.text for comment in comments)
        return
    places = _Places(written.root)
    leads: dict[int, list[Comment]] = {}
    feet: dict[int, tuple[Node, list[Comment]]] = {}
    for comment in comments:
        if marker is not None and comment.line < marker:
            written.head.append(comment.text)
        elif comment.alone:
            owner = _owner_of_line(comment, places)
            if isinstance(owner, Entry):
                leads.setdefault(id(owner), []).append(comment)
            else:
                feet.setdefault(id(owner), (owner, []))[1].append(comment)
        else:
            entry = _owner_of_tail(comment, places)
            if entry is None:
                written.head.append(comment.text)
            elif entry.tail or (entry.value.block and entry.key is None):
                leads.setdefault(id(entry), []).append(comment)
            else:
                entry.tail = comment.text
    for entry in places.entries:
        _lead(written, entry, leads.get(id(entry), []))
    for node, found in feet.values():
        node.foot = _with_blanks(written.lines, found)
        node.foot_line = _above_blanks(written.lines, found[0].line)
    _head(written, marker)


def _owner_of_line(comment: Comment, places: _Places) -> Entry | Node:
    """The entry below a comment line, or the mapping or list that the comment's indentation says it ends."""
    place = (comment.line, comment.column)
    chain, following = places.around(place)
    inside = [entry for entry in chain if entry.end > place]
    brackets = [entry.value for entry in inside if entry.value.flow and entry.value.start < place]
    if places.root.flow and places.root.start < place < places.root.end:
        brackets.insert(0, places.root)
    if brackets:
        inner = brackets[-1]
        if not inner.entries:
            return inside[-1]
        return following if following is not None and following.start < inner.end else inner
    if inside and not inside[-1].value.block:
        return inside[-1]  # between a key and its value
    column = following.start[1] if following else -1
    if following and comment.column <= column:
        return following
    within = places.container(following) if following else None
    ended = [
        node for node in map(places.container, chain)
        if node.block and node is not within and column < node.entries[0].start[1] <= comment.column
    ]  # fmt: skip
    if ended:
        return max(ended, key=lambda node: node.entries[0].start[1])
    return following or places.root


def _owner_of_tail(comment: Comment, places: _Places) -> Entry | None:
    """The entry that a comment at the end of a line stands behind."""
    place = (comment.line, comment.column)
    chain, _ = places.around(place)
    ended = [
        entry for entry in chain
        if comment.line in (entry.end[0], entry.start[0]) and entry.end <= place and not entry.value.block
    ]  # fmt: skip
    if ended:
        return ended[0]
    return chain[-1] if chain else None


def _lead(written: Written, entry: Entry, comments: list[Comment]) -> None:
    """Set the lines above an entry: its comments, and a blank line wherever there are any."""
    lines = written.lines
    entry.lead = _with_blanks(lines, comments)
    entry.first = min([entry.start[0], *(comment.line for comment in comments if comment.alone)])
    if not comments or comments[-1].alone:
        above = entry.start[0] - 1
        alone = not lines[entry.start[0]][: entry.start[1]].strip()
        if alone and above >= 0 and not lines[above].strip():
            entry.lead.append("")
    if not lines[entry.start[0]][: entry.start[1]].strip():
        entry.first = _above_blanks(lines, entry.first)


def _above_blanks(lines: list[str], line: int) -> int:
    while line > 0 and not lines[line - 1].strip():
        line -= 1
    return line


def _with_blanks(lines: list[str], comments: list[Comment]) -> list[str]:
    found: list[str] = []
    for comment in comments:
        if comment.alone and comment.line > 0 and not lines[comment.line - 1].strip():
            found.append("")
        found.append(comment.text)
    return found


def _head(written: Written, marker: int | None) -> None:
    """Part the comments above the first entry: down to the last blank line they belong to the whole file."""
    if not written.root.entries:
        return
    first = written.root.entries[0]
    while first.lead and not first.lead[0]:
        del first.lead[0]
    if marker is None and "" in first.lead:
        cut = len(first.lead) - first.lead[::-1].index("")
        written.head.extend(first.lead[:cut])
        del first.lead[:cut]
        first.first = first.start[0] - len(first.lead)
