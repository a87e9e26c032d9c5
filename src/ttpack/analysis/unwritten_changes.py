"""Changes of a record whose own text stays: the content of a file it names, the unit that another record gives it."""

from collections.abc import Iterator
from decimal import Decimal

from ttpack.analysis.change import Change, Direction
from ttpack.analysis.index import Index
from ttpack.analysis.stated import Stated, stated_quantities
from ttpack.model.package import Package
from ttpack.model.units import Unit, UnitError, parse_unit, to_base


def attachment_changes(before: Index, after: Index) -> Iterator[Change]:
    """Files whose content changed under the same name: major, moderate where the record gives another version."""
    for (record, file), (version, digest) in sorted(after.attachments.items()):
        known = before.attachments.get((record, file))
        if known is not None and known[1] != digest:
            yield Change(
                record, after.kinds.get(record, ""), "attachments", "attachment_changed",
                f"{file} {known[1]}", f"{file} {digest}", significance="major" if known[0] == version else "moderate",
            )  # fmt: skip


def unit_meaning_changes(before: Package, after: Package) -> Iterator[Change]:
    """Quantities that stand as they did but are others now, by the field that states them.

    Their unit is another record's that changed, or one of the package's own that is defined otherwise.
    """
    known = {(stated.record, stated.path): stated for stated in _by_others(before)}
    for new in _by_others(after):
        old = known.get((new.record, new.path))
        if old is None or _numbers(old) != _numbers(new) or not _numbers(new):
            continue
        units = _unit(old, before), _unit(new, after)
        if (old.unit == new.unit and units[0] == units[1]) or _same(_numbers(new), *units):
            continue
        yield Change(
            new.record, after.records[new.record].kind, _field(new), "unit_changed", old.unit, new.unit,
            significance="major", direction=_direction(_numbers(new), *units),
            magnitude=f"{new.unit} is defined otherwise" if old.unit == new.unit else "",
            unit_before=old.unit or "", unit_after=new.unit or "",
        )  # fmt: skip


def _by_others(package: Package) -> Iterator[Stated]:
    """What is stated in a unit that another record gives: what it overlays or is about, or the unit's definition."""
    own = package.own_units
    return (
        stated
        for stated in stated_quantities(package)
        if stated.elsewhere or (own and stated.unit and any(name in stated.unit for name in own))
    )


def _field(stated: Stated) -> str:
    """The field that the quantity stands in: the only number or range, else the part that holds them."""
    places = [path for path, _ in (*stated.values, *stated.widths, *stated.ranges)]
    return places[0] if len(places) == 1 else stated.path


def _numbers(stated: Stated) -> list[Decimal]:
    ends = (end for _, given in stated.ranges for end in (given.low, given.high) if end is not None)
    return [*(value for _, value in stated.values), *(width for _, width in stated.widths), *ends]


def _unit(stated: Stated, package: Package) -> Unit | None:
    try:
        return parse_unit(stated.unit or "", package.own_units)
    except UnitError:
        return None


def _same(numbers: list[Decimal], old: Unit | None, new: Unit | None) -> bool:
    if old is None or new is None or old.dimension != new.dimension:
        return False
    return all(to_base(number, old) == to_base(number, new) for number in numbers)


def _direction(numbers: list[Decimal], old: Unit | None, new: Unit | None) -> Direction:
    """Which way all numbers moved, if it is one way."""
    if old is None or new is None or old.dimension != new.dimension:
        return ""
    moves = {to_base(number, new) > to_base(number, old) for number in numbers if number}
    return ("increased" if True in moves else "decreased") if len(moves) == 1 else ""
