"""Setpoints, ranges and controls of parameters at each site: the general recipe, and what a site replaces (ISA-88)."""

from collections.abc import Iterator

from ttpack.analysis.placeholders import written
from ttpack.analysis.site_comparison.statements import (
    Asked,
    Field,
    OwnApproval,
    Statement,
    Subject,
    collapsed,
    measured,
    quantity_value,
    range_value,
    text_value,
    unit_value,
)
from ttpack.model.facility import Site
from ttpack.model.ids import overlay_parts
from ttpack.model.parameter import Control, Override, ProcessParameter, Scale, ScaleValue, SiteOverlay
from ttpack.model.quantity import RANGE_KINDS, RANGE_NAMES, Range
from ttpack.model.status import APPROVED


def statements(asked: Asked) -> Iterator[Statement]:
    """What each site that runs the process holds a parameter to; a site without an overlay follows the general one."""
    running = tuple(site for site in asked.sites if _runs(asked, site))
    for parameter in asked.package.parameters:
        if not running:
            return
        subject = Subject(("parameter", parameter.id), parameter.name, parameter.id)
        values = {value.site: value for value in parameter.scale.values if value.site in running} if (
            parameter.scale
        ) else {}  # fmt: skip
        overlays: dict[str, SiteOverlay] = {}
        for overlay in asked.package.overlays.get(parameter.id, ()):
            site = overlay.site or overlay_parts(overlay.id)[1]
            if site in running:
                overlays[site] = overlay
        own = {*values, *overlays}
        general = tuple(site for site in running if site not in own)
        if general:
            yield _statement(asked, subject, parameter, general, None, None)
        for site in running:
            if site in own:
                yield _statement(asked, subject, parameter, (site,), overlays.get(site), values.get(site))


def _runs(asked: Asked, site: str) -> bool:
    record = asked.package.get(site, Site)
    return record is None or record.site_role != "testing"


def _statement(  # noqa: PLR0913, PLR0917  a parameter and what replaces a part of it
    asked: Asked,
    subject: Subject,
    parameter: ProcessParameter,
    sites: tuple[str, ...],
    overlay: SiteOverlay | None,
    scaled: ScaleValue | None,
) -> Statement:
    here = overlay.effective if overlay else Override()
    approvals = (_approval(overlay),) if overlay else ()
    record = overlay.id if overlay else parameter.id
    fields = (
        _setpoint(asked, parameter, here, approvals, scaled),
        *_ranges(asked, parameter, here, approvals),
        *_control(asked, parameter, here, approvals),
        Field("unit", "unit", unit_value(here.unit or parameter.unit, asked.own), approvals=approvals),
    )
    return Statement(subject, sites, record, subject.label, fields)


def _approval(overlay: SiteOverlay) -> OwnApproval:
    """A site's own values are decided with a reason, a change record and an approver (PRM-13)."""
    given = (
        ("reason", written(overlay.reason)), ("change record", overlay.change_record), ("approver", overlay.approver),
    )  # fmt: skip
    missing = [name for name, there in given if not there]
    lacks = f"the overlay names no {' and no '.join(missing)}" if missing else ""
    if overlay.status in ("draft", "in_review"):
        lacks = lacks or "the overlay is not approved yet"
    approvers = (str(overlay.approver),) if overlay.approver else ()
    return OwnApproval(overlay.id, collapsed(overlay.reason or ""), approvers, overlay.expires, lacks)


def _setpoint(
    asked: Asked, parameter: ProcessParameter, here: Override, approvals: tuple[OwnApproval, ...],
    scaled: ScaleValue | None,
) -> Field:  # fmt: skip
    if here.setpoint is not None:
        value = measured(here.setpoint, here.unit or parameter.unit, asked.own)
        return Field("setpoint", "setpoint", value, approvals=approvals)
    if scaled is not None and scaled.value is not None:
        value = measured(scaled.value, scaled.unit or parameter.unit, asked.own)
        return Field("setpoint", "setpoint", value, "scale.values", _by_rule(parameter, parameter.scale))
    setpoint = parameter.target if parameter.setpoint is None else parameter.setpoint
    value = measured(setpoint, parameter.unit, asked.own) or text_value(parameter.setpoint_criterion)
    return Field("setpoint", "setpoint", value)


def _by_rule(parameter: ProcessParameter, scale: Scale | None) -> tuple[OwnApproval, ...]:
    """A value that follows a stated scale rule differs as the approved parameter says it does."""
    if scale is None or not (scale.rule or written(scale.basis)):
        return ()
    reason = f"value at this scale: {(scale.rule or '').replace('_', ' ')}" + (
        f" ({collapsed(scale.basis)})" if scale.basis else ""
    )
    lacks = "" if parameter.status in APPROVED else "the parameter's values at each scale are not approved"
    return (OwnApproval(parameter.id, reason, (), None, lacks),)


def _ranges(
    asked: Asked, parameter: ProcessParameter, here: Override, approvals: tuple[OwnApproval, ...]
) -> Iterator[Field]:
    for kind in RANGE_KINDS:
        if kind in ("studied", "edge_of_failure", "historical", "filed", "design_space"):
            continue  # knowledge of the process, not what a site holds a parameter to
        own: Range | None = getattr(here.ranges, kind) if here.ranges else None
        given, unit = (own, here.unit or parameter.unit) if own else (getattr(parameter.ranges, kind), parameter.unit)
        yield Field(f"ranges.{kind}", RANGE_NAMES[kind], range_value(given, unit, asked.own), approvals=approvals)


def _control(
    asked: Asked, parameter: ProcessParameter, here: Override, approvals: tuple[OwnApproval, ...]
) -> Iterator[Field]:
    control = here.control or parameter.control
    whole = control if isinstance(control, Control) else None
    unit = (here.unit if here.control else None) or parameter.unit
    method = whole.method if whole else control if isinstance(control, str) else None
    yield Field("control.method", "control", text_value(method), approvals=approvals)
    band = quantity_value(whole.band if whole else None, asked.own, width=True)
    yield Field("control.band", "control band", band, approvals=approvals)
    alarm = range_value(whole.alarm if whole else None, unit, asked.own)
    yield Field("control.alarm", "alarm limits", alarm, approvals=approvals)
