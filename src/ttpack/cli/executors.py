"""Who works out a study: this process, threads or processes of this machine, or workers of Dask."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from ttpack.errors import UsageError

if TYPE_CHECKING:
    from ttpack.analysis.executor import Executor

MOST_WORKERS: Final = 256
CONNECTING: Final = 10
"""Seconds within which a scheduler has to answer."""


def executor_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--workers`, `--threads` and `--dask`, which become the arguments `workers`, `threads` and `dask`."""
    options = (
        click.option(
            "--workers",
            type=click.IntRange(1, MOST_WORKERS),
            metavar="N",
            help="Processes to work on (default: this one).",
        ),
        click.option("--threads", is_flag=True, help="Make the workers threads of this process."),
        click.option("--dask", metavar="ADDRESS", help="Work on the Dask scheduler at ADDRESS, as tcp://host:8786."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@contextmanager
def executor(workers: int | None = None, *, threads: bool = False, dask: str | None = None) -> Iterator["Executor"]:
    """The executor asked for; its workers end with the block. Figures do not depend on which it is.

    Raises UsageError where options contradict each other, the extra `dask` is not installed, or no scheduler answers.
    """
    if dask is not None and (workers is not None or threads):
        raise UsageError("--dask has its own workers: leave --workers and --threads out")
    if dask is not None:
        with _dask(dask) as found:
            yield found
    elif threads:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(workers or 2) as pool:
            yield pool
    elif workers is not None and workers > 1:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        # Workers that start afresh: a fork would copy locks of libraries that have threads.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            yield pool
    else:
        from ttpack.analysis.executor import SerialExecutor

        yield SerialExecutor()


@contextmanager
def _dask(address: str) -> Iterator["Executor"]:
    try:
        from distributed import Client as Connect
    except ImportError as missing:
        raise UsageError('--dask needs the extra `dask`: pip install "ttpack[dask]"') from missing
    try:
        connect: Callable[..., Any] = Connect
        client = connect(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError, TypeError) as problem:
        raise UsageError(f"no Dask scheduler answers at {address[:200]!r}: {problem}") from problem
    try:
        with client.get_executor() as pool:
            yield pool
    finally:
        client.close()
