"""Problems of files as findings, each with its line and column."""

import posixpath

from ttpack.model.findings import Finding
from ttpack.model.ids import is_record_id
from ttpack.source.documents import RawRecord
from ttpack.source.places import Places, TreesOfPackage
from ttpack.source.problems import SOURCE_RULES, SourceProblem


class Report:
    """What is wrong so far."""

    def __init__(self, reader: TreesOfPackage) -> None:
        self._places = Places(reader)
        self._findings: set[Finding] = set()

    def findings(self) -> tuple[Finding, ...]:
        """Every finding once, in the order of their places."""
        return tuple(sorted(self._findings, key=lambda one: (one.path, one.line, one.column, one.code, one.message)))

    def file(self, problem: SourceProblem, prefix: str = "") -> None:
        """A file that cannot be read; `prefix` is the overlay it belongs to."""
        self._add(problem, posixpath.join(prefix, problem.path), "")

    def field(self, code: str, raw: RawRecord, field: str, message: str, fix: str = "") -> None:
        """A field of a record. Of a second record with a known id the finding names no record, only its place."""
        line, column = self._places.of(raw.path, raw.index, field)
        problem = SourceProblem(code, message, raw.path, line, column, fix)
        self._add(problem, raw.path, field, raw)

    def _add(self, problem: SourceProblem, path: str, field: str, raw: RawRecord | None = None) -> None:
        rule = SOURCE_RULES[problem.code]
        self._findings.add(
            Finding(
                code=rule.code,
                name=rule.name,
                severity="error",
                record=_record_id(raw) if rule.code != "SRC-14" else None,
                field=field,
                path=path,
                line=problem.line,
                column=problem.column,
                message=problem.message,
                fix=problem.fix,
                owner=_text(raw, "owner") or "",
            )
        )


def _record_id(raw: RawRecord | None) -> str | None:
    """The record's id if it is one: whatever else stands there would be taken for one by who reads the finding."""
    record_id = _text(raw, "id")
    return record_id if record_id is not None and is_record_id(record_id) else None


def _text(raw: RawRecord | None, name: str) -> str | None:
    value = raw.data.get(name) if raw else None
    return value if isinstance(value, str) else None
