"""Pages that a steering committee opens: the answer first, whatever is missing named, never left out."""

from datetime import date
from typing import Any

import pytest
from tests.rules.test_cases import build

from ttpack.analysis.agenda.agenda import agenda
from ttpack.analysis.bodies import committee
from ttpack.model.package import Package
from ttpack.views.agenda import CAP, agenda_page
from ttpack.views.blocks import Block, Callout, Mark, Page, Picture, Row, Section, Table
from ttpack.views.governance import governance_pages
from ttpack.views.joint_team import joint_team_page
from ttpack.views.objectives import objectives_page
from ttpack.views.open_items import open_items_page
from ttpack.views.registers import register_pages
from ttpack.views.regulatory_watch import regulatory_watch_page
from ttpack.views.who_decides import who_decides_page
from ttpack.views.words import plain

AS_OF = date(2026, 11, 1)


def package(*add: dict[str, Any], **given: Any) -> Package:
    return build({"add": add, **given})


def blocks(page: Page | None) -> list[Block]:
    assert page is not None
    found: list[Block] = []
    waiting = list(page.blocks)
    while waiting:
        block = waiting.pop(0)
        found.append(block)
        if isinstance(block, Section | Callout):
            waiting = [*block.blocks, *waiting]
    return found


def tables(page: Page | None) -> dict[str, Table]:
    return {block.caption: block for block in blocks(page) if isinstance(block, Table)}


def cells(row: Row) -> list[str]:
    return [plain(cell) for cell in row.cells if not isinstance(cell, Picture)]


def rows(page: Page | None) -> dict[str, list[str]]:
    """Every row of every table by its first cell."""
    return {cells(row)[0]: cells(row) for table in tables(page).values() for row in table.rows if not row.group}


def first_callout(page: Page | None) -> Callout:
    return next(block for block in blocks(page) if isinstance(block, Callout))


def test_a_package_without_governance_has_only_its_team() -> None:
    slugs = {page.slug for page in governance_pages(package(), AS_OF)}
    assert {"joint-team"} <= slugs <= {"joint-team", "agenda", "objectives"}


def test_the_team_names_who_left_who_is_missing_and_what_nobody_does() -> None:
    page = joint_team_page(package(
        {"kind": "role", "id": "ROL-C-QC", "title": "Receiving QC", "party": "receiving", "function": "QC"},
        {"kind": "role", "id": "ROL-C-RA", "party": "receiving", "function": "RA", "holders": ["PER-RA"],
         "deputies": ["PER-EVA-ROTH"]},
        {"kind": "person", "id": "PER-RA", "title": "Rita Amsel", "left": "2026-10-01"},
    ), AS_OF)  # fmt: skip
    matrix = rows(page)
    assert "nobody" in matrix["Quality control"][2]
    assert "Rita Amsel left 2026-10-01; deputy Eva Roth" in matrix["Regulatory affairs"][2]
    told = "\n".join(plain(block.inlines) for block in first_callout(page).blocks)  # type: ignore[union-attr]
    assert "No person of either party does manufacturing, QC, regulatory affairs" in told
    assert "Nobody holds Receiving QC, ROL-C-RA" in told


@pytest.mark.parametrize(
    ("last_held", "said"),
    [("2026-10-25", "held"), ("2026-10-24", "late"), ("2026-10-17", "not held"), (None, "never held")],
)
def test_an_exchange_is_held_late_or_not_held(last_held: str | None, said: str) -> None:
    given = {"kind": "communication", "id": "COM-1", "title": "Call", "cadence_days": 7, "last_held": last_held}
    page = joint_team_page(package({key: value for key, value in given.items() if value}), AS_OF)
    assert rows(page)["Call"][1] == said


def test_the_matrix_has_one_letter_for_each_part_and_says_where_nobody_is_accountable() -> None:
    page = who_decides_page(package(
        {"kind": "responsibility", "id": "RACI-1", "activity": "Release", "responsible": ["ROL-C-QA"],
         "accountable": "ROL-C-QA", "consulted": ["ROL-S-QA"], "agreement_activity": "release"},
        {"kind": "responsibility", "id": "RACI-2", "activity": "Filing", "informed": ["ROL-S-QA"]},
    ))  # fmt: skip
    table = tables(page)["Who is accountable, responsible, consulted, informed"]
    assert [column.title for column in table.columns] == ["Activity", "S-QA", "C-QA"]
    assert rows(page)["Release"] == ["Release", "C", "A/R"]
    marks = [part for row in table.rows for cell in row.cells if not isinstance(cell, Picture) for part in cell]
    said = {part.meaning for part in marks if isinstance(part, Mark)}
    assert "Contract manufacturer quality assurance is accountable for and is responsible for Release" in said
    assert rows(page)["Filing no A"][1:] == ["I", ""]
    assert first_callout(page).title == "1 of 2 items without one accountable"


def test_objectives_stand_side_by_side_and_a_decision_says_who_gave_way() -> None:
    page = objectives_page(package(
        {"kind": "objective", "id": "OBJ-S", "title": "First batch", "party": "sending", "topic": "speed",
         "metric": "date", "target": "2028", "conflicts_with": ["OBJ-C"]},
        {"kind": "objective", "id": "OBJ-C", "title": "Full plant", "party": "ORG-CDMO", "topic": "capacity",
         "metric": "slots", "target": "85 %", "shared": True, "actual": "80 %", "actual_on": "2026-10-01"},
        {"kind": "decision", "id": "DCN-1", "title": "January slot", "chosen": "January", "options": ["January", "May"],
         "decided_on": "2026-09-08", "objective_favoured": "OBJ-S", "objective_disfavoured": "OBJ-C",
         "agreement": "the sponsor pays"},
        {"kind": "decision", "id": "DCN-2", "title": "Resin", "status": "draft"},
    ), AS_OF)  # fmt: skip
    found = rows(page)
    assert first_callout(page).title == "What both parties measure"
    assert (found["Speed"][2], found["Capacity"][1]) == ("—", "—")
    assert found["Full plant"][1:3] == ["First batch", "not agreed"]
    log = tables(page)["Decisions, newest first"]
    assert [cells(row)[0] for row in log.rows][:2] == ["Resin", "January slot"]
    assert found["January slot"][2] == "January, not May"
    assert found["January slot"][3] == (
        "Full plant (receiving unit) gave wayFirst batch (sending unit) came firstthe sponsor pays"
    )


def test_open_items_are_counted_by_age_and_the_latest_stands_first() -> None:
    item = {"kind": "open_item", "owner": "ROL-C-MSAT", "raised_on": "2026-10-20"}
    page = open_items_page(package(
        {**item, "id": "OPN-1", "due": "2026-10-30"},
        {**item, "id": "OPN-2", "due": "2026-10-01", "raised_on": "2026-04-01", "escalated_to": "ROL-S-QA"},
        {**item, "id": "OPN-3", "raised_on": "2026-12-01"},
        {"kind": "open_item", "id": "OPN-4", "status": "open"},
        {"kind": "open_item", "id": "OPN-5", "status": "answered"},
    ), AS_OF)  # fmt: skip
    (table,) = tables(page).values()
    assert [cells(row)[0] for row in table.rows] == ["OPN-2", "OPN-1", "OPN-3", "OPN-4"]
    assert cells(table.rows[0])[3:] == ["31", "214", "Sponsor quality assurance"]
    assert cells(table.rows[3])[1:5] == ["Sponsor manufacturing sciencesending unit", "no date", "", "not stated"]
    picture = next(block for block in blocks(page) if isinstance(block, Picture))
    assert "up to 30 days: 2 open, 1 overdue" in picture.alt
    assert "over 180 days: 1 open, 1 overdue" in picture.alt
    assert "age not stated: 1 open" in picture.alt


def test_what_comes_next_is_watched_first() -> None:
    page = regulatory_watch_page(package(
        {"kind": "regulatory_watch", "id": "RWT-1", "in_effect_from": "2026-01-15", "assessment": "not affected here"},
        {"kind": "regulatory_watch", "id": "RWT-2", "in_effect_from": "2027-06-30"},
        {"kind": "regulatory_watch", "id": "RWT-3", "in_effect_from": "2026-11-11", "assessment": "TBD"},
    ), AS_OF)  # fmt: skip
    (table,) = tables(page).values()
    assert [cells(row)[0] for row in table.rows] == ["RWT-3", "RWT-2", "RWT-1"]
    assert "in 10 days" in cells(table.rows[0])[1]
    assert first_callout(page).title == "2 changes not assessed"


def test_a_long_agenda_is_cut_and_says_by_how_much() -> None:
    many = [{"kind": "open_item", "id": f"OPN-{index}", "due": "2026-10-01"} for index in range(10_000)]
    found = package(*many)
    page = agenda_page(found, agenda(found, AS_OF, committee(found), {}))
    table = next(table for caption, table in tables(page).items() if caption.startswith("Overdue"))
    assert len(table.rows) == CAP
    assert any("9,988 more" in plain(block.inlines) for block in blocks(page) if hasattr(block, "inlines"))
    assert len(str(page)) < 100_000


def test_the_register_repeats_neither_team_nor_matrix() -> None:
    found = package({"kind": "responsibility", "id": "RACI-1", "activity": "Release", "accountable": "ROL-C-QA"})
    register = next(page for page in register_pages(found, set()) if page.slug == "governance")
    titles = {block.title for block in register.blocks if isinstance(block, Section)}
    assert "Responsibilities" in titles
    assert not titles & {"The joint team", "Who decides what"}
