"""Decisions that are to be taken before the meeting after the next one."""

from collections.abc import Iterator

from ttpack.analysis.agenda.answer import AgendaItem, line
from ttpack.analysis.agenda.waiting import Matters
from ttpack.analysis.investments import decided as investment_decided
from ttpack.analysis.investments import decision_by
from ttpack.analysis.placeholders import written
from ttpack.model.documents import Waiver
from ttpack.model.gates import AtRiskDecision, Gate
from ttpack.model.governance import Decision
from ttpack.model.knowledge import Assumption
from ttpack.model.package import Package
from ttpack.model.regulatory import ChangeRecord, Investment, RegulatoryWatch

PREPARED = frozenset({"draft", "in_review"})


def decisions_to_take(matters: Matters) -> Iterator[AgendaItem]:
    """Gates, investments, prepared decisions and changes; and what was accepted for a time that ends."""
    yield from _gates(matters)
    yield from _investments(matters)
    yield from _prepared(matters)
    yield from _changes(matters)
    yield from _at_risk(matters)
    yield from _accepted(matters)
    yield from _watch(matters)


def _gates(matters: Matters) -> Iterator[AgendaItem]:
    for gate in matters.package.in_force(Gate):
        due = gate.planned_on
        here = matters.gates.get(gate.site or "")
        behind = bool(here and gate.gate and here.is_passed(gate.gate))
        if due and due <= matters.until and gate.decision in (None, "undecided") and not behind:
            yield line(
                what=gate.name, record=gate.id, owner=matters.owners.of(gate), due=due, as_of=matters.as_of,
                why=f"gate {gate.gate or ''} is planned for {due}", gravity="high", site=gate.site,
            )  # fmt: skip


def _investments(matters: Matters) -> Iterator[AgendaItem]:
    for item in matters.package.in_force(Investment):
        by = decision_by(matters.package, item).counts
        if by and by <= matters.until and not investment_decided(item, matters.as_of):
            need = f" to have it by {item.need_date}" if item.need_date else ""
            yield line(
                what=item.item or item.name, record=item.id, owner=matters.owners.of(item), due=by,
                as_of=matters.as_of, why=f"investment to be decided by {by}{need}",
                gravity="high" if by < matters.as_of else "medium", site=item.site,
            )  # fmt: skip


def _prepared(matters: Matters) -> Iterator[AgendaItem]:
    for item in matters.package.in_force(Decision):
        if item.status in PREPARED:
            yield line(
                what=item.question or item.name, record=item.id, owner=matters.owners.of(item), due=None,
                as_of=matters.as_of, why="decision prepared, not taken", gravity="medium", site=item.site,
            )  # fmt: skip


def _changes(matters: Matters) -> Iterator[AgendaItem]:
    for item in matters.package.in_force(ChangeRecord):
        if item.state == "proposed" or (item.state is None and item.status in PREPARED):
            since = f" on {item.initiated_on}" if item.initiated_on else ""
            said = f"; {item.change_class}" if item.change_class else ""
            yield line(
                what=item.name, record=item.id, owner=matters.owners.of(item), due=None, as_of=matters.as_of,
                why=f"change proposed{since}{said}",
                gravity="medium" if item.change_class == "major" else "low",
            )  # fmt: skip


def _at_risk(matters: Matters) -> Iterator[AgendaItem]:
    for item in matters.package.in_force(AtRiskDecision):
        here = matters.gates.get(item.site or "")
        over = bool(here and item.gate and here.is_passed(item.gate))
        owner, what = matters.owners.of(item), item.activity or item.name
        if item.status in PREPARED:
            yield line(
                what=what, record=item.id, owner=owner, due=None, as_of=matters.as_of,
                why="work ahead of its gate, not yet allowed", gravity="medium", site=item.site,
            )  # fmt: skip
        elif item.expires and item.expires <= matters.until and not over:
            yield line(
                what=what, record=item.id, owner=owner, due=item.expires, as_of=matters.as_of,
                why=f"at-risk decision {_ends(matters, item)}", gravity="high", site=item.site,
            )  # fmt: skip


def _ends(matters: Matters, item: AtRiskDecision | Waiver | Assumption) -> str:
    return f"{'ended' if item.expires and item.expires < matters.as_of else 'ends'} on {item.expires}"


def _accepted(matters: Matters) -> Iterator[AgendaItem]:
    package = matters.package
    for waiver in package.in_force(Waiver):
        if waiver.expires and waiver.expires <= matters.until:
            record = package.records.get(waiver.record)
            yield line(
                what=waiver.name, record=waiver.id, owner=matters.owners.of(waiver), due=waiver.expires,
                as_of=matters.as_of, why=f"waiver of {waiver.rule} {_ends(matters, waiver)}", gravity="high",
                site=_site(package, record.id if record else ""),
            )  # fmt: skip
    for item in package.in_force(Assumption):
        if item.status == "accepted_risk" and item.expires and item.expires <= matters.until:
            yield line(
                what=item.name, record=item.id, owner=matters.owners.of(item), due=item.expires,
                as_of=matters.as_of, why=f"accepted risk {_ends(matters, item)}",
                gravity="high" if item.impact == "high" else "medium", site=item.site,
            )  # fmt: skip


def _site(package: Package, record_id: str) -> str | None:
    site = getattr(package.records.get(record_id), "site", None)
    return site if isinstance(site, str) else None


def _watch(matters: Matters) -> Iterator[AgendaItem]:
    for item in matters.package.in_force(RegulatoryWatch):
        day = item.in_effect_from
        assessed = written(item.assessment)
        if day is None or day > matters.until or (assessed and day < matters.as_of):
            continue
        where = f" in {item.market}" if item.market else ""
        said = "" if assessed else "; nobody has assessed it"
        yield line(
            what=item.name, record=item.id, owner=matters.owners.of(item), due=day, as_of=matters.as_of,
            why=f"takes effect{where} on {day}{said}", gravity="low" if assessed else "high",
        )  # fmt: skip
