"""Signals of one parameter in the automation systems of each site; their tags differ and may."""

from collections.abc import Iterator
from typing import Final

from ttpack.analysis.difference_approval import lacking
from ttpack.analysis.placeholders import written
from ttpack.analysis.site_comparison.statements import (
    Asked,
    Field,
    OwnApproval,
    Statement,
    Subject,
    collapsed,
    flag_value,
    quantity_value,
    range_value,
    text_value,
    unit_value,
)
from ttpack.model.facility import AutomationMap, SignalDefinition, SignalDifference

SIGNAL_FIELDS: Final = {
    "unit": ("engineering unit", ("unit",)),
    "scaling": ("scaling", ("scaling", "scale")),
    "sampling_interval": ("sampling interval", ("sampling", "interval")),
    "alarm": ("alarm limits", ("alarm",)),
    "historian": ("historian", ("historian",)),
    "retention": ("retention", ("retention", "kept")),
    "system": ("control system", ("system",)),
    "manual_transcription": ("manual transcription", ("transcri", "by hand", "paper", "manual")),
}
"""The fields of a signal that are compared: what they are called, and words by which a listed difference means them."""


def statements(asked: Asked) -> Iterator[Statement]:
    """Both sides of each map, as far as their sites are compared."""
    for given in asked.package.in_force(AutomationMap):
        if given.parameter is None:
            continue
        subject = Subject(("signal", given.parameter), asked.package.label(given.parameter), given.parameter)
        sides = (("sending", given.sending_site, given.sending), ("receiving", given.receiving_site, given.receiving))
        for side, site, signal in sides:
            if site and signal and asked.among(site):
                fields = tuple(_fields(asked, given, side, signal))
                yield Statement(subject, (site,), given.id, signal.tag or given.name, fields)


def about(difference: SignalDifference) -> frozenset[str]:
    """The fields of a signal that a listed difference is about, as its words tell."""
    words = difference.what.casefold()
    return frozenset(name for name, (_, signs) in SIGNAL_FIELDS.items() if any(sign in words for sign in signs))


def _fields(asked: Asked, given: AutomationMap, side: str, signal: SignalDefinition) -> Iterator[Field]:
    unit = signal.unit
    if unit is None and (parameter := asked.package.records.get(given.parameter or "")) is not None:
        unit = getattr(parameter, "unit", None)
    own = asked.own
    values = {
        "unit": unit_value(signal.unit, own),
        "scaling": text_value(signal.scaling),
        "sampling_interval": quantity_value(signal.sampling_interval, own),
        "alarm": range_value(signal.alarm, unit, own),
        "historian": text_value(signal.historian),
        "retention": quantity_value(signal.retention, own),
        "system": text_value(signal.system),
        "manual_transcription": flag_value(given=signal.manual_transcription),
    }
    approvals = {name: tuple(_approvals(asked, given, name)) for name in values}
    for name, value in values.items():
        yield Field(name, SIGNAL_FIELDS[name][0], value, f"{side}.{name}", approvals[name])


def _approvals(asked: Asked, given: AutomationMap, name: str) -> Iterator[OwnApproval]:
    for each in given.differences:
        if name not in about(each):
            continue
        approval = each.approval
        reason = collapsed(each.disposition or "")
        if not written(reason):
            lacks = "it is listed without what is done about it"
        elif approval is None:
            lacks = "what is done about it is not approved"
        else:
            lacks = lacking(asked.package, map(str, approval.approvers), approval.rationale, approval.expires)
        approvers = tuple(map(str, approval.approvers)) if approval else ()
        yield OwnApproval(given.id, reason, approvers, approval.expires if approval else None, lacks)
