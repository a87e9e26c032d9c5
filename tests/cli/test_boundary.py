"""The edge of the command: help, exit codes, and plain lines instead of tracebacks."""

import os
import re
import subprocess
import sys
import types
from collections.abc import Callable
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttpack.cli import main as cli
from ttpack.errors import NotAPackage, RevisionError, TtpackError, UnreadableError, UsageError

HEAVY = ("pydantic", "git", "rich", "pint", "mkdocs", "yaml", "ruamel", "jsonschema", "jsonschema_rs", "sqlite3")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Put a command named `trial` in the table that does what the test says."""

    def install(action: Any) -> None:
        module = types.ModuleType("ttpack.cli.trial")
        module.__spec__ = types.SimpleNamespace()  # type: ignore[assignment]  # find_spec only asks whether it is there
        module.command = click.command("trial")(action)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "ttpack.cli.trial", module)
        monkeypatch.setattr(cli, "COMMANDS", (*cli.COMMANDS, cli.Command("trial", "trial", "Check", "Try.")))

    return install


def fail_with(error: BaseException) -> Any:
    def action() -> None:
        raise error

    return action


def test_help_groups_commands_by_what_people_do(ttpack) -> None:
    result = ttpack("--help")
    assert result.code == 0
    assert result.stderr == ""
    for row in cli.COMMANDS:
        assert re.search(rf"^  {row.name} +{re.escape(row.help[:20])}", result.stdout, re.MULTILINE)
    groups = [line.rstrip(":") for line in result.stdout.splitlines() if re.fullmatch(r"[A-Z][a-z ]+:", line)]
    assert groups == ["Options", *dict.fromkeys(row.group for row in cli.COMMANDS)]


def test_every_command_of_the_table_has_help_of_its_own(ttpack) -> None:
    for row in cli.COMMANDS:
        result = ttpack(row.name, "--help")
        assert (result.code, result.stderr) == (0, "")
        assert result.stdout.startswith(f"Usage: ttpack {row.name} ")


def test_version(ttpack) -> None:
    result = ttpack("--version")
    assert (result.code, result.stdout) == (0, "ttpack 0.1.0\n")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["no-such-command"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = f"import sys; from ttpack.cli.main import main; main({arguments!r}); print(*sys.modules, file=sys.stderr)"
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=plain)
    assert not set(HEAVY) & set(done.stderr.split())


def test_an_unknown_command_is_wrong_usage(ttpack) -> None:
    result = ttpack("chekc")
    assert result.code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines()[0].startswith("ttpack: No such command 'chekc'.")
    assert result.stderr.splitlines()[1:] == ["Try 'ttpack --help'."]


def test_an_unknown_option_is_wrong_usage(ttpack) -> None:
    result = ttpack("--frobnicate")
    assert (result.code, result.stdout) == (2, "")
    assert result.stderr == "ttpack: No such option '--frobnicate'.\nTry 'ttpack --help'.\n"


def test_no_command_shows_the_help_and_is_wrong_usage(ttpack) -> None:
    result = ttpack()
    assert (result.code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: ttpack [OPTIONS] COMMAND")


@pytest.mark.parametrize(
    ("error", "code"),
    [(UsageError("w"), 2), (NotAPackage("w"), 3), (RevisionError("w"), 3), (UnreadableError("w"), 3)],
)
def test_the_environments_errors_are_one_plain_line(error: TtpackError, code: int, command, capsys) -> None:
    command(fail_with(error))
    assert cli.main(["trial"]) == code
    assert capsys.readouterr() == ("", "ttpack: w\n")


@given(st.text())
def test_an_error_is_one_line_whatever_it_says(message: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr(click, "echo", lambda text, **_options: said.append(text))
        cli._say(message)
    assert len(said[0].splitlines()) == 1
    assert said[0].isprintable()


def test_a_defect_is_70_with_a_hint_and_no_traceback(command, capsys, monkeypatch) -> None:
    monkeypatch.delenv("TTPACK_TRACEBACK", raising=False)
    command(fail_with(KeyError("PRM-BRX-PH")))
    assert cli.main(["trial"]) == 70
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "ttpack: a defect in ttpack: KeyError: 'PRM-BRX-PH' "
        "(set TTPACK_TRACEBACK=1 to see where, and please report it)\n"
    )


def test_a_defect_shows_where_it_lies_when_asked(command, capsys, monkeypatch) -> None:
    monkeypatch.setenv("TTPACK_TRACEBACK", "1")
    command(fail_with(RecursionError("too deep")))
    assert cli.main(["trial"]) == 70
    err = capsys.readouterr().err
    assert err.startswith("Traceback (most recent call last):")
    assert err.splitlines()[-1].startswith("ttpack: a defect in ttpack: RecursionError: too deep (please report it")


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt(), click.Abort()])
def test_an_interrupt_is_130(interrupt: BaseException, command, capsys) -> None:
    command(fail_with(interrupt))
    assert cli.main(["trial"]) == 130
    assert capsys.readouterr() == ("", "ttpack: interrupted\n")


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (1, 1), (True, 1)])
def test_what_a_command_returns_is_the_exit_code(returned: Any, code: int, command) -> None:
    command(lambda: returned)
    assert cli.main(["trial"]) == code


def test_wrong_usage_of_a_command_names_that_command(command, capsys) -> None:
    command(lambda: 0)
    assert cli.main(["trial", "--no"]) == 2
    assert capsys.readouterr().err == "ttpack: No such option '--no'.\nTry 'ttpack trial --help'.\n"


def test_a_file_that_click_cannot_open_is_wrong_usage(command, capsys) -> None:
    command(fail_with(click.FileError("a.csv", "no\nsuch file")))
    assert cli.main(["trial"]) == 2
    assert capsys.readouterr().err.splitlines()[0] == "ttpack: Could not open file 'a.csv': no such file"


def test_a_reader_that_leaves_early_is_met_with_silence() -> None:
    program = "import sys; from ttpack.cli.main import main; sys.exit(main(['--help']))"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, "")
