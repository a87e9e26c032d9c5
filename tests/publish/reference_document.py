"""How every Word file looks: writes `ttpack/publish/assets/reference.docx` from pandoc's own, the same bytes each time.

Run after a change here or of pandoc: `python tests/publish/reference_document.py`. The test suite runs it to see that
the committed file is fresh. Words of a document never come into it: `ttpack.publish.word_file` fills the header and
the footer of a copy.
"""

import io
import subprocess
import zipfile
from pathlib import Path

import pypandoc
from lxml import etree

TARGET = Path(__file__).parents[2] / "src/ttpack/publish/assets/reference.docx"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
EPOCH = (1980, 1, 1, 0, 0, 0)
DROPPED = {"docProps/custom.xml", "word/comments.xml"}

# Arial is on every machine that has a word processor; fonts of ours are not.
FONT = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/>'
MONO = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>'
INK, SOFT, ACCENT, LINE, BAND = "1B2A33", "50616C", "0A5F83", "C3CED5", "E9F0F4"


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def _paragraph(identifier: str, name: str, properties: str, words: str, based_on: str = "Normal") -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{identifier}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based_on}"/><w:qFormat/><w:pPr>{properties}</w:pPr><w:rPr>{words}</w:rPr></w:style>'
    )


def _character(identifier: str, name: str, words: str) -> str:
    return (
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{identifier}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr>{words}</w:rPr></w:style>'
    )


def _spacing(before: float, after: float) -> str:
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"/>'


def _bar(colour: str) -> str:
    return f'<w:pBdr><w:left w:val="single" w:sz="18" w:space="6" w:color="{colour}"/></w:pBdr>'


TONES = {
    "neutral": ("46565F", "E9EEF1"),
    "info": ("0A5F6E", "E0F2F4"),
    "good": ("1A6B3C", "E2F3E8"),
    "warning": ("7A4D00", "FDF0D5"),
    "bad": ("9C2B1F", "FCE8E5"),
    "critical": ("7B1F5C", "F8E6F1"),
    "key": ("0B4F8A", "E1EEFA"),
}


def _own_styles() -> list[str]:
    cell = _spacing(1, 1)
    found = [
        _paragraph("TableText", "Table Text", cell, _size(8)),
        _paragraph("TableTextRight", "Table Text Right", cell + '<w:jc w:val="right"/>', "", "TableText"),
        _paragraph("TableTextCenter", "Table Text Center", cell + '<w:jc w:val="center"/>', "", "TableText"),
        _paragraph("SoftLine", "Soft Line", _spacing(2, 6), f'<w:color w:val="{SOFT}"/>' + _size(8.5)),
        _paragraph("CoverHeading", "Cover Heading", "<w:keepNext/>" + _spacing(14, 4), "<w:b/>" + _size(11)),
        _paragraph("StrongLine", "Strong Line", "<w:keepNext/>" + _spacing(8, 3), "<w:b/>"),
        _paragraph("Code", "Code", _spacing(0, 0) + f'<w:shd w:val="clear" w:color="auto" w:fill="{BAND}"/>', MONO),
        _paragraph("NewPage", "New Page", "<w:pageBreakBefore/>" + _spacing(0, 0), _size(2)),
    ]
    for tone, (words, ground) in TONES.items():
        colour, shade = f'<w:color w:val="{words}"/>', f'<w:shd w:val="clear" w:color="auto" w:fill="{ground}"/>'
        found.append(_character(f"Chip{tone}", f"Chip {tone}", f"<w:b/>{colour}{_size(8)}{shade}"))
        found.append(_character(f"Mark{tone}", f"Mark {tone}", f"<w:b/>{colour}"))
        keep = f"<w:keepNext/>{_bar(words)}"
        found.append(
            _paragraph(f"CalloutTitle{tone}", f"Callout Title {tone}", keep + _spacing(8, 3), "<w:b/>" + colour)
        )
    return found


# What replaces pandoc's own properties of a style: of its paragraph, and of its words.
CHANGED = {
    "BodyText": (_spacing(4, 4), ""),
    "Compact": (_spacing(1, 1), ""),
    "Title": (_spacing(60, 10), f'{_size(26)}<w:b/><w:color w:val="{INK}"/>'),
    "Subtitle": (_spacing(0, 12), f'{_size(11)}<w:color w:val="{SOFT}"/>'),
    "Heading1": (
        "<w:keepNext/><w:keepLines/><w:pageBreakBefore/>" + _spacing(0, 8) + '<w:outlineLvl w:val="0"/>',
        "17",
    ),
    "Heading2": ("<w:keepNext/><w:keepLines/>" + _spacing(16, 5) + '<w:outlineLvl w:val="1"/>', "13"),
    "Heading3": ("<w:keepNext/><w:keepLines/>" + _spacing(14, 4) + '<w:outlineLvl w:val="2"/>', "11"),
    "Heading4": ("<w:keepNext/><w:keepLines/>" + _spacing(12, 4) + '<w:outlineLvl w:val="3"/>', "10"),
    "Heading5": ("<w:keepNext/><w:keepLines/>" + _spacing(10, 3) + '<w:outlineLvl w:val="4"/>', "10"),
    "Heading6": ("<w:keepNext/><w:keepLines/>" + _spacing(10, 3) + '<w:outlineLvl w:val="5"/>', "10"),
    "TableCaption": ("<w:keepNext/>" + _spacing(10, 3), f'{_size(8.5)}<w:color w:val="{SOFT}"/>'),
    "ImageCaption": (_spacing(0, 6), f'{_size(8.5)}<w:color w:val="{SOFT}"/>'),
    "Hyperlink": ("", f'<w:color w:val="{ACCENT}"/><w:u w:val="single"/>'),
    "VerbatimChar": ("", MONO),
}
EDGE = f'w:val="single" w:sz="4" w:space="0" w:color="{LINE}"'
TABLE = (
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    f"<w:tblBorders><w:bottom {EDGE}/><w:insideH {EDGE}/></w:tblBorders>"
    '<w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
    '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
    f'<w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="{SOFT}"/></w:tcBorders>'
    f'<w:shd w:val="clear" w:color="auto" w:fill="{BAND}"/><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
)
SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId31"/><w:footerReference w:type="default" r:id="rId32"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1560" w:right="1134" w:bottom="1418" w:left="1134" w:header="624" w:footer="567" w:gutter="0"/>'
    "</w:sectPr>"
)


def _parsed(inner: str) -> list[etree._Element]:
    return list(etree.fromstring(f'<x xmlns:w="{W}" xmlns:r="{R}">{inner}</x>'))


def _serialised(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _styles(content: bytes) -> bytes:
    root = etree.fromstring(content, etree.XMLParser(remove_blank_text=True))
    defaults = root.find(f"{{{W}}}docDefaults/{{{W}}}rPrDefault/{{{W}}}rPr")
    assert defaults is not None
    defaults[:] = _parsed(
        f'{FONT}<w:color w:val="{INK}"/>{_size(10)}<w:lang w:val="en" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    )
    for style in root.findall(f"{{{W}}}style"):
        name = style.get(f"{{{W}}}styleId", "")
        if name == "Table":
            for child in (*style.findall(f"{{{W}}}tblPr"), *style.findall(f"{{{W}}}tblStylePr")):
                style.remove(child)
            style.extend(_parsed(TABLE))
        elif name in CHANGED:
            paragraph, words = CHANGED[name]
            words = f"{_size(float(words))}<w:b/>" if words.isdigit() else words
            for child in (*style.findall(f"{{{W}}}pPr"), *style.findall(f"{{{W}}}rPr")):
                style.remove(child)
            style.extend(_parsed((f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "") + f"<w:rPr>{words}</w:rPr>"))
        elif style.get(f"{{{W}}}type") == "character" and name.endswith("Char") and name != "VerbatimChar":
            for child in style.findall(f"{{{W}}}rPr"):
                style.remove(child)
    root.extend(_parsed("".join(_own_styles())))
    etree.cleanup_namespaces(root)
    return _serialised(root)


def _relations(content: bytes) -> bytes:
    root = etree.fromstring(content)
    for relation in list(root):
        if relation.get("TargetMode") == "External" or relation.get("Target") == "comments.xml":
            root.remove(relation)
    for identifier, kind in (("rId31", "header"), ("rId32", "footer")):
        etree.SubElement(root, f"{{{RELATION}}}Relationship", Id=identifier, Type=f"{R}/{kind}", Target=f"{kind}1.xml")
    return _serialised(root)


def _content_types(content: bytes) -> bytes:
    root = etree.fromstring(content)
    for override in list(root):
        if override.get("PartName", "").removeprefix("/") in DROPPED:
            root.remove(override)
    for kind in ("header", "footer"):
        form = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
        etree.SubElement(root, f"{{{TYPES}}}Override", PartName=f"/word/{kind}1.xml", ContentType=form)
    return _serialised(root)


def _root_relations(content: bytes) -> bytes:
    root = etree.fromstring(content)
    for relation in list(root):
        if relation.get("Target", "").lstrip("/") in DROPPED:
            root.remove(relation)
    return _serialised(root)


def document() -> bytes:
    """The bytes of the reference document."""
    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    printed = subprocess.run(command, capture_output=True, check=True).stdout
    with zipfile.ZipFile(io.BytesIO(printed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name not in DROPPED}
    parts["word/styles.xml"] = _styles(parts["word/styles.xml"])
    parts["word/_rels/document.xml.rels"] = _relations(parts["word/_rels/document.xml.rels"])
    parts["[Content_Types].xml"] = _content_types(parts["[Content_Types].xml"])
    parts["_rels/.rels"] = _root_relations(parts["_rels/.rels"])
    head = f'<w:document xmlns:w="{W}" xmlns:r="{R}">'
    parts["word/document.xml"] = f"{head}<w:body><w:p/>{SECTION}</w:body></w:document>".encode()
    for kind, short in (("header", "hdr"), ("footer", "ftr")):
        parts[f"word/{kind}1.xml"] = f'<w:{short} xmlns:w="{W}" xmlns:r="{R}"><w:p/></w:{short}>'.encode()
    parts["docProps/core.xml"] = (
        b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), parts[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


if __name__ == "__main__":
    TARGET.write_bytes(document())
