"""An author's Markdown as a small closed tree of nodes, which every face renders in its own way.

pandoc reads it (CommonMark with pipe tables, strike-out, super- and subscript) in its sandbox. What is not in
the node list below does not exist for a face: raw HTML and raw blocks become visible text, pictures their
alternative text, and links of a refused scheme their label. Nodes are JSON values, since the PDF's template
reads them as such:

blocks   para(c) head(level, c) list(ordered, start, items) quote(c) code(v) table(align, head, rows) rule
inlines  a string, or em(c) strong(c) strike(c) sub(c) sup(c) code(v) link(c, record | url) br
"""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any

from ttpack.publish.error import PublishError
from ttpack.publish.resources import asset

Node = dict[str, Any]
Inline = str | Node

# Deeper nesting than this means nothing to a reader and exhausts the stacks of the typesetters.
MAX_DEPTH = 8
_SECONDS = 120
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PATH_END = re.compile(r"[/?#]")
_ALLOWED_SCHEME = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
# One line without a character that means anything to Markdown: most fields, and not worth a parser.
_PLAIN = re.compile(r"""(?!\d+[.)] )[^\W_][^\x00-\x1f!#$&*<>@\[\\\]^_`{|}~]*""")
_WRAPPERS = {
    "Emph": "em",
    "Strong": "strong",
    "Strikeout": "strike",
    "Subscript": "sub",
    "Superscript": "sup",
}
_ALIGNMENTS = {"AlignRight": "right", "AlignCenter": "center"}


def safe_address(url: str) -> str:
    """The address if a page may link to it (http, https, mailto, relative, fragment), else ""."""
    cleaned = "".join(character for character in url.strip() if character > " " and character != "\x7f")
    if not cleaned or cleaned.startswith(("//", "\\", "/\\")):
        return ""
    if _ALLOWED_SCHEME.match(cleaned):
        return cleaned
    return "" if _SCHEME.match(cleaned) or ":" in _PATH_END.split(cleaned)[0] else cleaned


def parse_prose(texts: Mapping[str, str]) -> dict[str, list[Node]]:
    """The block nodes of each text; the mapping's values say which record shows it, for error messages.

    Raises:
        PublishError: a text is nested too deeply, or pandoc cannot read it in reasonable time and memory.
    """
    parsed: dict[str, list[Node]] = {}
    marked_up = []
    for text in texts:
        if _PLAIN.fullmatch(text):
            parsed[text] = [{"t": "para", "c": [re.sub(" +", " ", text).rstrip()]}]
        else:
            marked_up.append(text)
    for text, blocks in zip(marked_up, _read(marked_up, texts), strict=True):
        try:
            parsed[text] = list(_blocks(blocks, 0))
        except _TooDeep:
            raise _refusal(text, texts) from None
    return parsed


class _TooDeep(Exception):
    """Lists, quotes or emphasis nested beyond `MAX_DEPTH`."""


def _refusal(text: str, texts: Mapping[str, str]) -> PublishError:
    excerpt = " ".join(text[:60].split())
    return PublishError(f"text starting {excerpt!r} cannot be set: nested deeper than {MAX_DEPTH} levels", texts[text])


def _read(marked_up: list[str], texts: Mapping[str, str]) -> list[Any]:
    """The pandoc blocks of each text; halves the list where pandoc gives up, until one text is to blame."""
    if not marked_up:
        return []
    try:
        return [division["c"][1] for division in json.loads(_run_pandoc(marked_up))["blocks"]]
    except (RecursionError, subprocess.SubprocessError):
        if len(marked_up) == 1:
            raise _refusal(marked_up[0], texts) from None
    middle = len(marked_up) // 2
    return _read(marked_up[:middle], texts) + _read(marked_up[middle:], texts)


def _run_pandoc(marked_up: list[str]) -> bytes:
    import pypandoc

    command = [pypandoc.get_pandoc_path(), "+RTS", "-M1g", "-RTS", "--sandbox", "-t", "json"]
    command += ["-f", str(asset("reader.lua"))]
    document = json.dumps(marked_up, ensure_ascii=False).encode("utf-8", "replace")
    # The command is ours and the text goes through standard input.
    return subprocess.run(command, input=document, capture_output=True, check=True, timeout=_SECONDS).stdout  # noqa: S603


def _blocks(blocks: list[Any], depth: int) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        raise _TooDeep
    for block in blocks:
        kind, content = block["t"], block.get("c")
        match kind:
            case "Para" | "Plain":
                yield {"t": "para", "c": _inlines(content, depth)}
            case "Header":
                yield {"t": "head", "level": content[0], "c": _inlines(content[2], depth)}
            case "BulletList":
                yield {"t": "list", "ordered": False, "start": 1, "items": _items(content, depth)}
            case "OrderedList":
                yield {"t": "list", "ordered": True, "start": content[0][0], "items": _items(content[1], depth)}
            case "BlockQuote":
                yield {"t": "quote", "c": list(_blocks(content, depth + 1))}
            case "CodeBlock" | "RawBlock":
                yield {"t": "code", "v": content[1].rstrip("\n")}
            case "HorizontalRule":
                yield {"t": "rule"}
            case "Table":
                yield _table(content, depth)
            case "Div":
                yield from _blocks(content[1], depth + 1)
            case _:  # pandoc's CommonMark reader makes no other block
                raise AssertionError(kind)


def _items(items: list[Any], depth: int) -> list[list[Node]]:
    return [list(_blocks(item, depth + 1)) for item in items]


def _table(content: list[Any], depth: int) -> Node:
    _, _, columns, head, bodies, _ = content
    rows = [row for body in bodies for row in [*body[2], *body[3]]]
    return {
        "t": "table",
        "align": [_ALIGNMENTS.get(align["t"], "left") for align, _ in columns],
        "head": [_cell(cell, depth) for row in head[1] for cell in row[1]],
        "rows": [[_cell(cell, depth) for cell in row[1]] for row in rows],
    }


def _cell(cell: list[Any], depth: int) -> list[Inline]:
    return [inline for block in _blocks(cell[4], depth + 1) for inline in block["c"]]


def _inlines(inlines: list[Any], depth: int) -> list[Inline]:
    found: list[Inline] = []
    for inline in _walk(inlines, depth):
        if isinstance(inline, str) and found and isinstance(found[-1], str):
            found[-1] += inline
        else:
            found.append(inline)
    return found


def _walk(inlines: list[Any], depth: int) -> Iterator[Inline]:
    if depth > 2 * MAX_DEPTH:
        raise _TooDeep
    for inline in inlines:
        kind, content = inline["t"], inline.get("c")
        match kind:
            case "Str":
                yield content
            case "Space" | "SoftBreak":
                yield " "
            case "LineBreak":
                yield {"t": "br"}
            case "Code":
                yield {"t": "code", "v": content[1]}
            case "RawInline":
                yield content[1]
            case "Image":
                yield from _walk(content[1], depth + 1)
            case "Link":
                yield from _link(_inlines(content[1], depth + 1), content[2][0])
            case "Span":
                yield from _walk(content[1], depth + 1)
            case _:
                yield {"t": _WRAPPERS[kind], "c": _inlines(content, depth + 1)}


def _link(label: list[Inline], target: str) -> Iterator[Inline]:
    if target.startswith("ttpack:"):
        yield {"t": "link", "record": target.removeprefix("ttpack:"), "c": label}
    elif address := safe_address(target):
        yield {"t": "link", "url": address, "c": label}
    else:
        yield from label
