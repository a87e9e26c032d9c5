"""Which characters can be printed."""

import pytest
from tests.publish import font_coverage

from ttpack.publish.glyphs import describe, unsupported_characters


def test_the_committed_table_is_fresh():
    assert font_coverage.TARGET.read_text("utf-8") == font_coverage.table()


def test_what_the_field_writes_is_covered():
    text = "≤≥±×µμ°→←↑↓↕∞²³₂⁻¹⁰₀✓✗αβγΔΩ‰½–—…•·−≈≠√∂∫∝⇒◆●○▲▼□☐☑′″Å®™§†«»„“漢字かな한글，。÷äöüßéñøÅŁžЖ\u00a0\u202f"
    assert unsupported_characters(text) == []


@pytest.mark.parametrize("text", ["अ", "ไ", "\u202e", "\u2066", "\x1b", "\x00", "\ue000", "\ud800", "\U0001f9ec"])
def test_what_is_not(text):
    assert unsupported_characters(f"a{text}b{text}") == [text]


def test_a_message_never_holds_the_character():
    assert describe("\u202e") == "U+202E RIGHT-TO-LEFT OVERRIDE"
    assert describe("\x1b") == "U+001B unnamed"
