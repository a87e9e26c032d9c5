"""Registers: pages that list whole kinds of records. Whatever no other page shows is shown here."""

from ttpack.model.knowledge import Term
from ttpack.model.package import Package
from ttpack.model.record import Record
from ttpack.model.regulatory import ChangeRecord
from ttpack.views.blocks import Block, Column, Inline, Inlines, Link, Page, Row, Section, Table, Text
from ttpack.views.change_record import change_record_section
from ttpack.views.overviews import overview
from ttpack.views.record import HIDDEN, inlines, plain_prose, record_section
from ttpack.views.words import chip, words

REGISTERS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "analytics",
        "Methods and samples",
        "Quality",
        (
            "analytical_method",
            "method_transfer",
            "reference_standard",
            "in_process_control",
            "sampling",
            "stability_study",
        ),
    ),
    (
        "materials",
        "Materials and suppliers",
        "Supply",
        ("material", "supplier", "cell_bank", "bill_of_materials", "demand_forecast", "investment"),
    ),
    (
        "equipment",
        "Sites and equipment",
        "Sites",
        (
            "site",
            "equipment_requirement",
            "site_equipment",
            "room",
            "utility",
            "cleaning",
            "automation_map",
            "hse_item",
        ),
    ),
    ("scales", "Scale and performance", "Sites", ("scale_characterisation", "run", "campaign", "simulation")),
    ("risks", "Risks", "Knowledge", ("risk", "risk_scale")),
    ("know-how", "Know-how and history", "Knowledge", ("know_how", "historical_deviation", "training", "read_back")),
    ("evidence", "Evidence", "Knowledge", ("evidence",)),
    ("assumptions", "Assumptions and questions", "Knowledge", ("assumption", "open_item")),
    (
        "governance",
        "Governance",
        "Governance",
        (
            "organisation",
            "person",
            "role",
            "governance_body",
            "responsibility",
            "decision",
            "communication",
            "objective",
            "quality_agreement",
            "calendar",
        ),
    ),
    ("deviations", "Deviations and escalation", "Governance", ("deviation_rule", "escalation_rule")),
    ("readiness", "Gates and readiness", "Governance", ("gate", "readiness_item", "at_risk_decision")),
    (
        "validation",
        "Validation and filing",
        "Governance",
        (
            "validation_strategy",
            "ppq_plan",
            "comparability_plan",
            "batch_record",
            "established_condition",
            "regulatory_state",
            "regulatory_profile",
            "regulatory_watch",
        ),
    ),
    (
        "changes",
        "Changes and waivers",
        "Control",
        ("change_record", "change_procedure", "waiver", "not_applicable", "approval"),
    ),
    ("package-record", "Package and units", "Control", ("document", "package", "unit_definition")),
)
"""Slug, title, navigation group, and the kinds that a register shows in full."""


OTHERS = "other-records"
"""The slug of the register of whatever no other shows."""


def register_pages(package: Package, shown: set[str], only: frozenset[str] | None = None) -> list[Page]:
    """A page for each register that has records not yet in `shown`; the ids it shows are added to `shown`.

    With `only` just the registers that show records of one of these kinds.
    """
    pages = []
    for slug, title, group, kinds in REGISTERS:
        if only is not None and only.isdisjoint(kinds):
            shown.update(record.id for record in package.records.values() if record.kind in kinds)
            continue
        page = _register(package, slug, title, group, kinds, shown)
        if page:
            pages.append(page)
    rest = sorted({record.kind for record in package.records.values() if record.id not in shown})
    if rest:
        page = _register(package, OTHERS, "Other records", "Control", tuple(rest), shown)
        pages += [page] if page else []
    return pages


def _register(  # noqa: PLR0913, PLR0917  a row of the table and what was shown
    package: Package, slug: str, title: str, group: str, kinds: tuple[str, ...], shown: set[str]
) -> Page | None:
    blocks: list[Block] = []
    summary = overview(package, slug)
    for kind in kinds:
        records = [record for record in package.records.values() if record.kind == kind and record.id not in shown]
        if not records:
            continue
        shown.update(record.id for record in records)
        heading = _plural(words(kind))
        listing = (_listing(records),) if len(records) > 1 else ()
        blocks.append(Section(heading, (*listing, *(_section(package, record) for record in records))))
    return Page(slug, title, (*summary, *blocks), group) if blocks else None


def _section(package: Package, record: Record) -> Section:
    return (
        change_record_section(package, record) if isinstance(record, ChangeRecord) else record_section(package, record)
    )


def _plural(name: str) -> str:
    text = name[:-1] + "ies" if name.endswith("y") and name[-2] not in "aeiou" else name + "s"
    fixed = {
        "analysis": "analyses",
        "know-hows": "know-how",
        "know hows": "Know-how",
        "evidences": "Evidence",
        "batch records": "Batch records",
    }
    return fixed.get(text, text).capitalize()


def _listing(records: list[Record]) -> Table:
    rows = tuple(
        Row(((Link(record.id, record.name),), (Text(record.id),), chip(record.status), (Text(_gist(record)),)))
        for record in records
    )
    columns = (Column("Title"), Column("Id"), Column("Status"), Column("In short"))
    return Table(columns, rows, f"{len(records)} records", filterable=len(records) > 10)  # noqa: PLR2004


_GISTS = (
    "statement",
    "function",
    "purpose",
    "definition",
    "activity",
    "question",
    "reason",
    "mode",
    "summary",
    "exchange",
    "equipment_class",
    "material_class",
    "scale",
    "criterion",
    "manufacturer",
    "description",
)


def _gist(record: Record) -> str:
    for name in _GISTS:
        value = getattr(record, name, None)
        if isinstance(value, str):
            text = " ".join(value.split())
            return text if len(text) <= 110 else text[:107].rstrip() + "…"  # noqa: PLR2004
    return ""


def glossary_page(package: Package, shown: set[str]) -> Page | None:
    """Terms with their definitions and what each site calls them."""
    terms = sorted(package.of(Term), key=lambda item: ((item.term or item.name).casefold(), item.id))
    if not terms:
        return None
    shown.update(item.id for item in terms)
    rows = tuple(
        Row(
            (
                (Text(item.term or item.name),),
                (Text(plain_prose(package, item.definition or "")),),
                (Text("; ".join(f"{package.label(other.site)}: {other.term}" for other in item.site_synonyms)),),
                _rest(package, item),
            ),
            anchor=item.id,
        )
        for item in terms
    )
    columns = (Column("Term"), Column("Definition"), Column("What a site calls it"), Column("Source and remarks"))
    return Page("glossary", "Glossary", (Table(columns, rows, "Terms", filterable=True),), "Control")


def _rest(package: Package, term: Term) -> Inlines:
    """Whatever a term says beside its name, definition and synonyms."""
    found: list[Inline] = [Text(f"{term.title}; ")] if term.title and term.term and term.title != term.term else []
    for name in type(term).model_fields:
        value = getattr(term, name)
        if name in _TERM_SHOWN or value in (None, (), False):
            continue
        label = "" if name == "source" else f"{words(name)}: "
        found += [Text(f"{'; ' if found else ''}{label}"), *inlines(package, value)]
    return tuple(found)


_TERM_SHOWN = HIDDEN | {"term", "definition", "site_synonyms", "owner"}
