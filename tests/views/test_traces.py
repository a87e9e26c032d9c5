"""What stands behind an attribute is drawn, and told in words and in a table."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from ttpack.cli.opening import open_package, open_tree
from ttpack.model.package import Package
from ttpack.model.quality import QualityAttribute
from ttpack.views.attribute_trace import attribute_trace
from ttpack.views.blocks import Picture, Table
from ttpack.views.trace_graph import MOST_NODES, Trace, draw_trace

MINIMAL = Path(__file__).parents[1] / "packages" / "minimal"


def test_a_trace_says_in_words_what_it_draws():
    labels = {"A": 'Aggregate <b> & "x"', "U": "Bioreactor", "P": "A parameter with a name longer than two lines hold"}
    trace = Trace(("Attribute", "Unit operation", "Parameter", "Evidence"), labels)
    trace.add(0, "A")
    trace.add(1, "U", "A")
    trace.add(2, "P", "U")
    trace.add(2, "P", "U")
    picture = draw_trace(trace, "What stands behind it")
    root = ElementTree.fromstring(picture.svg)
    drawn = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert 'Aggregate <b> & "x"' in drawn
    assert "Evidence" not in drawn, "an empty layer is not drawn"
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == 2
    assert labels["P"] in picture.alt
    assert "Bioreactor to A parameter" in picture.alt


@pytest.mark.parametrize("count", [MOST_NODES, MOST_NODES + 30])
def test_a_long_trace_is_bounded_and_says_so(count: int):
    labels = {"A": "Aggregate"} | {f"P{n}": f"Parameter {n}" for n in range(count)}
    trace = Trace(("Attribute", "Parameter"), labels)
    trace.add(0, "A")
    for n in range(count):
        trace.add(1, f"P{n}", "A")
    picture = draw_trace(trace, "Many")
    assert picture.svg.count("<rect") == 1 + MOST_NODES
    assert ("and 30 more" in picture.svg) == (count > MOST_NODES)
    assert ("and 30 more" in picture.alt) == (count > MOST_NODES)


@pytest.fixture(scope="module")
def package() -> Package:
    return open_package(open_tree(str(MINIMAL), None)).package


def test_the_table_beside_a_trace_names_what_it_draws(package: Package):
    traced = [attribute_trace(package, one) for one in package.of(QualityAttribute)]
    found = [parts for parts in traced if parts]
    assert found
    for picture, table in found:
        assert isinstance(picture, Picture)
        assert isinstance(table, Table)
        for row in table.rows:
            assert package.label(row.cells[0][0].record) in picture.alt  # type: ignore[index, union-attr]
