"""Where something is wrong, and what is said about it."""

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Place:
    """A symbolic position: a record and a dotted field path (`ranges.studied.low`, `effects[2].ref`).

    `path`, `line` and `column` are known only for what has no record, such as an unreadable file.
    """

    record: str | None
    field: str = ""
    path: str | None = None
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule yields. `site` names the receiving site whose gate decides the severity.

    `from_gate` replaces the rule's own where a clause of it is due at another gate, `kind` where it is of another.
    """

    place: Place
    message: str
    fix: str = ""
    site: str | None = None
    from_gate: str | None = None
    kind: Literal["consistency", "completeness", "information"] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with the rule that found it, its severity at the gate, and its file position."""

    code: str
    name: str
    severity: Severity
    record: str | None
    field: str
    path: str
    line: int
    column: int
    message: str
    fix: str = ""
    owner: str = ""
    gate: str = ""
    site: str = ""
    waived: str = ""

    def as_json(self) -> dict[str, Any]:
        """The finding as a JSON object, its keys in a fixed order."""
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity,
            "record": self.record,
            "field": self.field,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "fix": self.fix,
            "owner": self.owner,
            "gate": self.gate,
            "site": self.site,
            "waived": self.waived,
        }
