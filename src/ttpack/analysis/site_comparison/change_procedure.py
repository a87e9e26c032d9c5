"""Each site's own change procedure, by the class of change of the package."""

from collections.abc import Iterator
from typing import Final, get_args

from ttpack.analysis.site_comparison.statements import (
    NONE,
    Asked,
    Field,
    Statement,
    Subject,
    Value,
    code_value,
    codes_value,
    flag_value,
    quantity_value,
    text_value,
)
from ttpack.model.record import Significance
from ttpack.model.regulatory import ChangeProcedure, ClassTerm

_PROCEDURE: Final = Subject(("procedure",), "Change procedure")


def statements(asked: Asked) -> Iterator[Statement]:
    """The terms of each class with their thresholds, functions, notice and approval, and what a protocol answers."""
    for given in asked.package.in_force(ChangeProcedure):
        if given.site and asked.among(given.site):
            fields = tuple(_fields(asked, given))
            yield Statement(_PROCEDURE, (given.site,), given.id, given.name, fields)


def _fields(asked: Asked, given: ChangeProcedure) -> Iterator[Field]:
    for each in get_args(Significance):
        terms = [(index, term) for index, term in enumerate(given.class_terms) if term.package_class == each]
        name, place = f"class_terms.{each}", f"class_terms[{terms[0][0]}]" if terms else "class_terms"
        if not terms and given.class_terms:
            yield Field(f"{name}.term", f"term for {each}", Value(NONE, ("none",)), place)
        for field, label, values in _columns(asked, [term for _, term in terms]):
            value = _together(values)
            yield Field(f"{name}.{field}", f"{label} {each}", value, f"{place}.{field}")
    yield Field("protocol_items", "what a change protocol answers", codes_value(given.protocol_items))


def _columns(asked: Asked, terms: list[ClassTerm]) -> Iterator[tuple[str, str, list[Value | None]]]:
    if terms:
        yield "term", "term for", [code_value(term.term) for term in terms]
        yield "threshold", "threshold of", [text_value(term.threshold) for term in terms]
        yield "required_functions", "functions required for", [codes_value(term.required_functions) for term in terms]
        notice = [quantity_value(term.sponsor_notice, asked.own) for term in terms]
        yield "sponsor_notice", "notice to the sponsor for", notice
        approval = [flag_value(given=term.sponsor_approval) for term in terms]
        yield "sponsor_approval", "approval of the sponsor for", approval


def _together(values: list[Value | None]) -> Value | None:
    """Several terms of one class: each keeps what it says, whatever their order."""
    known = {value.key: value for value in values if value is not None}
    if len(known) < 2:  # noqa: PLR2004  one value stands for itself
        return next(iter(known.values()), None)
    found = sorted(known.values(), key=lambda value: value.text)
    return Value("; ".join(value.text for value in found), ("several", *(value.key for value in found)))
