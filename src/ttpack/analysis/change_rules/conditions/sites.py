"""Questions about sites: what is made or tested at one that comes, goes or takes on more."""

import re
from typing import Final

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.sides import Raw, Sides, field_path
from ttpack.model.ids import is_record_id
from ttpack.model.status import OUT_OF_FORCE

_SUBSTANCE: Final = re.compile(
    r"\b(drug substance|ds|api|bulk|upstream|downstream|cell culture|fermentation|purification|harvest|"
    r"inoculum|chromatography|biologics? substance)\b",
    re.IGNORECASE,
)
_PRODUCT: Final = re.compile(
    r"\b(drug product|dp|fill(?:ing|ed)?|finish(?:ing)?|fill-finish|aseptic|lyophili[sz]ation|freeze[- ]drying|"
    r"compounding|finished product|vials?|syringes?|visual inspection)\b",
    re.IGNORECASE,
)
_TESTING: Final = re.compile(
    r"\b(test(?:ing|s)?|qc|quality control|analytical|analysis|laborator(?:y|ies)|stability|release testing|assays?)\b",
    re.IGNORECASE,
)
_SUBSTANCE_WORK, _PRODUCT_WORK, _TEST_WORK, _UNKNOWN = "substance", "product", "testing", "unknown"


@condition
def substance_site_added(change: Change, sides: Sides) -> bool:
    """A site takes up work on drug substance, or work of which nothing shows that it is something else."""
    gained = _gained(change, sides)
    return _SUBSTANCE_WORK in gained or _UNKNOWN in gained


@condition
def product_site_added(change: Change, sides: Sides) -> bool:
    """A site takes up making or filling drug product."""
    return _PRODUCT_WORK in _gained(change, sides)


@condition
def testing_site_added(change: Change, sides: Sides) -> bool:
    """A site takes up testing, and nothing that is more."""
    return _gained(change, sides) == {_TEST_WORK}


@condition
def site_work_given_up(change: Change, sides: Sides) -> bool:
    """A sort of work that a site named among its activities is none of them any more."""
    was, now = sides.was(change.record), sides.now(change.record)
    return bool(was.get("activities")) and bool(_work(was) - _work(now))


def _gained(change: Change, sides: Sides) -> set[str]:
    """The sorts of work that sites have by this change and had not before."""
    if change.record_kind == "site":
        return _work(sides.now(change.record)) - _former_work(change, sides)
    named = change.after if isinstance(change.after, list) else [change.after]
    found: set[str] = set()
    for name in named:
        site = name if isinstance(name, str) and is_record_id(name) else ""
        listed = _named_before(site, sides)
        found |= set() if listed else _work(sides.now(site))
    return found


def _former_work(change: Change, sides: Sides) -> set[str]:
    before = sides.was(change.record)
    if not before or before.get("status") in OUT_OF_FORCE:
        return set()
    # a site that was only planned has not worked yet, one that only tested has not manufactured
    if field_path(change) == "site_role" and before.get("site_role") in ("planned", "testing", None):
        return _work(before) if before.get("site_role") == sides.now(change.record).get("site_role") else set()
    return _work(before)


def _named_before(site: str, sides: Sides) -> bool:
    """Whether the package already named the site as one that sends or receives."""
    for _, raw in sides.before.of_kind("package"):
        listed = {*(raw.get("sending_sites") or ()), *(raw.get("receiving_sites") or ())}
        if sides.former_ids.get(site, site) in listed:
            return True
    return False


def _work(site: Raw) -> set[str]:
    """The sorts of work of a site. One that only tests says so by its role or by every one of its activities."""
    found: set[str] = set()
    for activity in site.get("activities") or ():
        text = str(activity)
        sorts = {
            sort
            for sort, words in ((_SUBSTANCE_WORK, _SUBSTANCE), (_PRODUCT_WORK, _PRODUCT))
            if words.search(text) and not _TESTING.search(text)
        }
        found |= sorts or ({_TEST_WORK} if _TESTING.search(text) else {_UNKNOWN})
    if site.get("site_role") == "testing":
        return (found - {_UNKNOWN}) or {_TEST_WORK}
    return found or {_UNKNOWN}
