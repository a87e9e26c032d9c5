"""A method transfer as its reader sees it: each criterion of the protocol on each sample, then both laboratories."""

from ttpack.analysis.figures import figure
from ttpack.analysis.method_transfer_study import (
    STATISTIC_WORDS,
    LaboratorySummary,
    MethodTransferStudy,
    TransferJudgement,
)
from ttpack.model.package import Package
from ttpack.model.quantity import Range, digits
from ttpack.views.blocks import (
    Block,
    Bullets,
    Callout,
    Chip,
    Column,
    Inlines,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
)
from ttpack.views.words import counted, reference


def method_transfer_page(package: Package, given: MethodTransferStudy) -> Page:
    """The transfer as a page of its own."""
    return Page(
        f"method-transfer-{given.transfer.casefold()}", given.title, method_transfer_blocks(package, given), "Quality"
    )


def method_transfer_blocks(package: Package, given: MethodTransferStudy) -> tuple[Block, ...]:
    """Verdict, criteria, laboratories, what is missing."""
    missed = sum(one.verdict == "missed" for one in given.judgements)
    open_ones = sum(one.verdict == "not_judged" for one in given.judgements)
    met = sum(one.verdict == "met" for one in given.judgements)
    parts = [f"{met} met", f"{missed} missed", f"{open_ones} not judged"]
    good = bool(met) and not missed and not open_ones and not given.gaps
    title = "Every criterion of the protocol is met" if good else "The transfer is not shown yet"
    head = Callout(
        "success" if good else "danger" if missed else "warning", title, (Paragraph((Text(", ".join(parts)),)),)
    )
    blocks: list[Block] = [head]
    if given.judgements:
        rows = tuple(Row(_judgement(one)) for one in given.judgements)
        heads = ("Criterion", "Sample", "Limit", "Result", "Verdict")
        blocks.append(Section("Criteria", (Table(tuple(map(Column, heads)), rows, "Criteria by sample"),)))
    if given.laboratories:
        figures = ("Mean", "s", "Repeatability", "Intermediate precision")
        columns = (
            Column("Laboratory"), Column("Sample"), Column("Results", "right"),
            *(Column(head, "right", given.unit or "") for head in figures),
        )  # fmt: skip
        rows = tuple(Row(_laboratory(package, one)) for one in given.laboratories)
        caption = "Both laboratories; s is over all results, the precisions from the series"
        blocks.append(Section("Laboratories", (Table(columns, rows, caption),)))
    if given.gaps:
        blocks.append(Section("Not judged", (Bullets(tuple((Text(one),) for one in given.gaps)),)))
    return tuple(blocks)


def _judgement(one: TransferJudgement) -> tuple[Inlines, ...]:
    tone = {"met": "good", "missed": "bad"}.get(one.verdict, "warning")
    return (
        (Text(STATISTIC_WORDS[one.criterion.statistic]),),
        (Text(one.sample),),
        (Text(_limit(one.criterion.limit, relative=bool(one.criterion.relative))),),
        (Text(one.why),),
        (Chip(one.verdict.replace("_", " "), tone),),  # type: ignore[arg-type]
    )


def _limit(given: Range | None, *, relative: bool) -> str:
    if given is None or not given.numeric:
        return "not stated"
    low = f"at least {digits(given.low)}" if given.low is not None else ""
    high = f"at most {digits(given.high)}" if given.high is not None else ""
    return f"{', '.join(filter(None, (low, high)))}{' %' if relative else ''}"


def _laboratory(package: Package, one: LaboratorySummary) -> tuple[Inlines, ...]:
    found = one.precision
    numbers = (
        one.values.mean, one.values.standard_deviation, found.repeatability if found else None,
        found.intermediate if found else None,
    )  # fmt: skip
    cells: list[Inlines] = [
        (Text("" if (shown := figure(number, 4)) is None else digits(shown)),) for number in numbers
    ]
    return (
        (reference(package, one.laboratory),),
        (Text(one.sample),),
        (Text(counted(one.values.count, "result")),),
        *cells,
    )
