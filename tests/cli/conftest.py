"""The A-Mab demo, made once through the real command for all tests that look at it."""

import json
import os
import subprocess
import sys
import time
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
    """One for all processes that test together: who comes first makes it, the others wait for what it said."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, said = shared / "demo" / "amab", shared / "demo-said.json"
    try:
        folder.parent.mkdir()
    except FileExistsError:
        while not said.exists():
            time.sleep(0.2)
    else:
        done, draft = run("demo", folder), said.with_suffix(".draft")
        draft.write_text(json.dumps([done.code, done.stdout, done.stderr]), encoding="utf-8")
        draft.replace(said)
    return folder, Result(*json.loads(said.read_text(encoding="utf-8")))


@pytest.fixture
def ttpack_here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ttpack:
    """The command in this process, for stories that run it many times; a file of them names it `ttpack`."""

    def run_here(*arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Result:
        assert not env
        monkeypatch.chdir(cwd or tmp_path)
        capsys.readouterr()
        code = main([*map(str, arguments)])
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return run_here
