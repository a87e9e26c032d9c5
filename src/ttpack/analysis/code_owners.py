"""Who a forge asks to review which files: derived from the approver functions of the change rules.

A forge sees which file a change touches, not what it changes. So a file is given to the functions that most rules
about its kinds of records name, and quality assurance of both parties always; whom a particular change needs beyond
those, its impact record says.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname

from ttpack.analysis.change_rules.rule import ChangeRule
from ttpack.model.governance import Organisation, Role
from ttpack.model.package import Package

ALWAYS = frozenset({"S-QA", "C-QA"})
BODIES = frozenset({"JSC"})
"""Approvers that are no function: a committee decides in its meeting, and reviews no files."""
_PARTIES = {"S": "sending", "C": "receiving"}
_FUNCTION = re.compile(r"(?:([SC])-)?([A-Z]+)")
WRITABLE = re.compile(r"[A-Za-z0-9_./ @+,=-]+")
"""Names that every forge reads in CODEOWNERS as they are, but for a backslash before a space."""
_OWNER = re.compile(r"@[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*|[\w.%+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
Functions = frozenset[str]


@dataclass(frozen=True, slots=True)
class OwnedPath:
    """A file, or a folder with all below it (`path` ends in a slash), from the package's top; "" is the package."""

    path: str
    functions: tuple[str, ...]
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeOwners:
    """The paths in the order in which the last matching one counts, and what could not be written."""

    paths: tuple[OwnedPath, ...]
    without_owner: tuple[str, ...]
    unwritable: tuple[str, ...]


def code_owners(package: Package, rules: Iterable[ChangeRule]) -> CodeOwners:
    """The owners of every file that holds records; folders are named once where all below them agree."""
    needed = functions_by_kind(rules)
    files: dict[str, Functions] = {}
    for key, location in package.locations.items():
        kind = str(package.raw.get(key, {}).get("kind", ""))
        files[location.path] = files.get(location.path, ALWAYS) | needed.get(kind, ALWAYS)
    lines = list(_lines(files))
    owners = {name: _owners(package, name) for _, functions in lines for name in functions}
    writable = [(path, functions) for path, functions in lines if not path or WRITABLE.fullmatch(path)]
    found = tuple(
        OwnedPath(path, tuple(sorted(functions)), tuple(sorted({one for name in functions for one in owners[name]})))
        for path, functions in writable
    )
    return CodeOwners(
        found,
        tuple(sorted(name for name, teams in owners.items() if not teams)),
        tuple(sorted(path for path, _ in lines if path and not WRITABLE.fullmatch(path))),
    )


def functions_by_kind(rules: Iterable[ChangeRule]) -> Mapping[str, Functions]:
    """For each kind that rules name: quality assurance, and the functions that at least half of those rules ask for."""
    asked: dict[str, Counter[str]] = {}
    number: Counter[str] = Counter()
    for rule in rules:
        functions = {name for name in rule.approvers if _FUNCTION.fullmatch(name)} - BODIES
        for kind in {kind for match in rule.matches for kind in match.kinds}:
            number[kind] += 1
            asked.setdefault(kind, Counter()).update(functions)
    return {
        kind: ALWAYS | {name for name, count in counts.items() if 2 * count >= number[kind]}
        for kind, counts in sorted(asked.items())
    }


def _lines(files: Mapping[str, Functions]) -> Iterator[tuple[str, Functions]]:
    """Folders with what most of their files need, then what below them differs."""
    folders: dict[str, Counter[Functions]] = {}
    for path, functions in files.items():
        folder = dirname(path)
        while folder:
            folders.setdefault(folder, Counter())[functions] += 1
            folder = dirname(folder)
    common = {folder: _commonest(counts) for folder, counts in folders.items()}
    yield "", ALWAYS
    given: dict[str, Functions] = {"": ALWAYS}
    entries = [*((folder, True) for folder in folders), *((path, False) for path in files)]
    for path, is_folder in sorted(entries, key=lambda entry: (entry[0].split("/")[:-1], not entry[1], entry[0])):
        wanted = common[path] if is_folder else files[path]
        if is_folder:
            given[path] = wanted
        if wanted != given[dirname(path)]:
            yield f"{path}/" if is_folder else path, wanted


def _commonest(counts: Counter[Functions]) -> Functions:
    return min(counts, key=lambda functions: (-counts[functions], sorted(functions)))


def _owners(package: Package, function: str) -> tuple[str, ...]:
    """The teams of the roles that hold a function (`S-QA`: QA of the sending unit; `SC`: of either)."""
    found = _FUNCTION.fullmatch(function)
    side, name = (found[1], found[2]) if found else ("", function)
    return tuple(
        role.forge_team
        for role in package.in_force(Role)
        if role.forge_team
        and _OWNER.fullmatch(role.forge_team)
        and role.function == name
        and (not side or _party(package, role) == _PARTIES[side])
    )


def _party(package: Package, role: Role) -> str | None:
    organisation = package.get(role.organisation, Organisation)
    return role.party or (organisation.party if organisation else None)
