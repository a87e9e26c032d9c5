"""`ttpack schema`: the schemas of the package format, written or compared."""

from collections.abc import Mapping
from pathlib import Path

import click

from ttpack.errors import UnreadableError

DEFAULT = "schemas/v1"


@click.command("schema")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a file differs from the models.")
def command(folder: Path, check: bool) -> int:
    """Write the JSON Schemas of all kinds of records into FOLDER (schemas/v1).

    Editors and other tools use them as they are: descriptions, choices and examples for every field. With --check
    they are compared with the models instead, and are themselves checked to be valid JSON Schemas.
    """
    from ttpack.model.schema import schema_files

    wanted = schema_files()
    try:
        present = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.schema.json"))}
        if check:
            return _compare(wanted, present, folder)
        _write(wanted, present, folder)
    except OSError as error:
        message = f"{error.filename or folder}: {error.strerror}"
        raise UnreadableError(message) from error
    return 0


def _compare(wanted: Mapping[str, str], present: dict[str, str], folder: Path) -> int:
    import json

    from jsonschema import Draft202012Validator

    for text in wanted.values():
        Draft202012Validator.check_schema(json.loads(text))
    states = {name: _state(wanted.get(name), present.get(name)) for name in sorted(wanted.keys() | present.keys())}
    differing = [f"{folder / name}: {state}" for name, state in states.items() if state]
    for line in differing:
        click.echo(line)
    if differing:
        click.echo(
            f"{len(differing)} of {len(states)} schemas differ from the models. To write them: ttpack schema {folder}"
        )
        return 1
    click.echo(f"{len(wanted)} schemas in {folder} are those of the models.")
    return 0


def _state(wanted: str | None, present: str | None) -> str:
    if wanted is None:
        return "of no kind"
    if present is None:
        return "missing"
    return "" if wanted == present else "differs"


def _write(wanted: Mapping[str, str], present: dict[str, str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    changed = [name for name, text in wanted.items() if present.get(name) != text]
    for name in changed:
        (folder / name).write_text(wanted[name], encoding="utf-8", newline="\n")
    gone = sorted(present.keys() - wanted.keys())
    for name in gone:
        (folder / name).unlink()
    click.echo(f"{folder}: {len(wanted)} schemas, {len(changed)} written, {len(gone)} removed.")
