"""Predicted quality as its reader sees it: verdict, each attribute, what drives it, the box and the design space."""

from typing import Final

from ttpack.analysis.capability.region import BoxInRegion, Slice
from ttpack.analysis.capability.study import CapabilityStudy, ResponseStudy
from ttpack.analysis.capability.transfer import OVER_WORDS
from ttpack.analysis.figures import figure
from ttpack.analysis.intervals import with_unit
from ttpack.model.package import Package
from ttpack.model.parameter import DesignSpace
from ttpack.model.quantity import digits
from ttpack.views.blocks import (
    Block,
    Break,
    Bullets,
    Callout,
    Chip,
    Column,
    Inline,
    Inlines,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
)
from ttpack.views.contours import draw_slice
from ttpack.views.words import counted, reference

ANSWER_WORDS: Final = {
    "probability": "probability", "mean_only": "mean only", "outside_validity": "no verdict",
    "not_computable": "not computable",
}  # fmt: skip


def capability_page(
    package: Package, space: DesignSpace, given: CapabilityStudy, box: BoxInRegion, plane: Slice | None
) -> Page:
    """The answer on one design space at one site as a page of its own."""
    title = f"Predicted quality at {package.label(given.model.site)}"
    blocks = capability_blocks(package, given, box, plane)
    return Page(f"capability-{space.id.casefold()}", title, blocks, "Quality", f"By {space.name}")


def capability_blocks(
    package: Package, given: CapabilityStudy, box: BoxInRegion, plane: Slice | None
) -> tuple[Block, ...]:
    """Verdict on the box, each response, what drives it, the slice, what was assumed."""
    blocks: list[Block] = [_verdict(given, box)]
    if given.responses:
        blocks += [_responses(package, given), _drivers(package, given)]
    if box.worst:
        blocks.append(_box(box))
    if plane is not None:
        blocks.append(Section(f"Plane of {plane.x.title} and {plane.y.title}", (draw_slice(plane),)))
    said = [
        *given.gaps,
        *given.remarks,
        *(f"{one.name}: {why}" for one in given.model.responses for why in one.ambiguous),
    ]
    if said:
        blocks.append(Section("What this rests on", (Bullets(tuple((Text(one),) for one in said)),)))
    return tuple(blocks)


def driving(given: CapabilityStudy) -> tuple[str, str] | None:
    """The two factors that drive the response nearest to its limit most; None where there are not two."""
    studied = [one for one in given.responses if one.sobol is not None]
    if not studied or len(given.sampled) < 2:  # noqa: PLR2004  a plane has two axes
        return None
    nearest = min(studied, key=lambda one: one.probability if one.probability is not None else one.inside or 1.0)
    assert nearest.sobol is not None  # noqa: S101  chosen among those that have indices
    ranked = sorted(zip(nearest.sobol.total, given.sampled, strict=True), reverse=True)
    return ranked[0][1], ranked[1][1]


def _verdict(given: CapabilityStudy, box: BoxInRegion) -> Callout:
    over = OVER_WORDS[given.over]
    lines = [f"{given.samples:,} samples over the {over}s of {given.model.site}, seed {given.seed}"]
    if box.inside is None:
        title = "The box of proven ranges could not be compared with the design space"
        lines.append(box.why)
        kind = "warning"
    elif box.inside:
        title = "The box of proven ranges lies inside the design space"
        lines.append(f"all {box.corners} corners and all of {box.sampled:,} points inside meet every limit")
        kind = "success"
    else:
        title = "The box of proven ranges is not inside the design space"
        outside = box.corners - box.inside_corners
        share = f"{1 - box.inside_share:.1%} of {box.sampled:,} points inside"
        lines.append(f"{outside} of {box.corners} corners and {share} miss a limit; first {box.worst[0].response.name}")
        kind = "danger"
    return Callout(kind, title, (Paragraph((Text("; ".join(filter(None, lines)) + "."),)),))  # type: ignore[arg-type]


def _responses(package: Package, given: CapabilityStudy) -> Section:
    heads = (
        "Attribute",
        "Limit",
        "Mean",
        "Spread, overall s",
        "Meets its limit",
        "Out of specification",
        "Ppk",
        "Answer",
    )
    rows = [Row(_response(package, one)) for one in given.responses]
    caption = (
        "Predicted over the ranges. Meets its limit: share of samples whose predicted mean, or score, is inside. A "
        "probability includes the uncertainty that the model records; a score is the logit of one"
    )
    return Section("Attributes", (Table(tuple(map(Column, heads)), tuple(rows), caption),))


def _response(package: Package, one: ResponseStudy) -> tuple[Inlines, ...]:
    response = one.response
    name: list[Inline] = [reference(package, response.attribute)] if response.attribute else []
    name += [*([Break()] if name else []), Text(response.name)]
    unit = response.unit
    if response.meaning == "score":
        limit = f"score at least {_text(response.threshold)}" if response.threshold is not None else "no threshold"
        unit = None
    else:
        ends = [f"at least {_text(response.low)}"] if response.low is not None else []
        ends += [f"at most {_text(response.high)}"] if response.high is not None else []
        limit = with_unit(", ".join(ends), unit) if ends else "not stated"
    tone = {"probability": "good", "mean_only": "info"}.get(one.answer, "warning")
    answer: list[Inline] = [Chip(ANSWER_WORDS[one.answer], tone)]  # type: ignore[arg-type]
    if one.why:
        answer += [Break(), Text(one.why)]
    if one.lost:
        answer += [Break(), Text(f"{counted(one.lost, 'sample')} without a number")]
    out = None if one.probability is None else 1 - one.probability
    return (
        tuple(name),
        (Text(limit),),
        (Text(with_unit(_text(one.mean), unit) if one.mean is not None else ""),),
        (Text(_text(one.spread)),),
        (Text("" if one.inside is None else f"{one.inside:.2%}"),),
        (Text("" if out is None else f"{out:.3g}"),),
        (Text(_text(one.ppk)),),
        tuple(answer),
    )


def _drivers(package: Package, given: CapabilityStudy) -> Section:
    """Total Sobol' indices, and the first-order ones in parentheses."""
    varied = [one for one in given.model.factors if one.name in given.sampled]
    columns = (Column("Response"), *(Column(one.title, "right", record=one.parameter or "") for one in varied))
    rows = []
    for one in given.responses:
        if one.sobol is None:
            continue
        cells = [(Text(f"{max(total, 0):.2f} ({max(first, 0):.2f})"),) for first, total in
                 zip(one.sobol.first, one.sobol.total, strict=True)]  # fmt: skip
        rows.append(Row(((Text(one.response.name),), *cells)))
    caption = (
        "Sobol' indices, total and in parentheses first order: the share of the variance that a factor takes part in"
    )
    del package
    return Section("What drives it", (Table(columns, tuple(rows), caption),))


def _box(box: BoxInRegion) -> Section:
    heads = ("Response", "Worst value", "Margin", "At", "Corners missed", "Points missed")
    rows = [
        Row((
            (Text(one.response.name),),
            (Text(_text(one.value)),),
            (Chip(_text(one.margin), "bad" if one.margin < 0 else "good"),),
            (Text(", ".join(f"{name} {_text(value)}" for name, value in one.point)),),
            (Text(str(one.missed_corners)),),
            (Text(f"{one.missed_share:.1%}"),),
        ))
        for one in box.worst
    ]  # fmt: skip
    caption = "The worst point of the box of proven acceptable ranges for each response; below zero it misses its limit"
    return Section("The box of proven ranges", (Table(tuple(map(Column, heads)), tuple(rows), caption),))


def _text(value: float | None) -> str:
    found = figure(value, 4)
    return "" if found is None else digits(found)
