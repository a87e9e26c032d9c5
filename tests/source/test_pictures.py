"""Pictures of authors: what is drawn stays, what else a file holds does not, and what is no picture is refused."""

import base64
import struct
import zlib

import pytest
from lxml import etree

from ttpack.source.attachments import attachment_digest, picture
from ttpack.source.pictures import MAX_PIXELS, PictureRefused, cleaned
from ttpack.source.problems import SourceProblem
from ttpack.source.trees import MemoryTree

CANARY = b"CANARY"
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8"
    "ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAAR"
    "CAAQABADAREAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAABAMF/8QAFhAAAwAAAAAAAAAAAAAAAAAAAAID/8QAFQEBAQAAAAAAAAAAAAAA"
    "AAAAAwX/xAAXEQADAQAAAAAAAAAAAAAAAAAAAQMC/9oADAMBAAIRAxEAPwDAkoupDyYuSg6kUpMhJSzqRKkxklA1IpSZ/9k="
)


def chunk(name: bytes, part: bytes) -> bytes:
    return struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part))


def png(*extra: bytes, head: bytes = b"", pixels: bytes = b"", after: bytes = b"") -> bytes:
    head = head or struct.pack(">IIBBBBB", 4, 3, 8, 2, 0, 0, 0)
    packed = zlib.compress(pixels or (b"\0" + b"\x10\x20\x30" * 4) * 3)
    parts = [chunk(b"IHDR", head), *extra, chunk(b"IDAT", packed + after), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def segment(marker: int, part: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(part) + 2) + part


def svg(inner: bytes, head: bytes = b'width="40" height="20"') -> bytes:
    names = b'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:i="http://i/CANARY"'
    return b"<svg " + names + b" " + head + b">" + inner + b"</svg>"


@pytest.mark.parametrize("name", [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"iCCP", b"prVt"])
def test_a_png_keeps_its_pixels_and_nothing_that_is_said_of_it(name: bytes) -> None:
    given = png(chunk(name, b"Comment\0" + CANARY), after=CANARY) + CANARY
    found = cleaned("a.PNG", given)
    assert (found.kind, found.width, found.height) == ("png", 4, 3)
    assert found.content == png()
    assert cleaned("a.png", found.content) == found


def test_a_jpeg_keeps_its_pixels_and_nothing_that_is_said_of_it() -> None:
    told = (
        b"".join(segment(marker, CANARY * 3) for marker in (0xE1, 0xE2, 0xED, 0xEF, 0xFE))
        + segment(0xE0, b"JFIF\0\1\2\1\0\1\0\1\1\1" + CANARY)
        + segment(0xEE, b"Adobe\0\x64\0\0\0\0\1" + CANARY)
    )
    for given in (JPEG[:2] + told + JPEG[2:], JPEG + CANARY):
        found = cleaned("a.jpeg", given)
        assert (found.kind, found.width, found.height) == ("jpg", 16, 16)
        assert CANARY not in found.content
        assert found.content[found.content.index(b"\xff\xdb") :] == JPEG[JPEG.index(b"\xff\xdb") :]


PNG_BROKEN = [
    (b"<html><body><script>alert(1)</script></body></html>", "is not a PNG"),
    (b"%PDF-1.7 ", "is not a PNG"),
    (JPEG, "is not a PNG"),
    (png()[:-20], "cut off"),
    (png()[:-6] + b"xx" + png()[-4:], "checksum"),
    (png().replace(b"\x10\x20", b"\x11\x20")[:-5] + b"\0" * 5, "checksum"),
    (png(head=struct.pack(">IIBBBBB", 50_000, 50_000, 8, 6, 0, 0, 0)), "50000 by 50000 pixels"),
    (png(head=struct.pack(">IIBBBBB", MAX_PIXELS + 1, 1, 1, 0, 0, 0, 0)), "pixels"),
    (png(head=struct.pack(">IIBBBBB", 0, 3, 8, 2, 0, 0, 0)), "no size"),
    (png(head=struct.pack(">IIBBBBB", 4, 3, 7, 2, 0, 0, 0)), "header"),
    (png(head=struct.pack(">IIBBBBB", 4, 3, 8, 3, 0, 0, 0)), "palette"),
    (png(head=struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)), "size that its header says"),
    (png(pixels=b"\0" * 30_000_000), "size that its header says"),
    (png(pixels=b"\0" * 3), "size that its header says"),
]


@pytest.mark.parametrize(("given", "why"), PNG_BROKEN)
def test_what_is_no_sound_png_is_refused(given: bytes, why: str) -> None:
    with pytest.raises(PictureRefused, match=why):
        cleaned("a.png", given)


FRAME = JPEG.index(b"\xff\xc0")
JPEG_BROKEN = [
    (png(), "is not a JPEG"),
    (b"<svg onload='alert(1)'/>", "is not a JPEG"),
    (JPEG[:-2], "cut off"),
    (JPEG[: len(JPEG) // 2], "cut off"),
    (JPEG[:4], "cut off"),
    (b"\xff\xd8\xff\xd9", "no picture"),
    (JPEG[: FRAME + 5] + b"\xff\xff\xff\xff" + JPEG[FRAME + 9 :], "65535 by 65535 pixels"),
    (JPEG[: FRAME + 1] + b"\xc9" + JPEG[FRAME + 2 :], "few programs"),
    (JPEG[:FRAME] + segment(0xC0, b"\x08\0\x10\0\x10\x04" + b"\1\x11\0" * 4) + JPEG[FRAME:], "for a press"),
    (JPEG[:2] + segment(0xDB, b"\0" * 64) + JPEG[2:], "table"),
    (JPEG[:2] + segment(0xC4, b"\0" + b"\1" * 16 + b"\0" * 16 + CANARY * 30) + JPEG[2:], "table"),
]


@pytest.mark.parametrize(("given", "why"), JPEG_BROKEN)
def test_what_is_no_sound_jpeg_is_refused(given: bytes, why: str) -> None:
    with pytest.raises(PictureRefused, match=why):
        cleaned("a.jpg", given)


@pytest.mark.parametrize(
    "inner",
    [
        b"<!-- CANARY -->",
        b"<metadata>CANARY</metadata><title>CANARY</title><desc>CANARY</desc>",
        b'<i:namedview i:name="CANARY">CANARY</i:namedview><g i:label="CANARY" data-x="CANARY"/>',
        b"CANARY<g>CANARY<rect/>CANARY</g>",
        b"<style>/* CANARY */ .a { fill: red }</style>",
        b'<rect style="/* CANARY */ -i-label: CANARY; fill: red; background: url(https://x.org/CANARY)"/>',
        b"<script>CANARY</script><foreignObject><p>CANARY</p></foreignObject>",
        b'<a href="https://x.org/CANARY"><text>words</text></a><image href="https://x.org/CANARY.png"/>',
        b'<use href="file:///CANARY#a"/><rect fill="url(https://x.org/CANARY#a)" onload="CANARY"/>',
        b'<set attributeName="href" to="CANARY"/><filter id="f"><feImage href="CANARY"/></filter>',
        b'<image href="data:image/png;base64,' + base64.b64encode(png(chunk(b"tEXt", b"a\0" + CANARY))) + b'"/>',
        b'<image href="data:image/svg+xml;base64,' + base64.b64encode(CANARY) + b'"/>',
        b'<x:script xmlns:x="http://www.w3.org/1999/xhtml">CANARY</x:script>',
    ],
)
def test_a_drawing_is_made_anew_of_what_is_drawn(inner: bytes) -> None:
    found = cleaned("a.svg", svg(inner + b'<text x="1" y="9">kept <tspan>this</tspan> too</text>'))
    root = etree.fromstring(found.content)
    assert CANARY not in found.content
    assert "kept this too" in "".join(root.itertext())
    assert (found.width, found.height, root.get("width"), root.get("viewBox")) == (40, 20, "40", "0 0 40 20")
    assert b"CANARY" not in base64.b64decode(b"".join(found.content.partition(b"base64,")[2:]).partition(b'"')[0])


def test_what_a_drawing_draws_stays() -> None:
    inner = (
        b'<defs><style>.c{fill:url(#g)}</style><linearGradient id="g" gradientTransform="rotate(90)">'
        b'<stop offset="0" stop-color="red"/></linearGradient><clipPath id="k"><circle r="4"/></clipPath></defs>'
        b'<g clip-path="url(#k)" transform="scale(2)"><path d="M0 0L4 4" style="stroke:#000;stroke-width:2"/></g>'
        b'<text x="1" y="9" class="c" font-family="Arial">a<tspan dy="2">b</tspan>c</text><use xlink:href="#k" x="3"/>'
    )
    found = cleaned("a.svg", svg(inner)).content
    for kept in (b".c{fill:url(#g)}", b"rotate(90)", b"stop-color", b'clip-path="url(#k)"', b"stroke:#000;stroke-width",
                 b">a<tspan", b"</tspan>c", b'xlink:href="#k"', b'd="M0 0L4 4"'):  # fmt: skip
        assert kept in found


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (b'viewBox="0 0 200 100"', (200, 100)),
        (b'width="1in" viewBox="0 0 200 100"', (96, 48)),
        (b'width="100%" height="100%" viewBox="-5,-5,200,100"', (200, 100)),
        (b'width="20mm" height="10mm"', (76, 38)),
        (b"", (300, 150)),
    ],
)
def test_a_drawing_has_a_size(head: bytes, size: tuple[int, int]) -> None:
    found = cleaned("a.svg", svg(b"", head))
    assert (found.width, found.height) == size


LAUGHS = b"".join(
    f'<g id="n{level}">'.encode() + f'<use href="#n{level - 1}"/>'.encode() * 10 + b"</g>" for level in range(1, 9)
)
SVG_BROKEN = [
    (svg(b'<g id="n0"><rect/></g>' + LAUGHS), "draws more than"),
    (svg(b'<g id="a"><use href="#b"/></g><g id="b"><use xlink:href="#a"/></g>'), "draws itself"),
    (svg(b'<pattern id="p"><rect fill="url(#p)"/></pattern>'), "draws itself"),
    (svg(b'<style>.a{fill:url(#p)}</style><pattern id="p"><rect class="a"/></pattern>'), "draws itself"),
    (svg(b'<marker id="m">' + b"<rect/>" * 99 + b'</marker><path marker-mid="url(#m)" d="' + b"M0 0" * 9999 + b'"/>'),
     "draws more than"),
    (svg(b"<style>@import 'x.css'</style>"), "style sheet"),
    (svg(b"<style>@im/**/port 'x.css'</style>"), "style sheet"),
    (svg(b"<style>a{background:u\\72l(x)}</style>"), "style sheet"),
    (svg(b"", b'width="1e9" height="1"'), "size"),
    (b"<html/>", "not a plain SVG"),
    (b"<svg", "not XML"),
    (b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg(b"<text>&x;</text>"), "not a plain SVG"),
    (b"\x1f\x8b\x08" + b"0" * 40, "not XML"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "why"), SVG_BROKEN)
def test_a_drawing_that_cannot_be_shown_is_refused(given: bytes, why: str) -> None:
    with pytest.raises(PictureRefused, match=why):
        cleaned("a.svg", given)


def test_a_picture_that_is_none_is_a_problem_of_the_package_and_one_that_changed_is_not_shown() -> None:
    tree = MemoryTree({"a.png": png(), "b.png": b"<html>", "c.svg": svg(b"<script/>")})
    for name in ("b.png", "c.svg"):
        with pytest.raises(SourceProblem) as caught:
            attachment_digest(tree, name)
        assert caught.value.code == "SRC-20"
    assert picture(tree, "a.png", attachment_digest(tree, "a.png")).width == 4
    with pytest.raises(SourceProblem, match="changed while it was read"):
        picture(tree, "a.png", "0" * 64)
