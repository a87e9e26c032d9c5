"""The rule on the record of past deviations (DEVH)."""

from collections.abc import Iterator

from ttpack.analysis.placeholders import written
from ttpack.model.findings import Problem
from ttpack.model.knowledge import HistoricalDeviation
from ttpack.model.package import Package
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule


@rule("DEVH-01", COMPLETENESS, from_gate="G5", basis="EU GMP Ch. 1 (1.4); ICH Q10 3.2.2")
def past_deviation_incomplete(package: Package, context: Context) -> Iterator[Outcome]:
    """A past deviation lacks step, parameters, batch, class, root cause or corrective action; or is critical and open.

    It is open until its status is `closed`; an open critical one blocks gate G5. What it rightly lacks, such as the
    parameters of a lost document, a not_applicable record answers with `what: "<deviation id>: parameters"`.
    Why: a deviation that is tied to no parameter cannot warn anybody who sets that parameter.
    Resolve: complete the record from the investigation report; close a critical deviation before G5.
    """
    answers = NotApplicableAnswers(package)
    for item in package.in_force(HistoricalDeviation):
        site = item.site if item.site in package.receiving_sites else None
        for field, words, given in (
            ("step", "the step", bool(item.step)),
            ("parameters", "the parameters", bool(item.parameters)),
            ("batch", "the batch", written(item.batch)),
            ("classification", "its class", item.classification is not None),
            ("root_cause", "the root cause", written(item.root_cause)),
            ("corrective_action", "the corrective and preventive action", written(item.corrective_action)),
        ):
            if not given and not answers.answers(field, item.id):
                short = answers.shortfall(field, item.id)
                yield Problem(
                    item.at(field), f"the past deviation {item.name} does not state {words}{short}", site=site
                )
        if item.classification == "critical" and item.status != "closed":
            words = f"the critical deviation {item.name} is open, and gate G5 cannot open with it"
            yield Problem(item.at("status"), words, site=site)
