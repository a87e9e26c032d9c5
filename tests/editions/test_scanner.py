"""The scanner is shown to find a mark however it is planted, so that its silence means something."""

import base64
import codecs
import gzip
import hashlib
import io
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pikepdf
import pytest
from tests.editions.scanner import Scanner

MARK = "kanari4711"
SECRET = f"the secret {MARK} words"
DIGEST = hashlib.sha256(b"what stays inside").hexdigest()


def zipped(name: str, data: bytes, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
        archive.comment = comment
    return out.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def png(kind: bytes, content: bytes) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(kind, content)
        + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    )  # fmt: skip


def pdf(where: str) -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    if where == "attachment":
        made.attachments["data.json"] = SECRET.encode()
    elif where == "name of an attachment":
        made.attachments[f"{MARK}.json"] = b"{}"
    elif where == "information":
        made.docinfo["/Subject"] = SECRET
    elif where == "metadata":
        with made.open_metadata() as metadata:
            metadata["dc:description"] = SECRET
    elif where == "alternative text":
        made.Root.StructTreeRoot = made.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Figure, Alt=SECRET))
    elif where == "bookmark":
        with made.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(SECRET, 0))
    elif where == "form field":
        made.Root.AcroForm = made.make_indirect(pikepdf.Dictionary(Fields=[pikepdf.Dictionary(V=SECRET)]))
    out = io.BytesIO()
    made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)
    return out.getvalue()


PLANTED = {
    "plain": SECRET.encode(),
    "upper case": SECRET.upper().encode(),
    "utf-16": SECRET.encode("utf-16"),
    "utf-16 big end": SECRET.encode("utf-16-be"),
    "utf-32": SECRET.encode("utf-32-le"),
    "full width": "".join(chr(ord(c) + 0xFEE0) for c in MARK).encode(),
    "decimal entities": "".join(f"&#{ord(c)};" for c in MARK).encode(),
    "hexadecimal entities": "".join(f"&#x{ord(c):x};" for c in MARK).encode(),
    "entities twice": "".join(f"&amp;#{ord(c)};" for c in MARK).encode(),
    "percent": "".join(f"%{ord(c):02x}" for c in MARK).encode(),
    "percent twice": "".join(f"%25{ord(c):02X}" for c in MARK).encode(),
    "JSON escapes": "".join(f"\\u{ord(c):04x}" for c in MARK).encode(),
    "braced escapes": "".join(f"\\u{{{ord(c):04x}}}" for c in MARK).encode(),
    "x escapes": "".join(f"\\x{ord(c):02x}" for c in MARK).encode(),
    "octal escapes": "".join(f"\\{ord(c):03o}" for c in MARK).encode(),
    "base64": base64.b64encode(SECRET.encode()),
    "base64, one off": base64.b64encode(b"x" + SECRET.encode()),
    "base64, two off": base64.b64encode(b"xy" + SECRET.encode()),
    "base64 of an address": b"data:;base64," + base64.urlsafe_b64encode(b"\xff\xfe" + SECRET.encode()),
    "base64 of UTF-16": base64.b64encode(SECRET.encode("utf-16-le")),
    "base32": base64.b32encode(b"x" + SECRET.encode()),
    "hex": SECRET.encode().hex().encode(),
    "hex with gaps": SECRET.encode().hex(":").encode(),
    "rot13": codecs.encode(SECRET, "rot13").encode(),
    "soft hyphens": "\u00ad".join(MARK).encode(),
    "zero width": "\u200b".join(MARK).encode(),
    "split over lines": b"kana\n  ri47\n11",
    "split by tags": b"kana<b>ri</b>4<i class='x'>711</i>",
    "comment": f"<!-- {SECRET} -->".encode(),
    "gzip": gzip.compress(SECRET.encode()),
    "zlib": zlib.compress(SECRET.encode()),
    "zip": zipped("a.txt", SECRET.encode()),
    "name in a zip": zipped(f"{MARK}.txt", b""),
    "comment of a zip": zipped("a.txt", b"", SECRET.encode()),
    "zip in a zip": zipped("b.docx", zipped("word/document.xml", b"<w:t>kana</w:t><w:t>ri4711</w:t>")),
    "tar": tarred("a.txt", SECRET.encode()),
    "name in a tar": tarred(f"{MARK}.txt", b""),
    "base64 of gzip": base64.b64encode(gzip.compress(SECRET.encode())),
    "text of a PNG": png(b"tEXt", f"Comment\0{SECRET}".encode()),
    "packed text of a PNG": png(b"zTXt", b"Comment\0\0" + zlib.compress(SECRET.encode())),
    **{f"PDF, {where}": pdf(where) for where in (
        "attachment", "name of an attachment", "information", "metadata", "alternative text", "bookmark", "form field",
    )},
}  # fmt: skip


@pytest.mark.parametrize("how", PLANTED)
def test_a_planted_mark_is_found(how: str) -> None:
    assert MARK in {hit.mark for hit in Scanner().content(PLANTED[how])}


def test_names_of_files_and_folders_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "Kanari0815").mkdir()
    (tmp_path / "Kanari0815" / "x.kanari4711").write_bytes(b"")
    assert {hit.mark for hit in Scanner().tree(tmp_path)} == {"kanari0815", "kanari4711"}


FORMS = {
    "whole": DIGEST.encode(),
    "shortened": DIGEST[:12].encode(),
    "upper case": DIGEST.upper().encode(),
    "bytes": bytes.fromhex(DIGEST),
    "in brackets": f"({DIGEST[:20]})".encode(),
    "packed": gzip.compress(DIGEST.encode()),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_digest_is_found_whole_and_shortened(form: str) -> None:
    assert [hit.mark for hit in Scanner([DIGEST]).content(FORMS[form])] == [DIGEST]


@pytest.mark.parametrize("written", ["7319 0042", "73190042.5", "73,190,042", "2071-03-14", "20710314"])
def test_numbers_and_years_that_nothing_else_has_are_marks(written: str) -> None:
    assert Scanner().content(written.encode())


def test_what_holds_no_mark_is_silent() -> None:
    others = [b"canary 4711 kanar\xc3\xad", gzip.compress(b"2031-01-01"), pdf(""), DIGEST[:11].encode()]
    assert [Scanner([DIGEST]).content(one) for one in others] == [[], [], [], []]
