"""What is printed: exact JSON, pages as text or Markdown, colour and progress for a person at a terminal only."""

import os
import pty
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from ttpack.cli import emit as emitting
from ttpack.cli.emit import emit
from ttpack.model import json_text
from ttpack.views.blocks import Callout, Page

PAGE = Page("p", "Checks", (Callout("danger", "1 error"),))
PROGRAM = """
import sys, time
from ttpack.cli.emit import emit
from ttpack.cli.progress import progress
from ttpack.views.blocks import Callout, Page
with progress("Reading records", 3) as advance:
    for _ in range(3):
        time.sleep(float(sys.argv[1]))
        advance(1)
emit({}, lambda: Page("p", "Checks", (Callout("danger", "1 error"),)), "text")
print(*[name for name in ("rich", "pydantic") if name in sys.modules])
"""


def on_a_terminal(seconds: str, environment: dict[str, str]) -> str:
    """What a person sees when the program above runs in a terminal of theirs."""
    mine, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM", "FORCE_COLOR")}
    command = [sys.executable, "-c", PROGRAM, seconds]
    environment = plain | {"TERM": "xterm-256color", "COLUMNS": "80"} | environment
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment):
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(mine, 65536)
            except OSError:
                break
            if not part:
                break
            seen += part
    os.close(mine)
    return seen.decode()


def test_json_keeps_digits_and_builds_no_page(capsys) -> None:
    emit({"low": Decimal("1.50"), "unit": "µm"}, lambda: pytest.fail("a page was made"), "json")
    out = capsys.readouterr().out
    assert out == '{\n  "low": 1.50,\n  "unit": "µm"\n}\n'
    assert json_text.loads(out)["low"] == Decimal("1.50")


def test_text_and_markdown_show_the_page(capsys) -> None:
    emit({}, lambda: PAGE, "text")
    assert capsys.readouterr().out == "Checks\n\n✗ 1 error\n"
    emit({}, lambda: PAGE, "markdown")
    assert capsys.readouterr().out == "# Checks\n\n> [!CAUTION]\n> **1 error**\n>\n"


def test_a_command_brings_further_formats(capsys) -> None:
    emit({}, lambda: pytest.fail("a page was made"), "github", {"github": lambda: "::error::x\n\n"})
    assert capsys.readouterr().out == "::error::x\n"


def test_half_a_surrogate_pair_is_no_error(capsys) -> None:
    emitting.write("a\ud800b")
    assert capsys.readouterr().out == "a?b\n"


def test_nothing_but_the_answer_is_printed_to_a_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "0.3"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("Checks\n\n✗ 1 error\n\n", "")


def test_long_work_shows_a_bar_and_colour_on_a_terminal() -> None:
    seen = on_a_terminal("0.3", {})
    assert "Reading records" in seen
    assert "\x1b[1;31m✗ 1 error\x1b[0m" in seen


def test_short_work_shows_no_bar_and_imports_nothing_for_it() -> None:
    seen = on_a_terminal("0", {})
    assert "Reading records" not in seen
    assert seen.splitlines()[-1] == ""


def test_no_color_is_respected() -> None:
    seen = on_a_terminal("0.3", {"NO_COLOR": "1"})
    assert "Reading records" in seen
    assert "\x1b[1;31m" not in seen
    assert "✗ 1 error" in seen
