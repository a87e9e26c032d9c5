"""Scores of categories: sum(w*s)/sum(4w) over items, exactly; the least of them, and their weighted mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ttpack.analysis.readiness.categories import CATEGORIES, NO_CATEGORY, CategoryWeights, shown
from ttpack.analysis.readiness.items import ScoredItem

_LEAST, _GREATEST = 1, 9


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """One category at one site. `score` counts; `sending` and `receiving` are what each party states by itself.

    Without an item the score is 0, not assessed. It is None where every item is approved as not applicable.
    `weight` is the category's in the mean, None for the items that name no category.
    """

    category: str
    letter: str
    label: str
    weight: Fraction | None
    score: Fraction | None
    sending: Fraction | None
    receiving: Fraction | None
    items: int
    scored_by_both: int
    not_applicable: int

    @property
    def remark(self) -> str:
        """What a reader must know of a score that rests on less than every item; nothing where there is none."""
        if not self.items:
            return "no item: not assessed"
        if self.score is None:
            return "not applicable, approved for every item"
        open_items = self.items - self.not_applicable - self.scored_by_both
        return f"{open_items} of {self.items} not scored by both parties" if open_items else ""

    def as_json(self) -> dict[str, Any]:
        """The category as a JSON object."""
        weight = self.weight
        whole = weight.numerator if weight is not None and weight.denominator == 1 else None
        return {
            "category": self.category, "letter": self.letter or None, "label": self.label,
            "weight": shown(weight) if whole is None else whole,
            "score": shown(self.score), "sending": shown(self.sending), "receiving": shown(self.receiving),
            "items": self.items, "scored_by_both": self.scored_by_both, "not_applicable": self.not_applicable,
            "remark": self.remark or None,
        }  # fmt: skip


def category_scores(items: Iterable[ScoredItem], weights: CategoryWeights) -> list[CategoryScore]:
    """All categories in their order; last, where there are any, the items without a category."""
    found: dict[str, list[ScoredItem]] = {name: [] for name in CATEGORIES}
    for item in items:
        found.setdefault(item.record.category or NO_CATEGORY, []).append(item)
    return [_category(name, these, weights.weights.get(name)) for name, these in found.items()]


def _category(name: str, items: Sequence[ScoredItem], weight: Fraction | None) -> CategoryScore:
    letter, label = CATEGORIES[name][:2] if name in CATEGORIES else ("", "Items without a category")
    applicable = [item for item in items if not item.not_applicable]
    shares: list[Fraction | None] = [None] * 3 if items else [Fraction(0)] * 3
    if applicable:
        columns = (
            [item.counted or 0 for item in applicable],
            [item.sending.stated or 0 for item in applicable],
            [item.receiving.stated or 0 for item in applicable],
        )
        shares = [share_of([item.record.weight for item in applicable], column) for column in columns]
    return CategoryScore(
        name, letter, label, weight, shares[0], shares[1], shares[2], len(items),
        sum(not item.unscored_by for item in applicable), len(items) - len(applicable),
    )  # fmt: skip


def share_of(weights: Iterable[int | None], scores: Iterable[int]) -> Fraction:
    """sum(w*s)/sum(4w), exactly. A weight that is not known is taken, between 1 and 9, so that the share is least."""
    total, most, unknown = 0, 0, list[int]()
    for weight, score in zip(weights, scores, strict=True):
        if weight is None:
            unknown.append(score)
            total, most = total + _LEAST * score, most + 4 * _LEAST
        else:
            total, most = total + weight * score, most + 4 * weight
    least = Fraction(total, most)
    for score in sorted(unknown):
        total, most = total + (_GREATEST - _LEAST) * score, most + 4 * (_GREATEST - _LEAST)
        least = min(least, Fraction(total, most))
    return least


def minimum(categories: Iterable[CategoryScore]) -> Fraction:
    """The least score of all categories; 0 where none is applicable."""
    return min((one.score for one in categories if one.score is not None), default=Fraction(0))


def weighted_mean(categories: Iterable[CategoryScore]) -> Fraction | None:
    """The mean of the categories by their weights; None where those that are applicable weigh nothing."""
    counted = [(one.weight, one.score) for one in categories if one.weight is not None and one.score is not None]
    total = sum((weight for weight, _ in counted), Fraction(0))
    return sum((weight * score for weight, score in counted), Fraction(0)) / total if total else None
