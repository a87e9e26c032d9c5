"""Which class the risk records of a parameter propose (ICH Q9(R1); A-Mab Table 5.25)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import ge, gt, le, lt

from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL, ProcessParameter
from ttpack.model.quantity import digits
from ttpack.model.risk import ClassificationRule, Risk, RiskScale, RiskScore

UNCRITICAL = frozenset({"non-CPP", "GPP"})
NO_RISKS: Mapping[str, list[Risk]] = {}
_RANK = {"CPP": 3, "WC-CPP": 3, "KPP": 2, "non-CPP": 1, "GPP": 1}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A class that follows from a risk record. One that a scale proposes does not tell CPP from WC-CPP."""

    level: str
    why: str
    exact: bool

    def agrees(self, classification: str) -> bool:
        """Whether a parameter's class is the one proposed."""
        if {self.level, classification} <= UNCRITICAL or (not self.exact and {self.level, classification} <= CRITICAL):
            return True
        return self.level == classification


def risks_by_item(package: Package) -> Mapping[str, list[Risk]]:
    """The risk records in force by the records they are about."""
    found: dict[str, list[Risk]] = {}
    for risk in package.in_force(Risk):
        for item in dict.fromkeys((risk.item, *risk.items)):
            if item:
                found.setdefault(item, []).append(risk)
    return found


def linked_risks(package: Package, parameter: ProcessParameter, by_item: Mapping[str, list[Risk]]) -> list[Risk]:
    """The risk records that a parameter names, and those that name it; the link may be written at either end."""
    refs = parameter.risk if isinstance(parameter.risk, tuple) else (parameter.risk,)
    named = filter(None, (package.get(ref, Risk) for ref in refs))
    return list({risk.id: risk for risk in (*named, *by_item.get(parameter.id, ()))}.values())


def proposals(
    package: Package, parameter: ProcessParameter, by_item: Mapping[str, list[Risk]] = NO_RISKS
) -> list[Proposal]:
    """The gravest class that risk records state for the parameter, and the gravest that follows from their scores."""
    stated: list[Proposal] = []
    scored: list[Proposal] = []
    for risk in linked_risks(package, parameter, by_item):
        if not risk.in_force:
            continue
        if risk.proposes:
            stated.append(Proposal(risk.proposes, f"{risk.id} proposes", exact=True))
        scored.extend(_scored(package, risk))
    return [max(found, key=lambda each: _RANK.get(each.level, 0)) for found in (stated, scored) if found]


def _scored(package: Package, risk: Risk) -> Iterator[Proposal]:
    scale = package.get(risk.scale, RiskScale)
    if scale is None or risk.initial is None:
        return
    for rule in scale.classification:
        words = _reached(rule, risk.initial)
        if words and rule.level in _RANK:
            yield Proposal(rule.level, f"{scale.id} proposes for {words} of {risk.id}", exact=False)


def _reached(rule: ClassificationRule, score: RiskScore) -> str | None:
    """What of a score proposes the rule's level, in words; None where a condition is not met or not known."""
    product = _product(score)
    met = []
    conditions = (
        ("severity", score.severity, rule.severity_at_least, ge),
        ("severity", score.severity, rule.severity_below, lt),
        ("score", product, rule.score_above, gt),
        ("score", product, rule.score_at_most, le),
    )
    for name, value, limit, holds in conditions:
        if limit is None:
            continue
        if value is None or not holds(value, limit):
            return None
        met.append(f"{name} {digits(value)}")
    return " and ".join(met) or None


def _product(score: RiskScore) -> Decimal | None:
    if score.score is not None:
        return score.score
    if score.severity is None or score.occurrence is None or score.detection is None:
        return None
    return score.severity * score.occurrence * score.detection
