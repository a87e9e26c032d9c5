"""Links to raise a question on a record: where they lead, what they say, and that no title acts in them."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import html
from tests.publish.conftest import EPOCH

from ttpack.publish.site import write_site
from ttpack.views.blocks import Column, Link, Page, Publication, Questions, Row, Section, Table, Text

HOSTILE = 'pH "x" <b>&</b> ?title=other&labels=bug#end %0d%0aBcc: a@b.example \u202e'
FORGE = "https://forge.example/team/transfer"


def record(title: str) -> Publication:
    table = Table(
        (Column("Record"), Column("Name")), (Row(((Text("EQP-1"),), (Text("Tank"), Link("X", "X"))), anchor="EQP-1"),)
    )
    page = Page("index", "Home", (Section(title, (), anchor="PRM-X-1"), table))
    return Publication("Package", "TTP-1", "B (0a1b2c)", "approved", "partner-ORG-B", "", "P", (page,))


def links(tmp_path, publication: Publication):
    write_site(publication, tmp_path / "site", EPOCH)
    return html.parse(str(tmp_path / "site/index.html")).getroot().xpath("//a[contains(@class, 'tt-ask')]")


@pytest.mark.parametrize(
    ("forge", "address", "path", "fields"),
    [
        ("github", FORGE, "/team/transfer/issues/new", ("title", "body")),
        ("gitlab", f"{FORGE}/", "/team/transfer/-/issues/new", ("issue[title]", "issue[description]")),
        ("mail", "mailto:qa@org-b.example", "qa@org-b.example", ("subject", "body")),
    ],
)
def test_a_question_begins_with_what_was_read(tmp_path, forge, address, path, fields):
    where = replace(
        record("Culture pH"), questions=Questions(forge, address), address="https://site.example/rev-B/partner/data/"
    )
    heading, row = links(tmp_path, where)
    asked = urlsplit(heading.get("href"))
    assert asked.path == path
    said = dict(parse_qsl(asked.query))
    assert tuple(said) == fields
    title, body = said.values()
    assert title == "Question on PRM-X-1: Culture pH"
    for words in ("TTP-1, revision B (0a1b2c), partner-ORG-B edition", "What is asked"):
        assert words in body
    assert "https://site.example/rev-B/partner/data/index.html#PRM-X-1" in body
    assert heading.get("aria-label") == "Raise a question on PRM-X-1: Culture pH"
    assert dict(parse_qsl(urlsplit(row.get("href")).query))[fields[0]] == "Question on EQP-1: TankX"


@pytest.mark.parametrize("forge", ["github", "gitlab", "mail"])
def test_a_hostile_title_is_one_value_of_one_field(tmp_path, forge):
    address = "mailto:qa@org-b.example" if forge == "mail" else FORGE
    heading, _ = links(tmp_path, replace(record(HOSTILE), questions=Questions(forge, address)))
    asked = urlsplit(heading.get("href"))
    assert asked.fragment == ""
    assert len(parse_qsl(asked.query)) == 2
    assert parse_qsl(asked.query)[0][1] == f"Question on PRM-X-1: {HOSTILE}"
    assert "\n" not in parse_qsl(asked.query)[0][1]


@pytest.mark.parametrize("questions", [None, Questions("github", "javascript:alert(1)")])
def test_without_an_address_nobody_is_asked(tmp_path, questions):
    assert links(tmp_path, replace(record("Culture pH"), questions=questions)) == []
