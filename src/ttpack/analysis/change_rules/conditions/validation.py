"""Questions about plans and data: whether PPQ has begun, whether results exist, whether sites differ."""

from collections.abc import Iterable

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.sides import Raw, Sides, State, field_path
from ttpack.model.status import OUT_OF_FORCE

_BEGUN = frozenset({"in_progress", "complete", "stopped"})
_DATA = ("as_run", "results", "excursions")
_COMPARED = {
    "validation_strategy": ("approach", "framework", "ppq_batches", "cleaning", "filters", "holds", "transport",
                            "continued_verification", "continued_verification_plan"),
    "ppq_plan": ("batches", "sampling_intensity", "statistics", "acceptance"),
}  # fmt: skip


@condition
def ppq_begun(change: Change, sides: Sides) -> bool:
    """Either side shows that PPQ was begun where the plan applies: its start, or a PPQ run begun or with data."""
    return any(_ppq_begun(change.record, state, raws) for state, raws in _plans(change.record, sides))


@condition
def ppq_begun_before(change: Change, sides: Sides) -> bool:
    """The earlier revision shows that PPQ was begun at the site of the plan."""
    return _ppq_begun(change.record, sides.before, sides.both(change.record))


@condition
def results_exist(change: Change, sides: Sides) -> bool:
    """Either side holds results of runs that the plan, the run or the transfer changed here is about."""
    return any(_results_exist(change, state, sides) for state in (sides.before, sides.after))


@condition
def results_existed(change: Change, sides: Sides) -> bool:
    """The earlier revision holds results of runs that the plan is about."""
    return _results_exist(change, sides.before, sides)


@condition
def states_batches(change: Change, sides: Sides) -> bool:
    """The plan or strategy said how many PPQ batches there are."""
    was = sides.was(change.record)
    return was.get("batches") is not None or was.get("ppq_batches") is not None


@condition
def differs_from_other_site(change: Change, sides: Sides) -> bool:
    """After the change the strategy or plan of another site says something else of what changed here."""
    now = sides.now(change.record)
    compared = _COMPARED.get(change.record_kind, ())
    top = field_path(change).partition(".")[0]
    names = compared if top in ("", "status", "site", "difference_approval") else (top,) if top in compared else ()
    others = [
        raw
        for record, raw in sides.after.of_kind(change.record_kind)
        if record != change.record and raw.get("site") != now.get("site") and raw.get("status") not in OUT_OF_FORCE
    ]
    return bool(now) and any(_differ(now.get(name), raw.get(name)) for raw in others for name in names)


def _differ(first: object, second: object) -> bool:
    if isinstance(first, str) and isinstance(second, str):
        return first.split() != second.split()
    return first != second


def _plans(record: str, sides: Sides) -> Iterable[tuple[State, tuple[Raw, ...]]]:
    return ((state, sides.both(record)) for state in (sides.before, sides.after))


def _ppq_begun(record: str, state: State, plans: Iterable[Raw]) -> bool:
    sites = {raw.get("site") for raw in plans}
    if state.get(record).get("execution_started"):
        return True
    return any(
        raw.get("run_kind") == "PPQ"
        and _begun(raw)
        and (raw.get("site") is None or None in sites or raw["site"] in sites)
        for _, raw in state.of_kind("run")
    )


def _begun(run: Raw) -> bool:
    return run.get("status") in _BEGUN or bool(run.get("started_on")) or _has_data(run)


def _has_data(run: Raw) -> bool:
    return any(run.get(name) for name in _DATA) or bool(run.get("report"))


def _results_exist(change: Change, state: State, sides: Sides) -> bool:
    if change.record_kind == "run":
        return _has_data(state.get(change.record))
    if change.record_kind == "method_transfer":
        raw = state.get(change.record)
        return bool(raw.get("result")) or raw.get("status") in ("complete", "failed")
    sites = {raw.get("receiving_site") for raw in sides.both(change.record)}
    names = {change.record, sides.former_ids.get(change.record, change.record)}
    return any(
        _has_data(raw)
        and (raw.get("comparability_plan") in names or (not raw.get("comparability_plan") and raw.get("site") in sites))
        for _, raw in state.of_kind("run")
    )
