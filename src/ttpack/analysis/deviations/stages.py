"""Lifecycle stages that rows of the classification and clocks of escalation are about."""

import re
from collections.abc import Iterable
from typing import Final

from ttpack.model.deviation import DeviationRule, EscalationRule
from ttpack.model.package import Package

STAGES: Final = ("engineering", "gmp", "ppq", "commercial")
"""Stages that every package is asked about."""
STAGE_LABELS: Final = {"engineering": "engineering", "gmp": "GMP", "ppq": "PPQ", "commercial": "commercial"}
STAGE_ALIASES: Final = {"clinical": "gmp"}
"""Words that count as a stage."""
_SEPARATORS: Final = re.compile(r"[\s_.-]+")


def stage_key(text: str) -> str:
    """A stage as it is compared: without case and separators, `clinical` as `gmp`."""
    plain = _SEPARATORS.sub("", text.casefold())
    return STAGE_ALIASES.get(plain, plain)


def stage_keys(stages: Iterable[str]) -> tuple[str, ...]:
    """The stages that a rule names, each once, in their order; none stands for all, a blank one for no stage."""
    return tuple(dict.fromkeys(map(stage_key, stages)))


def stages_of(package: Package) -> dict[str, str]:
    """The stages of a package by key, each with its words: the usual four, then those that rules in force name."""
    found = dict(STAGE_LABELS)
    rules: tuple[DeviationRule | EscalationRule, ...] = (
        *package.in_force(DeviationRule),
        *package.in_force(EscalationRule),
    )
    named = {stage_key(one): " ".join(one.split()) for rule in rules for one in rule.stages}
    for key in sorted(named):
        if key:
            found.setdefault(key, named[key])
    return found


def covers_stage(stages: Iterable[str], stage: str) -> bool:
    """Whether a rule with these stages (keys; none: all) is about a stage."""
    given = tuple(stages)
    return not given or stage in given
