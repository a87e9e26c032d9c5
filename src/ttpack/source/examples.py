"""The example record of each kind, and how one becomes a new record of a package.

The examples are those of `package_template/examples`: one file for each kind, each field with a comment on what it is.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from ttpack.source.resources import resource

_FOLDER = "package_template/examples"
FIRST_STATUS: Final = {"assumption": "open", "open_item": "open", "risk": "open", "run": "planned"}
"""The status with which a record of a kind begins, where that is not `draft`."""
_FIELD = re.compile(r"^([A-Za-z][\w-]*):")


def example_kinds() -> tuple[str, ...]:
    """The kinds that there is an example of, sorted."""
    return tuple(sorted(path.stem for path in resource(_FOLDER).glob("*.yaml")))


@cache
def example_text(kind: str) -> str:
    """The example of a kind as it is written. Raises FileNotFoundError for a kind without one."""
    return (resource(_FOLDER) / f"{kind}.yaml").read_text("utf-8")


def new_record_text(kind: str, record_id: str, title: str | None, missing: Callable[[str], bool]) -> str:
    """The example of a kind as a draft with an id and a title of its own.

    Fields for which `missing` says that they refer to a record the package lacks become comments, to be completed.
    """
    lines: list[str] = []
    for field, block in _blocks(example_text(kind)):
        replaced = {"id": f"id: {record_id}", "status": f"status: {FIRST_STATUS.get(kind, 'draft')}"}
        if title is not None:
            replaced["title"] = f"title: {_quoted(title)}"
        if field in replaced:
            lines.append(replaced[field])
        elif field and missing(field):
            lines += [line if not line.strip() or line.startswith("#") else f"# {line}" for line in block]
        else:
            lines += block
    return "\n".join(lines).rstrip("\n") + "\n"


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each top-level field with its lines; comments that stand above it come first, under no field."""
    field, block = "", list[str]()
    for line in text.splitlines():
        found = _FIELD.match(line)
        if found or (line.startswith("#") and field):
            if block:
                yield field, block
            field, block = (found[1] if found else ""), []
        block.append(line)
    if block:
        yield field, block


def _quoted(text: str) -> str:
    words = " ".join(text.split())
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
