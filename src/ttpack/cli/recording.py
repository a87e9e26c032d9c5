"""`ttpack impact --record`: the change record of what changed in the working tree, written or refreshed."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from ttpack import __version__
from ttpack.cli.comparing import Comparison, compare_trees
from ttpack.cli.impact import NEXT
from ttpack.cli.opening import as_of_date, folder_in_repository, open_tree
from ttpack.errors import RevisionError, UnreadableError, UsageError
from ttpack.model.ids import is_record_id
from ttpack.source.cache import open_cache
from ttpack.source.trees import FolderTree, GitTree

if TYPE_CHECKING:
    from ttpack.analysis.change_control import ChangeControl
    from ttpack.model.package import Package
    from ttpack.model.regulatory import ChangeRecord
    from ttpack.source.load import Loaded

_FINAL = frozenset({"approved", "implemented", "closed", "rejected"})
_BY_YEAR = re.compile(r"CHG-([0-9]{4})-([0-9]+)")
_NUMBERED = re.compile(r"(.*[A-Z0-9]-)([0-9]+)")


@dataclass(frozen=True)
class Recorded:
    """The change record of a comparison: where it stands, what was done to it, and who has decided on what."""

    record: str
    path: str
    action: str
    proposal_digest: str
    from_revision: str
    decisions: Mapping[str, int]
    wider_than: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The answer as a JSON object, its keys in a fixed order."""
        return {
            "record": self.record,
            "path": self.path,
            "action": self.action,
            "from_revision": self.from_revision,
            "proposal_digest": self.proposal_digest,
            "decisions": dict(self.decisions),
            "audience_wider_than": list(self.wider_than),
        }


def assess_for_record(comparison: Comparison) -> "ChangeControl":
    """What follows from a change, as if there were no change records: the answer must not depend on its own record."""
    from ttpack.analysis.change_records import controlled, side_without_change_records, without_change_records
    from ttpack.cli.impact import assess

    before, after = map(side_without_change_records, comparison.sides)
    changes = controlled(comparison.changes)
    return assess(replace(comparison, changes=changes, sides=(before, after)), without_change_records)


def record(path: str, from_revision: str | None, record_id: str) -> "tuple[ChangeControl, Recorded]":
    """Write or refresh the change record of what the working tree changes, and say where; the same bytes twice.

    Raises UsageError where the record may not be touched or where it is not clear which one is meant, RevisionError
    for a revision that is unknown, UnreadableError where a file cannot be read or written.
    """
    return _Recording(path, from_revision, record_id).run()


class _Recording:
    """One run: the package as its files are now, without private overlays, whose content no shared record may hold."""

    def __init__(self, path: str, from_revision: str | None, record_id: str) -> None:
        from ttpack.source.load import load

        tree = open_tree(path)
        assert isinstance(tree, FolderTree)  # noqa: S101  no revision was asked for
        self.tree: FolderTree = tree.alone()
        with open_cache(tree) as cache:
            self.loaded: Loaded = load(self.tree, cache)
        self.package: Package = self.loaded.package
        if not self.package.readable:
            raise UnreadableError(
                "the package record has errors, so nothing tells which records there are: check it first"
            )
        self.asked = None if record_id == NEXT else record_id
        self.existing = self._existing()
        self.base_name, self.base = self._base(from_revision)
        if self.asked is None:
            self.existing = self._open_record()
        self.id = self.asked or (self.existing.id if self.existing else self._free_id())

    def run(self) -> "tuple[ChangeControl, Recorded]":
        from ttpack.analysis.change_records import proposal, target_digest

        comparison = compare_trees(self.base, self.tree)
        control = assess_for_record(comparison)
        data = proposal(control, comparison.sides[1], _made_with(), _unsafe)
        machine = {"to_digest": target_digest(self.package), "proposal": data}
        named = self._named(data, comparison)
        if self.existing is not None:
            place, action = self._refresh(self.existing, machine)
        elif data["changes"]:
            place, action = self._write(machine, named, internal=_holds_internal_fields(control))
        else:
            place, action = "", "not needed"
        return control, Recorded(
            record=self.id if place else "",
            path=place,
            action=action,
            proposal_digest=data["digest"] if place else "",
            from_revision=self.base_name if place else "",
            decisions=self._decisions(data["digest"]),
            wider_than=self._wider_than(named) if self.existing else (),
        )

    def _existing(self) -> "ChangeRecord | None":
        """The record that was asked for, if it is there. Raises UsageError where it may not be touched."""
        from ttpack.model.regulatory import ChangeRecord

        if self.asked is None:
            return None
        if not is_record_id(self.asked) or "@" in self.asked:
            raise UsageError(f"{self.asked[:60]!r} is no id of a change record, such as CHG-2026-001")
        if self.asked in self.package.unreadable_ids:
            raise UnreadableError(f"{self.asked} has errors: ttpack check says which; correct them first")
        found = self.package.records.get(self.asked)
        if found is not None and not isinstance(found, ChangeRecord):
            raise UsageError(f"{self.asked} is a {found.kind.replace('_', ' ')}, not a change record")
        return found

    def _base(self, asked: str | None) -> tuple[str, GitTree]:
        """The revision to compare with, by the name that the record gives it."""
        from ttpack.cli.approved_base import ApprovedBase, approved_base

        repository = self.tree.repository
        if repository is None:
            raise RevisionError("the package is in no git repository, so there is no revision to compare with")
        own = self.existing.from_revision if self.existing else None
        name = asked or own
        if name is None:
            with open_cache(self.tree) as cache:
                found = approved_base(self.tree, cache)
            if not isinstance(found, ApprovedBase):
                raise UsageError(f"name the revision to compare with (--from): {found}")
            return found.name, found.tree
        commit = repository.resolve(name)
        if own and repository.resolve(own).hash != commit.hash:
            raise UsageError(f"{self.asked} is about what changed since {own}, not since {name}")
        tree = open_tree(self.tree.root, commit.hash)
        assert isinstance(tree, GitTree)  # noqa: S101  a revision was asked for
        if tree.prefix != folder_in_repository(self.tree):
            raise RevisionError(f"the package did not stand in {folder_in_repository(self.tree)} at {name}")
        is_tag = repository.run("for-each-ref", "--format=x", f"refs/tags/{name}").strip() == b"x"
        return own or (name if is_tag else commit.hash), tree.alone()

    def _open_record(self) -> "ChangeRecord | None":
        """The proposed record about the same base; None where there is none. Raises UsageError for several."""
        from ttpack.model.regulatory import ChangeRecord

        repository = self.tree.repository
        assert repository is not None  # noqa: S101  _base refused that
        found = []
        for one in self.package.in_force(ChangeRecord):
            if one.state == "proposed" and one.from_revision:
                same = one.from_revision == self.base_name
                if not same:
                    try:
                        same = repository.resolve(one.from_revision).hash == self.base.revision.commit
                    except RevisionError:
                        continue
                found += [one] if same else []
        if len(found) > 1:
            names = ", ".join(one.id for one in found)
            raise UsageError(f"several change records since {self.base_name} are open: name one of {names}")
        return found[0] if found else None

    def _free_id(self) -> str:
        """The next number after those that the package's change records have."""
        taken = {*self.package.records, *self.package.unreadable_ids}
        known = sorted(one for one in taken if one.startswith("CHG-"))
        year = str(as_of_date(None, self.tree).year)
        numbered = [match for one in known if (match := _NUMBERED.fullmatch(one)) and not _BY_YEAR.fullmatch(one)]
        by_year = [match for one in known if (match := _BY_YEAR.fullmatch(one))]
        if len(numbered) > len(by_year):
            (head, _), *_ = Counter(match[1] for match in numbered).most_common(1)
            numbers = [match[2] for match in numbered if match[1] == head]
        else:
            head = f"CHG-{year}-"
            numbers = [match[2] for match in by_year if match[1] == year]
        width = max(map(len, numbers), default=3)
        number = max(map(int, numbers), default=0) + 1
        while f"{head}{number:0{width}}" in taken:
            number += 1
        return f"{head}{number:0{width}}"

    def _refresh(self, existing: "ChangeRecord", machine: Mapping[str, Any]) -> tuple[str, str]:
        """Replace the computed part of a record in its file."""
        from ttpack.publish.change_record_file import refreshed
        from ttpack.publish.record_files import replace_file

        if existing.state in _FINAL:
            raise UsageError(f"{existing.id} is {existing.state}: it is no longer changed; begin another change record")
        place = self.package.locations[existing.id]
        if place.index is not None or not place.path.endswith((".yaml", ".yml")):
            raise UsageError(f"{existing.id} is not alone in a YAML file ({place.path}): give it one of its own first")
        twice = f"the id {existing.id} is given twice"
        if any(
            one.path == place.path or one.record == existing.id or one.message.startswith(twice)
            for one in self.loaded.problems
        ):
            raise UnreadableError(f"{place.path} has errors: ttpack check says which; correct them first")
        before = self.tree.read(place.path)
        given = {"from_revision": self.base_name} if existing.from_revision is None else {}
        after = refreshed(before, place.path, {**given, **machine})
        if after == before:
            return place.path, "unchanged"
        replace_file(self.tree.root, place.path, after)
        return place.path, "refreshed"

    def _write(self, machine: Mapping[str, Any], named: Mapping[str, Any], *, internal: bool) -> tuple[str, str]:
        """A new record, with what people complete said in a comment."""
        from ttpack.analysis.readers import INTERNAL, readers_of_all
        from ttpack.publish.change_record_file import new_file
        from ttpack.publish.record_files import write_new

        audience = [INTERNAL] if internal else list(readers_of_all(named.values()))
        folder = self._folder()
        path = f"{folder}/{self.id}.yaml"
        if path in self.tree.entries():
            raise UsageError(f"{path} is there already, and holds no record {self.id}")
        people = {
            "kind": "change_record",
            "id": self.id,
            "title": f"Changes since {self.base_name}",
            "audience": audience,
            "status": "draft",
            "state": "proposed",
            "from_revision": self.base_name,
        }
        write_new(self.tree.root, path, new_file(people, machine))
        return path, "written"

    def _folder(self) -> str:
        """Where the package keeps its change records, else a folder of their own in the first one of records."""
        from ttpack.model.regulatory import ChangeRecord

        known = Counter(
            str(PurePosixPath(self.package.locations[one.id].path).parent) for one in self.package.of(ChangeRecord)
        )
        if known:
            return min(known, key=lambda folder: (-known[folder], folder))
        records = self.package.manifest.records
        return str(PurePosixPath(records[0] if records else "records") / "changes")

    def _named(self, data: Mapping[str, Any], comparison: Comparison) -> dict[str, Any]:
        """The audience of each record that a proposal names, on either side; of several the first."""
        found: dict[str, Any] = {}
        for name in sorted({*_texts(data)}):
            for side in (self.package.raw, comparison.sides[0].records):
                if name in side:
                    found[f"{name} {len(found)}"] = side[name].get("audience")
        return found

    def _wider_than(self, named: Mapping[str, Any]) -> tuple[str, ...]:
        from ttpack.analysis.readers import may_read

        own = self.existing.audience if self.existing else None
        return tuple(dict.fromkeys(key.split()[0] for key, given in named.items() if not may_read(own, given)))

    def _decisions(self, digest: str) -> dict[str, int]:
        """How many decisions are on this proposal, on an earlier one, and on none that they name."""
        counts = {"on_this_proposal": 0, "on_an_earlier_proposal": 0, "without_proposal_digest": 0}
        for one in self.existing.decisions if self.existing else ():
            if one.proposal_digest is None:
                counts["without_proposal_digest"] += 1
            else:
                counts["on_this_proposal" if one.proposal_digest == digest else "on_an_earlier_proposal"] += 1
        return counts


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from (str(key), *_texts(item))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _holds_internal_fields(control: "ChangeControl") -> bool:
    """Whether a changed field is one that no edition but the internal one shows."""
    from ttpack.model.fields import audience

    changes = [one.change for one in control.classified if not one.change.editorial]
    return any(one.field.startswith("x-") or audience(one.record_kind, one.field) == "internal" for one in changes)


def _made_with() -> dict[str, str]:
    """The versions behind a proposal: of ttpack, and of the data that it was computed from."""
    from ttpack.source.resources import resource

    digest = hashlib.sha256()
    root = resource("data")
    for file in sorted(root.rglob("*.yaml")):
        data = file.read_bytes()
        digest.update(f"{file.relative_to(root).as_posix()} {len(data)}\n".encode() + data)
    return {"ttpack": __version__, "change_rules": digest.hexdigest()[:12]}


def _unsafe(text: str) -> bool:
    from ttpack.source.prose import flaws

    return any(flaws(text, ()))
