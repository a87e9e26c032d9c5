"""What has to stand before process performance qualification starts at a site, computed from records.

FDA process validation guidance 2011, IV.C; EU GMP Annex 15, 5. Each prerequisite is met, open or not computable, with
the records behind it: nothing that no record says is taken for met.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from ttpack.analysis.automation_maps import critical_parameters
from ttpack.analysis.cleaning_status import cleaning_at, product_contact, uncovered, without_protocol
from ttpack.analysis.method_use import laboratories_of, methods_at_sites, transfers_by_method
from ttpack.analysis.parties import missing_quality_approval
from ttpack.analysis.placeholders import gives_limit
from ttpack.analysis.supply import may_supply
from ttpack.model.analytics import AnalyticalMethod, MethodTransfer
from ttpack.model.execution import BatchRecord
from ttpack.model.facility import SiteEquipment, Utility
from ttpack.model.knowledge import Assumption, Evidence, HistoricalDeviation, OpenItem, Training
from ttpack.model.materials import Material, Supplier
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.risk import Risk, RiskScale
from ttpack.model.status import STANDING

State = Literal["met", "open", "not_computable", "not_applicable"]
QUALIFICATION_GATE: Final = "G5"
_VALIDATED: Final = frozenset({"validated", "compendial_verified"})
_HIGH: Final = frozenset({"high", "very high", "critical", "unacceptable"})
_NOT_DONE: Final = frozenset({"failed", "stopped", "planned"})


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A record that keeps a prerequisite open, and why in words."""

    record: str
    why: str


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """One prerequisite at one site. `looked_at` counts the records it was computed from.

    `unknown` are records that do not say; they make it not computable where nothing is open.
    """

    name: str
    label: str
    state: State
    looked_at: int
    open: tuple[Shortfall, ...] = ()
    unknown: tuple[Shortfall, ...] = ()
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The prerequisite as a JSON object."""
        return {
            "name": self.name, "label": self.label, "state": self.state, "looked_at": self.looked_at,
            "open": [{"record": one.record, "why": one.why} for one in self.open],
            "unknown": [{"record": one.record, "why": one.why} for one in self.unknown],
            "reason": self.reason,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was found for one record: nothing, a shortfall, or that it does not say."""

    record: str
    open: str = ""
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a prerequisite is asked about."""

    package: Package
    site: str
    as_of: date
    not_applicable: frozenset[str]


Judge = Callable[[_Asked], Iterator[_Judged]]


def ppq_prerequisites(
    package: Package, site: str, as_of: date, not_applicable: Iterable[str] = ()
) -> tuple[Prerequisite, ...]:
    """The prerequisites of qualification at a site, in a fixed order.

    `not_applicable` are kinds of records that the package rightly lacks, as it has said with a reason, and ids of
    equipment whose performance qualification is not applicable.
    """
    excused = frozenset(not_applicable)
    return tuple(_prerequisite(package, site, as_of, excused, *one) for one in _PREREQUISITES)


def _prerequisite(  # noqa: PLR0913, PLR0917  a row of the table below
    package: Package, site: str, as_of: date, excused: frozenset[str], name: str, label: str, kind: str, judge: Judge
) -> Prerequisite:
    judged = list(judge(_Asked(package, site, as_of, excused)))
    if not judged:
        if kind in excused:
            return Prerequisite(name, label, "not_applicable", 0, reason="the package says so, with a reason")
        if not kind:
            return Prerequisite(name, label, "met", 0)
        reason = f"no {kind.replace('_', ' ')} of the site is in force"
        return Prerequisite(name, label, "not_computable", 0, reason=reason)
    still = tuple(Shortfall(one.record, one.open) for one in judged if one.open)
    unknown = tuple(Shortfall(one.record, one.unknown) for one in judged if one.unknown and not one.open)
    state: State = "open" if still else "not_computable" if unknown else "met"
    reason = f"{len(unknown)} of {len(judged)} records do not say" if state == "not_computable" else ""
    return Prerequisite(name, label, state, len(judged), still, unknown, reason)


def _characterised(asked: _Asked) -> Iterator[_Judged]:
    package = asked.package
    for parameter in critical_parameters(package):
        proven = parameter.ranges.proven_acceptable
        if proven is None or not gives_limit(proven):
            yield _Judged(parameter.id, "it has no proven acceptable range")
        else:
            yield _Judged(parameter.id, _evidence_gap(package, parameter))


def _evidence_gap(package: Package, parameter: ProcessParameter) -> str:
    """Why the proven range does not rest on complete evidence; empty where it does."""
    proven = parameter.ranges.proven_acceptable
    cited = (proven.evidence if proven else ()) or parameter.evidence
    found = [one for one in (package.get(each, Evidence) for each in cited) if one and one.in_force]
    if not found:
        return "its proven acceptable range cites no evidence"
    if all(one.outcome in _NOT_DONE or one.status in ("draft", "in_review") for one in found):
        names = ", ".join(one.name for one in found)
        return f"the evidence of its proven acceptable range is not complete: {names}"
    return ""


def _methods(asked: _Asked) -> Iterator[_Judged]:
    package, site = asked.package, asked.site
    transfers = transfers_by_method(package)
    laboratories = laboratories_of(package, site)
    for method, used_at in methods_at_sites(package):
        if used_at != site:
            continue
        why = [] if method.status in _VALIDATED else [f"the method is {method.status or 'without a status'}"]
        known = [one for one in transfers.get(method.id, ()) if one.to_laboratory in laboratories]
        if method.owner_laboratory not in laboratories:
            why += [transfer_gap(package, known)] if transfer_gap(package, known) else []
        yield _Judged(method.id, "; ".join(why))


def transfer_gap(package: Package, transfers: list[MethodTransfer]) -> str:
    """Why a method is not yet transferred by any of these transfers; empty where one is complete."""
    if not transfers:
        return "no transfer is planned"
    for one in transfers:
        waived = one.approach == "waiver" and one.justification
        if (one.status == "complete" or waived) and not missing_quality_approval(package, map(str, one.approvals)):
            return ""
    one = transfers[0]
    if one.status == "complete" or one.approach == "waiver":
        return f"its transfer is not approved: {missing_quality_approval(package, map(str, one.approvals))}"
    return f"its transfer is {(one.status or 'without a status').replace('_', ' ')}"


def method_transfers(package: Package, site: str) -> Iterator[tuple[AnalyticalMethod, tuple[MethodTransfer, ...], str]]:
    """Each method that a site has to run, its transfers to the site's laboratories, and what is missing in words."""
    transfers = transfers_by_method(package)
    laboratories = laboratories_of(package, site)
    for method, used_at in methods_at_sites(package):
        if used_at == site:
            known = [one for one in transfers.get(method.id, ()) if one.to_laboratory in laboratories]
            own = method.owner_laboratory in laboratories
            yield method, tuple(known), "" if own else transfer_gap(package, known)


def _equipment(asked: _Asked) -> Iterator[_Judged]:
    package, site, as_of = asked.package, asked.site, asked.as_of
    for item in package.in_force(SiteEquipment):
        if item.site != site or item.direct_impact is False:
            continue
        due = item.calibration_due
        if item.qualification is None:
            yield _Judged(item.id, unknown="it states no qualification")
        elif item.qualification != "PQ" and not (item.qualification == "OQ" and item.id in asked.not_applicable):
            yield _Judged(item.id, f"its qualification is {item.qualification}, PQ is not shown")
        elif due is not None and due < as_of:
            yield _Judged(item.id, f"its calibration was due on {due}")
        else:
            yield _Judged(item.id)


def _cleaning(asked: _Asked) -> Iterator[_Judged]:
    package, site, as_of = asked.package, asked.site, asked.as_of
    records = cleaning_at(package, site)
    for one in records:
        gaps = "; ".join(words for _, words in without_protocol(one, as_of))
        yield _Judged(one.id, "" if one.validation in ("validated", "continued_verification") else gaps)
    for item in uncovered(package, site) if records else ():
        if product_contact(item):
            yield _Judged(item.id, "it has no cleaning record")
        else:
            yield _Judged(item.id, unknown="it does not say whether the product touches it")


def _utilities(asked: _Asked) -> Iterator[_Judged]:
    package, site = asked.package, asked.site
    for one in package.in_force(Utility):
        if one.site == site:
            yield _Judged(
                one.id,
                "it is not qualified" if one.qualified is False else "",
                "" if one.qualified is not None else "it does not say whether it is qualified",
            )


def _training(asked: _Asked) -> Iterator[_Judged]:
    package, site = asked.package, asked.site
    for one in package.in_force(Training):
        if one.site not in (site, None):
            continue
        trained, needed = one.operators_per_shift, one.required_per_shift
        if trained is None:
            trained = len(one.qualified_operators) or None
        if trained is None:
            yield _Judged(one.id, unknown="it does not say how many operators are qualified")
        elif trained < (needed if needed is not None else 1):
            least = needed if needed is not None else 1
            yield _Judged(one.id, f"{trained} qualified operators on a shift, {least} are needed")
        elif one.trainer_qualified is False:
            yield _Judged(one.id, "the trainer is not qualified")
        else:
            yield _Judged(one.id)


def _materials(asked: _Asked) -> Iterator[_Judged]:
    package, site, as_of = asked.package, asked.site, asked.as_of
    for one in package.in_force(Material):
        if one.gmp_critical is False or one.material_class == "intermediate":
            continue
        supply = next((each for each in one.supply if each.site == site), None)
        if supply is None or supply.stock is None:
            yield _Judged(one.id, unknown="it does not say what the site has in stock")
        elif supply.stock.value <= 0:
            yield _Judged(one.id, "the site has none in stock")
        elif supply.expiry is not None and supply.expiry < as_of:
            yield _Judged(one.id, f"the stock expired on {supply.expiry}")
        elif package.get(supply.supplier, Supplier) is None:
            yield _Judged(one.id, unknown="it does not say from which supplier the stock is")
        else:
            yield _Judged(one.id, _unqualified(package, supply.supplier, site))


def _unqualified(package: Package, supplier_id: str | None, site: str) -> str:
    supplier = package.get(supplier_id, Supplier)
    if supplier is None or may_supply(supplier, site):
        return ""
    return f"its supplier {supplier.name} is not qualified for the site"


def _batch_records(asked: _Asked) -> Iterator[_Judged]:
    package, site = asked.package, asked.site
    written_for: dict[str | None, list[BatchRecord]] = {}
    for one in package.in_force(BatchRecord):
        if one.site == site and one.level in (None, "master", "control"):
            written_for.setdefault(one.unit_operation, []).append(one)
    if not written_for:
        return
    for unit in package.unit_operations:
        # a record of no unit operation stands for those without one of their own
        records = written_for.get(unit.id) or written_for.get(None, [])
        if not records:
            yield _Judged(unit.id, "the site has no master batch record for it")
        elif not any(one.status in STANDING for one in records):
            yield _Judged(records[0].id, f"its status is {(records[0].status or '').replace('_', ' ')}")
        else:
            yield _Judged(records[0].id)


def _open_items(asked: _Asked) -> Iterator[_Judged]:
    """Only what is open: an empty list is met."""
    package, site = asked.package, asked.site
    for assumption in package.in_force(Assumption):
        if assumption.impact == "high" and assumption.status in ("open", None) and assumption.site in (site, None):
            yield _Judged(assumption.id, "a high assumption is open")
    for item in package.in_force(OpenItem):
        due = (item.due_gate or QUALIFICATION_GATE) <= QUALIFICATION_GATE
        if item.status in ("open", None) and due and item.due_gate and item.site in (site, None):
            yield _Judged(item.id, f"a question due at gate {item.due_gate} is open")
    for risk in package.in_force(Risk):
        if risk.site in (site, None) and risk.status in ("open", None):
            high = _high(package, risk)
            if high is None:
                yield _Judged(risk.id, unknown="an open risk states no level to tell whether it is high")
            elif high:
                yield _Judged(risk.id, "a high risk is open")
    for deviation in package.in_force(HistoricalDeviation):
        elsewhere = deviation.site in package.receiving_sites and deviation.site != site
        if deviation.status == "open" and deviation.classification in ("critical", "major") and not elsewhere:
            yield _Judged(deviation.id, f"a {deviation.classification} deviation is open")


def _high(package: Package, risk: Risk) -> bool | None:
    """Whether what is left of a risk is high, by its level, else by its scale. None where neither says."""
    score = risk.residual or risk.initial
    if score is None:
        return None
    if score.level:
        return score.level.casefold() in _HIGH
    scale = package.get(risk.scale, RiskScale)
    least = scale.action_threshold if scale else None
    return None if score.score is None or least is None else score.score >= least


_PREREQUISITES: Final[tuple[tuple[str, str, str, Judge], ...]] = (
    ("characterisation", "Process characterisation complete", "process_parameter", _characterised),
    ("methods", "Methods validated and transferred", "analytical_method", _methods),
    ("equipment", "Equipment qualified", "site_equipment", _equipment),
    ("cleaning", "Cleaning under an approved protocol", "cleaning", _cleaning),
    ("utilities", "Utilities qualified", "utility", _utilities),
    ("training", "Operators trained", "training", _training),
    ("materials", "Critical materials in stock, in date, from a qualified supplier", "material", _materials),
    ("batch_records", "Batch records approved", "batch_record", _batch_records),
    ("open_items", "No critical or high item open", "", _open_items),
)
