"""The A-Mab demo, made once through the real command for all tests that look at it."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.conftest import Result, Ttpack, clean_environment

from ttpack.cli.main import main


def run(*arguments: str | Path) -> Result:
    command = [sys.executable, "-m", "ttpack", *map(str, arguments)]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, encoding="utf-8", check=False)
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("demo") / "amab"
    return folder, run("demo", folder)


@pytest.fixture
def ttpack_here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ttpack:
    """The command in this process, for stories that run it many times."""

    def run_here(*arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Result:
        assert cwd is not None
        assert not env
        monkeypatch.chdir(cwd)
        capsys.readouterr()
        code = main([*map(str, arguments)])
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return run_here
