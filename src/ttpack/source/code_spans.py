"""Code in Markdown, found in time that grows with the text alone, whatever an author wrote to make it grow faster."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}+|~{3,}+)(?P<rest>[^\n]*)")
_RUN = re.compile(r"`+")


def without_code(text: str) -> str:
    """The text with closed code blocks and code spans as spaces; offsets and lines stay.

    Where Markdown readers could differ, what stands there counts as no code.
    """
    if "`" not in text and "~~~" not in text:
        return text
    lines = text.split("\n")
    for first, last in _blocks(lines):
        lines[first:last] = [" " * len(line) for line in lines[first:last]]
    return "\n".join(_without_spans(line) if "`" in line else line for line in lines)


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """First line and line after the last of each fenced block that is closed."""
    fences = {number: found for number, line in enumerate(lines) if (found := _FENCE.match(line))}
    closing = {
        number: (found["fence"][0], len(found["fence"]))
        for number, found in fences.items()
        if not found["rest"].strip("`~ \t")
    }
    # The longest fence of each sort from a line on: an opening fence longer than that is never closed.
    longest: dict[int, dict[str, int]] = {}
    so_far: dict[str, int] = {}
    for number in sorted(fences, reverse=True):
        longest[number] = so_far
        if number in closing:
            mark, length = closing[number]
            so_far = so_far | {mark: max(length, so_far.get(mark, 0))}
    end = 0
    for number, found in fences.items():
        mark, length = found["fence"][0], len(found["fence"])
        if number < end or "`" in found["rest"] or longest[number].get(mark, 0) < length:
            continue
        end = number + 1
        while closing.get(end, ("", 0))[0] != mark or closing[end][1] < length:
            end += 1
        end += 1
        yield number, end


def _without_spans(line: str) -> str:
    """One line with its code spans as spaces: from a run of backticks to the next run of the same length."""
    runs = [(found.start(), found.end()) for found in _RUN.finditer(line)]
    by_length: dict[int, list[int]] = {}
    for start, end in runs:
        by_length.setdefault(end - start, []).append(start)
    parts: list[str] = []
    done = 0
    for start, end in runs:
        if start < done or line[start - 1 : start] == "\\":
            continue
        same = by_length[end - start]
        following = bisect_right(same, start)
        if following < len(same):
            close = same[following] + end - start
            parts += [line[done:start], " " * (close - start)]
            done = close
    return "".join([*parts, line[done:]])
