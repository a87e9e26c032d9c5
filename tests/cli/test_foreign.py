"""A package written elsewhere, from the format alone: it loads, is checked, compared and published."""

import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT, Repository, Ttpack

from ttpack.model.kinds import KINDS
from ttpack.source.schemas import nearest

FOREIGN = ROOT / "tests/packages/foreign"
INSIDE = "programme/mab"
PH = f"{INSIDE}/records/ph.yaml"


@pytest.fixture
def ttpack(ttpack_here: Ttpack) -> Ttpack:
    """The command in this process: these stories run it many times."""
    return ttpack_here


@pytest.fixture
def foreign(repository: Repository) -> Repository:
    shutil.copytree(FOREIGN, repository.path, dirs_exist_ok=True)
    second = "kind: package\nid: PKG-OTHER\nschema_version: '1'\n"
    other = {"ttpack.yaml": second, "records/a.yaml": "- {kind: site, id: SITE-X}\n"}
    repository.commit({f"programme/other/{path}": text for path, text in other.items()}, tag="base")
    return repository


def folder(repository: Repository) -> Path:
    return repository.path / INSIDE


def test_every_record_is_read(ttpack: Ttpack, foreign: Repository) -> None:
    done = ttpack("check", "--format", "json", cwd=folder(foreign))
    assert done.code == 1
    assert [item for item in done.json["findings"] if item["code"].startswith(("SRC", "QTY"))] == []
    assert done.json["counts"]["records"] == 24
    # the other package of the repository is another answer
    other = ttpack("check", "--format", "json", cwd=foreign.path / "programme/other")
    assert other.json["counts"]["records"] == 2


@pytest.mark.parametrize("version", ["1", '"1"', "1.0", '"1.0"'])
def test_the_schema_version_as_number_or_text(ttpack: Ttpack, tmp_path: Path, version: str) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "ttpack.yaml").write_text(f"kind: package\nid: PKG-T\nschema_version: {version}\n")
    found = ttpack("check", "--format", "json", cwd=tmp_path).json["findings"]
    assert [item["message"] for item in found if item["code"].startswith("SRC")] == []


def test_each_kind_needs_little_more_than_its_id(ttpack: Ttpack, tmp_path: Path) -> None:
    more = {"not_applicable": "what: a", "unit_definition": "code: U9", "waiver": "rule: PRM-20\n  record: ABC-SITE"}
    ids = {kind: f"ABC-{kind.upper().replace('_', '')}" for kind in KINDS} | {"site_overlay": "ABC-STEP@ABC-SITE"}
    records = "".join(
        f"- kind: {kind}\n  id: {ids[kind]}\n"
        f"  title: Some {kind}\n  audience: [partner, 'party:ORG-A']\n  status: approved\n  x-own: [1.50, {{a: b}}]\n"
        + (f"  {more[kind]}\n" if kind in more else "")
        for kind in sorted(KINDS)
        if kind != "package"
    )
    (tmp_path / "ttpack.yaml").write_text("kind: package\nid: PKG-T\nschema_version: 1\ngates: {ABC-SITE: G7}\n")
    (tmp_path / "records").mkdir()
    (tmp_path / "records/all.yml").write_text(records)
    done = ttpack("check", "--format", "json", cwd=tmp_path)
    assert done.code == 1
    assert [(i["record"], i["message"]) for i in done.json["findings"] if i["code"].startswith("SRC")] == []
    assert done.json["counts"]["records"] == len(KINDS)
    built = ttpack("build", "--out", str(tmp_path / "out"), cwd=tmp_path)
    assert (built.code, built.stderr) == (0, "")
    assert "1.50" in (tmp_path / "out/package.json").read_text()


def test_digits_stay_as_written_everywhere(ttpack: Ttpack, foreign: Repository, tmp_path: Path) -> None:
    out = tmp_path / "out"
    built = ttpack("build", "--out", str(out), cwd=folder(foreign))
    assert (built.code, built.stderr) == (0, "")
    page = (out / "site/uo-03-brx.html").read_text()
    data = (out / "package.json").read_text()
    for digits in ("6.850", "97.70", "38.00", "6.90", "159000"):
        assert digits in page
        assert digits in data
    assert "at B within 6.80 to 6.95" in (out / "site/know-how.html").read_text() + page


def test_a_change_keeps_its_digits_and_reaches_through_the_sub_folder(ttpack: Ttpack, foreign: Repository) -> None:
    text = (foreign.path / PH).read_text()
    foreign.commit({PH: text.replace("setpoint: 6.850", "setpoint: 6.900")})
    done = ttpack("impact", "--from", "base", "--to", "HEAD", "--format", "json", cwd=folder(foreign))
    assert (done.code, done.stderr) == (1, "")
    assert '"before": 6.850' in done.stdout
    assert '"after": 6.900' in done.stdout
    assert {"CQA-AGG", "PRM-BRX-PH@SITE-B", "KNW-BRX-1"} <= {item["record"] for item in done.json["affected"]}
    shown = ttpack("diff", "--from", "base", "--to", "HEAD", cwd=folder(foreign))
    assert "6.850" in shown.stdout
    assert "6.900" in shown.stdout


@pytest.mark.parametrize(
    ("old", "new", "directions"),
    [
        ("setpoint: 6.850", "setpoint: 6.85", {"precision only"}),
        ("normal_operating: {low: 6.75, high: 6.95,", "normal_operating: {high: 6.95, low: 6.75,", set()),
        ('unit: "[pH]"', 'unit: "pH"', {"same value"}),
        ("title: Culture pH", "title: 'Culture pH'", set()),
        ("basis: measured\n", "", {"removed"}),
    ],
)
def test_what_is_editorial(ttpack: Ttpack, foreign: Repository, old: str, new: str, directions: set[str]) -> None:
    text = (foreign.path / PH).read_text()
    assert old in text
    foreign.commit({PH: text.replace(old, new)})
    done = ttpack("diff", "--from", "base", "--to", "HEAD", "--format", "json", cwd=folder(foreign))
    assert {item["direction"] for item in done.json["changes"]} == directions
    semantic = [item for item in done.json["changes"] if item["significance"] != "editorial"]
    assert bool(semantic) == ("removed" in directions)


def test_a_record_renamed_with_formerly_and_moved(ttpack: Ttpack, foreign: Repository) -> None:
    files = {
        path.relative_to(foreign.path).as_posix(): path.read_text().replace("PRM-BRX-PH", "PRM-BRX-ACIDITY")
        for path in folder(foreign).rglob("*")
        if path.is_file()
    }
    text = files.pop(PH).replace("id: PRM-BRX-ACIDITY", "id: PRM-BRX-ACIDITY\nformerly: [PRM-BRX-PH]")
    foreign.commit({**files, PH: None, f"{INSIDE}/extra/moved/acidity.yaml": text})
    done = ttpack("diff", "--from", "base", "--to", "HEAD", "--format", "json", cwd=folder(foreign))
    assert {item["significance"] for item in done.json["changes"]} == {"editorial"}
    assert ttpack("impact", "--from", "base", "--to", "HEAD", cwd=folder(foreign)).code == 0


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("name", {"title", "note"}, "title"),
        ("class", {"basis", "material_class"}, "material_class"),
        ("date", {"status", "decided_on"}, "decided_on"),
        ("date", {"planned_on", "decided_on"}, None),
        ("setpiont", {"setpoint", "unit"}, "setpoint"),
    ],
)
def test_the_field_that_was_meant(word: str, known: set[str], meant: str | None) -> None:
    assert nearest(word, known) == meant
