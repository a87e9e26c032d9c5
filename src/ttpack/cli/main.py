"""The `ttpack` command: a table of commands, imported only when used, and the one error boundary.

Exit codes: 0 nothing to do; 1 findings, or approval needed; 2 wrong usage; 3 the package or revision cannot be
read; 70 a defect in ttpack. 130 and 141 are the shell's own codes for an interrupt and a closed pipe.
"""

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

import click

from ttpack import __version__
from ttpack.cli import clock
from ttpack.errors import TtpackError

DEFECT = 70
INTERRUPTED = 130
PIPE_CLOSED = 141


class Command(NamedTuple):
    """A row of the help page; the module `ttpack.cli.<module>` holds the click command as `command`."""

    name: str
    module: str
    group: str
    help: str


COMMANDS = (
    Command("demo", "demo", "Try and start", "Make the A-Mab example package and run the whole job on it."),
    Command("init", "init", "Try and start", "Start a package repository that passes gate G0."),
    Command("check", "check", "Check", "Find what is wrong or missing, where, and who can fix it."),
    Command("explain", "explain", "Check", "Say what a rule checks, why it matters, and how to resolve it."),
    Command("new", "new", "Edit", "Add a record of any kind from its example, with the next free id."),
    Command("fmt", "fmt", "Edit", "Bring record files into canonical form, comments and digits kept."),
    Command("merge-driver", "merge_driver", "Edit", "Merge two sides of a record file for git, field by field."),
    Command("diff", "diff", "Change", "Show what changed between two revisions, field by field."),
    Command("impact", "impact", "Change", "Show what a change reaches, and by which path."),
    Command("pull-request", "pull_request", "Change", "Write what a pull request is told about its change."),
    Command("log", "log", "Change", "Tell the life of one record: who changed what of it, when, and why."),
    Command("compare", "compare", "Sites", "Show what differs between sites, and what was agreed about it."),
    Command("scale", "scale", "Sites", "Recompute what carries over to a site, and what has no verdict and why."),
    Command(
        "fit", "fit", "Sites", "Show whether a site can do what the process asks, by how much, and who closes gaps."
    ),
    Command("gate", "gate", "Work together", "Say whether a gate can be opened, what blocks it, and who closes it."),
    Command(
        "interview", "interview", "Work together", "Say what to ask who ran a unit operation, and draft the answers."
    ),
    Command("readiness", "readiness", "Work together", "Say how ready a site is, and where the parties disagree."),
    Command(
        "classify",
        "classify",
        "Work together",
        "Say whether it is a deviation, of what class, and who is called by when.",
    ),
    Command("agenda", "agenda", "Work together", "Say what a committee has to talk about, whose it is, and how late."),
    Command(
        "simulate",
        "simulate",
        "Simulate and evaluate",
        "Run a campaign under variation: bottlenecks, holds at risk, forecast, what-ifs.",
    ),
    Command(
        "capability",
        "capability",
        "Simulate and evaluate",
        "Predict quality over the ranges of a site, and whether its box lies inside the design space.",
    ),
    Command(
        "method-transfer",
        "method_transfer",
        "Simulate and evaluate",
        "Judge a method transfer by the criteria of its protocol.",
    ),
    Command(
        "run", "run", "Simulate and evaluate", "Judge a run by its data: excursions, whom to call, what is missing."
    ),
    Command("approve", "approve", "Publish", "Sign a controlled document, or enter an approval held elsewhere."),
    Command("build", "build", "Publish", "Make the site, the PDF and the data of a revision."),
    Command("preview", "preview", "Publish", "Show the site on this machine, made anew at each edit."),
    Command("release", "release", "Publish", "Make the immutable folders of a tag, one for each edition."),
    Command("verify", "verify", "Publish", "Check a release without a network: every byte, signatures, seals."),
    Command("codeowners", "codeowners", "Maintain", "Write who reviews which files, from the package's roles."),
    Command("schema", "schema", "Maintain", "Write or check the schemas of the package format."),
)


class LazyGroup(click.Group):
    """A group that shows its help from the table and imports a command only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the help page."""
        del ctx
        return [row.name for row in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The click command of that name, imported now, or None."""
        del ctx
        for row in COMMANDS:
            if row.name == cmd_name:
                command = importlib.import_module(f"ttpack.cli.{row.module}").command
                return command if isinstance(command, click.Command) else None
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, grouped by what people do."""
        del ctx
        width = max(len(row.name) for row in COMMANDS)
        for group in dict.fromkeys(row.group for row in COMMANDS):
            with formatter.section(group):
                formatter.write_dl([(row.name.ljust(width), row.help) for row in COMMANDS if row.group == group])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="ttpack", message="%(prog)s %(version)s")
def cli() -> None:
    """Technology transfer packages as reviewed, versioned, checked documents."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; whatever goes wrong ends here as plain lines."""
    try:
        code = _run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
        gc.freeze()  # the process ends: what is left need not be searched for garbage once more
    except BrokenPipeError:
        # The reader has gone; python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted")
        return INTERRUPTED
    return code


def _run(arguments: list[str]) -> int:
    try:
        with cli.make_context("ttpack", arguments) as context:
            return int(cli.invoke(context) or 0)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.ClickException as error:
        _say(error.format_message())
        context_of_error = getattr(error, "ctx", None)
        path = context_of_error.command_path if context_of_error else "ttpack"
        click.echo(f"Try '{path} --help'.", err=True)
        return click.UsageError.exit_code
    except TtpackError as error:
        _say(str(error))
        return error.exit_code
    except (BrokenPipeError, KeyboardInterrupt, click.Abort):
        raise
    except Exception as error:  # noqa: BLE001 - the boundary: a person must not see a traceback unasked
        return _defect(error)


def _say(message: str) -> None:
    # A message may quote a file's name or content; what steers a terminal must not reach it.
    line = "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in " ".join(message.split()))
    click.echo(f"ttpack: {line}", err=True)


def _defect(error: Exception) -> int:
    if clock.wants_traceback():
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
        hint = "please report it with the lines above"
    else:
        hint = "set TTPACK_TRACEBACK=1 to see where, and please report it"
    _say(f"a defect in ttpack: {type(error).__name__}: {error} ({hint})")
    return DEFECT
