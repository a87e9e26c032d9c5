"""Who answers for what, how far each gate is decided, and how ready each criterion is, as a document shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ttpack.analysis.ppq_prerequisites import Prerequisite, ppq_prerequisites
from ttpack.model.execution import ReadinessItem, Score
from ttpack.model.gates import Gate, GateCondition
from ttpack.model.governance import Responsibility
from ttpack.views.blocks import Block, Break, Column, Inline, Inlines, Paragraph, Row, Section, Strong, Table, Text
from ttpack.views.documents.given import Given
from ttpack.views.documents.register import as_tables
from ttpack.views.record import inlines, plain_prose
from ttpack.views.who_decides import LEGEND, responsibility_matrix
from ttpack.views.words import label, reference, references, words

_MOST_OPEN = 10


def responsibilities(given: Given) -> tuple[Block, ...]:
    """The matrix of activities and roles, and what each activity delivers."""
    items = given.of(Responsibility)
    blocks: list[Block] = []
    if items:
        matrix = replace(responsibility_matrix(given.package, items), filterable=False)
        blocks += [Paragraph((Text(LEGEND),)), matrix]
        delivered = [one for one in items if one.deliverable]
        if delivered:
            rows = tuple(
                Row(((Text(one.activity or one.name),), inlines(given.package, one.deliverable))) for one in delivered
            )
            blocks.append(Table((Column("Activity"), Column("Deliverable")), rows, "What each activity delivers"))
    return (*blocks, *_others(given, Responsibility))


def gates(given: Given) -> tuple[Block, ...]:
    """The gates in order, with criteria, evidence, what people decided and on what conditions."""
    found = sorted(given.of(Gate), key=lambda one: (one.site or "", one.gate or "", one.id))
    blocks = tuple(_gate(given, one) for one in found)
    return (*blocks, *_others(given, Gate))


def _gate(given: Given, one: Gate) -> Section:
    package = given.package
    rows = [
        Row(((Text(str(place)),), (Text(plain_prose(package, criterion)),)))
        for place, criterion in enumerate(one.criteria, 1)
    ]
    said: list[Inline] = [Text("Decision: "), Strong(words(one.decision or "undecided"))]
    if one.decided_on:
        said.append(Text(f" on {one.decided_on}"))
    if one.deciders:
        said += [Text(" by "), *references(package, one.deciders)]
    if one.planned_on:
        said.append(Text(f"; planned for {one.planned_on}"))
    blocks: list[Block] = [Paragraph(tuple(said))]
    if rows:
        blocks.append(Table((Column("No."), Column("Criterion")), tuple(rows), "Criteria"))
    if one.evidence:
        blocks.append(Paragraph((Text("Evidence: "), *references(package, one.evidence))))
    if one.conditions:
        blocks.append(_conditions(given, one.conditions))
    site = f" at {package.label(one.site)}" if one.site else ""
    return Section(f"{one.gate or one.name}{site}", tuple(blocks), anchor=one.id)


def _conditions(given: Given, conditions: Sequence[GateCondition]) -> Table:
    rows = tuple(
        Row(
            (
                (Text(plain_prose(given.package, one.condition)),),
                (reference(given.package, one.owner),) if one.owner else (),
                (Text(" ".join(filter(None, (one.due_gate, str(one.due or ""))))),),
                (Text("" if one.met is None else "met" if one.met else "not met"),),
            )
        )
        for one in conditions
    )
    return Table(tuple(map(Column, ("Condition", "Owner", "Due", "State"))), rows, "Conditions")


def readiness(given: Given) -> tuple[Block, ...]:
    """Each criterion with the scores of both parties, by category; then what qualification asks for."""
    items = given.of(ReadinessItem)
    categories = dict.fromkeys(sorted(one.category or "" for one in items))
    blocks: list[Block] = []
    for category in categories:
        rows = tuple(_criterion(given, one) for one in items if (one.category or "") == category)
        heads = ("Criterion", "Weight", "Sending unit", "Receiving unit", "Evidence", "Due gate")
        title = label(category) if category else "Without category"
        blocks.append(Table(tuple(map(Column, heads)), rows, title))
    return (*blocks, *_prerequisites(given), *_others(given, ReadinessItem))


def _criterion(given: Given, one: ReadinessItem) -> Row:
    reason = (Break(), Text(f"not applicable: {one.not_applicable_reason}")) if one.not_applicable_reason else ()
    return Row(
        (
            (Text(plain_prose(given.package, one.criterion or one.name)), *reason),
            (Text(str(one.weight or "")),),
            _score(given, one.sending_score),
            _score(given, one.receiving_score),
            references(given.package, one.evidence),
            (Text(one.due_gate or ""),),
        ),
        one.id,
    )


def _score(given: Given, one: Score | None) -> Inlines:
    if one is None:
        return ()
    by = (Text(", "), reference(given.package, one.assessor)) if one.assessor else ()
    return (Strong(str(one.score)), *by, *((Text(f", {one.on}"),) if one.on else ()))


def _prerequisites(given: Given) -> Iterator[Block]:
    """What has to stand before qualification, judged at the effective date from the records of this document."""
    if not given.site or not given.complete:
        return
    if given.day is None:
        text = "The prerequisites of qualification are judged here once the document has an effective date."
        yield Paragraph((Text(text),))
        return
    found = [one for one in ppq_prerequisites(given.package, given.site, given.day) if one.looked_at]
    if not found:
        return
    rows = tuple(
        Row(((Text(one.label),), (Strong(words(one.state)),), (Text(str(one.looked_at)),), _still(given, one)))
        for one in found
    )
    heads = ("Prerequisite", "State", "Records looked at", "What is open or does not say")
    text = f"Computed from the records of this document alone, as on {given.day}."
    table = Table(tuple(map(Column, heads)), rows, "Prerequisites of qualification")
    yield Section("Prerequisites of qualification", (Paragraph((Text(text),)), table))


def _still(given: Given, one: Prerequisite) -> Inlines:
    found: list[Inline] = []
    for shortfall in (*one.open, *one.unknown)[:_MOST_OPEN]:
        found += [
            *((Break(),) if found else ()),
            reference(given.package, shortfall.record),
            Text(f": {shortfall.why}"),
        ]
    left = len(one.open) + len(one.unknown) - _MOST_OPEN
    return (*found, *((Break(), Text(f"and {left} more")) if left > 0 else ()))


def _others(given: Given, kind: type) -> tuple[Block, ...]:
    others = given.others(kind)
    return as_tables(replace(given, records=tuple(others))) if others else ()
