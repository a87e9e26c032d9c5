"""`ttpack init`: a new package repository that passes gate G0 and says what it lacks for the next."""

from pathlib import Path

import click

from ttpack.errors import UnreadableError
from ttpack.source.resources import resource

SCHEMA_FOLDER = ".schemas/v1"


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path) -> int:
    """Start a package repository in FOLDER, which must be new or empty.

    It holds one example of each record that gate G0 asks for, editor settings with the schemas, a CI workflow, code
    owners and a pull-request template. It passes `ttpack check`; what the next gate asks for is listed as warnings.
    """
    from ttpack.publish.merge_settings import install_merge_driver
    from ttpack.publish.repository import start_repository
    from ttpack.source.repository import find_repository

    committed = start_repository(folder, template(), "Start the transfer package")
    repository = find_repository(str(folder))
    if repository is not None:
        install_merge_driver(repository)
    click.echo(f"package  {folder}")
    if not committed:
        click.echo("git does not know you yet, so nothing is committed: set user.name and user.email, then git commit")
    click.echo(f"next     cd {folder}; ttpack check; then edit ttpack.yaml and the records")
    return 0


def template() -> dict[str, bytes]:
    """The files of a new package repository by path: the template, and the schemas for editors."""
    try:
        files = _below(resource("package_template"), "")
        return files | _below(resource("schemas/v1"), f"{SCHEMA_FOLDER}/")
    except OSError as error:
        raise UnreadableError(str(error)) from error


def _below(root: Path, prefix: str) -> dict[str, bytes]:
    return {
        f"{prefix}{path.relative_to(root).as_posix()}": path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
