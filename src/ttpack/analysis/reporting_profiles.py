"""Which regulatory profile answers for a name, and what it proposes for a change rule.

A package's own profile goes before the shipped one of its name. It lowers a category only where it was approved
before the change and is the same after it: a change must not bring the profile that lets it through.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from ttpack.analysis.change_rules.sides import Sides, State
from ttpack.model.regulatory import RA_DECIDES, RegulatoryProfile, ReportingRow
from ttpack.model.status import APPROVED, OUT_OF_FORCE

KIND = "regulatory_profile"
NONE = "none"
SCALE: Mapping[str, int] = {"PA": 0, "NM": 10, "NL": 20, "NR": 30}
"""ICH Q12 from most to least restrictive; what lies between two of them is of neither."""
_LISTED = 12

Severity = tuple[int, int]
UNDECIDED: Severity = (SCALE["NM"], -1)
"""Below what needs prior approval, above everything else: it may turn out to be any of them."""


@dataclass(frozen=True)
class ProfileRecord:
    """A profile with the record that holds it; `record` is empty for a shipped one."""

    profile: RegulatoryProfile
    record: str = ""

    @cached_property
    def rows(self) -> Mapping[str, ReportingRow]:
        """The rows by rule; of two for one rule the first."""
        return {row.rule: row for row in reversed(self.profile.rows)}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of the vocabulary, from most to least restrictive."""
        return tuple(category.code for category in self.profile.vocabulary)

    @cached_property
    def severities(self) -> Mapping[str, Severity]:
        """Where each code stands. One without an ICH Q12 category counts as prior approval, `none` as not reported."""
        return {
            item.code: (SCALE[item.ich_q12 or ("NR" if item.code == NONE else "PA")], index)
            for index, item in enumerate(self.profile.vocabulary)
        }


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a profile proposes under a rule. `least` is empty where it gives one category alone."""

    category: str
    least: str = ""
    wording: str = ""
    source: str = ""
    as_worst: bool = False
    remark: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class NamedProfile:
    """The profile of one name over both revisions. `answering` gives the rows; `raising` may only raise them."""

    name: str
    answering: ProfileRecord
    shipped: ProfileRecord | None = None
    raising: tuple[ProfileRecord, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def origin(self) -> str:
        """Whether the rows come with ttpack or with the package."""
        return "package" if self.answering.record else "shipped"

    @property
    def version(self) -> str:
        """The version of the profile that answers."""
        return str(self.answering.profile.version or "")

    @property
    def source(self) -> str:
        """What the profile rests on."""
        cited = self.answering.profile.source
        return ", ".join(part for part in (cited.document, cited.version) if part) if cited else ""

    def severity(self, code: str) -> Severity:
        """How restrictive a category is, lower is more. A shipped profile of the name decides about codes it knows."""
        if code != RA_DECIDES:
            for one in (self.shipped, self.answering, *self.raising):
                if one and code in one.severities:
                    return one.severities[code]
        return UNDECIDED

    def of_q12(self, code: str) -> str:
        """The vocabulary's word for an ICH Q12 category or for one of its own codes; empty where it has none."""
        for one in (self.answering, *((self.shipped,) if self.shipped else ())):
            if code in one.codes:
                return code
            named = next((item.code for item in one.profile.vocabulary if item.ich_q12 == code), "")
            if named:
                return named
        return ""

    def q12_of(self, code: str) -> str:
        """The ICH Q12 category of a code, empty where it has none."""
        return next((name for name, scale in SCALE.items() if scale == self.severity(code)[0]), "")

    def proposed(self, rule: str) -> Proposed:
        """What is proposed under a rule: the row that answers, or a more restrictive one that may raise it."""
        found = self._from(self.answering, rule)
        if found is None and self.shipped and self.answering.record:
            found = self._from(
                self.shipped, rule, f"{self.answering.record} has no row for {rule}: the shipped one counts"
            )
        if found is None:
            found = Proposed(RA_DECIDES, wording=RA_DECIDES, notes=(f"{self.name} has no row for {rule}",))
        for other in self.raising:
            row = self._from(other, rule, f"the more restrictive row of {other.record or 'the shipped profile'} counts")
            if row and self.severity(row.category) < self.severity(found.category):
                found = row
        return found

    def _from(self, one: ProfileRecord, rule: str, *notes: str) -> Proposed | None:
        row = one.rows.get(rule)
        if row is None:
            return None
        said = list(notes)
        category = row.category
        if category != RA_DECIDES and category not in one.codes:
            said.append(f"{category} is not in the vocabulary of the profile")
            category = RA_DECIDES
        shipped = self.shipped.rows.get(rule) if self.shipped and one.record else None
        if shipped and self.severity(category) > self.severity(shipped.category):
            said.append(f"{one.record} loosens {rule} from {shipped.category} to {category}")
        return Proposed(
            category,
            least=row.least if row.least and row.least != category else "",
            wording=row.wording or row.category,
            source=row.source or "",
            as_worst=bool(row.as_worst_change),
            remark=row.note or "",
            notes=tuple(said),
        )


def named_profile(name: str, sides: Sides, shipped: Mapping[str, RegulatoryProfile]) -> NamedProfile | str:
    """The profile of a name, or why nothing can be computed with it."""
    known = ProfileRecord(shipped[name]) if name in shipped else None
    before, after = _of_name(name, sides.before), _of_name(name, sides.after)
    approved = [one for one in before if one.profile.status in APPROVED]
    if len(approved) > 1:
        return f"{_ids(approved)} are all approved as profile {name}"
    if not approved:
        if known is None:
            return f"nobody knows the profile {name}{_not_yet(after)}"
        return NamedProfile(name, known, known, tuple(after), _unapproved(after))
    mine = approved[0]
    same = any(one.profile == mine.profile or _same(one, mine, sides) for one in after)
    others = tuple(one for one in after if not (one.profile == mine.profile or _same(one, mine, sides)))
    if not after and known:
        others = (known,)
    notes = [f"profile of the package: {mine.record}, version {mine.profile.version or 'not stated'}"]
    if not same:
        notes.append(f"{mine.record} is changed by this very change: only what it raises counts")
    found = NamedProfile(name, mine, known, others)
    return NamedProfile(name, mine, known, others, (*notes, *_loosened(found)))


def _same(one: ProfileRecord, other: ProfileRecord, sides: Sides) -> bool:
    """Whether nothing of meaning is different between a profile before and after, and it still is approved."""
    unchanged = one.record not in sides.by_record
    return unchanged and one.profile.status in APPROVED and sides.former_ids.get(one.record, one.record) == other.record


def _of_name(name: str, state: State) -> list[ProfileRecord]:
    found = ((record, _profile(raw)) for record, raw in state.of_kind(KIND) if raw.get("profile") == name)
    return [ProfileRecord(one, record) for record, one in found if one and one.status not in OUT_OF_FORCE]


def _profile(raw: Mapping[str, Any]) -> RegulatoryProfile | None:
    try:
        return RegulatoryProfile.model_validate({key: raw[key] for key in raw if not key.startswith("x-")})
    except ValidationError:  # its own finding, from the check
        return None


def _loosened(found: NamedProfile) -> Iterable[str]:
    if found.shipped is None:
        return
    lower = [
        rule
        for rule, row in found.shipped.rows.items()
        if rule in found.answering.rows
        and found.severity(found.answering.rows[rule].category) > found.severity(row.category)
    ]
    if lower:
        more = f" and {len(lower) - _LISTED} more" if len(lower) > _LISTED else ""
        yield f"it loosens {', '.join(sorted(lower)[:_LISTED])}{more} against the shipped profile of that name"


def _unapproved(after: Iterable[ProfileRecord]) -> tuple[str, ...]:
    return tuple(f"{one.record} was not approved before this change: only what it raises counts" for one in after)


def _not_yet(after: list[ProfileRecord]) -> str:
    return f": {_ids(after)} was not approved before this change" if after else ""


def _ids(records: Iterable[ProfileRecord]) -> str:
    return ", ".join(one.record for one in records)
