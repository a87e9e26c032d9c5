"""Drawings of authors, made anew from an allow-list: shapes, text and paint; whatever else they hold is not copied."""

import base64
import re
from collections.abc import Iterator
from typing import Any

SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_UNSAID = (300.0, 150.0)  # CSS pixels of a drawing that states no size, as browsers have it
_MOST_DRAWN = 200_000  # elements, those drawn by reference counted each time
_WIDEST, _TALLEST = 4000.0, 4000.0  # CSS pixels; larger drawings are shown at this size
_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image", "use"})
_GROUPS = frozenset({
    "svg", "g", "defs", "symbol", "switch", "clipPath", "mask", "pattern", "marker", "linearGradient",
    "radialGradient", "stop",
})  # fmt: skip
_TEXTS = frozenset({"text", "tspan", "textPath", "style"})
_ELEMENTS = _SHAPES | _GROUPS | _TEXTS
_PAINT = frozenset({
    "alignment-baseline", "baseline-shift", "clip-path", "clip-rule", "color", "direction", "display",
    "dominant-baseline", "fill", "fill-opacity", "fill-rule", "font", "font-family", "font-size", "font-style",
    "font-variant", "font-weight", "letter-spacing", "marker-end", "marker-mid", "marker-start", "mask",
    "mix-blend-mode", "opacity", "overflow", "paint-order", "shape-rendering", "stop-color", "stop-opacity",
    "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
    "stroke-opacity", "stroke-width", "text-anchor", "text-decoration", "text-rendering", "vector-effect",
    "visibility", "word-spacing", "writing-mode",
})  # fmt: skip
_ATTRIBUTES = _PAINT | frozenset({
    "class", "clipPathUnits", "cx", "cy", "d", "dx", "dy", "fx", "fy", "gradientTransform", "gradientUnits",
    "height", "id", "lengthAdjust", "markerHeight", "markerUnits", "markerWidth", "maskContentUnits", "maskUnits",
    "offset", "orient", "patternContentUnits", "patternTransform", "patternUnits", "points", "preserveAspectRatio",
    "r", "refX", "refY", "rotate", "rx", "ry", "spreadMethod", "startOffset", "textLength", "transform", "viewBox",
    "width", "x", "x1", "x2", "y", "y1", "y2",
})  # fmt: skip
_LINKING = frozenset({"use", "image", "linearGradient", "radialGradient", "pattern", "textPath"})
_REFERENCE = re.compile(r"url\s*\(\s*[\"']?\s*#([^\"')\s]+)")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INNER = re.compile(r"\s*data:image/(png|jpe?g);base64,([A-Za-z0-9+/=\s]*)", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*(px|pt|pc|mm|cm|in)?\s*")
_PIXELS = {None: 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


def cleaned_svg(data: bytes) -> tuple[bytes, int, int]:
    """The drawing with only what is drawn, and its width and height in CSS pixels.

    Raises ValueError, its words being the end of a sentence about the drawing: one that is not XML, states a senseless
    size, draws itself, or would draw more than two hundred thousand elements.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        given = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        raise ValueError(f"is not XML: {problem.msg}") from problem
    if given.tag != f"{{{SVG}}}svg" or given.getroottree().docinfo.doctype:
        raise ValueError("is not a plain SVG drawing")
    width, height = _size(given)
    root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG, "xlink": _XLINK})
    _copy(given, root)
    root.set("width", f"{width:.10g}")
    root.set("height", f"{height:.10g}")
    if root.get("viewBox") is None:
        root.set("viewBox", f"0 0 {width:.10g} {height:.10g}")
    scale = min(1.0, _WIDEST / width, _TALLEST / height)
    _bound(root)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="utf-8"), max(1, round(width * scale)), max(1, round(height * scale))


def _size(root: Any) -> tuple[float, float]:
    box = [float(one) for one in re.findall(r"-?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,2})?", root.get("viewBox", ""))]
    wide, high = _pixels(root.get("width")), _pixels(root.get("height"))
    if len(box) == 4 and box[2] > 0 and box[3] > 0:  # noqa: PLR2004  x, y, width, height
        ratio = box[3] / box[2]
        wide = wide or (high / ratio if high else box[2])
        high = high or wide * ratio
    wide, high = wide or _UNSAID[0], high or _UNSAID[1]
    if not (1e-3 < wide < 1e6 and 1e-3 < high < 1e6):  # noqa: PLR2004  no sensible size
        raise ValueError("states no sensible size")
    return wide, high


def _pixels(given: str | None) -> float:
    found = _LENGTH.fullmatch((given or "")[:40])
    return float(found[1]) * _PIXELS[found[2]] if found else 0.0


def _copy(given: Any, made: Any) -> None:
    """Copy what is allowed of an element into one already made."""
    from lxml import etree

    name = etree.QName(given).localname
    _copy_attributes(given, made, name)
    keeps_text = name in _TEXTS
    if keeps_text:
        made.text = _style_sheet("".join(given.itertext())) if name == "style" else given.text
    last = None
    for child in given:
        inner = _allowed(child)
        if inner:
            last = etree.SubElement(made, f"{{{SVG}}}{inner}")
            _copy(child, last)
        if keeps_text and child.tail:
            if last is None:
                made.text = (made.text or "") + child.tail
            else:
                last.tail = (last.tail or "") + child.tail


def _style_sheet(text: str) -> str:
    found = _CSS_COMMENT.sub("", text)
    if "@" in found or "<" in found or not _stays_inside(found):
        raise ValueError("has a style sheet that names other places")
    return found


def _stays_inside(value: str) -> bool:
    """Whether a value names no place but those of the drawing."""
    return not re.search(r"url|\\|expression|script", _REFERENCE.sub("", value), re.IGNORECASE)


def _allowed(child: Any) -> str:
    """The name under which a child is copied; "" for one that is not. A link is a group that leads nowhere."""
    if not isinstance(child.tag, str) or not child.tag.startswith(f"{{{SVG}}}"):
        return ""
    name = str(child.tag).rpartition("}")[2]
    return "g" if name == "a" else name if name in _ELEMENTS else ""


def _copy_attributes(given: Any, made: Any, name: str) -> None:
    for key, value in given.attrib.items():
        if key in {"href", f"{{{_XLINK}}}href"}:
            address = _address(value, name) if name in _LINKING else ""
            if address:
                made.set(f"{{{_XLINK}}}href", address)
        elif key == "style":
            given_parts = _CSS_COMMENT.sub("", value).split(";")
            kept = [
                part for part in given_parts
                if part.partition(":")[0].strip().lower() in _PAINT and _stays_inside(part)
            ]  # fmt: skip
            if kept:
                made.set("style", ";".join(kept))
        elif (key in _ATTRIBUTES or key == f"{{{_XML}}}space") and _stays_inside(value):
            made.set(key, value)


def _address(value: str, name: str) -> str:
    """A place in the drawing, or a picture inside it, itself cleaned; "" for any other address."""
    if value.strip().startswith("#"):
        return value.strip()
    found = _INNER.fullmatch(value) if name == "image" else None
    if not found:
        return ""
    from ttpack.source.pictures import cleaned

    try:
        content = base64.b64decode(found[2])
    except ValueError as problem:
        raise ValueError("holds a picture that is damaged") from problem
    inner = cleaned(f"inner.{found[1]}", content)
    kind = "jpeg" if inner.kind == "jpg" else inner.kind
    return f"data:image/{kind};base64,{base64.b64encode(inner.content).decode('ascii')}"


def _bound(root: Any) -> None:
    """Raise ValueError where references draw in a circle, or draw too much."""
    places = {one.get("id"): one for one in root.iter() if one.get("id")}
    styled = _named_in_styles(root)
    costs: dict[Any, int] = {}
    open_: set[Any] = set()

    def cost(node: Any) -> int:
        if node in costs:
            return costs[node]
        if node in open_:
            raise ValueError("draws itself, in a circle of references")
        open_.add(node)
        drawn = ((times, places[one]) for one, times in _named(node, styled) if one in places)
        found = 1 + sum(map(cost, node)) + sum(times * cost(one) for times, one in drawn)
        open_.discard(node)
        costs[node] = min(found, _MOST_DRAWN + 1)
        return costs[node]

    try:
        if cost(root) > _MOST_DRAWN:
            raise ValueError(f"draws more than {_MOST_DRAWN:,} elements")
    except RecursionError:
        raise ValueError("refers from place to place too deep") from None


def _named_in_styles(root: Any) -> list[tuple[frozenset[str], str]]:
    """The places that style sheets name, each with the classes that draw it; none where any element may."""
    sheets = "".join("".join(one.itertext()) for one in root.iter(f"{{{SVG}}}style"))
    return [
        (frozenset(re.findall(r"\.([\w-]+)", selectors)), place)
        for selectors, body in re.findall(r"([^{}]*)\{([^{}]*)", sheets)
        for place in _REFERENCE.findall(body)
    ]


def _named(node: Any, styled: list[tuple[frozenset[str], str]]) -> Iterator[tuple[str, int]]:
    """The places that an element draws, and how often at most: a marker stands at each point of a line."""
    points = max(1, len(node.get("d", "")) // 2, len(node.get("points", "")) // 2)
    for key, value in node.attrib.items():
        if key.endswith("href") and value.startswith("#"):
            yield value[1:], 1
        for place in _REFERENCE.findall(value):
            yield place, points if "marker" in key or "marker" in value else 1
    if node.tag.rpartition("}")[2] in _SHAPES | _TEXTS | {"g", "svg"}:
        classes = set(node.get("class", "").split())
        yield from ((place, points) for wanted, place in styled if not wanted or wanted & classes)
