"""The agenda of a body at a date."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from ttpack.analysis.agenda.answer import Agenda, AgendaItem, SectionName, in_sections, line
from ttpack.analysis.agenda.decisions import decisions_to_take
from ttpack.analysis.agenda.waiting import Matters, dated, disputed, exchanges
from ttpack.analysis.bodies import next_meeting
from ttpack.analysis.due_dates import DueDates
from ttpack.analysis.gates.blockers import Blocker, Blockers, Owners
from ttpack.analysis.gates.conditions import conditions_of
from ttpack.analysis.gates.state import site_gates
from ttpack.model.findings import Finding
from ttpack.model.governance import GovernanceBody
from ttpack.model.package import Package


def agenda(
    package: Package,
    as_of: date,
    body: GovernanceBody | None,
    findings: Mapping[str, Sequence[Finding]],
    site: str | None = None,
) -> Agenda:
    """What a body has to talk about at its next meeting, of one receiving site and what concerns all, or of every site.

    `findings` are what the check finds for each receiving site as at the gate that it stands before.
    """
    meeting = next_meeting(body, as_of)
    gates = site_gates(package)
    matters = Matters(package, as_of, meeting.until, Owners(package), DueDates(package), gates)
    waiting, undated = dated(matters)
    found: dict[SectionName, Sequence[AgendaItem]] = {
        "overdue": [item for item in waiting if item.days_overdue],
        "due": [item for item in waiting if not item.days_overdue],
        "blocked": _blocked(matters, findings),
        "disputed": list(disputed(matters)),
        "decisions": list(decisions_to_take(matters)),
        "conditions": [item for one in gates for item in _conditions(matters, one)],
        "exchanges": list(exchanges(matters)),
    }
    following = {one: here.following for one, here in gates.items() if here.following and one in findings}
    return Agenda(as_of, meeting, site, following, in_sections(found, site), undated)


def _blocked(matters: Matters, findings: Mapping[str, Sequence[Finding]]) -> list[AgendaItem]:
    """What stands against the gates that sites stand before; what stands against several of them is one line."""
    found: dict[tuple[str, ...], list[tuple[str, str, Blocker]]] = {}
    for site, given in findings.items():
        gates = matters.gates.get(site)
        if gates is None or gates.following is None:
            continue
        where = f"{gates.following} at {matters.package.label(site)}"
        for one in Blockers(matters.package, gates, gates.following, matters.as_of).ranked(given):
            finding = one.finding
            key = (finding.code, finding.record or finding.path, finding.field, finding.message)
            found.setdefault(key, []).append((site, where, one))
    return [_blocker(those) for those in found.values()]


def _blocker(those: Sequence[tuple[str, str, Blocker]]) -> AgendaItem:
    """One blocker, at the site where it is due first."""
    first = min((one for _, _, one in those), key=lambda one: one.due or date.max)
    site = those[0][0] if len(those) == 1 else None
    gates = " and ".join(where for _, where, _ in those)
    return AgendaItem(
        first.finding.message, first.finding.record or "", first.owner, first.due, first.days_overdue,
        f"blocks {gates}", "high", site, first.finding.code,
    )  # fmt: skip


def _conditions(matters: Matters, site: str) -> Iterator[AgendaItem]:
    for one in conditions_of(matters.package, matters.gates[site], matters.as_of):
        if one.state != "met":
            by = f", due by {one.due_gate}" if one.due_gate else ""
            yield line(
                what=one.condition, record=one.record, owner=one.owner, due=one.due, as_of=matters.as_of,
                why=f"condition of gate {one.gate}{by}, not met", site=site,
                gravity="high" if one.state == "overdue" else "medium",
            )  # fmt: skip
