"""The rule on who owns what of a deviation, at both parties (DEV-04)."""

from collections.abc import Iterator
from typing import Final, Literal

from ttpack.analysis.deviations.book import OWNED
from ttpack.analysis.deviations.classify import NO_DEVIATION
from ttpack.analysis.ownership import party_of_reference
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.analysis.people import resolve
from ttpack.analysis.site_organisations import elsewhere
from ttpack.model.deviation import DeviationRule, Owners
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule
from ttpack.rules.site_places import site_name

OWNED_WORDS: Final = {
    "investigation": "the investigation",
    "reporting": "reporting",
    "corrective_action": "the corrective action",
    "root_cause_approval": "approval of the root cause",
}
Side = Literal["owners", "sending_owners"]
SIDES: Final[dict[Side, str]] = {"owners": "the unit where it happened", "sending_owners": "the sending unit"}


@rule(
    "DEV-04",
    COMPLETENESS,
    from_gate="G3",
    basis="Niazi: uncertainty around ownership of deviation investigation; EU GMP Ch.7",
)
def deviation_without_owners(package: Package, context: Context) -> Iterator[Outcome]:
    """A row does not name who owns investigation, reporting, corrective action and root-cause approval at each party.

    Nobody approves the root cause of an investigation they own. What is no deviation needs no owners. Where several
    companies receive, the owners where it happened are of the company whose site it is.

    Why: what both parties may investigate neither does; who approves their own root cause finds what they looked for.
    Resolve: name one role each in owners (where it happened) and sending_owners (the sending unit's own part).
    """
    for one in package.in_force(DeviationRule):
        if one.deviation_class in (None, NO_DEVIATION):
            continue  # a row without a class is a finding of its own
        for side in SIDES:
            yield from _side(package, context, one, side)
        yield from _of_another_company(package, one)


def _side(package: Package, context: Context, one: DeviationRule, side: Side) -> Iterator[Outcome]:
    given: Owners | None = getattr(one, side)
    if given is None or not any(getattr(given, name) for name in OWNED):
        message = f"{one.name} names no owners at {SIDES[side]}"
        yield Problem(one.at(side), message, site=one.site)
        return
    for name in OWNED:
        owner = getattr(given, name)
        place = one.at(f"{side}.{name}")
        if not owner:
            message = f"{one.name} does not say who owns {OWNED_WORDS[name]} at {SIDES[side]}"
            yield Problem(place, message, site=one.site)
        elif wrong := _of_the_other(package, one, side, owner):
            message = f"{one.name} gives {OWNED_WORDS[name]} at {SIDES[side]} to {package.label(owner)}, {wrong}"
            yield Problem(place, message, site=one.site)
    both = _the_same(package, context, given.investigation, given.root_cause_approval)
    if both:
        message = f"{one.name} lets {both} approve the root cause of an investigation they own"
        yield Problem(one.at(f"{side}.root_cause_approval"), message, site=one.site)


def _of_another_company(package: Package, one: DeviationRule) -> Iterator[Outcome]:
    """Sites of one company where the row makes people of another own a deviation; one finding a site."""
    given = {name: getattr(one.owners, name) for name in OWNED} if one.owners else {}
    away: dict[str, str] = {}
    for name, owner in given.items():
        for site in elsewhere(package, owner, (one.site,) if one.site else package.receiving_sites):
            away.setdefault(site, f"gives {OWNED_WORDS[name]} to {package.label(owner)}")
    for site, words in away.items():
        message = f"{one.name} {words} for {site_name(package, site)}, a site of another company"
        yield Problem(
            one.at("owners"), message, "give that site a row of its own (`site`), and each row its site", site
        )


def _of_the_other(package: Package, one: DeviationRule, side: Side, owner: str) -> str:
    """Whether the owner belongs to the other party, in words. A row for a sending site is of the sending unit."""
    party = party_of_reference(package, owner)
    wrong = "receiving" if side == "sending_owners" else "sending"
    if party != wrong or (side == "owners" and one.site in package.sending_sites):
        return ""
    return f"who is of the {PARTY_NAMES[wrong]}"


def _the_same(package: Package, context: Context, first: str | None, second: str | None) -> str:
    """Who is both, by name: the same role, or the one person whom both roles come down to; empty where not certain."""
    if not first or not second:
        return ""
    if first == second:
        return package.label(first)
    held = (resolve(package, each, context.as_of).people for each in (first, second))
    here, there = (tuple(person.id for person in people) for people in held)
    if len(here) == 1 and here == there:
        return f"{package.label(here[0])}, who is both {package.label(first)} and {package.label(second)},"
    return ""
