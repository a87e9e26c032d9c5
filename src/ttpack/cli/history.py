"""How the life of records is read from the history of a package: each commit's files compared, nothing checked out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ttpack.cli.opening import AnyTree, folder_in_repository
from ttpack.errors import RevisionError
from ttpack.model.ids import overlay_parts
from ttpack.source.history import blobs, past_commits, raw_by_id, records_in, tags_containing

if TYPE_CHECKING:
    from ttpack.analysis.diff import Side
    from ttpack.analysis.history import Event
    from ttpack.model.package import Package
    from ttpack.source.documents import RawRecord
    from ttpack.source.history import PastCommit
    from ttpack.source.repository import Repository


class History:
    """The commits behind a tree. `events` are those of some records, or of all; newest first."""

    def __init__(self, tree: AnyTree, package: "Package") -> None:
        from ttpack.analysis.history import Covering

        if tree.repository is None or tree.revision.commit is None:
            raise RevisionError("there is no git history here: a package's life begins with its first commit")
        self._repository: Repository = tree.repository
        self._prefix = folder_in_repository(tree)
        self._package = package
        self._covering = Covering(package)
        self._tags = tags_containing(tree.repository, tree.revision.commit)
        self._commits = list(past_commits(tree.repository, tree.revision.commit, self._prefix))
        self.cut = tree.repository.shallow

    def events(self, record: str | None = None) -> "Iterator[Event]":
        """What each commit did to a record, by all the ids it has had, or (None) to every record."""
        names = {record, *_former(self._package.raw.get(record, {}))} if record else set[str]()
        for commit in self._commits:
            before, after, unreadable = self._sides(commit, names)
            if names:
                names.update(former for name, one in after.items() if name in names for former in _former(one.data))
            yield from self._of_commit(commit, (before, after), names, unreadable)

    def _sides(
        self, commit: "PastCommit", names: set[str]
    ) -> "tuple[Mapping[str, RawRecord], Mapping[str, RawRecord], set[str]]":
        """The records that a commit found and left in the files it changed; and paths that could not be read."""
        contents = blobs(self._repository, (blob for one in commit.files for blob in (one.before, one.after) if blob))
        wanted = {name.encode() for name in names} | {overlay_parts(name)[0].encode() for name in names}
        sides: tuple[list[RawRecord], list[RawRecord]] = ([], [])
        unreadable = set()
        for file in commit.files:
            for side, blob in zip(sides, (file.before, file.after), strict=True):
                data = contents.get(blob) if blob else None
                if data is not None and wanted and not any(name in data for name in wanted):
                    continue
                found = records_in(data, file.path)
                if found is None:
                    unreadable.add(file.path)
                else:
                    side.extend(found)
        return raw_by_id(sides[0]), raw_by_id(sides[1]), unreadable

    def _of_commit(
        self,
        commit: "PastCommit",
        sides: "tuple[Mapping[str, RawRecord], Mapping[str, RawRecord]]",
        names: set[str],
        unreadable: set[str],
    ) -> "Iterator[Event]":
        from ttpack.analysis.diff import diff
        from ttpack.analysis.history import Event

        revision, since = self._tags.get(commit.hash, ("", ""))
        # what stands in a file that one side cannot read is neither removed nor added
        lost = {name for side in sides for name, one in side.items() if one.path in unreadable}
        found: dict[str, list[Any]] = {name: [] for name in lost if not names or name in names}
        for change in diff(_side(sides[0].values(), lost), _side(sides[1].values(), lost)):
            if not names or change.record in names:
                found.setdefault(change.record, []).append(change)
        for record, changes in sorted(found.items()):
            yield Event(
                record, commit.hash, commit.when.isoformat(), commit.author, commit.subject, tuple(changes),
                revision, since, self._covering.of(names or {record}, since), record in lost,
            )  # fmt: skip


def _former(raw: Mapping[str, Any]) -> Iterable[str]:
    formerly = raw.get("formerly")
    return [formerly] if isinstance(formerly, str) else [name for name in formerly or () if isinstance(name, str)]


def _side(records: "Iterable[RawRecord]", lost: set[str]) -> "Side":
    from ttpack.analysis.diff import Side

    found = {name: record for name, record in raw_by_id(records).items() if name not in lost}
    return Side(
        records={name: record.data for name, record in found.items()},
        paths={name: record.path for name, record in found.items()},
        bodies={name: record.body for name, record in found.items() if record.body},
    )
