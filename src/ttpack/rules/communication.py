"""The rule on recurring exchanges between the parties (COM)."""

import re
from collections.abc import Iterator
from typing import Final

from ttpack.analysis.exchanges import missed
from ttpack.analysis.placeholders import written
from ttpack.model.governance import Communication, GovernanceBody
from ttpack.model.package import Package
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule
from ttpack.rules.site_places import listed_words

EXCHANGES: Final = {
    "team_call": ("team call", r"\bteam (?:call|meeting)|\b(?:call|meeting) of the (?:joint )?team\b"),
    "steering_committee": ("steering committee meeting", r"\bsteering\b|\bJSC\b"),
    "data_transfer": ("data transfer", r"\bdata (?:transfer|exchange)\b|\btransfer of (?:\w+ ){0,3}data\b"),
    "batch_review": ("batch review", r"\bbatch (?:record )?reviews?\b|\breview of (?:\w+ ){0,3}batch(?:es)?\b"),
}  # fmt: skip
"""Exchanges that every transfer has, by their code, in words, with how other words tell them."""
_PATTERNS: Final = {code: re.compile(pattern, re.IGNORECASE) for code, (_, pattern) in EXCHANGES.items()}
LONGEST_TEXT: Final = 400


@rule("COM-01", COMPLETENESS, from_gate="G2", basis="Niazi: communication fragmentation")
def exchange_not_kept(package: Package, context: Context) -> Iterator[Outcome]:
    """A recurring exchange is missing, lacks owner, cadence, channel, participants or record, or is not held.

    A team call, the steering committee, the transfer of data and the review of batches recur: told by their
    `exchange_type`, else by their words. Each says who owns it, how often, in days too, by which channel, with whom,
    and where it is recorded. It was last held not longer ago than twice its `cadence_days`, and not in the future. A
    not_applicable record with `what: "batch review"` answers a missing one. A package without any joint body is not
    judged here.
    Why: an exchange that quietly stopped is noticed only when somebody acts on old numbers.
    Resolve: complete the communication record; enter the date each time it is held.
    """
    plan = package.in_force(Communication)
    if not plan and not package.in_force(GovernanceBody):
        return
    yield from _missing(package, plan)
    for item in plan:
        for field, words, given in (
            ("owner", "who owns it", written(item.owner)),
            ("cadence", "how often it is", written(item.cadence) or item.cadence_days),
            ("channel", "its channel", written(item.channel)),
            ("participants", "who takes part", item.participants),
            ("record_location", "where it is recorded", written(item.record_location)),
        ):
            if not given:
                yield item.at(field), f"{item.name} does not say {words}"
        yield from _held(item, context)


def _missing(package: Package, plan: tuple[Communication, ...]) -> Iterator[Outcome]:
    """Exchanges that nothing plans; all in one sentence where there is no plan at all."""
    answers = NotApplicableAnswers(package)
    planned = {code for item in plan for code in _types(item)}
    lacking = {
        code: words
        for code, (words, _) in EXCHANGES.items()
        if code not in planned and not answers.answers(code) and not answers.answers(words)
    }
    if not plan and lacking:
        message = f"the package plans no recurring exchange: {listed_words(list(lacking.values()))}"
        yield package.manifest.at(), message
        return
    for code, words in lacking.items():
        short = answers.shortfall(words) or answers.shortfall(code)
        yield package.manifest.at(), f"the communication plan has no recurring {words}{short}"


def _types(item: Communication) -> Iterator[str]:
    if item.exchange_type is not None:
        yield item.exchange_type
        return
    words = " ".join(filter(None, (item.exchange, item.title)))[:LONGEST_TEXT]
    yield from (code for code, pattern in _PATTERNS.items() if pattern.search(words))


def _held(item: Communication, context: Context) -> Iterator[Outcome]:
    held = item.last_held
    if held is None:
        yield item.at("last_held"), f"{item.name} does not say when it was last held"
    elif held > context.as_of:
        yield item.at("last_held"), f"{item.name} was last held on {held}, which is after {context.as_of}"
    elif not item.cadence_days or item.cadence_days <= 0:
        if written(item.cadence):
            message = f"{item.name} gives its cadence in words only, so that nobody can tell whether it is late"
            yield item.at("cadence_days"), message, "give the days between two of them as `cadence_days`"
    elif missed(item, context.as_of):
        days = (context.as_of - held).days
        every = f"it is held every {item.cadence_days} days"
        yield item.at("last_held"), f"{item.name} was last held on {held}, {days} days ago; {every}"
