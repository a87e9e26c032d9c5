"""The rule on training of steps that need a trained hand (KNW-03)."""

from collections.abc import Iterator, Sequence

from ttpack.analysis.know_how import counts
from ttpack.analysis.placeholders import written
from ttpack.model.findings import Place, Problem
from ttpack.model.governance import Person
from ttpack.model.knowledge import Training
from ttpack.model.package import Package
from ttpack.model.process import Step
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule
from ttpack.rules.site_places import listed, site_name, site_place


@rule("KNW-03", COMPLETENESS, from_gate="G4", basis="21 CFR 211.25; WHO TRS 1044 A4; ICH Q7 3.1")
def manual_step_without_trained_operators(package: Package, context: Context) -> Iterator[Outcome]:
    """A step with manual skill lacks, at a receiving site, training, a qualified trainer or enough operators a shift.

    Training counts for the step that it names, or for every manual step of the unit operation where it names no step;
    at the site that it names, or at every one. It names a trainer who has not left and is qualified, and has at least
    as many qualified operators on each shift as it asks for. Several steps
    without training at a site are one finding. A package without any training is asked for its first record by DOC-06.
    Why: a skill that two people have is missing on the third shift, and that is when the batch needs it.
    Resolve: add the training of the site, qualify trainer and operators, and state both numbers.
    """
    manual = sorted((step for step in package.in_force(Step) if step.manual_skill), key=lambda step: step.id)
    if not manual:
        return
    trainings = [item for item in package.in_force(Training) if counts(item)]
    if not trainings and not NotApplicableAnswers(package).answers("training"):
        return  # DOC-06 asks for the first of them
    for site in package.receiving_sites:
        here = [item for item in trainings if item.site in (None, site)]
        yield from _untrained(package, site, manual, here)
        used = (item for item in here if any(_about(item, step) for step in manual))
        for item in used:
            if item.site == site or site == package.receiving_sites[0]:
                yield from (Problem(place, words, site=item.site) for place, words in _lacking(package, item, context))


def _about(item: Training, step: Step) -> bool:
    """Whether training is of a step: by the step itself, else by its unit operation."""
    return (
        item.step == step.id if item.step else bool(item.unit_operation) and item.unit_operation == step.unit_operation
    )


def _untrained(package: Package, site: str, manual: Sequence[Step], here: Sequence[Training]) -> Iterator[Outcome]:
    by_step = {item.step for item in here if item.step}
    by_unit = {item.unit_operation for item in here if item.unit_operation and not item.step}
    lacking = [step for step in manual if step.id not in by_step and step.unit_operation not in by_unit]
    where = site_name(package, site)
    if len(lacking) > 1:
        names = listed(package, [step.id for step in lacking])
        words = f"{where} has no training in {len(lacking)} of {len(manual)} steps with manual skill: {names}"
        yield Problem(site_place(package, site), words, site=site)
        return
    for step in lacking:
        words = f"{step.name} needs a trained hand, and {where} has no training in it"
        yield Problem(step.at("manual_skill"), words, site=site)


def _lacking(package: Package, item: Training, context: Context) -> Iterator[tuple[Place, str]]:
    trainer = package.get(item.trainer, Person)
    if not written(item.trainer):
        yield item.at("trainer"), f"{item.name} names no trainer"
    elif trainer is not None and trainer.left is not None and trainer.left <= context.as_of:
        yield item.at("trainer"), f"{trainer.name}, the trainer of {item.name}, left on {trainer.left}"
    elif not item.trainer_qualified:
        said = "is not qualified" if item.trainer_qualified is False else "is not said to be qualified"
        yield item.at("trainer_qualified"), f"{package.label(item.trainer or '')}, the trainer of {item.name}, {said}"
    if item.site is None and len(package.receiving_sites) > 1:
        yield item.at("site"), f"{item.name} does not say at which receiving site it is given"
    wanted, there = item.required_per_shift, item.operators_per_shift
    if not wanted:
        said = "asks for no operator" if wanted == 0 else "does not say how many operators it needs"
        yield item.at("required_per_shift"), f"{item.name} {said} on each shift"
    elif there is None:
        words = f"{item.name} needs {wanted} qualified operators on each shift, and does not say how many there are"
        yield item.at("operators_per_shift"), words
    elif there < wanted:
        words = f"{item.name}: of {wanted} qualified operators that each shift needs there are {there}"
        yield item.at("operators_per_shift"), words
