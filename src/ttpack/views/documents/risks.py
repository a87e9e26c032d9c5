"""Risks of a document: how many stand where, then each with cause, effect, scores and what is done about it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ttpack.model.risk import Mitigation, Risk, RiskScore
from ttpack.views.blocks import Block, Break, Cell, Column, Inline, Inlines, Mark, Row, Strong, Table, Text
from ttpack.views.documents.given import Given
from ttpack.views.documents.register import as_tables
from ttpack.views.record import plain_prose
from ttpack.views.words import number_text, reference, references, words


def risk_matrix(given: Given) -> tuple[Block, ...]:
    """Severity by occurrence after mitigation, then the risks, highest score left first."""
    risks = sorted(given.of(Risk), key=lambda one: (-_left(one), one.id))
    blocks: list[Block] = []
    grid = _grid(risks)
    if grid:
        blocks.append(grid)
    if risks:
        rows = tuple(Row(tuple(_cells(given, one)), one.id) for one in risks)
        heads = ("Risk", "Of", "Failure, cause and effect", "Before", "After", "What is done", "Class proposed")
        blocks.append(Table(tuple(map(Column, heads)), rows, "Risks, highest score left first"))
    others = given.others(Risk)
    return (*blocks, *(as_tables(replace(given, records=tuple(others))) if others else ()))


def _state(one: Risk) -> RiskScore | None:
    return one.residual or one.initial


def _left(one: Risk) -> Decimal:
    score = _state(one)
    return score.score if score and score.score is not None else Decimal(0)


def _grid(risks: Sequence[Risk]) -> Table | None:
    """How many risks stand at each severity and occurrence; None where none is scored so."""
    counts: dict[tuple[Decimal, Decimal], list[str]] = {}
    for one in risks:
        score = _state(one)
        if score and score.severity is not None and score.occurrence is not None:
            counts.setdefault((score.severity, score.occurrence), []).append(one.name)
    if not counts:
        return None
    columns = sorted({occurrence for _, occurrence in counts})
    rows: list[Row] = []
    for severity in sorted({severity for severity, _ in counts}, reverse=True):
        cells: list[Cell] = [(Text(f"Severity {number_text(severity)}"),)]
        for occurrence in columns:
            names = counts.get((severity, occurrence), [])
            meaning = f"{len(names)} at severity {number_text(severity)}, occurrence {number_text(occurrence)}: "
            cells.append((Mark(str(len(names)), meaning + ", ".join(names)),) if names else ())
        rows.append(Row(tuple(cells)))
    heads = (Column("Occurrence"), *(Column(number_text(one), "center") for one in columns))
    return Table(heads, tuple(rows), "How many risks stand where, after mitigation", kind="matrix")


def _cells(given: Given, one: Risk) -> tuple[Inlines, ...]:
    package = given.package
    items = dict.fromkeys((*([one.item] if one.item else []), *one.items))
    told: list[Inline] = []
    for name in ("mode", "cause", "effect", "description"):
        text = getattr(one, name)
        if text:
            told += [*((Break(),) if told else ()), Text(f"{words(name)}: {plain_prose(package, text)}")]
    done: list[Inline] = []
    for mitigation in one.mitigations:
        done += [*((Break(),) if done else ()), *_mitigation(given, mitigation)]
    return (
        (Strong(one.name),),
        references(package, items),
        tuple(told),
        _score(one.initial),
        (*_score(one.residual), *((Text(f" {one.residual_explanation}"),) if one.residual_explanation else ())),
        tuple(done),
        (Text(one.proposes or ""),),
    )


def _mitigation(given: Given, one: Mitigation) -> Inlines:
    found: list[Inline] = [Text(plain_prose(given.package, one.action))]
    if one.refs:
        found += [Text(" — "), *references(given.package, one.refs)]
    if one.owner:
        found += [Text(", "), reference(given.package, one.owner)]
    return tuple(found)


def _score(score: RiskScore | None) -> Inlines:
    if score is None:
        return ()
    parts = [number_text(part) for part in (score.severity, score.occurrence, score.detection) if part is not None]
    total = number_text(score.score) if score.score is not None else ""
    how = f" ({' × '.join(parts)})" if total and len(parts) > 1 else " × ".join(parts) if not total else ""
    return (Text(" ".join(filter(None, (f"{total}{how}", score.level)))),)
