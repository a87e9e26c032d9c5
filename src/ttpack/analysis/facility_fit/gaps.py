"""Who closes what does not fit, and by which gate: as agreed in a record, else as proposed from who owns what."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Final

from ttpack.analysis.due_dates import DueDates
from ttpack.analysis.facility_fit.verdict import Gap
from ttpack.model.facility import EquipmentRequirement, SiteEquipment
from ttpack.model.knowledge import Assumption, OpenItem
from ttpack.model.package import Package
from ttpack.model.record import GATES, Record
from ttpack.model.risk import Risk

LEAST_DUE_GATE: Final = "G3"
"""The gate at which facility fit is due (EQP-03)."""
SETTLED: Final = frozenset({"answered", "closed", "confirmed", "refuted"})
"""What is settled agrees on nothing that is still to be done."""


class Gaps:
    """The open records of a package that agree on an owner and a due gate, by what they name."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._proposals: dict[tuple[str, str, str | None], Gap] = {}
        self._dates = DueDates(package)

    @property
    def any_agreed(self) -> bool:
        """Whether anything is agreed at all, or an open item is there to agree on it."""
        return bool(self._agreed or self._incomplete)

    def closing(self, about: Iterable[str], site: str, owner: str, gate: str) -> Gap:
        """Who closes something at a site: as agreed, else as proposed. `about` as in `agreed_for`."""
        names = tuple(about)
        return self.agreed_for(names, site) or self.proposed(owner, gate, self._asked_of(names, site))

    def agreed_for(self, about: Iterable[str], site: str) -> Gap | None:
        """What is agreed about something at a site: `about` are the records that do not fit, most exact first."""
        for record in about:
            for where, gap in self._agreed.get(record, ()):
                if where == site:
                    return gap
        return None

    def proposed(self, owner: str, gate: str, asked_of: str | None = None) -> Gap:
        """Who would close a gap that nobody has agreed to close, and by when."""
        key = (owner, gate, asked_of)
        known = self._proposals.get(key)
        if known is None:
            due_gate = max(LEAST_DUE_GATE, next_gate(gate))
            known = self._proposals[key] = Gap(owner, due_gate, None, asked_of)
        return known

    def _asked_of(self, about: Iterable[str], site: str) -> str | None:
        return next((self._incomplete[one, site] for one in about if (one, site) in self._incomplete), None)

    @cached_property
    def _agreed(self) -> Mapping[str, list[tuple[str, Gap]]]:
        found: dict[str, list[tuple[str, Gap]]] = {}
        for record, owner, due_gate, site, about in self._open():
            due = record.due if isinstance(record, OpenItem) else None
            if not owner or not (due_gate or due) or record.status in SETTLED:
                continue
            for one, where in self._covered(record, site, about):
                by = due_gate or self._gate_by(due, where)
                if by:
                    found.setdefault(one, []).append((where, Gap(str(owner), by, record.id)))
        return found

    @cached_property
    def _incomplete(self) -> Mapping[tuple[str, str], str]:
        """Open items that agree on nothing because their owner or their date is missing, by what and where."""
        found: dict[tuple[str, str], str] = {}
        for item in self._package.in_force(OpenItem):
            if item.status not in SETTLED and not (item.owner and (item.due_gate or item.due)):
                for key in self._covered(item, item.site, item.relates_to):
                    found.setdefault(key, item.id)
        return found

    def _gate_by(self, due: date | None, site: str) -> str | None:
        """The first gate of a site that is planned on a date or after it; None where none is."""
        planned = ((gate, self._dates.planned(gate, site)) for gate in GATES)
        return next((gate for gate, day in planned if day and due and day >= due), None)

    def _covered(self, record: Record, site: str | None, about: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """What a record agrees on, and where.

        Of a record that names an item of equipment and a parameter only that parameter on that item's site is meant.
        What names neither a site nor equipment is about the process in general, and so is the risk of a parameter.
        """
        items = [item for one in dict.fromkeys(about) if (item := self._package.get(one, SiteEquipment))]
        asked = [one for one in dict.fromkeys(about) if self._package.get(one, EquipmentRequirement)]
        if isinstance(record, Risk) and not items and not asked:
            return
        hardware = {*(item.id for item in items), *asked}
        exact = [one for one in dict.fromkeys(about) if one not in hardware]
        for where in dict.fromkeys([site] if site else [item.site for item in items]):
            for one in exact or sorted(hardware) if where else ():
                yield one, str(where)

    def _open(self) -> Iterator[tuple[Record, str | None, str | None, str | None, tuple[str, ...]]]:
        package = self._package
        for item in package.in_force(OpenItem):
            yield item, item.owner, item.due_gate, item.site, item.relates_to
        for risk in package.in_force(Risk):
            yield risk, risk.owner, risk.due_gate, risk.site, tuple(filter(None, (risk.item, *risk.items)))
        for one in package.in_force(Assumption):
            yield one, one.receiving_owner or one.owner, one.due_gate, one.site, one.affected


def next_gate(gate: str) -> str:
    """The gate after the last one passed; the last has none after it."""
    after = [one for one in GATES if one > gate]
    return after[0] if after else GATES[-1]


def closed_elsewhere(gap: Gap | None, gate: str) -> bool:
    """Whether no rule on facility fit has to ask who closes it: that is agreed, or GOV-04 asks the open item."""
    return agreed(gap, gate) or (gap is not None and gap.asked_of is not None)


def agreed(gap: Gap | None, gate: str) -> bool:
    """Whether somebody has agreed to close a gap, by a gate that the site has not passed yet."""
    return gap is not None and gap.record is not None and bool(gap.owner) and gap.due_gate > gate
