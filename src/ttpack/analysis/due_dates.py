"""Due dates of many records, the planned date of each gate looked up once."""

from datetime import date

from ttpack.analysis.ownership import planned_date
from ttpack.model.package import Package


class DueDates:
    """What `ownership.due_date` answers, remembered: ten thousand items name few gates."""

    def __init__(self, package: Package) -> None:
        """Remember nothing yet."""
        self._package = package
        self._planned: dict[tuple[str, str | None], date | None] = {}

    def planned(self, gate: str | None, site: str | None) -> date | None:
        """When a gate of a site is planned; None where nothing says."""
        if not gate:
            return None
        key = (gate, site)
        if key not in self._planned:
            self._planned[key] = planned_date(self._package, gate, site)
        return self._planned[key]

    def due(self, due: date | None, due_gate: str | None, site: str | None) -> date | None:
        """The date something is due: its own, else that of the gate by which it is due."""
        return due or self.planned(due_gate, site)
