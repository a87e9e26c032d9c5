"""First screens of registers: the joint team, who decides what, risks by what is left of them."""

from collections.abc import Iterable
from decimal import Decimal

from ttpack.model.governance import Responsibility, Role
from ttpack.model.package import Package
from ttpack.model.risk import Risk, RiskScore
from ttpack.views.blocks import Block, Break, Column, Inline, Inlines, Link, Number, Row, Section, Table, Text
from ttpack.views.words import chip, number_text, reference, references

PARTIES = (("sending", "Sending unit"), ("receiving", "Receiving unit"), ("", "Of no party"))


def overview(package: Package, slug: str) -> tuple[Block, ...]:
    """What a register page shows before its records; nothing for most."""
    if slug == "governance":
        return (*_team(package), *_responsibilities(package))
    return _risks(package) if slug == "risks" else ()


def _team(package: Package) -> tuple[Block, ...]:
    """Who is on the joint team, by function and party."""
    roles = [role for role in package.in_force(Role) if role.function]
    if not roles:
        return ()
    given = {role.party or "" for role in roles}
    parties = [(key, title) for key, title in PARTIES if key in given]
    rows = [
        Row((
            (Text(name),),
            *(_roles(package, (r for r in roles if (r.function, r.party or "") == (name, of))) for of, _ in parties),
        ))
        for name in sorted({str(role.function) for role in roles})
    ]  # fmt: skip
    columns = (Column("Function"), *(Column(title) for _, title in parties))
    return (Section("The joint team", (Table(columns, tuple(rows), "Roles and who holds them"),)),)


def _roles(package: Package, roles: Iterable[Role]) -> Inlines:
    found: list[Inline] = []
    for role in roles:
        found += [Break()] if found else []
        found.append(Link(role.id, role.name, role.id))
        if role.holders:
            found += [Text(": "), *references(package, role.holders)]
        if role.deputies:
            found += [Text("; deputy "), *references(package, role.deputies)]
    return tuple(found)


def _responsibilities(package: Package) -> tuple[Block, ...]:
    """Who decides what: one accountable role for each activity."""
    rows = []
    for item in package.in_force(Responsibility):
        accountable = (item.accountable,) if isinstance(item.accountable, str) else item.accountable or ()
        parties = (accountable, item.responsible, item.consulted, item.informed)
        cells = (references(package, ids) for ids in parties)
        rows.append(Row(((Link(item.id, item.activity or item.name, item.id),), *cells)))
    if not rows:
        return ()
    heads = ("Activity", "Accountable", "Responsible", "Consulted", "Informed")
    table = Table(tuple(Column(head) for head in heads), tuple(rows), "Who decides what", filterable=len(rows) > 10)  # noqa: PLR2004
    return (Section("Who decides what", (table,)),)


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
