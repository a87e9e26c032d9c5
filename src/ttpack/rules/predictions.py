"""The rule on predicted quality at a receiving site (SIM-03)."""

from collections.abc import Iterator
from dataclasses import dataclass

from ttpack.analysis.predictions import TransferFunction, is_critical, outside_studied, transfer_functions
from ttpack.model.campaign import Prediction, Simulation
from ttpack.model.findings import Place, Problem
from ttpack.model.package import Package
from ttpack.model.quantity import digits
from ttpack.rules.registry import COMPLETENESS, CONSISTENCY, INFORMATION, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import listed, site_name, site_place


def where_predicted(package: Package) -> str | None:
    """Applies where a design space says which quality attribute it predicts."""
    return None if transfer_functions(package) else "no transfer function of a quality attribute is declared"


@rule(
    "SIM-03", COMPLETENESS, from_gate="G4", applies_when=where_predicted,
    basis="validation of performance against quality requirements",
)  # fmt: skip
def quality_not_predicted(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical quality attribute with a declared model has no prediction at a receiving site, or one it cannot give.

    A probability needs a standard error of every coefficient and a residual standard deviation in the model; without
    them the only right answer is `mean_only`. Where the site's normal range reaches outside what was studied, it is
    `outside_validity`, with neither probability nor mean. Both are listed as not computable, as nothing shows that
    the criterion is met.
    Why: a mean inside the limits says nothing of the batches around it, and a model says nothing outside its data.
    Resolve: add the prediction to a simulation of the site; record the model's uncertainty, or answer `mean_only`.
    """
    functions = transfer_functions(package)
    simulations = [one for one in package.in_force(Simulation) if one.predictions]
    for site in package.receiving_sites:
        yield from _absent(package, site, functions, [one for one in simulations if one.site == site])
    by_attribute: dict[str, list[TransferFunction]] = {}
    for function in functions:
        by_attribute.setdefault(function.attribute, []).append(function)
    outside: dict[tuple[str, str], str] = {}
    for one in simulations:
        for index, prediction in enumerate(one.predictions):
            options = by_attribute.get(prediction.attribute, [])
            named = [each for each in options if prediction.design_space in (None, each.space.id)]
            case = _Case(package, one, index, prediction, named[0] if named else None)
            yield from _judged(case, outside)


@dataclass(frozen=True, slots=True)
class _Case:
    """One prediction with the model behind it."""

    package: Package
    simulation: Simulation
    index: int
    prediction: Prediction
    function: TransferFunction | None

    def at(self, field: str) -> Place:
        """The place of a field of the prediction."""
        return self.simulation.at(f"predictions[{self.index}].{field}")

    @property
    def name(self) -> str:
        """The attribute predicted and where."""
        site = self.simulation.site
        where = f" at {site_name(self.package, site)}" if site else ""
        return f"{self.package.label(self.prediction.attribute)}{where}"


def _absent(
    package: Package, site: str, functions: tuple[TransferFunction, ...], simulations: list[Simulation]
) -> Iterator[Outcome]:
    wanted = dict.fromkeys(each.attribute for each in functions if is_critical(package, each.attribute))
    given = {one.attribute for simulation in simulations for one in simulation.predictions}
    absent = [name for name in wanted if name not in given]
    if absent and not simulations:
        message = f"nothing predicts the quality at {site_name(package, site)}: {listed(package, absent)}"
        yield Problem(site_place(package, site), message, site=site)
        return
    for name in absent:
        message = f"{simulations[0].name} does not predict {package.label(name)} at {site_name(package, site)}"
        yield Problem(simulations[0].at("predictions"), message, site=site)


def _judged(case: _Case, outside: dict[tuple[str, str], str]) -> Iterator[Outcome]:
    prediction, function = case.prediction, case.function
    if function is None:
        yield case.at("design_space"), f"no design space in force predicts {case.name}"
        return
    beyond = _outside(case, function, outside)
    if beyond and prediction.kind_of_answer != "outside_validity":
        yield case.at("kind_of_answer"), f"{case.name} is predicted outside the model's validity: {beyond}"
        return
    match prediction.kind_of_answer:
        case "probability":
            yield from _probability(case, function)
        case "mean_only":
            yield from _mean_only(case, function)
        case "outside_validity":
            yield from _nothing(case)


def _outside(case: _Case, function: TransferFunction, known: dict[tuple[str, str], str]) -> str:
    """Which normal range of the site lies outside what was studied, in words; empty where none does."""
    site = case.simulation.site
    if site is None:
        return ""
    key = (function.space.id, site)
    if key not in known:
        known[key] = "; ".join(
            f"{case.package.label(parameter)} is operated at {normal}, studied at {studied}"
            for parameter, normal, studied in outside_studied(case.package, function.space, site)
        )
    return known[key]


def _probability(case: _Case, function: TransferFunction) -> Iterator[Outcome]:
    given, level = case.prediction.probability, function.space.reliability_level
    if given is None:
        yield case.at("probability"), f"the probability of {case.name} is not stated"
    elif not given.is_finite() or not 0 <= given <= 1:
        message = f"the probability of {case.name}, {given}, is not between 0 and 1"
        yield Problem(case.at("probability"), message, kind=CONSISTENCY)
    elif not function.quantified:
        yield case.at("probability"), _without_uncertainty(case, function)
    elif level is not None and given < level:
        message = f"{case.name} meets its criterion with probability {digits(given)}; declared are {digits(level)}"
        yield Problem(case.at("probability"), message, kind=INFORMATION)


def _without_uncertainty(case: _Case, function: TransferFunction) -> str:
    return (
        f"a probability is stated for {case.name}, but {function.space.name} records no uncertainty of coefficients "
        "and residual: only a mean can be told"
    )


def _mean_only(case: _Case, function: TransferFunction) -> Iterator[Outcome]:
    if case.prediction.probability is not None:
        words = f"a probability is stated for {case.name}, which is answered as mean only"
        yield case.at("probability"), words if function.quantified else _without_uncertainty(case, function)
    elif function.quantified:
        message = f"{case.name} is answered as mean only, but {function.space.name} records its uncertainty"
        yield case.at("kind_of_answer"), message
    elif case.prediction.mean is None:
        yield case.at("mean"), f"the mean of {case.name} is not stated"
    else:
        place = case.simulation.at(f"predictions[{case.index}]")
        yield NotComputable(place, f"mean only: the model of {case.name} records no uncertainty")


def _nothing(case: _Case) -> Iterator[Outcome]:
    stated = [name for name in ("probability", "mean") if getattr(case.prediction, name) is not None]
    if stated:
        message = f"{case.name} lies outside the model's validity, but a {stated[0]} is stated"
        yield case.at(stated[0]), message
    else:
        place = case.simulation.at(f"predictions[{case.index}]")
        yield NotComputable(place, f"{case.name} lies outside the model's validity: nothing is predicted")
