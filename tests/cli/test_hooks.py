"""The hooks for pre-commit: what they are run on, and that their commands do what pre-commit expects of a hook."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import ROOT, Repository

MANIFEST = 'kind: package\nid: PKG-T\nschema_version: "1"\n'
LOOSE = "id: GLO-A\nkind: term\n"
HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}


@pytest.mark.parametrize(
    ("path", "formatted", "checked"),
    [
        ("ttpack.yaml", True, True),
        ("records/terms/a.yaml", True, True),
        ("packages/b/records/a.yml", True, True),
        ("records/text.md", True, True),
        ("records/flow.png", False, True),
        ("README.md", False, False),
        (".github/workflows/ci.yml", False, False),
    ],
)
def test_they_run_on_records_only(path: str, formatted: bool, checked: bool):
    found = [re.search(HOOKS[name]["files"], path) is not None for name in ("ttpack-fmt", "ttpack-check")]

    assert found == [formatted, checked]


def test_the_one_that_formats_is_given_files_and_changes_them(ttpack, repository: Repository):
    repository.commit({"ttpack.yaml": MANIFEST, "records/a.yaml": LOOSE, "records/b.yaml": LOOSE.replace("A", "B")})
    hook = HOOKS["ttpack-fmt"]
    command = hook["entry"].split()[1:]

    assert (hook["language"], hook.get("pass_filenames", True)) == ("python", True)
    assert ttpack(*command, "ttpack.yaml", "records/a.yaml", cwd=repository.path).code == 0
    assert repository.git("diff", "--name-only") == "records/a.yaml"


def test_the_one_that_checks_takes_the_whole_package_and_fails_on_errors(ttpack, repository: Repository):
    repository.commit({"ttpack.yaml": MANIFEST, "records/a.yaml": "id: GLO-A\nkind: nonsense\n"})
    hook = HOOKS["ttpack-check"]
    command = hook["entry"].split()[1:]

    failed = ttpack(*command, *hook.get("args", []), cwd=repository.path)

    assert (hook["language"], hook["pass_filenames"]) == ("python", False)
    assert failed.code == 1
    assert "SRC-12" in failed.stdout


def test_the_commands_are_those_of_the_installed_program():
    project = Path(ROOT, "pyproject.toml").read_text(encoding="utf-8")

    assert {hook["entry"].split()[0] for hook in HOOKS.values()} == {"ttpack"}
    assert 'ttpack = "ttpack.cli.main:main"' in project
