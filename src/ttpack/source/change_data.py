"""The data of change control that travel with ttpack: the table of change rules."""

from typing import Any

from ttpack.source.documents import read_yaml
from ttpack.source.resources import resource


def change_rule_rows() -> list[dict[str, Any]]:
    """The rows of the change rules as written, in the order of files and rows.

    Raises FileNotFoundError where ttpack was installed without them.
    """
    return [
        row.data
        for path in sorted(resource("data/change-rules").glob("*.yaml"))
        for row in read_yaml(path.read_bytes(), path.name)
    ]
