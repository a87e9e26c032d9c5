"""What must be true of the repository itself, whoever changes it next."""

import ast
import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FILE_LIMIT, FUNCTION_LIMIT = 350, 50
LONG_FOR_A_REASON = {"documents.py:_build": "the loop over YAML events; a call for each event would cost a third"}
DATA_MODULES = re.compile(r"_(table|ranges|v\d+)\.py$")  # tables written as Python: long, and nothing to follow


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    command = ["git", "ls-files", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def locked() -> dict[str, list[str]]:
    """The entries of the lock by name, each with its lines."""
    entries: dict[str, list[str]] = {}
    for line in LOCK.splitlines():
        if found := re.match(r"([A-Za-z0-9._-]+)==", line):
            entries.setdefault(found[1].lower(), []).append(line)
        elif line.startswith("    --hash=") and entries:
            entries[next(reversed(entries))].append(line)
        else:
            assert line.startswith(("#", "    #")), f"unexpected in the lock: {line}"
    return entries


def requirement_name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[._-]+", "-", found[0]).lower()


def test_the_lock_names_no_address() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^\s*--(?!hash=sha256:)", LOCK, re.MULTILINE)


def test_every_locked_package_has_hashes() -> None:
    for name, lines in locked().items():
        assert any("--hash=sha256:" in line for line in lines), name


def test_every_dependency_is_locked_bounded_and_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for requirement in PROJECT["project"]["dependencies"]:
        assert requirement_name(requirement) in locked(), f"{requirement}: run make lock"
        assert re.search(r"<|==", requirement), f"{requirement} has no upper bound"
        assert re.search(re.escape(f'"{requirement}",') + r" +# \w", text), f"{requirement} has no reason"


def test_every_lint_rule_that_is_off_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    codes = set(PROJECT["tool"]["ruff"]["lint"]["ignore"])
    for codes_of_files in PROJECT["tool"]["ruff"]["lint"]["per-file-ignores"].values():
        codes |= set(codes_of_files)
    for code in codes:
        assert any(re.search(rf'"{code}"[],]* +# \w', line) for line in lines), code


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_bytes()
    assert hashlib.sha256(text).hexdigest() == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    assert PROJECT["project"]["license"] == "Apache-2.0"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT / "src").as_posix())
def test_files_and_functions_stay_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if not DATA_MODULES.search(path.name):
        assert len(text.splitlines()) <= FILE_LIMIT
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            accepted = f"{path.name}:{node.name}" in LONG_FOR_A_REASON
            assert accepted or lines <= FUNCTION_LIMIT, f"{node.name} has {lines} lines"


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in SOURCES} - {ROOT / "src"}
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]


def test_actions_are_pinned_by_commit() -> None:
    workflows = [*(ROOT / ".github").rglob("*.yml"), *(ROOT / "package_template").rglob("*.yml")]
    for path in workflows:
        for used in re.findall(r"uses: *(\S+)(.*)", path.read_text(encoding="utf-8")):
            local = used[0].startswith("./")
            assert local or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", used[0]), f"{path.name}: {used[0]}"
            assert local or re.search(r"# v\d", used[1]), f"{path.name}: {used[0]} does not say its version"


def test_links_between_the_papers_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / ".github").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_readme_names_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in ("make demo", "make test"):
        assert re.search(rf"^{command}\b", text, re.MULTILINE)


def test_no_file_names_a_place_of_the_machine_it_was_written_on() -> None:
    home = re.compile(rb"(?<![\w.])/(?:home|Users|root|work)/[A-Za-z]\w*/")
    offenders = []
    for path in tracked():
        if path.suffix not in {".lock", ".ttf", ".otf", ".png", ".pdf", ".docx"}:
            offenders += [f"{path.relative_to(ROOT)}: {found[0]!r}" for found in home.finditer(path.read_bytes())]
    assert offenders == []


def test_the_schemas_are_those_of_the_models() -> None:
    command = [sys.executable, "-m", "ttpack", "schema", "--check", "schemas/v1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
