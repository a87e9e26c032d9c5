"""The guide of an interview as a page: questions with what is known, past deviations, open assumptions."""

from itertools import groupby

from ttpack.analysis.interview import QUESTIONS, Guide, Question
from ttpack.analysis.know_how import PROMPTS
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Break,
    Bullets,
    Callout,
    Chip,
    Code,
    Column,
    Inline,
    Inlines,
    Link,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    Tone,
)
from ttpack.views.know_how import told
from ttpack.views.words import counted, inlines_of_date

_TONES: dict[str, Tone] = {"answered": "good", "none_known": "good", "drafted": "info", "not_asked": "warning"}
_WORDS = {"answered": "answered", "none_known": "none known", "drafted": "draft", "not_asked": "ask"}
_WHY = {
    "critical_parameter": "critical parameter",
    "controls_critical_parameter": "controls a critical parameter",
    "manual_skill": "manual",
}
_NEXT = "Type each answer as the statement, or write none_known: true; then set the status. Delete what was not asked."


def interview_page(package: Package, guide: Guide, told_by: str | None, written: str | None) -> Page:
    """What to ask, with what is known already; `written` is the file of drafts, where one was made."""
    unit = guide.unit_operation
    left, total = len(guide.not_asked), len(guide.questions)
    who = f" with {package.label(told_by)}" if told_by else ""
    blocks: list[Block] = []
    waiting = len(guide.waiting)
    state = f"{left} of {counted(total, 'question')} nobody has answered." if left else "No question is left to ask."
    state += f" {counted(waiting, 'draft')} to be completed." if waiting else ""
    blocks.append(Paragraph((Text(state),)))
    if written:
        hint = (Text("Drafts are in "), Code(written), Text(f". {_NEXT}"))
        blocks.append(Callout("note", "Written", (Paragraph(hint),)))
    blocks.append(
        Bullets(tuple((Text(f"{PROMPTS[one][:1].upper()}{PROMPTS[one][1:]}: {QUESTIONS[one]}"),) for one in PROMPTS))
    )
    for _, group in groupby(guide.questions, key=lambda one: one.about.id):
        blocks.append(_subject(package, list(group)))
    blocks += _past(package, guide)
    return Page("interview", f"Interview on {unit.name}{who}", tuple(blocks))


def _subject(package: Package, questions: list[Question]) -> Section:
    first = questions[0]
    why = ", ".join(_WHY[one] for one in first.why)
    rows = tuple(
        Row(((Text(PROMPTS[one.prompt]),), (Chip(_WORDS[one.state], _TONES[one.state]),), _known(package, one)))
        for one in questions
    )
    table = Table((Column("Prompt"), Column("State"), Column("What is known")), rows)
    note: tuple[Block, ...] = (Paragraph((Text(f"Asked because: {why}."),)),) if why else ()
    return Section(first.about.name, (*note, table))


def _known(package: Package, one: Question) -> Inlines:
    found: list[Inline] = []
    for item in one.known:
        found += [Break()] if found else []
        said = told(package, item.statement)
        found += [Link(item.id, item.name, item.id), Text(f": {said}" if said else "")]
    return tuple(found)


def _past(package: Package, guide: Guide) -> list[Block]:
    blocks: list[Block] = []
    if guide.other_know_how:
        links = tuple((Link(item.id, item.name, item.id),) for item in guide.other_know_how)
        blocks.append(Section("Also known", (Bullets(links),)))
    if guide.deviations:
        rows = tuple(
            Row((
                (Link(item.id, item.name, item.id),), inlines_of_date(item.occurred_on),
                (Text(told(package, item.root_cause) or "not stated"),),
                (Text(" ".join((item.disposition or "not dispositioned").split("_"))),),
            ))
            for item in guide.deviations
        )  # fmt: skip
        heads = ("Deviation", "When", "Root cause", "At the receiving site")
        table = Table(tuple(map(Column, heads)), rows, "What went wrong: ask what the report does not say")
        blocks.append(Section("Past deviations", (table,)))
    if guide.assumptions:
        lines = tuple(
            (Link(item.id, item.name, item.id), Text(f": {told(package, item.statement)}"))
            for item in guide.assumptions
        )
        blocks.append(Section("Open assumptions: is it so?", (Bullets(lines),)))
    return blocks
