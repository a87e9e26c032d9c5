"""The rule on kinds of records that a gate requires (DOC-06)."""

from collections.abc import Iterator, Mapping
from typing import Final

from ttpack.analysis.gate_requirements import kind_words, required_kinds
from ttpack.model.findings import Problem
from ttpack.model.governance import QualityAgreement
from ttpack.model.kinds import KINDS
from ttpack.model.package import Package
from ttpack.model.record import Record
from ttpack.rules.applicability import Applicability, after_clinical_material, from_late_stage, when_filed
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

APPLIES: Final[Mapping[str, Applicability]] = {"ppq_plan": from_late_stage, "established_condition": when_filed}
"""Kinds that not every package needs."""

NOT_YET: Final = frozenset({"draft", "in_review", "planned", "candidate"})
NO_LONGER: Final = frozenset({"superseded", "withdrawn", "disqualified", "failed", "stopped", "refuted"})


def _with_receiving_site(package: Package) -> str | None:
    return None if package.receiving_sites else "no receiving site is named"


def _with_agreement_not_in_force(package: Package) -> str | None:
    manifest = package.manifest
    waiting = any(one.agreement_in_force is not True for one in package.in_force(QualityAgreement))
    judged = waiting and bool(manifest.sending_organisation and manifest.receiving_organisations)
    return None if judged else "every agreement says that it is in force"


JUDGED_WHERE: Final[Mapping[str, Applicability]] = {
    "run": _with_receiving_site, "comparability_plan": after_clinical_material,
    "quality_agreement": _with_agreement_not_in_force,
}  # fmt: skip
"""Kinds of which another rule (RUN-01, REG-03, QAG-01) says what one in preparation lacks, and where it does."""


@rule("DOC-06", COMPLETENESS, basis="WHO TRS 1044 A4 App. 1", from_gate="G1")
def required_kind_without_record(package: Package, context: Context) -> Iterator[Outcome]:
    """A kind of record that a gate requires has no record in force, and nobody has said why it is not applicable.

    A record counts unless it is still in preparation (draft, in review, planned, candidate) or no longer in force
    (superseded, withdrawn, failed ...); a record without any status counts. Each kind is asked for by its own gate.
    What a planned run, a draft of a comparability plan, or a quality agreement that is not in force lacks is said by
    RUN-01, REG-03 and QAG-01.
    Why: a transfer fails on what nobody thought of; the list names what others had to learn.
    Resolve: write and approve the first record of that kind, or a `not_applicable` record with `what: <kind>`, a reason
    and an approver. A package may change the list (`required_by_gate`) with a change record.
    """
    manifest = package.manifest
    if manifest.required_by_gate is not None and manifest.required_by_gate_record is None:
        place = manifest.at("required_by_gate_record")
        yield place, "the package changes the list of required records, but names no change record for it"
    answers = NotApplicableAnswers(package)
    by_kind: dict[str, list[Record]] = {}
    for record in package.records.values():
        by_kind.setdefault(record.kind, []).append(record)
    for gate, kinds in required_kinds(manifest.required_by_gate).items():
        for index, kind in enumerate(kinds):
            if kind not in KINDS:
                place = manifest.at(f"required_by_gate.{gate}[{index}]")
                yield Problem(place, f"{kind[:60]!r} is no kind of record, but gate {gate} requires it", from_gate="G0")
            elif not _answered(package, kind, by_kind.get(kind, []), answers):
                yield _absent(package, gate, kind, by_kind.get(kind, []), answers)


def _answered(package: Package, kind: str, records: list[Record], answers: NotApplicableAnswers) -> bool:
    # the package record is there from the charter on; it is approved when all of it is
    if any(
        (record.status not in NOT_YET or kind == "package") and record.status not in NO_LONGER for record in records
    ):
        return True
    judged = JUDGED_WHERE.get(kind)
    if judged and any(record.in_force for record in records) and judged(package) is None:
        return True
    applies = APPLIES.get(kind)
    return answers.answers(kind) or (applies is not None and applies(package) is not None)


def _absent(package: Package, gate: str, kind: str, records: list[Record], answers: NotApplicableAnswers) -> Problem:
    words = kind_words(kind)
    waiting = sum(record.status in NOT_YET for record in records)
    are = "is" if waiting == 1 else "are"
    state = f"; {waiting} {are} still in preparation" if waiting else ""
    return Problem(
        package.manifest.at(),
        f"no {words} is in force, which gate {gate} requires{state}{answers.shortfall(kind)}",
        f"add and approve a record of kind {kind}, or a not_applicable record with what: {kind}, reason and approver",
        from_gate=gate,
    )
