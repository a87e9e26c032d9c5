"""The comparison of sites: what each states, family by family, subject by subject, field by field."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ttpack.analysis.site_comparison import (
    acceptance_criteria,
    automation,
    change_procedure,
    cleaning,
    deviation_terms,
    equipment,
    geometry,
    parameters,
    rooms,
    utilities,
    validation_strategy,
)
from ttpack.analysis.site_comparison.agreements import Agreements
from ttpack.analysis.site_comparison.outcome import (
    FAMILIES,
    Agreement,
    Comparison,
    Difference,
    Equal,
    NotComparable,
    Place,
)
from ttpack.analysis.site_comparison.statements import (
    NONE,
    NOT_STATED,
    Asked,
    Field,
    Key,
    OwnApproval,
    Statement,
    Subject,
    Value,
    convertible,
    no_fields,
)
from ttpack.model.package import Package

PRESENT: Final = "present"
"""Field of a difference that is about a thing as a whole: one site has it, another has not."""

_FIND: Final = {
    "parameters": parameters.statements,
    "equipment": equipment.statements,
    "geometry": geometry.statements,
    "automation": automation.statements,
    "rooms": rooms.statements,
    "utilities": utilities.statements,
    "cleaning": cleaning.statements,
    "validation_strategy": validation_strategy.statements,
    "acceptance_criteria": acceptance_criteria.statements,
    "deviation_terms": deviation_terms.statements,
    "change_procedure": change_procedure.statements,
}


def compare_sites(
    package: Package,
    sites: Iterable[str],
    as_of: date,
    *,
    families: Iterable[str] = tuple(FAMILIES),
    rows_equal: bool = False,
) -> Comparison:
    """What differs between sites and what was agreed about it at a date; equal rows only with `rows_equal`.

    Every site is held against one of them, the reference: the first sending site, else the first named. The work
    grows with what the records state, not with the pairs of sites.
    """
    asked = Asked(package, tuple(dict.fromkeys(sites)))
    reference = next(
        (site for site in asked.sites if site in package.sending_sites), asked.sites[0] if asked.sites else ""
    )
    run = _Run(asked, reference, Agreements(package, as_of), rows_equal=rows_equal)
    for family in FAMILIES:
        if family in set(families):
            run.family(family, list(_FIND[family](asked)))
    return Comparison(
        asked.sites, reference, as_of, tuple(run.differences), run.equal, tuple(run.not_comparable),
        tuple(run.rows) if rows_equal else None,
    )  # fmt: skip


@dataclass
class _Run:
    """What a comparison has found so far."""

    asked: Asked
    reference: str
    agreements: Agreements
    rows_equal: bool
    differences: list[Difference] = field(default_factory=list)
    equal: dict[str, int] = field(default_factory=dict)
    rows: list[Equal] = field(default_factory=list)
    not_comparable: list[NotComparable] = field(default_factory=list)

    def family(self, family: str, statements: Sequence[Statement]) -> None:
        """Compare what the sites state in one family."""
        stating = {site for each in statements if not no_fields(each) for site in each.sites}
        name = FAMILIES[family].lower()
        if not stating:
            self.not_comparable.append(NotComparable(family, "", f"no site states {name}"))
            return
        for site in self.asked.sites:
            if site not in stating:
                self.not_comparable.append(NotComparable(family, site, f"{site} states no {name}"))
        self.equal[family] = 0
        if len(stating) < 2:  # noqa: PLR2004  one site alone differs from nobody
            return
        by_subject: dict[object, list[Statement]] = {}
        for each in statements:
            by_subject.setdefault(each.subject.key, []).append(each)
        compared = [site for site in self.asked.sites if site in stating]
        for stated in by_subject.values():
            if len(stated) == 1 and len(stated[0].sites) == len(self.asked.sites):
                self._said_for_all(family, stated[0])
            else:
                self._subject(_Subject(family, compared, stated))

    def _said_for_all(self, family: str, one: Statement) -> None:
        """What one record says for every site is equal; of thousands of parameters most are."""
        for each in one.fields:
            if each.value is not None:
                self._equals(family, one.subject, one.record, each, each.value.text)

    def _subject(self, subject: "_Subject") -> None:
        if subject.absent and subject.stating:
            self._present(subject)
        if len(subject.stating) > 1:
            for name in subject.field_names:
                self._field(subject, name)

    def _present(self, subject: "_Subject") -> None:
        groups: dict[str, list[str]] = {}
        compared = [site for site in subject.compared if site in subject.stating or site in subject.absent]
        for site in compared:
            mine = subject.of(site)
            text = "; ".join(dict.fromkeys(each.title for each in mine)) if site in subject.stating else ""
            groups.setdefault(text or (NOT_STATED if mine else NONE), []).append(site)
        absent = frozenset(subject.absent)
        here = self._reference(compared)
        other = [site for site in compared if (site in absent) != (here in absent)]
        self._differs(subject, Field(PRESENT, "", None), groups, here, other)

    def _field(self, subject: "_Subject", name: str) -> None:
        stated = subject.field(name)
        first = next(each for _, given in stated for each in given)
        found: dict[frozenset[Key], list[str]] = {}
        texts: dict[frozenset[Key], str] = {}
        values: dict[frozenset[Key], tuple[Value, ...]] = {}
        for sites, given in stated:
            known = {each.value.key: each.value for each in given if each.value is not None}
            key = frozenset(known)
            if not known and not first.whole:
                continue
            found.setdefault(key, []).extend(sites)
            texts.setdefault(key, "; ".join(sorted(value.text for value in known.values())) or NOT_STATED)
            values.setdefault(key, tuple(known.values()))
        if len(found) < 2:  # noqa: PLR2004  one value differs from none
            if any(values.values()) and sum(map(len, found.values())) > 1:
                self._equals(
                    subject.family, subject.about, subject.statements[0].record, first, next(iter(texts.values()))
                )
            return
        groups: dict[str, list[str]] = {}
        key_of = {site: key for key, sites in found.items() for site in sites}
        for key, sites in found.items():
            text = texts[key]
            while text in groups:  # two values may read alike: the sites that state them stay apart
                text = f"{text} (otherwise)"
            groups[text] = sites
        here = self._reference([site for site in subject.compared if site in key_of])
        other = [site for site in subject.compared if site in key_of and key_of[site] != key_of[here]]
        measured = frozenset(site for site, key in key_of.items() if _measured(values[key]))
        self._differs(subject, first, groups, here, other, _remark(values.values()), measured)

    def _reference(self, sites: Sequence[str]) -> str:
        return self.reference if self.reference in sites else sites[0]

    def _equals(self, family: str, about: Subject, record: str, one: Field, text: str) -> None:
        self.equal[family] += 1
        if self.rows_equal:
            self.rows.append(Equal(family, about.record or record, one.name, _label(about, one), text))

    def _differs(  # noqa: PLR0913, PLR0917  what a difference consists of
        self,
        subject: "_Subject",
        one: Field,
        groups: Mapping[str, Sequence[str]],
        here: str,
        other: Sequence[str],
        remark: str = "",
        measured: frozenset[str] = frozenset(),
    ) -> None:
        text_of = {site: text for text, sites in groups.items() for site in sites}
        by_site: dict[str, Agreement] = {}
        only_two = len(other) == 1
        for site in other:
            own = list(subject.approvals(site, one.name))
            if only_two and here not in self.asked.package.sending_sites:
                own += subject.approvals(here, one.name)  # of two receiving sites either may state what both agreed
            texts = {here: text_of[here], site: text_of[site]}
            names = {each.record for at in texts for each in subject.of(at)} | {subject.about.record or ""}
            by_site[site] = self.agreements.on(subject.family, names, one.name, texts, own)
        places = {site: place for site in text_of if (place := subject.place(site, one.name))}
        order = {site: number for number, site in enumerate(self.asked.sites)}
        shown = sorted(
            ((text, tuple(sorted(sites, key=order.__getitem__))) for text, sites in groups.items()),
            key=lambda group: (here not in group[1], order[group[1][0]]),
        )
        first = places[here].record if here in places else min(place.record for place in places.values())
        self.differences.append(
            Difference(
                subject.family, subject.about, subject.about.record or first, one.name, _label(subject.about, one),
                tuple(shown), here, by_site, places, remark, measured,
            )
        )  # fmt: skip


class _Subject:
    """What the sites compared state about one subject; sites of which the same records speak are looked at once."""

    def __init__(self, family: str, compared: list[str], statements: list[Statement]) -> None:
        self.family = family
        self.compared = compared
        self.statements = statements
        self.about: Subject = statements[0].subject
        numbers: dict[str, list[int]] = {}
        for number, each in enumerate(statements):
            for site in each.sites:
                numbers.setdefault(site, []).append(number)
        self._numbers = {site: tuple(found) for site, found in numbers.items()}
        empty = {number for number, each in enumerate(statements) if no_fields(each)}
        self.stating = {site for site, found in self._numbers.items() if not empty.issuperset(found)}
        self.absent = [
            site for site in compared if site not in self.stating and (self.about.whole or site in self._numbers)
        ]
        self.field_names = tuple(dict.fromkeys(one.name for each in statements for one in each.fields))
        self._groups: dict[tuple[int, ...], list[str]] = {}
        for site in compared:
            if site in self.stating:
                self._groups.setdefault(self._numbers[site], []).append(site)
        self._fields = [{one.name: one for one in each.fields} for each in statements]

    def of(self, site: str) -> list[Statement]:
        """What the site states."""
        return [self.statements[number] for number in self._numbers.get(site, ())]

    def field(self, name: str) -> list[tuple[list[str], list[Field]]]:
        """The field as each group of sites states it."""
        return [
            (sites, [self._fields[number][name] for number in numbers if name in self._fields[number]])
            for numbers, sites in self._groups.items()
        ]

    def approvals(self, site: str, name: str) -> Iterator[OwnApproval]:
        """What the site's records say themselves of their difference."""
        for number in self._numbers.get(site, ()):
            fields = self._fields[number]
            given = fields.values() if name == PRESENT else filter(None, (fields.get(name),))
            yield from dict.fromkeys(approval for one in given for approval in one.approvals)

    def place(self, site: str, name: str) -> Place | None:
        """Where the site's value stands, or would stand."""
        found: Place | None = None
        for number in self._numbers.get(site, ()):
            one = self._fields[number].get(name)
            record = self.statements[number].record
            if one is not None and one.value is not None:
                return Place(record, one.place or one.name)
            found = found or Place(record, (one.place or one.name) if one else "")
        return found


def _label(about: Subject, one: Field) -> str:
    return f"{about.label}: {one.label}" if one.label else about.label


def _measured(given: tuple[Value, ...]) -> bool:
    return bool(given) and all(one.key[0] in ("number", "range") for one in given)


def _remark(values: Iterable[tuple[Value, ...]]) -> str:
    single = [each[0].key for each in values if len(each) == 1]
    if all(convertible(single[0], key) for key in single[1:]):
        return ""
    return "the units cannot be converted into each other"
