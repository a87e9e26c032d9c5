"""Rules on specifications: complete lines, limits nested in one another, down the process and in the attribute."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ttpack.analysis.criteria import Limit, stated_limit
from ttpack.analysis.intervals import Interval, Units
from ttpack.analysis.placeholders import gives_limit, written
from ttpack.analysis.removal import ORDER, removed_between, upstream_first
from ttpack.model.package import Package
from ttpack.model.quality import QualityAttribute, Specification
from ttpack.rules.registry import COMPLETENESS, CONSISTENCY, Context, NotComputable, Outcome, rule

ARTICLES = {"intermediate": "the intermediate", "DS": "drug substance", "DP": "drug product"}
LEVELS = ("alert", "action", "release", "shelf life")
_FIELDS = {"alert": "alert", "action": "action", "release": "release_limit", "shelf life": "shelf_life_limit"}
_WORDS = {
    "alert": "alert limits",
    "action": "action limits",
    "release": "release limit",
    "shelf life": "shelf-life limit",
}


def acceptance(line: Specification) -> Limit | None:
    """The limit a line accepts: its numbers, else those of its criterion."""
    return stated_limit(line.id, "acceptance", line.acceptance, line.unit, line.criterion)


def tested_limit(line: Specification) -> Limit | None:
    """The limit an article is tested against: what its line accepts, else at release, else to the end of shelf life."""
    return next(_stated_limits(line), None)


def _stated_limits(line: Specification) -> Iterator[Limit]:
    stated = (
        acceptance(line),
        stated_limit(line.id, "release_limit", line.release_limit, line.unit, None),
        stated_limit(line.id, "shelf_life_limit", line.shelf_life_limit, line.unit, None),
    )
    return (limit for limit in stated if limit is not None)


@rule("SPC-01", COMPLETENESS, from_gate="G2", basis="ICH Q6B")
def incomplete_specification_line(package: Package, context: Context) -> Iterator[Outcome]:
    """A specification line lacks its attribute, method, acceptance criterion, article, or release or stability flag.

    A criterion in words that differs from the acceptance limits in numbers leaves open which of them it is.
    Why: a line that leaves one of these open is tested differently by two laboratories that both follow it.
    Resolve: complete the line; set release and stability to true or false.
    """
    for line in package.in_force(Specification):
        limits = (line.acceptance, line.release_limit, line.shelf_life_limit)
        for field, given, what in (
            ("attribute", line.attribute, "which quality attribute it tests"),
            ("method", line.method, "which method tests it"),
            ("criterion", written(line.criterion) or any(map(gives_limit, limits)), "its acceptance criterion"),
            ("article", line.article, "which article it is for (DS, DP, intermediate, RM)"),
        ):
            if not given:
                yield line.at(field), f"the specification line does not say {what}"
        if not (line.release or line.stability):
            yield line.at("release"), "the specification line does not say that it is tested at release or on stability"
        yield from _said_twice(line, package.own_units)


def _said_twice(line: Specification, own: Units) -> Iterator[Outcome]:
    """A criterion in words that is not the limit in numbers: two limits, of which one is wrong."""
    words = stated_limit(line.id, "criterion", None, line.unit, line.criterion)
    numbers = stated_limit(line.id, "acceptance", line.acceptance, line.unit, None)
    if words is None or numbers is None:
        return
    said, given = words.within_unit(numbers.unit, own), numbers.within_unit(numbers.unit, own)
    if said is not None and given is not None and (said.low, said.high) != (given.low, given.high):
        message = f"the criterion says {words.text}, the acceptance limits are {numbers.text}"
        yield line.at("criterion"), message, "keep the one that is right"


@dataclass(frozen=True, slots=True)
class _Level:
    """A limit of a line and which of the nested levels it is."""

    level: str
    limit: Limit
    line: Specification

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides that are limited."""
        return tuple(side for side in ("low", "high") if getattr(self.limit.range, side) is not None)


def _levels(line: Specification) -> Iterator[_Level]:
    accepted = acceptance(line)
    for level, field in _FIELDS.items():
        found = stated_limit(line.id, field, getattr(line, field), line.unit, None)
        if found is None and level == "release" and line.release is not False:
            found = accepted
        if found is None and level == "shelf life" and line.stability:
            found = accepted
        if found is not None:
            yield _Level(level, found, line)


@rule("SPC-02", CONSISTENCY, basis="ICH Q6B; practice of specifications", requires=("QTY-01", "QTY-03"))
def limit_outside_the_next_wider_limit(package: Package, context: Context) -> Iterator[Outcome]:
    """Alert, action, release and shelf-life limits of one attribute, method and article are not nested.

    Why: an alert limit outside the action limit never warns, and a batch released outside its shelf-life limit has
    failed already.
    Resolve: narrow the inner limit or correct the outer one.
    """
    own = package.own_units
    groups: dict[tuple[object, ...], list[_Level]] = {}
    for line in package.in_force(Specification):
        if line.attribute:
            key = (line.attribute, line.method, line.article, line.intermediate, line.test, line.site, line.market)
            groups.setdefault(key, []).extend(_levels(line))
    for levels in groups.values():
        for position, inner_level in enumerate(LEVELS):
            between: set[str] = set()
            for outer_level in LEVELS[position + 1 :]:
                outer_ones = [one for one in levels if one.level == outer_level]
                for inner in (one for one in levels if one.level == inner_level):
                    for outer in outer_ones:
                        yield from _not_nested(inner, outer, between, own)
                between |= {side for one in outer_ones for side in one.sides}


def _not_nested(inner: _Level, outer: _Level, between: set[str], own: Units) -> Iterator[Outcome]:
    """The problem of a limit not within a wider one; sides that a level between them limits are judged against that."""
    if inner.limit == outer.limit or between.issuperset(inner.sides):
        return
    unit = outer.limit.unit
    inside, outside = inner.limit.within_unit(unit, own), outer.limit.bounds(unit, own)
    place = inner.line.at(inner.limit.field)
    if inside is None or outside is None:
        yield NotComputable(place, f"{inner.limit.text} and {outer.limit.text} are not in comparable units")
        return
    inside = replace(
        inside,
        low=None if "low" in between else inside.low,
        high=None if "high" in between else inside.high,
    )
    # An alert or action limit may watch one side only; a release limit has to keep both sides of shelf life.
    open_sides = inner.level == "release" and _missing_side(inside, outside)
    if inside.ends_outside(outside) or open_sides:
        where = "" if inner.line is outer.line else f" of {outer.line.id}"
        yield (
            place,
            (
                f"{_WORDS[inner.level]} of {inner.limit.text} not within the {_WORDS[outer.level]} of "
                f"{outer.limit.text}{where}"
            ),
        )


def _missing_side(inner: Interval, outer: Interval) -> str:
    """The side on which the outer interval has an end and the inner has none."""
    if outer.low is not None and inner.low is None:
        return "lower"
    return "upper" if outer.high is not None and inner.high is None else ""


@rule("SPC-03", COMPLETENESS, from_gate="G2", basis="ICH Q11", requires=("QTY-01", "QTY-02", "QTY-03"))
def upstream_limit_looser_than_downstream(package: Package, context: Context) -> Iterator[Outcome]:
    """The limit of an upstream article is looser than that of a downstream one, with no removal step between them.

    Why: material can pass upstream and then has to fail downstream, because no step in between can bring it back.
    Resolve: tighten the upstream limit, or name the step between that removes the attribute (removed_between).
    """
    own = package.own_units
    for lines in _by_attribute(package).values():
        lines.sort(key=lambda line: (upstream_first(package, line), line.id))
        for index, upstream in enumerate(lines):
            for downstream in lines[index + 1 :]:
                if _comparable(package, upstream, downstream):
                    yield from _looser(package, upstream, downstream, lines, own)


def _by_attribute(package: Package) -> dict[str, list[Specification]]:
    found: dict[str, list[Specification]] = {}
    for line in package.in_force(Specification):
        if line.attribute and line.article in ORDER and tested_limit(line) is not None:
            found.setdefault(line.attribute, []).append(line)
    return found


def _comparable(package: Package, upstream: Specification, downstream: Specification) -> bool:
    """Whether one article becomes the other, for one market at one site."""
    if upstream_first(package, upstream) == upstream_first(package, downstream):
        return False
    return all(
        first is None or second is None or first == second
        for first, second in ((upstream.site, downstream.site), (upstream.market, downstream.market))
    )


def _looser(
    package: Package, upstream: Specification, downstream: Specification, lines: list[Specification], own: Units
) -> Iterator[Outcome]:
    above, below = tested_limit(upstream), tested_limit(downstream)
    if above is None or below is None:
        return
    unit = below.unit
    wide, narrow = above.bounds(unit, own), below.bounds(unit, own)
    place = upstream.at(above.field)
    names = f"{_article(upstream)} {above.text}, {_article(downstream)} {below.text}"
    if wide is None or narrow is None:
        yield NotComputable(place, f"{names}: the units cannot be compared")
        return
    if _apart(wide, narrow):
        yield NotComputable(place, f"{names}: the two ranges do not meet, so the value is changed between them")
        return
    missing = _missing_side(wide, narrow)
    if missing and (not _shares_a_side(wide, narrow) or _other_line_limits(missing, upstream, lines, unit, own)):
        missing = ""
    if not missing and not _wider(wide, narrow):
        return
    removed = removed_between(package, upstream, downstream)
    if removed is None:
        yield NotComputable(place, f"{names}: the package does not say whether a clearing step lies between them")
    elif not removed:
        looser = f"has no {missing} limit, while" if missing else "is looser than"
        yield (
            place,
            (
                f"the limit in {_article(upstream)}, {above.text}, {looser} that in {_article(downstream)} "
                f"({downstream.id}){' is' if missing else ','} {below.text}, and no step between them removes the "
                "attribute"
            ),
        )


def _wider(wide: Interval, narrow: Interval) -> bool:
    """Whether an end of the first lies beyond the same end of the second."""
    lower = Interval(wide.low, None, wide.low_inclusive).ends_outside(Interval(narrow.low, None, narrow.low_inclusive))
    upper = Interval(None, wide.high, high_inclusive=wide.high_inclusive).ends_outside(
        Interval(None, narrow.high, high_inclusive=narrow.high_inclusive)
    )
    return bool(lower or upper)


def _apart(first: Interval, second: Interval) -> bool:
    """Whether two two-sided ranges have nothing in common, as a concentration before and after dilution."""
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return False
    return first.high < second.low or second.high < first.low


def _shares_a_side(first: Interval, second: Interval) -> bool:
    return (first.low is not None and second.low is not None) or (first.high is not None and second.high is not None)


def _other_line_limits(
    side: str, line: Specification, lines: list[Specification], unit: str | None, own: Units
) -> bool:
    """Whether another line of the same article limits the side that this one leaves open (purity and its impurity)."""
    for other in lines:
        if other is not line and other.article == line.article and (limit := tested_limit(other)):
            found = limit.bounds(unit, own)
            if found and (found.low if side == "lower" else found.high) is not None:
                return True
    return False


def _article(line: Specification) -> str:
    if line.article == "intermediate":
        return line.intermediate or f"the intermediate of {line.id}"
    return ARTICLES.get(line.article or "", "the article")


@rule("SPC-04", CONSISTENCY, basis="ICH Q6B", requires=("QTY-01", "QTY-02", "QTY-03"))
def specification_wider_than_attribute_accepts(package: Package, context: Context) -> Iterator[Outcome]:
    """A specification accepts what lies outside the acceptable range of its quality attribute.

    Why: a batch can pass its tests and still not be acceptable to the patient.
    Resolve: tighten the specification to the acceptable range, or correct the range and its rationale.
    """
    own = package.own_units
    by_attribute = _by_attribute(package)
    for attribute_id, lines in by_attribute.items():
        attribute = package.get(attribute_id, QualityAttribute)
        if attribute is None:
            continue
        accepted = stated_limit(attribute_id, "acceptance_range", attribute.acceptance_range, attribute.unit, None)
        if accepted is None:
            continue
        for line in lines:
            removed = line.article == "intermediate" and removed_between(package, line, None) is not False
            if not removed:
                yield from _outside_attribute(line, accepted, lines, own)


def _outside_attribute(
    line: Specification, accepted: Limit, lines: list[Specification], own: Units
) -> Iterator[Outcome]:
    """What a line, its release limit and its shelf-life limit accept beyond the attribute's range."""
    for limit in _stated_limits(line):
        unit = accepted.unit
        tested, wanted = limit.bounds(unit, own), accepted.bounds(unit, own)
        place = line.at(limit.field)
        if tested is None or wanted is None:
            yield NotComputable(place, f"{limit.text} and {accepted.text} of {accepted.record} are in other units")
            continue
        if not _shares_a_side(tested, wanted):
            continue  # the line tests the complement, such as monomer for aggregate
        missing = _missing_side(tested, wanted)
        if missing and _other_line_limits(missing, line, lines, unit, own):
            missing = ""
        if missing or _wider(tested, wanted):
            yield (
                place,
                (
                    f"the specification accepts {limit.text}, but the acceptable range of {accepted.record} is "
                    f"{accepted.text}"
                ),
            )
