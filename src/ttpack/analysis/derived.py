"""Derived values computed again from their inputs, and the fields of records that inputs name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pydantic import BaseModel

from ttpack.analysis.flow import Flow
from ttpack.analysis.formulas import NotEvaluated, evaluate
from ttpack.analysis.intervals import fraction_text, value_text
from ttpack.analysis.stated import IMPLIED_UNITS, Stated
from ttpack.analysis.thresholds import share
from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.parameter import SiteOverlay
from ttpack.model.process import HoldTime
from ttpack.model.quantity import Derived, InputQuantity
from ttpack.model.record import Record
from ttpack.model.scale import ScaleCharacterisation
from ttpack.model.units import UnitError, decimal_text, exact, parse_unit

DEFAULT_TOLERANCE = Fraction(1, 100)
"""Used where none is declared; then half a unit of the last digit stated is allowed too."""
LONGEST_PATH = 200
_LARGEST_SHARE = 10**9
_STEP = re.compile(r"([A-Za-z][A-Za-z0-9_]*)|\[([0-9]{1,4})\]")


@dataclass(frozen=True, slots=True)
class Derivation:
    """A value with the formula that gives it. `path` is where the value stands, `owner` the part that derives it."""

    record: str
    path: str
    owner: str
    value: Decimal | None
    unit: str
    derived: Derived

    @property
    def node(self) -> str:
        """The value's name in the graph of derivations."""
        return f"{self.record}.{self.path}"


@dataclass(frozen=True, slots=True)
class Named:
    """A number that an input names: its value, its unit, and its full path."""

    value: Decimal
    unit: str
    path: str


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A computed value beside the stated one."""

    computed: Fraction
    agrees: bool
    words: str


def derivations(package: Package, stated: list[Stated]) -> Iterator[Derivation]:
    """Every derived value: a parameter's setpoint, a hold's operated limit, or the value beside `derived`."""
    for each in stated:
        if each.derived is None:
            continue
        record = package.records[each.record]
        owner = f"{each.path}." if each.path and not _is_value(each) else ""
        if isinstance(record, HoldTime) and not each.path:
            limit = record.operated_limit
            value, unit = (limit.value, limit.unit) if limit else (None, "")
            yield Derivation(record.id, "operated_limit.value", "derived", value, unit, each.derived)
        elif _is_value(each):
            path = each.values[0][0]
            yield Derivation(record.id, path, f"{each.path}.derived", each.values[0][1], each.unit or "", each.derived)
        else:
            path, value = each.values[0] if each.values else (f"{owner}value", None)
            yield Derivation(record.id, path, f"{owner}derived", value, each.unit or "", each.derived)


def _is_value(each: Stated) -> bool:
    return bool(each.values) and each.values[0][0] == f"{each.path}.value"


def recompute(package: Package, given: Derivation) -> Recomputed:
    """The value from its formula. Raises NotEvaluated with the reason why there is none."""
    own = package.own_units
    inputs = {name: resolve(package, name, each) for name, each in sorted(given.derived.inputs.items())}
    result = evaluate(given.derived.formula, {name: (each.value, each.unit) for name, each in inputs.items()}, own)
    try:
        computed = result.in_unit(parse_unit(given.unit, own))
        stated = exact(given.value) if given.value is not None else computed
    except UnitError as error:
        raise NotEvaluated(str(error)) from error
    except NotEvaluated as error:
        raise NotEvaluated(f"{given.derived.formula} {error.reason.removeprefix('it ')}", about="formula") from error
    allowed = _allowed(given, stated)
    taken = ", ".join(f"{name} {value_text(each.value, each.unit)}" for name, each in inputs.items())
    return Recomputed(computed, abs(stated - computed) <= allowed, f"{given.derived.formula} of {taken}")


def mismatch(given: Derivation, found: Recomputed) -> str:
    """Both numbers, and by how much they differ."""
    stated = given.value if given.value is not None else Decimal(0)
    off = _percent(abs(exact(stated) - found.computed) / abs(exact(stated))) if stated else "all"
    tolerance = str(given.derived.tolerance) if given.derived.tolerance is not None else "1 %"
    return (
        f"stated {value_text(stated, given.unit)}, computed {fraction_text(found.computed, given.unit)} "
        f"({found.words}): they differ by {off} of the stated value, the tolerance is {tolerance}"
    )


def _percent(share_of_it: Fraction) -> str:
    if share_of_it > _LARGEST_SHARE:
        return f"{decimal_text(share_of_it * 100, 3)}%"
    return f"{float(share_of_it):.2%}"


def _allowed(given: Derivation, stated: Fraction) -> Fraction:
    declared = given.derived.tolerance
    if declared is None:
        exponent = given.value.as_tuple().exponent if given.value is not None else 0
        last_digit = Fraction(10) ** exponent / 2 if isinstance(exponent, int) else Fraction(0)
        return max(DEFAULT_TOLERANCE * abs(stated), last_digit)
    relative = share(declared)
    if relative is None:
        raise NotEvaluated(
            f"the tolerance {str(declared)[:40]!r} is neither a percentage nor a share", about="tolerance"
        )
    return relative * abs(stated)


def resolve(package: Package, name: str, given: InputQuantity | str) -> Named:
    """The number of an input. Raises NotEvaluated where it names nothing, or no number."""
    if isinstance(given, InputQuantity):
        return Named(given.value, given.unit, "")
    about = f"inputs.{name}"
    record_id, _, path = given[:LONGEST_PATH].partition(".")
    record = package.records.get(record_id)
    if record is None:
        reason = f"{name} names {given[:80]}, and there is no record {record_id[:64]}"
        raise NotEvaluated(reason, outside=record_id in package.unreadable_ids, about=about)
    if isinstance(record, SiteOverlay) and getattr(record.effective, path.partition(".")[0], None) is None:
        record = package.records.get(overlay_parts(record_id)[0], record)
    found = _number_at(record, path, _unit_of(package, record))
    if found is None:
        raise NotEvaluated(f"{name} names {given[:80]}, where there is no number", about=about)
    return found


def _unit_of(package: Package, record: Record) -> str | None:
    if isinstance(record, SiteOverlay):
        base = package.records.get(overlay_parts(record.id)[0])
        return record.effective.unit or getattr(base, "unit", None)
    return getattr(record, "unit", None)


def _number_at(record: Record, path: str, unit: str | None) -> Named | None:
    """The number at a dotted path, in the unit nearest to it."""
    here: object = record.effective if isinstance(record, SiteOverlay) else record
    names: list[str] = []
    steps = _STEP.findall(path)
    if not steps or ".".join(name or f"[{index}]" for name, index in steps).replace(".[", "[") != path:
        return None
    for name, index in steps:
        if index:
            if not isinstance(here, tuple) or int(index) >= len(here):
                return None
            here, names[-1] = here[int(index)], f"{names[-1]}[{index}]"
            continue
        unit = IMPLIED_UNITS.get(name) or getattr(here, f"{name}_unit", None) or getattr(here, "unit", None) or unit
        here, step = _below(here, name)
        names.append(step)
    value = getattr(here, "value", None) if isinstance(here, BaseModel) else None
    if isinstance(value, Decimal):
        unit, here = getattr(here, "unit", None) or unit, value
        names.append("value")
    if isinstance(here, int) and not isinstance(here, bool):
        return Named(Decimal(here), "1", f"{record.id}.{'.'.join(names)}")
    return Named(here, unit or "", f"{record.id}.{'.'.join(names)}") if isinstance(here, Decimal) else None


def _below(here: object, name: str) -> tuple[object, str]:
    """The part of that name; a figure of a scale may be named by what it is."""
    if isinstance(here, Mapping):
        return here.get(name), name
    if isinstance(here, BaseModel) and name in type(here).model_fields:
        return getattr(here, name), name
    if isinstance(here, ScaleCharacterisation):
        wanted = _folded(name)
        for index, each in enumerate(here.quantities):
            if _folded(each.quantity) == wanted:
                return each, f"quantities[{index}]"
    return None, name


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name.casefold()).strip()


def circular(package: Package, given: list[Derivation]) -> dict[str, str]:
    """Values that are computed from themselves: the first of each circle with the way round in words, the others ""."""
    inputs = {each.node: _input_nodes(package, each) for each in given}
    flow = Flow.of(sorted(inputs), ((node, following) for node, nodes in inputs.items() for following in nodes))
    found = {node: "" for group in flow.circular_parts for node in group}
    return found | {circle[0]: " from ".join((*circle, circle[0])) for circle in flow.circles}


def _input_nodes(package: Package, given: Derivation) -> list[str]:
    nodes = []
    for name, each in sorted(given.derived.inputs.items()):
        try:
            path = resolve(package, name, each).path
        except NotEvaluated:
            continue
        nodes += [path] if path else []
    return nodes
