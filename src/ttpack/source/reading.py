"""Records of a tree as written, from the cache where they were read before."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ttpack import __version__
from ttpack.source.cache import Cache
from ttpack.source.cached_json import decoded, encoded
from ttpack.source.documents import RawRecord, read_document
from ttpack.source.entries import Tree
from ttpack.source.printable import holds_unprintable
from ttpack.source.problems import SourceProblem
from ttpack.source.prose import SUSPICIOUS

_LOADER = "2"
"""Changes whenever what is read from the same bytes changes."""

_CHUNK = 500


class ReadFile(NamedTuple):
    """The records of a file, or why there are none. The two marks say which records deserve a closer look."""

    path: str
    records: Sequence[RawRecord] = ()
    problem: SourceProblem | None = None
    suspicious: bool = False
    refers: bool = False


def read_files(tree: Tree, paths: Sequence[str], cache: Cache) -> Iterator[ReadFile]:
    """What each file holds, in the order of `paths`; files that git knows are kept in the cache."""
    entries = tree.entries()
    for first in range(0, len(paths), _CHUNK):
        chunk = paths[first : first + _CHUNK]
        keys = {path: _key(entry.blob, path) for path in chunk if (entry := entries[path]).blob and entry.regular}
        found = _decoded(cache.get_many(keys.values())) if keys else {}
        missing = tree.read_many(path for path in chunk if keys.get(path) not in found)
        new: dict[str, str] = {}
        for path in chunk:
            kept = found.get(keys.get(path, ""))
            if kept is not None:
                yield _from_cache(path, kept)
                continue
            file = _read(*next(missing))
            if file.problem is None and path in keys and cache.keeps:
                new[keys[path]] = _encoded(file)
            yield file
        cache.put_many(new)


def _read(path: str, data: bytes | SourceProblem) -> ReadFile:
    if isinstance(data, SourceProblem):
        return ReadFile(path, problem=data)
    try:
        records = read_document(data, path)
    except SourceProblem as problem:
        return ReadFile(path, problem=problem)
    escaped = b"\\" in data
    return ReadFile(
        path,
        records,
        suspicious=any(map(data.__contains__, SUSPICIOUS)) or holds_unprintable(data),
        refers=escaped or b"[[" in data or b"{{" in data,
    )


def _key(blob: str | None, path: str) -> str:
    return f"records {__version__} {_LOADER} {blob} {'markdown' if path.endswith('.md') else 'yaml'}"


def _encoded(file: ReadFile) -> str:
    return encoded([[[raw.data, raw.line, raw.index, raw.body] for raw in file.records], file.suspicious, file.refers])


def _decoded(texts: dict[str, str]) -> dict[str, Any]:
    """Files by key. Anything that is no JSON of ours is a miss, and with it whatever was asked for together."""
    try:
        values = decoded(f"[{','.join(texts.values())}]")
    except (ValueError, RecursionError):
        return {}
    if len(values) != len(texts):
        return {}
    return {key: value for key, value in zip(texts, values, strict=True) if _is_file(value)}


def _is_file(value: Any) -> bool:
    match value:
        case [list(records), bool(), bool()]:
            return all(_is_record(record) for record in records)
        case _:
            return False


def _is_record(value: Any) -> bool:
    match value:
        case [dict(), int(), int() | None, str() | None]:
            return True
        case _:
            return False


def _from_cache(path: str, kept: Any) -> ReadFile:
    records, suspicious, refers = kept
    raw = [RawRecord(data, path, line, index, body) for data, line, index, body in records]
    return ReadFile(path, raw, None, suspicious, refers)
