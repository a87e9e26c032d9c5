"""The markets of a package with the state of the product and of each site in them, over both revisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ttpack.analysis.change_rules.sides import Sides, State
from ttpack.model.regulatory import RegulatoryProfile
from ttpack.model.status import OUT_OF_FORCE

STATES: tuple[str, ...] = ("none", "IND/IMPD", "filed", "unknown", "approved")
"""From the least to the most that a change has to be reported in."""
DEFAULT_PROFILES = ("us-601-12-specified", "eu-2026")
NOT_STATED = "not stated"


@dataclass(frozen=True)
class Market:
    """A market with the profile that answers for it; `profile` is empty where none is named.

    `state` is the higher of both revisions: a change does not lower what has to be reported for it. What lowers a
    category needs the market approved in both, `approved_throughout`. `sites` are the states of single sites,
    `records` those that say all this.
    """

    name: str
    state: str
    profile: str
    approved_throughout: bool = False
    sites: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    records: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What markets are compared by."""
        return market_key(self.name)

    def state_at(self, site: str) -> str:
        """The state that counts for a change at one site; of an approved market it is that of the site."""
        return self.sites.get(site, self.state) if self.state == "approved" else self.state


def market_key(name: Any) -> str:
    """A market's name without case and space around it."""
    return str(name or NOT_STATED).strip().casefold()


def markets(sides: Sides, shipped: Mapping[str, RegulatoryProfile]) -> tuple[Market, ...]:
    """Every market that either revision knows, once for each profile that is named for it.

    Markets that only the package record's list of profiles implies are of state `unknown`, as are the two that are
    assumed where a package says nothing at all.
    """
    before, after = _states(sides.before), _states(sides.after)
    listed = _listed(sides)
    found: list[Market] = []
    for key in sorted({*before, *after}):
        found.extend(_market(before.get(key, []), after.get(key, []), listed, shipped))
    served = {one.key for one in found}
    implied = "no record of the state of the product in this market"
    for name in listed:
        own = _own_markets(name, sides)
        written_for = own or (shipped[name].markets if name in shipped else own)
        if served and written_for == ():
            continue  # written for any market, and those there are have a profile
        missing = [market for market in written_for or (NOT_STATED,) if market_key(market) not in served]
        found.extend(Market(market, "unknown", name, notes=(implied,)) for market in missing)
    if not found:
        assumed = "the package names no market and no profile: this one is assumed"
        found = [Market(shipped[name].markets[0], "unknown", name, notes=(assumed,)) for name in DEFAULT_PROFILES]
    return tuple(sorted(found, key=lambda one: (one.key, one.profile)))


def _states(state: State) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for record, raw in state.of_kind("regulatory_state"):
        if raw.get("status") not in OUT_OF_FORCE:
            found.setdefault(market_key(raw.get("market")), []).append((record, raw))
    return found


def _market(
    before: list[tuple[str, Mapping[str, Any]]],
    after: list[tuple[str, Mapping[str, Any]]],
    listed: Iterable[str],
    shipped: Mapping[str, RegulatoryProfile],
) -> Iterable[Market]:
    name = str((after or before)[0][1].get("market") or NOT_STATED).strip()
    was, now = _highest(before), _highest(after)
    state = max((one for one in (was, now) if one), key=STATES.index)
    notes = []
    if was and was != now:
        notes.append(f"its state is {was} before this change and {now or 'not recorded'} after it")
    listed_sites = [(_sites(side), state_of) for side, state_of in ((before, was), (after, now)) if state_of]
    sites = {
        site: max((of.get(site, state_of) for of, state_of in listed_sites), key=STATES.index)
        for site in sorted({site for of, _ in listed_sites for site in of})
    }
    throughout = was == now == "approved"
    profiles = {str(raw["profile"]).strip(): side for side in (before, after) for _, raw in side if raw.get("profile")}
    if not profiles:
        served = [one for one in listed if one in shipped and market_key(name) in map(market_key, shipped[one].markets)]
        profiles = dict.fromkeys(served or [""], after)
        notes += ["its record names no profile: that of the package record counts"] if served else []
    records = tuple(sorted({record for record, _ in (*before, *after)}))
    for profile, side in sorted(profiles.items()):
        said = notes + (["named for this market before this change only"] if side is before and after else [])
        yield Market(name, state, profile, throughout, sites, tuple(said), records)


def _highest(records: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    return max((str(raw.get("state") or "unknown") for _, raw in records), key=STATES.index, default="")


def _sites(records: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, raw in records:
        for one in raw.get("sites") or ():
            found[one["site"]] = max(found.get(one["site"], "none"), one["state"], key=STATES.index)
    return found


def _listed(sides: Sides) -> tuple[str, ...]:
    """The profiles that the package record names, before or after."""
    packages = [raw for state in (sides.before, sides.after) for _, raw in state.of_kind("package")]
    return tuple(dict.fromkeys(str(name).strip() for raw in packages for name in raw.get("regulatory_profiles") or ()))


def _own_markets(name: str, sides: Sides) -> tuple[str, ...] | None:
    """The markets that the package's own profile of that name is written for; None where it has no such profile."""
    records = [raw for state in (sides.before, sides.after) for _, raw in state.of_kind("regulatory_profile")]
    mine = [raw for raw in records if raw.get("profile") == name]
    return tuple(dict.fromkeys(one for raw in mine for one in raw.get("markets") or ())) if mine else None
