"""First screens of registers: risks by what is left of them."""

from collections.abc import Sequence
from decimal import Decimal

from ttpack.model.package import Package
from ttpack.model.risk import Risk, RiskScale, RiskScore
from ttpack.views.blocks import (
    Block,
    Break,
    Cell,
    Column,
    Inline,
    Inlines,
    Link,
    Mark,
    Number,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
)
from ttpack.views.words import chip, number_text, reference, references

_MOST_NAMED = 6


def overview(package: Package, slug: str) -> tuple[Block, ...]:
    """What a register page shows before its records; nothing for most."""
    return _risks(package) if slug == "risks" else ()


def _risks(package: Package) -> tuple[Block, ...]:
    """Risks, what is left of them first."""
    risks = sorted(package.in_force(Risk), key=lambda item: (-_left(item), item.id))
    if not risks:
        return ()
    rows = tuple(
        Row((
            (Link(item.id, item.name, item.id),),
            (reference(package, item.item),) if item.item else (),
            _score(item.initial),
            _score(item.residual),
            chip(item.status),
            references(package, [item.owner] if item.owner else ()),
        ))
        for item in risks
    )  # fmt: skip
    columns = (
        Column("Risk"), Column("Of"), Column("Score before", "decimal"), Column("Score after", "decimal"),
        Column("Status"), Column("Owner"),
    )  # fmt: skip
    table = Table(columns, rows, "Severity × occurrence × detection, highest score left first", filterable=True)
    return (*_matrices(package, risks), Section("What is left of the risks", (table,)))


def _matrices(package: Package, risks: Sequence[Risk]) -> tuple[Block, ...]:
    """Severity by occurrence after mitigation, for each scale that risks are scored on; scales do not compare."""
    by_scale: dict[str, list[Risk]] = {}
    for one in risks:
        score = one.residual or one.initial
        if score and score.severity is not None and score.occurrence is not None:
            by_scale.setdefault(one.scale or "", []).append(one)
    tables = tuple(_matrix(package, scale, by_scale[scale]) for scale in sorted(by_scale))
    words = Paragraph((Text("! marks a place where a risk scores at or above what its scale asks mitigation for."),))
    return (Section("Where the risks stand", (words, *tables)),) if tables else ()


def _matrix(package: Package, scale: str, risks: Sequence[Risk]) -> Table:
    places: dict[tuple[Decimal, Decimal], list[Risk]] = {}
    for one in risks:
        score = one.residual or one.initial
        if score and score.severity is not None and score.occurrence is not None:
            places.setdefault((score.severity, score.occurrence), []).append(one)
    known = package.get(scale, RiskScale)
    columns = sorted({occurrence for _, occurrence in places})
    rows: list[Row] = []
    for severity in sorted({severity for severity, _ in places}, reverse=True):
        cells: list[Cell] = [(Text(f"Severity {number_text(severity)}"),)]
        cells += [
            _placed(places.get((severity, one), []), known.action_threshold if known else None) for one in columns
        ]
        rows.append(Row(tuple(cells)))
    heads = (Column("Severity, occurrence"), *(Column(f"Occurrence {number_text(one)}") for one in columns))
    named = f" on {package.label(scale)}" if scale else ""
    return Table(heads, tuple(rows), f"Risks after mitigation{named}: how many stand where, and which")


def _placed(risks: Sequence[Risk], threshold: Decimal | None) -> Inlines:
    """How many risks stand at a place, whether any of them asks for more mitigation, and a link to each."""
    if not risks:
        return ()
    grave = sum(threshold is not None and _left(one) >= threshold for one in risks)
    count = "1 risk" if len(risks) == 1 else f"{len(risks)} risks"
    told = f"{count}{f', {grave} at or above the score that asks for mitigation' if grave else ''}"
    found: list[Inline] = [Mark(f"{len(risks)}{'!' if grave else ''}", told, "bad" if grave else "neutral")]
    for one in risks[:_MOST_NAMED]:
        found += [Break(), Link(one.id, one.id, one.name)]
    left = len(risks) - _MOST_NAMED
    return (*found, *((Break(), Text(f"and {left} more")) if left > 0 else ()))


def _left(item: Risk) -> Decimal:
    score = item.residual or item.initial
    return score.score if score and score.score is not None else Decimal(0)


def _score(score: RiskScore | None) -> Inlines:
    if score is None or score.score is None:
        return ()
    parts = [number_text(part) for part in (score.severity, score.occurrence, score.detection) if part is not None]
    how = (Text(f" ({' × '.join(parts)})"),) if parts else ()
    return (Number(number_text(score.score)), *how)
