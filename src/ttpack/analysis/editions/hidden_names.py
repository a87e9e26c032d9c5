"""The ids that the readers of an edition may not learn, and texts without them."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from ttpack.model.graph import PROSE_LINK, PROSE_VALUE
from ttpack.model.ids import NOT_HERE, PLAIN_ID, overlay_parts

_NAME = re.compile(
    r"(?P<name>[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+(?:@[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+)?)(?P<path>(?:\.[a-z0-9_]+)*)"
)
_WRITTEN = re.compile(rf"{PLAIN_ID}(?:@{PLAIN_ID})?")
_SEGMENT_ENDS = re.compile(r"[-@]")
_LINK_STUB, _VALUE_STUB = f"[[{NOT_HERE}]]", f"{{{{ {NOT_HERE} }}}}"
_STUB = rf"(?:\[\[{NOT_HERE}\]\]|\{{\{{ {NOT_HERE} \}}\}}|{NOT_HERE})"
_SEVERAL = re.compile(rf"({_STUB})(?:(?:\s|,|;|/|&|\band\b|\bor\b)+{_STUB})+")
_LONGEST_KNOWN = 60
_DISGUISES = re.compile(r"[^\x00-\x7f]|&[#A-Za-z]|%[0-9A-Fa-f]{2}|\\-")
_PERCENT = re.compile(r"%([0-7][0-9A-Fa-f])")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"), None)


class HiddenNames:
    """Ids of what an edition does not hold. A name that the edition holds stays, whatever it is part of."""

    def __init__(self, hidden: Iterable[str], kept: Iterable[str], withheld_field: Callable[[str, str], bool]) -> None:
        """Of ids hidden and ids kept; `withheld_field` says of a record and a field path that the field is withheld."""
        self.hidden = frozenset(hidden) | {NOT_HERE}
        self.kept = frozenset(kept) - self.hidden
        self._first = frozenset(name.partition("-")[0] for name in self.hidden)
        self._sites: dict[str, set[str]] = {}
        for base, site in filter(all, map(overlay_parts, self.hidden)):
            self._sites.setdefault(base.upper(), set()).add(str(site).upper())
        self._withheld_field = withheld_field
        self._known: dict[str, bool] = {}
        self._texts: dict[str, str] = {}

    def names_hidden(self, name: str) -> bool:
        """Whether a word with hyphens holds a hidden id, in whatever case and whatever stands around it."""
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._judge(name)
        return found

    def without(self, text: str) -> str:
        """The text with each hidden id, and each value of a withheld field, replaced by the one stub."""
        if len(text) > _LONGEST_KNOWN:
            return self._without(text)
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = self._without(text)
        return text if found == text else found

    def _without(self, text: str) -> str:
        if "-" not in text and not _DISGUISES.search(text):
            return text
        plain = self._replaced(text)
        if _DISGUISES.search(text):
            read = _as_read(text)
            if read != text and self._mentions(read) and self._mentions(_as_read(plain)):
                return self._replaced(read)
        return plain

    def _mentions(self, text: str) -> bool:
        return any(self.names_hidden(match["name"]) for match in _NAME.finditer(text) if match["name"] != NOT_HERE)

    def _replaced(self, text: str) -> str:
        found = text
        if "[[" in text:
            found = PROSE_LINK.sub(self._link, found)
        if "{{" in text:
            found = PROSE_VALUE.sub(self._value, found)
        found = _NAME.sub(self._word, found)
        return found if found == text else _SEVERAL.sub(r"\1", found)

    def _link(self, match: re.Match[str]) -> str:
        return _LINK_STUB if self.names_hidden(match.group(1)) else match.group()

    def _value(self, match: re.Match[str]) -> str:
        name, path = match["id"], match["field"].lstrip(".")
        return _VALUE_STUB if self.names_hidden(name) or self._withheld_field(name, path) else match.group()

    def _word(self, match: re.Match[str]) -> str:
        return NOT_HERE if self.names_hidden(match["name"]) else match.group()

    def _judge(self, name: str) -> bool:
        if name in self.hidden:
            return True
        if name.upper() in self.kept:
            return False
        base, site = overlay_parts(name)
        if site:
            overlaid = any(site.upper().startswith(one) for one in self._sites.get(base.upper(), ()))
            return overlaid or self.names_hidden(base) or self.names_hidden(site)
        written = (match.group() for match in _WRITTEN.finditer(name))
        return any(one in self.hidden for one in written) or self._holds(name.upper())

    def _holds(self, name: str) -> bool:
        parts = _SEGMENT_ENDS.split(name)
        starts = (start for start, part in enumerate(parts) if part in self._first)
        return any(
            "-".join(parts[start:end]) in self.hidden
            for start in starts for end in range(start + 2, len(parts) + 1)
        )  # fmt: skip


def hidden_names(
    formerly: Mapping[str, tuple[str, ...]], removed: Iterable[str], kept: Iterable[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """The names that removed records have or had, and those of the kept ones; an id in use is its user's.

    `formerly` gives the earlier ids of each record.
    """
    gone, stay = frozenset(removed), frozenset(kept)
    earlier = {name for one in stay for name in formerly.get(one, ())}
    hidden = gone | ({name for one in gone for name in formerly.get(one, ())} - stay)
    return hidden, (stay | earlier) - hidden


def _as_read(text: str) -> str:
    """The text as a reader sees it: entities and escapes decoded, what has no width left out, one kind of hyphen."""
    decoded = _PERCENT.sub(lambda match: chr(int(match.group(1), 16)), html.unescape(text))
    decoded = decoded.replace("\\-", "-").translate(_HYPHENS)
    return unicodedata.normalize("NFKC", decoded.translate(_UNSEEN))
