"""Quantities written out in the words of a step."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from ttpack.analysis.intervals import in_unit, unit_or_none
from ttpack.model.graph import CODE_SPANS
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.process import Step

LITERAL = re.compile(r"(?<![\w.,{\[@-])(\d{1,9}(?:\.\d{1,9})?)\s?([^\s\d,;()|*_.][^\s,;()|*]{0,24})")
REFERENCE = re.compile(r"\{\{[^}]*\}\}|\[\[[^\]]*\]\]")
NOT_UNITS = frozenset({"a", "an", "as", "at", "in", "of", "on", "or", "to", "x", "times", "and", "by"})
MOST_LITERALS = 100


def unreferenced_quantities(package: Package, step: Step) -> Iterator[tuple[str, str]]:
    """Each field of a step with a quantity that is no value of the parameters the step names."""
    known = _known(package, step)
    for field, text in (("instruction", step.instruction), ("end_criterion", step.end_criterion), ("body", step.body)):
        if not text:
            continue
        for paragraph in re.split(r"\n\s*\n", CODE_SPANS.sub(" ", text)):
            if REFERENCE.search(paragraph):
                continue  # a copy beside a reference is QTY-05's
            literal = next(_literals(package, paragraph, known), None)
            if literal:
                yield field, literal
                break


def _literals(package: Package, text: str, known: list[tuple[Decimal, str]]) -> Iterator[str]:
    for match in list(LITERAL.finditer(text))[:MOST_LITERALS]:
        unit = match.group(2).rstrip(".:!?'\"")
        if unit.casefold() in NOT_UNITS or unit_or_none(unit, package.own_units) is None:
            continue
        value = Decimal(match.group(1))
        if not any(in_unit(number, stated, unit, package.own_units) == Fraction(value) for number, stated in known):
            yield f"{match.group(1)} {unit}"


def _known(package: Package, step: Step) -> list[tuple[Decimal, str]]:
    """The values of the parameters that the step carries out."""
    found = []
    for ref in step.parameters:
        parameter = package.get(ref, ProcessParameter)
        if parameter is None or not parameter.unit:
            continue
        ends = [end for _, given in parameter.ranges.items() if not given.unit for end in (given.low, given.high)]
        found += [
            (number, parameter.unit) for number in (parameter.setpoint, parameter.target, *ends) if number is not None
        ]
    return found
