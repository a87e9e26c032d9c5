"""Blocks as HTML for the site: only elements and classes that the sanitiser's allow-list knows.

Everything that came from a package is escaped here. A picture becomes a `<ttpack-picture>` placeholder, which
the sanitiser replaces after it has cleaned the page, so that no drawing has to pass as an author's markup.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ttpack.publish.cells import fraction_digits
from ttpack.publish.figures import figure_name
from ttpack.publish.glyphs import in_html
from ttpack.publish.html_pieces import number, scroll, web_link
from ttpack.publish.prose import Inline as ProseInline
from ttpack.publish.prose import Node
from ttpack.publish.questions import question_address
from ttpack.publish.records import Target
from ttpack.publish.table_shape import column_class, decimal_padding, row_title
from ttpack.views.blocks import (
    Break,
    Bullets,
    Callout,
    Card,
    Cards,
    Cell,
    Chip,
    Code,
    Column,
    Facts,
    Figure,
    Flow,
    Inline,
    Inlines,
    Instrument,
    Link,
    Mark,
    Number,
    Paragraph,
    Picture,
    Prose,
    Publication,
    Row,
    Section,
    Step,
    Strong,
    Table,
    Text,
    WebLink,
)


def picture_name(picture: Picture) -> str:
    """A file name that is the same for the same drawing and words."""
    return hashlib.sha256(f"{picture.svg}\0{picture.alt}".encode()).hexdigest()[:20]


def instrument_name(instrument: Instrument) -> str:
    """A file name that is the same for the same instrument and data."""
    return hashlib.sha256(f"{instrument.name}\0{instrument.data}".encode()).hexdigest()[:20]


_WIDE = 560


@dataclass(slots=True)
class HtmlFace:
    """Renders blocks of one publication; collects the pictures and instruments of its pages, by their names."""

    records: Mapping[str, Target]
    prose: Mapping[str, list[Node]]
    publication: Publication | None = None
    pictures: dict[str, Picture] = field(default_factory=dict)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    _standing: set[str] = field(default_factory=set)

    def start_page(self) -> None:
        """Forget which anchors are taken: each page has its own."""
        self._standing.clear()

    def take_anchor(self, wanted: str) -> str:
        """The anchor, or one like it when it already stands on this page."""
        anchor, count = wanted, 2
        while anchor in self._standing:
            anchor, count = f"{wanted}-{count}", count + 1
        self._standing.add(anchor)
        return anchor

    def ask(self, record: str, title: str, *, briefly: bool = False) -> str:
        """A link to raise a question on a record that stands here; "" where it stands elsewhere or nobody is asked."""
        place = self.records.get(record)
        address = question_address(self.publication, record, title, place) if self.publication and place else ""
        if not address:
            return ""
        name = in_html(f"Raise a question on {record}" + (f": {title}" if title not in {"", record} else ""))
        css, words = ("tt-ask tt-ask--brief", "?") if briefly else ("tt-ask", "Raise a question")
        title_of = f' title="{name}"' if briefly else ""
        return (
            f'<a class="{css}" href="{in_html(address)}" aria-label="{name}"{title_of} data-search-exclude>{words}</a>'
        )

    # -- words ------------------------------------------------------------------------------------------

    def inlines(self, inlines: Inlines) -> str:
        """A run of words."""
        return "".join(self._inline(inline) for inline in inlines)

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Text(text):
                return in_html(text)
            case Strong(text):
                return f"<strong>{in_html(text)}</strong>"
            case Code(text):
                return f"<code>{in_html(text)}</code>"
            case Link(record, label, hover):
                return self._record_link(record, in_html(label), hover)
            case WebLink(url, label):
                return web_link(url, in_html(label))
            case Number(text, unit):
                return number(text, unit)
            case Chip():
                return chip(inline)
            case Mark():
                return self._mark(inline)
            case Break():
                return "<br> "

    def _record_link(self, record: str, label: str, hover: str = "", css: str = "") -> str:
        target = self.records.get(record)
        # An id does not break at its hyphens; a title may break anywhere it likes.
        css = css or ("tt-id" if re.fullmatch(r"[^\s<]{1,24}", label) else "")
        css = f' class="{css}"' if css else ""
        if target is None:
            return f"<span{css}>{label}</span>" if css else label
        title = f' title="{in_html(hover)}"' if hover else ""
        return f'<a{css} href="{in_html(target.address())}"{title}>{label}</a>'

    def _mark(self, mark: Mark) -> str:
        shown = f'<span aria-hidden="true">{in_html(mark.symbol)}</span>'
        body = f'{shown}<span class="tt-hidden">{in_html(mark.meaning)}</span>'
        if mark.record in self.records:
            return self._record_link(mark.record, body, mark.meaning, f"tt-mark tt-{mark.tone}")
        return f'<span class="tt-mark tt-{mark.tone}" title="{in_html(mark.meaning)}">{body}</span>'

    # -- an author's prose ------------------------------------------------------------------------------

    def _nodes(self, nodes: Iterable[Node], depth: int) -> str:
        return "\n".join(self._node(node, depth) for node in nodes)

    def _node(self, node: Node, depth: int) -> str:
        match node["t"]:
            case "para":
                return f"<p>{self._prose_inlines(node['c'])}</p>"
            case "head":
                # Not a heading of the page: it would compete with records for anchors and for the contents.
                level = min(depth + 1, 6)
                return f'<h{level} class="tt-prose-heading">{self._prose_inlines(node["c"])}</h{level}>'
            case "list":
                tag = "ol" if node["ordered"] else "ul"
                start = f' start="{int(node["start"])}"' if node["ordered"] and node["start"] != 1 else ""
                items = "\n".join(f"<li>{self._list_item(item, depth)}</li>" for item in node["items"])
                return f"<{tag}{start}>{items}</{tag}>"
            case "quote":
                return f"<blockquote>{self._nodes(node['c'], depth)}</blockquote>"
            case "code":
                return f"<pre><code>{in_html(node['v'])}</code></pre>"
            case "table":
                return self._prose_table(node)
            case _:
                return "<hr>"

    def _list_item(self, nodes: list[Node], depth: int) -> str:
        if nodes and nodes[0]["t"] == "para":
            rest = f"\n{self._nodes(nodes[1:], depth)}" if len(nodes) > 1 else ""
            return self._prose_inlines(nodes[0]["c"]) + rest
        return self._nodes(nodes, depth)

    def _prose_table(self, node: Node) -> str:
        def cells(row: list[list[ProseInline]], tag: str) -> str:
            return "\n".join(
                f'<{tag} class="tt-{align}">{self._prose_inlines(cell)}</{tag}>'
                for cell, align in zip(row, node["align"], strict=False)
            )

        body = "\n".join(f"<tr>{cells(row, 'td')}</tr>" for row in node["rows"])
        head = f"<thead><tr>{cells(node['head'], 'th')}</tr></thead>"
        return scroll("Table", f'<table class="tt-table tt-prose-table">{head}<tbody>{body}</tbody></table>')

    def _prose_inlines(self, inlines: list[ProseInline]) -> str:
        return "".join(self._prose_inline(inline) for inline in inlines)

    def _prose_inline(self, inline: ProseInline) -> str:
        if isinstance(inline, str):
            return in_html(inline)
        kind = inline["t"]
        if kind == "br":
            return "<br> "
        if kind == "code":
            return f"<code>{in_html(inline['v'])}</code>"
        words = self._prose_inlines(inline["c"])
        if kind == "link":
            return self._record_link(inline["record"], words) if "record" in inline else web_link(inline["url"], words)
        tag = {"strike": "s"}.get(kind, kind)
        return f"<{tag}>{words}</{tag}>"

    # -- blocks -----------------------------------------------------------------------------------------

    def block(self, block: object, depth: int) -> str:  # noqa: C901, PLR0911  one match over blocks
        """One block that stands `depth` headings deep, as HTML whose first element is block-level."""
        match block:
            case Paragraph(inlines):
                return f"<p>{self.inlines(inlines)}</p>"
            case Prose(markdown):
                return f'<div class="tt-prose">{self._nodes(self.prose[markdown], depth)}</div>'
            case Bullets(items, ordered):
                tag = "ol" if ordered else "ul"
                return f"<{tag}>{_lines(f'<li>{self.inlines(item)}</li>' for item in items)}</{tag}>"
            case Facts(rows):
                facts = "\n".join(f"<div><dt>{in_html(n)}</dt> <dd>{self.inlines(v)}</dd></div>" for n, v in rows)
                return f'<dl class="tt-facts">{facts}</dl>'
            case Table():
                return self._table(block)
            case Picture():
                return self._figure(block)
            case Figure():
                return self._shown(block)
            case Cards(cards):
                return f'<div class="tt-cards">{_lines(map(self._card, cards))}</div>'
            case Flow():
                return self._flow(block)
            case Instrument():
                return self._instrument(block, depth)
            case Callout():
                body = "\n".join(self.block(inner, depth) for inner in block.blocks)
                title = f'<p class="admonition-title">{in_html(block.title)}</p>'
                return f'<div class="admonition {block.kind}">{title}{body}</div>'
            case Section():  # only inside a callout; the page's own sections are Markdown headings
                body = "\n".join(self.block(inner, depth + 1) for inner in block.blocks)
                level = min(depth + 1, 6)
                return f'<div><h{level} class="tt-prose-heading">{in_html(block.title)}</h{level}>{body}</div>'
            case _:
                raise TypeError(block)

    def _figure(self, picture: Picture) -> str:
        """A drawing that would be too small on a phone scrolls by itself."""
        wide = f' tt-figure--wide" role="group" tabindex="0" aria-label="{in_html(picture.name)}'
        return f'<div class="tt-figure{wide if picture.width > _WIDE else ""}">{self._picture(picture)}</div>'

    def _shown(self, figure: Figure) -> str:
        """A picture of an author's, with its caption."""
        name = figure_name(figure)
        self.figures[name] = figure
        caption = f'<p class="tt-caption">{in_html(figure.caption)}</p>'
        return f'<div class="tt-figure"><ttpack-figure name="{name}"></ttpack-figure>{caption}</div>'

    def _picture(self, picture: Picture) -> str:
        name = picture_name(picture)
        self.pictures[name] = picture
        return f'<ttpack-picture name="{name}"></ttpack-picture>'

    def _instrument(self, instrument: Instrument, depth: int) -> str:
        """What stands in for it until its script has run, and its data."""
        name = instrument_name(instrument)
        self.instruments[name] = instrument
        body = "\n".join(self.block(inner, depth) for inner in instrument.blocks)
        css = f"tt-instrument tt-{instrument.name}"
        return f'<div class="{css}">{body}</div>\n<ttpack-data name="{name}"></ttpack-data>'

    def _card(self, card: Card) -> str:
        target = self.records.get(card.link)
        tag, href = ("a", f' href="{in_html(target.address())}"') if target else ("div", "")
        words = f'<span class="tt-card-text">{in_html(card.text)}</span>' if card.text else ""
        return (
            f'<{tag} class="tt-card tt-{card.tone}"{href}><span class="tt-card-title">{in_html(card.title)}</span> '
            f'<span class="tt-card-value">{in_html(card.value)}</span> {words}</{tag}>'
        )

    def _flow(self, flow: Flow) -> str:
        caption = f'<p class="tt-caption">{in_html(flow.caption)}</p>' if flow.caption else ""
        return f'<div class="tt-figure"><ol class="tt-flow">{_lines(map(self._step, flow.steps))}</ol>{caption}</div>'

    def _step(self, step: Step) -> str:
        facts = _lines(f"<div><dt>{in_html(name)}</dt> <dd>{in_html(value)}</dd></div>" for name, value in step.facts)
        facts = f'<dl class="tt-step-facts">{facts}</dl>' if facts else ""
        note = f'<span class="tt-step-note">{in_html(step.note)}</span>' if step.note else ""
        title = self._record_link(step.record, in_html(step.title), css="tt-step-title")
        label = f'<span class="tt-step-label">{in_html(step.label)}</span>'
        return f'<li class="tt-step">{label} {title} {note} {facts}</li>'

    # -- tables -----------------------------------------------------------------------------------------

    def _table(self, table: Table) -> str:
        shapes = [column_class(table, index) for index in range(len(table.columns))]
        fractions = [fraction_digits(table, index) for index in range(len(table.columns))]
        head = "\n".join(self._head_cell(column, shape) for column, shape in zip(table.columns, shapes, strict=True))
        body = "\n".join(self._row(row, table, shapes, fractions) for row in table.rows)
        caption = f"<caption>{in_html(table.caption)}</caption>" if table.caption else ""
        css = f"tt-table tt-{table.kind}" + (" tt-filterable" if table.filterable else "")
        markup = f'<table class="{css}">{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>'
        return scroll(table.caption or "Table", markup, searched=not self._is_overview(table))

    def _is_overview(self, table: Table) -> bool:
        """Whether each row is about a record that stands elsewhere: a search should lead there, not here."""
        firsts = [row.cells[0] for row in table.rows if row.cells and not row.group]
        linked = [not isinstance(cell, Picture) and any(isinstance(part, Link) for part in cell) for cell in firsts]
        return bool(linked) and all(linked) and not any(row.anchor for row in table.rows)

    def _head_cell(self, column: Column, shape: str) -> str:
        title = self._record_link(column.record, in_html(column.title))
        unit = f' <span class="tt-unit">{in_html(column.unit)}</span>' if column.unit else ""
        return f'<th scope="col" class="{shape}"><span class="tt-head">{title}{unit}</span></th>'

    def _row(self, row: Row, table: Table, shapes: list[str], fractions: list[int]) -> str:
        anchor = f' id="{in_html(self.take_anchor(row.anchor))}"' if row.anchor else ""
        if row.group:
            title = self._cell(row.cells[0]) if row.cells else ""
            span = len(table.columns)
            return f'<tr class="tt-group"{anchor}><th scope="rowgroup" colspan="{span}"><span>{title}</span></th></tr>'
        cells = []
        for index, cell in enumerate(row.cells[: len(shapes)]):
            shape = shapes[index]
            if table.columns[index].align == "decimal":
                shape += decimal_padding(cell, fractions[index])
            tag, scope = ("th", ' scope="row"') if index == 0 and cell else ("td", "")
            asked = self.ask(row.anchor, row_title(row), briefly=True) if row.anchor and index == 0 else ""
            cells.append(f'<{tag}{scope} class="{shape}">{self._cell(cell)}{asked and f" {asked}"}</{tag}>')
        return f"<tr{anchor}>{_lines(cells)}</tr>"

    def _cell(self, cell: Cell) -> str:
        return self._picture(cell) if isinstance(cell, Picture) else self.inlines(cell)


def _lines(parts: Iterable[str]) -> str:
    """One part a line: the search index takes a line's end for a space, so that words do not run together."""
    return "\n".join(parts)


def chip(shown: Chip) -> str:
    """A class or state as a label."""
    return f'<span class="tt-chip tt-{shown.tone}">{in_html(shown.label)}</span>'
