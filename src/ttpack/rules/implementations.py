"""The rule on what became of an approved change at each site (CHG-03)."""

from collections.abc import Iterator

from ttpack.model.facility import Site
from ttpack.model.findings import Problem
from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.record import Record
from ttpack.model.regulatory import ChangeRecord, Implementation
from ttpack.rules.answer import RELEASE
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

DECIDED = frozenset({"approved", "implemented", "closed"})
OVER = frozenset({"implemented", "closed"})
FINISHED = frozenset({"implemented", "not_affected"})


@rule("CHG-03", COMPLETENESS, basis="Niazi: change control across sites", from_gate=RELEASE)
def approved_change_without_implementation(package: Package, context: Context) -> Iterator[Outcome]:
    """An approved change does not say how far each site is with it, or since which batch and with which documents.

    Asked for are all sites, or those of the records changed where each stands at one site. Every one of them has a
    status (`not_affected` is one); one that has implemented the change gives the batch or date of first use and the
    documents retired (`none` where there are none). A change is implemented or closed only when no site still works
    on it.
    Why: two sites that make the same product by different revisions, and do not know it, compare what cannot be
    compared.
    Resolve: complete `implementation` of the change record with both sites.
    """
    for record in package.in_force(ChangeRecord):
        if record.state not in DECIDED or not _names_changes(record):
            continue
        given = {one.site: (index, one) for index, one in enumerate(record.implementation)}
        for site in affected_sites(package, record):
            if site not in given:
                message = f"{record.name}: nothing says how far {package.label(site)} ({site}) is with it"
                yield Problem(record.at("implementation"), message)
        for index, one in given.values():
            yield from _incomplete(package, record, index, one)


def affected_sites(package: Package, record: ChangeRecord) -> tuple[str, ...]:
    """The sites that a change concerns: those its records stand at, or all where one stands at none in particular."""
    named = {*map(str, record.entities), *record.removed_entities}
    if record.proposal:
        named.update(one.record for one in record.proposal.changes)
    own = {_site_of(package.records.get(name), name) for name in named}
    if own and None not in own:
        return tuple(sorted(site for site in own if site))
    sending = package.sending_sites
    return tuple(sorted({*sending, *package.receiving_sites}))


def _names_changes(record: ChangeRecord) -> bool:
    return bool(record.entities or record.removed_entities or record.implementation or record.proposal)


def _site_of(record: Record | None, name: str) -> str | None:
    if isinstance(record, Site):
        return record.id
    site = getattr(record, "site", None) or overlay_parts(name)[1]
    return site if isinstance(site, str) else None


def _incomplete(package: Package, record: ChangeRecord, index: int, one: Implementation) -> Iterator[Outcome]:
    at, where = f"implementation[{index}]", f"{record.name}, {package.label(one.site)}"
    if one.status is None:
        yield record.at(at), f"{where}: no status"
    if one.status == "implemented":
        if not (one.first_batch or one.first_use):
            yield record.at(at), f"{where}: implemented, without batch or date of first use"
        if not one.documents_retired:
            yield record.at(at), f"{where}: implemented, without the documents retired (none where there are none)"
    if record.state in OVER and one.status is not None and one.status not in FINISHED:
        words = one.status.replace("_", " ")
        yield record.at(at), f"{where}: the change is {record.state}, but this site is {words}"
