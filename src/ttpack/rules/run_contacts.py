"""The rule on who is there during a run, on each shift, for both parties (TEAM)."""

import re
from collections.abc import Iterator
from typing import Final

from ttpack.analysis.escalation import Escalations
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.analysis.placeholders import written
from ttpack.analysis.time_zones import known_zone
from ttpack.model.deviation import EscalationRule
from ttpack.model.execution import Run, ShiftContact
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule
from ttpack.rules.site_places import site_name

RUN_KINDS: Final = {
    "engineering": "engineering run",
    "GMP": "GMP batch",
    "clinical": "clinical batch",
    "PPQ": "PPQ batch",
}
DONE: Final = ("complete", "stopped")
_ZONE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")
_OFFSET: Final = re.compile(r"(?:UTC|GMT)\s*[+-]\s*[0-9]{1,2}")
LONGEST_SHIFT: Final = 400


@rule("TEAM-02", COMPLETENESS, from_gate="G3", basis="Niazi: lack of sponsor presence; person in plant")
def run_without_contact(package: Package, context: Context) -> Iterator[Outcome]:
    """A run at a receiving site names no contacts, or a shift lacks one of either party, presence or decision rights.

    Every engineering, clinical, GMP and PPQ run names its shifts, each with its time zone (`day, 07:00 to 19:00
    Europe/Copenhagen`), a contact of the sending unit who is in plant or on call, what that contact may decide, and the
    counterpart at the receiving unit. Of a run that is not done yet both contacts are people who are there at the date.
    Roles that an escalation rule calls are asked for people by ESC-03.
    Why: at three in the morning a batch waits for whoever may decide, or does not wait.
    Resolve: complete `contacts` of the run.
    """
    escalations = Escalations(package, context.as_of)
    called = {
        name
        for item in package.in_force(EscalationRule)
        for level in item.levels
        for name in (level.sending_role, level.receiving_role, level.fallback)
    }
    sites = frozenset(package.receiving_sites)
    for run in package.in_force(Run):
        if run.run_kind in RUN_KINDS and run.site in sites:
            for field, message in _run(escalations, run, called):
                yield Problem(run.at(field), message, site=run.site)


def _run(escalations: Escalations, run: Run, called: set[str | None]) -> Iterator[tuple[str, str]]:
    where = f"{run.name}, {RUN_KINDS[run.run_kind or '']} at {site_name(escalations.package, run.site or '')}"
    if not run.contacts:
        yield "contacts", f"{where}, names nobody who can be called"
    for number, contact in enumerate(run.contacts):
        shift = " ".join(contact.shift.split())[:60] or f"shift {number + 1}"
        for field, words in _shift(contact):
            yield f"contacts[{number}].{field}", f"{where}: {shift!r} {words}"
        for field, party in (("sponsor_contact", "sending"), ("receiving_contact", "receiving")):
            name = getattr(contact, field)
            for words in _contact(escalations, name, party, asks=run.status not in DONE and name not in called):
                yield f"contacts[{number}].{field}", f"{where}: {shift!r} {words}"


def _shift(contact: ShiftContact) -> Iterator[tuple[str, str]]:
    if not _names_zone(contact.shift):
        yield "shift", "does not say in which time zone"
    if not contact.sponsor_contact:
        yield "sponsor_contact", "names no contact of the sending unit"
    elif contact.presence is None:
        yield "presence", "does not say whether the sending unit's contact is in plant or on call"
    if contact.sponsor_contact and not written(contact.decision_rights):
        yield "decision_rights", "does not say what the sending unit's contact may decide"
    if not contact.receiving_contact:
        yield "receiving_contact", "names no counterpart at the receiving unit"


def _names_zone(shift: str) -> bool:
    text = shift[:LONGEST_SHIFT]
    return any(map(known_zone, _ZONE.findall(text))) or bool(_OFFSET.search(text))


def _contact(escalations: Escalations, name: str | None, party: str, *, asks: bool) -> Iterator[str]:
    """What is wrong with a contact that is a record: no person or role, of the other party, or nobody there."""
    if not name or name not in escalations.package.records:
        return
    who = escalations.resolved(name)
    if not who.kind:
        yield f"names {who.why_nobody}"
    elif who.party and who.party != party:
        yield f"names {who.label}, who is not of the {PARTY_NAMES[party]}"
    elif who.why_nobody and asks:
        yield f"names somebody who is not there: {who.why_nobody}"
