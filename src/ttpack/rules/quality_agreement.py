"""The rule on quality agreements between the parties (QAG)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from ttpack.analysis.ownership import party_of_reference
from ttpack.analysis.placeholders import written
from ttpack.analysis.responsibilities import AGREEMENT_ACTIVITIES, accountable_of, assigned_activities
from ttpack.model.execution import Run
from ttpack.model.facility import Site
from ttpack.model.findings import Problem
from ttpack.model.governance import Organisation, Person, QualityAgreement, Responsibility, Role
from ttpack.model.package import Package
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule
from ttpack.rules.site_places import listed_words

NOTIFIED: Final = ("minor", "major", "critical")
"""Classes whose notification an agreement settles; an event is handled by the site."""
GMP_RUNS: Final = ("GMP", "clinical", "PPQ")


@rule("QAG-01", COMPLETENESS, from_gate="G4", basis="FDA quality agreements 2016; EU GMP Ch. 7; ICH Q7 16")
def quality_agreement_not_in_force(package: Package, context: Context) -> Iterator[Outcome]:
    """Two parties have no quality agreement in force before GMP work, or it does not say what the package says.

    Between the sending organisation and each receiving one there is an agreement with number and version, in force, and
    signed before the first GMP, clinical or PPQ batch at a site of the receiving one started. Its responsibilities are
    those that the package assigns for the activities of a quality agreement (GOV-02 asks for each of them). It states
    within how long a minor, a major and a critical deviation is notified (ESC-02 compares that with the escalation,
    ESC-04 asks from when it counts), and the right to audit. A not_applicable record with `what: quality_agreement` on
    the receiving organisation answers for parties of one company. A package without any agreement is asked for one by
    DOC-06.
    Why: what the contract and the package say differently is done as each side likes, until an inspector asks.
    Resolve: sign the agreement before GMP work; change the package and the agreement together.
    """
    agreements = package.in_force(QualityAgreement)
    if not agreements:
        return
    answers = NotApplicableAnswers(package)
    senders, receivers = _organisations(package, "sending"), _organisations(package, "receiving")
    judged: set[str] = set()
    for sender in senders:
        for receiver in receivers:
            both = [one for one in agreements if sender in one.parties and receiver in one.parties]
            site = _furthest_site(package, context, receiver)
            if not both and not answers.answers("quality_agreement", receiver):
                names = f"{package.label(sender)} and {package.label(receiver)}"
                short = answers.shortfall("quality_agreement", receiver)
                record = package.get(receiver, Organisation)
                place = record.at() if record else package.manifest.at()
                yield Problem(place, f"{names} have no quality agreement{short}", site=site)
            for one in [one for one in both if one.agreement_in_force] or both:
                if one.id not in judged:
                    judged.add(one.id)
                    for field, message in _agreement(package, one, receiver, context.as_of):
                        yield Problem(one.at(field), message, site=site)


def _organisations(package: Package, party: str) -> tuple[str, ...]:
    """The organisations of a party: those that the package record names, and those in force that say so."""
    manifest = package.manifest
    named = (manifest.sending_organisation,) if party == "sending" else manifest.receiving_organisations
    said = (one.id for one in package.in_force(Organisation) if one.party == party)
    return tuple(dict.fromkeys(one for one in (*named, *said) if one))


def _sites(package: Package, organisation: str) -> tuple[str, ...]:
    """The receiving sites of an organisation; all of them where nobody says whose they are."""
    record = package.get(organisation, Organisation)
    own = frozenset(record.sites if record else ())
    sites = {one: package.get(one, Site) for one in package.receiving_sites}
    found = tuple(one for one, site in sites.items() if one in own or (site and site.organisation == organisation))
    return found or tuple(one for one, site in sites.items() if site is None or site.organisation is None)


def _furthest_site(package: Package, context: Context, organisation: str) -> str | None:
    """The site of an organisation whose gate decides the severity: the one that is furthest."""
    return max(_sites(package, organisation), key=context.gate_of, default=None)


def _agreement(package: Package, one: QualityAgreement, receiver: str, as_of: date) -> Iterator[tuple[str, str]]:
    if not written(one.number):
        yield "number", f"{one.name} has no number"
    if not written(str(one.version if one.version is not None else "")):
        yield "version", f"{one.name} has no version"
    if one.agreement_in_force is not True:
        said = "is not in force" if one.agreement_in_force is False else "does not say whether it is in force"
        yield "agreement_in_force", f"{one.name} {said}"
    else:
        yield from _signed(package, one, receiver, as_of)
    yield from _responsibilities(package, one)
    yield from _notification(one)
    if not written(one.right_to_audit):
        yield "right_to_audit", f"{one.name} does not state the right to audit"


def _signed(package: Package, one: QualityAgreement, receiver: str, as_of: date) -> Iterator[tuple[str, str]]:
    if one.signed_on is None:
        yield "signed_on", f"{one.name} is in force, and nobody says since when"
        return
    if one.signed_on > as_of:
        yield "signed_on", f"{one.name} is said to be in force, but signed only on {one.signed_on}"
        return
    sites = frozenset(_sites(package, receiver))
    begun = [
        (run.started_on, run.name)
        for run in package.in_force(Run)
        if run.run_kind in GMP_RUNS and run.site in sites and run.started_on
    ]
    first = min(begun, default=None)
    if first and one.signed_on > first[0]:
        message = f"{one.name} was signed on {one.signed_on}, after GMP work began: {first[1]} started on {first[0]}"
        yield "signed_on", message


def _responsibilities(package: Package, one: QualityAgreement) -> Iterator[tuple[str, str]]:
    """What the package assigns and the agreement leaves out; what only concerns other parties is not asked for."""
    listed = frozenset(one.responsibilities)
    missing: dict[str, list[str]] = {}
    for activity, records in assigned_activities(package).items():
        for name in records:
            item = package.get(name, Responsibility)
            if name not in listed and item and _concerns(package, item, one.parties):
                missing.setdefault(AGREEMENT_ACTIVITIES[activity], []).append(name)
    if missing:
        words = [f"{activity} ({', '.join(names)})" for activity, names in missing.items()]
        yield "responsibilities", f"{one.name} leaves out what the package assigns: {listed_words(words)}"


def _concerns(package: Package, item: Responsibility, parties: tuple[str, ...]) -> bool:
    """Whether a responsibility is about these parties: it names a receiving organisation of them, or none at all."""
    named = {
        found
        for name in (*accountable_of(item), *item.responsible, *item.consulted, *item.informed)
        if (found := _organisation(package, name)) and party_of_reference(package, found) == "receiving"
    }
    return not named or not named.isdisjoint(parties)


def _organisation(package: Package, name: str) -> str | None:
    record = package.records.get(name)
    if isinstance(record, Role | Person):
        return record.organisation
    return name if isinstance(record, Organisation) else None


def _notification(one: QualityAgreement) -> Iterator[tuple[str, str]]:
    given: Mapping[str, int] = {time.deviation_class or "": at for at, time in enumerate(one.notification_times)}
    missing = [name for name in NOTIFIED if name not in given]
    if missing:
        words = listed_words([f"a {name} deviation" for name in missing])
        yield "notification_times", f"{one.name} does not state within how long it notifies {words}"
    for number, time in enumerate(one.notification_times):
        if time.within is None:
            yield (
                f"notification_times[{number}].within",
                f"{one.name} does not say within how long it notifies {time.what}",
            )
