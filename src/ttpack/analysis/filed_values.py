"""What is registered of each element in each market, against what the package says now (ICH Q12).

A filed value without a unit is in the unit of the element, as the ends of a range are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from ttpack.analysis.criteria import parse_criterion
from ttpack.analysis.field_paths import value_at
from ttpack.analysis.intervals import Interval, Units, in_unit, interval, range_text, value_text
from ttpack.model.analytics import AnalyticalMethod
from ttpack.model.facility import Site
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL
from ttpack.model.quality import Specification
from ttpack.model.quantity import InputQuantity, Range
from ttpack.model.record import Record
from ttpack.model.regulatory import ChangeRecord, EstablishedCondition, RegulatoryState

Verdict = Literal["equal", "differs", "not computable", "not stated"]
REGISTERED: Final = frozenset({"filed", "approved"})
"""States of a market, and of a site in it, in which something is registered."""
OPEN: Final = frozenset({"proposed", "approved"})
"""States of a change record that is still to be carried into the dossier."""
_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "process_parameter": ("setpoint", "ranges.proven_acceptable"),
    "site_overlay": ("setpoint", "ranges.proven_acceptable"),
    "specification": ("criterion", "acceptance"),
    "analytical_method": ("version", "range"),
    "site": ("address", ""),
}
"""By kind the field that a filed value, and a filed range, is about where the record names none."""


@dataclass(frozen=True, slots=True)
class FiledValue:
    """One element in one market. `filed` and `package` are in words; `change` is the open change record."""

    condition: EstablishedCondition
    element: str
    market: str
    field: str
    filed: str
    package: str
    verdict: Verdict
    reason: str = ""
    change: ChangeRecord | None = None

    @property
    def drifted(self) -> bool:
        """Whether package and filing differ, and no open change record says so."""
        return self.verdict == "differs" and self.change is None


def filed_values(package: Package) -> tuple[FiledValue, ...]:
    """Every established condition in force against the package, by element, market and field."""
    found = (_compared(package, one) for one in package.in_force(EstablishedCondition))
    return tuple(sorted(found, key=lambda one: (one.element, one.market, one.field, one.condition.id)))


def registered_markets(package: Package) -> tuple[str, ...]:
    """Markets in which the product is filed or approved."""
    states = package.in_force(RegulatoryState)
    return tuple(sorted({state.market for state in states if state.market and state.state in REGISTERED}))


def elements(package: Package, market: str) -> tuple[Record, ...]:
    """What has a registered detail to state in a market: critical parameters, specifications, methods, its sites."""
    sites = {
        one.site
        for state in package.in_force(RegulatoryState)
        if state.market == market
        for one in state.sites
        if one.state in REGISTERED
    }
    return (
        *(one for one in package.parameters if one.classification in CRITICAL),
        *(one for one in package.in_force(Specification) if one.market in (None, market)),
        *package.in_force(AnalyticalMethod),
        *(one for one in package.in_force(Site) if one.id in sites),
    )


def _compared(package: Package, condition: EstablishedCondition) -> FiledValue:
    element = package.records.get(condition.element or "")
    field = _field(condition, element)
    given = condition.filed_value if condition.filed_value is not None else condition.filed_range
    filed = _text(given, condition.unit or _unit(element))
    change = _open_change(package, condition)

    def row(verdict: Verdict, now: str = "", reason: str = "") -> FiledValue:
        name, market = condition.element or "", condition.market or ""
        return FiledValue(condition, name, market, field, filed, now, verdict, reason, change)

    if given is None:
        return row("not stated", reason="no filed value is stated")
    if element is None or not element.in_force:
        return row("not computable", reason="the element is not in force in the package")
    if not field:
        return row("not computable", reason="the record does not name the field that is filed")
    now = value_at(element, field)
    if now is None and element.kind == "site_overlay":
        now = value_at(element, f"override.{field}")
    if now is None:
        return row("differs", "not stated", f"the package states no {field}")
    if condition.filed_value is not None and condition.filed_range is not None:
        return row("not computable", _text(now, _unit(element)), "both a filed value and a filed range are stated")
    verdict, reason = _equal(given, now, condition.unit, _unit(element), package.own_units)
    return row(verdict, _text(now, _unit(element)), reason)


def _field(condition: EstablishedCondition, element: Record | None) -> str:
    if condition.element_field:
        return condition.element_field
    value, limits = _FIELDS.get(element.kind if element else "", ("", ""))
    return limits if condition.filed_value is None else value


def _unit(element: Record | None) -> str | None:
    unit = getattr(element, "unit", None)
    return unit if isinstance(unit, str) else None


def _text(given: Any, unit: str | None) -> str:
    if isinstance(given, Range):
        return range_text(given, unit)
    if isinstance(given, InputQuantity):
        return value_text(given.value, given.unit)
    if isinstance(given, Decimal):
        return value_text(given, unit)
    if isinstance(given, tuple | list):
        return ", ".join(map(str, given))
    return "" if given is None else str(given)


def _equal(given: Any, now: Any, filed_unit: str | None, own_unit: str | None, own: Units) -> tuple[Verdict, str]:
    """Filed against present value: numbers exactly in one unit, words without regard to case and spaces."""
    if isinstance(now, InputQuantity):
        now, own_unit = now.value, now.unit
    if isinstance(given, str) and _words(given) == _words(_text(now, own_unit)):
        return "equal", ""
    limits = [_limits(one, unit) for one, unit in ((given, filed_unit or own_unit), (now, own_unit))]
    if limits[0] and limits[1]:
        return _same_range(limits[0], limits[1], own)
    if isinstance(given, Decimal) and isinstance(now, Decimal):
        value, present = in_unit(given, filed_unit or own_unit, own_unit, own), in_unit(now, None, None, own)
        if value is None or present is None:
            return "not computable", f"{filed_unit} cannot be expressed in {own_unit}"
        return ("equal" if value == present else "differs"), ""
    if all(_is_words(one) for one in (given, now)):
        words = [_words(_criterion(one)) for one in (given, now)]
        return ("equal" if words[0] == words[1] else "differs"), ""
    return "not computable", "one is a number and the other is not"


def _limits(given: Any, unit: str | None) -> tuple[Range, str | None] | None:
    if isinstance(given, Range) and given.numeric:
        return given, given.unit or unit
    words = _criterion(given) if _is_words(given) else ""
    parsed = parse_criterion(words) if words else None
    return (parsed.range, parsed.unit or unit) if parsed else None


def _same_range(first: tuple[Range, str | None], second: tuple[Range, str | None], own: Units) -> tuple[Verdict, str]:
    unit = second[1] or first[1]
    found = [_bounds(limits, given or unit, unit, own) for limits, given in (first, second)]
    if found[0] is None or found[1] is None:
        return "not computable", f"{first[1]} cannot be expressed in {second[1]}"
    return ("equal" if _ends(found[0]) == _ends(found[1]) else "differs"), ""


def _bounds(limits: Range, given: str | None, wanted: str | None, own: Units) -> Interval | None:
    return interval(limits.model_copy(update={"unit": given}), wanted, own)


def _ends(found: Interval) -> tuple[object, ...]:
    """The ends, without what is said of one that is absent."""
    low = None if found.low is None else (found.low, found.low_inclusive)
    return low, None if found.high is None else (found.high, found.high_inclusive)


def _is_words(given: Any) -> bool:
    return isinstance(given, str | bool | date | tuple) or (isinstance(given, Range) and not given.numeric)


def _criterion(given: Any) -> str:
    return (given.criterion or "") if isinstance(given, Range) else _text(given, None)


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


def _open_change(package: Package, condition: EstablishedCondition) -> ChangeRecord | None:
    """The change record that the condition names, else one of the element, where it is proposed or approved."""
    named = package.get(condition.change_record, ChangeRecord)
    about = {condition.element, condition.id}
    if named is not None:
        return named if _is_open(named) else None
    return next((one for one in package.in_force(ChangeRecord) if _is_open(one) and about & _changed(one)), None)


def _is_open(record: ChangeRecord) -> bool:
    return record.in_force and record.state in OPEN


def _changed(record: ChangeRecord) -> set[str]:
    proposed = (one.record for one in record.proposal.changes) if record.proposal else ()
    return {*map(str, record.entities), *proposed}
