"""The PDF: archival, accessible, complete, the same everywhere."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from tests.publish.conftest import EPOCH, PACKAGE

from ttpack.publish.error import PublishError
from ttpack.publish.typst import write_pdf
from ttpack.views.blocks import (
    Approval,
    Callout,
    Cell,
    Column,
    Link,
    Page,
    Paragraph,
    Picture,
    Prose,
    Publication,
    RevisionLine,
    Row,
    Section,
    Table,
    Text,
)


def small(*blocks: object, **changes: str) -> Publication:
    page = Page("index", "Title", blocks)  # type: ignore[arg-type]
    facts: dict[str, Any] = {
        "title": "T",
        "document_number": "N",
        "revision": "R",
        "status": "approved",
        "edition": "partner",
    } | changes
    return Publication(**facts, effective_date="", product="P", pages=(page,))


def test_same_input_same_bytes_at_another_path(pdf, publication, tmp_path):
    other = tmp_path / "a folder & é/other.pdf"
    write_pdf(publication, other, {"package.json": PACKAGE}, EPOCH)
    assert other.read_bytes() == pdf.read_bytes()


def test_both_standards_are_declared_and_their_structures_are_there(pdf):
    with pikepdf.open(pdf) as document:
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en"
        assert root.OutputIntents[0].S == "/GTS_PDFA1"
        assert "/StructTreeRoot" in root
        assert root.ViewerPreferences.DisplayDocTitle
        assert "/JavaScript" not in root.get("/Names", {})
        assert "/OpenAction" not in root or "/JS" not in root.OpenAction


def test_fonts_are_embedded_with_their_characters(pdf):
    with pikepdf.open(pdf) as document:
        fonts = [o for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/Font"]
        outer = [font for font in fonts if font.Subtype == "/Type0"]
        assert outer
        assert all("/ToUnicode" in font for font in outer)
        descriptors = [font.FontDescriptor for font in fonts if "/FontDescriptor" in font]
        assert all("/FontFile2" in d or "/FontFile3" in d for d in descriptors)


def test_the_package_is_attached_as_data(pdf):
    with pikepdf.open(pdf) as document:
        attached = document.attachments["package.json"]
        assert attached.get_file().read_bytes() == PACKAGE
        assert str(document.Root.AF[0].AFRelationship) == "/Data"


def test_bookmarks_and_links(pdf, publication):
    with pikepdf.open(pdf) as document:
        with document.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert len(titles) == len(publication.pages)
        annotations: list[Any] = [a for page in document.pages for a in page.get("/Annots", [])]
        names = set(pikepdf.NameTree(document.Root.Names.Dests))
        inner = [(str(a.Dest), str(a.Contents)) for a in annotations if isinstance(a.get("/Dest"), pikepdf.String)]
        assert len(inner) > 100
        assert {name for name, _ in inner} <= names
        assert ("uo-03#PRM-PA-0", "Culture pH") in inner
        addresses = {str(a.A.URI) for a in annotations if "/URI" in a.get("/A", {})}
        assert addresses == {"https://example.org/a-mab"}


@pytest.mark.parametrize(
    ("blocks", "record"),
    [
        ((Section("S", (Paragraph((Text("अ"),)),), anchor="PRM-A-1"),), "PRM-A-1"),
        ((Section("S", (Prose("*अ*"),), anchor="PRM-A-2"),), "PRM-A-2"),
        ((Table((Column("c"),), (Row(((Text("\u202e"),),), anchor="PRM-A-3"),)),), "PRM-A-3"),
        ((Section("S", (Picture("<svg><text>अ</text></svg>", "a", "n"),), anchor="PRM-A-4"),), "PRM-A-4"),
        ((Paragraph((Text("\U0001f9ec"),)),), "index"),
    ],
)
def test_a_character_outside_the_fonts_names_its_record_and_writes_nothing(tmp_path, blocks, record):
    with pytest.raises(PublishError, match=rf"^{record}: U\+[0-9A-F]+ .* cannot be printed"):
        write_pdf(small(*blocks), tmp_path / "x.pdf", {}, EPOCH)
    assert not (tmp_path / "x.pdf").exists()


def printed(path: Path, *options: str) -> str:
    """The text of a PDF as another program reads it."""
    command = ["pdftotext", "-enc", "UTF-8", *options, str(path), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


@pytest.fixture(scope="module")
def controlled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A superseded document with all that a document can say of itself, in several scripts."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20"><text x="0" y="12">漢字 β</text></svg>'
    wide = Table(
        tuple(Column(f"Column number {i}") for i in range(12)),
        (Row(((Text("x" * 9),),) * 12, anchor="PRM-A-2"), Row(((Text("y" * 9),),) * 12, changed=True)),
    )
    blocks = (
        Section(
            "Title 見出し",
            (Prose("漢字 かな 한글 **太字** αβγ ≤ µ ₂"), Picture(drawing, "漢", "n")),
            "PRM-A-1",
            changed=True,
        ),
        Section("Wide", (wide,)),
    )
    said = replace(
        small(*blocks, status="superseded"),
        approvals=(
            Approval("Quality", "漢字 Name", date="2026-01-02", reference="DOC-1"),
            Approval("Process", "S. Sample"),
        ),
        revisions=(RevisionLine("rev-A", "2026-01-01", "First issue"), RevisionLine("rev-B", "", "Wider")),
        owner="O. Owner",
        digest="sha256:" + "0123456789abcdef" * 4,
        address="https://example.org/rev-B/partner/data",
        language="de-CH",
    )
    out = tmp_path_factory.mktemp("controlled") / "x.pdf"
    write_pdf(said, out, {}, EPOCH)
    return out


def test_the_cover_says_everything_that_controls_it(controlled):
    cover = printed(controlled, "-l", "1", "-layout")
    for word in ("SUPERSEDED", "Do not use", "O. Owner", "0123456789ab in short", "漢字 Name", "DOC-1", "pending"):
        assert word in cover
    assert re.search(r"rev-A +2026-01-01 +First issue", cover)
    assert re.search(r"rev-B +– +Wider", cover)
    assert "sha256:" + "0123456789abcdef" * 4 in printed(controlled, "-raw").replace("\n", "")


def test_each_page_says_what_it_is_and_words_of_every_script_can_be_read(controlled):
    pages = printed(controlled).rstrip("\f").split("\f")
    for number, page in enumerate(pages, 1):
        for word in ("N · revision R", "SUPERSEDED", "partner edition", "Uncontrolled when printed"):
            assert word in page
        assert f"Page {number} of {len(pages)}" in page
    text = "".join(pages)
    for word in ("見出し", "漢字 かな 한글 太字 αβγ ≤ µ ₂", "漢字 β"):
        assert word in text
    assert "https://example.org/rev-B/partner/data/index.html#PRM-A-1" in text.replace("\n", "")


def pixels(path: Path, page: int) -> tuple[int, int, bytes]:
    """Width, height and colours of a page as a reader sees it, 72 dots to the inch."""
    command = ["pdftoppm", "-r", "72", "-f", str(page), "-l", str(page), str(path)]
    drawn = subprocess.run(command, capture_output=True, check=True).stdout
    _, size, _, colours = drawn.split(b"\n", 3)
    width, height = map(int, size.split())
    return width, height, colours


def coloured(picture: tuple[int, int, bytes], colour: str, columns: range) -> int:
    """How many dots of these columns have about this colour."""
    width, height, colours = picture
    wanted = bytes.fromhex(colour)
    starts = (3 * (y * width + x) for y in range(height) for x in columns)
    dots = (colours[at : at + 3] for at in starts)
    return sum(all(abs(a - b) < 24 for a, b in zip(dot, wanted, strict=True)) for dot in dots)


def test_bars_stand_beside_what_changed_and_a_watermark_across_what_is_not_in_force(controlled, pdf, tmp_path):
    margin = range(46, 59)  # left of the words, which begin at 56.7
    assert coloured(pixels(controlled, 3), "0a5f83", margin) > 40
    assert 4 < coloured(pixels(controlled, 4), "0a5f83", margin) < 40  # one row of two
    assert coloured(pixels(pdf, 5), "0a5f83", margin) == 0
    write_pdf(small(Section("s", ())), tmp_path / "x.pdf", {}, EPOCH)
    grey = [pixels(path, 2)[2].count(bytes.fromhex("f0f2f4")) for path in (controlled, tmp_path / "x.pdf")]
    assert grey[0] > 10_000
    assert grey[1] == 0


def test_language_of_the_document_and_one_font_for_what_the_others_lack(controlled):
    with pikepdf.open(controlled) as document:
        assert str(document.Root.Lang) == "de-CH"
        names = {str(o.BaseFont) for o in document.objects if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o}
        assert [name for name in names if re.fullmatch(r"/[A-Z]{6}\+DroidSansFallback.*", name)]
        assert controlled.stat().st_size < 300_000  # a subset: the font has 3.4 MB
        annotations: list[Any] = [a for page in document.pages for a in page.get("/Annots", [])]
        addresses = {str(a.A.URI) for a in annotations if "/URI" in a.get("/A", {})}
        assert addresses == {"https://example.org/rev-B/partner/data/index.html#PRM-A-1"}
        sides = [(float(page.mediabox[2]) > float(page.mediabox[3])) for page in document.pages]
        assert sides.count(True) == 1


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        "$ x $",
        "@label <label>",
        "= heading",
        "\\#",
        "*b* _i_",
        "#{ 1 }",
        "// c",
        "/* c",
        "https://x.y",
    ],
)
def test_nothing_is_read_as_markup(tmp_path, text):
    cells: tuple[Cell, ...] = ((Text(text),),)
    table = Table((Column(text, unit=text),), (Row(cells), Row(cells, group=True)), text)
    out = tmp_path / "x.pdf"
    write_pdf(small(Section(text, (Paragraph((Text(text),)), table)), title=text, status=text), out, {}, EPOCH)
    with pikepdf.open(out) as document:
        assert document.docinfo["/Title"] == text


def test_a_link_to_what_is_no_heading_leads_there_too(tmp_path):
    """Rows, sections in a callout and sections deeper than headings go."""
    deep: Section = Section("9", (), anchor="PRM-A-1")
    for level in "8765432":
        deep = Section(level, (deep,))
    inside = Callout("note", "c", (Section("in", (), anchor="PRM-A-2"),))
    row = Section("row", (Table((Column("c"),), (Row(((Text("x"),),), anchor="PRM-A-3"),)),))
    twice = (Section("first", (), anchor="PRM-A-4"), Section("second", (), anchor="PRM-A-4"))
    links = tuple(Paragraph((Link(f"PRM-A-{number}", f"to {number}"),)) for number in range(1, 6))
    write_pdf(small(*links, deep, inside, row, *twice), tmp_path / "x.pdf", {}, EPOCH)
    with pikepdf.open(tmp_path / "x.pdf") as document:
        annotations: list[Any] = [a for page in document.pages for a in page.get("/Annots", []) if "/Dest" in a]
        assert [str(a.Dest) for a in annotations if isinstance(a.Dest, pikepdf.String)][-1:] == ["index#PRM-A-4"]
        assert not [a for page in document.pages for a in page.get("/Annots", []) if "/A" in a]
    assert "to 5" in printed(tmp_path / "x.pdf")


def test_headings_never_skip_a_level(tmp_path):
    deep: Section = Section("7", (Prose("# one\n\n#### four\n\ntext"),))
    for level in "65432":
        deep = Section(level, (deep,))
    write_pdf(small(deep), tmp_path / "x.pdf", {}, EPOCH)


def test_prose_as_deep_as_allowed_can_be_set(tmp_path):
    write_pdf(
        small(Prose("- " * 7 + "x"), Prose("> " * 7 + "x"), Prose("*a **b " * 4 + "c" + "** d*" * 4)),
        tmp_path / "x.pdf",
        {},
        EPOCH,
    )


def test_empty_things_can_be_set(tmp_path):
    empty = (
        Section("", ()),
        Table((Column(""),), ()),
        Table((), ()),
        Prose(""),
        Paragraph(()),
        Table((Column("a"), Column("b")), (Row(()),)),
    )
    write_pdf(small(*empty), tmp_path / "x.pdf", {}, EPOCH)


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a b"])
def test_an_attachment_is_a_plain_name(tmp_path, name):
    with pytest.raises(PublishError, match="attachment"):
        write_pdf(small(), tmp_path / "x.pdf", {name: b""}, EPOCH)
