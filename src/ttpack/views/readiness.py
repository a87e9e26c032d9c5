"""Readiness of a receiving site: how ready, what stops the gate, where the parties disagree, items, history."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from ttpack.analysis.facility_fit.site_fit import SiteFit
from ttpack.analysis.gates.state import following
from ttpack.analysis.readiness.categories import CATEGORIES, NO_CATEGORY, shown
from ttpack.analysis.readiness.history import JUMP_DAYS, ReadinessHistory
from ttpack.analysis.readiness.items import PartyScore, ScoredItem
from ttpack.analysis.readiness.readiness import Readiness, readiness_at
from ttpack.analysis.readiness.shortfall import PLAN, SCORES
from ttpack.analysis.readiness.stops import HardStop
from ttpack.model.execution import ReadinessItem
from ttpack.model.package import Package
from ttpack.model.record import GATES
from ttpack.views.blocks import (
    Block,
    Break,
    Bullets,
    Callout,
    Card,
    Cards,
    Chip,
    Column,
    Inline,
    Inlines,
    Link,
    Page,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    Text,
    Tone,
)
from ttpack.views.readiness_chart import draw_bar, draw_history
from ttpack.views.words import counted, reference, references

MOST_ITEMS = 400
MOST_STOPS = 60
_TONES: tuple[Tone, ...] = ("bad", "bad", "warning", "info", "good")
_HOW = (
    "The minimum is over all categories, and stands beside the mean, which hides a missing laboratory. Of two scores "
    "the lower counts; a score of 3 or 4 that its evidence does not carry counts as 2, a 4 that nobody verified as 3."
)


def readiness_pages(
    package: Package,
    as_of: date,
    fits: Mapping[str, SiteFit] | None = None,
    histories: Mapping[str, ReadinessHistory] | None = None,
) -> list[Page]:
    """A page for each receiving site of a package that has readiness items, asked at the gate that it stands before."""
    if not package.in_force(ReadinessItem):
        return []
    answers = readiness_at(package, gates_ahead(package), as_of, fits)
    return [site_page(package, answer, (histories or {}).get(site)) for site, answer in answers.items()]


def gates_ahead(package: Package) -> dict[str, str]:
    """The gate that each receiving site stands before; the last one where it has passed that."""
    return {site: following(package.manifest.gates.get(site, "")) or GATES[-1] for site in package.receiving_sites}


def slug_of(site: str) -> str:
    """The address of the page of a site's readiness."""
    return f"readiness-{site.lower()}"


def site_page(package: Package, answer: Readiness, history: ReadinessHistory | None = None) -> Page:
    """Everything of one site."""
    blocks = [*first_screen(package, answer), _categories(answer), *_items(package, answer.items)]
    blocks += _history(package, history)
    title = f"Readiness of {package.label(answer.site)}"
    return Page(slug_of(answer.site), title, tuple(blocks), "Gates", verdict(answer))


def command_page(package: Package, answers: Mapping[str, Readiness], histories: Mapping[str, ReadinessHistory]) -> Page:
    """One site without drawings, with the items that count a plan or less; of several what is to be done at each."""
    if len(answers) == 1:
        site, answer = next(iter(answers.items()))
        items = [item for item in answer.items if _rank(item) <= PLAN]
        blocks = [*first_screen(package, answer), _categories(answer, drawn=False)]
        blocks += [
            *_items(package, items, "counting a plan or less"),
            *_history(package, histories.get(site), drawn=False),
        ]
        return Page(slug_of(site), f"Readiness of {package.label(site)}", tuple(blocks), "Gates", verdict(answer))
    sections = tuple(
        Section(package.label(site), (*first_screen(package, answer), _categories(answer, drawn=False)))
        for site, answer in answers.items()
    )
    return Page("readiness", "Readiness", sections, "Gates")


def verdict(answer: Readiness) -> str:
    """The least ready category beside the mean, in one sentence."""
    weakest = _weakest(answer)
    mean = f"weighted mean {shown(answer.mean)}" if answer.mean is not None else "no weighted mean"
    return f"Minimum {shown(answer.minimum)} ({weakest}); {mean}."


def _weakest(answer: Readiness) -> str:
    """The least ready categories by name; all of them are not listed."""
    names = [one.label for one in answer.weakest]
    if not names:
        return "no category applies"
    return "every category" if len(names) == len(answer.categories) else ", ".join(names)


def first_screen(package: Package, answer: Readiness) -> tuple[Block, ...]:
    """Minimum beside mean, what stops the gate, where the parties disagree, what is not scored."""
    said: list[Inlines] = [(Text(_threshold(answer)),), (Text(_HOW),)]
    if answer.weights.change_record:
        said.append(
            (Text("Weights of categories are the package's own: "), reference(package, answer.weights.change_record))
        )
    if answer.weights.problem:
        said.append((Text(f"The package's own weights of categories count for nothing: {answer.weights.problem}."),))
    if answer.without_item:
        said.append((Text(f"No item, so not assessed: {', '.join(one.label for one in answer.without_item)}."),))
    blocks: list[Block] = [_cards(answer), Bullets(tuple(said))]
    blocks += _stops(package, answer.hard_stops)
    blocks += _disagreements(package, answer.disagreements)
    if answer.unscored:
        blocks.append(_unscored(package, answer.unscored))
    return tuple(blocks)


def _cards(answer: Readiness) -> Cards:
    low = answer.reaches_threshold is False
    return Cards((
        Card("Minimum", str(shown(answer.minimum)), _weakest(answer), tone="bad" if low else "neutral"),
        Card("Weighted mean", str(shown(answer.mean)) if answer.mean is not None else "none", "of all categories"),
        Card("Hard stops", str(len(answer.hard_stops)), "no score outweighs them", tone=_alarm(answer.hard_stops)),
        Card("Disagreements", str(len(answer.disagreements)), "two or more apart", tone=_alarm(answer.disagreements)),
        Card("Not scored by both", str(len(answer.unscored)), f"of {counted(len(answer.items), 'item')}",
             tone=_alarm(answer.unscored)),
    ))  # fmt: skip


def _alarm(found: Sequence[object]) -> Tone:
    return "warning" if found else "neutral"


def _threshold(answer: Readiness) -> str:
    if answer.threshold is None:
        return f"Asked for {answer.gate}, which has no threshold."
    reached = "reaches" if answer.reaches_threshold else "does not reach"
    return (
        f"Asked for {answer.gate}: the minimum {reached} its threshold, {shown(answer.threshold)}. "
        "The threshold informs; hard stops and findings decide."
    )


def _stops(package: Package, stops: Sequence[HardStop]) -> list[Block]:
    if not stops:
        return []
    rows = tuple(
        Row((
            (reference(package, one.record),), (Text(one.message),),
            (reference(package, one.owner),) if one.owner else (Text("nobody"),), (Text(one.rule),),
        ))
        for one in stops[:MOST_STOPS]
    )  # fmt: skip
    left = f"; the first {MOST_STOPS} are shown" if len(stops) > MOST_STOPS else ""
    heads = tuple(map(Column, ("Record", "What stops the gate", "Owner", "Rule")))
    return [Section("Hard stops", (Table(heads, rows, f"{counted(len(stops), 'hard stop')}{left}"),))]


def _disagreements(package: Package, items: Sequence[ScoredItem]) -> list[Block]:
    if not items:
        return []
    rows = tuple(
        Row((
            (reference(package, item.record.id),), _party(package, item.sending), _party(package, item.receiving),
            (Text(str(item.difference)),), (Text(item.record.note or ""),),
        ))
        for item in items[:MOST_STOPS]
    )  # fmt: skip
    heads = tuple(map(Column, ("Item", "Sending unit", "Receiving unit", "Apart", "Note")))
    left = f"; the first {MOST_STOPS} are shown" if len(items) > MOST_STOPS else ""
    caption = f"{counted(len(items), 'item')} that the parties score two or more apart{left}"
    return [Section("Where the parties disagree", (Table(heads, rows, caption),))]


def _unscored(package: Package, items: Sequence[ScoredItem]) -> Block:
    names = {"sending": "sending unit", "receiving": "receiving unit"}
    rows = tuple(
        Row((
            (reference(package, item.record.id),), (Text(" and ".join(names[one] for one in item.unscored_by)),),
            _owners(package, item),
        ))
        for item in items[:MOST_STOPS]
    )  # fmt: skip
    left = f"; the first {MOST_STOPS} are shown" if len(items) > MOST_STOPS else ""
    heads = tuple(map(Column, ("Item", "Not scored by", "Owners")))
    return Section("Not scored by both parties", (Table(heads, rows, f"{counted(len(items), 'item')}{left}"),))


def _party(package: Package, score: PartyScore) -> Inlines:
    """A score as stated with its meaning, what counts of it where that is less, who gave it and when."""
    if score.stated is None:
        return (Text("not scored"),)
    found: list[Inline] = [Strong(str(score.stated)), Text(f" {SCORES[score.stated]}")]
    if score.counted != score.stated:
        found += [Text(", "), Chip(f"counts {score.counted}", "warning")]
    if score.assessor:
        found += [Break(), *references(package, [score.assessor])]
    if score.on:
        found += [Break(), Text(score.on.isoformat())]
    return tuple(found)


def _owners(package: Package, item: ScoredItem) -> Inlines:
    """Both owners by id, which is short; the title of each is what a pointer shows."""
    found: list[Inline] = []
    for score in (item.sending, item.receiving):
        named = Link(score.owner, score.owner, package.label(score.owner)) if score.owner else Text("nobody")
        found += [*([Break()] if found else []), named]
    return tuple(found)


def _categories(answer: Readiness, *, drawn: bool = True) -> Section:
    """One row a category: what counts, drawn and in numbers, beside what each party says."""
    rows = tuple(
        Row((
            (Text(f"{one.letter}  {one.label}".strip()),), (Strong(_share(one.score)),),
            *((draw_bar(one),) if drawn else ()),
            (Text(_share(one.sending)),), (Text(_share(one.receiving)),),
            (Text(_weight(one.weight)),), (Text(str(one.items)),),
            (Text(one.remark),),
        ))
        for one in answer.categories
    )  # fmt: skip
    heads = (
        Column("Category"), Column("Counts", "right"), *((Column("0 to 1"),) if drawn else ()),
        Column("Sending unit", "right"), Column("Receiving unit", "right"), Column("Weight", "right"),
        Column("Items", "right"), Column("To know"),
    )  # fmt: skip
    words = "The bar counts; the triangle above it is what the sending unit says, the one below the receiving unit."
    return Section("Categories", (Table(heads, rows, words if drawn else ""),))


def _share(value: Fraction | None) -> str:
    return str(shown(value)) if value is not None else "n/a"


def _weight(weight: Fraction | None) -> str:
    if weight is None:
        return "none"
    return str(weight.numerator) if weight.denominator == 1 else str(shown(weight))


def _items(package: Package, items: Sequence[ScoredItem], which: str = "") -> list[Block]:
    """Items by category, the least ready first; of very many those that count least."""
    if not items:
        return []
    worst = sorted(items, key=lambda item: (_rank(item), -(item.record.weight or 9), item.record.id))[:MOST_ITEMS]
    groups: dict[str, list[ScoredItem]] = {name: [] for name in (*CATEGORIES, NO_CATEGORY)}
    for item in worst:
        groups[item.record.category or NO_CATEGORY].append(item)
    rows: list[Row] = []
    for name, these in groups.items():
        head = f"{CATEGORIES[name].letter}  {CATEGORIES[name].label}" if name in CATEGORIES else "No category"
        rows += [Row(((Text(head),),), group=True)] if these else []
        rows += [_item(package, item) for item in these]
    heads = tuple(map(Column, (
        "Item", "Weight", "Counts", "Sending unit", "Receiving unit", "Evidence", "Owners", "Due", "To know",
    )))  # fmt: skip
    left = f", the {len(worst)} that count least shown" if len(items) > len(worst) else ""
    caption = f"{counted(len(items), 'item')}{f' {which}' if which else ''}{left}"
    return [Section("Items", (Table(heads, tuple(rows), caption, filterable=True),))]


def _rank(item: ScoredItem) -> int:
    return item.counted if item.counted is not None else len(SCORES)


def _item(package: Package, item: ScoredItem) -> Row:
    counted_as = item.counted
    record = item.record
    chip = Chip("n/a") if counted_as is None else Chip(f"{counted_as} {SCORES[counted_as]}", _TONES[counted_as])
    evidence = references(package, record.evidence)
    if record.verified_by:
        evidence += (Break(), Text("verified by "), reference(package, record.verified_by))
    known = [one.message for one in item.shortfalls]
    if item.not_applicable:
        approver = package.label(record.not_applicable_approver or "")
        known = [f"not applicable: {record.not_applicable_reason} Approved by {approver}."]
    return Row((
        (reference(package, record.id),), (Text(str(record.weight or "none")),), (chip,),
        _party(package, item.sending), _party(package, item.receiving), evidence, _owners(package, item),
        (Text(record.due_gate or ""),), (Text("; ".join(known)),),
    ))  # fmt: skip


def _history(package: Package, history: ReadinessHistory | None, *, drawn: bool = True) -> list[Block]:
    """Minimum and mean at each revision, and what rose just before a gate; drawn, each category too."""
    if history is None:
        return []
    blocks: list[Block] = [Paragraph((Text(history.said),))] if history.said else []
    if history.jumps:
        told = tuple(
            (
                Text(
                    f"The {one.figure} rose from {shown(one.before)} to {shown(one.after)} within the {JUMP_DAYS} days "
                ),
                Text(f"before {one.mark.when}, when {one.mark.gate} was {one.mark.what}: "),
                reference(package, one.mark.record),
            )
            for one in history.jumps
        )
        blocks.append(Callout("warning", "A rise just before a gate", (Bullets(told),)))
    picture = draw_history(history)
    if picture is None:
        return [Section("History", tuple(blocks))] if blocks else []
    names = [*CATEGORIES] if drawn else []
    rows = tuple(
        Row((
            (Text(point.when.isoformat()),), (Text(point.name or point.commit[:12] or "files on disk"),),
            (Strong(str(shown(point.minimum))),), (Text(_share(point.mean)),), (Text(str(point.items)),),
            *((Text(_share(one.score)),) for one in point.categories if one.category in names),
        ))
        for point in reversed(history.points)
    )  # fmt: skip
    heads = (
        *map(Column, ("Date", "Revision", "Minimum", "Mean", "Items")),
        *(Column(CATEGORIES[name].letter, "right") for name in names),
    )
    letters = "; letters are the categories above" if drawn else ""
    table = Table(heads, rows, f"Readiness at each revision, newest first{letters}")
    return [Section("History", (*blocks, *((picture,) if drawn else ()), table))]
