"""Rules on hold times (HLD)."""

from collections.abc import Iterator

from ttpack.analysis.holds import operated_limit, proven_limit
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.model.process import HoldTime
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

INTERIM_GATE = "G4"
VALIDATED_GATE = "G6"


@rule("HLD-01", COMPLETENESS, basis="ICH Q5C, Annex 15; A-Mab T4.17, T5.9", from_gate=INTERIM_GATE)
def hold_time_not_shown(package: Package, context: Context) -> Iterator[Outcome]:
    """A hold lacks its maximum, temperature, container or evidence, is operated longer than proven, or not validated.

    An operated limit above the proven one is an error at every gate. By G4 an interim limit states its basis; by G6 the
    hold is validated at scale.
    Why: a batch that waited longer than anybody has shown is a batch nobody can release.
    Resolve: complete the hold from its study, shorten the operated limit, or state `can_wait: false` where the
    intermediate goes on at once.
    """
    for hold in package.in_force(HoldTime):
        if hold.can_wait:
            yield from _missing(hold)
            yield from _too_long(package, hold)
            yield from _not_validated(hold)


def _missing(hold: HoldTime) -> Iterator[Outcome]:
    given = {
        "chemical_maximum": hold.chemical_maximum or hold.microbial_maximum,
        "temperature": hold.temperature and (hold.temperature.numeric or hold.temperature.criterion),
        "container": (hold.container or "").strip(),
        "evidence": hold.evidence,
    }
    missing = [name for name, value in given.items() if not value]
    if missing:
        names = ", ".join("maximum hold time" if name == "chemical_maximum" else name for name in missing)
        yield hold.at(missing[0] if len(missing) == 1 else ""), f"{hold.name} states no {names}"


def _too_long(package: Package, hold: HoldTime) -> Iterator[Outcome]:
    operated, proven = operated_limit(hold, package.own_units), proven_limit(hold, package.own_units)
    if operated and proven and operated.seconds > proven.seconds:
        message = (
            f"{hold.name} is operated up to {operated.text}, longer than the {proven.text} proven "
            f"({proven.field.replace('_', ' ')})"
        )
        yield Problem(hold.at("operated_limit"), message, from_gate="G0")


def _not_validated(hold: HoldTime) -> Iterator[Outcome]:
    if hold.validated_at_scale:
        return
    if hold.operated_limit is None:
        message = f"{hold.name} has no interim limit to operate by until it is validated at scale"
        yield hold.at("operated_limit"), message
    elif not (hold.interim_limit_basis or "").strip():
        yield hold.at("interim_limit_basis"), f"the interim limit of {hold.name} does not state its basis"
    message = f"{hold.name} is not validated at scale"
    yield Problem(hold.at("validated_at_scale"), message, from_gate=VALIDATED_GATE)
