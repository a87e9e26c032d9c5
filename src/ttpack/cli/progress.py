"""Progress of long work, on standard error, for a person at a terminal only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from ttpack.cli import clock

Advance = Callable[[int], None]
PATIENCE = 0.4  # seconds; shorter work shows nothing, and does not pay for importing rich


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Advance]:
    """Give a function to call with the number of things just done; without `total` a mark only shows life.

    The bar goes away when the work ends, so that what is printed afterwards stands alone.
    """
    if not clock.is_terminal(sys.stderr):
        yield lambda _count: None
        return
    with ExitStack() as cleanup:
        bar = _Bar(label, total, cleanup)
        if total is None:
            bar.show()
        yield bar.advance


class _Bar:
    """A rich bar that appears only once the work has proved long."""

    def __init__(self, label: str, total: int | None, cleanup: ExitStack) -> None:
        self.label = label
        self.total = total
        self.cleanup = cleanup
        self.done = 0
        self.started = clock.stopwatch()
        self.update: Advance | None = None

    def advance(self, count: int) -> None:
        self.done += count
        if self.update is not None:
            self.update(self.done)
        elif clock.stopwatch() - self.started > PATIENCE:
            self.show()

    def show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

        columns = [SpinnerColumn(), TextColumn("{task.description}", markup=False)]
        if self.total is not None:
            columns += [BarColumn(), MofNCompleteColumn()]
        console = Console(stderr=True, no_color=not clock.color_wanted(sys.stderr))
        bar = self.cleanup.enter_context(Progress(*columns, console=console, transient=True))
        task = bar.add_task(self.label, total=self.total, completed=self.done)
        self.update = lambda done: bar.update(task, completed=done)
