"""The parts of an answer on a gate that its page, the home page and the command share."""

from collections.abc import Iterable, Sequence
from datetime import date

from ttpack.analysis.gates.answer import GateAnswer, gate_answer
from ttpack.analysis.gates.blockers import Blocker, OwnersShare
from ttpack.analysis.ownership import Owner
from ttpack.model.package import Package
from ttpack.rules.answer import Check
from ttpack.views.blocks import Callout, Column, Inline, Inlines, Link, Paragraph, Row, Strong, Table, Text
from ttpack.views.said import WITHHELD
from ttpack.views.words import counted, inlines_of_date, reference

TOP_BLOCKERS = 5
AT_A_GLANCE = 160
MOST_WORDS = 2000
PARTIES = {"sending": "sending unit", "receiving": "receiving unit"}


def answer_at(package: Package, check: Check, site: str) -> GateAnswer:
    """The answer for the gate that a check was asked at for a site."""
    return gate_answer(
        package,
        check.gates[site],
        site,
        findings=check.findings,
        as_of=date.fromisoformat(check.as_of),
        not_computable=check.not_computable,
        not_applicable=len(check.not_applicable),
        waived=check.waived,
    )


def slug_of(site: str) -> str:
    """The address of the page of a site's gates."""
    return f"gates-{site.lower()}"


def verdict_words(answer: GateAnswer) -> str:
    """The verdict in one line; what may be decided is never called passed."""
    name = f"{answer.gate} at {answer.site_label}"
    if answer.verdict == "ready_for_decision":
        return f"{name}: ready for decision"
    if withheld(answer.blockers):
        return f"{name}: blocked; {WITHHELD}"
    late = f", {answer.overdue} overdue" if answer.overdue else ""
    return f"{name}: blocked by {counted(len(answer.blockers), 'finding')}{late}"


def withheld(blockers: Iterable[Blocker]) -> bool:
    """Whether an edition leaves some of what blocks out."""
    return any(one.finding.message == WITHHELD for one in blockers)


def standing(answer: GateAnswer) -> str:
    """What stands beside the verdict: the plan, the forecast, what people decided, what nobody could judge."""
    said = []
    if forecast := answer.forecast:
        planned = f"Planned for {forecast.planned}" if forecast.planned else "No planned date"
        if forecast.decided_on:
            said.append(f"{planned}; decided on {forecast.decided_on}.")
        elif forecast.day:
            late = (forecast.day - forecast.planned).days if forecast.planned else 0
            said.append(f"{planned}; forecast {forecast.day}{f', {late} d late' if late else ''}.")
        else:
            earliest = f": not before {forecast.no_earlier_than}" if forecast.no_earlier_than else ""
            said.append(f"{planned}; no forecast, since dates are missing{earliest}.")
    decision = answer.decision
    recorded = (decision.decision or "undecided") if decision else "no record"
    said.append(f"Recorded decision: {recorded}{_by(answer)}.")
    open_ones = len(answer.not_computable)
    verb = "was" if open_ones == 1 else "were"
    said.append(f"{counted(open_ones, 'answer')} {verb} not computable, {counted(len(answer.waived), 'error')} waived.")
    return " ".join(said)


def _by(answer: GateAnswer) -> str:
    decision = answer.decision
    if decision is None or decision.decided_on is None:
        return ""
    by = f" by {', '.join(answer.deciders)}" if answer.deciders else ""
    return f" on {decision.decided_on}{by}"


def verdict_callout(package: Package, answer: GateAnswer, more: str = "") -> Callout:
    """The verdict with the top blockers, their owners and what was not computable. `more` is a slug to read on."""
    words: list[Inline] = [Text(standing(answer))]
    if answer.verdict == "ready_for_decision":
        words.append(Text(" No error stands against it by the rules of this version; the decision is people's."))
    if more:
        words += [Text(" "), Link(more, f"Gates of {answer.site_label}"), Text(" has all of it.")]
    paragraph = Paragraph(tuple(words))
    if not answer.blockers:
        return Callout("note", verdict_words(answer), (paragraph,))
    first: dict[tuple[str, str], Blocker] = {}
    for one in answer.blockers:  # ten findings of one rule on one record are one thing to clear
        first.setdefault((one.finding.code, one.finding.record or one.finding.path), one)
    top = tuple(first.values())[:TOP_BLOCKERS]
    left = len(answer.blockers) - len(top)
    caption = f"The first to clear; {left} more" if left else "What blocks"
    return Callout("warning", verdict_words(answer), (paragraph, blockers_table(package, top, caption, AT_A_GLANCE)))


def owner_words(owner: Owner) -> Inlines:
    """An owner with the party; somebody nobody can call is said to be that."""
    words = f"{owner.label}, {PARTIES[owner.party]}" if owner.party else owner.label
    return (Text(words if owner.known or not owner.id else f"{words} (not in the directory)"),)


def shortened(text: str, longest: int) -> str:
    """Words on one line, cut where they are longer than a first look takes."""
    words = " ".join(text.split())
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def blockers_table(package: Package, blockers: Sequence[Blocker], caption: str, longest: int = MOST_WORDS) -> Table:
    """Blockers with owner, party, due date and days overdue, in the order given; a message may be cut."""
    rows = []
    for one in blockers:
        found = one.finding
        record: Inlines = (reference(package, found.record),) if found.record else (Text(found.path),)
        rows.append(
            Row((
                record, (Text(shortened(found.message, longest)),), owner_words(one.owner),
                inlines_of_date(one.due), (Strong(f"{one.days_overdue} d"),) if one.days_overdue else (),
                (Text(found.code),),
            ))
        )  # fmt: skip
    heads = ("Record", "What blocks", "Owner", "Due", "Overdue", "Rule")
    return Table(tuple(Column(head) for head in heads), tuple(rows), caption, filterable=len(rows) > 15)  # noqa: PLR2004


def shares_table(shares: Sequence[OwnersShare], caption: str) -> Table:
    """Who has how much to close, and by when."""
    rows = tuple(
        Row((
            owner_words(one.owner), (Text(str(len(one.blockers))),), inlines_of_date(one.due),
            (Strong(f"{one.days_overdue} d"),) if one.days_overdue else (),
        ))
        for one in shares
    )  # fmt: skip
    heads = (Column("Owner"), Column("To close", "right"), Column("First due"), Column("Overdue"))
    return Table(heads, rows, caption)
