"""Rules on what is registered (REG): established conditions, states of sites, the watch; comparability beside."""

from collections.abc import Iterable, Iterator

from ttpack.analysis.filed_values import FiledValue, elements, filed_values, registered_markets
from ttpack.analysis.placeholders import written
from ttpack.model.findings import Place, Problem
from ttpack.model.package import Package
from ttpack.model.regulatory import EstablishedCondition, RegulatoryState, RegulatoryWatch
from ttpack.rules import commercial, comparability
from ttpack.rules.applicability import when_registered
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule

__all__ = ["commercial", "comparability"]  # imported for the rules they register


@rule("REG-01", COMPLETENESS, basis="ICH Q12", from_gate="G5", applies_when=when_registered)
def registered_detail_missing_or_drifted(package: Package, context: Context) -> Iterator[Outcome]:
    """An element says nothing of what is registered, or the package differs from the filing without a change record.

    For every market that is filed or approved, each critical parameter, specification, method and registered site has
    an established condition that says whether it is a registered detail and, unless it is none, dossier section and
    filed value. The package holds the filed value exactly (another unit is converted, the ends of a range count or do
    not count alike), or a proposed or approved change record says why not. Status and category of an established
    condition rest on a lifecycle document, by submission and date of approval in that market.
    Why: a process that drifts from its filing is made without a licence, one small change at a time.
    Resolve: complete the record, bring package and filing together, or open a change record and name it.
    """
    conditions = package.in_force(EstablishedCondition)
    yield from _unstated(package, conditions)
    known = {state.market for state in package.in_force(RegulatoryState)}
    markets = frozenset(registered_markets(package))
    for condition in conditions:
        if condition.market not in known:
            words = (
                f"no record gives the state of the market {condition.market}"
                if condition.market
                else "no market is named"
            )
            yield NotComputable(condition.at("market"), f"{condition.name}: {words}")
        if condition.market in markets:
            yield from _incomplete(condition)
        yield from _without_lifecycle(condition, context)
    yield from _drifted(package, [one for one in filed_values(package) if one.market in markets])


def _unstated(package: Package, conditions: Iterable[EstablishedCondition]) -> Iterator[Outcome]:
    stated = {(one.element, one.market) for one in conditions}
    missing: dict[str, list[str]] = {}
    for market in registered_markets(package):
        for element in elements(package, market):
            if (element.id, market) not in stated:
                missing.setdefault(element.id, []).append(market)
    for name, markets in sorted(missing.items()):
        message = f"nothing says what is registered of {package.label(name)} in {' and '.join(markets)}"
        yield Place(name), message, "add an established_condition for each of these markets"


def _incomplete(condition: EstablishedCondition) -> Iterator[Outcome]:
    missing = [] if condition.registered_detail is not None else ["registered_detail"]
    if condition.registered_detail is not False:
        missing += [] if written(condition.dossier_section) else ["dossier_section"]
        missing += [] if condition.filed_value is not None or condition.filed_range is not None else ["filed_value"]
    if condition.element is None:
        missing.append("element")
    if missing:
        names = ", no ".join(_NAMES[name] for name in missing)
        place = condition.at(missing[0] if len(missing) == 1 else "")
        yield place, f"{condition.name} ({condition.market}) states no {names}"


_NAMES = {
    "registered_detail": "yes or no whether it is a registered detail",
    "dossier_section": "section of the dossier",
    "filed_value": "filed value",
    "element": "element it is about",
}


def _without_lifecycle(condition: EstablishedCondition, context: Context) -> Iterator[Outcome]:
    claims = ["status"] if condition.is_established_condition else []
    claims += ["category"] if condition.category else []
    if not claims:
        return
    approved = condition.lifecycle_approved_on
    missing = [
        words
        for words, stated in {
            "lifecycle document": written(condition.lifecycle_document),
            "submission in which it was approved": written(condition.lifecycle_submission),
            "date of its approval": approved is not None,
        }.items()
        if not stated
    ]
    claim = f"{condition.name} claims the {' and '.join(claims)} of an established condition in {condition.market}"
    field = "is_established_condition" if condition.is_established_condition else "category"
    if missing:
        yield condition.at(field), f"{claim} without {', '.join(missing)}"
    elif approved is not None and approved > context.as_of:
        yield (
            condition.at("lifecycle_approved_on"),
            f"{claim}, but its lifecycle document is approved only on {approved}",
        )


def _drifted(package: Package, rows: Iterable[FiledValue]) -> Iterator[Outcome]:
    groups: dict[tuple[str, str, str], list[FiledValue]] = {}
    for row in rows:
        if row.drifted:
            groups.setdefault((row.element, row.field, row.filed), []).append(row)
        elif row.verdict == "not computable":
            at = row.condition.at("element_field" if row.condition.element_field else "element")
            yield NotComputable(at, f"{row.condition.name} ({row.market}): {row.reason}")
    for (element, field, filed), found in sorted(groups.items()):
        condition = found[0].condition
        place = condition.at("filed_value" if condition.filed_value is not None else "filed_range")
        markets = " and ".join(dict.fromkeys(row.market for row in found))
        message = (
            f"{package.label(element)}, {field}: {filed} is filed in {markets}, the package says {found[0].package}"
        )
        closed = condition.change_record
        more = f"; its change record {closed} is not open" if closed else ", and no change record is open"
        yield place, message + more


@rule("REG-04", COMPLETENESS, basis="Niazi: regulation adaptation", from_gate="G2")
def regulatory_change_unassessed(package: Package, context: Context) -> Iterator[Outcome]:
    """A regulatory change that affects the package has no assessment, owner or effective date, or is in effect already.

    It affects the package where it is of one of its markets, or of none in particular, or names one of its records.
    One that is in effect and not assessed is an error at every gate.
    Why: a pharmacopoeia method that changed last month is the method an inspector expects today.
    Resolve: assess what it means for the transfer, name who follows it and from when it applies.
    """
    markets = {state.market for state in package.in_force(RegulatoryState)}
    for watch in package.in_force(RegulatoryWatch):
        if not (
            watch.market is None or watch.market in markets or any(one in package.records for one in watch.affected)
        ):
            continue
        assessed, start = written(watch.assessment), watch.in_effect_from
        if not assessed and start is not None and start <= context.as_of:
            message = f"{watch.name} is in effect since {start}, and nobody has assessed it"
            yield Problem(watch.at("assessment"), message, from_gate="G0")
        given = {
            "assessment": assessed or (start is not None and start <= context.as_of),
            "owner": written(str(watch.owner or "")),
            "in_effect_from": start is not None,
        }
        missing = [name for name, stated in given.items() if not stated]
        if missing:
            names = ", no ".join("effective date" if name == "in_effect_from" else name for name in missing)
            yield watch.at(missing[0] if len(missing) == 1 else ""), f"{watch.name} states no {names}"
