"""The canonical order of fields: that of the models, with what says where a record comes from at its end."""

from collections.abc import Sequence
from functools import cache

from pydantic import BaseModel

from ttpack.model.fields import models_in
from ttpack.model.kinds import KINDS
from ttpack.model.record import Record

# The fields that all kinds share stand around the kind's own: who it is above, where it comes from below.
_TAIL = ("source", "basis", "assumption", "illustrative", "attachments", "know_how", "note")


class Shape:
    """Which fields a mapping may have, in their order; without models every order is right."""

    def __init__(self, models: tuple[type[BaseModel], ...] = ()) -> None:
        self._models = models

    def order(self, names: Sequence[str]) -> list[int]:
        """Positions of the names in canonical order; unknown and `x-` names last, in the order they came."""
        if not self._models:
            return list(range(len(names)))
        rank = _rank(self._model(names))
        return sorted(range(len(names)), key=lambda one: (rank.get(names[one], len(rank)), one))

    def child(self, name: str, names: Sequence[str]) -> "Shape":
        """The shape of the value of a field, in a mapping that holds `names`."""
        if not self._models:
            return self
        return _child(self._model(names), name)

    def _model(self, names: Sequence[str]) -> type[BaseModel]:
        """The model that knows most of the names."""
        if len(self._models) == 1:
            return self._models[0]
        return max(self._models, key=lambda model: sum(name in model.model_fields for name in names))


NO_SHAPE = Shape()


def record_shape(kind: object) -> Shape:
    """The shape of a record of that kind; without any order of its own for a kind that is not known."""
    return Shape((KINDS[kind],)) if isinstance(kind, str) and kind in KINDS else Shape((Record,))


@cache
def _rank(model: type[BaseModel]) -> dict[str, int]:
    names = [name for name in model.model_fields if name != "body"]
    if issubclass(model, Record):
        head = [name for name in Record.model_fields if name in names and name not in _TAIL]
        own = [name for name in names if name not in Record.model_fields]
        names = [*head, *own, *(name for name in _TAIL if name in names)]
    return {name: rank for rank, name in enumerate(names)}


@cache
def _child(model: type[BaseModel], name: str) -> Shape:
    if not model.__pydantic_fields_complete__:
        model.model_rebuild()
    info = model.model_fields.get(name)
    if info is None or _is_dictionary(info.annotation):
        return NO_SHAPE
    return Shape(tuple(models_in(info.annotation)))


def _is_dictionary(annotation: object) -> bool:
    """Whether the keys are the author's own, so that their order is too."""
    return str(annotation).startswith(("dict[", "typing.Dict[")) or "dict[" in str(annotation).partition("|")[0]
