"""Who works out the tasks of a study: one protocol for one core, threads, processes and other machines.

A task is a module-level function and frozen values that can be pickled. What it draws at random follows from the seed
and its own number alone, tasks are cut by the model and not by the number of workers, and answers come back in the
order of the tasks: so every executor gives the same figures.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Task = TypeVar("Task")
Answer = TypeVar("Answer")


class Executor(Protocol):
    """Works out tasks; the answers come in their order."""

    def map(self, function: Callable[[Task], Answer], tasks: Iterable[Task], /) -> Iterator[Answer]:
        """The answer of each task, in the order of the tasks."""
        ...


class SerialExecutor:
    """One task after the other, each when its answer is asked for."""

    def map(self, function: Callable[[Task], Answer], tasks: Iterable[Task], /) -> Iterator[Answer]:
        """The answer of each task, in the order of the tasks."""
        return map(function, tasks)
