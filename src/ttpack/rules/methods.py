"""Rules on analytical methods: fit for the limits they test, transferred to whoever runs them, with a standard."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from ttpack.analysis.criteria import Limit
from ttpack.analysis.intervals import Units, fraction_text, in_unit, value_text, width_in_unit
from ttpack.analysis.method_use import (
    laboratories_of,
    last_planned_ppq,
    limits_by_method,
    methods_at_sites,
    site_served,
    transfers_by_method,
)
from ttpack.analysis.parties import missing_quality_approval
from ttpack.analysis.placeholders import gives_limit, written
from ttpack.model.analytics import AnalyticalMethod, MethodTransfer, ReferenceStandard
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.model.quality import Specification
from ttpack.rules.registry import COMPLETENESS, INFORMATION, Context, NotComputable, Outcome, rule

IMPURITY_MARGIN = Fraction(12, 10)
"""ICH Q2(R2): the range of an impurity method reaches to 120 % of the limit."""
GUARD = 3
"""Standard deviations that have to fit between the middle of a limit and its end."""
_HUNDRED = Decimal(100)
_PRODUCT_TESTS = frozenset({"release", "stability"})


def _compendial(method: AnalyticalMethod) -> bool:
    return bool(method.compendial_reference) or "compendial" in (method.method_type or "", (method.status or "")[:10])


@rule("MTH-01", COMPLETENESS, from_gate="G2", basis="ICH Q14; ICH Q2(R2)")
def method_without_its_performance(package: Package, context: Context) -> Iterator[Outcome]:
    """A method lacks its purpose, performance characteristics, quantitation limit, range, precision, version or owner.

    Why: a laboratory that receives a method without them cannot tell whether it runs as it should.
    Resolve: add what is missing. A method without a numeric result says `quantitative: false`; a compendial one names
    its chapter and needs no quantitation limit of its own.
    """
    for method in package.in_force(AnalyticalMethod):
        numeric = method.quantitative is not False
        for field, needed, given, what in (
            ("purposes", True, method.purposes, "purpose"),
            (
                "analytical_target_profile", True,
                written(method.analytical_target_profile) or written(method.accuracy),
                "analytical target profile or performance characteristics",
            ),
            (
                "limit_of_quantitation", numeric and not _compendial(method), method.limit_of_quantitation is not None,
                "limit of quantitation",
            ),
            ("range", numeric, gives_limit(method.range), "validated range"),
            ("intermediate_precision", numeric, method.intermediate_precision is not None, "intermediate precision"),
            ("version", True, method.version is not None, "version"),
            ("owner_laboratory", True, method.owner_laboratory, "laboratory that owns it"),
        ):  # fmt: skip
            if needed and not given:
                yield method.at(field), f"the method has no {what}"


@rule("MTH-02", COMPLETENESS, from_gate="G4", basis="ICH Q2(R2)", requires=("QTY-01", "QTY-03"))
def method_does_not_cover_its_limits(package: Package, context: Context) -> Iterator[Outcome]:
    """A method's quantitation limit is above a limit it tests, or its validated range does not cover the limit.

    Why: a result near the limit would then be outside what the method was shown to measure, just where it decides.
    Resolve: validate the method over the limits, for an upper limit to 120 % of it, or test with another method.
    """
    own = package.own_units
    by_method = limits_by_method(package)
    for method in package.in_force(AnalyticalMethod):
        for limit in by_method.get(method.id, ()):
            yield from _not_covered(method, limit, own)


def _not_covered(method: AnalyticalMethod, limit: Limit, own: Units) -> Iterator[Outcome]:
    tested = limit.bounds(method.unit, own)
    if tested is None:
        if method.range is not None or method.limit_of_quantitation is not None:
            yield NotComputable(method.at("range"), f"{limit.text} of {limit.record} is not in the unit of the method")
        return
    ends = [end for end in (tested.low, tested.high) if end is not None]
    quantitation = method.limit_of_quantitation
    too_coarse = quantitation is not None and bool(ends) and Fraction(quantitation) > min(ends)
    if quantitation is not None and too_coarse:
        yield (
            method.at("limit_of_quantitation"),
            (
                f"the limit of quantitation, {value_text(quantitation, method.unit)}, is above the limit of "
                f"{limit.record}, {limit.text}"
            ),
        )
    valid = Limit(method.id, "range", method.range, method.range.unit or method.unit) if method.range else None
    covered = valid.within_unit(method.unit, own) if valid else None
    if valid is None or covered is None:
        return
    one_sided = tested.low is None
    needed = tested.high * IMPURITY_MARGIN if tested.high is not None and one_sided else tested.high
    too_high = covered.high is not None and any(end > covered.high for end in (needed, *ends) if end is not None)
    too_low = covered.low is not None and any(end < covered.low for end in ends) and not too_coarse
    if too_high or too_low:
        margin = f" (120 % is {fraction_text(needed, method.unit)})" if one_sided and needed is not None else ""
        yield (
            method.at("range"),
            (f"the validated range, {valid.text}, does not cover the limit of {limit.record}, {limit.text}{margin}"),
        )


@rule("MTH-03", INFORMATION, basis="ICH Q14; reasoning of USP <1210>", requires=("QTY-01", "QTY-03"))
def precision_wide_against_limit(package: Package, context: Context) -> Iterator[Outcome]:
    """Three standard deviations of a method's intermediate precision do not fit into half the width of a limit.

    Why: good material will then fail now and then for the method's scatter alone: a false result out of specification.
    Resolve: improve the precision, report the mean of replicates, or accept the risk knowingly.
    """
    own = package.own_units
    by_method = limits_by_method(package)
    for method in package.in_force(AnalyticalMethod):
        deviation = method.intermediate_precision
        if deviation is None:
            continue
        for limit in by_method.get(method.id, ()):
            half = _half_width(limit, own)
            scatter = width_in_unit(deviation, method.unit or limit.unit or "", limit.unit, own)
            if half is not None and scatter is not None and GUARD * scatter > half:
                yield (
                    method.at("intermediate_precision"),
                    (
                        f"3 x {value_text(deviation, method.unit)} is more than half the width of the limit of "
                        f"{limit.record}, {limit.text} (half is {fraction_text(half, limit.unit)})"
                    ),
                )


def _half_width(limit: Limit, own: Units) -> Fraction | None:
    """Half the width of a limit; a one-sided limit is as wide as its distance from 0, or from 100 %."""
    stated = limit.within_unit(limit.unit, own)
    if stated is None:
        return None
    if stated.low is not None and stated.high is not None:
        return max(stated.high - stated.low, Fraction(0)) / 2
    if stated.high is not None:
        return stated.high / 2 if stated.high > 0 else None
    whole = in_unit(_HUNDRED, "%", limit.unit, own) if stated.low is not None and limit.unit else None
    return (whole - stated.low) / 2 if whole is not None and stated.low is not None and whole > stated.low else None


@rule("MTH-04", COMPLETENESS, from_gate="G2", basis="USP <1224>; WHO TRS 1044 Annex 4, 12")
def method_not_transferred(package: Package, context: Context) -> Iterator[Outcome]:
    """A release or in-process method has no transfer to a receiving laboratory, or one without approach or reason.

    Why: a result of a laboratory that was never shown to get the same result decides about a batch.
    Resolve: add a method_transfer to the laboratory with its approach; a waiver of the transfer says why.
    """
    transfers = transfers_by_method(package)
    for method, site in methods_at_sites(package):
        laboratories = laboratories_of(package, site)
        known = [one for one in transfers.get(method.id, ()) if one.to_laboratory in laboratories]
        if not known and method.owner_laboratory not in laboratories:
            message = f"no transfer of the method to {package.label(site)} ({site}) is planned"
            yield Problem(method.at(), message, site=site)
        for transfer in known:
            if transfer.approach is None:
                message = "the transfer has no approach (comparative, co_validation, revalidation, waiver)"
                yield Problem(transfer.at("approach"), message, site=site)
            elif transfer.approach == "waiver" and not written(transfer.justification):
                message = "the waiver of the transfer has no justification"
                yield Problem(transfer.at("justification"), message, site=site)


@rule("MTH-05", COMPLETENESS, from_gate="G4", basis="USP <1224>; WHO TRS 1044 Annex 4, 12")
def method_transfer_not_complete(package: Package, context: Context) -> Iterator[Outcome]:
    """A method transfer lacks its approved protocol, samples, acceptance criteria, result or the approval of both QAs.

    Why: a transfer whose criteria were set after the result, or that one party alone judged, shows nothing.
    Resolve: add what is missing: for tests that release GMP batches before G4, for the others before G5.
    """
    for transfer in package.in_force(MethodTransfer):
        gate = "G4" if _releases(package, transfer) else "G5"
        missing = list(_incomplete(package, transfer, context))
        if missing:
            site = site_served(package, transfer.to_laboratory)
            field = missing[0][0] if len(missing) == 1 else ""
            message = f"the transfer is not complete: {'; '.join(words for _, words in missing)}"
            yield Problem(transfer.at(field), message, site=site, from_gate=gate)


def _releases(package: Package, transfer: MethodTransfer) -> bool:
    if transfer.releases_gmp_batches is not None:
        return transfer.releases_gmp_batches
    method = package.get(transfer.method, AnalyticalMethod)
    if method is None or "release" in method.purposes:
        return True
    return any(line.method == method.id and line.release for line in package.in_force(Specification))


def _incomplete(package: Package, transfer: MethodTransfer, context: Context) -> Iterator[tuple[str, str]]:
    if transfer.approach != "waiver":
        for field, given, what in (
            ("protocol", transfer.protocol, "protocol"),
            ("samples", transfer.samples, "samples"),
            ("acceptance", transfer.acceptance, "acceptance criteria"),
            ("result", transfer.result, "result"),
        ):
            if not written(given):
                yield field, f"no {what}"
        if written(transfer.protocol) and transfer.protocol_approved is None:
            yield "protocol_approved", "the protocol is not approved"
        elif transfer.protocol_approved is not None and transfer.protocol_approved > context.as_of:
            yield "protocol_approved", f"the protocol is approved only on {transfer.protocol_approved}"
    if transfer.status == "failed":
        yield "status", "it failed"
    elif transfer.status in ("planned", "in_progress"):
        yield "status", f"its status is {transfer.status.replace('_', ' ')}"
    missing = missing_quality_approval(package, map(str, transfer.approvals))
    if missing:
        yield "approvals", missing


@rule("MTH-06", COMPLETENESS, from_gate="G5", basis="ICH Q6B; EU GMP Chapter 6")
def reference_standard_missing_or_short(package: Package, context: Context) -> Iterator[Outcome]:
    """A method of release or stability has no reference standard, or a standard no supply or expiry beyond PPQ.

    Why: a standard that runs out or expires during qualification breaks the comparison between the batches.
    Resolve: name the standard of the method, its supply plan and its expiry; plan the next lot with a bridge.
    """
    used: set[str] = set()
    for method in package.in_force(AnalyticalMethod):
        if method.reference_standard:
            used.add(method.reference_standard)
        elif _PRODUCT_TESTS & set(method.purposes) and method.quantitative is not False and not _compendial(method):
            yield method.at("reference_standard"), "the method names no reference standard"
    last = last_planned_ppq(package)
    for standard in package.in_force(ReferenceStandard):
        if not written(standard.supply):
            yield standard.at("supply"), "the reference standard has no supply plan"
        if standard.expiry is None:
            yield standard.at("expiry"), "the reference standard has no expiry or re-test date"
        elif standard.expiry < context.as_of:
            yield standard.at("expiry"), f"the reference standard expired on {standard.expiry}"
        elif last is None and standard.id in used:
            yield NotComputable(standard.at("expiry"), "no PPQ run or gate G6 has a planned date to compare with")
        elif last is not None and standard.expiry <= last:
            yield (
                standard.at("expiry"),
                (f"the reference standard expires on {standard.expiry}, not after the last planned PPQ date, {last}"),
            )
