"""Limits that decide about product, process and environment at each site, and criteria of its qualification batches."""

from collections.abc import Iterator

from ttpack.analysis.site_comparison.agreements import own_approval
from ttpack.analysis.site_comparison.statements import (
    Asked,
    Field,
    Key,
    Statement,
    Subject,
    collapsed,
    quantity_value,
    range_value,
    text_value,
)
from ttpack.analysis.site_limits import LimitKey, SiteLimit, site_limits
from ttpack.model.execution import PpqPlan

PPQ = "ppq"
"""First part of the key of a subject that is a criterion of process performance qualification."""


def statements(asked: Asked) -> Iterator[Statement]:
    """Limits by what they are about, then PPQ criteria by attribute or parameter."""
    groups: dict[Key, list[SiteLimit]] = {}
    for one in site_limits(asked.package):
        if one.site is None or asked.among(one.site):
            groups.setdefault((one.key.kind, *one.key.about), []).append(one)
    for found in groups.values():
        yield from _limits(asked, found)
    plans = [plan for plan in asked.package.in_force(PpqPlan) if plan.acceptance and asked.among(plan.site)]
    about = dict.fromkeys(each.about for plan in plans for each in plan.acceptance)
    for plan in plans:
        yield from _criteria(asked, plan, plan.site or "")
        for ref in sorted(about.keys() - {each.about for each in plan.acceptance}):
            yield Statement(_criterion(asked, ref), (plan.site or "",), plan.id, plan.name, ())


def _limits(asked: Asked, found: list[SiteLimit]) -> Iterator[Statement]:
    """The limits of one thing, those of one test apart where a site has several tests of it."""
    own: dict[str, set[str | None]] = {}
    for one in found:
        if one.site:
            own.setdefault(one.site, set()).add(one.test)
    lines: dict[str, list[SiteLimit]] = {}
    for one in found:
        lines.setdefault(one.record.id, []).append(one)
    holds = {record: _holds(asked, given[0], own) for record, given in lines.items()}
    tests: dict[str, set[str | None]] = {}
    for record, given in lines.items():
        for site in holds[record]:
            tests.setdefault(site, set()).add(given[0].test)
    apart = any(len(named) > 1 for named in tests.values())
    for record, given in lines.items():
        one = given[0]
        subject = _subject(asked, one.key, collapsed(one.test or "") if apart else "")
        fields = tuple(_field(asked, each) for each in given)
        if holds[record]:
            yield Statement(subject, holds[record], record, one.record.name, fields)


def _holds(asked: Asked, one: SiteLimit, own: dict[str, set[str | None]]) -> tuple[str, ...]:
    """The sites a line holds at: its own, or every site without a line of its own for that test."""
    if one.site:
        return (one.site,)
    return tuple(
        site
        for site in asked.sites
        if site not in own or (one.test is not None and None not in own[site] and one.test not in own[site])
    )


def _subject(asked: Asked, key: LimitKey, test: str) -> Subject:
    label = asked.package.label
    if key.kind == "specification":
        attribute, *rest = (str(part) for part in key.about if part)
        text = ", ".join((label(attribute), *rest, *((test,) if test else ())))
        return Subject((key.kind, *key.about, test.casefold()), f"Specification of {text}", attribute)
    if key.kind == "in-process":
        about, *rest = (str(part) for part in key.about if part)
        text = ", ".join((label(about), *map(label, rest), *((test,) if test else ())))
        return Subject((key.kind, *key.about, test.casefold()), f"In-process limit of {text}", about)
    where, quantity = (str(part) for part in key.about)
    place = f"rooms of grade {where}" if key.kind == "room" else where
    return Subject((key.kind, *key.about), f"{quantity[:1].upper() + quantity[1:]} ({place})", whole=False)


def _field(asked: Asked, one: SiteLimit) -> Field:
    key = one.key
    value = range_value(one.limit.range, one.limit.unit, asked.own)
    approvals = tuple(own_approval(asked.package, one.record.id, one.approval))
    environment = key.kind in ("room", "utility")
    return Field(key.level, key.level.replace("_", " "), value, one.limit.field, approvals, whole=not environment)


def _criterion(asked: Asked, about: str) -> Subject:
    """A site without any plan is said to have none where strategies are compared."""
    return Subject((PPQ, about), f"PPQ criterion of {asked.package.label(about)}", about, whole=False)


def _criteria(asked: Asked, plan: PpqPlan, site: str) -> Iterator[Statement]:
    approvals = tuple(own_approval(asked.package, plan.id, plan.difference_approval))
    for index, each in enumerate(plan.acceptance):
        place, margin = f"acceptance[{index}]", quantity_value(each.margin, asked.own)
        limits = range_value(each.range, each.unit, asked.own)
        fields = (
            Field("ppq.range", "limits", limits, f"{place}.range", approvals),
            Field("ppq.statistic", "statistics", text_value(each.statistic), f"{place}.statistic", approvals),
            Field("ppq.margin", "equivalence margin", margin, f"{place}.margin", approvals),
        )
        yield Statement(_criterion(asked, each.about), (site,), plan.id, plan.name, fields)
