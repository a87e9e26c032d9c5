"""Nothing that a reader may not read is in anything that the reader is given, however it may be written there."""

import datetime
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import Ttpack
from tests.editions.canaries import Canaries, make
from tests.editions.scanner import Scanner

from ttpack.cli.release import release, tagged_tree

PARTNER = "partner-ORG-CDMO"


@dataclass(frozen=True)
class Released:
    """The marked package, and the folder of all that a release of its partner edition comes to."""

    canaries: Canaries
    folder: Path


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Released:
    canaries = make(tmp_path_factory.mktemp("canaries"))
    out = tmp_path_factory.mktemp("public")
    tree = tagged_tree(str(canaries.repository.path), "rev-2")
    # past the checks, which would refuse it: a package of marks has many errors
    release(str(canaries.repository.path), tree, datetime.date(2026, 1, 2), out, "rev-2", [PARTNER], "rev-1")
    return Released(canaries, out)


def test_a_release_for_a_partner_holds_no_mark_in_any_file(released: Released) -> None:
    scanner = Scanner(released.canaries.digests)
    assert scanner.tree(released.folder) == []
    assert scanner.looked > 250
    assert released.canaries.planted > 4000


def test_the_partner_still_reads_what_is_for_partners(released: Released) -> None:
    payload = released.folder / "rev-2" / PARTNER / "data"
    pages = "".join(path.read_text("utf-8") for path in payload.glob("*.html"))
    assert "Seen process parameter" in pages
    assert "not in this edition" in pages
    assert "Minimal transfer package" in pages
    assert len(list((payload / "documents").glob("*.docx"))) == 4
    text = subprocess.run(
        ["pdftotext", payload / "package.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    assert "Seen process parameter" in text
    assert "not in this edition" in text


def test_the_teams_own_edition_holds_the_marks_that_the_scanner_looks_for(
    released: Released, ttpack: Ttpack, tmp_path: Path
) -> None:
    done = ttpack("build", released.canaries.repository.path, "--only", "data", "--out", tmp_path)
    assert done.code == 0, done.stderr
    found = {hit.mark for hit in Scanner(released.canaries.digests).tree(tmp_path)}
    assert len([mark for mark in found if mark.startswith("kanari")]) > 2500
    assert len(found & released.canaries.digests) > 150


@pytest.mark.parametrize("edition", ["public", "regulator"])
def test_other_editions_hold_nothing_of_partners_or_teams(
    released: Released, ttpack: Ttpack, tmp_path: Path, edition: str
) -> None:
    path = released.canaries.repository.path
    done = ttpack("build", path, "--edition", edition, "--only", "data", "--out", tmp_path)
    assert done.code == 0, done.stderr
    hits = {hit.mark for hit in Scanner(released.canaries.digests).tree(tmp_path)}
    for_regulators = {mark for mark in hits if mark in released.canaries.for_regulators}
    assert hits - for_regulators == set()
    assert bool(for_regulators) == (edition == "regulator")
    data = (tmp_path / "package.json").read_text("utf-8")
    assert "Seen material" not in data
