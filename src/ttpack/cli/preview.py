"""`ttpack preview`: the site of the working tree on this machine, made anew at each edit."""

import os
import shutil
import signal
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttpack.cli import clock
from ttpack.cli.opening import as_of_date, open_package
from ttpack.errors import TtpackError, UsageError
from ttpack.source.trees import working_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttpack.model.findings import Finding
    from ttpack.publish.preview_server import PreviewServer
    from ttpack.source.load import Loaded
    from ttpack.views.blocks import Publication
    from ttpack.views.edition_content import Known
    from ttpack.views.site_answers import SiteAnswers

_PAUSE = 0.2
"""Seconds between two looks at the files; more where a look takes long."""
_WORKED_OUT = "The edit is being worked out: what is shown here is what stood before it."
_AT_ONCE = (
    "Checks and computed answers are being worked out: what stands in computed tables is from before the edit.",
    "So are the contents, the search and all other pages than these: {}.",
)
_KEPT = "The pages show the last state that could be read."


@click.command("preview")
@click.argument("path", default=".")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 takes any.")
@click.option("--edition", default="internal", metavar="NAME", help="For whom (default: internal); see `ttpack build`.")
@click.option("--as-of", metavar="DATE", help="The date to answer for (default: today).")
def command(path: str, port: int, edition: str, as_of: str | None) -> int:
    """Show the site of the package at PATH on this machine, made anew and reloaded at each edit.

    Only this machine can reach it, and it is gone when the command ends (Ctrl-C). An edit that cannot be read is
    shown on the page and here, and the pages stay as they were.
    """
    from ttpack.publish.preview_server import HOST, PreviewServer

    root = working_tree(path).root
    try:
        server = PreviewServer(port)
    except OSError as error:
        raise UsageError(f"port {port} of this machine: {error.strerror}; name another with --port") from error
    for one in (signal.SIGINT, signal.SIGTERM):  # the first is ignored in a process that a shell put behind
        signal.signal(one, signal.default_int_handler)
    try:
        with server, tempfile.TemporaryDirectory(prefix="ttpack-preview-") as folder:
            preview = _Preview(root, edition, as_of, Path(folder).resolve(), server)
            preview.first()
            threading.Thread(target=server.serve_forever, daemon=True).start()
            click.echo(f"http://{HOST}:{server.port}/ shows {root}; Ctrl-C ends it.")
            preview.watch()
    except KeyboardInterrupt:
        return 0
    return 0


class _Preview:
    """The site that is shown, and what it was made from."""

    def __init__(self, root: str, edition: str, as_of: str | None, folder: Path, server: "PreviewServer") -> None:
        self._root, self._edition, self._as_of, self._folder, self._server = root, edition, as_of, folder, server
        self._known_errors: frozenset[str] = frozenset()
        self._count = 0
        self._seen: Mapping[str, tuple[int, int]] = {}
        self._whole: tuple[Known, Publication, SiteAnswers] | None = None

    def first(self) -> None:
        """Make the first site; what stands in its way ends the command."""
        self._seen = _looked_at(self._root)
        self._make(first=True)

    def watch(self) -> None:
        """Make the site anew at each edit, until interrupted."""
        while True:
            started = clock.stopwatch()
            files = _looked_at(self._root)
            if files == self._seen:
                time.sleep(max(_PAUSE, 4 * (clock.stopwatch() - started)))
                continue
            self._seen = files
            try:
                self._make()
            except TtpackError as problem:
                self._say(str(problem), _KEPT)

    def _make(self, *, first: bool = False) -> None:
        from ttpack.analysis.editions.edition import edition_named
        from ttpack.cli.building import known_of, moment
        from ttpack.publish.build import write_site
        from ttpack.source.cache import open_page_cache
        from ttpack.views.edition_content import edition_content
        from ttpack.views.site_answers import site_answers

        started = clock.stopwatch()
        tree = working_tree(self._root)
        loaded = open_package(tree)
        errors = {_line(one): one for one in loaded.problems if one.severity == "error"}
        if new := [line for line in errors if line not in self._known_errors and not first]:
            self._say(*new[:5], *([f"and {len(new) - 5} more"] if len(new) > 5 else []), _KEPT)  # noqa: PLR2004
            return
        if not first:
            self._at_once(loaded, started)
        wanted = edition_named(loaded.package, self._edition)
        if len(wanted) != 1:
            raise UsageError(f"{self._edition!r} stands for several editions: {', '.join(one.name for one in wanted)}")
        day = as_of_date(self._as_of, tree)
        known = known_of(tree, loaded, day)
        if not first and self._edited_again:
            return
        content = edition_content(known, wanted[0])
        if not first and self._edited_again:
            return
        site = self._site(self._count + 1)
        with open_page_cache(tree) as pages:
            write_site(content.publication, site, moment(tree, day), pages)
        self._show(site, frozenset(errors), started, first=first)
        if wanted[0].internal:  # what others may not read is sorted out by the whole build alone
            self._whole = known, content.publication, site_answers(loaded.package, known.check.gates, day)

    def _at_once(self, loaded: "Loaded", started: float) -> None:
        """Show the edit where it can be without the checks and the computed answers, which take seconds."""
        from ttpack.publish.build import write_edited
        from ttpack.views.edited_pages import edited_pages

        if self._whole is None:
            self._server.say(_WORKED_OUT)
            return
        known, shown, sites = self._whole
        pages = edited_pages(known.package, loaded.package, shown, sites, known.history)
        if not pages:
            self._server.put({}, _WORKED_OUT)
            return
        files = write_edited(shown, self._site(self._count), pages, self._folder / "edited")
        self._server.put(files, *(line.format(", ".join(page.title for page in pages)) for line in _AT_ONCE))
        click.echo(f"shown in {clock.stopwatch() - started:.1f} s, but for what is computed")

    @property
    def _edited_again(self) -> bool:
        """Whether what is being made is old already."""
        return _looked_at(self._root) != self._seen

    def _site(self, count: int) -> Path:
        return self._folder / str(count)

    def _show(self, site: Path, errors: frozenset[str], started: float, *, first: bool) -> None:
        self._server.show(site, tuple(sorted(errors)[:5]))
        shutil.rmtree(self._site(self._count), ignore_errors=True)
        shutil.rmtree(self._folder / "edited", ignore_errors=True)
        self._count, self._known_errors = self._count + 1, errors
        if not first:
            click.echo(f"made anew in {clock.stopwatch() - started:.1f} s")

    def _say(self, *lines: str) -> None:
        self._server.say(*lines)
        for line in lines:
            click.echo(line, err=True)


def _line(finding: "Finding") -> str:
    return f"{finding.path}:{finding.line}:{finding.column}: {finding.message}"


def _looked_at(root: str) -> dict[str, tuple[int, int]]:
    """When each file of the folder was changed, and its size; nothing of git or of other hidden folders."""
    found: dict[str, tuple[int, int]] = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118  ten thousand of them, five times a second
            try:
                status = os.lstat(path)
            except OSError:
                continue
            found[path] = (status.st_mtime_ns, status.st_size)
    return found
