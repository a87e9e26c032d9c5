"""What is wrong with the lines of a file of run data, as the reader tells rules."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunDataProblems:
    """Problems of a file by line, column and message, and how many there are in all."""

    problems: tuple[tuple[int, str, str], ...] = ()
    count: int = 0
