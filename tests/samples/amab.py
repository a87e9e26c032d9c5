"""The A-Mab sample at its two tags and after its change, and the published tables it was made from."""

import csv
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ttpack.cli.demo import history
from ttpack.model.package import Package
from ttpack.source.load import load
from ttpack.source.trees import MemoryTree

TABLES = Path(__file__).parent.parent / "data" / "amab"
TAGS = ("as-published", "rev-A", "change")
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:e[0-9]+)?")


@cache
def files(tag: str) -> Mapping[str, bytes]:
    """The files of the sample at a tag, as the demo commits them."""
    now: dict[str, bytes] = {}
    for commit in history()[: TAGS.index(tag) + 1]:
        now = {path: content for path, content in {**now, **commit.files}.items() if path not in commit.removed}
    return {path: content for path, content in now.items() if path != ".gitignore"}


@cache
def package(tag: str) -> Package:
    """The sample at a tag."""
    return load(MemoryTree(files(tag))).package


def record(record_id: str, tag: str = "rev-A") -> Mapping[str, Any]:
    """A record as its author wrote it, numbers with their digits."""
    return package(tag).raw[record_id]


def table(name: str) -> list[dict[str, str]]:
    """The rows of a published table."""
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def printed(number: Decimal | int | None) -> str:
    """A number as the record writes it; nothing for none."""
    return "" if number is None else str(number)


def same_number(number: Decimal | int | None, cell: str) -> bool:
    """Whether a record's number is the cell's, digits included (exponents may be written out)."""
    return number is not None and (str(number) == cell or Decimal(str(number)).as_tuple() == Decimal(cell).as_tuple())


def shows(fact: Mapping[str, Any], cell: str) -> bool:
    """Whether a figure of a record says what a cell prints: a number, a range, about a number, or words."""
    cell = cell.strip()
    ends = re.fullmatch(rf"({NUMBER.pattern})-({NUMBER.pattern})", cell)
    if ends and "range" in fact:
        return same_number(fact["range"].get("low"), ends[1]) and same_number(fact["range"].get("high"), ends[2])
    if cell.startswith("~") and "value" in fact:
        return bool(fact.get("approximate")) and same_number(fact["value"], cell[1:])
    if NUMBER.fullmatch(cell) and "value" in fact:
        return same_number(fact["value"], cell)
    return bool(fact.get("text") == cell)


def figures(facts: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The figure of that name among the quantities and results of a record."""
    found = [
        fact
        for fact in (*facts.get("quantities", ()), *facts.get("results", ()))
        if name in (fact.get("quantity"), fact.get("attribute"))
    ]
    assert len(found) == 1, (facts["id"], name, len(found))
    return dict(found[0])
