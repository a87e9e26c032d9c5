"""Facility fit as a reader sees it: a heat map of parameters by sites, what does not fit and who closes it, details."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from ttpack.analysis.facility_fit.answer import VERDICTS, counts, worst_first
from ttpack.analysis.facility_fit.gaps import agreed
from ttpack.analysis.facility_fit.site_fit import SiteFit
from ttpack.analysis.facility_fit.verdict import WORST_FIRST, Fit, Verdict
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Break,
    Cell,
    Chip,
    Column,
    Inline,
    Inlines,
    Link,
    Mark,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    Tone,
)
from ttpack.views.words import counted, number_text, reference, unit_words

LETTERS: Mapping[Verdict, str] = {"PASS": "P", "CONDITIONAL": "C", "FAIL": "F", "UNKNOWN": "?"}
TONES: Mapping[Verdict, Tone] = {"PASS": "good", "CONDITIONAL": "warning", "FAIL": "bad", "UNKNOWN": "neutral"}
MOST_PARAMETERS = 100
MOST_SITES = 12
MOST_GAPS = 100
MOST_DETAILS = 50
LEGEND = (
    "P: PASS, C: CONDITIONAL, F: FAIL, ?: UNKNOWN. In each cell what is asked, then what the equipment is qualified "
    "for (or designed for, where no qualified range is stated). The margin is the smallest distance of the normal "
    "range to the qualified range in units of U, sensor accuracy and control band together; negative means outside."
)


def fit_page(package: Package, matrix: Mapping[str, SiteFit], slug: str = "fit", *, map_first: bool = False) -> Page:
    """The fit of the sites of a matrix; everything is in the answer as JSON, the page shows the worst first.

    A terminal is read from the top, what is to be done first; on a page that is looked at the map stands first.
    """
    names = ", ".join(package.label(site) for site in matrix)
    drawn: tuple[Block, ...] = ()
    if any(fit.parameters for fit in matrix.values()):
        found = (heat_map(package, matrix), *_left_out(matrix), Paragraph((Text(LEGEND),)))
        drawn = (Section("Parameters by site", found),)
    gaps = gap_list(package, matrix)
    blocks: list[Block] = [_summary(package, matrix), *((*drawn, *gaps) if map_first else (*gaps, *drawn))]
    blocks += _details(package, matrix)
    title = f"Facility fit: {names}" if len(matrix) == 1 else "Facility fit"
    return Page(slug, title, tuple(blocks), "Sites", _said(counts(_every(matrix))))


def _every(matrix: Mapping[str, SiteFit]) -> list[Fit]:
    return [one for fit in matrix.values() for one in fit.fits]


def _said(found: Mapping[str, int]) -> str:
    return ", ".join(f"{found[verdict]} {verdict}" for verdict in VERDICTS)


def _summary(package: Package, matrix: Mapping[str, SiteFit]) -> Table:
    """One line a site: the gate it is asked at, and how much has which verdict."""
    heads = (Column("Site"), Column("Asked at gate"), Column("Parameters"), Column("Other checks"))
    shown = sorted(matrix.values(), key=lambda fit: _badness(fit.fits))[:MOST_SITES] if len(matrix) > MOST_SITES else (
        list(matrix.values())
    )  # fmt: skip
    rows = tuple(
        Row((
            (reference(package, fit.site),),
            (Text(fit.gate),),
            (Text(_said(counts(fit.parameters))),),
            (Text(_said(counts(fit.checks)) if fit.checks else "none"),),
        ))
        for fit in shown
    )  # fmt: skip
    left = f", {len(matrix) - len(rows)} further sites left out" if len(matrix) > len(rows) else ""
    return Table(heads, rows, f"How much fits{left}")


def _badness(fits: Iterable[Fit]) -> tuple[int, ...]:
    found = counts(fits)
    return tuple(-found[verdict] for verdict in WORST_FIRST)


def shown_sites(matrix: Mapping[str, SiteFit]) -> list[str]:
    """The sites that a heat map draws: all of a few, of many those where most fails."""
    if len(matrix) <= MOST_SITES:
        return list(matrix)
    worst = sorted(matrix, key=lambda site: (_badness(matrix[site].parameters), site))[:MOST_SITES]
    return [site for site in matrix if site in set(worst)]


def heat_map(package: Package, matrix: Mapping[str, SiteFit]) -> Table:
    """Parameters by sites, grouped by unit operation in process order, the worst of each first.

    A letter for the verdict and both numbers, so that it reads in print, without colour, aloud.
    """
    sites = shown_sites(matrix)
    by_parameter: dict[str, dict[str, Fit]] = {}
    for site in sites:
        for fit in matrix[site].parameters:
            by_parameter.setdefault(fit.about, {})[site] = fit
    order = {name: place for place, name in enumerate(_parameters_worst_first(by_parameter)[:MOST_PARAMETERS])}
    groups: dict[str | None, list[str]] = {}
    for name in order:
        groups.setdefault(next(iter(by_parameter[name].values())).unit_operation, []).append(name)
    heads = (Column("Parameter"), *(Column(site, record=site) for site in sites))
    rows: list[Row] = []
    for unit in _in_process_order(package, groups):
        head: Inline = reference(package, unit) if unit else Text("No unit operation")
        rows.append(Row(((head,),), group=True))
        rows += [_row(by_parameter[name], sites) for name in groups[unit]]
    return Table(heads, tuple(rows), "Fit of parameters by site", filterable=True)


def _parameters_worst_first(found: Mapping[str, Mapping[str, Fit]]) -> list[str]:
    worst = {name: worst_first(fits.values())[0] for name, fits in found.items()}
    return [fit.about for fit in worst_first(worst.values())]


def _in_process_order(package: Package, groups: Mapping[str | None, object]) -> list[str | None]:
    place = {unit.id: number for number, unit in enumerate(package.unit_operations)}
    return sorted(groups, key=lambda unit: (unit is None, place.get(unit or "", len(place)), unit or ""))


def _row(fits: Mapping[str, Fit], sites: Sequence[str]) -> Row:
    first = next(iter(fits.values()))
    cells = [(Link(first.about, first.label, first.about),), *(_cell(fits.get(site)) for site in sites)]
    return Row(tuple(cells))


def _cell(fit: Fit | None) -> Cell:
    if fit is None:
        return ()
    asked, able = asked_words(fit), able_words(fit)
    meaning = f"{fit.label} at {fit.site}: {fit.verdict}, asked {asked}, {able}"
    mark = Mark(LETTERS[fit.verdict], meaning, TONES[fit.verdict])
    return (mark, Text(f" {asked}"), Break(), Text(able))


def asked_words(fit: Fit) -> str:
    """What is asked, with its unit: the normal range, else the setpoint."""
    if fit.required is None:
        return "nothing stated"
    numbers = fit.required.numbers
    unit = str(numbers.get("unit") or "")
    found = _range_words(numbers, "normal") or _number(numbers.get("setpoint"))
    # held together, or a narrow cell parts a number from its unit
    return f"{found}\N{NO-BREAK SPACE}{unit_words(unit)}".strip() if found else fit.required.text


def able_words(fit: Fit) -> str:
    """What the equipment can do: the qualified range where it states one, else the design range."""
    if fit.capability is None:
        return "no capability stated"
    for name in ("qualified", "design"):
        found = _range_words(fit.capability.numbers, name)
        if found:
            return f"{name} {found}"
    return fit.capability.text


def _range_words(numbers: Mapping[str, Decimal | str | None], name: str) -> str:
    low, high = (_number(numbers.get(f"{name}_{end}")) for end in ("low", "high"))
    if low and high:
        return f"{low} to {high}"
    return f"≥ {low}" if low else f"≤ {high}" if high else ""


def _number(value: Decimal | str | None) -> str:
    return number_text(value) if isinstance(value, Decimal) else ""


def _left_out(matrix: Mapping[str, SiteFit]) -> tuple[Block, ...]:
    parameters = len({one.about for fit in matrix.values() for one in fit.parameters})
    said = []
    if parameters > MOST_PARAMETERS:
        said.append(f"the {MOST_PARAMETERS} parameters that fit worst of {parameters}")
    if len(matrix) > MOST_SITES:
        said.append(f"the {MOST_SITES} sites where most does not fit of {len(matrix)}")
    if not said:
        return ()
    return (Paragraph((Text(f"Drawn are {' at '.join(said)}; all are in the data (--format json)."),)),)


def gap_list(package: Package, matrix: Mapping[str, SiteFit]) -> tuple[Block, ...]:
    """Everything that is no PASS, worst first, with who closes it by which gate: agreed, or proposed only."""
    found = [fit for fit in worst_first(_every(matrix)) if fit.gap is not None]
    if not found:
        return (Section("Gaps", (Paragraph((Text("Nothing is left to close."),)),)),)
    heads = tuple(map(Column, ("What", "Site", "Verdict", "Why", "Owner", "Due gate")))
    rows = tuple(_gap(package, fit, matrix[fit.site].gate) for fit in found[:MOST_GAPS])
    left = len(found) - len(rows)
    text = f"Shown are the worst {len(rows)}; {left} more are in the data (--format json)."
    more = (Paragraph((Text(text),)),) if left else ()
    return (
        Section("Gaps, and who closes them", (Table(heads, rows, counted(len(found), "gap"), filterable=True), *more)),
    )


def _gap(package: Package, fit: Fit, gate: str) -> Row:
    gap = fit.gap
    owner: Inlines = ()
    due = ""
    if gap is not None:
        owner = (reference(package, gap.owner),) if gap.owner else (Text("nobody"),)
        agreed_in = Link(gap.record, gap.record, package.label(gap.record)) if gap.record else None
        owner += (Text(", agreed in "), agreed_in) if agreed_in else (Text(", proposed"),)
        due = gap.due_gate + (" (passed)" if gap.record and not agreed(gap, gate) else "")
    return Row((
        (Link(fit.about, fit.label, fit.about),),
        (reference(package, fit.site),),
        (Chip(fit.verdict, TONES[fit.verdict]),),
        (Text("; ".join(fit.reasons)),),
        owner,
        (Text(due),),
    ))  # fmt: skip


def _details(package: Package, matrix: Mapping[str, SiteFit]) -> tuple[Block, ...]:
    """Each parameter that does not pass, then those with the smallest margin: both sides in full."""
    found = worst_first(one for fit in matrix.values() for one in fit.parameters)
    if not found:
        return ()
    heads = tuple(map(Column, ("Parameter", "Site", "Verdict", "Asked", "Equipment", "Margin")))
    rows = tuple(_detail(package, fit) for fit in found[:MOST_DETAILS])
    left = len(found) - len(rows)
    text = f"Shown are {len(rows)}, worst first; {left} more are in the data (--format json)."
    more = (Paragraph((Text(text),)),) if left else ()
    return (Section("Parameters in detail", (Table(heads, rows, "Both sides", filterable=True), *more), folded=True),)


def _detail(package: Package, fit: Fit) -> Row:
    able: list[Inline] = [Text(fit.capability.text if fit.capability else "no capability stated")]
    for item in fit.equipment:
        able += [Break(), reference(package, item)]
    margin = f"{number_text(fit.margin)} U" if fit.margin is not None else ""
    return Row((
        (Link(fit.about, fit.label, fit.about),),
        (reference(package, fit.site),),
        (Chip(fit.verdict, TONES[fit.verdict]),),
        (Text(fit.required.text if fit.required else "nothing stated"),),
        tuple(able),
        (Text(margin),),
    ))  # fmt: skip
