"""Rules on scale-down models (SDM)."""

from collections.abc import Iterable, Iterator

from ttpack.model.knowledge import Evidence
from ttpack.model.package import Package
from ttpack.model.parameter import Effect, ProcessParameter
from ttpack.model.scale import ScaleCharacterisation
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

PROVEN = frozenset({"proven_acceptable", "design_space"})
LONGEST_LIST = 8


@rule("SDM-01", COMPLETENESS, basis="ICH Q11", from_gate="G3")
def range_proven_on_unqualified_model(package: Package, context: Context) -> Iterator[Outcome]:
    """A proven range rests on a scale-down model that is not qualified against at-scale data, attribute by attribute.

    Why: what was examined on a model that nobody compared with full scale has been studied, not proven acceptable.
    Resolve: cite the model's qualification (`qualification` with `qualified: true`, `against` and an offset for each
    attribute), or move the range to `studied`.
    """
    used: dict[str, set[str]] = {}
    for parameter in package.parameters:
        for name, given in parameter.ranges.items():
            if name not in PROVEN:
                continue
            studies = [study for ref in (given.evidence or parameter.evidence) if (study := package.get(ref, Evidence))]
            reasons = [_unsound(package, study) for study in studies]
            if studies and all(reasons):
                words = name.replace("_", " ") + (" range" if name == "proven_acceptable" else "")
                message = f"the {words} of {parameter.name} counts as studied only: {reasons[0]}"
                yield parameter.at(f"ranges.{name}"), message
            for study in studies:
                if study.scale_down_model and not _unsound(package, study):
                    used.setdefault(study.scale_down_model, set()).update(_affected(parameter))
    for model_id, attributes in sorted(used.items()):
        model = package.get(model_id, ScaleCharacterisation)
        if model is not None:
            yield from _qualification_gaps(package, model, attributes)


def _unsound(package: Package, study: Evidence) -> str:
    """Why a study proves no range; nothing where it was not done on a scale-down model, or on a qualified one."""
    if not study.scale_down_model:
        return f"{study.name} names no scale-down model" if study.evidence_type == "scale_down_study" else ""
    model = package.get(study.scale_down_model, ScaleCharacterisation)
    if model is None:
        return ""
    if model.qualification is None or not model.qualification.qualified:
        return f"{model.name}, on which {study.name} was run, is not qualified"
    return f"{study.name} is said to rest on a model that is not qualified" if study.qualified is False else ""


def _qualification_gaps(package: Package, model: ScaleCharacterisation, attributes: set[str]) -> Iterator[Outcome]:
    qualification = model.qualification
    if qualification is None:
        return
    against = [record for ref in qualification.against if (record := package.records.get(ref))]
    if not any(record.id != model.id and not getattr(record, "is_scale_down_model", None) for record in against):
        yield model.at("qualification.against"), f"{model.name} is said to be qualified, but against no at-scale data"
    compared = {
        offset.attribute
        for offset in qualification.offsets
        if offset.value is not None or (offset.statement or "").strip()
    }
    missing = sorted(attributes - compared)
    if missing:
        message = f"{model.name} is said to be qualified, but states no offset for {_listed(package, missing)}"
        yield model.at("qualification.offsets"), message


def _affected(parameter: ProcessParameter) -> Iterable[str]:
    for effect in parameter.effects:
        if not isinstance(effect, Effect):
            yield effect
        elif "none" not in (effect.direction, effect.strength):
            yield effect.ref


def _listed(package: Package, attributes: list[str]) -> str:
    names = ", ".join(package.label(attribute) for attribute in attributes[:LONGEST_LIST])
    rest = len(attributes) - LONGEST_LIST
    return f"{names} and {rest} more" if rest > 0 else names
