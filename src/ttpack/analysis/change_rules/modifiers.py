"""What raises the class of a change by one level (change-control.md, step 5; A-Mab Table 7.1)."""

from collections.abc import Mapping

from ttpack.analysis.change_rules.sides import Sides


def modifiers(sides: Sides) -> Mapping[str, tuple[str, ...]]:
    """By changed record the modifiers that apply to it, in words. They count records changed, not records reached."""
    del sides
    return {}
