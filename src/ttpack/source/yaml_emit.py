"""Canonical YAML text of a tree: order of fields, quotes, indentation and brackets, each comment with its field."""

from ttpack.source.scalars import UnusableNumber, plain_scalar
from ttpack.source.yaml_order import NO_SHAPE, Shape, record_shape
from ttpack.source.yaml_scalars import WIDTH, can_be_plain, folded, is_unit, quoted
from ttpack.source.yaml_tree import Entry, Node, Written

STEP = 2
"""Columns that a mapping, and the dash of a list, stand in from what holds them; an item's content stands 2 more."""


def emit_document(written: Written) -> str:
    """The whole document in canonical form."""
    lines = [*written.head]
    if written.marked:
        lines.append("---")
    emit_root(written.root, lines)
    return "\n".join(_without_needless_blanks(lines, marked=written.marked)) + "\n"


def emit_root(root: Node, lines: list[str]) -> None:
    """Append the lines of a record or of a list of records."""
    if root.kind == "mapping" and root.entries:
        _mapping(root, 0, record_shape(kind_of(root)), lines)
    elif root.entries:
        _list(root, 0, NO_SHAPE, lines, top=True)
    else:
        lines.append("{}" if root.kind == "mapping" else "[]")
    _comments(root.foot, 0, lines)


def kind_of(node: Node) -> str | None:
    """The kind that a record gives itself."""
    found = node.get("kind") if node.kind == "mapping" else None
    return found.value.text if found is not None else None


def emit_entry(entry: Entry, column: int, shape: Shape, lines: list[str]) -> None:
    """Append the lines of one field, or of one item with its dash, beginning in a column; `shape` is of its value."""
    if entry.key is None:
        _item(entry, column, shape, lines)
    else:
        _field(entry, column, shape, lines)


def _mapping(node: Node, column: int, shape: Shape, lines: list[str]) -> None:
    names = [entry.name for entry in node.entries]
    for index in shape.order(names):
        entry = node.entries[index]
        _field(entry, column, shape.child(entry.name, names), lines)


def _list(node: Node, column: int, shape: Shape, lines: list[str], *, top: bool = False) -> None:
    for entry in node.entries:
        _item(entry, column, record_shape(kind_of(entry.value)) if top else shape, lines)


def _field(entry: Entry, column: int, shape: Shape, lines: list[str]) -> None:
    """A key and its value; a value in brackets that is too long for a line is written on lines of its own."""
    _comments(entry.lead, column, lines)
    start = " " * column + _key(entry.name) + ":"
    value = entry.value
    if value.kind == "scalar":
        _scalar(start, entry, column, lines)
        return
    line = one_line(value, shape) if value.flow else None
    if line is not None and len(start) + 1 + len(line) <= WIDTH:
        lines.append(_with_tail(f"{start} {line}", entry.tail))
        return
    lines.append(_with_tail(start, entry.tail))
    if value.kind == "mapping":
        _mapping(value, column + STEP, shape, lines)
    else:
        _list(value, column + STEP, shape, lines)
    _comments(value.foot, column + STEP, lines)


def _item(entry: Entry, column: int, shape: Shape, lines: list[str]) -> None:
    """A dash and its value. What stands above the first field of an item's mapping stands above the dash."""
    _comments(entry.lead, column, lines)
    value = entry.value
    start = " " * column + "-"
    if value.kind == "scalar":
        _scalar(start, entry, column, lines)
        return
    line = one_line(value, shape) if value.flow else None
    if line is not None and len(start) + 1 + len(line) <= WIDTH:
        lines.append(_with_tail(f"{start} {line}", entry.tail))
        return
    _comments([entry.tail] if entry.tail else [], column, lines)
    inner: list[str] = []
    if value.kind == "mapping":
        _mapping(value, column + STEP, shape, inner)
    else:
        _list(value, column + STEP, shape, inner)
    above = 0
    while not inner[above].strip() or inner[above].lstrip().startswith("#"):
        _comments([inner[above].strip()], column, lines)
        above += 1
    lines.append(start + " " + inner[above][column + STEP :])
    lines.extend(inner[above + 1 :])
    _comments(value.foot, column + STEP, lines)


def _scalar(start: str, entry: Entry, column: int, lines: list[str]) -> None:
    """Append a field or item with a scalar; `start` is its key with colon, or its dash."""
    node = entry.value
    if node.style in ("|", ">") and node.style:
        lines.append(_with_tail(f"{start} {block_header(node)}", entry.tail))
        lines.extend(" " * (column + STEP) + line if line else "" for line in block_content(node))
        return
    text = plain_or_quoted(node, flow=False, quote=is_unit(entry.name))
    if node.start[0] != node.end[0] and ("\n" in node.text or len(start) + 1 + len(text) > WIDTH):
        content = folded(node.text, WIDTH - column - STEP)
        if content is not None:
            lines.append(_with_tail(f"{start} >-", entry.tail))
            lines.extend(" " * (column + STEP) + line if line else "" for line in content)
            return
    lines.append(_with_tail(f"{start} {text}" if text else start, entry.tail))


def plain_or_quoted(node: Node, *, flow: bool, quote: bool) -> str:
    """A scalar on one line: its author's digits and quotes, and quotes where its text or its field needs them."""
    text = node.text
    if node.style in ("'", '"') and node.style:
        return quoted(text)
    if node.style:
        return text if not quote and can_be_plain(text, flow=flow) else quoted(text)
    try:
        value = plain_scalar(text)
    except UnusableNumber:
        value = None
    if isinstance(value, str):
        return quoted(text) if quote or not can_be_plain(text, flow=flow) else text
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null" if text or flow else ""
    return text


def one_line(node: Node, shape: Shape) -> str | None:
    """A mapping or list in brackets as one line; None where a comment stands inside."""
    if node.kind == "scalar":
        return plain_or_quoted(node, flow=True, quote=False)
    if node.foot or any(entry.lead or entry.tail for entry in node.entries):
        return None
    parts = []
    names = [entry.name for entry in node.entries]
    for index in shape.order(names) if node.kind == "mapping" else range(len(names)):
        entry = node.entries[index]
        if entry.value.kind == "scalar":
            value: str | None = plain_or_quoted(entry.value, flow=True, quote=is_unit(entry.name))
        else:
            value = one_line(entry.value, shape.child(entry.name, names) if entry.key is not None else shape)
        if value is None:
            return None
        parts.append(value if entry.key is None else f"{_key(entry.name, flow=True)}: {value}")
    inside = ", ".join(parts)
    return f"{{{inside}}}" if node.kind == "mapping" else f"[{inside}]"


def block_header(node: Node) -> str:
    """`>`, `|` or their like, with which line breaks at the end count, and the indentation where needed."""
    content = block_content(node)
    text = node.text
    ending = "-" if not text.endswith("\n") else "+" if text == "\n" or text.endswith("\n\n") else ""
    leading = next((line for line in content if line), "")
    return f"{node.style}{STEP if leading.startswith(' ') else ''}{ending}"


def block_content(node: Node) -> list[str]:
    """The lines of a block scalar; blank ones at its end only where they are part of the text."""
    content = list(node.raw)
    keep = len(node.text) - len(node.text.rstrip("\n"))
    while content and not content[-1]:
        content.pop()
    return content + [""] * (keep - 1 if node.text.strip("\n") else keep)


def _key(name: str, *, flow: bool = False) -> str:
    return name if can_be_plain(name, flow=flow, key=True) else quoted(name)


def _with_tail(line: str, tail: str) -> str:
    return f"{line}  {tail}" if tail else line


def _comments(comments: list[str], column: int, lines: list[str]) -> None:
    for comment in comments:
        if comment:
            lines.append(" " * column + comment)
        elif lines and lines[-1]:
            lines.append("")


def _without_needless_blanks(lines: list[str], *, marked: bool) -> list[str]:
    while lines and not lines[0]:
        del lines[0]
    if marked and len(lines) > 1 and not lines[1]:
        del lines[1]
    return lines
