"""What a person says about a deviation on the command line, as a question: every part is checked, none is guessed."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Final

from ttpack.analysis.deviations.book import EVENTS, Rulebook
from ttpack.analysis.deviations.classify import Question
from ttpack.analysis.deviations.excursion_time import seconds_of
from ttpack.analysis.deviations.stages import stage_key
from ttpack.analysis.intervals import in_unit, unit_or_none
from ttpack.errors import UsageError
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.units import UnitError, exact

MINUS: Final = "\N{MINUS SIGN}"
NEAR: Final = 5
LONGEST: Final = 100
_VALUE: Final = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)\s*(.*)", re.DOTALL)
_COMMA: Final = re.compile(r"[+-]?[0-9]*,[0-9]")
_INSTANTS: Final = {"occurred": "occurrence", "discovered": "discovery", "qa_aware": "qa_awareness"}


def parameter_named(package: Package, name: str) -> ProcessParameter:
    """The parameter of an id or a title. Raises UsageError that names near ones."""
    wanted = " ".join(name.split())
    by_id = [one for one in package.parameters if one.id.casefold() == wanted.casefold()]
    found = by_id or [one for one in package.parameters if one.name.casefold() == wanted.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{wanted[:60]!r} is the title of {', '.join(one.id for one in found[:NEAR])}; name one")
    known = [name for one in package.parameters for name in (one.id, one.name)]
    near = get_close_matches(wanted.upper(), known, NEAR) or get_close_matches(wanted, known, NEAR)
    hint = f"near ones are {', '.join(near)}" if near else f"there are {len(package.parameters)} parameters"
    if package.records.get(wanted) is not None:
        raise UsageError(f"{wanted[:60]} is no process parameter in force; {hint}")
    event = _event_key(wanted)
    if event in EVENTS:
        hint = f"for what happened without one say --event {event}"
    raise UsageError(f"there is no parameter {wanted[:60]!r}; {hint}")


def ask(
    package: Package, book: Rulebook, parameter: ProcessParameter | None, value: str | None, told: Mapping[str, Any]
) -> tuple[Question, str]:
    """The question, and the value as it was typed. Raises UsageError that says what is wanted."""
    event = _event(told["event"])
    if parameter is None and event is None:
        raise UsageError("say what happened: PARAMETER and VALUE, or --event KIND")
    if parameter is not None and value is None and event is None:
        raise UsageError(f"say the value of {parameter.id}, as 7.2, or what happened with --event KIND")
    site = _site(book, told["site"])
    together = tuple(dict.fromkeys(parameter_named(package, one).id for one in told["together"]))
    if parameter is not None and parameter.id in together:
        raise UsageError(f"{parameter.id} is the parameter asked about; --with names others")
    instants = {name: _instant(key, told[key]) for key, name in _INSTANTS.items()}
    _in_order(instants)
    question = Question(
        site=site,
        stage=_stage(book, told["stage"]),
        parameter=parameter.id if parameter else None,
        value=_value(package, book, parameter.id, site, value) if parameter and value is not None else None,
        event=event,
        duration=_duration(told["duration"]),
        repeat=bool(told["repeat"]),
        together=together,
        **instants,
    )
    return question, " ".join((value or "").replace(MINUS, "-").split())


def _value(package: Package, book: Rulebook, parameter: str, site: str, text: str) -> Fraction:
    """The value in the unit of the parameter's limits at the site, exactly."""
    limits = book.limits_of(parameter, site)
    plain = text.replace(MINUS, "-").strip()
    found = _VALUE.fullmatch(plain) if len(plain) <= LONGEST else None
    wanted = f'a number, with a unit or in {limits.unit or "the unit of the field"}, as 7.2 or "98.6 [degF]"'
    if found is None or _COMMA.match(plain):
        raise UsageError(f"{text[:60]!r} is no value; {wanted} is wanted")
    try:
        number = Decimal(found[1])
        value = exact(number)
    except (InvalidOperation, UnitError):
        raise UsageError(f"{text[:60]!r} is out of reach; {wanted} is wanted") from None
    unit = found[2].strip()
    if not unit:
        return value
    if unit_or_none(unit, package.own_units) is None:
        raise UsageError(f"{unit[:40]!r} is no unit; {wanted} is wanted")
    converted = in_unit(number, unit, limits.unit, package.own_units) if limits.unit else None
    if converted is None:
        raise UsageError(f"{unit[:40]} does not convert to {limits.unit or 'a parameter without unit'} of {parameter}")
    return converted


def _event_key(text: str) -> str:
    return re.sub(r"[\s-]+", "_", text.strip().casefold())


def _event(text: str | None) -> str | None:
    if text is None:
        return None
    key = _event_key(text)
    if key not in EVENTS:
        raise UsageError(f"there is no event {text[:60]!r}; events are {', '.join(EVENTS)}")
    return key


def _stage(book: Rulebook, text: str | None) -> str:
    listed = ", ".join(book.stages)
    if text is None:
        raise UsageError(f"say the stage with --stage; stages are {listed}")
    key = stage_key(text)
    if key not in book.stages:
        raise UsageError(f"there is no stage {text[:60]!r}; stages are {listed}")
    return key


def _site(book: Rulebook, text: str | None) -> str:
    listed = ", ".join(sorted(book.sites)) or "none"
    if text is not None:
        if text not in book.sites:
            raise UsageError(f"there is no site {text[:60]!r}; sites are {listed}")
        return text
    receiving = next((name for name, one in book.sites.items() if one.party == "receiving"), None)
    if receiving is None:
        raise UsageError(f"say the site with --site; sites are {listed}")
    return receiving


def _duration(text: str | None) -> Fraction | None:
    if text is None or text.strip().casefold() == "unknown":
        return None
    seconds = seconds_of(text.replace(MINUS, "-"))
    if seconds is None:
        raise UsageError(f"{text[:60]!r} is no duration; write it as 30min, 1.5h, 90 s or 2 d")
    if seconds < 0:
        raise UsageError(f"a duration is not negative, as {text.replace(MINUS, '-')[:60]!r} is; write it as 30min")
    return seconds


def _instant(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    option = f"--{name.replace('_', '-')}"
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{option} {text[:60]!r} is no instant; write it as 2026-11-30T14:05+01:00") from None
    if found.tzinfo is None:
        raise UsageError(f"{option} {text[:60]!r} has no time zone; write it as 2026-11-30T14:05+01:00")
    return found


def _in_order(instants: Mapping[str, datetime | None]) -> None:
    given: Iterable[tuple[str, datetime]] = [(name, one) for name, one in instants.items() if one is not None]
    for (first, earlier), (second, later) in zip(given, list(given)[1:], strict=False):
        if later < earlier:
            said = {value: f"--{key.replace('_', '-')}" for key, value in _INSTANTS.items()}
            raise UsageError(
                f"{said[second]} lies before {said[first]}: {later.isoformat()} before {earlier.isoformat()}"
            )
