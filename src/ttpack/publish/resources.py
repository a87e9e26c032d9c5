"""The files that the faces are made with, which travel inside the package."""

from pathlib import Path

_ASSETS = Path(__file__).with_name("assets")


def asset(name: str) -> Path:
    """The path of one of our own files; raises FileNotFoundError for a broken installation."""
    return (_ASSETS / name).resolve(strict=True)
