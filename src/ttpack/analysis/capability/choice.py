"""Whether predicted quality leaves something to do."""

from ttpack.analysis.capability.region import BoxInRegion
from ttpack.analysis.capability.study import CapabilityStudy

LEAST = 0.99
"""The probability of meeting a criterion that is enough where the design space declares no reliability."""


def to_do(given: CapabilityStudy, box: BoxInRegion) -> bool:
    """Whether a limit is missed anywhere, a probability is too low, or something could not be predicted."""
    level = given.model.reliability or LEAST
    for one in given.responses:
        if one.answer in ("not_computable", "outside_validity") or one.lost:
            return True
        if one.probability is not None and one.probability < level:
            return True
        if one.answer == "mean_only" and one.inside is not None and one.inside < 1:
            return True
    return bool(given.gaps) or box.inside is not True
