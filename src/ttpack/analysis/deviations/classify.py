"""One deviation classified by the rulebook alone: every row that covers it, the gravest class, both parties' terms.

Rows never override each other: all that cover the cell are named, and the gravest class and the strongest part of the
sponsor count. Nothing is said about product impact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from ttpack.analysis.deviations.book import CLASSES, EVENT_WORDS, SPONSOR_ROLES, Row, Rulebook
from ttpack.analysis.deviations.limits import INTERVAL_WORDS, INTERVALS, IntervalName, Limits
from ttpack.analysis.deviations.matching import overlapping, row_covers_parameter
from ttpack.analysis.deviations.stages import covers_stage

NO_DEVIATION: Final = "not_a_deviation"
CALL: Final = "QA decides. Two parameters, a repeat, or doubt: call."
NOBODY_SAYS: Final = "no row of the agreed classification covers this: QA decides; call"


@dataclass(frozen=True, slots=True)
class Question:
    """What happened. `value` is in the unit of the parameter's limits, `duration` in seconds, `stage` a key.

    A duration of None is not known. `together` are other parameters out of range at the same time. The instants carry
    their time zone.
    """

    site: str
    stage: str
    parameter: str | None = None
    value: Fraction | None = None
    event: str | None = None
    duration: Fraction | None = None
    repeat: bool = False
    together: tuple[str, ...] = ()
    occurrence: datetime | None = None
    discovery: datetime | None = None
    qa_awareness: datetime | None = None


@dataclass(frozen=True, slots=True)
class Covering:
    """A row that covers what happened, and why: the cell itself, or what makes it graver."""

    row: Row
    because: str


@dataclass(frozen=True, slots=True)
class Term:
    """What one site calls it; `deviation_class` is the class that the term stands for there, None where not said."""

    site: str
    party: str | None
    term: str | None
    deviation_class: str | None
    by_row: bool


@dataclass(frozen=True, slots=True)
class Classification:
    """The answer. `deviation_class` decides depth and notification; None where no row says.

    `row_class` is the class of the row that decides, which differs where a site's own term is stricter. `rows` are all
    that cover it, the deciding one first. `open` says what could not be worked out.
    """

    question: Question
    deviation_class: str | None
    row_class: str | None
    sponsor_role: str | None
    rows: tuple[Covering, ...]
    interval: IntervalName | None
    limits: Limits | None
    terms: tuple[Term, ...]
    actions: tuple[str, ...]
    notify: tuple[str, ...]
    owners: dict[str, str]
    sending_owners: dict[str, str]
    statement: str
    remarks: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def row(self) -> Row | None:
        """The row that decides."""
        return self.rows[0].row if self.rows else None


def classify(rulebook: Rulebook, question: Question) -> Classification:
    """The class of what happened, by every row that covers it. The site and the stage are those of the rulebook."""
    return _Answer(rulebook, question).classification()


class _Answer:
    """One question put to a rulebook."""

    def __init__(self, rulebook: Rulebook, question: Question) -> None:
        self.book, self.asked = rulebook, question
        entry = rulebook.parameters.get(question.parameter or "")
        self.parameter_class = entry.classification if entry else None
        self.limits = rulebook.limits_of(question.parameter, question.site) if entry and question.parameter else None
        self.remarks: list[str] = []
        self.open: list[str] = []
        self.interval = self._interval()

    def classification(self) -> Classification:
        """The whole answer."""
        rows = self._rows()
        decided = _gravest_first(rows)
        row = decided[0].row if decided else None
        row_class = row.deviation_class if row else None
        terms = self._terms(row)
        found = _gravest([row_class, *(one.deviation_class for one in terms)])
        self._conflicts(row_class, terms)
        for one in decided:
            if one.row.deviation_class is None:
                self.open.append(f"{one.row.id} gives no class: QA decides; call")
            if one.row.sponsor_role is None:
                self.open.append(f"{one.row.id} does not say what the sponsor's part is: QA decides; call")
        counted = [one.row for one in decided if one.row.deviation_class != NO_DEVIATION] or [
            one.row for one in decided
        ]
        if row is None and not self.open:
            self.open.append(NOBODY_SAYS)
        return Classification(
            question=self.asked,
            deviation_class=found,
            row_class=row_class,
            sponsor_role=_strongest([one.row.sponsor_role for one in decided]),
            rows=tuple(decided),
            interval=self.interval,
            limits=self.limits,
            terms=tuple(terms),
            actions=_union(one.actions for one in counted),
            notify=_union(one.notify for one in counted),
            owners=_owners([one.owners for one in counted]),
            sending_owners=_owners([one.sending_owners for one in counted]),
            statement=self._statement(row),
            remarks=tuple(dict.fromkeys(self.remarks)),
            open=tuple(dict.fromkeys(self.open)),
        )

    def _interval(self) -> IntervalName | None:
        value, limits = self.asked.value, self.limits
        if value is None or limits is None:
            return None
        found = limits.interval_of(value)
        self.remarks += limits.remarks
        if found is None:
            self.open.append(f"{limits.open or 'nothing says where the value lies'}: QA decides; call")
        accuracy = self.book.parameters[self.asked.parameter or ""].accuracy.get(self.asked.site)
        if accuracy is None:
            self.remarks.append("the accuracy of the sensor is not stated")
        elif found is not None:
            other = {limits.interval_of(value - accuracy.width), limits.interval_of(value + accuracy.width)} - {found}
            words = [INTERVAL_WORDS[one] for one in INTERVALS if one in other]
            if words:
                within = f"within the accuracy of {accuracy.equipment} ({accuracy.words}) it may also lie"
                self.remarks.append(f"{within} {', or '.join(words)}")
        return found

    def _rows(self) -> list[Covering]:
        """Every row that covers what happened."""
        found: list[Covering] = []
        if self.asked.parameter is not None and self.interval is not None:
            found += self._cell()
        if self.asked.event is not None:
            found += self._about(self.asked.event, EVENT_WORDS.get(self.asked.event, self.asked.event), missing=True)
        happened = bool(found) and any(one.row.deviation_class != NO_DEVIATION for one in found)
        if happened or self.asked.event is not None or self.interval not in (None, "inside_nor"):
            found += self._graver()
        elif self.interval is not None and (self.asked.repeat or self.asked.together):
            self.remarks.append("the value is no deviation, so that no repeat and nothing simultaneous counts with it")
        known: dict[str, Covering] = {}
        for one in found:
            known.setdefault(one.row.id, one)
        return list(known.values())

    def _cell(self) -> list[Covering]:
        """Rows of the parameter, interval, stage and site, of the duration or of every one where it is not known."""
        where = INTERVAL_WORDS[self.interval or ""]
        rows = [one for one in self.book.rows if one.event is None and self._covers(one)]
        if not rows:
            self.open.append(NOBODY_SAYS)
        if len(rows) > 1 and (self.asked.duration is not None or overlapping(rows)):
            named = ", ".join(one.id for one in rows)
            self.open.append(f"{named} cover the same cell: the gravest counts")
        if self.asked.duration is None and any(one.duration for one in rows):
            self.remarks.append("the duration is not known: rows of every duration count")
        return [Covering(one, where) for one in rows]

    def _graver(self) -> Iterator[Covering]:
        """Rows of what makes an excursion graver: not known how long, repeated, together with another."""
        if self.asked.duration is None and self.interval is not None:
            self.remarks.append("a duration that is not known counts from the last in-range reading")
            yield from self._about("unknown_duration", "the duration is not known", missing=True)
        if self.asked.repeat:
            yield from self._about("repeat", "it is a repeat", missing=True)
        if self.asked.together:
            yield from self._about("simultaneous", f"together with {', '.join(self.asked.together)}", missing=True)

    def _about(self, event: str, because: str, *, missing: bool) -> list[Covering]:
        rows = [one for one in self.book.rows if one.event == event and self._covers(one)]
        if not rows and missing:
            self.open.append(f"no row covers {EVENT_WORDS.get(event, event)} here: QA decides; call")
        if len(rows) > 1 and (self.asked.duration is not None or overlapping(rows)):
            self.open.append(f"{', '.join(one.id for one in rows)} cover the same event: the gravest counts")
        return [Covering(one, because) for one in rows]

    def _covers(self, row: Row) -> bool:
        """Whether a row is about this site, stage, parameter, interval and duration."""
        if row.site not in (None, self.asked.site) or not covers_stage(row.stages, self.asked.stage):
            return False
        if not row_covers_parameter(row, self.asked.parameter, self.parameter_class):
            return False
        if self.interval is None:
            if row.event is None or len(row.intervals) < len(INTERVALS):
                return False
        elif self.interval not in row.intervals:
            return False
        if row.duration_open:
            self.open.append(f"{row.id} cannot be compared: {row.duration_open}")
            return False
        return row.duration is None or self.asked.duration is None or row.duration.holds(self.asked.duration)

    def _terms(self, row: Row | None) -> list[Term]:
        """What the site and the sending sites call it."""
        found = []
        for site in dict.fromkeys((self.asked.site, *self.book.sending_sites)):
            entry = self.book.sites.get(site)
            named = row.site_terms.get(site) if row else None
            term = named or self._mapped_back(site, row)
            known = self.book.stands_for(site, term) if term else None
            found.append(Term(site, entry.party if entry else None, term, known, by_row=named is not None))
        return found

    def _mapped_back(self, site: str, row: Row | None) -> str | None:
        entry = self.book.sites.get(site)
        if row is None or row.deviation_class is None or entry is None:
            return None
        terms = sorted(term for term, found in entry.terms.items() if found == row.deviation_class)
        return terms[0] if terms else None

    def _conflicts(self, row_class: str | None, terms: Sequence[Term]) -> None:
        for one in terms:
            label = self._site(one.site)
            if one.deviation_class is not None and row_class is not None and one.deviation_class != row_class:
                said = f'{label} calls it "{one.term}", which stands for {_words(one.deviation_class)} there'
                self.remarks.append(
                    f"{said}; the row says {_words(row_class)}: depth and notification follow the stricter"
                )
            elif row_class not in (None, NO_DEVIATION) and one.term is None:
                self.open.append(f"{label} has no term for {_words(row_class)}")
            elif row_class not in (None, NO_DEVIATION) and one.deviation_class is None:
                self.remarks.append(f'{label} does not say what its term "{one.term}" stands for')

    def _site(self, site: str) -> str:
        entry = self.book.sites.get(site)
        return entry.label if entry else site

    def _statement(self, row: Row | None) -> str:
        """What every answer and card says."""
        if row is None:
            return f"Classification not agreed by both QAs: no row covers this. {CALL}"
        entry = self.book.parameters.get(self.asked.parameter or "")
        against = row.against(self.asked.site) or (entry.pending if entry else "")
        if against:
            return f"Classification not agreed by both QAs: {against}. {CALL}"
        agreed = f"Initial classification agreed by both QAs on {row.agreed_on}, revision {self.book.revision_text}"
        return f"{agreed}. {CALL}"


def _gravest_first(rows: Sequence[Covering]) -> list[Covering]:
    """Rows by class, then by the sponsor's part; of equals those of the cell itself first."""
    order = {one.row.id: place for place, one in enumerate(rows)}
    return sorted(
        rows,
        key=lambda one: (
            -rank(one.row.deviation_class, CLASSES),
            -rank(one.row.sponsor_role, SPONSOR_ROLES),
            order[one.row.id],
        ),
    )


def rank(value: str | None, order: Sequence[str]) -> int:
    """How grave; less than all where nothing is said."""
    return order.index(value) if value in order else -1


def _gravest(given: Sequence[str | None]) -> str | None:
    return max(given, key=lambda one: rank(one, CLASSES), default=None)


def _strongest(given: Sequence[str | None]) -> str | None:
    return max(given, key=lambda one: rank(one, SPONSOR_ROLES), default=None)


def _union(given: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for named in given for one in named))


def _owners(given: Sequence[object]) -> dict[str, str]:
    found: dict[str, str] = {}
    for owners in given:
        for name, owner in dict(owners).items():  # type: ignore[call-overload]
            found.setdefault(name, owner)
    return found


def _words(name: str | None) -> str:
    return (name or "nothing").replace("_", " ")
