"""The flow graph: what it finds, also in graphs made to exhaust a reader."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ttpack.analysis.flow import Flow

MANY = 10_000


def names(count: int) -> list[str]:
    return [f"UO-{place:05}" for place in range(count)]


def test_a_line_has_one_start_one_end_one_part_and_no_circle() -> None:
    nodes = names(3)
    flow = Flow.of(nodes, [(nodes[0], nodes[1]), (nodes[1], nodes[2])])
    assert (flow.starts, flow.ends, flow.circles) == ((nodes[0],), (nodes[2],), ())
    assert flow.parts == (tuple(nodes),)


def test_arrows_to_unknown_nodes_are_left_out_and_repeated_ones_count_once() -> None:
    flow = Flow.of(["A", "B", "A"], [("A", "B"), ("A", "B"), ("A", "Z"), ("Z", "B")])
    assert flow.nodes == ("A", "B")
    assert flow.edges == (("A", "B"),)


def test_each_circle_is_reported_once_by_its_shortest_way() -> None:
    flow = Flow.of("ABCDE", [("A", "B"), ("B", "C"), ("C", "A"), ("B", "A"), ("D", "E"), ("E", "D"), ("C", "D")])
    assert flow.circles == (("A", "B"), ("D", "E"))


def test_a_long_line_a_star_a_ring_and_scattered_pairs_are_read() -> None:
    nodes = names(MANY)
    line = Flow.of(nodes, pairwise(nodes))
    assert (line.starts, line.circles, len(line.parts)) == ((nodes[0],), (), 1)
    ring = Flow.of(nodes, zip(nodes, [*nodes[1:], nodes[0]], strict=True))
    assert (ring.starts, len(ring.circles), len(ring.circles[0])) == ((), 1, MANY)
    star = Flow.of(nodes, ((nodes[0], node) for node in nodes[1:]))
    assert len(star.ends) == MANY - 1
    pairs = Flow.of(nodes, zip(nodes[::2], nodes[1::2], strict=True))
    assert len(pairs.parts) == MANY // 2


@given(st.lists(st.tuples(st.sampled_from("ABCDEF"), st.sampled_from("ABCDEF")), max_size=20))
def test_there_is_a_circle_exactly_where_no_order_exists(edges: list[tuple[str, str]]) -> None:
    flow = Flow.of("ABCDEF", edges)
    left = set(flow.nodes)
    while ready := [
        node for node in left if not any(source in left for source, target in flow.edges if target == node)
    ]:
        left.difference_update(ready)
    assert bool(flow.circles) == bool(left)
    for circle in flow.circles:
        ways = set(flow.edges)
        assert all(step in ways for step in zip(circle, [*circle[1:], circle[0]], strict=True))


@given(st.lists(st.tuples(st.sampled_from("ABCDEF"), st.sampled_from("ABCDEF")), max_size=20))
def test_parts_cover_every_node_once(edges: list[tuple[str, str]]) -> None:
    flow = Flow.of("ABCDEF", edges)
    assert sorted(node for part in flow.parts for node in part) == sorted(flow.nodes)
