"""Which quality attributes a declared model predicts, and what answer about a site it allows.

A probability needs the uncertainty of the model: a standard error of every coefficient and a residual standard
deviation. Without them only a mean can be told; outside the ranges studied not even that.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ttpack.analysis.deviations.limits import interval_words, limits_at
from ttpack.analysis.intervals import interval
from ttpack.model.package import Package
from ttpack.model.parameter import DesignSpace, ProcessParameter
from ttpack.model.quality import QualityAttribute


@dataclass(frozen=True, slots=True)
class TransferFunction:
    """A design space that predicts a quality attribute by the responses of these indices."""

    space: DesignSpace
    attribute: str
    responses: tuple[int, ...]

    @property
    def quantified(self) -> bool:
        """Whether the model of the mean records the uncertainty of every coefficient and of the residual."""
        means = [self.space.responses[index] for index in self.responses]
        means = [one for one in means if one.meaning == "mean"]
        return bool(means) and all(
            one.terms
            and one.residual_standard_deviation is not None
            and all(term.standard_error is not None for term in one.terms)
            for one in means
        )


def transfer_functions(package: Package) -> tuple[TransferFunction, ...]:
    """Every quality attribute that a design space in force predicts, by design space and attribute."""
    found = []
    for space in package.in_force(DesignSpace):
        by_attribute: dict[str, list[int]] = {}
        for index, response in enumerate(space.responses):
            if response.attribute and package.get(response.attribute, QualityAttribute):
                by_attribute.setdefault(response.attribute, []).append(index)
        found += [TransferFunction(space, name, tuple(places)) for name, places in sorted(by_attribute.items())]
    return tuple(found)


def is_critical(package: Package, attribute: str) -> bool:
    """Whether a quality attribute is critical; one that does not say counts as critical."""
    found = package.get(attribute, QualityAttribute)
    return found is not None and found.in_force and found.critical is not False


def outside_studied(package: Package, space: DesignSpace, site: str) -> Iterator[tuple[str, str, str]]:
    """The factors whose normal range at a site reaches outside what was studied: parameter, normal, studied range.

    A parameter that depends on scale is studied at another scale, so its ranges are not compared.
    """
    for factor in space.factors:
        parameter = package.get(factor.parameter, ProcessParameter)
        if parameter is None or (parameter.scale and parameter.scale.dependence == "dependent"):
            continue
        limits = limits_at(package, parameter, site)
        given = parameter.ranges.studied
        stated = given.model_copy(update={"unit": given.unit or parameter.unit}) if given else None
        studied = interval(stated, limits.unit, package.own_units)
        if limits.normal and studied and limits.normal.ends.ends_outside(studied):
            yield parameter.id, limits.normal.words, interval_words(studied, limits.unit)
