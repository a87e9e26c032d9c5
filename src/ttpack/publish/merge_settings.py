"""Telling a repository which program merges record files: git takes it from its own settings, never from a clone."""

from ttpack.source.repository import Repository

NAME = "record files, by record and field"
# A person may merge where ttpack is not on the path: git would then leave one side without any marker.
DRIVER = (
    "if command -v ttpack >/dev/null; then ttpack merge-driver %O %A %B %P; "
    "else git merge-file -L ours -L base -L theirs %A %O %B; fi"
)
ATTRIBUTES = ("ttpack.yaml", "records/**/*.yaml", "records/**/*.yml", "records/**/*.md")
"""Patterns of `.gitattributes` that the template gives `merge=ttpack`."""


def install_merge_driver(repository: Repository) -> None:
    """Write the merge driver into the repository's own settings. Raises UnreadableError where git refuses."""
    for key, value in (("name", NAME), ("driver", DRIVER)):
        repository.run("config", "--local", f"merge.ttpack.{key}", value)
