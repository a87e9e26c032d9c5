"""The part of a package that facility fit needs, on one side of a change; and the fits that the change may move."""

from collections.abc import Iterable

from pydantic import ValidationError

from ttpack.analysis.change_rules.sides import Raw, Sides, State
from ttpack.model.documents import Package as PackageRecord
from ttpack.model.ids import overlay_parts
from ttpack.model.kinds import KINDS
from ttpack.model.package import Location, Package
from ttpack.model.record import Record

_NEEDED = ("site", "site_equipment", "equipment_requirement", "unit_definition")


def parameters_at_sites(sides: Sides, changed: Iterable[str], items: Iterable[str]) -> set[tuple[str, str]]:
    """The parameters and sites whose fit rests on a changed parameter, overlay or item; None changed gives none."""
    kinds, pairs = sides.index.kinds, set[tuple[str, str]]()
    moved = {*changed}
    here = {str(raw.get("site") or "") for item in items for raw in sides.both(item)} - {""}
    for record in moved:
        kind = kinds.get(record)
        if kind == "process_parameter":
            pairs.update((record, site) for site in here)
        elif kind == "site_overlay":
            base, site = overlay_parts(record)
            pairs.add((base, site or ""))
        elif kind == "site_equipment":
            for raw in sides.both(record):
                named = (each for one in raw.get("capabilities") or () for each in one.get("parameters") or ())
                pairs.update((str(each), str(raw.get("site") or "")) for each in named)
    return pairs


def package_of(state: State, parameters: set[str]) -> Package | None:
    """The parameters with their overlays and all equipment on one side; None where there is no package record."""
    heads = [_model(raw) for _, raw in state.of_kind("package")]
    head = next((one for one in heads if isinstance(one, PackageRecord)), None)
    overlays = [
        name
        for name, kind in state.index.kinds.items()
        if kind == "site_overlay" and overlay_parts(name)[0] in parameters
    ]
    state.fetch({*parameters, *overlays})
    raws = [state.get(name) for name in (*parameters, *overlays)] + [raw for _, raw in state.of_kind(*_NEEDED)]
    models = {one.id: one for raw in raws if raw and (one := _model(raw)) is not None}
    if head is None:
        head = PackageRecord(kind="package", id="PKG-UNKNOWN", schema_version="1")
    ordered = dict(sorted(models.items()))
    return Package(head, ordered, {}, {name: Location("", 1) for name in ordered})


def _model(raw: Raw) -> Record | None:
    """The record of what an author wrote; what does not read is left out, as it is when a package is loaded."""
    try:
        return KINDS[str(raw.get("kind"))].model_validate(dict(raw))
    except (ValidationError, KeyError):
        return None
