"""A section of a controlled document as data, and whether a record belongs into it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """Heading, words of its own, which records it shows (by kind and field, or by id) and how they are laid out.

    Read as written by an author: what is of the wrong shape is left out here and a finding elsewhere.
    """

    title: str
    kinds: tuple[str, ...] = ()
    view: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    records: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    @classmethod
    def of(cls, raw: Raw) -> "Section":
        """The section that a package or a document gives."""
        where = raw.get("where")
        return cls(
            title=str(raw.get("title") or "Untitled"),
            kinds=_strings(raw.get("kinds")),
            view=str(raw.get("view") or ""),
            where=where if isinstance(where, Mapping) else {},
            text=str(raw.get("text") or ""),
            records=_strings(raw.get("records")),
            fields=_strings(raw.get("fields")),
        )

    def takes(self, raw: Raw, base: Raw) -> bool:
        """Whether a record has the kind and the fields asked for; `base` is the record that an overlay stands over."""
        return raw.get("kind") in self.kinds and all(_holds(base, path, value) for path, value in self.where.items())


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else ()


def _holds(raw: Raw, path: str, wanted: Any) -> bool:
    allowed = wanted if isinstance(wanted, list | tuple) else [wanted]
    found = list(values_at(raw, path))
    return any(_same(one, value) for one in allowed for value in found) or (None in allowed and not found)


def _same(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, bool) or isinstance(value, bool) or wanted is None or value is None:
        return wanted is value
    return str(wanted) == str(value)


def values_at(raw: Any, path: str) -> Iterator[Any]:
    """What stands at a dotted path of a raw record; each item of a list on the way."""
    if isinstance(raw, list | tuple):
        for item in raw:
            yield from values_at(item, path)
    elif not path:
        yield raw
    elif isinstance(raw, Mapping):
        head, _, rest = path.partition(".")
        if head in raw:
            yield from values_at(raw[head], rest)
