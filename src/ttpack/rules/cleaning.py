"""Rules on cleaning of what the product touches (CLN)."""

from collections.abc import Iterator

from ttpack.analysis.cleaning_status import (
    cleaning_at,
    not_validated,
    product_contact,
    uncovered,
    unverified,
    without_protocol,
)
from ttpack.analysis.intervals import fraction_text, in_unit, value_text
from ttpack.analysis.placeholders import written
from ttpack.model.analytics import AnalyticalMethod
from ttpack.model.facility import Cleaning
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import site_name

PROTOCOL_GATE = "G5"
VALIDATED_GATE = "G6"


@rule("CLN-01", COMPLETENESS, from_gate="G4", basis="EU GMP Annex 15, 10; EMA guideline on health-based limits")
def cleaning_not_shown(package: Package, context: Context) -> Iterator[Outcome]:
    """A product-contact asset used again has no cleaning, or its cleaning lacks basis, limit, method, or validation.

    By G4: procedure, worst-case assessment, health-based limit, a method that quantifies below the limit, and
    verification after each batch; by G5 an approved validation protocol with runs assigned; by G6 it is validated, or
    continued verification is justified.
    Why: what the last product left behind is in the next patient's vial.
    Resolve: complete the cleaning record of the asset or its group; `single_use: true` says that nothing is cleaned; a
    `not_applicable` with `what: "<equipment>: cleaning"` says why an asset needs none.
    """
    answers = NotApplicableAnswers(package)
    for site in package.receiving_sites:
        for item in uncovered(package, site):
            if answers.answers("cleaning") or answers.answers("cleaning", item.id):
                continue
            if product_contact(item) is None:
                yield NotComputable(item.at(), f"nothing says whether {item.name} touches the product")
                continue
            message = f"{item.name} at {site_name(package, site)} has no cleaning record"
            yield Problem(item.at(), message, site=site)
        for one in cleaning_at(package, site):
            yield from _basis(one, site)
            yield from _quantified(package, one, site)
            yield from _shown(one, site, context)


def _basis(one: Cleaning, site: str) -> Iterator[Problem]:
    missing = [
        (field, what)
        for field, what, given in (
            ("procedure", "procedure", written(one.procedure)),
            ("worst_case", "worst-case assessment", written(one.worst_case)),
            ("limit", "health-based limit", one.limit is not None and one.limit.value > 0),
            ("method", "method for the residue", one.method),
        )
        if not given
    ]
    if missing:
        field = missing[0][0] if len(missing) == 1 else ""
        message = f"{one.name} states no {', '.join(what for _, what in missing)}"
        yield Problem(one.at(field), message, site=site)


def _quantified(package: Package, one: Cleaning, site: str) -> Iterator[Outcome]:
    method = package.get(one.method, AnalyticalMethod)
    if method is None or one.limit is None or one.limit.value <= 0:
        return
    least = method.limit_of_quantitation
    if least is None:
        yield NotComputable(one.at("method"), f"{method.name} states no limit of quantitation")
        return
    own = package.own_units
    converted = in_unit(least, method.unit or "", one.limit.unit, own) if method.unit else None
    limit = in_unit(one.limit.value, one.limit.unit, one.limit.unit, own)
    if converted is None or limit is None:
        words = f"{value_text(least, method.unit)} of {method.name} and the limit of"
        reason = f"{words} {value_text(one.limit.value, one.limit.unit)} do not convert"
        yield NotComputable(one.at("method"), reason)
    elif converted >= limit:
        message = (
            f"the limit of quantitation of {method.name}, {fraction_text(converted, one.limit.unit)}, is not below the "
            f"limit of {one.name}, {value_text(one.limit.value, one.limit.unit)}"
        )
        yield Problem(one.at("method"), message, site=site)


def _shown(one: Cleaning, site: str, context: Context) -> Iterator[Problem]:
    if missing := unverified(one):
        yield Problem(one.at(missing[0]), f"{one.name}: {missing[1]}", site=site)
    absent = list(without_protocol(one, context.as_of))
    if absent and not (one.validation == "continued_verification" and written(one.continued_verification)):
        words = "; ".join(what for _, what in absent)
        field = absent[0][0] if len(absent) == 1 else "protocol"
        yield Problem(one.at(field), f"{one.name}: {words}", site=site, from_gate=PROTOCOL_GATE)
    if missing := not_validated(one):
        yield Problem(one.at(missing[0]), f"{one.name}: {missing[1]}", site=site, from_gate=VALIDATED_GATE)


@rule("CLN-02", COMPLETENESS, from_gate="G4", basis="EU GMP Annex 15, 10")
def cleaning_hold_time_not_shown(package: Package, context: Context) -> Iterator[Outcome]:
    """The dirty or clean hold time of an asset is not defined, or no complete study covers it.

    By G4 both are defined, by G6 a complete study covers them.
    Why: soil that dried, or a clean vessel that stood wet, is no longer what cleaning was shown on.
    Resolve: state dirty_hold and clean_hold with their units; name the study, and say when it is complete.
    """
    for site in package.receiving_sites:
        for one in cleaning_at(package, site):
            missing = [
                (field, what)
                for field, what, given in (
                    ("dirty_hold", "dirty hold time", one.dirty_hold),
                    ("clean_hold", "clean hold time", one.clean_hold),
                )
                if given is None or given.value <= 0
            ]
            if missing:
                field = missing[0][0] if len(missing) == 1 else ""
                message = f"{one.name} states no {' and no '.join(what for _, what in missing)}"
                yield Problem(one.at(field), message, site=site)
            yield from _not_covered(one, site)


def _not_covered(one: Cleaning, site: str) -> Iterator[Problem]:
    if not written(one.hold_study):
        message = f"no study covers the hold times of {one.name}"
        yield Problem(one.at("hold_study"), message, site=site, from_gate=VALIDATED_GATE)
    elif not one.hold_study_complete:
        message = f"the study of the hold times of {one.name}, {one.hold_study}, is not complete"
        yield Problem(one.at("hold_study_complete"), message, site=site, from_gate=VALIDATED_GATE)
