"""The rulebook of a package: its rows, its limits at each site, its terms and clocks, read once."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ttpack.analysis.deviations.book import CLASSES, OWNED, Accuracy, ParameterEntry, Row, Rulebook, SiteEntry
from ttpack.analysis.deviations.escalation_book import EscalationBook, escalation_book
from ttpack.analysis.deviations.excursion_time import duration_words, range_in_seconds
from ttpack.analysis.deviations.limits import INTERVALS, Limits, limits_at
from ttpack.analysis.deviations.pending_limits import pending_limits
from ttpack.analysis.deviations.stages import stage_keys, stages_of
from ttpack.analysis.facility_fit.capability import OffersAt, SiteCapabilities
from ttpack.analysis.facility_fit.requirement import quantity_words, value_at, width
from ttpack.analysis.intervals import in_unit
from ttpack.analysis.parties import missing_quality_approval
from ttpack.analysis.site_organisations import quality_not_of_site
from ttpack.model.deviation import DeviationRule, Owners
from ttpack.model.facility import Site
from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter

COMMON_UNITS: Final = (
    "[pH]", "Cel", "[degF]", "K", "s", "min", "h", "d", "mL", "L", "uL", "g", "kg", "mg", "g/L", "mg/mL", "mg/L",
    "bar", "mbar", "kPa", "Pa", "[psi]", "mm[Hg]", "mS/cm", "rpm", "/min", "L/min", "mL/min", "L/h", "cm/h", "mm", "cm",
    "m", "%", "1", "[ppm]", "mol/L", "mmol/L", "mM", "M", "L/m2/h", "L/m2", "W/m3", "10*6{cells}/mL", "10*5{cells}/mL",
    "mosm/kg", "[CFU]", "[EU]/mL",
)  # fmt: skip
"""Units that a value may be typed in where they measure the same as the field's."""
UNSETTLED: Final = ("draft", "in_review")
NO_DURATION_UNIT: Final = "its duration is in no unit of time"


def rulebook(
    package: Package,
    as_of: date,
    parameters: Collection[str] | None = None,
    sites: Collection[str] | None = None,
    *,
    accuracy: bool = True,
) -> Rulebook:
    """The rulebook, of all parameters and sites or of those asked for.

    Without `accuracy` it has neither accuracies nor ways up: enough to prove which cells have a row.
    """
    wanted = [one for one in package.parameters if parameters is None or one.id in parameters]
    places = [one for one in sites_of(package) if sites is None or one in sites]
    book = _Limits(package, places, accuracy=accuracy)
    entries = {one.id: book.entry(one) for one in wanted}
    rows = tuple(_row(package, one, as_of) for one in package.in_force(DeviationRule))
    limits = tuple(book.limits)
    stages = stages_of(package)
    escalation = escalation_book(package, as_of, stages, places) if accuracy else EscalationBook()
    return Rulebook(
        package=package.manifest.id,
        revision={"name": package.revision.name, "commit": package.revision.commit},
        revision_text=revision_text(package),
        as_of=as_of.isoformat(),
        stages=stages,
        sites={one: _site(package, one) for one in sites_of(package)},
        sending_sites=package.sending_sites,
        limits=limits,
        parameters=entries,
        units=_units(package, {one.unit for one in limits if one.unit}),
        rows=rows,
        names=_names(package, rows),
        escalation=escalation,
    )


def sites_of(package: Package) -> tuple[str, ...]:
    """Sending and receiving sites of the transfer, each once, in that order."""
    return tuple(dict.fromkeys((*package.sending_sites, *package.receiving_sites)))


def revision_text(package: Package) -> str:
    """The revision as an answer names it: that of the package record, and of git where that says more."""
    stated, name = str(package.manifest.revision or ""), package.revision.name
    return ", ".join(dict.fromkeys(one for one in (stated, name) if one))


def _site(package: Package, site: str) -> SiteEntry:
    record = package.get(site, Site)
    party = "sending" if site in package.sending_sites else "receiving"
    terms: dict[str, str] = {}
    for term, found in sorted((record.deviation_terms if record else {}).items()):
        one, stated = " ".join(term.split()), found.strip()
        if one not in terms or _gravity(stated) > _gravity(terms[one]):
            terms[one] = stated
    return SiteEntry(package.label(site), party, dict(sorted(terms.items())))


def _gravity(deviation_class: str) -> int:
    return CLASSES.index(deviation_class) if deviation_class in CLASSES else -1


def row_of(package: Package, rule: DeviationRule, as_of: date) -> Row:
    """A deviation rule as a row of the rulebook."""
    return _row(package, rule, as_of)


def _row(package: Package, rule: DeviationRule, as_of: date) -> Row:
    given = rule.duration
    duration = range_in_seconds(given, rule.duration_unit, package.own_units) if given else None
    unread = given is not None and duration is None
    approvers = tuple(str(one) for one in rule.agreed_by)
    return Row(
        id=rule.id,
        label=rule.name,
        status=rule.status,
        event=rule.event or ("" if rule.applies_to == "event" else None),
        classes=tuple(rule.parameter_classes),
        parameters=tuple(rule.parameters),
        except_parameters=tuple(rule.except_parameters),
        intervals=_intervals(rule),
        duration=duration,
        duration_words=duration_words(duration) if duration else "",
        duration_open=NO_DURATION_UNIT if unread else "",
        stages=stage_keys(rule.stages),
        site=rule.site,
        deviation_class=rule.deviation_class,
        sponsor_role=rule.sponsor_role,
        site_terms={site: " ".join(term.split()) for site, term in sorted(rule.site_terms.items())},
        actions=tuple(rule.actions),
        notify=tuple(rule.notify),
        owners=_owned(rule.owners),
        sending_owners=_owned(rule.sending_owners),
        agreed_on=rule.agreed_on.isoformat() if rule.agreed_on else None,
        agreed_by=tuple(package.label(one) for one in approvers),
        not_agreed=_not_agreed(package, rule, approvers, as_of),
        not_agreed_at=quality_not_of_site(package, approvers, [rule.site] if rule.site else package.receiving_sites),
    )


def _intervals(rule: DeviationRule) -> tuple[str, ...]:
    if rule.interval in INTERVALS:
        return (rule.interval,)
    return INTERVALS if rule.interval == "any" or rule.event else ()


def _owned(given: Owners | None) -> dict[str, str]:
    named = {name: getattr(given, name) for name in OWNED} if given else {}
    return {name: one for name, one in named.items() if one}


def _not_agreed(package: Package, rule: DeviationRule, approvers: tuple[str, ...], as_of: date) -> str:
    """Why the row does not count as agreed by both QAs, in words; empty where it does."""
    if rule.status in UNSETTLED:
        return f"it is still {rule.status.replace('_', ' ')}"
    if not approvers:
        return "nobody is named who agreed"
    missing = missing_quality_approval(package, approvers)
    if missing:
        return missing
    if rule.agreed_on is None:
        return "no date of the agreement is given"
    return f"it is agreed from {rule.agreed_on.isoformat()} on" if rule.agreed_on > as_of else ""


class _Limits:
    """The ranges of parameters at sites, equal ones once."""

    def __init__(self, package: Package, sites: Iterable[str], *, accuracy: bool) -> None:
        self.package = package
        self.sites = tuple(sites)
        self.limits: list[Limits] = []
        self._place: dict[str, int] = {}
        self._offers: dict[str, OffersAt] = {}
        capabilities = SiteCapabilities(package)
        for site in self.sites if accuracy else ():
            if capabilities.states_any_at(site):
                self._offers[site] = capabilities.at(site)
        parts = (overlay_parts(one.id) for found in package.overlays.values() for one in found)
        self._pending = pending_limits(package)
        self._overlaid = frozenset((base, site) for base, site in parts if site)

    def entry(self, parameter: ProcessParameter) -> ParameterEntry:
        """The parameter with the place of its ranges: the general ones, and those of sites that have others."""
        general = self._placed(limits_at(self.package, parameter, ""))
        at = {site: place for site, place in self._own(parameter) if place != general}
        accuracy = {site: found for site in self._offers if (found := self._accuracy(parameter, site, general, at))}
        return ParameterEntry(
            parameter.name, parameter.classification, parameter.unit_operation, general, at, accuracy,
            self._pending.get(parameter.id, ""),
        )  # fmt: skip

    def _own(self, parameter: ProcessParameter) -> Iterator[tuple[str, int]]:
        """Sites whose ranges may differ: with an overlay, a value of their own, or the sending scale."""
        dependent = parameter.scale is not None and parameter.scale.dependence == "dependent"
        if not dependent and parameter.id not in self.package.overlays:
            return
        for site in self.sites:
            stated = (parameter.id, site) in self._overlaid or value_at(parameter, site) is not None
            if stated or (dependent and site in self.package.sending_sites):
                yield site, self._placed(limits_at(self.package, parameter, site))

    def _placed(self, found: Limits) -> int:
        key = repr(found)
        if key not in self._place:
            self._place[key] = len(self.limits)
            self.limits.append(found)
        return self._place[key]

    def _accuracy(self, parameter: ProcessParameter, site: str, general: int, at: dict[str, int]) -> Accuracy | None:
        """The poorest accuracy stated for the parameter at a site."""
        offers = self._offers.get(site)
        unit = self.limits[at.get(site, general)].unit
        found: list[tuple[Fraction, str, str]] = []
        for item, offer in offers(parameter) if offers else ():
            stated = offer.capability.accuracy
            wide = width(stated, unit, self.package.own_units)
            if stated is not None and wide is not None:
                found.append((wide, item.id, quantity_words(stated)))
        if not found:
            return None
        wide, equipment, words = max(found, key=lambda one: (one[0], one[1]))
        return Accuracy(wide, words, equipment)


def _units(package: Package, wanted: set[str]) -> dict[str, dict[str, tuple[Fraction, Fraction]]]:
    """For each unit what values typed in others are multiplied by, and what is then added."""
    used = {one.unit for one in package.parameters if one.unit}
    candidates = list(dict.fromkeys((*COMMON_UNITS, *sorted(used))))
    return {unit: dict(_conversions(package, unit, candidates)) for unit in sorted(wanted)}


def _conversions(package: Package, unit: str, others: Iterable[str]) -> Iterator[tuple[str, tuple[Fraction, Fraction]]]:
    for other in dict.fromkeys((unit, *others)):
        nothing = in_unit(Decimal(0), other, unit, package.own_units)
        one = in_unit(Decimal(1), other, unit, package.own_units)
        if nothing is not None and one is not None:
            yield other, (one - nothing, nothing)


def _names(package: Package, rows: Iterable[Row]) -> dict[str, str]:
    """What to call the records that rows name."""
    named = {one for row in rows for one in (*row.notify, *row.owners.values(), *row.sending_owners.values())}
    return {one: package.label(one) for one in sorted(named)}
