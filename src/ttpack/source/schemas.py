"""Records against the schemas of their kinds, and what is wrong with them in the author's words."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError

from ttpack.source.resources import resource

_QUOTE_TEXT = 'Put the text in quotes: "{}".'
_QUOTE_UNIT = 'Write units quoted, such as unit: "[pH]" or unit: "%".'
_QUOTE_REFERENCE = 'Quote a value with {{ }} or [[ ]], such as text: "see [[CQA-AGG]]".'
_LISTED = 15
_LONGEST_WORD = 60
_MOST_VIOLATIONS = 100  # of one record; who corrects these is shown the next
_TYPES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping of fields",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One place of a record that its schema refuses; `field` is a dotted path."""

    field: str
    message: str
    fix: str = ""


@cache
def schema(kind: str) -> Any:
    """The schema of a kind, as committed."""
    return json.loads((resource("schemas/v1") / f"{kind}.schema.json").read_bytes())


@cache
def validator(kind: str) -> Draft202012Validator:
    """The compiled schema of a kind; it fetches nothing, from no network and no file."""
    return Draft202012Validator(schema(kind), validate_formats=True, retriever=_deny)


def violations(kind: str, data: dict[str, Any]) -> list[Violation]:
    """Everything the schema refuses, one violation a place, in the order of places; empty for a valid record."""
    checker = validator(kind)
    if checker.is_valid(data):
        return []
    found: dict[str, Violation] = {}
    for violation in islice(_explained(kind, data, checker.iter_errors(data)), _MOST_VIOLATIONS):
        found.setdefault(violation.field, violation)
    return sorted(found.values(), key=lambda violation: violation.field)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that somebody who wrote `word` most likely meant."""
    return _nearest(word, tuple(sorted(known)))


@lru_cache(maxsize=4096)  # one mistake is often made in many records
def _nearest(word: str, words: tuple[str, ...]) -> str | None:
    begun = [one for one in words if len(word) > 1 and one.startswith(word)]
    close = begun[:1] or _holding(word, words) or get_close_matches(word, words, n=1, cutoff=0.6)
    return close[0] if close else None


_OTHER_WORDS = {"name": ("title",), "date": ("_on",), "type": ("_kind", "_type"), "frequency": ("interval",)}


def _holding(word: str, words: tuple[str, ...]) -> list[str]:
    """The one known word that has this as a part (`class` in `material_class`), or says it in other words."""
    meant = _OTHER_WORDS.get(word, ())
    same = [one for one in words if any(one == other or one.endswith(other) for other in meant)]
    parts = [one for one in words if word in one.split("_")]
    return next((found for found in (same, parts) if len(found) == 1), [])


def dotted(path: Iterable[str | int]) -> str:
    """A path of keys and list indices as a dotted field."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(parts).removeprefix(".")


def _deny(uri: str) -> Any:
    message = f"schemas refer to nothing outside themselves, not to {uri}"
    raise ValueError(message)


def _explained(kind: str, data: Any, errors: Iterable[ValidationError]) -> Iterator[Violation]:
    given = list(errors)
    meant: set[str] = set()
    for error in given:
        if error.kind.name == "additionalProperties":
            for violation, wanted in _unknown(kind, error):
                meant.add(wanted)
                yield violation
    for error in given:
        name = error.kind.name
        if name == "anyOf":
            yield from _alternatives(kind, data, error)
        elif name == "required":
            missing = str(error.kind.property)  # type: ignore[attr-defined]
            field = dotted([*error.instance_path, missing])
            if field not in meant:
                yield Violation(field, f"the field {missing!r} is missing", f"Give {missing!r}.")
        elif name != "additionalProperties":
            yield _violation(kind, data, error)


def _unknown(kind: str, error: ValidationError) -> Iterator[tuple[Violation, str]]:
    """Violations for unknown fields, each with the dotted field that was likely meant."""
    known = _follow(schema(kind), error.schema_path[:-1]).get("properties", {})
    for name in error.kind.unexpected:  # type: ignore[attr-defined]
        guess = nearest(name, known.keys() - dict(error.instance).keys())  # type: ignore[arg-type]  # an object
        few = len(known) <= _LISTED
        listed = f"Known here: {', '.join(sorted(known))}." if few else f"The schema of {kind} lists the known fields."
        fix = f"Did you mean {guess!r}?" if guess else listed
        if not error.instance_path:
            fix += f" A field of your own begins with x-, such as x-{_cut(name)}."
        violation = Violation(dotted([*error.instance_path, name]), f"the field {_cut(name)!r} is unknown", fix)
        yield violation, dotted([*error.instance_path, guess or ""])


def _alternatives(kind: str, data: Any, error: ValidationError) -> Iterator[Violation]:
    """What is wrong with the one alternative that was meant, else which types would do."""
    types: list[str] = []
    for branch in error.kind.context:  # type: ignore[attr-defined]
        refused = [one for one in branch if one.kind.name == "type" and one.instance_path == error.instance_path]
        if not refused:
            yield from _explained(kind, data, branch)
            return
        types.extend(refused[0].kind.types)
    yield _wrong_type(data, error, types)


def _violation(kind_name: str, data: Any, error: ValidationError) -> Violation:
    field, value, kind = dotted(error.instance_path), _follow(data, error.instance_path), error.kind
    match kind.name:
        case "type":
            return _wrong_type(data, error, kind.types)  # type: ignore[attr-defined]
        case "enum":
            options = [str(option) for option in kind.options]  # type: ignore[attr-defined]
            guess = nearest(str(value), options)
            fix = f"Did you mean {guess!r}?" if guess else f"One of: {', '.join(options)}."
            return Violation(field, f"{_shown(value)} is not one of {', '.join(options)}", fix)
        case "const":
            return Violation(field, f"must be {_shown(kind.expected_value)}, is {_shown(value)}")  # type: ignore[attr-defined]
        case "pattern" if kind.pattern.startswith("^[A-Z]{2,5}"):  # type: ignore[attr-defined]
            return Violation(field, f"{_shown(value)} is no id", "An id looks like PRM-BRX-PH, or PRM-BRX-PH@SITE-B.")
        case "format":
            return Violation(field, f"{_shown(value)} is no {kind.format}", "Write a date as 2026-11-30.")  # type: ignore[attr-defined]
        case "pattern":
            return Violation(field, f"{_shown(value)} is not allowed here", _description(kind_name, error))
        case _:
            return Violation(field, error.message if len(error.message) < 200 else f"{error.message[:200]}...")  # noqa: PLR2004


def _wrong_type(data: Any, error: ValidationError, types: Iterable[str]) -> Violation:
    field, value = dotted(error.instance_path), _follow(data, error.instance_path)
    wanted = list(dict.fromkeys(types))
    words = " or ".join(_TYPES.get(name, name) for name in wanted)
    fix = ""
    if value is None:
        fix = "Give a value, or remove the field."
    elif "string" in wanted and "object" not in wanted and isinstance(value, int | float | Decimal):
        fix = _QUOTE_TEXT.format(value if not isinstance(value, bool) else str(value).lower())
    elif "string" in wanted and isinstance(value, list | dict):
        named_unit = field.rpartition(".")[2].startswith("unit")
        fix = _QUOTE_UNIT if named_unit else _QUOTE_REFERENCE if _is_reference(value) else ""
    elif "number" in wanted and isinstance(value, str):
        fix = "Write the number without quotes, and its unit in the field for units."
    return Violation(field, f"must be {words}, is {_shown(value)}", fix)


def _description(kind: str, error: ValidationError) -> str:
    """What the schema says about the field, from the nearest level that says anything."""
    path = list(error.schema_path)
    while path:
        part = _follow(schema(kind), path)
        if isinstance(part, dict) and "description" in part:
            return str(part["description"])
        path.pop()
    return ""


def _follow(value: Any, path: Iterable[str | int]) -> Any:
    for step in path:
        value = value[step]
    return value


def _is_reference(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 1 and isinstance(value[0], list)


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_WORD else f"{name[: _LONGEST_WORD - 3]}..."


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"the text {value!r}" if len(value) < 60 else f"the text {value[:57]!r}..."  # noqa: PLR2004
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else f"the number {value}"
