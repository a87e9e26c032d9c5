"""Every reference result: each module named here gives a tuple of them as `results()`."""

from functools import cache
from importlib import import_module

from tests.references.result import ReferenceResult

MODULES = ("statistics", "capability", "queues")


@cache
def every_reference() -> tuple[ReferenceResult, ...]:
    """All of them, worked out now, in the order of the modules."""
    found = (import_module(f"tests.references.{name}_results").results() for name in MODULES)
    return tuple(result for results in found for result in results)
