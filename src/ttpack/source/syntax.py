"""What libyaml says about a file, in words that help whoever wrote it."""

import re
from typing import Any

from yaml import AliasToken, AnchorToken, DirectiveToken, KeyToken, ScalarToken, TagToken, YAMLError
from yaml._yaml import CParser
from yaml.reader import ReaderError

from ttpack.source.problems import ANCHOR_OR_ALIAS, FORBIDDEN_CHARACTER, TAG, YAML_SYNTAX, SourceProblem
from ttpack.source.text import forbidden_character

# An anchor, tag, directive or "?" in brackets can only stand where one of these matches; few files need this look.
_SUSPECT = re.compile(rb"(?:^|[\s\[\]{},:?-])[&!]|^%|\n%|\r%|\\|[\[{,:]\s*\?")
_SUSPECT_BYTES = (b"&", b"!", b"\\", b"%", b"?")

_UNIT = re.compile(r"\bunit\w*\s*:\s+[^\"'\s#]")
_VALUE = re.compile(r"^\s*(?:-\s+)*[\w-]+\s*:\s+(?P<value>.*)$")
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7})(?:\s|$)")


def refuse_tags_and_anchors(data: bytes, path: str) -> None:
    """Raise for anchors, aliases, tags, directives, and for invisible characters written as escapes.

    Also for a text that begins with "?" in brackets, which libyaml takes for a key and YAML 1.2 for a text.
    """
    if not any(map(data.__contains__, _SUSPECT_BYTES)) or not _SUSPECT.search(data):
        return
    next_token = CParser(data).get_token
    try:
        while (token := next_token()) is not None:
            problem = _token_problem(token, path)
            if problem:
                raise problem
    except YAMLError:
        return  # the reader proper will meet the same error, and says it better


def _token_problem(token: Any, path: str) -> SourceProblem | None:
    kind = token.__class__
    mark = token.start_mark
    place = (path, mark.line + 1, mark.column + 1)
    if kind is ScalarToken:
        name = forbidden_character(token.value) if token.style == '"' else None
        return SourceProblem(FORBIDDEN_CHARACTER, f"an escape stands for {name}", *place) if name else None
    if kind is AnchorToken:
        return SourceProblem(ANCHOR_OR_ALIAS, f"the anchor &{token.value}", *place)
    if kind is AliasToken:
        return SourceProblem(ANCHOR_OR_ALIAS, f"the alias *{token.value}", *place)
    if kind is TagToken:
        return SourceProblem(TAG, f"the tag {''.join(part or '' for part in token.value)}", *place)
    if kind is KeyToken and token.end_mark.index > mark.index:
        return SourceProblem(YAML_SYNTAX, 'a text in brackets begins with "?"', *place, fix="Put the text in quotes.")
    if kind is DirectiveToken:
        return SourceProblem(TAG, f"the directive %{token.name}", *place)
    return None


def syntax_problem(error: YAMLError, data: bytes, path: str) -> SourceProblem:
    """The YAML error as a problem: its own words, its place, and what usually causes it."""
    if isinstance(error, ReaderError):
        return SourceProblem(YAML_SYNTAX, f"not YAML: {error.reason}", path)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    context = getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    fix = hint_at(data, line, column)
    if not fix and context is not None:
        fix = hint_at(data, context.line, context.column)
    return SourceProblem(YAML_SYNTAX, f"not YAML: {problem}", path, line + 1, column + 1, fix)


def hint_at(data: bytes, line: int, column: int) -> str:
    """What usually causes an error at this place (both from 0), or nothing; also looks at the line before."""
    lines = data.decode("utf-8", "replace").splitlines()
    here = [lines[number] for number in (line, line - 1) if 0 <= number < len(lines)]
    for text in here:
        hint = _hint(text)
        if hint:
            return hint
    if here and "\t" in here[0][: column + 1]:
        return "Indent with spaces, not with tabs."
    return ""


def _hint(text: str) -> str:
    if _CONFLICT.match(text):
        return "Resolve the merge conflict and remove its markers."
    if _UNIT.search(text):
        return 'Write units quoted, such as unit: "[pH]" or unit: "%".'
    given = _VALUE.match(text)
    value = given["value"] if given else ""
    if "{{" in text or "[[" in text:
        return 'Quote a value with {{ }} or [[ ]], such as text: "at {{ PRM-BRX-PH.setpoint }}".'
    if value[:1] in ("%", "@", "`", "|", ">") or (value[:1] not in ("'", '"', "[", "{") and ": " in value):
        return 'Put the value in quotes: it holds ": " or begins with a character that YAML reserves.'
    if value[:1] in ("'", '"'):
        return "End the quoted text with the same quotation mark, and double one that stands inside it."
    return ""
