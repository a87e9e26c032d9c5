"""The range bar says in words what it draws, to scale, whatever is missing."""

import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttpack.views.range_bar import WIDTH, Band, Bracket, RangeBar, describe, draw_range_bar, legend

D = Decimal
PH = RangeBar(
    "Culture pH",
    "pH",
    D("6.85"),
    (
        Band("normal_operating", D("6.75"), D("6.95")),
        Band("proven_acceptable", D("6.60"), D("7.10")),
        Band("studied", D("6.40"), D("7.30")),
        Band("edge_of_failure", D("6.2"), None),
    ),
    (Bracket("SITE-B", D("6.5"), D("7.0")),),
    (D("6.80"), D("6.90")),
)
values = st.one_of(st.none(), st.decimals(-(10**9), 10**9, allow_nan=False, places=3))
bands = st.builds(
    lambda kind, ends: Band(kind, *ends),
    st.sampled_from(
        ["edge_of_failure", "studied", "proven_acceptable", "normal_operating", "action", "target", "historical"]
    ),
    st.tuples(values, values).map(lambda p: tuple(sorted(p)) if None not in p else p),
)


def rectangles(svg: str) -> dict[str, tuple[float, float]]:
    found = re.findall(r'class="rb-band rb-([a-z-]+)" x="([-\d.]+)" y="[-\d.]+" width="([\d.]+)"', svg)
    return {kind: (float(x), float(x) + float(width)) for kind, x, width in found}


def test_words():
    assert describe(PH) == (
        "Culture pH: setpoint 6.85 pH; normal operating 6.75 to 6.95 pH; proven acceptable 6.60 to 7.10 pH; "
        "studied 6.40 to 7.30 pH; edge of failure at least 6.2 pH; SITE-B holds 6.5 to 7.0 pH; runs at 6.80, 6.90 pH"
    )


def test_bands_lie_inside_each_other_to_scale():
    found = rectangles(draw_range_bar(PH).svg)
    for inner, outer in [
        ("normal-operating", "proven-acceptable"),
        ("proven-acceptable", "studied"),
        ("studied", "edge-of-failure"),
    ]:
        assert found[outer][0] <= found[inner][0] < found[inner][1] <= found[outer][1]
    width = {kind: high - low for kind, (low, high) in found.items()}
    assert width["proven-acceptable"] / width["normal-operating"] == pytest.approx(2.5, abs=0.02)


def test_the_ends_have_their_digits():
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", draw_range_bar(PH).svg)
    assert {"6.85", "6.2", "7.30", "6.75"} <= set(texts)


def test_an_empty_bar_says_so():
    assert draw_range_bar(RangeBar("Load")).alt == "Load: no range given"


@given(st.lists(bands, max_size=6), values, st.lists(st.decimals(-100, 100, allow_nan=False), max_size=3))
def test_any_ranges_can_be_drawn_inside_the_picture(some, setpoint, dots):
    picture = draw_range_bar(RangeBar('<&">', "µ<g>", setpoint, tuple(some), (), tuple(dots)))
    root = ET.fromstring(picture.svg)
    assert not {element.tag.rpartition("}")[2] for element in root.iter()} - {"svg", "path", "rect", "circle", "text"}
    for low, high in rectangles(picture.svg).values():
        assert -0.01 <= low <= high <= WIDTH
    assert "<" in picture.alt


def test_labels_are_escaped():
    svg = draw_range_bar(RangeBar("x", brackets=(Bracket("<script>", D(1), D(2)),))).svg
    assert "&lt;script&gt;" in svg
    assert "<script" not in svg


def test_legend_names_every_band():
    assert all(
        words in legend().alt for words in ("normal operating", "proven acceptable", "studied", "edge of failure")
    )


def test_what_a_site_can_hold_does_not_shrink_the_ranges():
    wide = RangeBar("T", "", None, (Band("normal_operating", D(34), D(36)),), (Bracket("SITE-B", D(5), D(90)),))
    low, high = rectangles(draw_range_bar(wide).svg)["normal-operating"]
    assert high - low > 0.8 * WIDTH
    assert "SITE-B holds 5 to 90" in draw_range_bar(wide).alt


def test_what_a_site_holds_by_design_alone_is_dashed_and_says_so():
    shown = RangeBar(
        "T", "", None, (), (Bracket("SITE-B", D(5), D(90), qualified=False), Bracket("SITE-A", D(5), D(9)))
    )
    svg = draw_range_bar(shown).svg
    assert svg.count("stroke-dasharray") == 1
    assert "SITE-B, by design" in svg
    assert describe(shown) == "T: SITE-B, by design holds 5 to 90; SITE-A holds 5 to 9"
