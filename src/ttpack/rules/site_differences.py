"""Differences between sites are harmonised or agreed (DIF-01)."""

from collections.abc import Iterator, Sequence

from ttpack.analysis.site_comparison.compare import PRESENT, compare_sites
from ttpack.analysis.site_comparison.outcome import FAMILIES, UNSETTLED, Comparison, Difference
from ttpack.model.execution import PpqPlan, ValidationStrategy
from ttpack.model.facility import Cleaning, Room, Site, SiteEquipment, Utility
from ttpack.model.findings import Place, Problem
from ttpack.model.package import Package
from ttpack.model.regulatory import ChangeProcedure
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule

MOST_NAMED = 3
ANSWERED_ELSEWHERE = frozenset({"parameters", "automation"})
"""Families whose every difference another rule asks for: overlays (PRM-13) and signals (AUT-01)."""
LIMITS = "acceptance_criteria"
"""Family of which other rules ask for limits that differ (CQA-05, VAL-03), and this one for those that are missing."""


def nothing_to_compare(package: Package) -> str | None:
    """Why no receiving site can differ from a sending one; None where one can."""
    sending = _known_sending_sites(package)
    if not sending:
        return "the package names no sending site"
    if not any(site not in sending for site in package.receiving_sites):
        return "the package names no receiving site"
    kinds = (SiteEquipment, Room, Utility, Cleaning, ValidationStrategy, PpqPlan, ChangeProcedure)
    stated = {getattr(record, "site", None) for kind in kinds for record in package.in_force(kind)}
    terms = {site.id for site in package.in_force(Site) if site.deviation_terms}
    if (stated | terms).isdisjoint(sending):
        return "the sending site states nothing that a receiving site could differ from"
    return None


@rule(
    "DIF-01", COMPLETENESS, from_gate="G3", basis="Niazi: differences between sites; ICH Q10 3.2",
    applies_when=nothing_to_compare,
)  # fmt: skip
def difference_between_sites_not_agreed(package: Package, context: Context) -> Iterator[Outcome]:
    """A receiving site differs from the sending site, and nobody has agreed that it may, or until when.

    Why: a difference that nobody decided on is found by the batch that fails because of it.
    Resolve: harmonise the sites, or list the difference under `differences` of the site's record: other_site, family,
    record and field as `ttpack compare` names them, disposition, reason, the QA of both parties, and an expiry.
    """
    for sending in _known_sending_sites(package):
        receiving = [site for site in package.receiving_sites if site != sending and package.get(site, Site)]
        families = [family for family in FAMILIES if family not in ANSWERED_ELSEWHERE]
        compared = compare_sites(package, (sending, *receiving), context.as_of, families=families)
        waiting = _waiting(compared)
        for site in receiving:
            for family in families:
                found = waiting.get((site, family))
                if found:
                    yield _finding(site, sending, family, found)
            yield from _not_compared(compared, site, sending)


def _known_sending_sites(package: Package) -> tuple[str, ...]:
    """The sites that the process comes from."""
    return tuple(site for site in package.sending_sites if package.get(site, Site))


def _waiting(compared: Comparison) -> dict[tuple[str, str], list[Difference]]:
    found: dict[tuple[str, str], list[Difference]] = {}
    for each in compared.differences:
        if each.reference == compared.reference and (each.family != LIMITS or each.field == PRESENT):
            for site, agreed in each.by_site.items():
                if agreed.disposition in UNSETTLED:
                    found.setdefault((site, each.family), []).append(each)
    return found


def _finding(site: str, sending: str, family: str, found: Sequence[Difference]) -> Problem:
    first = found[0]
    named = [_named(each, site) for each in found[:MOST_NAMED]]
    more = f"; and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    count = "1 difference" if len(found) == 1 else f"{len(found)} differences"
    message = f"{FAMILIES[family].lower()}: {count} from {sending} not agreed: {'; '.join(named)}{more}"
    fix = (
        f"see them with `ttpack compare {sending} {site} --family {family}`, then in the record of {site}: "
        f"differences: [{{other_site: {sending}, family: {family}, record: {first.record}, field: {first.field}, "
        "disposition: justified, reason: ..., approvers: [QA of both parties], expires: <date>}]"
    )
    return Problem(Place(site, "differences"), message, fix, site=site)


def _named(each: Difference, site: str) -> str:
    values = each.values
    text = f"{each.label}: {_cut(values[site])} here, {_cut(values[each.reference])} at {each.reference}"
    reason = each.by_site[site].reason
    return f"{text} ({_cut(reason)})" if reason else text


def _cut(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _not_compared(compared: Comparison, site: str, sending: str) -> Iterator[Outcome]:
    """What one of the two sites states and the other does not: whether they differ nobody can tell."""
    silent = {
        where: [each.family for each in compared.not_comparable if each.site == where] for where in (site, sending)
    }
    for where, other in ((site, sending), (sending, site)):
        names = [FAMILIES[family].lower() for family in silent[where] if family not in silent[other]]
        if names:
            text = f"{where} states no {', no '.join(names)}, so nobody can tell how {site} differs from {sending}"
            yield NotComputable(Place(site, "differences"), text)
