"""Records of a tree as written, from the cache where they were read before."""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from ttpack import __version__
from ttpack.source.cache import Cache
from ttpack.source.documents import RawRecord, read_document
from ttpack.source.entries import Tree
from ttpack.source.problems import SourceProblem
from ttpack.source.prose import SUSPICIOUS
from ttpack.source.scalars import plain_scalar

_LOADER = "1"
"""Changes whenever what is read from the same bytes changes."""

_CHUNK = 500
_MARK = "\x01"  # cannot stand in a record: the reader refuses control characters
_MARKED = '"\\u0001'


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
        suspicious=any(map(data.__contains__, SUSPICIOUS)),
        refers=escaped or b"[[" in data or b"{{" in data,
    )


def _key(blob: str | None, path: str) -> str:
    return f"records {__version__} {_LOADER} {blob} {'markdown' if path.endswith('.md') else 'yaml'}"


def _encoded(file: ReadFile) -> str:
    """The file as JSON. Decimals pass as marked texts, so that the fast encoder can write them, and lose their mark."""
    records = [[raw.data, raw.line, raw.index, raw.body] for raw in file.records]
    parts = _ENCODER.encode([records, file.suspicious, file.refers]).split(_MARKED)
    return parts[0] + "".join(part.replace('"', "", 1) for part in parts[1:])


def _marked(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{_MARK}{value}"
    message = f"{type(value).__name__} in a record"
    raise TypeError(message)


_ENCODER = json.JSONEncoder(default=_marked, separators=(",", ":"), check_circular=False)


def _decoded(texts: dict[str, str]) -> dict[str, Any]:
    """Files by key. Anything that is no JSON of ours is a miss, and with it whatever was asked for together."""
    try:
        values = json.loads(f"[{','.join(texts.values())}]", parse_float=_number, parse_constant=_refused)
    except (ValueError, RecursionError):
        return {}
    if len(values) != len(texts):
        return {}
    return {key: value for key, value in zip(texts, values, strict=True) if _is_file(value)}


# The same numbers stand in record after record: they are read, and kept in memory, once.
_number = lru_cache(maxsize=1 << 16)(plain_scalar)


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


def _refused(name: str) -> Any:
    raise ValueError(name)


def _from_cache(path: str, kept: Any) -> ReadFile:
    records, suspicious, refers = kept
    raw = [RawRecord(data, path, line, index, body) for data, line, index, body in records]
    return ReadFile(path, raw, None, suspicious, refers)
