"""The pictures of authors that stand among blocks."""

from collections.abc import Iterator, Sequence

from ttpack.views.blocks import Block, Callout, Figure, Instrument, Section


def figures_in(blocks: Sequence[Block]) -> Iterator[Figure]:
    """Every figure of some blocks and of all within them, in their order."""
    for block in blocks:
        if isinstance(block, Figure):
            yield block
        elif isinstance(block, Section | Callout | Instrument):
            yield from figures_in(block.blocks)
