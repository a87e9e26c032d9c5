"""The proposed reporting category of a change in each market (change-control.md, step 6).

For each changed record the first that applies: (a) the market is not approved, (b) an approved commitment says the
field is no established condition, (c) an approved protocol, (d) an approved established condition, (e) the row of the
profile. Then the most restrictive over all records. Modifiers raise the internal class, never the category.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ttpack.analysis.change_rules.classify import control_records
from ttpack.analysis.change_rules.rule import Classified
from ttpack.analysis.change_rules.sides import Sides
from ttpack.analysis.reporting_conditions import Conditions, fixed, not_counted, raised
from ttpack.analysis.reporting_markets import STATES, Market, market_key, markets
from ttpack.analysis.reporting_profiles import NONE, SCALE, NamedProfile, Severity, named_profile
from ttpack.model.ids import overlay_parts
from ttpack.model.regulatory import RA_DECIDES, RegulatoryProfile

FOR_RA = "Proposal for regulatory affairs"
NOT_COMPUTABLE = "not computable"
UPDATE_DRAFT = "update draft dossier"
AMEND_FILED = "amendment of the pending application"
REVIEW: Mapping[str, str] = {"us": "IND amendment review", "eu": "substantial modification review"}
REVIEW_ELSEWHERE = "IND amendment or substantial modification review"
BY_STATE = "a: state of the market"
BY_SITE = "a: state of the site in the market"
BY_ROW = "e: row of the profile"
NO_ROW = "e: no change rule concerns it"
_BEFORE_APPROVAL: Mapping[str, Severity] = {"filed": (12, 0), "IND/IMPD": (14, 0), "none": (16, 0)}
_HIGHER = ("moderate", "major")
AT_A_SITE = frozenset({"site_equipment", "room", "utility", "cleaning", "batch_record"})
"""Kinds that say what stands or is done at one site; other records of a site may be about the whole product."""
_LISTED_NOTES = 12


@dataclass(frozen=True, slots=True)
class Group:
    """What is proposed for some of the changed records, under one rule and for one reason."""

    category: str
    basis: str
    rule: str = ""
    wording: str = ""
    least: str = ""
    source: str = ""
    severity: Severity = (SCALE["NR"], 0)
    as_worst: bool = False
    remark: str = ""
    notes: tuple[str, ...] = ()
    records: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The group as a JSON object."""
        return {
            "category": self.category, "least": self.least or None, "wording": self.wording,
            "rule": self.rule or None, "basis": self.basis, "source": self.source, "records": list(self.records),
        }  # fmt: skip


@dataclass(frozen=True)
class Reporting:
    """What is proposed to be reported in one market; `category` is `none` where nothing is.

    `groups` are all proposals that the market's category was chosen from, the most restrictive first. `ich_q12` is
    its category in ICH Q12, empty where the market is not approved or nothing can be computed.
    """

    market: str
    state: str
    category: str
    wording: str
    rule: str
    basis: str
    profile: str
    profile_version: str
    profile_origin: str
    source: str
    records: tuple[str, ...]
    note: str
    ich_q12: str = ""
    groups: tuple[Group, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The proposal as a JSON object."""
        return {
            "market": self.market, "state": self.state, "category": self.category, "wording": self.wording,
            "rule": self.rule or None, "basis": self.basis, "profile": self.profile or None,
            "profile_version": self.profile_version or None, "profile_origin": self.profile_origin or None,
            "source": self.source, "records": list(self.records), "note": self.note,
            "ich_q12": self.ich_q12 or None, "proposals": [one.as_json() for one in self.groups],
        }  # fmt: skip


def reporting(
    classified: Iterable[Classified], sides: Sides, profiles: Mapping[str, RegulatoryProfile]
) -> tuple[Reporting, ...]:
    """One proposal for each market and profile, in the order of markets; empty where nothing of meaning changed.

    `profiles` are those that travel with ttpack, by name.
    """
    given = tuple(classified)
    control = control_records(one.change for one in given)
    changed = [one for one in given if one.change_class != "editorial" and one.change.record not in control]
    if not changed:
        return ()
    conditions = Conditions(sides)
    return tuple(_in_market(market, changed, sides, profiles, conditions) for market in markets(sides, profiles))


def needs_regulatory_affairs(reports: Iterable[Reporting]) -> bool:
    """Whether S-RA is among the approvers: anything but `none` is proposed."""
    return any(one.category != NONE for one in reports)


def most_restrictive(reports: Iterable[Reporting]) -> str:
    """The most restrictive category over all markets in terms of ICH Q12; empty where no market has one."""
    order = ("PA", RA_DECIDES, *(name for name in SCALE if name != "PA"))
    return min((one.ich_q12 for one in reports if one.ich_q12), key=order.index, default="")


def _in_market(
    market: Market,
    changed: list[Classified],
    sides: Sides,
    shipped: Mapping[str, RegulatoryProfile],
    conditions: Conditions,
) -> Reporting:
    named = named_profile(market.profile, sides, shipped) if market.profile else "no profile is named for this market"
    profile = named if isinstance(named, NamedProfile) else None
    alike: dict[tuple[str, ...], list[Group]] = {}
    for one in changed:
        group = _of_change(one, market, profile, conditions, sides)
        alike.setdefault((group.category, group.rule, group.basis, group.wording), []).append(group)
    groups = [_together(members) for members in alike.values()]
    groups.sort(key=lambda group: (*_restrictive(group), group.rule, group.basis, group.records))
    return _answer(market, named, _with_worst(groups))


def _restrictive(group: Group) -> tuple[Severity, bool]:
    """Lower is more: of two rows of one category, one that allows nothing less goes before one that does."""
    return group.severity, bool(group.least)


def _together(members: list[Group]) -> Group:
    """One group of those that propose the same for the same reason."""
    return replace(
        members[0],
        notes=tuple(dict.fromkeys(note for one in members for note in one.notes)),
        records=tuple(sorted({record for one in members for record in one.records})),
    )


def _with_worst(groups: list[Group]) -> list[Group]:
    """The groups with those that are `as the worst change` behind the one that they follow."""
    own = [group for group in groups if not group.as_worst]
    following = [group for group in groups if group.as_worst]
    if own:
        worst = own[0]
        following = [
            replace(group, category=worst.category, severity=worst.severity, least=worst.least) for group in following
        ]
        return [worst, *following, *own[1:]]
    return [*following, *own]


def _answer(market: Market, named: NamedProfile | str, groups: list[Group]) -> Reporting:
    first = groups[0]
    profile = named if isinstance(named, NamedProfile) else None
    conditional = market.state == "unknown" and first.category not in (NONE, NOT_COMPUTABLE)
    notes = [FOR_RA, *market.notes, *(profile.notes if profile else ()), first.remark, *first.notes]
    if profile is None:
        notes.append(str(named))
    elif profile.answering.profile.markets and market.key not in map(market_key, profile.answering.profile.markets):
        notes.append(
            f"the profile is written for {', '.join(profile.answering.profile.markets)}, not for {market.name}"
        )
    if first.least:
        notes.append(f"it may be as low as {first.least}")
    others = [note for group in groups[1:] for note in group.notes]
    if others:
        notes.append("of other records: " + "; ".join(dict.fromkeys(others[:_LISTED_NOTES])))
    condition = "if the market is approved: " if conditional else ""
    return Reporting(
        market=market.name,
        state=market.state,
        category=f"{condition}{first.category}",
        wording=f"{condition}{first.wording}",
        rule=first.rule,
        basis=first.basis,
        profile=market.profile,
        profile_version=profile.version if profile else "",
        profile_origin=profile.origin if profile else "",
        source=_source(market, profile, first),
        records=tuple(sorted({name for one in groups if one.category == first.category for name in one.records})),
        note="; ".join(dict.fromkeys(note.rstrip(".") for note in notes if note)) + ".",
        ich_q12=_q12(market, profile, first),
        groups=tuple(groups),
    )


def _source(market: Market, profile: NamedProfile | None, group: Group) -> str:
    """What the proposal rests on: the row and its profile, or the records of the package that say the state."""
    if group.basis in {BY_STATE, BY_SITE}:
        return ", ".join(market.records)
    return "; ".join(part for part in (group.source, profile.source if profile else "") if part)


def _q12(market: Market, profile: NamedProfile | None, group: Group) -> str:
    if profile is None or market.state not in ("approved", "unknown") or group.basis in (BY_STATE, BY_SITE):
        return ""
    return RA_DECIDES if group.category == RA_DECIDES else profile.q12_of(group.category)


def _of_change(
    one: Classified, market: Market, profile: NamedProfile | None, conditions: Conditions, sides: Sides
) -> Group:
    """The most restrictive proposal for a change over all rules it falls under."""
    return replace(_proposed(one, market, profile, conditions, sides), records=(one.change.record,))


def _proposed(
    one: Classified, market: Market, profile: NamedProfile | None, conditions: Conditions, sides: Sides
) -> Group:
    rules = (one.rule, *one.also) if one.rule else ()
    if not rules and one.rule_class not in _HIGHER:
        return Group(NONE, NO_ROW, wording="no change rule concerns it, and it is minor")
    site, state = _where(one, market, sides)
    if state in _BEFORE_APPROVAL:
        return _before_approval(one, state, site if market.state == "approved" else "", market, profile)
    if profile is None:
        return Group(NOT_COMPUTABLE, BY_ROW, one.rule, NOT_COMPUTABLE, severity=(-1, 0))
    found = [_under(one, rule, market, profile, conditions) for rule in rules or ("",)]
    own = [group for group in found if not group.as_worst] or found
    return min(own, key=_restrictive)


def _where(one: Classified, market: Market, sides: Sides) -> tuple[str, str]:
    """The site whose process or plant was changed, if it is one's alone, and the state that counts for it.

    Of a record that moved from site to site it is the higher state of both.
    """
    record = one.change.record
    found = {overlay_parts(record)[1] or ""}
    if one.change.record_kind in AT_A_SITE:
        before, after = sides.before.index, sides.after.index
        named = (before, sides.former_ids.get(record, record)), (after, record)
        found = {index.sites.get(name, "") for index, name in named if name in index.kinds} or {""}
    states = ((site, market.state_at(site)) for site in sorted(found))
    return max(states, key=lambda item: STATES.index(item[1]))


def _before_approval(one: Classified, state: str, site: str, market: Market, profile: NamedProfile | None) -> Group:
    """What a change asks for where nothing is approved yet: work on what is pending, never a supplement."""
    review = REVIEW.get(market.key, REVIEW_ELSEWHERE)
    reported = profile is None or not one.rule or _ever_reported(one, profile)
    category = {"filed": AMEND_FILED, "IND/IMPD": review if reported else UPDATE_DRAFT, "none": UPDATE_DRAFT}[state]
    where = f": {site} is {state} in {market.name}" if site else ""
    wording = category if category in {AMEND_FILED, UPDATE_DRAFT} else f"{UPDATE_DRAFT}; {category}"
    severity = _BEFORE_APPROVAL[state if reported or state == "filed" else "none"]
    return Group(category, BY_SITE if site else BY_STATE, one.rule, f"{wording}{where}", severity=severity)


def _ever_reported(one: Classified, profile: NamedProfile) -> bool:
    return any(profile.proposed(rule).category != NONE for rule in (one.rule, *one.also))


def _under(one: Classified, rule: str, market: Market, profile: NamedProfile, conditions: Conditions) -> Group:
    """The proposal under one rule; without one, what only regulatory affairs can say."""
    touching = conditions.of(one, market)
    # a protocol is about a kind of change, which the seed rule names; what else the change falls under goes with it
    instead = fixed(touching, one.rule, profile)
    if instead:
        return Group(
            instead.category, instead.basis, rule, instead.wording, severity=profile.severity(instead.category),
            notes=("cited by the package: confirm it against the submission",),
        )  # fmt: skip
    notes = tuple(not_counted(touching, one.rule, profile))
    if rule:
        row = profile.proposed(rule)
        group = Group(
            row.category, BY_ROW, rule, row.wording, row.least, row.source,
            profile.severity(row.category), row.as_worst, row.remark, (*row.notes, *notes),
        )  # fmt: skip
    else:
        wording = f"{RA_DECIDES}: no change rule concerns a {one.rule_class} change of this field"
        group = Group(RA_DECIDES, NO_ROW, "", wording, severity=profile.severity(RA_DECIDES), notes=notes)
    for more in raised(touching, profile):
        if profile.severity(more.category) < group.severity:
            group = Group(
                more.category, more.basis, rule, more.wording, severity=profile.severity(more.category),
                notes=(*notes, f"more restrictive than the {group.category} of the profile"),
            )  # fmt: skip
    return group
