"""Which unit a field's numbers are in, by the same rules as the checks: never one that merely stands nearby."""

from decimal import Decimal

from pydantic import BaseModel

from ttpack.analysis.stated import IMPLIED_UNITS, VALUES, WIDTHS


def field_unit(part: BaseModel, name: str, around: str | None) -> str | None:
    """The unit of the numbers in one field of a record or part; None where it has none or its value brings its own.

    A field with a unit field of its own (`turnaround_unit`) is in that unit; one of a fixed quantity kind is not in
    the record's; a plain number is in the record's unit only where it is a value or a width of the quantity itself,
    so that a score or a count never is.
    """
    model = type(part)
    if f"{name}_unit" in model.model_fields:
        own = getattr(part, f"{name}_unit")
        return own if isinstance(own, str) else None
    if name in IMPLIED_UNITS:
        return IMPLIED_UNITS[name]
    extra = model.model_fields[name].json_schema_extra
    if isinstance(extra, dict) and "x-quantity-kind" in extra:
        return None
    here = getattr(part, "unit", None) or around
    if isinstance(getattr(part, name), Decimal) and name not in (*VALUES, *WIDTHS):
        return None
    return here if isinstance(here, str) else None
