"""Blocks as the JSON that the PDF's template reads: values only, never markup.

Inlines are strings or objects as in `prose`, with `to` (a label in the document) in place of `record`, and
chip(v, tone), mark(v, tone, to?) and long(v) besides, and code as a list of parts. Every text is checked against
the shipped fonts on its way.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from ttpack.publish.cells import decimals_of
from ttpack.publish.column_widths import TableShape, column_blocks, line_width, measure, parts
from ttpack.publish.control import (
    APPROVAL_HEADS,
    NO_HISTORY,
    NOTICE,
    approval_cells,
    control_facts,
    edition,
    effective,
    record_address,
    watermark,
    watermark_notice,
)
from ttpack.publish.document_nodes import breakable, figure_node, is_landscape
from ttpack.publish.error import PublishError
from ttpack.publish.figures import picture_of
from ttpack.publish.glyphs import describe, unsupported_characters
from ttpack.publish.prose import Inline as ProseInline
from ttpack.publish.prose import Node, safe_address
from ttpack.publish.records import Target, headings
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

# Advances of IBM Plex Sans, in em.
_DIGIT, _POINT = 0.6, 0.272
_NAME_ROOM = 14.0  # em of the column of names of facts
_TAGS = re.compile(r"<[^>]*>")
HEADING = "ttpack:"  # begins the address of a link to a heading; authors' links cannot begin so
_LANGUAGE, _REGION = re.compile(r"[a-z]{2,3}"), re.compile(r"[A-Z]{2}")
_OWN_NUMBER = re.compile(r"^\d+\.\s+")


@dataclass(slots=True)
class DocumentFace:
    """Turns one publication into the template's JSON, remembering which record it is at for error messages."""

    records: Mapping[str, Target]
    prose: Mapping[str, list[Node]]
    headings: dict[str, str] = field(default_factory=dict)
    _record: str = ""
    _publication: Publication | None = None
    _placed: set[str] = field(default_factory=set)

    def document(self, publication: Publication, attachments: Iterable[str]) -> dict[str, Any]:
        """The whole document; raises PublishError for a character that the fonts lack, naming its record."""
        self._record = "cover"
        self._publication = publication
        self.headings = headings(publication)
        names = ("title", "document_number", "revision", "status", "edition", "product", "owner")
        said = {name: self._say(getattr(publication, name)) for name in names}
        language, _, region = publication.language.partition("-")
        return said | {
            "edition": self._say(edition(publication)),
            "language": language if _LANGUAGE.fullmatch(language) else "en",
            "region": region if _REGION.fullmatch(region) else "",
            "effective": self._say(effective(publication)),
            "watermark": watermark(publication),
            "watermark_notice": watermark_notice(publication),
            "notice": NOTICE,
            "cover": self._facts(control_facts(publication)),
            "approval_heads": APPROVAL_HEADS,
            "approvals": [[self._say(text) for text in approval_cells(approval)] for approval in publication.approvals],
            "revisions": [
                [self._say(text) for text in (line.revision, line.date, line.summary)] for line in publication.revisions
            ],
            "no_history": NO_HISTORY,
            "attachments": list(attachments),
            "chapters": [self._chapter(page) for page in publication.pages],
        }

    def _chapter(self, page: Page) -> dict[str, Any]:
        self._record = page.anchor or page.slug
        blocks = self._blocks(page.blocks, page.slug, 2)
        return {
            # The chapter has a number already.
            "title": self._say(_OWN_NUMBER.sub("", page.title)) or "Untitled",
            "label": self._place(page.slug),
            "record": page.anchor,
            "summary": self._say(page.summary),
            "landscape": bool(blocks and blocks[0].get("landscape")),
            "blocks": blocks,
        }

    def _say(self, text: str) -> str:
        missing = unsupported_characters(text)
        if missing:
            message = f"{describe(missing[0])} cannot be printed with the shipped fonts: write it in other characters"
            raise PublishError(message, self._record)
        return text.replace("\t", " ").replace("\r", "")

    def _place(self, label: str) -> str:
        """The label, or "" when it already stands elsewhere in the document."""
        if label in self._placed:
            return ""
        self._placed.add(label)
        return label

    def _target(self, record: str) -> str:
        """Where a link leads: the label of a place, with `HEADING` before it where the place is a heading."""
        target = self.records.get(record)
        label = target.address("") if target else ""
        return f"{HEADING}{label}" if label in self.headings else label

    # -- words ------------------------------------------------------------------------------------------

    def _inlines(self, inlines: Inlines) -> list[Any]:
        return [part for inline in inlines for part in self._inline(inline)]

    def _inline(self, inline: Inline) -> list[Any]:
        match inline:
            case Text(text):
                return [breakable(self._say(text))]
            case Strong(text):
                return [{"t": "strong", "c": [breakable(self._say(text))]}]
            case Code(text):
                return [{"t": "code", "v": parts(self._say(text))}]
            case Link(record, label):
                return self._link([self._say(label)], self._target(record))
            case WebLink(url, label):
                return self._web_link([self._say(label)], url)
            case Number(text, unit):
                return [self._say(f"{text}\u00a0{unit}" if unit else text)]
            case Chip(label, tone):
                return [{"t": "chip", "v": self._say(label), "tone": tone}]
            case Mark(symbol, _, tone, record):
                return [{"t": "mark", "v": self._say(symbol), "tone": tone, "to": self._target(record)}]
            case Break():
                return [{"t": "br"}]

    def _link(self, words: list[Any], label: str) -> list[Any]:
        return [{"t": "link", "to": label, "c": words}] if label else words

    def _web_link(self, words: list[Any], url: str) -> list[Any]:
        address = safe_address(url)
        # A relative address leads nowhere from a document that travels alone.
        absolute = ":" in address and not address.startswith("#") and not unsupported_characters(address)
        return [{"t": "link", "url": address, "c": words}] if absolute else words

    def _prose_inlines(self, inlines: list[ProseInline]) -> list[Any]:
        return [part for inline in inlines for part in self._prose_inline(inline)]

    def _prose_inline(self, inline: ProseInline) -> list[Any]:
        if isinstance(inline, str):
            return [breakable(self._say(inline))]
        match inline["t"]:
            case "br":
                return [inline]
            case "code":
                return [{"t": "code", "v": parts(self._say(inline["v"]))}]
            case "link":
                words = self._prose_inlines(inline["c"])
                if "record" in inline:
                    return self._link(words, self._target(inline["record"]))
                return self._web_link(words, inline["url"])
            case kind:
                return [{"t": kind, "c": self._prose_inlines(inline["c"])}]

    def _nodes(self, nodes: list[Node]) -> list[Node]:
        return [self._node(node) for node in nodes]

    def _node(self, node: Node) -> Node:
        match node["t"]:
            case "para" | "head":
                return {"t": node["t"], "c": self._prose_inlines(node["c"])}
            case "list":
                return node | {"items": [self._nodes(item) for item in node["items"]]}
            case "quote":
                return {"t": "quote", "c": self._nodes(node["c"])}
            case "code":
                return {"t": "code", "v": self._say(node["v"])}
            case "table":
                head = [self._prose_inlines(cell) for cell in node["head"]]
                rows = [[self._prose_inlines(cell) for cell in row] for row in node["rows"]]
                return {"t": "prose_table", "align": node["align"], "head": head, "rows": rows}
            case _:
                return node

    # -- blocks -----------------------------------------------------------------------------------------

    def _blocks(self, blocks: tuple[Block, ...], slug: str, level: int) -> list[Node]:
        return [node for block in blocks for node in self._block(block, slug, level)]

    def _block(self, block: Block, slug: str, level: int) -> list[Node]:  # noqa: C901, PLR0911  one match over blocks
        match block:
            case Section():
                return [self._section(block, slug, level)]
            case Paragraph(inlines):
                return [{"t": "para", "c": self._inlines(inlines)}]
            case Prose(markdown):
                return self._nodes(self.prose[markdown])
            case Bullets(items, ordered):
                entries = [[{"t": "para", "c": self._inlines(item)}] for item in items]
                return [{"t": "list", "ordered": ordered, "start": 1, "items": entries}] if entries else []
            case Facts(rows):
                return [{"t": "facts", "rows": self._facts(rows)}]
            case Table():
                return [self._table(part, slug) for part in column_blocks(block)] if block.columns else []
            case Callout():
                inner = self._blocks(block.blocks, slug, level)
                return [{"t": "callout", "kind": block.kind, "title": self._say(block.title), "c": inner}]
            case Picture():
                return [self._picture(block)]
            case Figure():
                return [self._figure(block)]
            case Cards(items):
                cards = [
                    {
                        "title": self._say(c.title),
                        "value": self._say(c.value),
                        "text": self._say(c.text),
                        "tone": c.tone,
                        "to": self._target(c.link),
                    }
                    for c in items
                ]
                return [{"t": "cards", "items": cards}]
            case Flow():
                return [self._flow(block)]
            case Instrument():
                return self._blocks(block.blocks, slug, level)

    def _facts(self, rows: tuple[tuple[str, Inlines], ...]) -> list[list[Any]]:
        """Name, value, and whether the name is too long to stand beside its value."""
        return [[self._say(name), self._inlines(value), line_width(name) > _NAME_ROOM] for name, value in rows]

    def _section(self, section: Section, slug: str, level: int) -> Node:
        outer, self._record = self._record, section.anchor or self._record
        label = self._place(f"{slug}#{section.anchor}") if section.anchor else ""
        blocks = self._blocks(section.blocks, slug, level + 1)
        node = {
            "t": "section",
            "level": level,
            "title": self._say(section.title) or "Untitled",
            "label": label,
            "record": section.anchor,
            "chips": [self._inline(shown)[0] for shown in section.chips],
            "landscape": is_landscape(blocks),
            "changed": section.changed,
            "address": self._address(slug, section.anchor) if section.anchor else [],
            "blocks": blocks,
        }
        self._record = outer
        return node

    def _address(self, slug: str, anchor: str) -> list[Any]:
        """Where the record stands on the published site, as a link that may break between its parts."""
        address = record_address(self._publication, slug, anchor) if self._publication else ""
        return self._web_link([breakable(self._say(address))], address) if address else []

    def _picture(self, picture: Picture) -> Node:
        self._say(_TAGS.sub("", picture.svg))
        return {"t": "picture", "svg": picture.svg, "alt": self._say(picture.alt), "width": picture.width}

    def _figure(self, figure: Figure) -> Node:
        """An author's picture, by the name of its file below the root; its words where there is none."""
        picture = picture_of(self._publication, figure)
        if picture is None:
            return {"t": "para", "c": [self._say(figure.alt)]}
        if picture.kind == "svg":
            self._say(unescape(_TAGS.sub("", picture.content.decode("utf-8"))))
        return figure_node(picture, self._say(figure.alt), self._say(figure.caption))

    def _flow(self, flow: Flow) -> Node:
        steps = [
            {
                "label": self._say(step.label),
                "title": self._say(step.title),
                "note": self._say(step.note),
                "facts": [[self._say(name), self._say(value)] for name, value in step.facts],
                "to": self._target(step.record),
            }
            for step in flow.steps
        ]
        return {"t": "flow", "steps": steps, "caption": self._say(flow.caption)}

    def _table(self, table: Table, slug: str) -> Node:
        shape: TableShape = measure(table)
        columns = [{"title": self._say(c.title), "align": c.align, "unit": self._say(c.unit)} for c in table.columns]
        return {
            "t": "table",
            "kind": table.kind,
            "caption": self._say(table.caption),
            "columns": columns,
            "widths": shape.widths,
            "size": shape.size,
            "landscape": shape.landscape,
            "rows": [self._row(row, table, slug, shape) for row in table.rows],
        }

    def _row(self, row: Row, table: Table, slug: str, shape: TableShape) -> Node:
        outer, self._record = self._record, row.anchor or self._record
        label = self._place(f"{slug}#{row.anchor}") if row.anchor else ""
        count = 1 if row.group else len(table.columns)
        cells = [self._cell(cell, 0 if row.group else shape.fractions[i]) for i, cell in enumerate(row.cells[:count])]
        cells += [{"c": [], "pad": 0}] * (count - len(cells))
        self._record = outer
        return {"group": row.group, "label": label, "changed": row.changed, "cells": cells}

    def _cell(self, cell: Cell, digits: int) -> Node:
        if isinstance(cell, Picture):
            return self._picture(cell)
        own = decimals_of(cell) if digits else None
        missing = digits - own if own is not None else 0
        pad = missing * _DIGIT + (_POINT if own == 0 else 0)
        return {"c": self._inlines(cell), "pad": round(pad, 3)}
