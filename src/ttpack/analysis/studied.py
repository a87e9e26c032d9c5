"""Which range of a parameter was studied, according to the evidence that its proven range cites."""

from dataclasses import dataclass

from ttpack.analysis.intervals import Interval, interval, range_text
from ttpack.model.knowledge import Evidence
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter


@dataclass(frozen=True, slots=True)
class Studied:
    """The ranges studied in the parameter's unit, who says so, and the evidence cited."""

    ranges: tuple[Interval, ...]
    words: str
    cited: tuple[str, ...]


def studied_ranges(package: Package, parameter: ProcessParameter) -> Studied:
    """What the evidence cited by the proven range studied, else what the parameter itself says was studied.

    The parameter's own studied range also counts where it rests on cited evidence that does not say. A study that is
    only planned has studied nothing.
    """
    proven, own_range = parameter.ranges.proven_acceptable, parameter.ranges.studied
    cited = (proven.evidence if proven else ()) or parameter.evidence
    found: list[Interval] = []
    words: list[str] = []
    silent = []
    for ref in cited:
        record = package.get(ref, Evidence)
        said = list(_stated(package, record, parameter)) if record and record.outcome != "planned" else []
        if said and record:
            found += [each for each, _ in said]
            words += [f"{text} by {record.id}" for _, text in said]
        else:
            silent.append(ref)
    own = interval(own_range, parameter.unit, package.own_units)
    if own and own_range and (not found or set(own_range.evidence) & set(silent)):
        found.append(own)
        words.append(f"{range_text(own_range, parameter.unit)} according to {parameter.id}")
    return Studied(tuple(found), ", ".join(words), tuple(cited))


def _stated(package: Package, record: Evidence, parameter: ProcessParameter) -> list[tuple[Interval, str]]:
    ranges = []
    for each in record.studied:
        if each.parameter != parameter.id:
            continue
        given = each.range.model_copy(update={"unit": each.range.unit or each.unit or parameter.unit})
        examined = interval(given, parameter.unit, package.own_units)
        if examined:
            ranges.append((examined, range_text(given, parameter.unit)))
    return ranges
