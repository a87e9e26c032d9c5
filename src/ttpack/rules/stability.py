"""Rules on stability (STB)."""

from collections.abc import Iterator

from ttpack.analysis.placeholders import written
from ttpack.model.analytics import StabilityStudy
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule
from ttpack.rules.site_places import site_name, site_place

LANE_GATE = "G6"


@rule("STB-01", COMPLETENESS, from_gate="G5", basis="ICH Q5C; ICH Q1A(R2); EU GMP Annex 15, 6")
def stability_of_first_batches_not_planned(package: Package, context: Context) -> Iterator[Outcome]:
    """The first batches of a receiving site have no approved stability protocol, or their lane is not qualified.

    The protocol is approved by G5; storage and shipping are qualified for the site's lane by G6. A site without any
    study is one finding.
    Why: a change of site is compared over the whole shelf life, and material that cannot be stored or shipped cannot
    be released.
    Resolve: add a stability_study with `site`, `protocol` and `protocol_approved_on`; name the `lane` of storage and
    shipping, and say `qualified: true` once it is.
    """
    answers = NotApplicableAnswers(package)
    for site in package.receiving_sites:
        if answers.answers("stability_study") or answers.answers("stability_study", site):
            continue
        studies = [one for one in package.in_force(StabilityStudy) if one.site == site]
        yield from _protocol(package, site, studies, context)
        if studies:
            yield from _lane(package, site, studies)


def _protocol(package: Package, site: str, studies: list[StabilityStudy], context: Context) -> Iterator[Problem]:
    with_protocol = [one for one in studies if written(one.protocol) and one.study_type != "shipping"]
    if not with_protocol:
        name = site_name(package, site)
        place = studies[0].at("protocol") if len(studies) == 1 else site_place(package, site)
        yield Problem(place, f"no stability protocol exists for the first batches of {name}", site=site)
        return
    if any(one.protocol_approved_on and one.protocol_approved_on <= context.as_of for one in with_protocol):
        return
    for one in with_protocol:
        when = f"is approved only on {one.protocol_approved_on}" if one.protocol_approved_on else "is not approved"
        yield Problem(one.at("protocol_approved_on"), f"the protocol of {one.name}, {one.protocol}, {when}", site=site)


def _lane(package: Package, site: str, studies: list[StabilityStudy]) -> Iterator[Problem]:
    with_lane = [one for one in studies if written(one.lane)]
    for one in with_lane:
        if not one.qualified:
            message = f"storage and shipping are not qualified for the lane of {one.name}: {one.lane}"
            yield Problem(one.at("qualified"), message, site=site, from_gate=LANE_GATE)
    if not with_lane:
        place = studies[0].at("lane") if len(studies) == 1 else site_place(package, site)
        message = f"nothing names the storage and shipping lane of {site_name(package, site)}"
        yield Problem(place, message, site=site, from_gate=LANE_GATE)
