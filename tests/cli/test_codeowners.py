"""`ttpack codeowners` through the real command, and how files are given to functions."""

import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT, Repository, Ttpack

from ttpack.analysis.change_rules.rule import ChangeRule, Match
from ttpack.analysis.code_owners import CodeOwners, code_owners
from ttpack.model.governance import Role
from ttpack.source.load import load
from ttpack.source.trees import working_tree

PARAMETERS = "records/parameters"
TEAMS = {"S-QA": "@org/s-qa", "C-QA": "@org/c-qa", "S-PD": "pd@example.org", "C-ENG": "@org/eng/utilities"}


@pytest.fixture
def ttpack(ttpack_here: Ttpack) -> Ttpack:
    """The command in this process: these stories run it many times."""
    return ttpack_here


def role(function: str, team: str) -> str:
    party = "sending" if function.startswith("S") else "receiving"
    return (
        f"kind: role\nid: ROL-X-{function}\naudience: [partner]\nstatus: approved\nparty: {party}\n"
        f"function: {function.partition('-')[2]}\nforge_team: '{team}'\n"
    )


def give_teams(folder: Path) -> None:
    for function, team in TEAMS.items():
        (folder / f"records/{function}.yaml").write_text(role(function, team))


@pytest.fixture
def package(repository: Repository) -> Repository:
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path, dirs_exist_ok=True)
    give_teams(repository.path)
    return repository


def rule(name: str, kind: str, *approvers: str) -> ChangeRule:
    return ChangeRule(name, "", "major", (), approvers, "", (Match(kinds=(kind,)),))


def owners_with(repository: Repository, *rules: ChangeRule) -> tuple[CodeOwners, dict[str, tuple[str, ...]]]:
    found = code_owners(load(working_tree(str(repository.path))).package, rules)
    return found, {one.path: one.functions for one in found.paths}


def test_a_file_goes_to_the_functions_that_most_rules_about_it_name(package: Repository) -> None:
    rules = (
        rule("CH-1", "process_parameter", "S-PD", "C-MSAT", "author"),
        rule("CH-2", "process_parameter", "S-PD", "S-RA"),
        rule("CH-3", "process_parameter", "S-PD"),
    )
    found, paths = owners_with(package, *rules)
    assert paths == {"": ("C-QA", "S-QA"), f"{PARAMETERS}/": ("C-QA", "S-PD", "S-QA")}
    assert found.paths[1].owners == ("@org/c-qa", "@org/s-qa", "pd@example.org")
    assert found.without_owner == ()


def test_what_differs_in_a_folder_has_its_own_line_after_it(package: Repository) -> None:
    package.write({f"{PARAMETERS}/a b.yaml": role("S-MSAT", "@org/x").replace("ROL-X-S-MSAT", "ROL-ODD")})
    found, paths = owners_with(
        package, rule("CH-1", "process_parameter", "S-PD"), rule("CH-2", "role", "C-ENG", "S-RA")
    )
    assert paths[f"{PARAMETERS}/"] == ("C-QA", "S-PD", "S-QA")
    assert paths[f"{PARAMETERS}/a b.yaml"] == ("C-ENG", "C-QA", "S-QA", "S-RA")
    order = list(paths)
    assert order.index(f"{PARAMETERS}/") < order.index(f"{PARAMETERS}/a b.yaml")
    assert found.without_owner == ("S-RA",)


def test_the_block_is_written_once_and_lines_of_others_stay(ttpack: Ttpack, package: Repository) -> None:
    package.write({".github/CODEOWNERS": "/docs/ @org/writers"})
    file = package.path / ".github/CODEOWNERS"
    assert ttpack("codeowners", "--check", cwd=package.path).code == 1
    assert file.read_text() == "/docs/ @org/writers"
    assert ttpack("codeowners", cwd=package.path).code == 0
    text = file.read_text()
    assert text.startswith("/docs/ @org/writers\n\n# >>> ttpack codeowners PKG-MIN")
    assert "\n*  " in text
    assert "/.github/ " in text
    assert ttpack("codeowners", "--check", cwd=package.path).code == 0
    assert "unchanged" in ttpack("codeowners", cwd=package.path).stdout
    file.write_text(text + "/last/ @org/writers\n")
    (package.path / "records/S-QA.yaml").write_text(role("S-QA", "@org/new-qa"))
    assert ttpack("codeowners", "--check", cwd=package.path).code == 1
    assert ttpack("codeowners", cwd=package.path).code == 0
    assert file.read_text() == text.replace("@org/s-qa", "@org/new-qa") + "/last/ @org/writers\n"


def test_packages_in_folders_share_a_file(ttpack: Ttpack, package: Repository) -> None:
    for name in ("one", "my second"):
        shutil.copytree(ROOT / "tests/packages/minimal", package.path / name)
        give_teams(package.path / name)
        assert ttpack("codeowners", name, cwd=package.path).code == 0
    lines = (package.path / "CODEOWNERS").read_text().splitlines()
    assert [line.split()[0] for line in lines if line.startswith("/one")][:1] == ["/one/"]
    assert [line.split("  ")[0] for line in lines if line.startswith("/my")][:1] == ["/my\\ second/"]
    assert not [line for line in lines if line.startswith(("* ", "/.github"))]


@pytest.mark.parametrize("team", ["qa", "@", "a@b", "@org//qa", "#x", "@org/qa @mallory", "@org/qa\n* @mallory"])
def test_only_a_team_an_account_or_an_address_is_an_owner(team: str) -> None:
    with pytest.raises(ValueError, match="forge_team"):
        Role.model_validate({"kind": "role", "id": "ROL-X", "forge_team": team})


@pytest.mark.parametrize("team", ["@org/qa\\n* @mallory"])
def test_what_is_no_owner_is_not_written(ttpack: Ttpack, package: Repository, team: str) -> None:
    text = role("S-QA", "TEAM").replace("'TEAM'", f'"{team}"')
    (package.path / "records/S-QA.yaml").write_text(text)
    done = ttpack("codeowners", cwd=package.path)
    assert done.code == 3
    assert "run `ttpack check` first" in done.stderr
    assert not list(package.path.rglob("CODEOWNERS"))


def test_a_function_without_a_team_is_told(ttpack: Ttpack, package: Repository) -> None:
    (package.path / "records/C-QA.yaml").unlink()
    done = ttpack("codeowners", "--file", "OWNERS", cwd=package.path)
    assert done.code == 0
    assert "no role with function C-QA has a forge_team" in done.stderr
    text = (package.path / "OWNERS").read_text()
    assert "# C-QA: no role names a forge_team" in text
    assert "@org/s-qa" in text


def test_a_torn_block_is_mended_by_a_person(ttpack: Ttpack, package: Repository) -> None:
    ttpack("codeowners", cwd=package.path)
    file = package.path / "CODEOWNERS"
    file.write_text(file.read_text().rsplit("# <<<")[0])
    done = ttpack("codeowners", cwd=package.path)
    assert done.code == 2
    assert "mend it by hand" in done.stderr


def test_a_new_package_has_its_owners(ttpack: Ttpack, tmp_path: Path) -> None:
    """The template's file is what the command writes: `python .ci/template.py` makes it anew."""
    assert ttpack("init", "new", cwd=tmp_path).code == 0
    done = ttpack("codeowners", "--check", cwd=tmp_path / "new")
    assert done.code == 0, done.stdout
    assert done.stderr == ""
