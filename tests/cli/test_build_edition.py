"""`ttpack build --edition`: what a partner is handed over, made by the real command from real files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.conftest import Ttpack
from tests.rules.test_cases import MINIMAL

from ttpack.analysis.editions.edition import edition_named
from ttpack.analysis.editions.redact import redacted
from ttpack.model.fields import audience
from ttpack.model.graph import strings
from ttpack.source.load import load
from ttpack.source.resources import resource
from ttpack.source.trees import FolderTree


def test_each_edition_holds_what_its_readers_may_read(ttpack: Ttpack, tmp_path: Path) -> None:
    done = ttpack("build", MINIMAL, "--edition", "partner", "--only", "data", "--out", tmp_path / "partner")
    assert done.code == 0, done.stderr
    data = json.loads((tmp_path / "partner" / "package.json").read_text(encoding="utf-8"))
    assert {frozenset(one["audience"]) for one in data["records"]} <= {frozenset({"partner"}), frozenset({"public"})}
    assert "file" not in data["records"][0]
    assert data["revision"]["commit"] is None
    done = ttpack("build", MINIMAL, "--edition", "public", "--only", "data", "--out", tmp_path / "public")
    assert done.code == 0, done.stderr
    told = (tmp_path / "public" / "package.json").read_text(encoding="utf-8")
    assert {frozenset(one["audience"]) for one in json.loads(told)["records"]} == {frozenset({"public"})}
    assert "PKG-MIN" not in told, "the package record is for partners"


def test_an_edition_that_there_is_not_is_refused_with_those_that_there_are(ttpack: Ttpack, tmp_path: Path) -> None:
    done = ttpack("build", MINIMAL, "--edition", "partners", "--out", tmp_path / "out")
    assert done.code == 2
    assert "no edition 'partners': there are internal, partner-ORG-CDMO, regulator, public" in done.stderr
    assert not (tmp_path / "out").exists()


def test_of_the_sample_partners_lack_what_is_internal_and_nothing_else() -> None:
    package = load(FolderTree(str(resource("samples/amab/package")), None)).package
    (edition,) = edition_named(package, "partner")
    found = redacted(package, edition)
    hidden = package.records.keys() - found.records.keys()
    assert hidden
    assert not [one for one in hidden if edition.labels & set(package.records[one].audience or ())]
    for record_id, held in found.raw.items():
        kind, kept = package.records[record_id].kind, dict(strings(held))
        for field, text in strings(package.raw[record_id]):
            internal = field.startswith("x-") or audience(kind, field) == "internal"
            if internal:
                assert field not in kept, (record_id, field)
            elif not any(one in text for one in hidden) and not _of_another_edition(package.raw[record_id], field):
                assert kept.get(field) == text, (record_id, field)


def _of_another_edition(raw: Mapping[str, Any], field: str) -> bool:
    """Whether it is what an approval of another edition was made of, which no other edition is told."""
    return raw["kind"] == "approval" and field in {"digest", "signature"}
