"""Rules on the gates of receiving sites: what people decided at them, and work that runs ahead of them (GATE)."""

from collections.abc import Iterator, Mapping

from ttpack.analysis.gates.blockers import Owners
from ttpack.analysis.gates.conditions import Condition, conditions
from ttpack.analysis.gates.declarations import Declarations
from ttpack.analysis.gates.network import network
from ttpack.analysis.gates.overlaps import NotComparable, Overlap, Overlaps
from ttpack.analysis.gates.state import PASSED, SiteGates, following, site_gates
from ttpack.analysis.placeholders import written
from ttpack.model.findings import Place, Problem
from ttpack.model.gates import Gate
from ttpack.model.package import Package
from ttpack.model.record import GATES
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import site_name, site_place

_EARLIEST = "G1"


@rule("GATE-01", COMPLETENESS, from_gate=_EARLIEST, basis="stage gates of transfer (BioPhorum, ISPE)")
def gate_out_of_order_or_without_its_decision(package: Package, context: Context) -> Iterator[Outcome]:
    """A gate counts as passed that nobody decided on, gates are out of order, or one lacks what it is decided by.

    Every gate up to the last that the package record names has one record with a pass or conditional pass, its
    deciders, its date and its evidence; dates follow the order of gates. Every gate has criteria and, until it is
    decided, a planned date. A conditional pass lists its conditions, each with an owner of the directory and a gate or
    date by which it is due; what is not met then stands against that gate. Asked about a later gate, the gates up to
    it have records, too.
    Why: a gate that is passed in a table and nowhere else hides who took the risk, on what evidence, and what was
    still owed.
    Resolve: record the decision of each gate with criteria, evidence, deciders and date; give each condition an owner
    and a due gate, and say when it is met; or set the gate of the site back to the last one decided.
    """
    sites = site_gates(package)
    circles: dict[Place, str] = {}
    for site in package.receiving_sites:
        yield from _decisions(package, sites[site], context)
        yield from _order(package, sites[site], context)
        for gate, words in network(package, sites, site, GATES[-1], context.as_of).circles:
            circles[gate.at("depends_on")] = words
    yield from ((place, f"gates depend on each other in a circle: {words}") for place, words in circles.items())
    receiving = frozenset(package.receiving_sites)
    owners = Owners(package)
    for gate in package.in_force(Gate):
        yield from _record(package, gate, receiving, context)
        gates = sites.get(gate.site or "")
        if gates and gate.decision in PASSED:
            for one in conditions(gate, gates, owners, context.as_of):
                yield from _condition(package, gate, one)


def _decisions(package: Package, gates: SiteGates, context: Context) -> Iterator[Outcome]:
    """What the package record says of a site's gates, against their records."""
    name = site_name(package, gates.site)
    for gate in GATES:
        records = gates.records.get(gate, ())
        for second in records[1:]:
            message = f"{gate} of {name} has more than one record: {records[0].id} and {second.id}"
            yield Problem(second.at("gate"), message, "keep one, and withdraw the other", gates.site)
        record = gates.record(gate)
        if gates.is_passed(gate):
            if record is None:
                message = f"{name} has passed {gates.passed}, and there is no record of {gate}"
                yield Problem(site_place(package, gates.site), message, site=gates.site)
            elif record.decision not in PASSED:
                message = f"{name} has passed {gates.passed}, and the decision of {gate} is {_decision(record)}"
                yield Problem(record.at("decision"), message, site=gates.site)
        elif record and record.decision in PASSED:
            last = gates.passed or "none"
            message = f"{gate} of {name} is decided ({record.decision}), and the last gate passed is {last}"
            fix = f"set `gates: {{{gates.site}: {gate}}}` in ttpack.yaml once all gates before are passed"
            yield Problem(record.at("decision"), message, fix, gates.site)
    ahead = following(gates.passed or "")
    asked = context.gate_of(gates.site)
    for gate in GATES:
        if ahead and ahead <= gate <= max(asked, ahead) and gates.record(gate) is None:
            message = f"{name} stands before {ahead}, and there is no record of {gate}: no criteria, no planned date"
            yield Problem(site_place(package, gates.site), message, site=gates.site, from_gate=max(gate, _EARLIEST))


def _order(package: Package, gates: SiteGates, context: Context) -> Iterator[Outcome]:
    """Whether the dates of a site's gates follow their order."""
    before: Gate | None = None
    for gate in GATES:
        record = gates.record(gate)
        if record is None:
            continue
        decided = record.decision in PASSED and record.decided_on is not None
        day = record.decided_on if decided else record.planned_on
        earlier = (before.decided_on if before.decision in PASSED else None) or before.planned_on if before else None
        if before and day and earlier and day < earlier:
            field = "decided_on" if decided else "planned_on"
            verb = "decided" if decided else "planned"
            message = f"{gate} is {verb} on {day}, before {before.gate} ({before.name}, {earlier})"
            yield Problem(record.at(field), message, "correct the date, or say what was decided when", gates.site)
        if day:
            before = record
    for record in (one for records in gates.records.values() for one in records):
        if record.decision in (*PASSED, "fail") and record.decided_on and record.decided_on > context.as_of:
            message = f"{record.name} was decided on {record.decided_on}, a day that is still ahead"
            yield Problem(record.at("decided_on"), message, "give the day of the decision", gates.site)


def _record(package: Package, gate: Gate, receiving: frozenset[str], context: Context) -> Iterator[Outcome]:
    """What one record of a gate lacks."""
    named = (("gate", gate.gate, "which gate it is"), ("site", gate.site, "of which receiving site it is"))
    for field, value, words in named:
        if value is None:
            yield gate.at(field), f"{gate.name} does not say {words}"
    if gate.site and gate.site not in receiving:
        yield Problem(gate.at("site"), f"{gate.name} is of {package.label(gate.site)}, which is no receiving site")
    own = max(gate.gate or _EARLIEST, _EARLIEST)
    if not any(map(written, gate.criteria)):
        message = f"{gate.name} has no criteria to decide by"
        yield Problem(gate.at("criteria"), message, site=gate.site, from_gate=own)
    yield from _depends(package, gate)
    if gate.decision in (None, "undecided"):
        if gate.planned_on is None:
            message = f"{gate.name} is not decided, and nothing says when it is planned"
            yield Problem(gate.at("planned_on"), message, site=gate.site, from_gate=own)
        return
    words = f"{gate.name} is decided ({gate.decision})"
    if not gate.evidence and gate.decision in PASSED:
        yield gate.at("evidence"), f"{words} and links no evidence"
    if not gate.deciders:
        yield gate.at("deciders"), f"{words} and does not say by whom"
    if gate.decided_on is None:
        yield gate.at("decided_on"), f"{words} and does not say when"
    if gate.decision == "conditional" and not gate.conditions:
        yield gate.at("conditions"), f"{words} and lists no condition"


def _depends(package: Package, gate: Gate) -> Iterator[Outcome]:
    for index, name in enumerate(gate.depends_on):
        other = package.get(name, Gate)
        if other and other.site == gate.site and (other.gate or "") >= (gate.gate or ""):
            yield gate.at(f"depends_on[{index}]"), f"{gate.name} depends on {other.name}, which does not come before it"


def _condition(package: Package, gate: Gate, one: Condition) -> Iterator[Outcome]:
    """What a condition lacks; met or not, somebody has to answer for it."""
    said = f"the condition of {gate.name}: {_short(one.condition)}"
    if not one.owner.id:
        yield gate.at(f"{one.field}.owner"), f"nobody owns {said}"
    elif not one.owner.known:
        message = f"{one.owner.id} owns {said}, and is no role, person or organisation of the directory"
        yield gate.at(f"{one.field}.owner"), message
    if one.due is None and one.due_gate is None:
        yield gate.at(f"{one.field}.due_gate"), f"nothing says by when {said}"
        return
    if one.state == "met":
        return
    due = one.due_gate or ""
    when = " ".join(filter(None, (f"by {due}" if due else "", f"on {one.due}" if one.due else "")))
    late = f", {one.days_overdue} d overdue" if one.days_overdue else ""
    message = f"not met: {said} (due {when}{late})"
    # what has a date and is late is late today, whatever gate it was for
    from_gate = _EARLIEST if one.days_overdue or not due else max(due, _EARLIEST)
    yield Problem(gate.at(f"{one.field}.met"), message, "meet it, and say so", gate.site, from_gate)


def _decision(gate: Gate) -> str:
    return gate.decision or "not recorded"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 100 else f"{words[:99]}…"  # noqa: PLR2004


@rule("GATE-02", COMPLETENESS, from_gate=_EARLIEST, basis="Niazi: compressed timelines")
def overlapping_work_not_declared(package: Package, context: Context) -> Iterator[Outcome]:
    """Work starts before the gate it needs, or before the last run was read, and no at-risk decision allows it.

    An engineering run needs G3, a GMP or clinical run G4, a PPQ run G5, a campaign G3; each starts once the gate is
    passed, or is planned for when the gate is. Between the last result of a run and the start of the next at a site
    lies at least the campaign's `time_to_read_results`. An `at_risk_decision` allows an overlap that both quality
    units approved before it began: it names the run (and the run before, where results are outstanding; or the
    campaign of both) in `overlaps` or `activity`, is of that site and gate where it names them, says when it ends, and
    has not expired.
    Why: compressed work repeats a failure before anybody has read it, and nobody remembers who took that risk.
    Resolve: move the start, or record the at-risk decision with what may be lost, both quality units and its expiry.
    """
    overlaps, declarations = Overlaps(package, context.as_of), Declarations(package, context.as_of)
    hanging: dict[tuple[str, str, str], list[Overlap]] = {}
    for site in package.receiving_sites:
        for one in overlaps.at(site):
            if isinstance(one, NotComparable):
                yield NotComputable(Place(one.record, one.field), one.reason)
                continue
            decision, defect = declarations.of(one)
            if decision is None:
                yield Problem(Place(one.activity, one.field), f"{one.message}; no at-risk decision names it", site=site)
            elif defect:
                hanging.setdefault((decision.id, defect.field, defect.reason), []).append(one)
    yield from _hanging(package, hanging)
    named = {record for record, _, _ in hanging}
    for decision in declarations.all:
        own = declarations.own_defect(decision)
        if own and decision.id not in named:
            yield decision.at(own.field), f"{decision.name} allows nothing: {own.reason}"
    for one in overlaps.nowhere():
        yield NotComputable(Place(one.record, one.field), one.reason)


def _hanging(package: Package, found: Mapping[tuple[str, str, str], list[Overlap]]) -> Iterator[Outcome]:
    """Decisions that name overlaps and do not allow them, each said once with all that hangs on it."""
    for (record, field, reason), over in found.items():
        more = f"; and {len(over) - 1} more" if len(over) > 1 else ""
        message = f"{package.label(record)} does not allow what it names: {reason}. {over[0].message}{more}"
        yield Problem(Place(record, field), message, site=over[0].site)
