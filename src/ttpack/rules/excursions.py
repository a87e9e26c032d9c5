"""The rule on recorded values outside the ranges, and on ranges changed after a run (RUN-02)."""

from collections.abc import Iterator

from ttpack.analysis.deviations.limits import INTERVAL_WORDS
from ttpack.analysis.runs.earlier_ranges import EarlierRanges, dated, ended, overridden_field
from ttpack.analysis.runs.excursions import ON_PURPOSE, Recorded, RunReader, excursion_words, lacking, outside
from ttpack.model.execution import Run
from ttpack.model.findings import Place, Problem
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.regulatory import ChangeRecord
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import site_name

AT_ONCE = "G0"
BLOCKING = frozenset({"outside_par", "beyond_edge_of_failure"})
LACKS = {"cause": "cause", "disposition": "disposition", "deviation_class": "class of deviation"}


def where_runs(package: Package) -> str | None:
    """Applies where a run is recorded."""
    return None if package.in_force(Run) else "no run is recorded"


@rule(
    "RUN-02", COMPLETENESS, from_gate="G4", applies_when=where_runs,
    basis="engineering runs; 21 CFR 211.100(b); ICH Q7",
)  # fmt: skip
def excursion_not_dispositioned(package: Package, context: Context) -> Iterator[Outcome]:
    """A run recorded a value outside the normal range without a dispositioned excursion, or the range was moved after.

    Each value outside the normal operating range of the site has an excursion (of that value, of one further out, or
    without a value) with cause, disposition and class of deviation; outside the proven acceptable range it is an error
    at every gate until it is dispositioned. A normal range that was changed after a run has a change record that names
    the run, and the run stays reported against the range of its time: `ranges_in_force` names the change record of
    those ranges. Runs of development leave the ranges on purpose and are not asked.
    Why: a range that is moved to where the run went hides what the run has shown.
    Resolve: record and disposition the excursion; name the run in the change record, and the old one in the run.
    """
    earlier = EarlierRanges(package, context.baseline)
    reader = RunReader(package, earlier)
    for run in package.in_force(Run):
        if run.run_kind not in ON_PURPOSE:
            yield from _values(package, run, reader)
            yield from _excursions(package, run, reader)
            yield from _later_ranges(package, run, earlier)


def _values(package: Package, run: Run, reader: RunReader) -> Iterator[Outcome]:
    for one in reader.recorded(run):
        place = run.at(f"as_run[{one.index}]")
        if one.where is None:
            reason = one.reason or "nothing says where it lies"
            yield NotComputable(place, f"{one.parameter.name} of {run.name}: {reason}")
        elif outside(one) and one.excursion is None:
            yield _no_excursion(package, run, one, place)


def _no_excursion(package: Package, run: Run, one: Recorded, place: Place) -> Problem:
    compared = [f"{name} {words}" for name, words in (("normal", one.normal), ("proven", one.proven)) if words]
    then = " when it ran" if one.earlier else ""
    where = INTERVAL_WORDS[one.where or "outside_par"]
    message = (
        f"{run.name} recorded {one.parameter.name} at {one.words}, {where} at {site_name(package, run.site or '')}"
        f"{then} ({', '.join(compared)}), and no excursion answers for it"
    )
    return Problem(place, message, site=run.site, from_gate=AT_ONCE if one.where in BLOCKING else None)


def _excursions(package: Package, run: Run, reader: RunReader) -> Iterator[Outcome]:
    for index, one in enumerate(run.excursions):
        missing = lacking(one)
        if not missing:
            continue
        where = reader.excursion_interval(run, one)
        blocks = where in BLOCKING and "disposition" in missing
        field = f"excursions[{index}].{missing[0]}" if len(missing) == 1 else f"excursions[{index}]"
        said = f", {INTERVAL_WORDS[where]}," if where in BLOCKING else ""
        names = ", no ".join(LACKS[name] for name in missing)
        message = (
            f"the excursion of {package.label(one.parameter)} in {run.name} ({excursion_words(one)}){said} "
            f"states no {names}"
        )
        yield Problem(run.at(field), message, site=run.site, from_gate=AT_ONCE if blocks else None)


def _later_ranges(package: Package, run: Run, earlier: EarlierRanges) -> Iterator[Outcome]:
    """Ranges that were changed after the run: with a change record that names it, and the run against the old ones."""
    later: dict[str, str] = {}
    for name in dict.fromkeys(one.parameter for one in run.as_run if one.parameter):
        parameter = package.get(name, ProcessParameter)
        for change in earlier.later_changes(run, parameter) if parameter else ():
            record = change.change_record
            what = f"the normal range of {package.label(name)} at {site_name(package, run.site or '')}"
            if record is None:
                holder = package.records.get(change.record)
                place = holder.at(overridden_field(holder)) if holder else run.at("ranges_in_force")
                message = f"{what} was changed after {run.name}, and no change record names it"
                yield Problem(place, message, site=run.site)
                later.setdefault("", package.label(name))
                continue
            later.setdefault(record.id, package.label(name))
            if not earlier.cites(change, run):
                message = f"{what} was changed by {record.name} after {run.name}, which it does not name"
                yield Problem(record.at("reason"), message, site=run.site)
    yield from _in_force(package, run, later)


def _in_force(package: Package, run: Run, later: dict[str, str]) -> Iterator[Outcome]:
    named, end = package.get(run.ranges_in_force, ChangeRecord), ended(run)
    on = dated(named) if named else None
    if run.ranges_in_force in later or (on and end and on > end and run.as_run):
        message = (
            f"{run.name} is reported against ranges of {package.label(run.ranges_in_force or '')}, which are later"
        )
        yield Problem(run.at("ranges_in_force"), message, site=run.site)
    elif later and run.ranges_in_force is None:
        names = ", ".join(dict.fromkeys(later.values()))
        message = f"{run.name} does not say which ranges it is reported against; changed since: {names}"
        yield Problem(run.at("ranges_in_force"), message, site=run.site)
