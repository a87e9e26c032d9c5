"""What a unit operation's page says of the sites: what their equipment holds, whether it fits, and the scale there."""

from collections.abc import Sequence
from decimal import Decimal

from ttpack.analysis.facility_fit.answer import worst_first
from ttpack.analysis.facility_fit.capability import QUALIFIED
from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.analysis.intervals import in_unit
from ttpack.analysis.scale_up import VERDICT_WORDS, ScaleRow, change_text
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.process import UnitOperation
from ttpack.model.units import decimal_text
from ttpack.views.blocks import Block, Chip, Column, Inlines, Link, Number, Paragraph, Row, Section, Table, Text
from ttpack.views.fit import heat_map
from ttpack.views.range_bar import Bracket
from ttpack.views.scale import TONES, unit_operation_scale
from ttpack.views.site_answers import Pair, SiteAnswers
from ttpack.views.words import chip, counted, number_text, words

MOST_SITES = 8
"""Sites that one parameter is shown at; those where it fits worst come first."""
MOST_CHECKS = 60
MOST_SCALES = 4
_FILTERED = 15
_HEADS = ("What", "Site", "Verdict", "Asked", "The site can", "Margin in U", "Why")
_DIGITS = 5  # of an end drawn in another unit than it was written in


def brackets(package: Package, item: ProcessParameter, sites: SiteAnswers) -> tuple[Bracket, ...]:
    """What each site's equipment holds, as its fit was judged: the qualified range where it counts, else the design."""
    held = sites.held.get(item.id, ())
    shown = held if len(held) <= MOST_SITES else worst_first(held)[:MOST_SITES]
    return tuple(bracket for fit in shown if (bracket := _bracket(package, item, fit)))


def _bracket(package: Package, item: ProcessParameter, fit: Fit) -> Bracket | None:
    if fit.capability is None:
        return None
    numbers = fit.capability.numbers
    shown = numbers.get("qualification") in QUALIFIED
    for name in ("qualified", "design") if shown else ("design", "qualified"):
        ends = [_end(package, item, numbers.get(f"{name}_{end}"), numbers.get("unit")) for end in ("low", "high")]
        if any(end is not None for end in ends):
            return Bracket(fit.site, ends[0], ends[1], qualified=shown and name == "qualified")
    return None


def _end(package: Package, item: ProcessParameter, end: object, unit: object) -> Decimal | None:
    """An end in the parameter's own unit; None where there is none, or it cannot be said in it."""
    if not isinstance(end, Decimal):
        return None
    if unit == item.unit:
        return end
    found = in_unit(end, str(unit) if unit else None, item.unit, package.own_units)
    return None if found is None else Decimal(decimal_text(found, _DIGITS))


def site_sections(package: Package, unit: UnitOperation, sites: SiteAnswers) -> tuple[Section, ...]:
    """How the unit operation fits at the sites, parameters first; and its scale at each."""
    within = sites.within(unit.id)
    blocks: list[Block] = [heat_map(package, within)] if any(fit.parameters for fit in within.values()) else []
    blocks += plant_checks(package, [check for fit in within.values() for check in fit.checks])
    found = (Section("Fit at the sites", tuple(blocks)),) if blocks else ()
    shown = dict(list(sites.scales.items())[:MOST_SCALES])
    scales = [unit_operation_scale(package, answer, unit.id) for answer in shown.values()]
    stated: list[Block] = [section for section in scales if section]
    if stated and len(sites.scales) > MOST_SCALES:
        stated.append(Paragraph((Text("Scale at the other sites: the pages on scale-up, and ttpack scale."),)))
    return (*found, Section("Scale", tuple(stated))) if stated else found


def parameter_at_sites(package: Package, item: ProcessParameter, sites: SiteAnswers) -> tuple[Block, ...]:
    """Whether one parameter fits at each site, with both numbers and why; and what it becomes at the scale there."""
    fits = [fit for fit in sites.by_record.get(item.id, ()) if fit.aspect == "parameter"]
    found: list[Block] = []
    if fits:
        shown = worst_first(fits)[:MOST_SITES]
        found += [
            _table(package, shown, "Fit at each site; U is sensor accuracy and control band together", about=False),
            *_more(fits, shown),
        ]
    own = [one for one in sites.scales_by_parameter.get(item.id, ()) if one[1].label == item.name]
    return (*found, _scale_table(package, own[:MOST_SITES])) if own else tuple(found)


def _scale_table(package: Package, rows: Sequence[tuple[Pair, ScaleRow]]) -> Table:
    """What one parameter is at each scale, and what its rule gives there."""
    body = []
    for (sending, receiving), row in rows:
        rule = words(row.rule or row.formula)
        sides = (row.sending, row.receiving, row.predicted)
        body.append(
            Row((
                (Text(f"{sending} to "), Link(receiving, receiving, package.label(receiving))),
                *((Text(side.text if side else ""),) for side in sides),
                (Text(change_text(row.change) or ""),),
                (Chip(VERDICT_WORDS[row.verdict], TONES[row.verdict]),),
                (Text("; ".join(filter(None, (f"rule: {rule}" if rule else "", row.reason)))),),
            ))
        )  # fmt: skip
    heads = ("Scale-up", "From", "To", "Rule gives", "Change", "Verdict", "Why")
    return Table(tuple(Column(head) for head in heads), tuple(body), "At the scale of each site")


def plant_checks(package: Package, checks: Sequence[Fit]) -> tuple[Block, ...]:
    """Verdicts about volumes, flows, filters, utilities, rooms and materials, the worst first."""
    if not checks:
        return ()
    shown = worst_first(checks)[:MOST_CHECKS]
    return (_table(package, shown, "Volumes, flows, rooms and materials", about=True), *_more(checks, shown))


def _table(package: Package, fits: Sequence[Fit], caption: str, *, about: bool) -> Table:
    wanted = {
        "What": about,
        "Margin in U": any(fit.margin is not None for fit in fits),
        "Why": any(fit.reasons for fit in fits),
    }
    heads = [head for head in _HEADS if wanted.get(head, True)]
    rows = tuple(Row(tuple(_cell(package, fit, head) for head in heads)) for fit in fits)
    columns = tuple(Column(head, "decimal" if head == "Margin in U" else "left") for head in heads)
    return Table(columns, rows, caption, filterable=len(rows) > _FILTERED)


def _cell(package: Package, fit: Fit, head: str) -> Inlines:
    if head == "Site":
        return (Link(fit.site, fit.site, package.label(fit.site)),)
    if head == "Verdict":
        return chip(fit.verdict)
    if head == "Margin in U":
        return (Number(number_text(fit.margin)),) if fit.margin is not None else ()
    return (Text(_words(fit, head)),)


def _words(fit: Fit, head: str) -> str:
    if head in ("Asked", "The site can"):
        side = fit.required if head == "Asked" else fit.capability
        return side.text if side else "not stated"
    return fit.label if head == "What" else "; ".join(fit.reasons)


def _more(fits: Sequence[Fit], shown: Sequence[Fit]) -> tuple[Block, ...]:
    """How many are not shown, and that none of them is worse."""
    left = len(fits) - len(shown)
    if not left:
        return ()
    return (Paragraph((Text(f"{counted(left, 'more verdict')}, none worse than these. ttpack fit lists all."),)),)
