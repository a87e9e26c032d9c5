"""The file of a change record: what ttpack computed is replaced, every byte that people wrote stays."""

import re
from collections.abc import Mapping
from typing import Any

from ttpack.errors import UsageError
from ttpack.source.documents import read_yaml
from ttpack.source.problems import SourceProblem
from ttpack.source.yaml_writer import record_text, same_data

COMPUTED = ("from_revision", "to_digest", "proposal")
"""Fields that ttpack may write, in their order; the revision only where there is none."""
_HEAD = """\
# to_digest and proposal are computed: ttpack impact --record writes them anew. Everything else is yours, and stays.
# Complete: reason, initiated_by, initiated_on. Each function that the proposal names under approvers then decides:
#   decisions:
#     - {function: S-QA, reviewer: PER-..., decision: approve, decided_on: 2026-01-31, proposal_digest: <its digest>}
"""
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')


def new_file(people: Mapping[str, Any], computed: Mapping[str, Any]) -> bytes:
    """A change record's file as ttpack begins it, with what people complete said above it."""
    return (_HEAD + record_text({**people, **computed})).encode()


def refreshed(data: bytes, path: str, computed: Mapping[str, Any]) -> bytes:
    """The file with the computed fields replaced, and no other byte changed; the same bytes where they say the same.

    Raises UsageError where that cannot be done: where a comment stands inside the proposal, or the file is so written
    that another field would change.
    """
    written = _record(data, path)
    if all(same_data(written.get(name), value) for name, value in computed.items()):
        return data
    mark, text = ("\ufeff", data.decode()[1:]) if data.startswith(b"\xef\xbb\xbf") else ("", data.decode())
    line_end = "\r\n" if "\r\n" in text else "\n"
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    for name in sorted(computed, key=COMPUTED.index, reverse=True):
        fresh = [f"{line}{line_end}" for line in _lines_of(name, computed[name])]
        first, end = _span(lines, name, path)
        if first == len(lines) and lines and not lines[-1].endswith(("\n", "\r")):
            lines[-1] += line_end
        lines[first:end] = fresh
    result = (mark + "".join(lines)).encode()
    wanted = {**written, **computed}
    try:
        found = _record(result, path)
    except UsageError:
        found = {}
    if not same_data(found, wanted):
        raise UsageError(f"{path} is so written that other fields would change: run ttpack fmt on it first")
    return result


def _record(data: bytes, path: str) -> dict[str, Any]:
    try:
        return read_yaml(data, path)[0].data
    except SourceProblem as problem:
        raise UsageError(f"{path}: {problem}") from None


def _lines_of(name: str, value: Any) -> list[str]:
    """The lines of one computed field, in the form that every record is written in."""
    _, *lines = record_text({"kind": "change_record", name: value}).splitlines()
    return lines


def _span(lines: list[str], name: str, path: str) -> tuple[int, int]:
    """Where a field of the record begins and ends; where it would stand, if it is not there.

    A field ends before whatever stands at the margin again, or before the blank lines above that.
    """
    starts = [index for index, line in enumerate(lines) if re.match(rf"{name}[ \t]*:(?:\s|$)", line)]
    if not starts:
        following = [index for index, line in enumerate(lines) if re.match(r"(?:proposal[ \t]*:|\.\.\.\s*$)", line)]
        place = following[0] if following else len(lines)
        return place, place
    first = starts[0]
    end = first + 1
    while end < len(lines) and (lines[end][:1] in " \t" or not lines[end].strip()):
        end += 1
    while end > first + 1 and not lines[end - 1].strip():
        end -= 1
    for index in range(first, end):
        bare = _QUOTED.sub("", lines[index])
        if re.search(r"(?:^|\s)#", bare):
            raise UsageError(f"{path}:{index + 1}: a comment stands inside what is written anew: move it out of {name}")
    return first, end
