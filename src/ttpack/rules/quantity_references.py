"""One definition for each value (QTY-05), and no more digits than can be measured (QTY-06)."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from ttpack.analysis.intervals import in_unit, unit_or_none, value_text
from ttpack.model.analytics import AnalyticalMethod
from ttpack.model.findings import Place
from ttpack.model.graph import CODE_SPANS, prose_references, strings
from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter, SiteOverlay
from ttpack.model.quality import InProcessControl, Specification
from ttpack.model.quantity import Range
from ttpack.model.units import DefinesUnit, UnitError, convert, exact, parse_unit
from ttpack.rules.registry import COMPLETENESS, INFORMATION, Context, Outcome, rule

LITERAL = re.compile(r"(?<![\w.,{-])(-?\d{1,12}(?:\.\d{1,12})?)\s?([^\s\d,;()|*_][^\s,;()|*]{0,24})?")
PH_BEFORE = re.compile(r"pH\s*(?:of|at|=|is|:)?\s*$")
REFERENCE = re.compile(r"\{\{.*?\}\}|\[\[.*?\]\]")
LONGEST_PARAGRAPH = 20_000
MOST_LITERALS = 200


@rule("QTY-05", COMPLETENESS, from_gate="G2", basis="single source of truth; WHO TRS 1044 Annex 4 section 7")
def value_copied_by_hand(package: Package, context: Context) -> Iterator[Outcome]:
    """Prose repeats a registered value instead of referring to it, or one parameter is defined twice.

    Why: a copy stays behind when the value changes, and two true-looking documents then contradict each other.
    Resolve: write the reference, such as {{ PRM-BRX-PH.setpoint }}; keep one record for each parameter.
    """
    registered = _registered(context) if package.with_prose_references else {}
    for record_id in sorted(package.with_prose_references):
        record = package.records.get(record_id)
        if record is None or not record.in_force:
            continue
        raw = package.raw.get(record_id, {})
        for field, text in (*strings(raw), ("body", record.body or "")):
            if "[[" in text or "{{" in text:
                for message, fix in _copies(text, registered, package.own_units):
                    yield Place(record_id, field), message, fix
    yield from _defined_twice(package)


Registered = Mapping[str, list[tuple[str, Decimal, str]]]


def _registered(context: Context) -> Registered:
    """Each record's values with unit, by field."""
    found: dict[str, list[tuple[str, Decimal, str]]] = {}
    for stated in context.stated:
        if not stated.unit:
            continue
        values = [*stated.values]
        for path, given in stated.ranges:
            values += [
                (f"{path}.{end}", number)
                for end, number in (("low", given.low), ("high", given.high))
                if number is not None
            ]
        found.setdefault(stated.record, []).extend((path, number, stated.unit) for path, number in values)
    return found


def _copies(text: str, registered: Registered, own: Mapping[str, DefinesUnit]) -> Iterator[tuple[str, str]]:
    for paragraph in re.split(r"\n\s*\n", CODE_SPANS.sub(" ", text)):
        linked = {target for target, _ in prose_references(paragraph)} if len(paragraph) < LONGEST_PARAGRAPH else set()
        known = [(target, *value) for target in sorted(linked) for value in registered.get(target, ())]
        if not known:
            continue
        seen = set()
        bare = REFERENCE.sub(" ", paragraph)
        for match in list(LITERAL.finditer(bare))[:MOST_LITERALS]:
            unit = _literal_unit(bare[: match.start()], match.group(2) or "", own)
            if unit is None or match.group(0) in seen:
                continue
            seen.add(match.group(0))
            for target, path, number, stated_unit in known:
                if _equal(match.group(1), unit, number, stated_unit, own):
                    reference = _reference(target, path)
                    written = match.group(0).strip(" .:")
                    yield (
                        f"'{written}' repeats {target} {path} {value_text(number, stated_unit)} by hand",
                        f"write {{{{ {reference} }}}}",
                    )
                    break


def _reference(target: str, path: str) -> str:
    for end in (".low", ".high"):
        path = path.removesuffix(end)
    return f"{target}.{path}"


def _literal_unit(before: str, text: str, own: Mapping[str, DefinesUnit]) -> str | None:
    """The unit written after a number, or pH before it."""
    if PH_BEFORE.search(before[-12:]):
        return "[pH]"
    for candidate in (text, text.rstrip(".:!?'\"]")):
        if candidate and unit_or_none(candidate, own) is not None:
            return candidate
    return None


def _equal(text: str, unit: str, number: Decimal, stated_unit: str, own: Mapping[str, DefinesUnit]) -> bool:
    try:
        written, stated = parse_unit(unit, own), parse_unit(stated_unit, own)
        same = written.dimension == stated.dimension or _plain_percent(written.code, stated.code)
        if not same:
            return False
        value = Decimal(text)
        if written.dimension != stated.dimension:
            return value == number
        return convert(value, written, stated) == exact(number)
    except UnitError:
        return False


def _plain_percent(written: str, stated: str) -> bool:
    """Prose says `30 %` of what the record states as `%{sat}`."""
    return written == "%" and stated.startswith("%{")


def _defined_twice(package: Package) -> Iterator[Outcome]:
    first: dict[tuple[str, str], str] = {}
    for parameter in package.parameters:
        if not parameter.title or not parameter.unit_operation or overlay_parts(parameter.id)[1]:
            continue
        key = (parameter.unit_operation, " ".join(parameter.title.casefold().split()))
        if key in first:
            message = f"{parameter.title} of {parameter.unit_operation} is defined by {first[key]} already"
            yield parameter.at("title"), message, f"keep one of {first[key]} and {parameter.id}, and refer to it"
        first.setdefault(key, parameter.id)


@rule("QTY-06", INFORMATION, basis='ALCOA+ "accurate"', requires=("QTY-01", "QTY-02"))
def more_digits_than_resolution(package: Package, context: Context) -> Iterator[Outcome]:
    """A value is stated with more decimals than its instrument or method resolves.

    Why: digits that cannot be measured cannot be held, and invite false deviations.
    Resolve: round the value to the resolution, or correct the resolution.
    """
    for parameter in package.parameters:
        if parameter.resolution is not None:
            numbers = [("setpoint", parameter.setpoint), ("target", parameter.target)]
            for kind, given in parameter.ranges.items():
                numbers += _ends(f"ranges.{kind}", given)
            yield from _too_fine(parameter, numbers, parameter.resolution, parameter.unit, "the instrument")
            for overlay in package.overlays.get(parameter.id, ()):
                yield from _overlay_too_fine(overlay, parameter, parameter.resolution)
    for specification in package.in_force(Specification):
        limits = ("acceptance", "release_limit", "shelf_life_limit")
        yield from _finer_than_method(package, specification, limits)
    for test in package.in_force(InProcessControl):
        yield from _finer_than_method(package, test, ("limit",))


def _overlay_too_fine(overlay: SiteOverlay, base: ProcessParameter, resolution: Decimal) -> Iterator[Outcome]:
    here = overlay.effective
    if here.unit not in (None, base.unit):
        return
    numbers = [(overlay.field("setpoint"), here.setpoint)]
    for kind, given in here.ranges.items() if here.ranges else ():
        numbers += _ends(overlay.field(f"ranges.{kind}"), given)
    yield from _too_fine(overlay, numbers, resolution, base.unit, "the instrument")


def _finer_than_method(
    package: Package, record: Specification | InProcessControl, fields: tuple[str, ...]
) -> Iterator[Outcome]:
    method = package.get(record.method, AnalyticalMethod)
    if method is None or method.resolution is None:
        return
    if in_unit(method.resolution, method.unit, record.unit, package.own_units) == in_unit(
        method.resolution, None, None
    ):
        numbers = [end for name in fields for end in _ends(name, getattr(record, name))]
        yield from _too_fine(record, numbers, method.resolution, record.unit, method.id)


def _ends(path: str, given: Range | None) -> list[tuple[str, Decimal | None]]:
    if given is None or given.unit is not None:
        return []
    return [(f"{path}.low", given.low), (f"{path}.high", given.high)]


def _too_fine(
    record: ProcessParameter | SiteOverlay | Specification | InProcessControl,
    numbers: list[tuple[str, Decimal | None]],
    resolution: Decimal,
    unit: str | None,
    what: str,
) -> Iterator[Outcome]:
    finest = _decimals(resolution.normalize())
    for path, number in numbers:
        if number is not None and _decimals(number) > finest:
            stated, limit = value_text(number, unit), value_text(resolution, unit)
            yield record.at(path), f"{stated} is stated more finely than {what} resolves ({limit})"


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
