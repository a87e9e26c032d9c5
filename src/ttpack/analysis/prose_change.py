"""The change of a Markdown record's text, section by section: the change names the heading it stands under.

The field of a section is `body.` and its heading, of what stands above the first heading `body`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from ttpack.analysis.change import Change, ChangeKind
from ttpack.model.digest import collapsed

_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+(?P<title>.*?))?(?:[ \t]+#+)?[ \t]*")
_FENCE = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})(?P<rest>[^\n]*)")
_LONGEST_TITLE = 80


class Section(NamedTuple):
    """A part of a text: its heading's words (empty above the first heading), and all of it with the heading's line."""

    title: str
    text: str


class Reporter(Protocol):
    """What builds a change of the record compared, and gives ids as they are after renames."""

    def change(self, path: str, kind: ChangeKind, before: Any, after: Any, **more: Any) -> Change:
        """A change of the record at a field path."""

    def current(self, text: str) -> str:
        """Text with the ids of renamed records as they are now."""


def body_changes(walk: Reporter, old: str, new: str) -> Iterator[Change]:
    """What changed in a text: per section another wording or only its wrapping, sections added, removed and moved."""
    if old == new or walk.current(old) == new:
        return
    before, after = sections(old), sections(new)
    pairs = _pairs(before, after)
    for first, second in pairs:
        if first is None or second is None:
            section = after[second] if second is not None else before[first or 0]
            if not section.text.strip():
                continue
            kind: ChangeKind = "item_added" if first is None else "item_removed"
            texts = (None, section.text) if first is None else (section.text, None)
            yield walk.change(_path(section), kind, *texts, direction="added" if first is None else "removed")
        else:
            yield from _section_changes(walk, before[first], after[second])
    kept = [first for first, second in pairs if first is not None and second is not None]
    if kept != sorted(kept):
        # what is said first may be what is done first
        yield walk.change("body", "order_changed", [one.title for one in before], [one.title for one in after])


def _section_changes(walk: Reporter, old: Section, new: Section) -> Iterator[Change]:
    was = walk.current(old.text)
    if new.text in (was, old.text):
        return
    texts = old.text.strip("\n"), new.text.strip("\n")
    if collapsed(was) == collapsed(new.text):
        if was.strip() != new.text.strip():
            yield walk.change(_path(new), "text_changed", *texts, direction="reflow only")
    else:
        yield walk.change(_path(new), "text_changed", *texts)


def _path(section: Section) -> str:
    return f"body.{section.title}" if section.title else "body"


def sections(text: str) -> list[Section]:
    """The text cut at its headings (`# ...`), wherever they are no part of a code block."""
    found: list[Section] = []
    lines: list[str] = []
    title, fence = "", ""
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        heading = _HEADING.fullmatch(line.rstrip("\n")) if not fence else None
        if heading is not None:
            found.append(Section(title, "".join(lines)))
            lines, title = [], (heading["title"] or "").strip()[:_LONGEST_TITLE]
        elif mark is not None:
            fence = _fence(fence, mark["marks"], mark["rest"])
        lines.append(line)
    found.append(Section(title, "".join(lines)))
    return [section for section in found if section.title or section.text.strip()]


def _fence(opened: str, marks: str, rest: str) -> str:
    """The fence that is open after a line of these marks: a block ends with at least as many of its own."""
    if not opened:
        return "" if "`" in rest and marks[0] == "`" else marks
    closes = marks[0] == opened[0] and len(marks) >= len(opened) and not rest.strip()
    return "" if closes else opened


def _pairs(old: Sequence[Section], new: Sequence[Section]) -> list[tuple[int | None, int | None]]:
    """Which section is which: of the same heading, in their order; then of the same text below another heading."""
    partner: dict[int, int] = {}
    free = list(range(len(old)))
    for same in (_title, _below):
        for index, section in enumerate(new):
            if index in partner:
                continue
            found = next((one for one in free if same(old[one]) == same(section)), None)
            if found is not None:
                partner[index] = found
                free.remove(found)
    return [*((partner.get(index), index) for index in range(len(new))), *((index, None) for index in free)]


def _title(section: Section) -> str:
    return section.title


def _below(section: Section) -> str:
    return collapsed(section.text.partition("\n")[2])
