"""Questions about materials: how critical, of which composition, from where, in what place of the process.

A material is critical unless a record says that it is not, and its class is none of the critical ones. Where one
material takes the place of another, the one that goes and the one that comes are looked at together.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.inherited import citing
from ttpack.analysis.change_rules.sides import Raw, Sides, State, field_path
from ttpack.model.ids import is_record_id
from ttpack.model.status import OUT_OF_FORCE

CRITICAL_CLASSES = frozenset({"media", "resin", "filter", "excipient"})
_NO_RAW_MATERIAL = frozenset({"intermediate"})
_SPECIFICATION = ("composition", "grade", "specification", "attributes")
_STORAGE = re.compile(r"stor|shelf|expir|ship|transport|contain|closure|packag", re.IGNORECASE)


@condition
def critical_material(change: Change, sides: Sides) -> bool:
    """A raw material concerned is critical, or nothing shows that it is not."""
    return any(_critical(raw) for one in _materials(change, sides) for raw in sides.both(one))


@condition
def uncritical_material(change: Change, sides: Sides) -> bool:
    """Both sides show that no raw material concerned is critical, and its specification stays."""
    named = _materials(change, sides)
    raws = [raw for one in named for raw in sides.both(one)]
    return (
        bool(raws) and not any(_critical(raw) for raw in raws) and all(_same_specification(one, sides) for one in named)
    )


@condition
def becomes_qualified(change: Change, sides: Sides) -> bool:
    """A supplier is qualified that was not before."""
    del sides
    return str(change.after) == "qualified"


@condition
def same_composition(change: Change, sides: Sides) -> bool:
    """What is used after the change is of the class and composition of what was used before.

    A material that is new in the package has to state its composition; of two that both revisions know, and that
    state none, nothing says that they differ.
    """
    if change.record_kind == "material" and field_path(change) not in ("", "status", "unit_operations"):
        return _equal(sides.was(change.record), sides.now(change.record))
    if change.record_kind == "supplier":
        return all(_unchanged(one, sides) for one in _materials(change, sides))
    return all(_replaced_by_equal(one, change, sides) for one in _materials(change, sides))


@condition
def of_animal_origin(change: Change, sides: Sides) -> bool:
    """A material that comes with the change is of animal or human origin."""
    if change.record_kind == "material":
        return sides.now(change.record).get("animal_origin") is True
    return any(sides.now(one).get("animal_origin") is True for one in _named(change.after))


@condition
def single_use_material(change: Change, sides: Sides) -> bool:
    """A material concerned is a single-use system on some side."""
    return _any_class(change, sides, "single_use_system")


@condition
def intermediate_material(change: Change, sides: Sides) -> bool:
    """The material is an intermediate on some side."""
    return _any_class(change, sides, "intermediate")


@condition
def product_container(change: Change, sides: Sides) -> bool:
    """A material concerned is packaging of which no record says that it does not touch the product."""
    return any(
        raw.get("material_class") == "packaging" and raw.get("product_contact") is not False
        for one in _materials(change, sides)
        for raw in sides.both(one)
    )


@condition
def reuse_extended(change: Change, sides: Sides) -> bool:
    """An item may be used more often than before: more cycles, no limit any more, or the last cycle counted in."""
    was, now = (side.get("lifetime") for side in (sides.was(change.record), sides.now(change.record)))
    before, after = _cycles(was), _cycles(now)
    if before is None:
        return after is not None and after > 1 and not _has_lifetime(was)
    return after is None or after > before


@condition
def about_storage(change: Change, sides: Sides) -> bool:
    """The target is one of storage, shelf life, shipping or container."""
    words = (str(raw.get(name) or "") for raw in sides.both(change.record) for name in ("attribute", "title"))
    return any(_STORAGE.search(text) for text in words)


@condition
def single_use_item(change: Change, sides: Sides) -> bool:
    """The item of equipment is a single-use one on some side."""
    return any(raw.get("single_use") is True for raw in sides.both(change.record))


def _critical(raw: Raw) -> bool:
    if raw.get("material_class") in _NO_RAW_MATERIAL or raw.get("kind") != "material":
        return False
    return raw.get("gmp_critical") is not False or raw.get("material_class") in CRITICAL_CLASSES


def _any_class(change: Change, sides: Sides, name: str) -> bool:
    return any(raw.get("material_class") == name for one in _materials(change, sides) for raw in sides.both(one))


def _materials(change: Change, sides: Sides) -> list[str]:
    """The materials that a change is about: the changed one, those of a supplier, those that a place names."""
    if change.record_kind == "material":
        return [change.record]
    if change.record_kind == "supplier":
        if field_path(change) in ("materials", "qualified_for") and (
            item := {*_named(change.before), *_named(change.after)}
        ):
            return sorted(item)  # what a supplier delivers besides is not concerned
        named = {str(one) for raw in sides.both(change.record) for one in raw.get("materials") or ()}
        return sorted(named | {one for one in citing(change.record, sides, "suppliers", "supplier")
                               if sides.index.kinds.get(one) == "material"})  # fmt: skip
    return sorted({*_named(change.before), *_named(change.after)})


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, str) and is_record_id(value):
        yield value
    elif isinstance(value, Mapping):
        yield from _named(value.get("material"))
    elif isinstance(value, list):
        for one in value:
            yield from _named(one)


def _same_specification(material: str, sides: Sides) -> bool:
    was, now = sides.was(material), sides.now(material)
    return not was or not now or all(was.get(name) == now.get(name) for name in _SPECIFICATION)


def _equal(first: Raw, second: Raw) -> bool:
    same = first.get("material_class") == second.get("material_class")
    return same and _text(first.get("composition")) == _text(second.get("composition"))


def _text(value: object) -> object:
    return " ".join(value.split()).casefold() if isinstance(value, str) else value


def _unchanged(material: str, sides: Sides) -> bool:
    was, now = sides.was(material), sides.now(material)
    return not was or not now or _equal(was, now)


def _replaced_by_equal(material: str, change: Change, sides: Sides) -> bool:
    """Whether another material, or the same, of equal composition stands in the place on the other side."""
    return all(
        any(_interchangeable(material, other, sides) for other in others) for others in _places(material, change, sides)
    )


def _interchangeable(first: str, second: str, sides: Sides) -> bool:
    raws = [raw for one in (first, second) for raw in sides.both(one)]
    known = all(sides.was(one) and sides.now(one) for one in (first, second))
    equal = bool(raws) and all(_equal(raws[0], raw) for raw in raws)
    return equal and (known or all(raw.get("composition") for raw in raws))


def _places(material: str, change: Change, sides: Sides) -> Iterator[set[str]]:
    """What stands in the place of the material on the side where it is not; where it stays, on both."""
    before, after = _standing(change, sides.before, sides), _standing(change, sides.after, sides)
    if material not in after:
        yield after
    elif material not in before:
        yield before
    else:
        yield from (before, after)


def _standing(change: Change, state: State, sides: Sides) -> set[str]:
    """The materials in use where the changed one is, on one side."""
    raw = sides.was(change.record) if state is sides.before else sides.now(change.record)
    if change.record_kind == "bill_of_materials":
        place = _used_by(change.before) | _used_by(change.after)
        return {one for line in raw.get("lines") or () if _used_by(line) & place for one in _named(line)}
    if change.record_kind != "material":
        return set(_named(raw.get(field_path(change).partition(".")[0])))
    moved = {str(one) for one in (change.before, change.after) if is_record_id(str(one))}
    served = {str(unit) for one in sides.both(change.record) for unit in one.get("unit_operations") or ()}
    units = moved if field_path(change) == "unit_operations" else served
    return {
        other
        for other, given in state.of_kind("material")
        if units & set(given.get("unit_operations") or ()) and given.get("status") not in OUT_OF_FORCE
    }


def _used_by(line: Any) -> set[str]:
    return set(line.get("used_by") or ()) if isinstance(line, Mapping) else set()


def _has_lifetime(given: Any) -> bool:
    return isinstance(given, Mapping)


def _cycles(given: Any) -> int | None:
    """The most uses allowed; None where there is no limit."""
    if not isinstance(given, Mapping) or not isinstance(given.get("maximum_cycles"), int):
        return None
    return int(given["maximum_cycles"]) - (given.get("inclusive") is False)
