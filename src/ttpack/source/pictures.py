"""Pictures of authors, cleaned: only what is drawn is left, so that no metadata, script or address is published.

A PNG keeps the chunks that hold its picture, a JPEG its frame, tables and scans, an SVG what `source.svg` allows.
What would take a program more memory than a picture is worth is refused from its header, before it is decoded.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping

from ttpack.model.pictures import CleanPicture
from ttpack.source.svg import cleaned_svg

MAX_PIXELS = 25_000_000
"""Most pixels of a picture: width by height."""

_PNG = b"\x89PNG\r\n\x1a\n"
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of a pixel, by PNG colour type
_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_STEP = 1 << 20
_PLAIN_JFIF = b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"  # no density, no small copy
_ADOBE = 12  # bytes of the segment that tells how colours are meant
_FRAMES, _SCAN, _JFIF, _COLOURS = (0xC0, 0xC1, 0xC2), 0xDA, 0xE0, 0xEE


class PictureRefused(ValueError):
    """What is wrong with a picture, as the end of a sentence about it."""


def cleaned(name: str, data: bytes) -> CleanPicture:
    """The picture without all that is not drawn, by the ending of its name.

    Raises PictureRefused where it is not what its name says, is damaged, or is too large to be drawn.
    """
    ending = name.lower().rpartition(".")[2]
    if ending == "svg":
        return CleanPicture(*_svg(data))
    if ending == "png":
        return _png(data)
    if ending in {"jpg", "jpeg"}:
        return _jpeg(data)
    raise PictureRefused("is of no kind that can be shown")


def _svg(data: bytes) -> tuple[bytes, str, int, int]:
    try:
        content, width, height = cleaned_svg(data)
    except ValueError as problem:
        raise PictureRefused(str(problem)) from problem
    return content, "svg", width, height


def _bounded(width: int, height: int) -> None:
    if not width or not height:
        raise PictureRefused("has no size")
    if width * height > MAX_PIXELS:
        raise PictureRefused(f"has {width} by {height} pixels, more than {MAX_PIXELS:,} in all")


# -- PNG ------------------------------------------------------------------------------------------------------


def _png(data: bytes) -> CleanPicture:
    if not data.startswith(_PNG):
        raise PictureRefused("is not a PNG, as its name says")
    chunks = list(_png_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13:  # noqa: PLR2004  the format's
        raise PictureRefused("does not begin with the header of a PNG")
    head = chunks[0][1]
    width, height, depth, colour, compression, filtering, interlaced = struct.unpack(">IIBBBBB", head)
    _bounded(width, height)
    if depth not in _DEPTHS.get(colour, ()) or compression or filtering or interlaced > 1:
        raise PictureRefused("has a header that no PNG has")
    kept = [(b"IHDR", head)]
    palette = next((part for name, part in chunks if name == b"PLTE"), b"")
    if colour == 3:  # noqa: PLR2004  the type of pictures with a palette
        if not palette or len(palette) % 3 or len(palette) > 3 << depth:
            raise PictureRefused("has no palette that fits it")
        kept.append((b"PLTE", palette))
    clear = next((part for name, part in chunks if name == b"tRNS"), b"")
    most = {0: 2, 2: 6, 3: len(palette) // 3}.get(colour, 0)
    if clear and (len(clear) <= most if colour == 3 else len(clear) == most):  # noqa: PLR2004  the same
        kept.append((b"tRNS", clear))
    packed = b"".join(part for name, part in chunks if name == b"IDAT")
    kept.append((b"IDAT", _whole_stream(packed, _raw_size(width, height, depth * _SAMPLES[colour], interlaced))))
    kept.append((b"IEND", b""))
    return CleanPicture(_PNG + b"".join(_png_chunk(name, part) for name, part in kept), "png", width, height)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks up to the last; what stands after it is no part of the picture."""
    at = len(_PNG)
    while True:
        if at + 12 > len(data):
            raise PictureRefused("is cut off")
        (length,) = struct.unpack_from(">I", data, at)
        name, part = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        end = at + 12 + length
        if end > len(data):
            raise PictureRefused("is cut off")
        if struct.unpack_from(">I", data, end - 4) != (zlib.crc32(name + part),):
            raise PictureRefused("is damaged: a checksum does not fit")
        yield name, part
        if name == b"IEND":
            return
        at = end


def _png_chunk(name: bytes, part: bytes) -> bytes:
    return struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part))


def _raw_size(width: int, height: int, bits: int, interlaced: int) -> int:
    """Bytes of the picture before it was packed: each row of each pass, with the byte of its filter."""
    parts = [(width, height)]
    if interlaced:
        parts = [
            (-(-(width - x) // dx), -(-(height - y) // dy)) for x, y, dx, dy in _PASSES if width > x and height > y
        ]
    return sum(rows * (1 + -(-columns * bits // 8)) for columns, rows in parts)


def _whole_stream(packed: bytes, size: int) -> bytes:
    """The stream without what stands after its end; it must unpack to the size that the header says, in small steps."""
    unpacker, rest, found = zlib.decompressobj(), packed, 0
    try:
        while rest and not unpacker.eof and found <= size:
            found += len(unpacker.decompress(rest, _STEP))
            rest = unpacker.unconsumed_tail
    except zlib.error as problem:
        raise PictureRefused("is damaged: its picture does not unpack") from problem
    if not unpacker.eof or found != size:
        raise PictureRefused("is damaged: its picture is not of the size that its header says")
    return packed[: len(packed) - len(unpacker.unused_data)]


# -- JPEG -----------------------------------------------------------------------------------------------------


def _jpeg(data: bytes) -> CleanPicture:
    if not data.startswith(b"\xff\xd8\xff"):
        raise PictureRefused("is not a JPEG, as its name says")
    kept, size, scans = [b"\xff\xd8"], (0, 0), 0
    for marker, given, scan in _jpeg_segments(data):
        part = given
        if 0xC0 <= marker <= 0xCF and marker not in _TABLES:  # noqa: PLR2004  the format's frames
            if size != (0, 0):
                raise PictureRefused("holds more than one picture")
            size = _frame(marker, part)
        elif marker == _SCAN:
            scans += 1
            if size == (0, 0) or len(part) != 4 + 2 * part[0]:
                raise PictureRefused("is damaged: a scan does not fit its frame")
        elif (told := _told(marker, given)) is not None:
            part = told
        else:
            continue
        kept.append(struct.pack(">BBH", 0xFF, marker, len(part) + 2) + part + scan)
    if not scans:
        raise PictureRefused("holds no picture")
    return CleanPicture(b"".join(kept) + b"\xff\xd9", "jpg", *size)


def _told(marker: int, part: bytes) -> bytes | None:
    """What stays of a segment that is neither frame nor scan: tables, and how colours are meant; None for others."""
    if marker in _TABLES:
        if not _fits(part, _TABLES[marker]):
            raise PictureRefused("is damaged: a table is not of its size")
        return part
    if marker == _JFIF and part.startswith(b"JFIF\0"):
        return _PLAIN_JFIF
    return part[:_ADOBE] if marker == _COLOURS and part.startswith(b"Adobe") and len(part) >= _ADOBE else None


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, content and, for a scan, its packed pixels, up to the end of the picture."""
    at = 2
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 4 > len(data) and data[at : at + 2] != b"\xff\xd9":
            raise PictureRefused("is cut off")
        if data[at] != 0xFF:  # noqa: PLR2004  begins each marker
            raise PictureRefused("is damaged: a segment does not begin where the one before ends")
        marker = data[at + 1]
        if marker == 0xD9:  # noqa: PLR2004  the end
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(data) or marker < 0xC0 or 0xD0 <= marker <= 0xD8:  # noqa: PLR2004
            raise PictureRefused("is cut off or damaged")
        part, start = data[at + 4 : end], end
        if marker == _SCAN:
            if not part:
                raise PictureRefused("is damaged: a scan does not fit its frame")
            end = _end_of_scan(data, end)
        yield marker, part, data[start:end]
        at = end


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker stands that is neither a stuffed byte nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise PictureRefused("is cut off")
        if data[at + 1] and not 0xD0 <= data[at + 1] <= 0xD7 and data[at + 1] != 0xFF:  # noqa: PLR2004
            return at
        at += 1 if data[at + 1] == 0xFF else 2  # noqa: PLR2004


def _frame(marker: int, part: bytes) -> tuple[int, int]:
    if marker not in _FRAMES or len(part) < 6 or part[0] != 8:  # noqa: PLR2004  the format's
        raise PictureRefused("is a JPEG of a kind that few programs show: save it as baseline or progressive JPEG")
    height, width, components = struct.unpack_from(">HHB", part, 1)
    if components not in {1, 3} or len(part) != 6 + 3 * components:
        raise PictureRefused("has colours for a press: save it in grey or RGB")
    _bounded(width, height)
    return width, height


def _fits(part: bytes, size: Callable[[bytes, int], int]) -> bool:
    """Whether a segment holds whole entries and nothing after them."""
    at = 0
    while at < len(part):
        at += size(part, at)
    return at == len(part)


def _huffman(part: bytes, at: int) -> int:
    return 17 + sum(part[at + 1 : at + 17])


def _quantisation(part: bytes, at: int) -> int:
    return 1 + 64 * (1 + (part[at] >> 4 & 1))


def _restart(_part: bytes, _at: int) -> int:
    return 2


_TABLES: Mapping[int, Callable[[bytes, int], int]] = {0xC4: _huffman, 0xDB: _quantisation, 0xDD: _restart}
