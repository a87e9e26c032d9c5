"""What an edition says: nothing withheld, nothing that the whole package does not say, and no less than that."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from tests.rules.test_cases import build

from ttpack.analysis.change_rules.table import change_rules
from ttpack.analysis.editions.edition import Edition, edition_named
from ttpack.model.package import Package, RevisionInfo
from ttpack.rules.check import check
from ttpack.rules.registry import Context
from ttpack.source.change_data import ShippedProfiles, change_rule_rows
from ttpack.views.agreement import agreed, what_the_whole_says
from ttpack.views.blocks import (
    Callout,
    Card,
    Cards,
    Column,
    Facts,
    Instrument,
    Link,
    Page,
    Paragraph,
    Picture,
    Row,
    Section,
    Table,
    Text,
)
from ttpack.views.edition_change import Earlier, edition_change
from ttpack.views.edition_content import EditionContent, Known, edition_content
from ttpack.views.home import home_page

DAY = date(2026, 11, 1)
COMMIT = "c0ffee" * 6 + "c0ff"
STUB = "not in this edition"


def known(given: Mapping[str, Any], gate: str = "G3") -> Known:
    """What is known of the base package with a case's changes, of a commit."""
    package = replace(build(given), revision=RevisionInfo("rev-A", COMMIT))
    context = Context(DAY, dict(package.manifest.gates))
    ahead = {site: check(package, (), replace(context, gates={**context.gates, site: gate})) for site in context.gates}
    return Known(package, check(package, (), context), ahead)


def content(given: Mapping[str, Any], name: str = "partner", gate: str = "G3") -> EditionContent:
    found = known(given, gate)
    return edition_content(found, edition_named(found.package, name)[0])


def said(value: Any) -> Iterator[str]:
    """Every text of a publication, or of any part of one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from said(item)
    elif is_dataclass(value):
        for one in fields(value):
            yield from said(getattr(value, one.name))


@cache
def partner() -> EditionContent:
    return content({})


def test_ids_titles_commits_and_files_of_what_is_withheld_are_nowhere() -> None:
    found, package = partner(), build({})
    gone = [record for record in package.records.values() if record.id not in found.package.records]
    assert gone
    everything = "\n".join(
        [*said(found.publication), *(text for one in found.documents for text in said(one)), found.data]
    )
    words = {word for text in everything.split() for word in (text, text.strip(".,;:()[]\"'"))}
    assert not {one.id for one in gone} & words
    shown = {one.title for one in found.package.records.values()}
    assert not [one.id for one in gone if one.title and one.title not in shown and one.title in everything]
    assert COMMIT[:7] not in everything
    assert ".yaml" not in everything


def test_the_first_page_says_for_whom_it_is() -> None:
    found = partner()
    assert found.publication.edition == "partner-ORG-CDMO"
    assert found.publication.generated_for == "Contract manufacturer"
    assert "partner-ORG-CDMO, for Contract manufacturer" in list(said(found.publication.pages[0]))


def test_only_findings_that_both_checks_make_are_told() -> None:
    given = {
        "add": [
            {"kind": "evidence", "id": "EVI-SECRET", "title": "Kept in house"},
            {"kind": "know_how", "id": "KNH-A", "audience": ["partner"], "title": "A", "know_how": ["KNH-NOWHERE"]},
            {"kind": "know_how", "id": "KNH-B", "audience": ["partner"], "title": "B", "owner": "EVI-SECRET"},
            {"kind": "know_how", "id": "KNH-C", "title": "C", "know_how": ["KNH-NOWHERE"]},
        ]
    }  # fmt: skip
    found = content(given)
    broken = {one.record for one in found.check.findings if one.code == "DOC-04"}
    assert broken == {"KNH-A"}, "KNH-B is whole in truth, KNH-C is not for partners"
    assert all((one.path, one.line) == ("", 0) for one in found.check.findings)
    assert found.check.commit is None


def test_a_gate_that_only_withheld_findings_block_is_not_ready() -> None:
    record = {"kind": "know_how", "id": "KNH-SECRET", "title": "C", "know_how": ["KNH-NOWHERE"]}
    clear = [text for text in said(content({}).publication) if "ready for decision" in text]
    assert clear, "without it the gate is ready in both"
    found = content({"add": [record]})
    texts = list(said(found.publication))
    assert not [text for text in texts if "ready for decision" in text]
    assert "G3 at Receiving site: blocked; something that blocks it is not in this edition" in texts
    assert not [text for text in texts if "KNH-" in text and "NOWHERE" in text]
    assert found.publication.status == "draft", "errors stand against the revision, shown or not"


def test_an_answer_that_is_another_without_what_is_withheld_is_not_given() -> None:
    whole = list(said(edition_content(known({}), edition_named(build({}), "internal")[0]).publication))
    texts = list(said(partner().publication))
    assert f"{len(build({}).records)}" in whole[whole.index("Records") :][:2]
    assert "Records" not in texts[: texts.index("Process")], "as many records were not checked"
    assert [text for text in texts if text.endswith("on what this edition does not hold")]
    for text in texts:
        if "UNKNOWN" in text or "PASS" in text:
            assert text in "\n".join(whole)


def test_what_a_change_did_is_told_of_what_both_revisions_may_show() -> None:
    secret = {
        "kind": "evidence",
        "id": "EVI-SECRET",
        "title": "Kept in house",
        "note": "first",
        "audience": ["partner"],
    }
    before = build({"add": [secret]})
    after = known({
        "add": [secret | {"note": "second", "audience": ["internal"]}],
        "set": {"PRM-BRX-PH": {"setpoint": 6.9}, "PER-IDA-LUND": {"phone": "+45 00 00 00 77"}},
    }).package  # fmt: skip
    (edition,) = edition_named(after, "partner")
    earlier = Earlier("rev-0", lambda: before, change_rules(change_rule_rows()), ShippedProfiles())
    held = _held(after, edition)
    page, since = edition_change(earlier, after, held, edition)
    texts = " ".join(said(page))
    assert since.records == {"PRM-BRX-PH"}
    assert "PRM-BRX-PH" in texts
    assert not [word for word in ("EVI-SECRET", "Kept in house", "first", "00 77", COMMIT[:7]) if word in texts]


def _held(package: Package, edition: Edition) -> Package:
    from ttpack.analysis.editions.redact import redacted

    return redacted(package, edition)


def test_each_sort_of_leaf_stays_only_where_the_whole_says_it() -> None:
    heads = (Column("Record"), Column("Verdict"), Column("Owner"))

    def rows(*cells: tuple[str, str, str]) -> Table:
        return Table(heads, tuple(Row(tuple((Text(text),) for text in row)) for row in cells), "Fit")

    def page(*blocks: Any) -> Page:
        return Page("fit", "Fit", (Section("Record", blocks, "PRM-A"),))

    whole = what_the_whole_says([page(
        Paragraph((Text("2 of 3 fit."),)), Facts((("Verdict", (Text("FAIL"),)), ("Site", (Text("SITE-B"),)))),
        rows(("Speed", "FAIL", "Ida"), ("Volume", "PASS", "Bo")), Cards((Card("Open", "3"),)),
        Callout("danger", "1 blocks", (Paragraph((Text("Why."),)),)), Picture("<svg>1</svg>", "one", "x"),
        Instrument("ruler", '{"a": 1, "b": 2}', (Paragraph((Text("Why."),)),)),
        Facts((("Used by", (Link("EVI-A", "A"), Text(", "), Link("EVI-H", "H"), Text(", "), Link("EVI-Z", "Z"))),)),
    )], [])  # fmt: skip
    (found,) = agreed([page(
        Paragraph((Text("2 of 2 fit."),)), Facts((("Verdict", (Text("PASS"),)), ("Site", (Text("SITE-B"),)))),
        rows(("Speed", "PASS", "Ida"), ("Volume", "PASS", "Bo"), ("Torque", "PASS", "Bo"), (STUB, "PASS", "Bo")),
        Cards((Card("Open", "2"),)), Callout("success", "Nothing blocks", (Paragraph((Text("Why."),)),)),
        Picture("<svg>2</svg>", "two", "x"),
        Instrument("ruler", '{"a": 1}', (Paragraph((Text("Why."),)),)),
        Facts((("Used by", (Link("EVI-A", "A"), Text(", "), Link("EVI-Z", "Z"))),)),
        Paragraph((Text(f"2 of 3 {STUB}."),)), Paragraph((Text(f"9 of 3 {STUB}."),)),
    )], whole)  # fmt: skip
    told, record = found.blocks
    assert isinstance(told, Callout)
    assert told.title == "9 parts of this page rest on what this edition does not hold"
    assert isinstance(record, Section)
    assert record.blocks == (
        Facts((("Verdict", (Text(STUB),)), ("Site", (Text("SITE-B"),)))),
        rows(("Speed", STUB, "Ida"), ("Volume", "PASS", "Bo"), (STUB, "PASS", "Bo")),
        Paragraph((Text("Why."),)),
        Facts((("Used by", (Link("EVI-A", "A"), Text(", "), Link("EVI-Z", "Z"))),)),
        Paragraph((Text(f"2 of 3 {STUB}."),)),
    )


def test_the_home_page_of_a_draft_says_so_whatever_its_record_says() -> None:
    given = known({})
    texts = list(said(home_page(given.package, given.check, draft=True)))
    assert "draft" in texts
    assert "draft" not in list(said(home_page(given.package, given.check)))
