"""Which characters the shipped fonts can show: writes `ttpack/source/printable_ranges.py` from their character maps.

Run after changing a font: `python tests/publish/font_coverage.py`. The test suite runs it to see that the
committed table is fresh. A character counts as shown when every style that may set it has it, either in all
styles of IBM Plex or, as fallback, in both weights of DejaVu or in Droid, whose one weight serves for both.
"""

import struct
from itertools import pairwise
from pathlib import Path

PUBLISH = Path(__file__).parents[2] / "src/ttpack/publish"
TARGET = PUBLISH.parent / "source/printable_ranges.py"
HEADER = (
    '"""Code points that the shipped fonts show, as inclusive ranges. Written by tests/publish/font_coverage.py."""\n\n'
)


def character_map(font: bytes) -> set[int]:
    """Code points with a glyph, from the Unicode subtables (formats 4 and 12) of a TrueType font."""
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        tag, _, start, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if tag == b"cmap":
            return _subtables(font, start)
    raise ValueError("no character map")


def _subtables(font: bytes, start: int) -> set[int]:
    found: set[int] = set()
    (count,) = struct.unpack_from(">H", font, start + 2)
    for index in range(count):
        platform, _, offset = struct.unpack_from(">HHL", font, start + 4 + 8 * index)
        (form,) = struct.unpack_from(">H", font, start + offset)
        if platform in (0, 3) and form == 4:
            found |= _format_4(font, start + offset)
        elif platform in (0, 3) and form == 12:
            found |= _format_12(font, start + offset)
    return found


def _format_4(font: bytes, at: int) -> set[int]:
    (double,) = struct.unpack_from(">H", font, at + 6)
    segments = double // 2
    ends = struct.unpack_from(f">{segments}H", font, at + 14)
    starts = struct.unpack_from(f">{segments}H", font, at + 16 + double)
    deltas = struct.unpack_from(f">{segments}h", font, at + 16 + 2 * double)
    offsets_at = at + 16 + 3 * double
    offsets = struct.unpack_from(f">{segments}H", font, offsets_at)
    found = set()
    for index, (low, high, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(low, min(high, 0xFFFE) + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(">H", font, offsets_at + 2 * index + offset + 2 * (code - low))
            if (offset == 0 or glyph) and (glyph + delta) % 65536:
                found.add(code)
    return found


def _format_12(font: bytes, at: int) -> set[int]:
    (count,) = struct.unpack_from(">L", font, at + 12)
    found: set[int] = set()
    for index in range(count):
        low, high, _ = struct.unpack_from(">LLL", font, at + 16 + 12 * index)
        found.update(range(low, high + 1))
    return found


def table() -> str:
    """The text of the module that holds the ranges."""
    fonts = {path.name: character_map(path.read_bytes()) for path in sorted((PUBLISH / "assets/fonts").glob("*.ttf"))}
    plex = set.intersection(*(codes for name, codes in fonts.items() if name.startswith("IBMPlex")))
    dejavu = set.intersection(*(codes for name, codes in fonts.items() if name.startswith("DejaVu")))
    droid = set.intersection(*(codes for name, codes in fonts.items() if name.startswith("Droid")))
    codes = sorted(code for code in plex | dejavu | droid if code >= 32)
    ends = [0, *(index for index, (a, b) in enumerate(pairwise(codes), 1) if b != a + 1), len(codes)]
    ranges = [(codes[first], codes[last - 1]) for first, last in pairwise(ends)]
    lines = "".join(f"    (0x{low:04X}, 0x{high:04X}),\n" for low, high in ranges)
    return f"{HEADER}RANGES: tuple[tuple[int, int], ...] = (\n{lines})\n"


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8")
