"""How ready a receiving site is at a gate: the least ready category beside the mean, and what stops the gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ttpack.analysis.facility_fit.site_fit import SiteFit, site_fit
from ttpack.analysis.readiness.categories import CategoryWeights, category_weights, gate_threshold, shown
from ttpack.analysis.readiness.items import ScoredItem, scored_items
from ttpack.analysis.readiness.scores import CategoryScore, category_scores, minimum, weighted_mean
from ttpack.analysis.readiness.stops import HardStop, stops_of_fits, stops_of_items, stops_of_records
from ttpack.model.json_text import Mapped
from ttpack.model.package import Package


@dataclass(frozen=True)
class Readiness:
    """Readiness of one site, asked at one gate. Scores are exact; `mean` is None where no category has a weight.

    `categories` are all eleven in their order, then the items without one. A `threshold` informs, and decides nothing.
    """

    site: str
    gate: str
    categories: tuple[CategoryScore, ...]
    weights: CategoryWeights
    minimum: Fraction
    mean: Fraction | None
    threshold: Fraction | None
    hard_stops: tuple[HardStop, ...]
    items: tuple[ScoredItem, ...]

    @property
    def weakest(self) -> tuple[CategoryScore, ...]:
        """The categories with the least score."""
        return tuple(one for one in self.categories if one.score == self.minimum)

    @property
    def disagreements(self) -> tuple[ScoredItem, ...]:
        """Items that the parties score two or more apart."""
        return tuple(item for item in self.items if item.disagrees)

    @property
    def unscored(self) -> tuple[ScoredItem, ...]:
        """Items that one party or both have not scored."""
        return tuple(item for item in self.items if item.unscored_by)

    @property
    def without_item(self) -> tuple[CategoryScore, ...]:
        """Categories that nobody has an item for."""
        return tuple(one for one in self.categories if not one.items)

    @property
    def to_do(self) -> bool:
        """Whether somebody has to act: a hard stop, a disagreement, something not scored, or not as claimed."""
        short = any(item.shortfalls for item in self.items)
        return bool(self.hard_stops or self.disagreements or self.unscored or self.without_item or short)

    @property
    def reaches_threshold(self) -> bool | None:
        """Whether the minimum reaches the threshold of the gate; None where the gate has none."""
        return None if self.threshold is None else self.minimum >= self.threshold

    def as_json(self) -> dict[str, Any]:
        """The answer as a JSON object; shares have three digits and are never rounded up."""
        return {
            "site": self.site, "gate": self.gate,
            "minimum": shown(self.minimum), "mean": shown(self.mean),
            "weakest": [one.category for one in self.weakest],
            "threshold": shown(self.threshold), "reaches_threshold": self.reaches_threshold,
            "categories": [one.as_json() for one in self.categories],
            "category_weights_record": self.weights.change_record or None,
            "hard_stops": [one.as_json() for one in self.hard_stops],
            "disagreements": [_side_by_side(item) for item in self.disagreements],
            "unscored": [{"record": item.record.id, "by": list(item.unscored_by)} for item in self.unscored],
            "without_item": [one.category for one in self.without_item],
            "items": Mapped(self.items, ScoredItem.as_json),
        }  # fmt: skip


def _side_by_side(item: ScoredItem) -> dict[str, Any]:
    return {
        "record": item.record.id, "title": item.record.name, "difference": item.difference,
        "sending": item.sending.as_json(), "receiving": item.receiving.as_json(),
    }  # fmt: skip


def readiness(package: Package, site: str, gate: str, as_of: date, fits: SiteFit | None = None) -> Readiness:
    """How ready a site is for a gate on a date; `fits` is its facility fit, worked out here where it is not given."""
    return readiness_at(package, {site: gate}, as_of, {site: fits} if fits else {})[site]


def readiness_at(
    package: Package, gates: Mapping[str, str], as_of: date, fits: Mapping[str, SiteFit] | None = None
) -> Mapping[str, Readiness]:
    """Readiness of several sites, each for its gate; items that name no site are those of every receiving site."""
    given = fits or {}
    weights = category_weights(package)
    general: list[ScoredItem] = []
    own: dict[str, list[ScoredItem]] = {}
    for item in scored_items(package, as_of):
        (own.setdefault(item.record.site, []) if item.record.site else general).append(item)
    found = {}
    for site, gate in gates.items():
        items = sorted((*general, *own.get(site, ())), key=lambda item: item.record.id)
        fit = given.get(site) or site_fit(package, site, gate)
        stops = (*stops_of_items(items), *stops_of_fits(fit.fits), *stops_of_records(package, site, gate, as_of))
        found[site] = _readiness(site, gate, items, weights, gate_threshold(package, gate), stops)
    return found


def _readiness(  # noqa: PLR0913, PLR0917  the parts of the answer
    site: str,
    gate: str,
    items: Sequence[ScoredItem],
    weights: CategoryWeights,
    threshold: Fraction | None,
    stops: tuple[HardStop, ...],
) -> Readiness:
    categories = tuple(category_scores(items, weights))
    return Readiness(
        site, gate, categories, weights, minimum(categories), weighted_mean(categories), threshold, stops, tuple(items)
    )
