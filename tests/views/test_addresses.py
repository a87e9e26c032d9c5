"""A release knows its address: documents print that of each record on the site, and readers know whom to ask."""

import pytest
from tests.views.test_edition_content import content

from ttpack.publish.control import record_address
from ttpack.views.blocks import Questions
from ttpack.views.edition_content import EditionContent, released

TOP = "https://transfer.example/amab"
MANIFEST = {
    "site_address": f"{TOP}/",
    "questions": {"forge": "gitlab", "address": "https://forge.example/team/transfer"},
}
DOCUMENT = {
    "kind": "document", "id": "DOC-CS", "title": "Control strategy", "number": "TTP-001",
    "document_type": "control strategy",
    "revision": "A", "audience": ["partner"],
}  # fmt: skip


@pytest.fixture(scope="module")
def partner() -> EditionContent:
    return content({"set": {"PKG-MIN": MANIFEST}, "add": [DOCUMENT]})


def test_only_a_release_has_an_address(partner: EditionContent):
    assert partner.publication.address == ""
    after = released(partner, "rev-B")
    assert after.publication.address == f"{TOP}/rev-B/{partner.edition.name}/data/"
    assert released(content({}), "rev-B").publication.address == ""


def test_a_document_gives_records_their_address_on_the_site(partner: EditionContent):
    after = released(partner, "rev-B")
    [document] = [one.publication for one in after.documents if one.record == "DOC-CS"]
    on_site = record_address(after.publication, "uo-brx", "PRM-BRX-PH")
    assert on_site.endswith("#PRM-BRX-PH")
    assert record_address(document, "a-chapter", "PRM-BRX-PH").startswith(
        f"{TOP}/rev-B/{partner.edition.name}/data/uo-"
    )
    assert "a-chapter" not in record_address(document, "a-chapter", "PRM-BRX-PH")


def test_a_partner_is_told_where_to_ask(partner: EditionContent):
    assert partner.publication.questions == Questions("gitlab", "https://forge.example/team/transfer")
