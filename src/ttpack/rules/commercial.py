"""The rule on what a market allows the receiving sites, and what calls itself commercial (REG-02)."""

import re
from collections.abc import Iterator

from ttpack.model.documents import Document
from ttpack.model.facility import Site
from ttpack.model.findings import Problem
from ttpack.model.gates import Gate
from ttpack.model.package import Package
from ttpack.model.regulatory import RegulatoryState, SiteApproval
from ttpack.model.status import APPROVED
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

COMMERCIAL = re.compile(r"\bcommercial(?:ly|ise[ds]?|i[sz]ation)?\b", re.IGNORECASE)
NOT_YET = re.compile(r"\b(?:not|non|pre|before|until|prior to)[ -]+(?:yet )?(?:the )?commercial", re.IGNORECASE)
PASSED = frozenset({"pass", "conditional"})
SITE_GATE = "G6"


@rule("REG-02", COMPLETENESS, basis="21 CFR 601.12; EU variations", from_gate=SITE_GATE)
def receiving_site_not_approved_in_market(package: Package, context: Context) -> Iterator[Outcome]:
    """A market's record does not name the state of a receiving site, or the site is called commercial before it is.

    A site is effective in a market that is approved and approves it, from its date on. Until it is in one of the
    markets, these say too much: a gate of the site that is passed and speaks of commercial, and an approved document
    on the site that does, as an error at every gate; stage `commercial` of the package, as an error where no site is
    effective anywhere, else from G6 on for each receiving site that is not. A site that no market names is one finding.
    Why: product released from a site that no authority has approved is recalled.
    Resolve: complete `sites` of the market's record; say engineering, PPQ or at risk until the approval is there.
    """
    states = package.in_force(RegulatoryState)
    unknown = {site for site in package.receiving_sites if len(states) > 1 and not _of(states, site)}
    for site in sorted(unknown):
        message = f"none of the {len(states)} markets says what state {package.label(site)} ({site}) has"
        yield Problem((package.get(site, Site) or package.manifest).at(), message, site=site)
    for state in states:
        given = {one.site for one in state.sites}
        for site in package.receiving_sites:
            if site not in given and site not in unknown:
                message = f"{state.name} does not say what state {package.label(site)} ({site}) has in {state.market}"
                yield Problem(state.at("sites"), message, site=site)
    effective = {
        site for site in _sites(package) if any(_effective(state, one, context) for state, one in _of(states, site))
    }
    for gate in package.in_force(Gate):
        if gate.site and gate.site not in effective and gate.decision in PASSED:
            says = [gate.title or "", *gate.criteria, *(one.condition for one in gate.conditions)]
            if any(map(_says_commercial, says)):
                yield Problem(
                    gate.at("decision"), f"{gate.name} {_too_early(package, gate.site)}", site=gate.site, from_gate="G0"
                )
    for document in package.in_force(Document):
        yield from _document(package, document, effective)
    yield from _stage(package, effective, unknown)


def _sites(package: Package) -> list[str]:
    named = {*package.sending_sites, *package.receiving_sites}
    named.update(one.site for state in package.in_force(RegulatoryState) for one in state.sites)
    return sorted(named)


def _of(states: tuple[RegulatoryState, ...], site: str) -> list[tuple[RegulatoryState, SiteApproval]]:
    return [(state, one) for state in states for one in state.sites if one.site == site]


def _effective(state: RegulatoryState, one: SiteApproval, context: Context) -> bool:
    begun = one.approved_on is None or one.approved_on <= context.as_of
    return state.state == "approved" and one.state == "approved" and begun


def _says_commercial(text: str) -> bool:
    return bool(COMMERCIAL.search(text)) and not NOT_YET.search(text)


def _too_early(package: Package, site: str) -> str:
    return f"says commercial, while {package.label(site)} ({site}) is effective in no market"


def _document(package: Package, document: Document, effective: set[str]) -> Iterator[Outcome]:
    titles = (one if isinstance(one, str) else one.title for one in document.sections)
    said = [document.title or "", document.document_type or "", *titles]
    if document.status not in APPROVED or not any(map(_says_commercial, said)):
        return
    words = " ".join(said)
    for site in package.receiving_sites:
        about = site in document.shows or any(_site_of(package, one) == site for one in document.shows)
        if (about or site in words or package.label(site) in words) and site not in effective:
            yield Problem(document.at(), f"{document.name} {_too_early(package, site)}", site=site, from_gate="G0")


def _site_of(package: Package, record_id: str) -> str | None:
    site = getattr(package.records.get(record_id), "site", None)
    return site if isinstance(site, str) else None


def _stage(package: Package, effective: set[str], unknown: set[str]) -> Iterator[Outcome]:
    manifest = package.manifest
    if manifest.stage != "commercial":
        return
    if not effective:
        message = "the stage of the package is commercial, while no site is effective in any market"
        yield Problem(manifest.at("stage"), message, from_gate="G0")
        return
    for site in package.receiving_sites:
        if site not in effective and site not in unknown:
            message = f"the stage of the package {_too_early(package, site).replace('says', 'is')}"
            yield Problem(manifest.at("stage"), message, site=site)
