"""Finds marks in published files however they are written: plain, encoded, compressed, inside other files.

A mark is the word `kanari` with four digits, a number or a year that nothing else has, or a digest that is known.
"""

import base64
import binascii
import bz2
import codecs
import contextlib
import gzip
import html
import io
import lzma
import re
import subprocess
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

DEEPEST = 6
_MARK = re.compile(r"kanari[0-9]{4}|7319[0-9]{4}|207[1-9]-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12][0-9]|3[01])")
_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F, 0x2028, 0x2029, 0x0])
_TAG = re.compile(r"<[^<>]{0,500}>")
_GAPS = re.compile(r"[\s'’_,.]+")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}[ :,]?){8,}")
_BASE32 = re.compile(rb"[A-Z2-7]{16,}=*")
_DIGEST = re.compile(r"[0-9a-f]{12,64}", re.IGNORECASE)
_ESCAPE = re.compile(rb"\\(?:u\{?[0-9A-Fa-f]{4,6}\}?|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[0-7]{3})")
_CONTAINERS = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"wOF2", b"\x1f\x8b")
"""Files of which the bytes mean nothing before they are unpacked."""
_ENCODINGS = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


@dataclass(frozen=True, slots=True)
class Hit:
    """A mark, and where it stands: the file, and inside what of it."""

    mark: str
    place: str


class Scanner:
    """Looks for marks; `digests` are hex digests and hashes that must not stand anywhere, whole or shortened."""

    def __init__(self, digests: Iterable[str] = ()) -> None:
        self.digests = frozenset(one.lower() for one in digests)
        self.starts = {one[:12]: one for one in self.digests}
        self.binary = {bytes.fromhex(one): one for one in self.digests}
        self.found: dict[str, str] = {}
        self.looked = 0

    def tree(self, folder: Path) -> list[Hit]:
        """Every mark in any file or name below a folder, once, with the first place."""
        self.found = {}
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            self._text(name, f"{name} (name)")
            if path.is_file():
                self._bytes(path.read_bytes(), name, 0)
        return [Hit(mark, place) for mark, place in sorted(self.found.items())]

    def content(self, data: bytes, place: str = "content") -> list[Hit]:
        """Every mark in one file's content."""
        self.found = {}
        self._bytes(data, place, 0)
        return [Hit(mark, where) for mark, where in sorted(self.found.items())]

    def _hit(self, mark: str, place: str) -> None:
        self.found.setdefault(mark, place)

    def _bytes(self, data: bytes, place: str, depth: int) -> None:
        self.looked += 1
        for digest, text in self.binary.items():
            if digest in data:
                self._hit(text, f"{place} (bytes)")
        self._text(data.decode("utf-8", "replace"), place)
        for encoding in _ENCODINGS:
            if b"\0" in data:
                for start in (0, 1):
                    self._text(data[start:].decode(encoding, "replace"), f"{place} ({encoding})")
        if depth >= DEEPEST:
            return
        for inner, where in self._inside(data):
            self._bytes(inner, f"{place} > {where}", depth + 1)

    def _text(self, text: str, place: str) -> None:
        for form, words in self._forms(text):
            for mark in _MARK.findall(words):
                self._hit(mark, f"{place}{form}")
        for token in _DIGEST.findall(text):
            whole = self.starts.get(token[:12].lower())
            if whole and whole.startswith(token.lower()):
                self._hit(whole, place)

    def _forms(self, text: str) -> Iterator[tuple[str, str]]:
        folded = unicodedata.normalize("NFKC", text).casefold()
        yield "", folded
        bare = folded.translate(_INVISIBLE)
        if len(bare) != len(folded):
            yield " (invisible characters)", bare
        yield " (without gaps)", _GAPS.sub("", bare)
        if "<" in bare:
            yield " (without tags)", _GAPS.sub("", _TAG.sub("", bare))
        if "&" in text:
            plain = html.unescape(html.unescape(text)).casefold().translate(_INVISIBLE)
            yield " (entities)", plain
            yield " (entities, without gaps)", _GAPS.sub("", _TAG.sub("", plain))
        if "xnanev" in folded:
            yield " (rot13)", codecs.decode(folded, "rot13")
        if "iranak" in folded:
            yield " (reversed)", folded[::-1]

    def _inside(self, data: bytes) -> Iterator[tuple[bytes, str]]:
        yield from _unpacked(data)
        if data.startswith(b"%PDF"):
            yield from _of_pdf(data)
        if data.startswith(b"\x89PNG"):
            yield from _of_png(data)
        if data.startswith(_CONTAINERS):
            return
        if b"%" in data:
            plain = unquote_to_bytes(data)
            if plain != data:
                yield plain, "percent"
        if _ESCAPE.search(data):
            yield _unescaped(data), "escapes"
        for pattern, decode, name in ((_BASE64, _base64, "base64"), (_HEX, _hex, "hex"), (_BASE32, _base32, "base32")):
            joined = [part for match in pattern.finditer(data[:5_000_000]) for part in decode(match[0])]
            if joined:
                yield b"\n".join(joined), name


def _unpacked(data: bytes) -> Iterator[tuple[bytes, str]]:
    if data[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                yield archive.comment, "zip comment"
                for info in archive.infolist():
                    yield info.filename.encode() + info.comment + info.extra, "zip names"
                    yield archive.read(info), info.filename
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, zlib.error):
            pass
    for name, open_it in (("gzip", gzip.decompress), ("bzip2", bz2.decompress), ("xz", lzma.decompress)):
        if data[:2] in {b"\x1f\x8b", b"BZ", b"\xfd7"}:
            try:
                yield open_it(data), name
            except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError):
                continue
    if data[:1] == b"\x78":
        with contextlib.suppress(zlib.error):
            yield zlib.decompress(data), "zlib"
    if data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive.getmembers():
                yield f"{member.name} {member.uname} {member.linkname}".encode(), "tar names"
                stream = archive.extractfile(member)
                if stream:
                    yield stream.read(), member.name


def _of_pdf(data: bytes) -> Iterator[tuple[bytes, str]]:
    import pikepdf

    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=False)
    yield done.stdout, "text of the PDF"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        strings: list[bytes] = []
        for item in pdf.objects:
            _strings(item, strings, 0)
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") != "/Image" and "/Length1" not in item:
                kind = str(item.get("/Type", ""))
                if kind in {"/Metadata", "/EmbeddedFile"}:
                    yield item.read_bytes(), f"stream {kind}"
        yield b"\n".join(strings), "strings of the PDF"


def _strings(item: object, found: list[bytes], depth: int) -> None:
    import pikepdf

    if isinstance(item, pikepdf.String | pikepdf.Name):
        found.append(str(item).encode("utf-8", "replace"))
    elif isinstance(item, pikepdf.Array) and depth < 3:
        for inner in item:
            _strings(inner, found, depth + 1)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream) and depth < 3:
        for key in item.keys():  # noqa: SIM118  a stream is no mapping of Python's
            found.append(str(key).encode())
            inner = item[key]
            if not getattr(inner, "is_indirect", False):
                _strings(inner, found, depth + 1)


def _of_png(data: bytes) -> Iterator[tuple[bytes, str]]:
    place = 8
    while place + 8 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        content = data[place + 8 : place + 8 + length]
        if kind in {b"zTXt", b"iTXt", b"iCCP"}:
            for start in range(len(content)):
                if content[start : start + 1] == b"\x78":
                    try:
                        yield zlib.decompress(content[start:]), kind.decode()
                        break
                    except zlib.error:
                        continue
        place += 12 + length


def _unescaped(data: bytes) -> bytes:
    def plain(match: re.Match[bytes]) -> bytes:
        text = match[0][1:].strip(b"uUx{}")
        try:
            return chr(int(text, 8 if match[0][1:2].isdigit() else 16)).encode("utf-8", "replace")
        except (ValueError, OverflowError):
            return b""

    return _ESCAPE.sub(plain, data)


def _base64(text: bytes) -> Iterator[bytes]:
    text = text.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    for start in range(4):
        part = text[start:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        try:
            found = base64.b64decode(part + b"=" * (-len(part) % 4))
        except binascii.Error:
            continue
        if b"anari" in found.lower() or b"a\0n\0a\0r\0i" in found.lower() or found[:2] in {b"\x1f\x8b", b"PK"}:
            yield found


def _hex(text: bytes) -> Iterator[bytes]:
    digits = re.sub(rb"[ :,]", b"", text)
    for start in (0, 1):
        part = digits[start:]
        found = bytes.fromhex(part[: len(part) // 2 * 2].decode())
        if b"anari" in found.lower():
            yield found


def _base32(text: bytes) -> Iterator[bytes]:
    for start in range(8):
        part = text[start:].rstrip(b"=")
        part = part[: len(part) // 8 * 8]
        try:
            found = base64.b32decode(part)
        except binascii.Error:
            continue
        if b"anari" in found.lower():
            yield found
