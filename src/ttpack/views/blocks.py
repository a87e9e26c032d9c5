"""The page model: what a reader is shown, as frozen values without any output format.

Views write these blocks, the faces in `ttpack.publish` read them, and neither knows the other. Every string
is plain text of any origin, except `Prose.markdown` (an author's Markdown) and `Picture.svg` (drawn by us).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ttpack.model.pictures import CleanPicture

Align = Literal["left", "right", "center", "decimal"]
CalloutKind = Literal["note", "warning", "danger", "success"]
Tone = Literal["neutral", "info", "good", "warning", "bad", "critical", "key"]
TableKind = Literal["register", "matrix"]


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that carry the sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """An identifier, a path or a command, shown in a fixed-width face."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A mention of a record, or of a page by its slug. Shown as plain text where no page of the publication holds it.

    `hover` is the record's title, for a label that is only its id.
    """

    record: str
    label: str
    hover: str = ""


@dataclass(frozen=True, slots=True)
class WebLink:
    """A link to an address: http, https, mailto, or relative to the page. Any other scheme is shown as text."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its digits as the author wrote them, and a unit in print form ("" in a column with a unit)."""

    text: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A class or state as a small label: its words carry the meaning, its tone only repeats it."""

    label: str
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Mark:
    """A symbol standing for words, as in a matrix; `meaning` is what a screen reader says.

    With `record` the symbol links to that record.
    """

    symbol: str
    meaning: str
    tone: Tone = "neutral"
    record: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """A new line inside a cell or a fact."""


Inline = Text | Strong | Code | Link | WebLink | Number | Chip | Mark | Break
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing made by this program, never by an author; `alt` says the same in words.

    `name` is a short slug that tells what it shows; it need not be unique. `width` is its natural width in
    CSS pixels: a face may shrink it, not stretch it.
    """

    svg: str
    alt: str
    name: str
    width: int = 640


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of an author's with its caption: its content is in the publication's `pictures`, by its digest.

    `digest` is the SHA-256 of the attachment as its author made it. `alt` says in words what it shows.
    """

    file: str
    digest: str
    alt: str
    caption: str


Cell = Inlines | Picture


@dataclass(frozen=True, slots=True)
class Column:
    """A column head. A `unit` common to all its cells stands here once. `record` makes the head a link."""

    title: str
    align: Align = "left"
    unit: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One cell for each column; or, with `group`, one cell that heads the rows after it.

    `anchor` is the record id when the row is where the record stands, and "" otherwise. `changed` is for a row about
    a record that changed since the revision a reader knows.
    """

    cells: tuple[Cell, ...]
    anchor: str = ""
    group: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; `matrix` has one narrow column for each head after the first."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    filterable: bool = False
    kind: TableKind = "register"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or more of ours."""

    inlines: Inlines


@dataclass(frozen=True, slots=True)
class Prose:
    """An author's Markdown, references already resolved to `[label](ttpack:RECORD-ID)`.

    Hostile until proved otherwise: raw HTML is shown as text, pictures as their alternative text.
    """

    markdown: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short items, numbered where their order matters."""

    items: tuple[Inlines, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what they are, one line each."""

    rows: tuple[tuple[str, Inlines], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One figure of a dashboard: what it is, its value, a line of words, where to read on (a record id or slug)."""

    title: str
    value: str
    text: str = ""
    link: str = ""
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards side by side, most important first."""

    items: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a process: its place in the order, its name, and a few facts (such as scale at each site)."""

    label: str
    title: str
    record: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """Steps in order, each leading to the next; drawn as boxes with arrows, read as an ordered list."""

    steps: tuple[Step, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Callout:
    """Blocks that must not be missed."""

    kind: CalloutKind
    title: str
    blocks: "tuple[Block, ...]" = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part. Its depth is its nesting. `anchor` is the record id when the section is a record.

    `chips` stand beside the title: class, status, audience. `folded` is for details that a reader opens when they
    want them: a comment on a pull request folds them, other faces show them. `changed` is for a record that changed
    since the revision a reader knows: a bar stands beside it.
    """

    title: str
    blocks: "tuple[Block, ...]"
    anchor: str = ""
    chips: tuple[Chip, ...] = ()
    folded: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Instrument:
    """Something that answers in the browser, without a network: `name` is that of a script of ours.

    `data` is JSON text that the script works on. Faces without scripts show `blocks` alone, which say the same as
    tables and words.
    """

    name: str
    data: str
    blocks: "tuple[Block, ...]" = ()


Block = Section | Paragraph | Prose | Bullets | Facts | Table | Callout | Picture | Figure | Cards | Flow | Instrument


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site, one chapter of the PDF.

    `slug` ([a-z0-9-]+) is its address, unique in the publication; `index` is the first page. `anchor` is the
    record id when the whole page is a record. `section` names its group in the navigation ("" stands alone).
    """

    slug: str
    title: str
    blocks: tuple[Block, ...]
    section: str = ""
    summary: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """One line of the cover's approvals; an empty `date` means not yet approved."""

    role: str
    name: str
    organisation: str = ""
    meaning: str = ""
    date: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One line of a revision history."""

    revision: str
    date: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Questions:
    """Where readers raise questions: the address of a repository (https), or of a person (mailto)."""

    forge: Literal["github", "gitlab", "mail"]
    address: str


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything one edition publishes at one revision: the whole package, or one controlled document.

    `status` "draft", "superseded" or "withdrawn" draws a watermark. Dates are ISO 8601 text. `generated_for` names the
    reader or edition as printed beside `edition`. `digest` is the content digest of a controlled document, "" where
    there is none; `address` the address under which this revision and edition is published, "" where nobody says, and
    `places` the page there (a slug) of each record that stands on other pages there than here. `questions` is where
    readers raise them. `pictures` are those of its figures, by their digest.
    """

    title: str
    document_number: str
    revision: str
    status: str
    edition: str
    effective_date: str
    product: str
    pages: tuple[Page, ...]
    cover_facts: tuple[tuple[str, Inlines], ...] = field(default=())
    approvals: tuple[Approval, ...] = field(default=())
    generated_for: str = ""
    language: str = "en"
    owner: str = ""
    digest: str = ""
    revisions: tuple[RevisionLine, ...] = field(default=())
    address: str = ""
    places: Mapping[str, str] = field(default_factory=dict, hash=False)
    questions: Questions | None = None
    pictures: Mapping[str, CleanPicture] = field(default_factory=dict, hash=False)
