"""What a person gets from `pip install`: the wheel, in an environment of its own, away from the repository."""

import hashlib
import importlib.util
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from tests.conftest import Result

from ttpack.cli.main import COMMANDS

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built through the source archive, as a publisher would."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a fresh environment with the wheel in it.

    The wheel comes from nowhere else; the libraries it depends on are those of the tests, found by a path file, since
    installing them once more takes a minute and shows nothing that the lock does not.
    """
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*command, str(wheel)], check=True, capture_output=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin"


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def in_wheel(wheel: Path, prefix: str) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name.removeprefix(prefix) for name in archive.namelist() if name.startswith(prefix)}


def test_the_wheel_holds_schemas_and_template(wheel: Path) -> None:
    for folder in ("schemas", "package_template"):
        assert in_wheel(wheel, f"ttpack/_data/{folder}/") == names(ROOT / folder)


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    package = {name for name in names(ROOT / "src" / "ttpack") if "__pycache__" not in name}
    assert {name for name in in_wheel(wheel, "ttpack/") if not name.startswith("_data/")} == package


def test_the_command_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = "import ttpack; print(ttpack.__file__)"
    where = subprocess.run([installed / "python", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(where.stdout.strip()).is_relative_to(installed.parent)
    done = subprocess.run([installed / "ttpack", "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    for row in COMMANDS:
        assert row.help.split(",")[0] in done.stdout


def test_the_schemas_of_the_wheel_are_found(installed: Path, tmp_path: Path) -> None:
    command = [str(installed / "ttpack"), "schema", str(tmp_path / "schemas")]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert names(tmp_path / "schemas") == names(ROOT / "schemas" / "v1")


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("ttpack.cli.demo") is None, reason="there is no demo yet")
def test_two_builds_at_two_paths_have_the_same_bytes(
    installed: Path, demo: tuple[Path, Result], tmp_path: Path
) -> None:
    """The whole job from the wheel in one folder, and from the source in another.

    The PDF of the whole package is left out, which takes half of the time: those of the documents come from the same
    engine, and tests of the PDF write one at two paths.
    """
    command = [str(installed / "ttpack"), "demo", "a longer path/here"]
    for part in ("site", "documents", "data"):
        command += ["--only", part]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, demo[1].stderr), done.stdout + done.stderr
    first, second = digests(demo[0] / "build"), digests(tmp_path / "a longer path" / "here" / "build")
    del first["package.pdf"]
    assert second == first
    assert {"package.json", "site/index.html", "impact.json", "findings-HEAD.json"} <= set(second)
    assert {Path(name).suffix for name in second if name.startswith("documents/")} == {".pdf", ".docx", ".json"}
    assert list((tmp_path / "a longer path" / "here").rglob("ttpack.yaml"))


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
