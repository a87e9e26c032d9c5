"""Records of an earlier schema version, lifted in memory: what is checked, compared and published is of this version.

Files stay as they are; only what was read from them is lifted.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from ttpack.model.schema import SCHEMA_VERSION

Step = Callable[[dict[str, Any]], dict[str, Any]]
STEPS: Final[dict[int, Step]] = {}
"""By the version it begins with: what makes of a record of that version one of the next.

A step is pure, leaves what it does not know as it is, and takes whatever an author may have written: records are lifted
before they are checked. There is none yet, as there is one version.
"""


def steps_from(version: object) -> tuple[Step, ...] | None:
    """The steps from a version to this one, none for this one; None for a version that this ttpack cannot read."""
    major = str(version).partition(".")[0]
    if not (major.isascii() and major.isdigit()) or int(major[:9]) > SCHEMA_VERSION:
        return None
    wanted = range(int(major[:9]), SCHEMA_VERSION)
    return tuple(STEPS[one] for one in wanted) if all(one in STEPS for one in wanted) else None


def lifted(data: dict[str, Any], steps: Sequence[Step]) -> dict[str, Any]:
    """A record as it is in this version; the package's own record then names this version."""
    if not steps:
        return data
    for step in steps:
        data = step(data)
    return {**data, "schema_version": str(SCHEMA_VERSION)} if "schema_version" in data else data
