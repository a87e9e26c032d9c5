"""Derived values are computed again (CAL-01)."""

from collections.abc import Iterator

from ttpack.analysis.derived import circular, derivations, mismatch, recompute
from ttpack.analysis.formulas import NotEvaluated
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule


@rule("CAL-01", COMPLETENESS, from_gate="G2", basis='data integrity (ALCOA+ "accurate")', requires=("QTY-01", "QTY-02"))
def derived_value_that_does_not_follow(package: Package, context: Context) -> Iterator[Outcome]:
    """A derived value differs from what its formula gives for its inputs, or cannot be computed from them.

    Why: a figure that its own inputs do not give is a typing error, a unit error, or a formula nobody can repeat.
    Resolve: correct the value or the input that is wrong; nothing is corrected here. The tolerance is relative to the
    stated value; without one it is 1 %, or half a unit of the last digit stated where that is more.
    """
    found = list(derivations(package, context.stated))
    rounds = circular(package, found)
    for given in found:
        record = package.records[given.record]
        if isinstance(record, ProcessParameter) and given.path.startswith("scale."):
            continue  # a value at a site is PRM-10's
        if given.node in rounds:
            if rounds[given.node]:
                yield record.at(given.owner), f"the value is computed from itself: {rounds[given.node][:300]}"
            continue
        try:
            computed = recompute(package, given)
        except NotEvaluated as error:
            place = record.at(f"{given.owner}.{error.about}" if error.about else given.owner)
            if error.outside:
                yield NotComputable(place, f"{given.derived.formula[:64]}: {error.reason}")
            else:
                yield place, error.reason
            continue
        if given.value is None:
            yield NotComputable(record.at(given.owner), "no value is stated that could be compared")
        elif not computed.agrees:
            yield record.at(given.path), mismatch(given, computed)
