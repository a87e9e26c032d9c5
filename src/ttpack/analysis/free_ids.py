"""Ids that no record of a package has or has had (model.md, "Ids are never reused")."""

import re
from collections.abc import Collection

from ttpack.model.package import Package

_DIGITS = 3


def ids_taken(package: Package) -> set[str]:
    """Every id that a package gives, has given before a renaming, or declares in a record that cannot be read."""
    taken = {*package.records, *package.unreadable_ids}
    for record in package.records.values():
        former = record.formerly
        taken.update((former,) if isinstance(former, str) else former or ())
    return taken


def next_free_id(head: str, taken: Collection[str]) -> str:
    """`head` with the number after the highest that it has anywhere, at least three digits: `OPN` gives `OPN-001`."""
    numbered = re.compile(rf"{re.escape(head)}-([0-9]+)(?:@.*)?")
    numbers = [found[1] for one in taken if (found := numbered.fullmatch(one))]
    width = max([_DIGITS, *map(len, numbers)])
    return f"{head}-{max(map(int, numbers), default=0) + 1:0{width}}"
