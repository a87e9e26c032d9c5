"""Rules on change control (CHG): procedures of the sites, decisions on changes, and what was implemented."""

from collections.abc import Iterator, Mapping
from typing import Final

from ttpack.analysis.change_coverage import ChangeSince, OneChange, counts, coverage, understated
from ttpack.analysis.change_decisions import QUALITY_PAIR, undecided
from ttpack.analysis.change_records import proposal_digest
from ttpack.model.facility import Site
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.model.regulatory import ChangeProcedure, ChangeRecord, ClassTerm
from ttpack.rules import implementations
from ttpack.rules.answer import RELEASE
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule

__all__ = ["implementations"]  # imported for the rule it registers

CLASSES: Final = ("editorial", "minor", "moderate", "major")
OF_ANY_EDIT: Final = frozenset({"author", "reviewer"})
"""What an editorial change asks for: whoever wrote it and whoever merges it, which git shows."""
NAMED: Final = 5
"""How many of many changes a message names."""


@rule("CHG-01", COMPLETENESS, basis="Niazi: change control differs across sites; FDA 2016", from_gate="G2")
def change_procedure_missing_or_incomplete(package: Package, context: Context) -> Iterator[Outcome]:
    """A sending or receiving site has no change procedure, or one that does not say what each class of change asks for.

    For every class of the package (editorial, minor, moderate, major) the procedure gives the site's own term, with its
    threshold, the functions required and whether the sponsor approves; a receiving site also within what time the
    sponsor is told.
    Why: the same change is "Level B" at one site and "Type 2" at the other; whoever translates by ear tells the sponsor
    too late, or nobody.
    Resolve: complete the site's `change_procedure`: a class term for each class, with threshold, required_functions,
    sponsor_approval and sponsor_notice.
    """
    procedures: dict[str, list[ChangeProcedure]] = {}
    for procedure in package.in_force(ChangeProcedure):
        procedures.setdefault(procedure.site or "", []).append(procedure)
    if not procedures:
        return  # DOC-06 asks for the first of them
    receiving = frozenset(package.receiving_sites)
    for site in sorted({*package.sending_sites, *receiving}):
        own = procedures.get(site, [])
        if not own:
            record = package.get(site, Site) or package.manifest
            yield Problem(record.at(), f"{package.label(site)} ({site}) has no change procedure", site=site)
        for procedure in own:
            yield from _incomplete(procedure, receiving=site in receiving)


def _incomplete(procedure: ChangeProcedure, *, receiving: bool) -> Iterator[Outcome]:
    if procedure.status in ("draft", "in_review"):
        yield procedure.at("status"), f"{procedure.name} is still {procedure.status.replace('_', ' ')}"
    mapped = {term.package_class for term in procedure.class_terms}
    missing = [name for name in CLASSES if name not in mapped]
    if missing:
        yield procedure.at("class_terms"), f"{procedure.name} has no term for {_listed(missing)} changes"
    for index, term in enumerate(procedure.class_terms):
        absent = _absent(term, receiving=receiving)
        if absent:
            message = f"{procedure.name}: {term.term!r} ({term.package_class}) gives no {_listed(absent)}"
            yield procedure.at(f"class_terms[{index}]"), message


def _absent(term: ClassTerm, *, receiving: bool) -> list[str]:
    given = {
        "threshold": (term.threshold or "").strip(),
        "required functions": term.required_functions,
        "statement whether the sponsor approves": term.sponsor_approval is not None,
        "time of notice to the sponsor": term.sponsor_notice or not receiving,
    }
    return [words for words, value in given.items() if not value]


@rule(
    "CHG-02", COMPLETENESS, basis="EU GMP Annex 15 s11; 21 CFR 211.100; 11.10(g); ICH Q7", from_gate=RELEASE,
    waivable=False,
)  # fmt: skip
def change_without_record_or_decision(package: Package, context: Context) -> Iterator[Outcome]:
    """A change since the last approved revision has no change record, or a required function has not decided on it.

    The last approved revision is the nearest tag behind this one whose package record is approved or effective. A
    change record covers a change that its proposal lists with the present value; one written by hand, without a
    proposal, covers the records it names. A decision counts when a person or role of that function and party, who is
    not the author, agrees or approves, on the present proposal. At release a change also has to be decided on in the
    class that it has since the approved revision: small steps may add up to a grave one. A warning until the revision
    is released (`ttpack check --release`), or until a site passes a gate that it had not passed in the approved one.
    Why: a value that changed without anybody deciding on it is found in the inspection, after the batches are made.
    Resolve: write or refresh the record with `ttpack impact --record`, and have each function named decide on its
    proposal (`decisions`, with `proposal_digest`).
    """
    since = context.change
    if isinstance(since, str):
        yield NotComputable(package.manifest.at(), since)
        return
    uncovered, blamed = _open(package, since, context)
    site, gate = _moved_gate(context.gates, since.gates)
    if uncovered:
        yield _uncovered(package, since, uncovered, site, gate)
    for record, field, message in blamed:
        yield Problem(record.at(field), f"{record.name}: {message}", _fix(record, field), site, gate)


def _fix(record: ChangeRecord, field: str) -> str:
    if field == "initiated_by":
        return "name the person or role that initiated the change"
    if record.proposal is not None and field.startswith("decisions"):
        return f"have it decided; a decision names the proposal it is on: proposal_digest: {record.proposal.digest}"
    return ""


def _open(
    package: Package, since: ChangeSince, context: Context
) -> tuple[list[OneChange], list[tuple[ChangeRecord, str, str]]]:
    """Changes without a record, and what keeps the records of the others from being decided, said once each."""
    uncovered: list[OneChange] = []
    blamed: set[str] = set()
    low: dict[str, list[tuple[OneChange, str]]] = {}
    known: dict[str, list[tuple[str, str]]] = {}

    def open_at(record: ChangeRecord) -> list[tuple[str, str]]:
        if record.id not in known:
            known[record.id] = list(_problems(package, record, since, context))
        return known[record.id]

    for one, records in coverage(package, since):
        decided = [record for record in records if not open_at(record)]
        if not records:
            uncovered.append(one)
        elif not decided:
            blamed.add(records[0].id)
        elif understated(one, decided, since):
            others = [record for record in package.in_force(ChangeRecord) if counts(record, since)]
            wanted = understated(one, (record for record in others if not open_at(record)), since)
            if wanted:
                low.setdefault(decided[0].id, []).append((one, wanted))
    problems = [
        (record, field, message)
        for record in package.in_force(ChangeRecord)
        for field, message in (known[record.id] if record.id in blamed else _too_low(low.get(record.id, []), since))
    ]
    return uncovered, problems


def _too_low(given: list[tuple[OneChange, str]], since: ChangeSince) -> Iterator[tuple[str, str]]:
    """What is said of changes that were decided on in a lower class than they have since the approved revision."""
    if given:
        names = "; ".join(f"{one.words} is {wanted}" for one, wanted in given[:NAMED])
        rest = f"; and {len(given) - NAMED} more" if len(given) > NAMED else ""
        yield "proposal", f"it was decided on in a lower class than the change since {since.revision}: {names}{rest}"


def _problems(
    package: Package, record: ChangeRecord, since: ChangeSince, context: Context
) -> Iterator[tuple[str, str]]:
    """What keeps a record from being decided: its proposal was edited by hand, or decisions are missing."""
    if record.proposal is not None:
        raw = package.raw.get(record.id, {}).get("proposal")
        if not isinstance(raw, Mapping) or proposal_digest(raw) != record.proposal.digest:
            yield "proposal", "its proposal is not what ttpack wrote; refresh it with ttpack impact --record"
            return
    yield from undecided(package, record, required_functions(record, since), context.as_of)


def required_functions(record: ChangeRecord, since: ChangeSince) -> tuple[str, ...]:
    """The functions that decide on a record: those of its proposal and of the rules its changes fall under.

    Where nothing names any, the quality units of both parties.
    """
    named = {*map(str, record.entities), *record.removed_entities}
    proposed = record.proposal.approvers if record.proposal else ()
    if record.proposal:
        named = {one.record for one in record.proposal.changes}
    classified = (code for name in sorted(named) for code in since.approvers.get(name, ()))
    return tuple(code for code in dict.fromkeys((*proposed, *classified)) if code not in OF_ANY_EDIT) or QUALITY_PAIR


def _uncovered(package: Package, since: ChangeSince, changes: list[OneChange], site: str, gate: str | None) -> Problem:
    """One problem for all changes without a record: at the open record that was written from that revision, if any."""
    waiting = [
        record
        for record in package.in_force(ChangeRecord)
        if record.state == "proposed" and record.proposal and record.from_revision in since.starts
    ]
    records = len({one.change.record for one in changes})
    names = "; ".join(one.words for one in changes[:NAMED])
    rest = f"; and {len(changes) - NAMED} more" if len(changes) > NAMED else ""
    count = f"{len(changes)} change{'s' if len(changes) > 1 else ''} of {records} record{'s' if records > 1 else ''}"
    verb = "are" if len(changes) > 1 else "is"
    where = f"{verb} in no change record" if not waiting else f"{verb} not in {waiting[0].id}, as the package is now"
    return Problem(
        (waiting[0] if waiting else package.manifest).at("proposal" if waiting else ""),
        f"{count} since {since.revision} {where}: {names}{rest}",
        "run ttpack impact --record, complete the record, and have it decided",
        site,
        gate,
    )


def _moved_gate(gates: Mapping[str, str], before: Mapping[str, str]) -> tuple[str, str | None]:
    """A site that has passed a gate since, with that gate; none where only a release asks."""
    for site, gate in sorted(gates.items()):
        if gate > before.get(site, "G0"):
            return site, gate
    return "", None


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
