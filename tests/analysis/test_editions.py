"""Editions: what each reader may know of a package, tried on a full record of every kind with a mark in every text."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from tests.analysis.field_variants import full_record
from tests.rules.test_cases import build

from ttpack.analysis.editions.edition import INTERNAL_EDITION, Edition, edition_named, editions
from ttpack.analysis.editions.record import redaction_record, withheld_record
from ttpack.analysis.editions.redact import redacted
from ttpack.errors import UsageError
from ttpack.model.documents import Package as PackageRecord
from ttpack.model.fields import audience
from ttpack.model.graph import strings
from ttpack.model.ids import NOT_HERE
from ttpack.model.kinds import KINDS
from ttpack.model.package import Location, Package, RevisionInfo

PARTNER = Edition("partner", "partners", frozenset({"partner", "public"}))
SECRET = "EVI-SECRET-7"
MENTIONS = (
    SECRET, f"as {SECRET} says", f"[[{SECRET}]]", f"[[{SECRET}|zqtitle of it]]", f"{{{{ {SECRET}.document }}}}",
    f"`{SECRET}`", f"{SECRET}.document.number", f"see evi-secret-7.pdf and {SECRET}s", "EVI‑SECRET‑7",
    "EVI&#45;SECRET\u00ad-7", "EVI%2DSECRET-7", r"EVI\-SECRET\-7", f"party {SECRET}@SITE-B or FRM-NAME",
)  # fmt: skip


def package(*raws: Mapping[str, Any], manifest: Mapping[str, Any] | None = None, **more: Any) -> Package:
    """A package in memory of records as written, without any file."""
    own = {"kind": "package", "id": "PKG-X", "schema_version": "1", **(manifest or {})}
    raw = {one["id"]: dict(one) for one in sorted((own, *raws), key=lambda one: str(one["id"]))}
    records = {name: KINDS[one["kind"]].model_validate(_plain(one)) for name, one in raw.items()}
    bare = {name: {key: value for key, value in one.items() if key != "body"} for name, one in raw.items()}
    locations = {name: Location(f"records/hidden-folder/{name}.yaml", 1) for name in records}
    record = records["PKG-X"]
    assert isinstance(record, PackageRecord)
    return Package(manifest=record, records=records, raw=bare, locations=locations, **more)


def everything(found: Package) -> str:
    """Whatever a package says, model and raw and beside them, as one text."""
    models = [record.model_dump(mode="json") | {"body": record.body} for record in found.records.values()]
    given = [
        found.manifest.model_dump(mode="json"), models, dict(found.raw), sorted(found.locations.items()),
        found.revision, dict(found.attachments), sorted(found.unreadable_ids), sorted(found.with_prose_references),
        found.not_computable,
    ]  # fmt: skip
    return json.dumps(given, default=str, ensure_ascii=False)


def hidden(**more: Any) -> dict[str, Any]:
    return {"kind": "evidence", "id": SECRET, "formerly": ["FRM-NAME"], "title": "zqtitle", **more}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_record_without_label_is_gone_with_every_mention_of_it(kind: str) -> None:
    full = full_record(kind) | {"audience": ["internal"]}
    kept = {"kind": "know_how", "id": "KNH-A", "audience": ["partner"], "note": f"because of {full['id']}"}
    found = redacted(package(full, kept), PARTNER)
    assert set(found.records) == {"KNH-A"}
    assert found.raw["KNH-A"]["note"] == f"because of {NOT_HERE}"
    assert full["id"] not in everything(found)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_text_of_a_record_is_without_hidden_ids_internal_fields_and_extensions(kind: str) -> None:
    if kind == "package":
        return
    base = full_record(kind) | {"audience": ["partner"], "x-code": {"deep": "zqextension"}}
    for mention in MENTIONS:
        raw = _marked(kind, base, mention) | {"body": f"Text of {mention}"}
        given = package(hidden(), raw, with_prose_references=frozenset({SECRET, base["id"]}))
        said = everything(redacted(given, PARTNER))
        for word in ("SECRET", "secret-7", "FRM-NAME", "zqtitle", "zqinternal", "zqextension", "hidden-folder"):
            assert word not in said, (word, mention)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"package", "site_overlay"}))
def test_references_to_a_hidden_record_leave_a_valid_record(kind: str) -> None:
    raw = json.loads(json.dumps(full_record(kind), default=str).replace("EVI-A", SECRET)) | {"audience": ["partner"]}
    found = redacted(package(hidden(), raw), PARTNER)
    assert "ABC-X" in found.records
    assert "SECRET" not in everything(found)
    model = KINDS[kind].model_validate(_plain(found.raw["ABC-X"]))
    assert model == found.records["ABC-X"], "raw and model say the same"


def test_the_internal_edition_is_the_package_itself() -> None:
    given = package(hidden())
    assert redacted(given, INTERNAL_EDITION) is given


def test_an_overlay_goes_with_its_record_or_its_site() -> None:
    label = {"audience": ["partner"]}
    site = {"kind": "site", "id": "SITE-B", **label}
    overlay = {"kind": "site_overlay", "id": "PRM-X@SITE-B", "setpoint": 2, **label}
    parameter = {"kind": "process_parameter", "id": "PRM-X", **label}
    assert "PRM-X@SITE-B" in redacted(package(site, overlay, parameter), PARTNER).records
    for withheld in (site, parameter):
        others = [one for one in (site, parameter) if one is not withheld]
        found = redacted(package(overlay, *others, withheld | {"audience": ["internal"]}), PARTNER)
        assert "PRM-X@SITE-B" not in found.records
        assert str(withheld["id"]) not in everything(found)


def test_mapping_keys_lists_and_labels_do_not_tell_how_much_is_hidden() -> None:
    more = [{"kind": "site", "id": f"SITE-H{number}"} for number in range(3)]
    names = [one["id"] for one in more]
    manifest = {
        "audience": ["partner", "party:SITE-H1"], "gates": {"SITE-B": "G2", "SITE-H0": "G1"},
        "receiving_sites": ["SITE-B", *names], "thresholds": {"PRM-04": {"SITE-H1": 3, "x-own": 1}, "SITE-H2": 4},
        "note": "SITE-H0, SITE-H1 and SITE-H2 differ from SITE-B", "overlays": ["../private"], "records": ["records"],
        "editions": {"laboratory": {"audience": ["party:ORG-LAB"]}},
    }  # fmt: skip
    found = redacted(
        package(*more, {"kind": "site", "id": "SITE-B", "audience": ["public"]}, manifest=manifest), PARTNER
    )
    assert found.manifest.gates == {"SITE-B": "G2"}
    assert found.manifest.receiving_sites == ("SITE-B", NOT_HERE)
    assert found.manifest.thresholds == {"PRM-04": {}}
    assert found.manifest.note == f"{NOT_HERE} differ from SITE-B"
    assert found.manifest.audience == ("partner",)
    assert "private" not in everything(found)
    assert "laboratory" not in everything(found)


def test_ids_that_the_edition_holds_stay_even_where_they_hold_a_hidden_one() -> None:
    short = {"kind": "unit_operation", "id": "UO-1"}
    longer = {"kind": "unit_operation", "id": "UO-1-BRX", "audience": ["partner"], "note": "UO-1-BRX after UO-1, UO-12"}
    found = redacted(package(short, longer), PARTNER)
    assert found.raw["UO-1-BRX"]["note"] == f"UO-1-BRX after {NOT_HERE}, UO-12"


def test_a_record_that_is_invalid_without_what_it_named_is_gone_and_so_is_its_own_id() -> None:
    rule = {"kind": "evidence", "id": "PRM-04"}
    waiver = {"kind": "waiver", "id": "WAV-A", "rule": "PRM-04", "record": "EVI-A", "audience": ["partner"]}
    note = {"kind": "know_how", "id": "KNH-A", "audience": ["partner"], "note": "see WAV-A"}
    found = redacted(package(rule, waiver, note), PARTNER)
    assert set(found.records) == {"KNH-A"}
    assert found.raw["KNH-A"]["note"] == f"see {NOT_HERE}"


def test_what_the_load_learnt_of_files_and_git_does_not_leave() -> None:
    kept = {"kind": "evidence", "id": "EVI-A", "audience": ["partner"], "attachments": [{"file": "a/kept.csv"}]}
    gone = hidden(attachments=[{"file": "a/gone.csv"}])
    given = package(
        gone, kept, attachments={"a/kept.csv": "1" * 64, "a/gone.csv": "2" * 64}, unreadable_ids=frozenset({"EVI-BAD"}),
        not_computable=("What the private overlay ../zq adds",),
        revision=RevisionInfo("rev-A", "a" * 40),
    )  # fmt: skip
    found = redacted(given, PARTNER)
    assert dict(found.attachments) == {"a/kept.csv": "1" * 64}
    assert found.revision == RevisionInfo("rev-A")
    assert not any(word in everything(found) for word in ("gone.csv", "2" * 64, "EVI-BAD", "zq", "a" * 40))
    by_commit = redacted(replace(given, revision=RevisionInfo("aaaaaaa", "a" * 40)), PARTNER)
    assert "aaaaaaa" not in everything(by_commit)


def test_a_package_record_that_readers_may_not_read_leaves_only_gates_of_sites_they_know() -> None:
    manifest = {"title": "zqtitle", "product": "zqproduct", "gates": {"SITE-B": "G2", "SITE-C": "G1"}}
    site = {"kind": "site", "id": "SITE-B", "audience": ["partner"], "note": "of PKG-X"}
    found = redacted(package(site, manifest=manifest), PARTNER)
    assert found.receiving_sites == ("SITE-B",)
    assert found.manifest.gates == {"SITE-B": "G2"}
    assert not any(word in everything(found) for word in ("zq", "SITE-C", "PKG-X"))


def test_each_label_opens_a_record_to_its_readers_only() -> None:
    manifest = {"receiving_organisations": ["ORG-B", "ORG-C"]}
    labels = {"EVI-P": ["partner"], "EVI-B": ["internal", "party:ORG-B"], "EVI-R": ["regulator"], "EVI-ALL": ["public"]}
    records = [{"kind": "evidence", "id": name, "audience": given} for name, given in labels.items()]
    given = package(*records, {"kind": "evidence", "id": "EVI-NONE"}, manifest=manifest)
    held = {one.name: set(redacted(given, one).records) for one in editions(given)}
    assert held == {
        "internal": {*labels, "EVI-NONE", "PKG-X"},
        "partner-ORG-B": {"EVI-P", "EVI-B", "EVI-ALL"},
        "partner-ORG-C": {"EVI-P", "EVI-ALL"},
        "regulator": {"EVI-R", "EVI-ALL"},
        "public": {"EVI-ALL"},
    }


def test_partners_are_those_named_else_those_of_the_receiving_sites_else_all_as_one() -> None:
    site = {"kind": "site", "id": "SITE-B", "organisation": "ORG-B", "site_role": "receiving"}
    own = {"editions": {"laboratory": {"audience": ["party:ORG-LAB"]}, "public": {"audience": ["internal"]}}}
    assert [one.name for one in editions(package(site))] == ["internal", "partner-ORG-B", "regulator", "public"]
    assert [one.name for one in edition_named(package(), "partner")] == ["partner"]
    named = package(site, manifest={"receiving_organisations": ["ORG-D", "ORG-C"], **own})
    assert [one.name for one in edition_named(named, "partner")] == ["partner-ORG-D", "partner-ORG-C"]
    assert edition_named(named, "laboratory")[0].labels == {"party:ORG-LAB", "public"}
    assert not edition_named(named, "public")[0].internal, "a package cannot redefine who everyone is"
    with pytest.raises(UsageError, match="laboratory"):
        edition_named(named, "nobody")


def test_the_minimal_package_holds_for_its_partner_what_is_labelled_so() -> None:
    given = build({})
    (edition,) = edition_named(given, "partner")
    found = redacted(given, edition)
    assert set(found.records) == {
        one.id for one in given.records.values() if {"partner", "public"} & {*(one.audience or ())}
    }
    gone = given.records.keys() - found.records.keys()
    assert not gone & {word.strip(".,;:[]{}()") for _, text in _texts(found) for word in text.split()}


def _texts(found: Package) -> list[tuple[str, str]]:
    return [pair for raw in found.raw.values() for pair in strings(raw)]


def _plain(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if not name.startswith("x-")}


def _marked(kind: str, raw: dict[str, Any], mention: str) -> dict[str, Any]:
    """The record with a mention in each free text, and a mark in each internal one, as far as it stays valid."""
    found: dict[str, Any] = json.loads(json.dumps(raw, default=str))
    for path, text in list(strings(found)):
        words = "zqinternal" if audience(kind, path) == "internal" else mention
        if text in {"first words", "second words"}:
            _put(found, path, words)
    return found


def _put(raw: Any, path: str, value: str) -> None:
    *steps, last = path.replace("[", ".[").split(".")
    for step in steps:
        raw = raw[int(step[1:-1])] if step.startswith("[") else raw[step]
    raw[int(last[1:-1]) if last.startswith("[") else last] = value


def test_what_was_withheld_is_recorded_for_those_inside_and_only_a_digest_for_those_outside() -> None:
    kept = {"kind": "evidence", "id": "EVI-A", "audience": ["partner"], "note": f"see {SECRET}"}
    given = package(hidden(), kept)
    held = redacted(given, PARTNER)
    outside, inside = redaction_record(held, PARTNER), withheld_record(given, held, PARTNER)
    assert set(outside) == {"edition", "labels", "policy", "digest"}
    assert inside["withheld"]["records"] == [SECRET, "PKG-X"]
    assert inside["reduced"] == ["EVI-A"]
    assert inside["digest"] == outside["digest"]
    other = package(hidden(note="another"), kept)
    again = redacted(other, PARTNER)
    assert redaction_record(again, PARTNER) == outside, "what is withheld does not change what is handed over"
    assert withheld_record(other, again, PARTNER)["withheld"]["digest"] != inside["withheld"]["digest"]
