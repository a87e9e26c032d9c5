"""What a process parameter asks of one site: setpoint and normal range at its scale, and what has to be measured."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ttpack.analysis.facility_fit.verdict import FitSide
from ttpack.analysis.intervals import (
    Interval,
    Units,
    fraction_text,
    in_unit,
    interval,
    range_text,
    value_text,
    width_in_unit,
)
from ttpack.analysis.scale_up.scaled_range import proportional, scaled, sending_value
from ttpack.analysis.scale_up.scaled_range import value_at as value_here
from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL, Control, Override, ProcessParameter, ScaleValue
from ttpack.model.quantity import InputQuantity, Range
from ttpack.model.units import decimal_text, exact

NO_OVERRIDE = Override()
SIGNIFICANT_DIGITS = 9
"""Of a number that was converted or computed; the author's own numbers keep theirs."""


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """What one site has to reach, hold and measure, in `unit`.

    `measured` are the limits that the measuring range has to cover, each with its words. `band` is how the parameter
    says that it is held, `site_band` how this site says so. `open` says why nothing, or not all, can be judged.
    """

    unit: str | None
    setpoint: Fraction | None
    setpoint_words: str
    normal: Interval | None
    normal_words: str
    measured: tuple[tuple[Interval, str], ...]
    band: InputQuantity | None
    site_band: InputQuantity | None
    open: tuple[str, ...]
    side: FitSide | None

    @property
    def key(self) -> Hashable:
        """Equal for two that ask the same in the same words."""
        side = (self.side.text, *map(str, self.side.numbers.items())) if self.side else None
        widths = ((str(one.value), one.unit) if one else None for one in (self.band, self.site_band))
        return (
            self.unit, _ratio(self.setpoint), self.setpoint_words, _ends_key(self.normal), self.normal_words, *widths,
            *((_ends_key(limit), words) for limit, words in self.measured), self.open, side,
        )  # fmt: skip

    @property
    def half_width(self) -> Fraction | None:
        """Half of the normal operating range; None where it is open at one end, or empty."""
        given = self.normal
        if given is None or given.low is None or given.high is None or given.empty:
            return None
        return (given.high - given.low) / 2


def requirement_at(package: Package, parameter: ProcessParameter, site: str) -> Requirement:
    """What the parameter asks of the site: what its overlay replaces, else its value at that scale, else the general.

    The proven acceptable range that has to be measured is the general one, and the site's as well: a site that
    narrows it has no less to measure.
    """
    return SiteReading(package, parameter, site).requirement()


def value_at(parameter: ProcessParameter, site: str) -> ScaleValue | None:
    """The value that a scale-dependent parameter states for a site."""
    return next((one for one in parameter.scale.values if one.site == site), None) if parameter.scale else None


def lacks_value_at(package: Package, parameter: ProcessParameter, site: str) -> bool:
    """Whether nothing says what a scale-dependent parameter is at this site's scale (PRM-10 says so)."""
    if parameter.scale is None or parameter.scale.dependence != "dependent" or is_sending(package, site):
        return False
    value, here = value_at(parameter, site), override_at(package, parameter, site)
    stated = here.setpoint is not None or (here.ranges is not None and here.ranges.normal_operating is not None)
    return not stated and (value is None or value.value is None)


def is_sending(package: Package, site: str) -> bool:
    """Whether the general numbers are those of this site."""
    return site in package.sending_sites


def override_at(package: Package, parameter: ProcessParameter, site: str) -> Override:
    """What overlays in force replace at a site."""
    for overlay in package.overlays.get(parameter.id, ()):
        if _is_at(overlay.id, site):
            return overlay.effective
    return NO_OVERRIDE


def _is_at(overlay: str, site: str) -> bool:
    return overlay_parts(overlay)[1] == site


def number(value: Fraction | None, written: Decimal | None = None) -> Decimal | None:
    """A number for a program: as its author wrote it, else rounded."""
    if written is not None or value is None:
        return written
    return Decimal(decimal_text(value, SIGNIFICANT_DIGITS))


def ends(name: str, found: Interval | None, given: Range | None, unit: str | None) -> Iterator[tuple[str, Decimal]]:
    """The ends of a range by name (`normal_low`); digits kept where it is in that unit."""
    kept = given is not None and given.unit in (None, unit)
    for end in ("low", "high"):
        value = number(getattr(found, end), getattr(given, end) if kept else None) if found else None
        if value is not None:
            yield f"{name}_{end}", value


class SiteReading:
    """One parameter read at one site. `rescaled` and `open` are known after `setpoint()`."""

    def __init__(self, package: Package, parameter: ProcessParameter, site: str) -> None:
        self.package, self.parameter, self.site = package, parameter, site
        self.own: Units = package.own_units
        self.here = override_at(package, parameter, site)
        self.unit = self.here.unit or parameter.unit
        self.open: list[str] = []
        self.rescaled = False
        self._proportion: Fraction | None = None
        self.factor: Fraction | None = None

    def requirement(self) -> Requirement:
        """Everything asked for."""
        setpoint, setpoint_words, written = self.setpoint()
        normal, normal_given = self.normal()
        if setpoint is None and normal is None and not self.open:
            self.open.append(self._nothing_asked())
        elif normal is None and not self.open:
            self.open.append("no normal operating range is stated as a number")
        elif normal is not None and normal.empty:
            self.open.append(f"its normal operating range {range_text(normal_given, self.unit)} is empty")  # type: ignore[arg-type]
        words = range_text(normal_given, self.unit) if normal and normal_given else ""
        limits = list(self._limits())
        numbers: dict[str, Decimal | str | None] = {}
        if setpoint is not None:
            numbers["setpoint"] = number(setpoint, written)
        numbers |= dict(ends("normal", normal, normal_given, self.unit))
        for name, found, given, _ in limits:
            numbers |= dict(ends(name, found, given, self.unit))
        said = [text for text in (setpoint_words and f"setpoint {setpoint_words}", words and f"normal {words}") if text]
        side = FitSide("; ".join(said), {**numbers, "unit": self.unit}) if said else None
        band = self.parameter.control.band if isinstance(self.parameter.control, Control) else None
        site_band = self.here.control.band if isinstance(self.here.control, Control) else None
        measured = tuple((found, text) for name, found, _, text in limits if self._has_to_be_measured(name))
        return Requirement(
            self.unit, setpoint, setpoint_words, normal, words, measured, band, site_band, tuple(self.open), side
        )

    def _nothing_asked(self) -> str:
        given = self.parameter.ranges.normal_operating
        criterion = self.parameter.setpoint_criterion or (given.criterion if given else None)
        if criterion:
            return f"it is asked for as a criterion ({criterion[:80]}), with which no number can be compared"
        return "neither a setpoint nor a normal operating range is stated as a number"

    def _has_to_be_measured(self, name: str) -> bool:
        return name == "alarm" or self.parameter.classification in CRITICAL

    def setpoint(self) -> tuple[Fraction | None, str, Decimal | None]:
        """The setpoint in the unit of the site, its words, and the number as written where it is in that unit."""
        value, unit = self.here.setpoint, self.unit
        if value is None:
            value, unit = self._general_setpoint()
        elif self.parameter.scale is not None and self.parameter.scale.dependence == "dependent":
            self._compare_scales()
        if value is None:
            return None, "", None
        found = in_unit(value, unit, self.unit, self.own)
        if found is None:
            self.open.append(f"its setpoint {value_text(value, unit)} cannot be expressed in {self.unit or 'no unit'}")
            return None, "", None
        return found, value_text(value, unit), value if unit == self.unit else None

    def _general_setpoint(self) -> tuple[Decimal | None, str | None]:
        parameter = self.parameter
        general = parameter.setpoint if parameter.setpoint is not None else parameter.target
        if parameter.scale is None or parameter.scale.dependence != "dependent":
            return general, parameter.unit
        value = value_at(parameter, self.site)
        if value is not None and value.value is not None:
            unit = value.unit or parameter.unit
            self._compare_scales()
            return value.value, unit
        if is_sending(self.package, self.site):
            return general, parameter.unit
        self.rescaled = True
        if lacks_value_at(self.package, parameter, self.site):
            self.open.append("it depends on scale, and its value at this scale is not stated")
        return None, parameter.unit

    def _compare_scales(self) -> None:
        """Whether the ranges, which are stated at the sending scale, still stand here."""
        here, there = value_here(self.package, self.parameter, self.site), sending_value(self.package, self.parameter)
        self.rescaled = here is None or here != there
        self._proportion = here / there if here is not None and there else None

    @property
    def proportion(self) -> Fraction | None:
        """What ranges of the sending scale are multiplied by here: 1 where they stand, None where no rule says."""
        if not self.rescaled:
            return Fraction(1)
        ratio = self._proportion
        return ratio if ratio is not None and ratio > 0 and proportional(self.parameter) else None

    def normal(self) -> tuple[Interval | None, Range | None]:
        """The normal operating range at the site, and how it is written."""
        given = self.here.ranges.normal_operating if self.here.ranges else None
        if given is None:
            given = self._at_scale(self.parameter.ranges.normal_operating)
            if given is not None and given.unit is None and self.unit != self.parameter.unit:
                given = given.model_copy(update={"unit": self.parameter.unit})
        if given is None or not given.numeric:
            return None, None
        found = interval(given, self.unit, self.own)
        if found is None:
            text = range_text(given, self.unit)
            self.open.append(f"its normal operating range {text} cannot be expressed in {self.unit or 'no unit'}")
        return found, given

    def _at_scale(self, given: Range | None) -> Range | None:
        if not self.rescaled or given is None or not given.numeric:
            return given
        found = scaled(self.package, self.parameter, self.site)
        if found.range is None and not self.open:
            self.open.append(f"the normal operating range at this scale is not stated: {found.reason}")
        self.factor = self._proportion if found.range is not None else None
        return found.range

    def _limits(self) -> Iterator[tuple[str, Interval, Range, str]]:
        """The proven range (the general one, and the site's) and the alarm limits, each with its words."""
        general, here = self.parameter, self.here
        critical = general.classification in CRITICAL
        own = here.control if isinstance(here.control, Control) else None
        control = own or (general.control if isinstance(general.control, Control) else None)
        limits = [
            ("proven", general.ranges.proven_acceptable, False, "proven acceptable range"),
            ("proven_here", here.ranges.proven_acceptable if here.ranges else None, True, "proven range of the site"),
            ("alarm", control.alarm if control else None, own is not None, "alarm limits"),
        ]
        for name, given, of_the_site, words in limits:
            if given is None or not given.numeric:
                continue
            limit = self._stated(given, of_the_site=of_the_site)
            found = interval(limit, self.unit, self.own)
            text = f"{words} {range_text(limit, limit.unit)}"
            if found is not None:
                yield name, found, limit, text
            elif name == "alarm" or critical:
                self._leave(f"its {text} cannot be expressed in {self.unit or 'no unit'}")

    def _stated(self, given: Range, *, of_the_site: bool) -> Range:
        """A range that says its unit itself, taken to this scale by the parameter's own proportion."""
        unit = given.unit or (self.unit if of_the_site else self.parameter.unit)
        if of_the_site or not self.rescaled or self.factor is None:
            return given.model_copy(update={"unit": unit})
        scaled = {
            end: None if value is None else number(exact(value) * self.factor)
            for end, value in (("low", given.low), ("high", given.high))
        }
        return given.model_copy(update={"unit": unit, **scaled})

    def _leave(self, reason: str) -> None:
        if reason not in self.open:
            self.open.append(reason)


def _ratio(value: Fraction | None) -> Hashable:
    # a fraction itself is slow to hash
    return None if value is None else value.as_integer_ratio()


def _ends_key(given: Interval | None) -> Hashable:
    return given and (_ratio(given.low), _ratio(given.high), given.low_inclusive, given.high_inclusive)


def width(given: InputQuantity | None, unit: str | None, own: Units) -> Fraction | None:
    """An accuracy or a band as a width in the unit; None where it does not convert, or none is given."""
    if given is None:
        return None
    found = width_in_unit(given.value, given.unit, unit, own)
    return None if found is None else abs(found)


def quantity_words(given: InputQuantity) -> str:
    """An accuracy or a band in words, digits kept."""
    return value_text(given.value, given.unit)


def amount_words(value: Fraction, unit: str | None) -> str:
    """A computed number in words."""
    return fraction_text(value, unit)
