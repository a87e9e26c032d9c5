"""The data of change control that travel with ttpack: the table of change rules, and regulatory profiles."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from ttpack.model.regulatory import RegulatoryProfile
from ttpack.source.documents import read_yaml
from ttpack.source.resources import resource
from ttpack.source.schemas import violations

PROFILE_KIND = "regulatory_profile"


def change_rule_rows() -> list[dict[str, Any]]:
    """The rows of the change rules as written, in the order of files and rows.

    Raises FileNotFoundError where ttpack was installed without them.
    """
    return [
        row.data
        for path in sorted(resource("data/change-rules").glob("*.yaml"))
        for row in read_yaml(path.read_bytes(), path.name)
    ]


class ShippedProfiles(Mapping[str, RegulatoryProfile]):
    """The regulatory profiles that travel with ttpack by name, each read when it is asked for.

    They are records in the format of a package and are held to the same schema. Raises FileNotFoundError where ttpack
    was installed without them, ValueError for a file that is not what its name says.
    """

    def __init__(self) -> None:
        self._read: dict[str, RegulatoryProfile] = {}

    def __getitem__(self, name: str) -> RegulatoryProfile:
        if name not in self._read:
            # a package's text never becomes a path: only names that were found are opened
            self._read[name] = _profile(self._paths[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    @cached_property
    def _paths(self) -> dict[str, Path]:
        return {path.stem: path for path in sorted(resource("data/profiles").glob("*.yaml"))}


def _profile(path: Path) -> RegulatoryProfile:
    (record,) = read_yaml(path.read_bytes(), path.name)
    problems = violations(PROFILE_KIND, record.data)
    if problems:
        raise ValueError(f"{path.name}: {problems[0].field}: {problems[0].message}")
    profile = RegulatoryProfile.model_validate(record.data)
    if profile.profile != path.stem:
        raise ValueError(f"{path.name} holds the profile {profile.profile!r}")
    return profile
