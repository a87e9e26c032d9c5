"""Monitoring of rooms and utilities: what is monitored, how often, at which levels; limits are compared elsewhere."""

from collections.abc import Iterable, Iterator

from ttpack.analysis.site_comparison.statements import Field, code_value, collapsed, text_value
from ttpack.model.facility import MonitoringLimit


def monitoring_fields(monitoring: Iterable[MonitoringLimit]) -> Iterator[Field]:
    """Frequency and levels of each quantity; its limits belong to the acceptance criteria."""
    for index, one in enumerate(monitoring):
        quantity = collapsed(one.quantity).casefold()
        levels = " and ".join(level for level in ("alert", "action") if getattr(one, level) is not None)
        place = f"monitoring[{index}]"
        yield Field(f"monitoring.{quantity}.levels", f"levels of {quantity}", code_value(levels or "no level"), place)
        frequency = text_value(one.frequency)
        yield Field(f"monitoring.{quantity}.frequency", f"frequency of {quantity}", frequency, f"{place}.frequency")
