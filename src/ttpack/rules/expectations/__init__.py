"""Expected-content lists by version: what a unit operation of each class carries (CON-01).

A version never changes once released; a new one is added beside it, and a package names the one it follows.
"""

from collections.abc import Mapping
from typing import Final

from ttpack.rules.expectations import drug_product_v1, purification_v1, upstream_v1
from ttpack.rules.expectations.entries import Entry

__all__ = ["NEWEST", "VERSIONS", "Entry"]

VERSIONS: Final[Mapping[str, Mapping[str, tuple[Entry, ...]]]] = {
    "1": {**upstream_v1.LISTS, **purification_v1.LISTS, **drug_product_v1.LISTS},
}
"""Entries by version and by class of unit operation."""

NEWEST: Final = "1"
"""The version that a package follows unless it names one."""
