"""What the pages say of the sites, computed once for all of them: fit of each, differences between them, scales."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product

from ttpack.analysis.facility_fit.site_fit import SiteFit, fit_matrix
from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.analysis.scale_up import ScaleRow, ScaleUp, scale_up
from ttpack.analysis.site_comparison.compare import compare_sites
from ttpack.analysis.site_comparison.outcome import Comparison
from ttpack.model.package import Package

MOST_PAIRS = 12
"""Pairs of sites that are compared on pages; any other pair is a command away."""
Pair = tuple[str, str]


@dataclass(frozen=True)
class SiteAnswers:
    """Fit by site (sending sites too: what they hold is shown beside), and differences by sending and receiving site.

    `scales` is what carries over, by the same pairs. `left_out` are the pairs that no page compares, as a site of pages
    has to stay of bounded size.
    """

    as_of: date
    fits: Mapping[str, SiteFit]
    receiving: tuple[str, ...]
    comparisons: Mapping[Pair, Comparison]
    scales: Mapping[Pair, ScaleUp]
    left_out: tuple[Pair, ...] = ()

    @property
    def receiving_fits(self) -> Mapping[str, SiteFit]:
        """The fit of each receiving site."""
        return {site: self.fits[site] for site in self.receiving}

    def within(self, unit_operation: str) -> Mapping[str, SiteFit]:
        """The fit of each receiving site, of what belongs to one unit operation."""
        found: dict[str, list[Fit]] = {}
        for fit in self.by_unit_operation.get(unit_operation, ()):
            found.setdefault(fit.site, []).append(fit)
        return {
            site: SiteFit(
                site,
                self.fits[site].gate,
                tuple(fit for fit in fits if fit.aspect == "parameter"),
                tuple(fit for fit in fits if fit.aspect != "parameter"),
            )
            for site, fits in found.items()
        }

    @cached_property
    def by_record(self) -> Mapping[str, Sequence[Fit]]:
        """Every fit at a receiving site by the record it is about."""
        found: dict[str, list[Fit]] = {}
        for site in self.receiving:
            for fit in self.fits[site].fits:
                found.setdefault(fit.about, []).append(fit)
        return found

    @cached_property
    def by_unit_operation(self) -> Mapping[str, Sequence[Fit]]:
        """Every fit at a receiving site by the unit operation it belongs to."""
        found: dict[str, list[Fit]] = {}
        for site in self.receiving:
            for fit in self.fits[site].fits:
                if fit.unit_operation:
                    found.setdefault(fit.unit_operation, []).append(fit)
        return found

    @cached_property
    def scales_by_parameter(self) -> Mapping[str, Sequence[tuple[Pair, ScaleRow]]]:
        """Quantities that are those of a parameter, by that parameter."""
        found: dict[str, list[tuple[Pair, ScaleRow]]] = {}
        for pair, answer in self.scales.items():
            for row in answer.rows:
                if row.parameter:
                    found.setdefault(row.parameter, []).append((pair, row))
        return found

    @cached_property
    def held(self) -> Mapping[str, Sequence[Fit]]:
        """The fit of each parameter at every site, sending sites first: what equipment there holds."""
        found: dict[str, list[Fit]] = {}
        for fit in (fit for site in self.fits.values() for fit in site.parameters):
            found.setdefault(fit.about, []).append(fit)
        return found


def site_answers(package: Package, gates: Mapping[str, str], as_of: date) -> SiteAnswers:
    """What there is to say of the sites of a package, each receiving one at the gate given for it."""
    sending, receiving = package.sending_sites, package.receiving_sites
    fits = fit_matrix(package, gates, sending)
    pairs = [pair for pair in product(sending, receiving) if pair[0] != pair[1]]
    compared = {pair: compare_sites(package, pair, as_of) for pair in pairs[:MOST_PAIRS]}
    ordered = {site: fits[site] for site in (*sending, *receiving) if site in fits}
    scales = {pair: scale_up(package, *pair) for pair in pairs[:MOST_PAIRS]}
    return SiteAnswers(as_of, ordered, receiving, compared, scales, tuple(pairs[MOST_PAIRS:]))
