"""The Word file: controlled, complete, inert, the same everywhere."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from lxml import etree
from tests.publish import reference_document
from tests.publish.conftest import EPOCH
from tests.publish.test_pdf import small

from ttpack.publish.word import write_word
from ttpack.views.blocks import (
    Column,
    Mark,
    Page,
    Paragraph,
    Prose,
    Publication,
    RevisionLine,
    Row,
    Section,
    Table,
    Text,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="session")
def opened(word: Path) -> Any:
    return docx.Document(str(word))


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_committed_reference_document_is_fresh():
    assert reference_document.TARGET.read_bytes() == reference_document.document()


def test_same_input_same_bytes_at_another_path_and_without_a_trace_of_the_machine(word, publication, tmp_path):
    other = tmp_path / "a folder & é/other.docx"
    write_word(publication, other, EPOCH)
    assert other.read_bytes() == word.read_bytes()
    assert not re.search(rb"/tmp|/root|/home|pandoc", b"".join(parts(word).values()))


def test_every_page_says_number_revision_status_edition_date_and_page(opened):
    for section in opened.sections:
        assert section.header.paragraphs[-1].text == "TTP-AMAB-001 · revision 3f2a91c\tDRAFT"
        foot = section.footer.paragraphs[0]
        assert foot.text.startswith("partner edition for ORG-B · effective 2026-11-30\tPage")
        assert section.footer.paragraphs[1].text.startswith("Uncontrolled when printed.")
        assert [f.get(f"{W}instr").strip() for f in foot._p.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]
        assert section.header.paragraphs[0].text == "DRAFT  Draft: not approved for use."


def test_the_cover_says_who_approved_and_who_has_not(opened):
    approvals = next(t for t in opened.tables if t.rows[0].cells[0].text == "Role")
    assert [c.text for c in approvals.rows[1].cells][4:] == ["2026-11-28", "VEEVA-1182"]
    assert approvals.rows[2].cells[4].text == "pending"
    assert (opened.core_properties.title, opened.core_properties.subject) == (
        "A-Mab & transfer of “drug substance”",
        "TTP-AMAB-001 revision 3f2a91c, partner edition for ORG-B",
    )


def test_links_lead_to_bookmarks_headings_are_headings_and_heads_of_tables_repeat(opened):
    body = opened.element.body
    names = {b.get(f"{W}name") for b in body.iter(f"{W}bookmarkStart")}
    aims = [link.get(f"{W}anchor") for link in body.iter(f"{W}hyperlink") if link.get(f"{W}anchor")]
    assert len(aims) > 50
    assert set(aims) <= names
    assert len(names) == len(list(body.iter(f"{W}bookmarkStart")))
    headings = [p.text for p in opened.paragraphs if p.style.name == "Heading 1"]
    assert headings[:2] == ["1\tA-Mab transfer", "2\tSeed expansion"]
    tables = [t for t in body.iter(f"{W}tbl") if t.find(f"{W}tblPr/{W}tblCaption") is not None]
    assert tables
    assert all(t.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None for t in tables)


def test_pictures_have_their_words_and_no_address(opened):
    pictures = [p.get("descr") for p in opened.element.body.iter() if str(p.tag).endswith("}docPr")]
    assert len(pictures) > 20
    assert all(pictures)
    assert "data:" not in etree.tostring(opened.element).decode()


def test_nothing_acts_and_nothing_is_fetched(word):
    found = parts(word)
    assert not [name for name in found if re.search(r"vba|macro|embed|activeX|ole", name, re.IGNORECASE)]
    relations = b"".join(content for name, content in found.items() if name.endswith(".rels"))
    outside = re.findall(rb'<Relationship [^>]*TargetMode="External"[^>]*>', relations)
    assert {re.search(rb'Target="([^"]*)"', one)[1] for one in outside} == {b"https://example.org/a-mab"}  # type: ignore[index]
    assert all(b"/hyperlink" in one for one in outside)
    fields = re.findall(rb'instr="([^"]*)"|<w:instrText[^>]*>([^<]*)', b"".join(found.values()))
    assert {(one or other).strip() for one, other in fields} == {b"PAGE", b"NUMPAGES"}


def document(publication: Publication, tmp_path: Path) -> Any:
    write_word(publication, tmp_path / "x.docx", EPOCH)
    return docx.Document(str(tmp_path / "x.docx"))


def test_control_data_are_data_whatever_they_say(tmp_path):
    hostile = "<w:p/>&amp;\u202e{{x}}"
    page = Page("index", hostile, (Section(hostile, (Prose("漢 α\x00"),), anchor="PRM-A-1", changed=True),))
    said = replace(
        small(status="Superseded", document_number=hostile, title=hostile),
        pages=(page,),
        revisions=(RevisionLine("rev-A", "2026-01-01", hostile),),
        owner=hostile,
        digest="sha256:" + "ab" * 32,
        address="https://example.org/rev-B/partner/data",
        language="de",
    )
    made = document(said, tmp_path)
    shown = hostile.replace("\u202e", "\ufffd")
    assert made.sections[0].header.paragraphs[0].text.startswith("SUPERSEDED  Superseded: a later revision")
    assert made.sections[0].header.paragraphs[1].text.startswith(f"{shown} · revision R")
    text = "\n".join([p.text for p in made.paragraphs] + [c.text for t in made.tables for r in t.rows for c in r.cells])
    assert text.count(shown) >= 5
    assert "漢 α\ufffd" in text
    assert "ab" * 32 in text
    assert "https://example.org/rev-B/partner/data/index.html#PRM-A-1" in text
    assert "changed" in text
    assert b'w:val="de"' in parts(tmp_path / "x.docx")["word/styles.xml"]


def test_wide_tables_turn_the_page_and_marks_say_what_they_mean(tmp_path):
    wide = Table(
        tuple(Column(f"Column number {i}") for i in range(12)), (Row(tuple((Text("x" * 9),) for _ in range(12))),)
    )
    marks = Table((Column("a"),), (Row(((Mark("✓", "SITE-A has said so"),),)),))
    made = document(small(wide, marks, Paragraph((Text("after"),))), tmp_path)
    assert [s.orientation for s in made.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    assert all(s.header.paragraphs[-1].text == "N · revision R\tAPPROVED" for s in made.sections)
    assert made.tables[-1].rows[1].cells[0].text == "✓ (SITE-A has said so)"


def test_empty_things_can_be_set(tmp_path):
    empty = (
        Section("", ()),
        Table((Column(""),), ()),
        Table((), ()),
        Prose(""),
        Paragraph(()),
        Table((Column("a"),), (Row(()),)),
    )
    assert document(small(*empty), tmp_path).paragraphs
