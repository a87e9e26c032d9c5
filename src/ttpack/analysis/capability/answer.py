"""Predicted quality as JSON, and its digest."""

from typing import Any

from ttpack.analysis.capability.region import BoxInRegion, Slice, WorstPoint
from ttpack.analysis.capability.study import CapabilityStudy, ResponseStudy
from ttpack.analysis.capability.transfer import FactorAt
from ttpack.analysis.figures import figure, figure_digest


def capability_answer(given: CapabilityStudy, box: BoxInRegion, plane: Slice | None = None) -> dict[str, Any]:
    """The whole answer; `digest` covers its figures, but for the plane that was asked for."""
    model = given.model
    figures = {
        "factors": [_factor(one, given) for one in model.factors],
        "responses": [_response(one, given) for one in given.responses],
        "box": _box(box),
    }
    return {
        "design_space": model.space,
        "site": model.site,
        "over": given.over,
        "samples": given.samples,
        "seed": given.seed,
        "inputs": list(model.inputs),
        "gaps": list(given.gaps),
        "remarks": list(given.remarks),
        **figures,
        **({"slice": _slice(plane)} if plane is not None else {}),
        "digest": figure_digest(figures),
    }


def _factor(one: FactorAt, given: CapabilityStudy) -> dict[str, Any]:
    beyond = dict(given.beyond)
    return {
        "name": one.name,
        "parameter": one.parameter,
        "unit": one.unit,
        "setpoint": figure(one.setpoint),
        "normal_operating": _pair(one.normal),
        "proven_acceptable": _pair(one.proven),
        "validity": _pair(one.valid),
        "validity_from": one.validity_from,
        "varied": one.name in given.sampled,
        "distribution": one.variation.name if one.variation is not None else "uniform",
        "share_outside_range": figure(beyond.get(one.name, 0.0)),
    }


def _pair(given: tuple[float, float] | None) -> list[Any] | None:
    return None if given is None else [figure(given[0]), figure(given[1])]


def _response(one: ResponseStudy, given: CapabilityStudy) -> dict[str, Any]:
    response, sobol = one.response, one.sobol
    varied = [factor.name for factor in given.model.factors if factor.name in given.sampled]
    indices = None
    if sobol is not None:
        pairs = zip(varied, sobol.first, sobol.total, strict=True)
        indices = {name: {"first": figure(first, 4), "total": figure(total, 4)} for name, first, total in pairs}
    return {
        "name": response.name,
        "attribute": response.attribute,
        "unit": response.unit,
        "meaning": response.meaning,
        "limit": [figure(response.low), figure(response.high)],
        "threshold": figure(response.threshold),
        "answer": one.answer,
        "why": one.why or None,
        "mean": figure(one.mean),
        "standard_deviation_overall": figure(one.spread),
        "least": figure(one.least),
        "greatest": figure(one.greatest),
        "share_meeting_limit": figure(one.inside),
        "probability": figure(one.probability),
        "probability_out_of_specification": None if one.probability is None else figure(1 - one.probability),
        "ppk": figure(one.ppk),
        "samples_without_number": one.lost,
        "sobol": indices,
        "ambiguous": list(response.ambiguous),
    }


def _box(given: BoxInRegion) -> dict[str, Any]:
    return {
        "over": given.over,
        "corners": given.corners,
        "corners_inside": given.inside_corners,
        "sampled": given.sampled,
        "share_inside": figure(given.inside_share),
        "inside_design_space": given.inside,
        "why": given.why or None,
        "worst": [_worst(one) for one in given.worst],
    }


def _worst(one: WorstPoint) -> dict[str, Any]:
    return {
        "response": one.response.name,
        "value": figure(one.value),
        "margin": figure(one.margin),
        "at": {name: figure(value) for name, value in one.point},
        "corner": one.corner,
        "corners_missed": one.missed_corners,
        "share_missed": figure(one.missed_share),
    }


def _slice(given: Slice) -> dict[str, Any]:
    return {
        "x": given.x.name,
        "y": given.y.name,
        "fixed": {name: figure(value) for name, value in given.fixed},
        "edge": [[[figure(x), figure(y)] for x, y in line] for line in given.lines],
    }
