"""The only printer: an answer in the format that was asked for, on standard output."""

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from ttpack.cli import clock

if TYPE_CHECKING:
    from ttpack.views.blocks import Page

FORMATS = ("text", "json", "markdown")
WIDTH_OF_A_FILE = 120
Face = Callable[[], str]


def emit(
    answer: Mapping[str, Any] | Callable[[], Mapping[str, Any]],
    page: "Callable[[], Page]",
    output_format: str,
    faces: Mapping[str, Face] | None = None,
) -> None:
    """Print an answer: `json` writes it, `text` and `markdown` its page; each is made only when it is shown.

    `faces` are further formats of the command's own, or its own way of writing one of these.
    """
    own = (faces or {}).get(output_format)
    if own is not None:
        write(own())
    elif output_format == "json":
        from ttpack.model.json_text import dump

        dump(answer() if callable(answer) else answer, _write_piece)
        _write_piece("\n")
    elif output_format == "markdown":
        from ttpack.publish.comment import page_markdown

        write(page_markdown(page()))
    else:
        from ttpack.publish.terminal import page_text

        width = clock.terminal_width() if clock.is_terminal(sys.stdout) else WIDTH_OF_A_FILE
        write(page_text(page(), width, color=clock.color_wanted(sys.stdout)))


def _write_piece(text: str) -> None:
    click.echo(text, nl=False)


def write(text: str) -> None:
    """Print text that ends in exactly one newline; half a surrogate pair becomes a question mark, never an error."""
    whole = text.rstrip("\n") + "\n"
    click.echo(whole.encode("utf-8", "replace").decode(), nl=False, color=clock.color_wanted(sys.stdout))
