"""Drawings that would do more than be looked at, and resources that travel with ttpack."""

import pytest

from ttpack.errors import TtpackError
from ttpack.model.kinds import KINDS
from ttpack.source.attachments import active_svg, attachment_digest
from ttpack.source.problems import SourceProblem
from ttpack.source.resources import resource
from ttpack.source.schemas import dotted, nearest, validator, violations
from ttpack.source.trees import MemoryTree

OPEN = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'

SOUND = [
    b"",
    b'<rect class="one" fill="url(#g)"/><use xlink:href="#a"/><a href="#b"/>',
    b"<style>.a { fill: url(#g) }</style><text>onload, script, javascript</text>",
    b'<image href="data:image/png;base64,AAAA"/>',
    b"<!-- a comment -->",
]
ACTIVE = [
    b"<script/>",
    b"<SCRIPT/>",
    b'<x:script xmlns:x="http://www.w3.org/2000/svg"/>',
    b"<foreignObject><p/></foreignObject>",
    b'<a href="javascript:alert(1)"/>',
    b'<a href="https://x.org"/>',
    b'<image href="http://x.org/y.png"/>',
    b'<image href="data:image/svg+xml;base64,AA"/>',
    b'<use xlink:href="file:///etc/passwd"/>',
    b'<use xlink:href="other.svg#a"/>',
    b'<rect onload="x"/>',
    b'<rect ONCLICK="x"/>',
    b"<style>@import url(x.css)</style>",
    b"<style>a { background: url( 'http://x.org' ) }</style>",
    b"<style>a { background: \\75rl(http://x.org) }</style>",
    b'<rect style="fill: url(http://x.org#a)"/>',
    b'<rect fill="url(http://x.org#a)"/>',
    b'<set attributeName="href" to="javascript:x"/>',
    b'<animate attributeName="onload" values="x"/>',
    b'<g xml:base="http://x.org"/>',
    b"<?xml-stylesheet href='x'?>",
    b"&outside;",
    b"<unclosed>",
]


@pytest.mark.parametrize("inner", SOUND)
def test_a_plain_drawing_passes(inner: bytes):
    assert active_svg(b'<?xml version="1.0"?>' + OPEN + inner + b"</svg>") is None


@pytest.mark.parametrize("inner", ACTIVE)
def test_an_active_drawing_does_not(inner: bytes):
    assert active_svg(OPEN + inner + b"</svg>")


@pytest.mark.parametrize(
    "head",
    [
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!doctype svg SYSTEM "http://x.org/x.dtd">',
        b'<?xml-stylesheet href="x.css"?>',
    ],
)
def test_what_stands_before_the_drawing_counts(head: bytes):
    assert active_svg(head + OPEN + b"</svg>")


def test_another_encoding_hides_nothing():
    text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE svg [<!ENTITY x "y">]>' + OPEN.decode() + "</svg>"

    assert active_svg(text.encode("utf-16"))
    assert active_svg(b"no drawing")
    assert active_svg(b"<html xmlns='http://www.w3.org/1999/xhtml'/>")


def test_a_drawing_is_known_by_its_content_too():
    tree = MemoryTree({"a.png": OPEN + b"<script/></svg>", "b.svg": OPEN + b"</svg>"})
    with pytest.raises(SourceProblem) as caught:
        attachment_digest(tree, "a.png")
    assert caught.value.code == "SRC-20"
    assert len(attachment_digest(tree, "b.svg")) == 64


@pytest.mark.parametrize("path", ["../a", "/a", "x/../../a", "..\\a", "C:/a", "c:a"])
def test_a_path_outside_is_not_looked_at(path: str):
    with pytest.raises(SourceProblem) as caught:
        attachment_digest(MemoryTree({path: b"x"}), path)
    assert caught.value.code == "SRC-15"


def test_resources_are_found_wherever_ttpack_is():
    assert (resource("schemas/v1") / "term.schema.json").is_file()
    assert (resource("package_template") / "ttpack.yaml").is_file()
    with pytest.raises(FileNotFoundError, match="install it anew"):
        resource("nothing")
    assert not issubclass(FileNotFoundError, TtpackError)


def test_schemas_reach_nothing_outside():
    import jsonschema_rs

    from ttpack.source import schemas

    for uri in ("file:///etc/passwd", "https://example.org/x.json"):
        with pytest.raises(jsonschema_rs.ValidationError, match="nothing outside"):
            jsonschema_rs.Draft202012Validator({"$ref": uri}, retriever=schemas._deny)


def test_every_kind_has_a_schema_that_compiles():
    for kind in KINDS:
        assert validator(kind) is validator(kind)


def test_words_and_paths():
    assert nearest("setpont", ["target", "setpoint"]) == "setpoint"
    assert nearest("doc", ["location", "document"]) == "document"
    assert nearest("zzz", ["a"]) is None
    assert dotted(["effects", 2, "ref"]) == "effects[2].ref"
    assert dotted([0, "a"]) == "[0].a"
    assert violations("term", {"kind": "term", "id": "GLO-A"}) == []
