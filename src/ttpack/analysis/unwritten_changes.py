"""Changes of a record whose own text stays: the content of a file it names, the unit it takes from another record."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from ttpack.analysis.change import Change
from ttpack.analysis.index import Index
from ttpack.analysis.stated import Stated, stated_quantities
from ttpack.model.package import Package
from ttpack.model.units import UnitError, parse_unit, to_base


def attachment_changes(before: Index, after: Index) -> Iterator[Change]:
    """Files whose content changed under the same name: major, moderate where the record gives another version."""
    for (record, file), (version, digest) in sorted(after.attachments.items()):
        known = before.attachments.get((record, file))
        if known is not None and known[1] != digest:
            yield Change(
                record, after.kinds.get(record, ""), "attachments", "attachment_changed",
                f"{file} {known[1]}", f"{file} {digest}", significance="major" if known[0] == version else "moderate",
            )  # fmt: skip


def inherited_unit_changes(before: Package, after: Package) -> Iterator[Change]:
    """Quantities that stand as they did but, since their unit is another record's and changed, are others now."""
    known = {(stated.record, stated.path): stated for stated in _inherited(before)}
    for new in _inherited(after):
        old = known.get((new.record, new.path))
        if old is None or old.unit == new.unit:
            continue
        same_text = _numbers(old) == _numbers(new)
        if same_text and _in_base(old, before) != _in_base(new, after):
            kind = after.records[new.record].kind
            yield Change(
                new.record, kind, new.path, "unit_changed", old.unit, new.unit, significance="major",
                unit_before=old.unit or "", unit_after=new.unit or "",
            )  # fmt: skip


def _inherited(package: Package) -> Iterator[Stated]:
    return (stated for stated in stated_quantities(package) if stated.elsewhere)


def _numbers(stated: Stated) -> list[Decimal]:
    ends = (end for _, given in stated.ranges for end in (given.low, given.high) if end is not None)
    return [*(value for _, value in stated.values), *(width for _, width in stated.widths), *ends]


def _in_base(stated: Stated, package: Package) -> list[Fraction] | str | None:
    try:
        unit = parse_unit(stated.unit or "", package.own_units)
        return [to_base(number, unit) for number in _numbers(stated)]
    except UnitError:
        return stated.unit
