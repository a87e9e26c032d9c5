"""`ttpack schema` writes the schemas, and says where committed ones differ from the models."""

from pathlib import Path

import pytest
from tests.conftest import Ttpack

from ttpack.model.kinds import KINDS
from ttpack.model.schema import schema_files


@pytest.fixture
def ttpack(ttpack_here: Ttpack) -> Ttpack:
    """The command in this process: these stories run it many times."""
    return ttpack_here


def test_it_writes_then_finds_them_fresh_then_stale(ttpack, tmp_path: Path) -> None:
    wrote = ttpack("schema")
    folder = tmp_path / "schemas" / "v1"
    assert (wrote.code, wrote.stderr) == (0, "")
    assert (
        {path.name for path in folder.iterdir()} == schema_files().keys() >= {f"{kind}.schema.json" for kind in KINDS}
    )
    assert ttpack("schema", "--check").code == 0

    (folder / "site.schema.json").write_text("{}", encoding="utf-8")
    (folder / "waiver.schema.json").unlink()
    (folder / "potion.schema.json").write_text("{}", encoding="utf-8")
    stale = ttpack("schema", "--check")
    assert stale.code == 1
    assert stale.stdout.splitlines()[:3] == [
        "schemas/v1/potion.schema.json: of no kind",
        "schemas/v1/site.schema.json: differs",
        "schemas/v1/waiver.schema.json: missing",
    ]
    assert "ttpack schema schemas/v1" in stale.stdout

    again = ttpack("schema")
    assert again.stdout == f"schemas/v1: {len(schema_files())} schemas, 2 written, 1 removed.\n"
    assert ttpack("schema", "--check").code == 0


def test_a_folder_that_cannot_be_written_is_one_plain_line(ttpack, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    result = ttpack("schema", "taken/inside")
    assert result.code == 3
    assert result.stderr == "ttpack: taken/inside: Not a directory\n"
