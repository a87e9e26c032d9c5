"""Which `not_applicable` records answer a requirement: those with a reason and an approver (format.md, "Records")."""

import re
from collections.abc import Mapping
from functools import cached_property

from ttpack.model.documents import NotApplicable
from ttpack.model.ids import is_record_id
from ttpack.model.package import Package

_SEPARATORS = re.compile(r"[^a-z0-9]+")


def normalised(text: str) -> str:
    """Words in lower case, whatever stands between them: `Pool hold`, `pool_hold` and `pool-hold` are one name."""
    return _SEPARATORS.sub(" ", text.lower()).strip()


class NotApplicableAnswers:
    """The answers of a package by what they answer: a kind, or a name on a record."""

    def __init__(self, package: Package) -> None:
        """Read the answers in force."""
        self._records = package.in_force(NotApplicable)

    @cached_property
    def _by_target(self) -> Mapping[tuple[str, str], NotApplicable]:
        found: dict[tuple[str, str], NotApplicable] = {}
        for record in self._records:
            head, colon, tail = record.what.partition(":")
            about, name = (
                (head.strip(), tail) if colon and is_record_id(head.strip()) else (record.record or "", record.what)
            )
            key = (about, normalised(name))
            if key not in found or (_defect(found[key]) and not _defect(record)):
                found[key] = record
        return found

    def answers(self, name: str, record_id: str = "") -> bool:
        """Whether a complete answer says that `name` (on that record) is not applicable."""
        answer = self._by_target.get((record_id, normalised(name)))
        return answer is not None and not _defect(answer)

    def shortfall(self, name: str, record_id: str = "") -> str:
        """Why an answer that exists does not count, as the end of a sentence; nothing where there is none."""
        answer = self._by_target.get((record_id, normalised(name)))
        defect = _defect(answer) if answer else ""
        return f" ({answer.id} does not count: it {defect})" if answer and defect else ""


def _defect(answer: NotApplicable) -> str:
    if not (answer.reason or "").strip():
        return "gives no reason"
    if not (answer.approver or "").strip():
        return "names no approver"
    return "is still a draft" if answer.status in ("draft", "in_review") else ""
