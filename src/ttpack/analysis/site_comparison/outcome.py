"""What a comparison of sites answers: the differences and what was agreed, what is equal, what cannot be compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from ttpack.analysis.site_comparison.statements import Subject

Disposition = Literal["open", "expired", "harmonise", "justified"]
WORST_FIRST: Final[tuple[Disposition, ...]] = ("open", "expired", "harmonise", "justified")
UNSETTLED: Final = frozenset({"open", "expired"})
FAMILIES: Final = {
    "parameters": "Parameters",
    "equipment": "Equipment",
    "geometry": "Geometry",
    "automation": "Automation",
    "rooms": "Rooms",
    "utilities": "Utilities",
    "cleaning": "Cleaning",
    "validation_strategy": "Validation strategy",
    "acceptance_criteria": "Acceptance criteria",
    "deviation_terms": "Deviation terms",
    "change_procedure": "Change procedure",
}
"""Every family that is compared, in the order in which it is shown, and its name."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed about a difference between two sites, or what is still missing for that."""

    disposition: Disposition
    reason: str = ""
    approvers: tuple[str, ...] = ()
    expires: date | None = None
    approved_in: tuple[str, ...] = ()


OPEN: Final = Agreement("open")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site states a value: a record and a field of it."""

    record: str
    field: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing of which sites state different values.

    `groups` are the values in words, each with the sites that state it, the reference's first; `by_site` is what was
    agreed for each site that differs from the `reference`; `places` is where each site's value stands; `measured` are
    the sites that state nothing but numbers.
    """

    family: str
    subject: Subject
    record: str
    field: str
    label: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    reference: str
    by_site: Mapping[str, Agreement]
    places: Mapping[str, Place]
    remark: str = ""
    measured: frozenset[str] = frozenset()

    @property
    def values(self) -> dict[str, str]:
        """What each site states, in words."""
        return {site: text for text, sites in self.groups for site in sites}

    @property
    def agreement(self) -> Agreement:
        """What was agreed, as the worst of what was agreed for the sites."""
        found = sorted(self.by_site.items(), key=lambda each: (WORST_FIRST.index(each[1].disposition), each[0]))
        if not found:
            return OPEN
        worst = found[0][1].disposition
        counted = [(site, each) for site, each in found if each.disposition == worst]
        reasons: dict[str, list[str]] = {}
        for site, each in counted:
            if each.reason:
                reasons.setdefault(each.reason, []).append(site)
        shown = [
            reason if len(sites) == len(self.by_site) else f"{', '.join(sites)}: {reason}"
            for reason, sites in reasons.items()
        ]
        ends = [each.expires for _, each in counted if each.expires]
        return Agreement(
            worst,
            "; ".join(shown),
            tuple(sorted({name for _, each in counted for name in each.approvers})),
            min(ends, default=None),
            tuple(sorted({name for _, each in counted for name in each.approved_in})),
        )

    def as_json(self) -> dict[str, Any]:
        """The difference as a JSON object, its keys in a fixed order."""
        agreed = self.agreement
        return {
            "family": self.family,
            "record": self.record,
            "field": self.field,
            "label": self.label,
            "values": dict(sorted(self.values.items())),
            "records": {site: place.record for site, place in sorted(self.places.items())},
            "disposition": agreed.disposition,
            "reason": agreed.reason,
            "remark": self.remark,
            "approvers": list(agreed.approvers),
            "expires": agreed.expires.isoformat() if agreed.expires else None,
            "approved_in": list(agreed.approved_in),
        }


@dataclass(frozen=True, slots=True)
class Equal:
    """One thing of which all sites compared state the same."""

    family: str
    record: str
    field: str
    label: str
    text: str

    def as_json(self) -> dict[str, Any]:
        """The entry as a JSON object, its keys in a fixed order."""
        return {
            "family": self.family, "record": self.record, "field": self.field, "label": self.label, "value": self.text,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotComparable:
    """A site, or with a record one thing of it, that cannot be compared in a family, and why."""

    family: str
    site: str
    reason: str
    record: str = ""

    def as_json(self) -> dict[str, Any]:
        """The entry as a JSON object, its keys in a fixed order."""
        return {"family": self.family, "site": self.site, "record": self.record, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between sites at a date; `rows_equal` are the equal rows where they were asked for."""

    sites: tuple[str, ...]
    reference: str
    as_of: date
    differences: tuple[Difference, ...]
    equal: Mapping[str, int]
    not_comparable: tuple[NotComparable, ...]
    rows_equal: tuple[Equal, ...] | None = None

    @property
    def unsettled(self) -> tuple[Difference, ...]:
        """Differences that nobody has agreed on, or whose agreement has ended."""
        return tuple(each for each in self.differences if each.agreement.disposition in UNSETTLED)

    def as_json(self) -> dict[str, Any]:
        """The answer as JSON, its keys in a fixed order. `equal_rows` is there only where it was asked for."""
        answer: dict[str, Any] = {
            "sites": list(self.sites),
            "reference": self.reference,
            "as_of": self.as_of.isoformat(),
            "differences": [each.as_json() for each in self.differences],
            "equal": dict(self.equal),
            "not_comparable": [each.as_json() for each in self.not_comparable],
        }
        if self.rows_equal is not None:
            answer["equal_rows"] = [each.as_json() for each in self.rows_equal]
        return answer
