"""What was agreed about a difference: by the site, by the record itself, or by an overlay's own reason."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ttpack.analysis.difference_approval import lacking
from ttpack.analysis.site_comparison.outcome import OPEN, WORST_FIRST, Agreement
from ttpack.analysis.site_comparison.statements import OwnApproval, collapsed, parsed_quantity
from ttpack.model.facility import Site, SiteDifference
from ttpack.model.package import Package
from ttpack.model.quality import DifferenceApproval


@dataclass(frozen=True)
class Agreements:
    """The agreements of a package as they stand at a date."""

    package: Package
    as_of: date

    def on(
        self,
        family: str,
        names: AbstractSet[str],
        field: str,
        texts: Mapping[str, str],
        own: Iterable[OwnApproval] = (),
    ) -> Agreement:
        """What was agreed about a field in which the two sites of `texts` differ.

        `names` are the records that the difference is about, `own` what those records say themselves. An agreement
        that counts wins over one that has ended, and that over one that is not whole.
        """
        found = [self._own(each) for each in own]
        for site, each in self._stated.get(frozenset(texts), ()):
            if _covers(each, family, names, field):
                found.append(self._judged(site, each, texts))
        return max(found, key=_rank, default=OPEN)

    @cached_property
    def _stated(self) -> dict[frozenset[str], list[tuple[Site, SiteDifference]]]:
        stated: dict[frozenset[str], list[tuple[Site, SiteDifference]]] = {}
        for site in self.package.in_force(Site):
            for each in site.differences:
                stated.setdefault(frozenset({site.id, each.other_site}), []).append((site, each))
        return stated

    def _own(self, given: OwnApproval) -> Agreement:
        where = (given.record,)
        if given.lacks:
            return Agreement("open", given.lacks, given.approvers, given.expires, where)
        if given.expires and given.expires < self.as_of:
            return Agreement("expired", _ended(given.expires, given.reason), given.approvers, given.expires, where)
        return Agreement("justified", given.reason, given.approvers, given.expires, where)

    def _judged(self, site: Site, each: SiteDifference, texts: Mapping[str, str]) -> Agreement:
        approvers = tuple(map(str, each.approvers))
        reason, where = collapsed(each.reason or ""), (site.id,)
        missing = lacking(self.package, approvers, each.reason, each.expires, "reason")
        changed = self._no_longer(each.values, texts)
        if changed:
            missing = changed
        elif each.disposition is None:
            missing = "its approval does not say whether it is justified or to be harmonised"
        if missing or each.disposition is None or each.expires is None:
            return Agreement("open", missing, approvers, each.expires, where)
        if each.expires < self.as_of:
            return Agreement("expired", _ended(each.expires, reason), approvers, each.expires, where)
        gate = max((self.package.manifest.gates.get(name, "G0") for name in texts), default="G0")
        if each.disposition == "harmonise" and each.due_gate and gate >= each.due_gate:
            text = f"it was to be harmonised by {each.due_gate}: {reason}"
            return Agreement("expired", text, approvers, each.expires, where)
        return Agreement(each.disposition, reason, approvers, each.expires, where)

    def _no_longer(self, agreed: Mapping[str, str], texts: Mapping[str, str]) -> str:
        """Which site no longer states what was agreed on, or was left out of what was written down when it was."""
        for site in sorted(agreed.keys() & texts.keys()):
            if not self._same(agreed[site], texts[site]):
                return f"it was agreed when {site} stated {collapsed(agreed[site])}, and holds no longer"
        left_out = sorted(texts.keys() - agreed.keys()) if agreed else []
        return f"its approval gives values, and none of {' nor of '.join(left_out)}" if left_out else ""

    def _same(self, agreed: str, text: str) -> bool:
        if collapsed(agreed).casefold() == collapsed(text).casefold():
            return True
        own = self.package.own_units
        first, second = parsed_quantity(agreed, own), parsed_quantity(text, own)
        return first is not None and second is not None and first.key == second.key


def own_approval(package: Package, record: str, given: DifferenceApproval | None) -> Iterator[OwnApproval]:
    """The approval that a record states of its own difference from other sites, if it does."""
    if given is not None:
        approvers = tuple(map(str, given.approvers))
        lacks = lacking(package, approvers, given.rationale, given.expires)
        yield OwnApproval(record, collapsed(given.rationale or ""), approvers, given.expires, lacks)


def _covers(each: SiteDifference, family: str, names: AbstractSet[str], field: str) -> bool:
    if each.family is None and each.record is None:
        return False
    return (
        each.family in (None, family)
        and (each.record is None or each.record in names)
        and (each.field is None or each.field == field or field.startswith((f"{each.field}.", f"{each.field}[")))
    )


def _ended(day: date, reason: str) -> str:
    return f"its approval ended on {day}" + (f": {reason}" if reason else "")


def _rank(each: Agreement) -> tuple[int, int, str]:
    return (WORST_FIRST.index(each.disposition), bool(each.reason), str(each.expires or ""))
