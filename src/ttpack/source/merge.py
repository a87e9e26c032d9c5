"""Merging two versions of a record file with their common ancestor: the answer of the git merge driver.

git's own merge of the text is taken where it has no conflict and says what the merge of the data says. Else the data
are merged by record and field and written into the text of one side. Either result is read back and must be exactly
the merge of the data, with every comment, which is found out a second time in another way (`merge_check`). What cannot
be shown to be right is git's conflict, or the whole file as one conflict: never a merge that nobody meant.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ttpack.source.documents import read_yaml
from ttpack.source.merge_check import is_three_way, keeps_comments
from ttpack.source.merge_data import Conflict, Merged, Path, merge_data
from ttpack.source.merge_entries import CannotSplice, data_of, named
from ttpack.source.merge_splice import MIDDLE, OURS, THEIRS, Splice
from ttpack.source.problems import SourceProblem
from ttpack.source.text import refuse_unreadable_text
from ttpack.source.yaml_comments import comment_texts
from ttpack.source.yaml_tree import Node, Written, parse_written
from ttpack.source.yaml_writer import same_data, split_record

TextMerge = Callable[[bytes, bytes, bytes], tuple[bytes, bool]]
"""git's three-way merge of (base, ours, theirs): the text, and whether it has no conflict."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The merged file, whether it is free of conflicts, and what a person must know about it."""

    data: bytes
    clean: bool
    remarks: tuple[str, ...] = ()


class _Sides(NamedTuple):
    base: str
    ours: str
    theirs: str


def merge_documents(base: bytes, ours: bytes, theirs: bytes, path: str, text_merge: TextMerge) -> Outcome:
    """Merge two versions of the record file `path` (its suffix says whether it is Markdown).

    The text of a Markdown record is merged by git. A side that is no readable record file leaves the whole file to git.
    """
    try:
        parts = [split_record(data, path) for data in (base, ours, theirs)]
        sides = _Sides(*(_lines(front) for front, _ in parts))
        read = [_read(text) for text in sides]
    except SourceProblem as problem:
        data, clean = text_merge(base, ours, theirs)
        return Outcome(data, clean, (f"merged as text, since one side cannot be read: {problem.message}",))
    outcome = _front(sides, read, text_merge)
    front = outcome.data
    if b"\r\n" in parts[1][0] and parts[1][0].count(b"\r\n") == parts[1][0].count(b"\n"):
        front = front.replace(b"\n", b"\r\n")
    if not path.endswith(".md"):
        return Outcome(front, outcome.clean, outcome.remarks)
    body, clean = text_merge(*(text for _, text in parts))
    remarks = outcome.remarks if clean else (*outcome.remarks, "the text below the fields: changed on both sides")
    return Outcome(front + body, outcome.clean and clean, remarks)


def _front(sides: _Sides, read: list[Any], text_merge: TextMerge) -> Outcome:
    """The merge of three texts that can be read."""
    merged = merge_data(*read)
    text, clean = text_merge(*(side.encode() for side in sides))
    if clean and not merged.conflicts and _says(text, merged.value) and _is_merge(sides, read, text.decode()):
        return Outcome(text, clean=True)
    spliced = _spliced(sides, read, merged)
    if spliced is not None:
        return Outcome(spliced.encode(), not merged.conflicts, _remarks(merged.conflicts))
    remarks = _remarks(merged.conflicts) or ("merged by git as text: the fields cannot be put together for certain",)
    if not clean:
        return Outcome(text, clean=False, remarks=remarks)
    whole = "\n".join([OURS, sides.ours.removesuffix("\n"), MIDDLE, sides.theirs.removesuffix("\n"), THEIRS, ""])
    return Outcome(whole.encode(), clean=False, remarks=remarks)


def _spliced(sides: _Sides, read: list[Any], merged: Merged) -> str | None:
    """The merged data in the text of one side, conflicts between markers; None where it is not shown to be right."""
    if any(line.startswith((OURS[:7], MIDDLE, THEIRS[:7])) for side in sides for line in side.split("\n")):
        return None
    written = [parse_written(side) for side in sides]
    theirs_is_canvas = _rewritten(written[0], written[2]) > _rewritten(written[0], written[1])
    canvas, other = (written[2], written[1]) if theirs_is_canvas else (written[1], written[2])
    if theirs_is_canvas:
        merged = merge_data(read[0], read[1], read[2], prefer="theirs")
    paths = [conflict.path for conflict in merged.conflicts]
    splice = Splice(written[0], canvas, other, paths, canvas_is_ours=not theirs_is_canvas)
    try:
        text = splice.text(merged.value)
    except CannotSplice:
        return None
    if not merged.conflicts:
        return text if _says(text.encode(), merged.value) and _is_merge(sides, read, text) else None
    resolved = [_resolved(text, ours=ours) for ours in (True, False)]
    return text if all(_is_merge(sides, read, one, splice.marked) for one in resolved) else None


def _is_merge(sides: _Sides, read: list[Any], text: str, open_paths: Sequence[Path] = ()) -> bool:
    """Whether a text can be read, says what the merge must say, and has the comments it must have."""
    try:
        result = _read(text)
    except SourceProblem:
        return False
    if not is_three_way((read[0], read[1], read[2]), result, open_paths):
        return False
    return bool(open_paths) or keeps_comments(*map(comment_texts, (*sides, text)))


def _says(text: bytes, value: Any) -> bool:
    try:
        return same_data(_read(text.decode()), value)
    except SourceProblem:
        return False


def _read(text: str) -> Any:
    """The record, or the list of records, of a YAML text."""
    records = read_yaml(text.encode(), "")
    return records[0].data if records[0].index is None else [record.data for record in records]


def _lines(front: bytes) -> str:
    """The text with LF as line ends, the last line ended."""
    refuse_unreadable_text(front, "")
    text = front.decode().replace("\r\n", "\n").replace("\r", "\n")
    return text if text.endswith("\n") else f"{text}\n"


def _rewritten(base: Written, side: Written) -> int:
    """How many fields a side wrote in another way or order without changing what they say."""
    return _rewritten_below(base, base.root, side, side.root)


def _rewritten_below(base: Written, before: Node, side: Written, after: Node) -> int:
    if before.kind != after.kind:
        return 0
    if not (before.block and after.block):
        return int(same_data(data_of(before), data_of(after)) and _text(base, before) != _text(side, after))
    try:
        old, new = named(before, (before, after)), named(after, (before, after))
    except CannotSplice:
        return 0
    common = [name for name in old if name in new]
    moved = common != [name for name in new if name in old]
    return moved + sum(_rewritten_below(base, old[name].value, side, new[name].value) for name in common)


def _text(written: Written, node: Node) -> str:
    (first, begin), (last, end) = node.start, node.end
    lines = written.lines[first : last + 1]
    if first == last:
        return lines[0][begin:end]
    return "\n".join([lines[0][begin:], *(line.strip() for line in lines[1:-1]), lines[-1][:end].strip()])


def _resolved(text: str, *, ours: bool) -> str:
    """The text with each conflict decided for one side."""
    kept: list[str] = []
    part = ""
    for line in text.split("\n"):
        if line in (OURS, MIDDLE, THEIRS):
            part = {OURS: "ours", MIDDLE: "theirs", THEIRS: ""}[line]
        elif part in ("", "ours" if ours else "theirs"):
            kept.append(line)
    return "\n".join(kept)


def _remarks(conflicts: Sequence[Conflict]) -> tuple[str, ...]:
    return tuple(f"{'.'.join(conflict.path) or 'the file'}: {conflict.reason}" for conflict in conflicts)
