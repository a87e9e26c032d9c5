"""The A-Mab demo, made once through the real command for all tests that look at it."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Result, clean_environment


def run(*arguments: str | Path) -> Result:
    command = [sys.executable, "-m", "ttpack", *map(str, arguments)]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, encoding="utf-8", check=False)
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("demo") / "amab"
    return folder, run("demo", folder)
