"""Blocks as pandoc's document tree, for Word: every word is a value of the tree, so nothing can act as markup.

Styles are those of `assets/reference.docx`. The only raw markup are two constants that turn pages for wide tables.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ttpack.publish.column_widths import column_blocks, measure
from ttpack.publish.control import record_address
from ttpack.publish.figures import as_data, picture_of, size_of
from ttpack.publish.glyphs import INVISIBLE
from ttpack.publish.prose import Inline as ProseInline
from ttpack.publish.prose import Node, safe_address
from ttpack.publish.records import Target
from ttpack.publish.word_tree import PLAIN, Tree, bookmark, cell, paragraph, styled, table, turned, words
from ttpack.views.blocks import (
    Block,
    Break,
    Bullets,
    Callout,
    Cards,
    Cell,
    Chip,
    Code,
    Facts,
    Figure,
    Flow,
    Inline,
    Inlines,
    Instrument,
    Link,
    Mark,
    Number,
    Page,
    Paragraph,
    Picture,
    Prose,
    Publication,
    Row,
    Section,
    Strong,
    Table,
    Text,
    WebLink,
)

_NUMBERED_LEVELS = 3
_LEVELS = 6
_OWN_NUMBER = re.compile(r"^\d+\.\s+")
_CALLOUT_TONES = {"note": "info", "success": "good", "warning": "warning", "danger": "bad"}
_SIDES = {"left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter", "decimal": "AlignRight"}
_WRAPPERS = {"em": "Emph", "strong": "Strong", "strike": "Strikeout", "sub": "Subscript", "sup": "Superscript"}
_NAMES, _VALUES = 0.3, 0.7  # widths of the two columns of facts
_WIDEST = 480.0  # points of a picture between the margins
_POINT = 0.75  # points in a CSS pixel


@dataclass(slots=True)
class WordFace:
    """Turns pages into blocks; `pictures` holds the bitmap of each drawing by its SVG, or by an author's digest."""

    publication: Publication
    records: Mapping[str, Target]
    prose: Mapping[str, list[Node]]
    pictures: Mapping[str, str]
    _placed: set[str] = field(default_factory=set)

    def page(self, page: Page) -> list[Tree]:
        """A page as a chapter that begins on a new page."""
        title = _OWN_NUMBER.sub("", page.title) or "Untitled"
        found = [self._heading(1, title, self._place(page.slug))]
        said = [
            *([styled("Verbatim Char", words(page.anchor)), *words("  ")] if page.anchor else []),
            *words(page.summary),
        ]
        if said:
            found.append(paragraph(said, "Soft Line"))
        return found + self._blocks(page.blocks, page.slug, 2)

    def _heading(self, level: int, title: str, name: str) -> Tree:
        classes = [] if level <= _NUMBERED_LEVELS else ["unnumbered"]
        return {"t": "Header", "c": [level, [name, classes, []], words(title)]}

    def _place(self, label: str) -> str:
        """The bookmark of a label, or "" where it already stands elsewhere."""
        if label in self._placed:
            return ""
        self._placed.add(label)
        return bookmark(label)

    def target(self, record: str) -> str:
        """The bookmark of a record or page, or "" where the document does not hold it."""
        place = self.records.get(record)
        return bookmark(place.address("")) if place else ""

    # -- words ------------------------------------------------------------------------------------------

    def inlines(self, inlines: Inlines, *, narrow: bool = False) -> list[Tree]:
        """Words of ours; in a `narrow` column a mark is its symbol alone, elsewhere its meaning follows."""
        return [part for inline in inlines for part in self._inline(inline, narrow=narrow)]

    def _inline(self, inline: Inline, *, narrow: bool) -> list[Tree]:
        match inline:
            case Text(text):
                return words(text)
            case Strong(text):
                return [{"t": "Strong", "c": words(text)}]
            case Code(text):
                return [styled("Verbatim Char", words(text))]
            case Link(record, label):
                return self._link(words(label), record)
            case WebLink(url, label):
                return _web_link(words(label), url)
            case Number(text, unit):
                return words(f"{text}\u00a0{unit}" if unit else text)
            case Chip(label, tone):
                return [styled(f"Chip {tone}", words(f"\u00a0{label}\u00a0"))]
            case Mark(symbol, meaning, tone, record):
                shown = self._link([styled(f"Mark {tone}", words(symbol))], record)
                return shown if narrow or not meaning else [*shown, *words(f" ({meaning})")]
            case Break():
                return [{"t": "LineBreak"}]

    def _link(self, label: list[Tree], record: str) -> list[Tree]:
        name = self.target(record)
        return [{"t": "Link", "c": [PLAIN, label, [f"#{name}", ""]]}] if name else label

    def _prose_inlines(self, inlines: list[ProseInline]) -> list[Tree]:
        return [part for inline in inlines for part in self._prose_inline(inline)]

    def _prose_inline(self, inline: ProseInline) -> list[Tree]:
        if isinstance(inline, str):
            return words(inline)
        match inline["t"]:
            case "br":
                return [{"t": "LineBreak"}]
            case "code":
                return [styled("Verbatim Char", words(inline["v"]))]
            case "link":
                label = self._prose_inlines(inline["c"])
                return self._link(label, inline["record"]) if "record" in inline else _web_link(label, inline["url"])
            case kind:
                return [{"t": _WRAPPERS[kind], "c": self._prose_inlines(inline["c"])}]

    def _nodes(self, nodes: list[Node]) -> list[Tree]:
        return [tree for node in nodes for tree in self._node(node)]

    def _node(self, node: Node) -> list[Tree]:
        match node["t"]:
            case "para":
                return [paragraph(self._prose_inlines(node["c"]))]
            case "head":
                return [paragraph(self._prose_inlines(node["c"]), "Strong Line")]
            case "list":
                items = [self._nodes(item) for item in node["items"]]
                form = [node["start"], {"t": "Decimal"}, {"t": "Period"}]
                return [
                    {"t": "OrderedList", "c": [form, items]} if node["ordered"] else {"t": "BulletList", "c": items}
                ]
            case "quote":
                return [{"t": "BlockQuote", "c": self._nodes(node["c"])}]
            case "code":
                return [paragraph(words(node["v"]), "Code")]
            case "table":
                sides = [_SIDES[side] for side in node["align"]]
                head = [cell([{"t": "Strong", "c": self._prose_inlines(text)}]) for text in node["head"]]
                rows = [[cell(self._prose_inlines(text)) for text in row] for row in node["rows"]]
                return [table([1.0] * len(sides), sides, head, rows, "")]
            case _:
                return [{"t": "HorizontalRule"}]

    # -- blocks -----------------------------------------------------------------------------------------

    def _blocks(self, blocks: tuple[Block, ...], slug: str, level: int, *, nested: bool = False) -> list[Tree]:
        return [tree for block in blocks for tree in self._block(block, slug, level, nested=nested)]

    def _block(self, block: Block, slug: str, level: int, *, nested: bool) -> list[Tree]:  # noqa: C901, PLR0911  one match over blocks
        match block:
            case Section():
                return self._section(block, slug, level, nested=nested)
            case Paragraph(inlines):
                return [paragraph(self.inlines(inlines))]
            case Prose(markdown):
                return self._nodes(self.prose[markdown])
            case Bullets(items, ordered):
                entries = [[paragraph(self.inlines(item))] for item in items]
                form = [1, {"t": "Decimal"}, {"t": "Period"}]
                listed = {"t": "OrderedList", "c": [form, entries]} if ordered else {"t": "BulletList", "c": entries}
                return [listed] if entries else []
            case Facts(rows):
                return [self.facts(rows)] if rows else []
            case Table():
                return [tree for part in column_blocks(block) for tree in self._table(part, slug, nested=nested)]
            case Callout():
                title = paragraph(words(block.title), f"Callout Title {_CALLOUT_TONES[block.kind]}")
                return [title, *self._blocks(block.blocks, slug, level, nested=True)]
            case Picture():
                return [paragraph([self._picture(block)])]
            case Figure():
                return self._figure(block)
            case Cards(items):
                return self._cards(Cards(items))
            case Flow():
                return self._flow(block)
            case Instrument():
                return self._blocks(block.blocks, slug, level, nested=nested)

    def facts(self, rows: tuple[tuple[str, Inlines], ...]) -> Tree:
        """Names and what they are as a table of two columns without a head."""
        lines = [[cell([{"t": "Strong", "c": words(name)}]), cell(self.inlines(value))] for name, value in rows]
        return table([_NAMES, _VALUES], ["AlignLeft"] * 2, [], lines, "")

    def _section(self, section: Section, slug: str, level: int, *, nested: bool) -> list[Tree]:
        name = self._place(f"{slug}#{section.anchor}") if section.anchor else ""
        title = section.title or "Untitled"
        if nested or level > _LEVELS:
            at = [{"t": "Span", "c": [[name, [], []], words(title)]}] if name else words(title)
            found = [paragraph(at, "Strong Line")]
        else:
            found = [self._heading(level, title, name)]
        said: list[Tree] = [styled("Verbatim Char", words(section.anchor))] if section.anchor else []
        told = any("changed" in chip.label for chip in section.chips)
        chips = (*section.chips, *((Chip("changed", "warning"),) if section.changed and not told else ()))
        for chip in chips:
            said += [*(words("  ") if said else []), *self.inlines((chip,))]
        address = record_address(self.publication, slug, section.anchor) if section.anchor else ""
        if address:
            said += [{"t": "LineBreak"}, *_web_link(words(address), address)]
        if said:
            found.append(paragraph(said, "Soft Line"))
        return found + self._blocks(section.blocks, slug, level + 1, nested=nested)

    def _picture(self, picture: Picture) -> Tree:
        drawn = self.pictures.get(picture.svg)
        if drawn is None:
            return {"t": "Span", "c": [PLAIN, words(picture.alt)]}
        width = min(picture.width * _POINT, _WIDEST)
        size = [["width", f"{width:.1f}pt"]]
        return {"t": "Image", "c": [["", [], size], words(picture.alt), [drawn, ""]]}

    def _figure(self, figure: Figure) -> list[Tree]:
        picture = picture_of(self.publication, figure)
        if picture is None:
            return [paragraph(words(figure.alt))]
        size = [
            [name, f"{length * _POINT:.1f}pt"]
            for name, length in zip(("width", "height"), size_of(picture), strict=True)
        ]
        address = self.pictures[figure.digest] if picture.kind == "svg" else as_data(picture)
        image = {"t": "Image", "c": [["", [], size], words(figure.alt), [address, ""]]}
        return [paragraph([image]), paragraph(words(figure.caption), "Soft Line")]

    def _cards(self, cards: Cards) -> list[Tree]:
        rows = [
            [
                cell(self._link(words(c.title), c.link)),
                cell([styled(f"Mark {c.tone}", words(c.value))]),
                cell(words(c.text)),
            ]
            for c in cards.items
        ]
        return [table([0.3, 0.3, 0.4], ["AlignLeft"] * 3, [], rows, "")] if rows else []

    def _flow(self, flow: Flow) -> list[Tree]:
        entries = []
        for step in flow.steps:
            said = [*words(f"{step.label} "), *self._link([{"t": "Strong", "c": words(step.title)}], step.record)]
            tail = [*(f"{name} {value}" for name, value in step.facts), *([step.note] if step.note else [])]
            entries.append([paragraph([*said, *words((": " + "; ".join(tail)) if tail else "")])])
        caption = [paragraph(words(flow.caption), "Soft Line")] if flow.caption else []
        form = [1, {"t": "Decimal"}, {"t": "Period"}]
        return [{"t": "OrderedList", "c": [form, entries]}, *caption] if entries else caption

    def _table(self, shown: Table, slug: str, *, nested: bool) -> list[Tree]:
        if not shown.columns:
            return []
        shape = measure(shown)
        heads = [cell(words(f"{column.title} {column.unit}".strip())) for column in shown.columns]
        rows = [self._row(row, shown, slug) for row in shown.rows]
        drawn = table(shape.widths, [_SIDES[column.align] for column in shown.columns], heads, rows, shown.caption)
        if shape.landscape and not nested:
            return [turned(landscape=False), drawn, turned(landscape=True)]
        return [drawn]

    def _row(self, row: Row, shown: Table, slug: str) -> list[Any]:
        count = len(shown.columns)
        cells: list[list[Tree]] = [self._cell(part, narrow=shown.kind == "matrix") for part in row.cells[:count]]
        if row.group:
            said = cells[0] if cells else []
            return [cell([{"t": "Strong", "c": said}], count, "AlignLeft")]
        cells += [[] for _ in range(count - len(cells))]
        if row.changed:
            cells[0] = [*cells[0], {"t": "LineBreak"}, *self.inlines((Chip("changed", "warning"),))]
        name = self._place(f"{slug}#{row.anchor}") if row.anchor else ""
        if name:
            cells[0] = [{"t": "Span", "c": [[name, [], []], cells[0]]}]
        return [cell(part) for part in cells]

    def _cell(self, part: Cell, *, narrow: bool) -> list[Tree]:
        return [self._picture(part)] if isinstance(part, Picture) else self.inlines(part, narrow=narrow)


def _web_link(label: list[Tree], url: str) -> list[Tree]:
    address = safe_address(url)
    # A relative address leads nowhere from a document that travels alone.
    absolute = ":" in address and not address.startswith("#") and not INVISIBLE.search(address)
    return [{"t": "Link", "c": [PLAIN, label, [address, ""]]}] if absolute else label
