"""Gates passed that rest on what a change changed, and have to be looked at again (change-control.md, step 7)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ttpack.analysis.affected_documents import AffectedDocument
from ttpack.analysis.change_rules.rule import CLASS_RANK, Classified
from ttpack.analysis.change_rules.sides import Sides
from ttpack.analysis.change_sites import ChangeSites, controlled
from ttpack.analysis.gate_requirements import kind_words, required_kinds
from ttpack.analysis.gates.state import PASSED
from ttpack.model.record import GATES

_FROM = CLASS_RANK["moderate"]


@dataclass(frozen=True, slots=True)
class ReopenedGate:
    """A gate of one receiving site that was passed, and why it has to be looked at again.

    `record` is empty where only the package record says that the gate was passed.
    """

    gate: str
    site: str
    record: str
    decision: str
    because: tuple[str, ...]
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The gate as a JSON object."""
        return {
            "gate": self.gate, "site": self.site, "record": self.record or None, "decision": self.decision,
            "because": list(self.because), "reason": self.reason,
        }  # fmt: skip


def reopened_gates(
    classified: Iterable[Classified], documents: Iterable[AffectedDocument], sides: Sides
) -> tuple[ReopenedGate, ...]:
    """Gates to reopen, by site and gate. Only changes of class moderate and above reopen one."""
    grave = [one for one in controlled(classified) if CLASS_RANK[one.change_class] >= _FROM and _rests(one)]
    if not grave:
        return ()
    changed = {one.change.record: one.change.record_kind for one in grave}
    sites = ChangeSites(sides)
    concerned = [(one.change.record, one.change.record_kind, sites.concerned_by(one.change)) for one in grave]
    required = required_kinds(_mapping(sites.manifest.get("required_by_gate")))
    revised = {one.record for one in documents if one.action == "revise" and {*one.because} & changed.keys()}
    found = []
    for site, gate, record, raw in _passed(sides, sites):
        here = {name: kind for name, kind, where in concerned if site in where}
        reasons = list(_reasons(gate, raw, here, required[gate], revised))
        reasons += _assumptions(gate, site, here, sides)
        if reasons:
            because = tuple(sorted({name for names, _ in reasons for name in names}))
            decision = str(raw.get("decision") or "pass")
            text = "; ".join(text for _, text in reasons)
            found.append(ReopenedGate(gate, site, record, decision, because, text))
    return tuple(found)


def _rests(one: Classified) -> bool:
    """A gate that moves on is no reason to reopen those before it."""
    return one.change.record_kind != "gate" and not (
        one.change.record_kind == "package" and one.change.field.partition(".")[0] == "gates"
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _passed(sides: Sides, sites: ChangeSites) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Site, gate, gate record and its raw fields of each gate that was passed before the change."""
    records: dict[tuple[str, str], tuple[str, Mapping[str, Any]]] = {}
    for record, raw in sides.before.of_kind("gate"):
        records.setdefault((str(raw.get("site")), str(raw.get("gate"))), (record, raw))
    gates = [raw.get("gates") for _, raw in sides.before.of_kind("package")]
    last = _mapping(gates[0] if gates else None)
    for site in dict.fromkeys((*sites.receiving, *map(str, last))):
        until = str(last.get(site, ""))
        for place, gate in enumerate(GATES):
            record, raw = records.get((site, gate), ("", {}))
            decision = raw.get("decision")
            by_package = until in GATES and place <= GATES.index(until)
            if decision in PASSED or (by_package and decision != "fail"):
                yield site, gate, record, raw


def _reasons(
    gate: str, raw: Mapping[str, Any], changed: Mapping[str, str], required: tuple[str, ...], revised: set[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    evidence = {one for one in raw.get("evidence") or () if isinstance(one, str)}
    if cited := tuple(sorted(evidence & changed.keys())):
        yield cited, "its evidence changed"
    if shown := tuple(sorted(evidence & revised)):
        yield shown, "its evidence is a document that has to be revised"
    kinds = [kind for kind in required if kind in changed.values()]
    if kinds:
        names = tuple(sorted(record for record, kind in changed.items() if kind in kinds))
        yield names, f"{gate} requires {' and '.join(map(_plural, kinds))}"


_WITHOUT_PLURAL = frozenset({"know_how", "training", "sampling", "cleaning", "site_equipment"})


def _plural(kind: str) -> str:
    word = kind_words(kind)
    if kind in _WITHOUT_PLURAL:
        return word
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}{'es' if word.endswith('s') else 's'}"


def _assumptions(
    gate: str, site: str, changed: Mapping[str, str], sides: Sides
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Assumptions to be settled by this gate that changed, or that are about what changed."""
    due = []
    for record, _ in sides.after.of_kind("assumption"):
        for raw in sides.both(record):
            about = {one for one in raw.get("affected") or () if isinstance(one, str)}
            here = raw.get("site") in (None, site)
            if str(raw.get("due_gate")) == gate and here and (record in changed or about & changed.keys()):
                due.append(record)
    if due:
        yield tuple(sorted({*due})), "what was assumed until this gate is about what changed"
