"""Gates of a receiving site as a steering committee reads them: blocked or not, by what, in which order, how late."""

from collections.abc import Iterable, Mapping

from ttpack.analysis.gates.answer import GateAnswer, Step
from ttpack.analysis.gates.blockers import Blocker
from ttpack.analysis.gates.state import PASSED
from ttpack.model.gates import Gate
from ttpack.model.package import Package
from ttpack.model.record import GATES
from ttpack.rules.answer import Check
from ttpack.views.blocks import Block, Bullets, Column, Inlines, Page, Paragraph, Row, Section, Strong, Table, Text
from ttpack.views.gate_parts import (
    answer_at,
    blockers_table,
    owner_words,
    shares_table,
    shortened,
    slug_of,
    standing,
    verdict_callout,
    verdict_words,
    withheld,
)
from ttpack.views.gate_timeline import draw_timeline, timeline_table
from ttpack.views.said import WITHHELD
from ttpack.views.words import chip, counted, inlines_of_date, plain, reference, references

MOST_BLOCKERS = 300
TOP_OF_OWNER = 3
TOP_OWNERS = 6
LONGEST_LINE = 140
_DECISIONS = {"pass": "good", "conditional": "warning", "fail": "bad"}
_STATES = {"met": "good", "open": "warning", "overdue": "bad"}


def gate_pages(package: Package, next_gate: Mapping[str, Check] | None) -> list[Page]:
    """A page for each receiving site that has a gate ahead; `next_gate` is the check as if it stood there."""
    return [site_page(package, answer_at(package, check, site)) for site, check in (next_gate or {}).items()]


def site_page(package: Package, answer: GateAnswer) -> Page:
    """Everything of one site's gates, the answer to the next one first."""
    blocks: list[Block] = [verdict_callout(package, answer)]
    if answer.said:
        blocks.append(Section("To know", (Bullets(tuple((Text(_sentence(one)),) for one in answer.said)),)))
    blocks.append(Section("What must be true next, in order", tuple(_steps(package, answer))))
    blocks.append(Section("Critical path", tuple(_path(package, answer))))
    picture = draw_timeline(answer.timeline, answer.as_of)
    drawn: tuple[Block, ...] = (picture,) if picture else ()
    if answer.timeline:
        blocks.append(Section("Timeline", (*drawn, timeline_table(package, answer.timeline))))
    for title, table in (
        ("Conditions of conditional passes", _conditions(package, answer)),
        ("Work at risk", _at_risk(package, answer)),
        ("Overlaps that nobody has decided on", _undeclared(package, answer)),
        ("Waivers this answer rests on", _waived(package, answer)),
        ("Decisions taken", _decisions(package, answer)),
    ):
        if table:
            blocks.append(Section(title, (table,)))
    summary = "What blocks the next gate, who closes it by when, and how late it makes the rest."
    return Page(slug_of(answer.site), f"Gates of {answer.site_label}", tuple(blocks), "Gates", summary)


def gate_brief(answer: GateAnswer) -> Page:
    """The answer on one screen: the verdict in the first line, the top blockers by owner, and the rest counted."""
    blocks: list[Block] = [Paragraph((Text(standing(answer)),))]
    if answer.said:
        blocks.append(Bullets(tuple((Text(_sentence(one)),) for one in answer.said)))
    blocks += [Section(_step_title(step), tuple(_brief(step))) for step in answer.next if step.owners]
    if answer.path.links:
        chain = " → ".join(f"{link.label} {link.day}" for link in answer.path.links)
        said = f"{chain} ({answer.path.links[-1].because}{_nearest(answer)})"
        blocks.append(Paragraph((Strong("Critical path: "), Text(said))))
    blocks.append(Paragraph((Text(_beside(answer)),)))
    return Page("gate", f"{verdict_words(answer)} ({answer.site})", tuple(blocks), "Gates")


def _brief(step: Step) -> Iterable[Block]:
    """Each owner with the first of what they have to close; what is left out is counted."""
    for share in step.owners[:TOP_OWNERS]:
        items = [(Text(_line(one)),) for one in share.blockers[:TOP_OF_OWNER]]
        if left := len(share.blockers) - TOP_OF_OWNER:
            items += [(Text(f"{left} more"),)] if left > 0 else []
        yield Section(f"{plain(owner_words(share.owner))}: {len(share.blockers)}", (Bullets(tuple(items)),))
    rest = step.owners[TOP_OWNERS:]
    if rest:
        left = sum(len(one.blockers) for one in rest)
        more = f"{counted(left, 'finding')} of {counted(len(rest), 'owner')} more; --format json lists all."
        yield Paragraph((Text(more),))


def _line(one: Blocker) -> str:
    found = one.finding
    late = f", {one.days_overdue} d overdue" if one.days_overdue else f", due {one.due}" if one.due else ""
    return f"{found.code} {found.record or found.path}{late}: {shortened(found.message, LONGEST_LINE)}"


def _nearest(answer: GateAnswer) -> str:
    """What comes closest to moving a gate that nothing but its own plan holds."""
    if len(answer.path.links) != 1:
        return ""
    others = [
        one for one in answer.path.forecasts if one.slack is not None and one.record != answer.path.links[0].record
    ]
    near = min(others, key=lambda one: (one.slack or 0, one.gate), default=None)
    return f"; {near.gate} could slip by {near.slack} d before it moves" if near else ""


def _beside(answer: GateAnswer) -> str:
    open_ones = [one for one in answer.conditions if one.state != "met"]
    declared = [one for one in answer.at_risk if not one.defect]
    later = ", ".join(f"{count} at {gate}" for gate, count in answer.later.items() if count)
    said = [
        f"{counted(len(open_ones), 'condition')} of {len(answer.conditions)} not met",
        f"{counted(len(declared), 'at-risk decision')} in force",
        f"{counted(len(answer.undeclared), 'overlap')} undeclared",
    ]
    return (
        f"{'; '.join(said)}. {f'Later gates, as known now: {later}.' if later else 'Nothing is known of later gates.'}"
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _step_title(step: Step) -> str:
    planned = f", planned {step.forecast.planned}" if step.forecast and step.forecast.planned else ""
    if withheld(one for share in step.owners for one in share.blockers):
        return f"{step.gate}: {WITHHELD}{planned}"
    return f"{step.gate}: {counted(step.count, 'finding')} to close{planned}"


def _steps(package: Package, answer: GateAnswer) -> Iterable[Block]:
    for step in answer.next:
        if not step.owners:
            yield Paragraph((Text(f"{step.gate}: nothing stands against it."),))
            continue
        found = sorted(
            (one for share in step.owners for one in share.blockers),
            key=lambda one: (-one.days_overdue, one.owner.label),
        )
        more = f"; the first {MOST_BLOCKERS} of {len(found)}" if len(found) > MOST_BLOCKERS else ""
        yield Section(
            _step_title(step),
            (
                shares_table(step.owners, "Who has to close how much"),
                blockers_table(package, found[:MOST_BLOCKERS], f"What blocks {step.gate}{more}"),
            ),
        )
    if any(answer.later.values()):
        rows = tuple(
            Row(((Text(gate),), (Text(str(count)),))) for gate, count in answer.later.items() if count
        )  # fmt: skip
        heads = (Column("Gate"), Column("Will block", "right"))
        yield Table(heads, rows, "Later gates: what will block there, as far as can be told from here")


def _path(package: Package, answer: GateAnswer) -> Iterable[Block]:
    if answer.path.links:
        items = tuple(
            (
                reference(package, link.record) if link.record else Text(link.label),
                Text(f": {link.day}{_late(link.day, link.planned)}; {link.because}"),
            )
            for link in answer.path.links
        )
        yield Paragraph((Text("The chain that makes this gate as late as it is, the first link first:"),))
        yield Bullets(items, ordered=True)
        if near := _nearest(answer):
            yield Paragraph((Text(f"Its own plan holds it{near}."),))
    else:
        yield Paragraph((Text("Nobody can say how late this gate is: dates are missing."),))
    rows = tuple(
        Row((
            (reference(package, one.record),) if one.record else (Text(one.gate),),
            (Text(one.gate),), inlines_of_date(one.planned),
            inlines_of_date(one.decided_on) or inlines_of_date(one.day) or _not_before(one.no_earlier_than),
            (Text(f"{one.slack} d"),) if one.slack is not None else (), (Text(one.because),),
        ))
        for one in answer.path.forecasts
    )  # fmt: skip
    heads = (
        Column("Gate record"), Column("Gate"), Column("Planned"), Column("Decided or forecast"),
        Column("Room", "right"), Column("Because"),
    )  # fmt: skip
    yield Table(heads, rows, "Forecasts; room: days it may slip before this gate moves")


def _not_before(day: object) -> Inlines:
    return (Text(f"not before {day}"),) if day else ()


def _late(day: object, planned: object) -> str:
    return f" (planned {planned})" if planned and planned != day else ""


def _conditions(package: Package, answer: GateAnswer) -> Table | None:
    rows = tuple(
        Row((
            (reference(package, one.record),), (Text(one.condition),), owner_words(one.owner),
            (Text(" ".join(filter(None, (one.due_gate, str(one.due) if one.due else "")))),),
            (Strong(f"{one.days_overdue} d"),) if one.days_overdue else (),
            chip(one.state, _STATES[one.state]),  # type: ignore[arg-type]
        ))
        for one in answer.conditions
    )  # fmt: skip
    heads = ("Gate", "Condition", "Owner", "Due", "Overdue", "State")
    return Table(tuple(map(Column, heads)), rows, "What was promised when a gate was passed") if rows else None


def _at_risk(package: Package, answer: GateAnswer) -> Table | None:
    rows = tuple(
        Row((
            (reference(package, one.decision.id),), (Text(one.decision.activity or ""),),
            references(package, one.decision.overlaps), (Text(one.decision.risk_statement or ""),),
            (Text(", ".join(one.approvers)),), inlines_of_date(one.decision.expires), (Text(one.decision.gate or ""),),
            chip("in force", "good") if not one.defect else (*chip("not in force", "bad"), Text(f" {one.defect}")),
        ))
        for one in answer.at_risk
    )  # fmt: skip
    heads = ("Decision", "Begun early", "It overlaps", "What may be lost", "Approved by", "Until", "Ahead of", "State")
    return Table(tuple(map(Column, heads)), rows, "Begun early on purpose") if rows else None


def _undeclared(package: Package, answer: GateAnswer) -> Table | None:
    rows = tuple(
        Row(((reference(package, one.activity),), (Text(one.message),), inlines_of_date(one.start)))
        for one in answer.undeclared
    )
    return (
        Table(tuple(map(Column, ("Work", "What it overlaps", "Start"))), rows, "No decision allows it")
        if rows
        else None
    )


def _waived(package: Package, answer: GateAnswer) -> Table | None:
    rows = tuple(
        Row((
            (reference(package, one.record),) if one.record else (Text(one.path),), (Text(one.message),),
            (Text(one.code),), (reference(package, one.waived),),
            inlines_of_date(answer.waivers[one.waived].expires if one.waived in answer.waivers else None),
        ))
        for one in answer.waived
    )  # fmt: skip
    heads = ("Record", "What is waived", "Rule", "Waiver", "Until")
    return Table(tuple(map(Column, heads)), rows, "Errors that a waiver covers") if rows else None


def _decisions(package: Package, answer: GateAnswer) -> Table | None:
    gates = [
        one for one in package.in_force(Gate) if one.site == answer.site and one.decision in (*PASSED, "fail")
    ]  # fmt: skip
    rows = tuple(
        Row((
            (reference(package, one.id),), (Text(one.gate or ""),),
            chip(one.decision, _DECISIONS.get(one.decision or "", "neutral")),  # type: ignore[arg-type]
            inlines_of_date(one.decided_on), references(package, one.deciders), references(package, one.evidence),
            (reference(package, one.decision_record),) if one.decision_record else (),
        ))
        for one in sorted(gates, key=lambda one: (GATES.index(one.gate) if one.gate else len(GATES), one.id))
    )  # fmt: skip
    heads = ("Gate record", "Gate", "Decision", "Decided", "By", "Evidence", "Decision record")
    return Table(tuple(map(Column, heads)), rows, "What people decided") if rows else None
