"""First screens of registers: risks by what is left of them."""

from decimal import Decimal

from ttpack.model.package import Package
from ttpack.model.risk import Risk, RiskScore
from ttpack.views.blocks import Block, Column, Inlines, Link, Number, Row, Section, Table, Text
from ttpack.views.words import chip, number_text, reference, references


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
    return (Section("What is left of the risks", (table,)),)


def _left(item: Risk) -> Decimal:
    score = item.residual or item.initial
    return score.score if score and score.score is not None else Decimal(0)


def _score(score: RiskScore | None) -> Inlines:
    if score is None or score.score is None:
        return ()
    parts = [number_text(part) for part in (score.severity, score.occurrence, score.detection) if part is not None]
    how = (Text(f" ({' × '.join(parts)})"),) if parts else ()
    return (Number(number_text(score.score)), *how)
