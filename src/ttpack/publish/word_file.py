"""What pandoc leaves to do in a Word file: header, footer, properties, and bytes that tell nothing of the machine."""

import datetime
import io
import zipfile
from typing import Any

from lxml import etree

from ttpack.publish.control import NOTICE, edition, effective, watermark, watermark_notice
from ttpack.publish.glyphs import INVISIBLE
from ttpack.views.blocks import Publication

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC = "http://purl.org/dc/elements/1.1/"
_TERMS = "http://purl.org/dc/terms/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
_FIRST = ("[Content_Types].xml", "_rels/.rels")  # where readers look for them
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can hold
_SOFT, _ALARM = "50616C", "9C2B1F"


def with_header(reference: bytes, publication: Publication) -> bytes:
    """The reference document with the header and footer of one document."""
    parts = _parts(reference)
    parts["word/header1.xml"] = _header(publication)
    parts["word/footer1.xml"] = _footer(publication)
    return _packed(parts)


def finished(content: bytes, publication: Publication, source_date_epoch: int) -> bytes:
    """The file that pandoc wrote, with its properties, with a header in every section, the same bytes everywhere."""
    parts = _parts(content)
    parts["word/document.xml"] = _document(parts["word/document.xml"])
    parts["docProps/core.xml"] = _core(publication, source_date_epoch)
    parts["docProps/app.xml"] = _application()
    return _packed(parts)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name not in _FIRST, name)):
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            archive.writestr(entry, parts[name])
    return out.getvalue()


def _document(content: bytes) -> bytes:
    """Sections that turn a page get the header, footer and margins of the last one; pictures lose their addresses."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    sections = list(root.iter(f"{{{_W}}}sectPr"))
    last = sections[-1]
    for section in sections[:-1]:
        size = section.find(f"{{{_W}}}pgSz")
        section[:] = [_copy(child) if child.tag != f"{{{_W}}}pgSz" else size for child in last]
    for picture in root.iter(f"{{{_PIC}}}cNvPr"):
        picture.set("descr", "")
    for row in root.iter(f"{{{_W}}}tr"):
        _kept_whole(row)
    return _serialised(root)


def _serialised(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _copy(element: Any) -> Any:
    return etree.fromstring(etree.tostring(element))


def _kept_whole(row: Any) -> None:
    """A row does not break across pages: half a limit is a wrong limit."""
    properties = row.find(f"{{{_W}}}trPr")
    if properties is None:
        properties = etree.Element(f"{{{_W}}}trPr")
        row.insert(0, properties)
    properties.insert(0, etree.Element(f"{{{_W}}}cantSplit"))


def _header(publication: Publication) -> bytes:
    root = etree.Element(f"{{{_W}}}hdr", nsmap={"w": _W})
    mark = watermark(publication)
    if mark:
        _line(root, [(mark, 28, _ALARM), (f"  {watermark_notice(publication)}", 16, _ALARM)], "center")
    left = f"{publication.document_number} · revision {publication.revision}"
    paragraph = _line(root, [(left, 15, _SOFT)], "left")
    _tab(paragraph)
    _run(paragraph, publication.status.upper(), 15, _SOFT)
    return _serialised(root)


def _footer(publication: Publication) -> bytes:
    root = etree.Element(f"{{{_W}}}ftr", nsmap={"w": _W})
    date = effective(publication)
    said = " · ".join(part for part in (edition(publication), date) if part)
    paragraph = _line(root, [(said, 15, _SOFT)], "left")
    _tab(paragraph)
    _run(paragraph, "Page ", 15, _SOFT)
    _field(paragraph, "PAGE")
    _run(paragraph, " of ", 15, _SOFT)
    _field(paragraph, "NUMPAGES")
    _line(root, [(NOTICE, 15, _SOFT)], "left")
    return _serialised(root)


def _line(root: Any, runs: list[tuple[str, int, str]], side: str) -> Any:
    paragraph = etree.SubElement(root, f"{{{_W}}}p")
    properties = etree.SubElement(paragraph, f"{{{_W}}}pPr")
    tabs = etree.SubElement(properties, f"{{{_W}}}tabs")
    etree.SubElement(tabs, f"{{{_W}}}tab", {f"{{{_W}}}val": "right", f"{{{_W}}}pos": "9638"})
    etree.SubElement(properties, f"{{{_W}}}spacing", {f"{{{_W}}}before": "0", f"{{{_W}}}after": "0"})
    etree.SubElement(properties, f"{{{_W}}}jc", {f"{{{_W}}}val": side})
    for text, half_points, colour in runs:
        _run(paragraph, text, half_points, colour)
    return paragraph


def _run(paragraph: Any, text: str, half_points: int, colour: str) -> None:
    run = etree.SubElement(paragraph, f"{{{_W}}}r")
    properties = etree.SubElement(run, f"{{{_W}}}rPr")
    if colour == _ALARM:
        etree.SubElement(properties, f"{{{_W}}}b")
    etree.SubElement(properties, f"{{{_W}}}color", {f"{{{_W}}}val": colour})
    etree.SubElement(properties, f"{{{_W}}}sz", {f"{{{_W}}}val": str(half_points)})
    said = etree.SubElement(run, f"{{{_W}}}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    said.text = INVISIBLE.sub("\ufffd", text)


def _tab(paragraph: Any) -> None:
    etree.SubElement(etree.SubElement(paragraph, f"{{{_W}}}r"), f"{{{_W}}}tab")


def _field(paragraph: Any, name: str) -> None:
    field = etree.SubElement(paragraph, f"{{{_W}}}fldSimple", {f"{{{_W}}}instr": f" {name} "})
    _run(field, "1", 15, _SOFT)


def _application() -> bytes:
    root = etree.Element(f"{{{_EXTENDED}}}Properties", nsmap={None: _EXTENDED})
    etree.SubElement(root, f"{{{_EXTENDED}}}Application").text = "ttpack"
    return _serialised(root)


def _core(publication: Publication, source_date_epoch: int) -> bytes:
    root = etree.Element(f"{{{_CORE}}}coreProperties", nsmap={"cp": _CORE, "dc": _DC, "dcterms": _TERMS, "xsi": _XSI})
    moment = datetime.datetime.fromtimestamp(source_date_epoch, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    number, revision = publication.document_number, publication.revision
    said = (
        (_DC, "title", publication.title),
        (_DC, "subject", f"{number} revision {revision}, {edition(publication)}"),
        (_DC, "creator", publication.owner),
        (_DC, "language", publication.language),
        (_CORE, "keywords", f"{number}, {revision}, {publication.status}"),
        (_CORE, "contentStatus", publication.status),
        (_CORE, "version", revision),
    )
    for space, name, text in said:
        etree.SubElement(root, f"{{{space}}}{name}").text = INVISIBLE.sub("\ufffd", text)
    for name in ("created", "modified"):
        etree.SubElement(root, f"{{{_TERMS}}}{name}", {f"{{{_XSI}}}type": "dcterms:W3CDTF"}).text = moment
    return _serialised(root)
