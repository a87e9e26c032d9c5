"""What an authority approved about one field of one record: established conditions and protocols (ICH Q12).

Only what was approved before the change, is cited by submission and date, and is untouched by the change itself can
take the place of the profile's row; a flag that somebody sets changes nothing. What asks for more always counts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ttpack.analysis.change_rules.rule import Classified
from ttpack.analysis.change_rules.sides import Sides, field_path
from ttpack.analysis.reporting_markets import Market, market_key
from ttpack.analysis.reporting_profiles import NONE, NamedProfile
from ttpack.model.ids import overlay_parts
from ttpack.model.status import OUT_OF_FORCE, STANDING

KIND = "established_condition"
COVERS = "covers"
_POSITION = re.compile(r"\[[0-9]+\]")
PQS_ONLY = "not reported: recorded in the pharmaceutical quality system only"
NOT_ESTABLISHED = "b: approved lifecycle document or dossier commitment says it is no established condition"
PROTOCOL = "c: approved comparability protocol"
ESTABLISHED = "d: approved established condition"


@dataclass(frozen=True, slots=True)
class Condition:
    """An established condition that stands to a changed field.

    `standing` says that it covers the field, was approved before the change, is so after it, and that the change
    leaves it as it was; `why_not` says what is missing.
    """

    record: str
    raw: Mapping[str, Any]
    standing: bool
    why_not: str = ""

    def text(self, name: str) -> str:
        """A field as text, empty where it is not given."""
        return str(self.raw.get(name) or "").strip()

    def cited(self, what: str) -> str:
        """The submission and date of the `lifecycle` document or `protocol`; empty where either is missing."""
        submission, approved_on = self.text(f"{what}_submission"), self.text(f"{what}_approved_on")
        return f"{submission}, approved on {approved_on}" if submission and approved_on else ""

    @property
    def precision(self) -> int:
        """How closely it names the field: more for a part of a part."""
        return len(self.text("element_field").split(".")) if self.text("element_field") else 0

    @property
    def category(self) -> str:
        """The category stated, in terms of ICH Q12."""
        return self.text("category") if self.raw.get("is_established_condition") is not False else ""

    @property
    def claims(self) -> bool:
        """Whether it says anything that could take the place of a row."""
        return bool(
            self.raw.get("is_established_condition") is False or self.category or self.text("protocol_category")
        )


@dataclass(frozen=True, slots=True)
class Fixed:
    """A category that takes the place of the row, by which step, with its citation."""

    category: str
    basis: str
    wording: str
    record: str


class Conditions:
    """The established conditions of both revisions."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    @cached_property
    def _by_element(self) -> Mapping[str, list[tuple[str, Mapping[str, Any], bool]]]:
        """By element as each revision calls it: the record, and whether it is of the earlier revision."""
        found: dict[str, list[tuple[str, Mapping[str, Any], bool]]] = {}
        for state, earlier in ((self.sides.before, True), (self.sides.after, False)):
            for record, raw in state.of_kind(KIND):
                if raw.get("element") and raw.get("status") not in OUT_OF_FORCE:
                    found.setdefault(str(raw["element"]), []).append((record, raw, earlier))
        return found

    def of(self, one: Classified, market: Market) -> list[Condition]:
        """The conditions of a market that cover or touch a change, the most precise first.

        A condition of a record is also one of its site overlays; a record that was renamed keeps its own.
        """
        former = self.sides.former_ids
        base, site = overlay_parts(one.change.record)
        was = former.get(base, base)
        names = {one.change.record, base, former.get(one.change.record, base), was, f"{was}@{site}" if site else was}
        found = {}
        for name in sorted(names):
            for record, raw, earlier in self._by_element.get(name, ()):
                stands = _stands(str(raw.get("element_field") or "").strip(), field_path(one.change))
                if stands and market_key(raw.get("market")) == market.key and (earlier or self._differs(record, raw)):
                    why_not = self._why_not(record, raw, market, stands, earlier=earlier)
                    found[record, earlier] = Condition(record, raw, not why_not, why_not)
        return sorted(found.values(), key=lambda item: (-item.precision, item.record, not item.standing))

    def _why_not(self, record: str, raw: Mapping[str, Any], market: Market, stands: str, *, earlier: bool) -> str:
        if not earlier:
            return "was not so before this change"
        if raw.get("status") not in STANDING:
            return "was not approved or effective before this change"
        now = self.sides.now(self._later.get(record, record))
        if not now or self._changed(record) or now.get("status") not in STANDING:
            return "is changed by this very change"
        if not market.approved_throughout:
            return "is for a market that is not approved both before and after this change"
        return "" if stands == COVERS else stands

    @cached_property
    def _later(self) -> Mapping[str, str]:
        return {old: new for new, old in self.sides.former_ids.items()}

    def _changed(self, record: str) -> bool:
        return self._later.get(record, record) in self.sides.by_record or record in self.sides.by_record

    def _differs(self, record: str, raw: Mapping[str, Any]) -> bool:
        """Whether the later revision says something else than the earlier one."""
        return self._changed(record) or self.sides.was(record).get("status") != raw.get("status")


def _stands(field: str, path: str) -> str:
    """How a condition of a field stands to a changed one: it covers it, else in words; empty where it does not."""
    plain = _POSITION.sub("", field)
    if not plain or path == plain or path.startswith(f"{plain}."):
        return COVERS if field == plain else "names an item by its place, and places move"
    return "is about a part of what changed" if not path or plain.startswith(f"{path}.") else ""


def fixed(conditions: Iterable[Condition], rule: str, profile: NamedProfile) -> Fixed | None:
    """What takes the place of a row: the first of (b), (c) and (d) that an approved condition gives."""
    standing = [one for one in conditions if one.standing]
    for one in standing:
        opposed = any(
            other.raw.get("is_established_condition") and other.precision >= one.precision for other in standing
        )
        found = None if opposed else _not_established(one)
        if found:
            return found
    steps = (*(_protocol(one, rule, profile) for one in standing), *(_established(one, profile) for one in standing))
    return next((found for found in steps if found), None)


def raised(conditions: Iterable[Condition], profile: NamedProfile) -> Iterator[Fixed]:
    """Categories that approved records of either revision state: they count where they ask for more than the row."""
    for one in conditions:
        code = profile.of_q12(one.category) if one.category and (one.text("status") or None) in STANDING else ""
        if code:
            cited = one.cited("lifecycle") or "no submission and date cited"
            yield Fixed(code, ESTABLISHED, f"{one.category} by {one.record} ({cited})", one.record)


def not_counted(conditions: Iterable[Condition], rule: str, profile: NamedProfile) -> Iterator[str]:
    """Why conditions that claim a category, or that there is none to report, do not take the place of the row."""
    conditions = list(conditions)
    said: dict[str, str] = {}
    for one in conditions:
        why_not = one.why_not or ("" if fixed([one], rule, profile) else _lacking(one, rule))
        if one.claims and why_not:
            said.setdefault(one.record, f"{one.record} {why_not}: it does not lower the category")
    yield from said.values()
    standing = [one for one in conditions if one.standing]
    if {True, False} <= {one.raw.get("is_established_condition") for one in standing}:
        yield f"{', '.join(sorted(one.record for one in standing))} contradict each other"


def _lacking(one: Condition, rule: str) -> str:
    rules = one.raw.get("protocol_rules") or ()
    if one.text("protocol_category") and one.cited("protocol") and rules and rule not in rules:
        return f"has a protocol about {', '.join(map(str, rules))}, not about {rule}"
    if one.text("protocol_category") and one.cited("protocol"):
        return f"names the category {one.text('protocol_category')}, which the profile does not know"
    return "cites no submission and date of an approval"


def _not_established(one: Condition) -> Fixed | None:
    cited = one.cited("lifecycle")
    if one.raw.get("is_established_condition") is not False or not cited:
        return None
    document = one.text("lifecycle_document")
    source = f"{document}, {cited}" if document else cited
    return Fixed(NONE, NOT_ESTABLISHED, f"{PQS_ONLY} ({one.record}: {source})", one.record)


def _protocol(one: Condition, rule: str, profile: NamedProfile) -> Fixed | None:
    stated, cited, rules = one.text("protocol_category"), one.cited("protocol"), one.raw.get("protocol_rules") or ()
    code = profile.of_q12(stated) if stated and cited and (not rules or rule in rules) else ""
    if not code:
        return None
    name = one.text("protocol") or "protocol"
    return Fixed(code, PROTOCOL, f"{stated} fixed in {name} ({one.record}: {cited})", one.record)


def _established(one: Condition, profile: NamedProfile) -> Fixed | None:
    cited = one.cited("lifecycle")
    code = profile.of_q12(one.category) if one.category and cited else ""
    return Fixed(code, ESTABLISHED, f"{one.category} by {one.record} ({cited})", one.record) if code else None
