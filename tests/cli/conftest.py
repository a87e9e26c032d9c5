"""The command in the process of the tests."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.conftest import Result, Ttpack

from ttpack.cli.main import main


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
