"""`ttpack approve`: a person signs a controlled document, or an approval that is held elsewhere is entered."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttpack.cli import clock
from ttpack.errors import UsageError

if TYPE_CHECKING:
    from ttpack.cli.approving import Wanted

MEANINGS = ("author", "review", "approval", "acknowledgement")


@click.command("approve")
@click.argument("document", metavar="DOC")
@click.option("--as", "person", metavar="PERSON", help="The person who approves (PER-...).")
@click.option("--meaning", type=click.Choice(MEANINGS), help="What the signature means.")
@click.option("--role", metavar="ROLE", help="The role in which the person acts (default: the only one that fits).")
@click.option("--edition", default="internal", show_default=True, metavar="NAME", help="The edition approved.")
@click.option(
    "--key", type=click.Path(path_type=Path), metavar="FILE",
    help="The person's private SSH key, or the public one where an agent holds it.",
)  # fmt: skip
@click.option("--show", is_flag=True, help="Print the record to be signed, exactly, and write nothing.")
@click.option(
    "--signature", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="A signature made elsewhere, of what --show printed with the same --on.",
)  # fmt: skip
@click.option("--system", metavar="TEXT", help="The document system that holds the approval.")
@click.option("--document-id", metavar="TEXT", help="The id of the document there.")
@click.option("--version", metavar="TEXT", help="The version there.")
@click.option("--on", metavar="DATE", help="When it was approved there (as 2026-11-30), or signed elsewhere.")
@click.option("--entered-by", metavar="PERSON", help="Who enters the approval.")
@click.option("--verified-by", metavar="PERSON", help="Who verified the entry, another person.")
@click.option(
    "--package", "path", default=".", show_default=True, metavar="PATH", help="The package, or a folder in it."
)
def command(  # noqa: PLR0917  one parameter for each option
    document: str,
    person: str | None,
    meaning: str | None,
    role: str | None,
    edition: str,
    key: Path | None,
    show: bool,
    signature: Path | None,
    system: str | None,
    document_id: str | None,
    version: str | None,
    on: str | None,
    entered_by: str | None,
    verified_by: str | None,
    path: str,
) -> int:
    """Approve DOC, a controlled document by its id or number, as its content is now.

    With --key the person signs document, revision, content digest, edition, printed name, role, meaning and time with
    their SSH key, as `ssh-keygen -Y sign -n ttpack-approval` does; the key stands in the package's allowed signers.
    With --system an approval that the company's document system holds is entered: --document-id, --version, --on,
    --entered-by and --verified-by say which. Either way a record APR-... is written, and nothing is committed.

    Refused: a draft, a superseded or an external document; content that is not committed or that the check finds errors
    in; a person who is not there, does not hold the role, or wrote what they would approve; a key that does not count.

    Such a signature is no electronic signature in the sense of 21 CFR Part 11 by itself.
    """
    from ttpack.cli.approving import Reference, Wanted, approve, show_content

    given = {"--document-id": document_id, "--version": version, "--on": on, "--entered-by": entered_by,
             "--verified-by": verified_by}  # fmt: skip
    reference = None
    if system is not None:
        missing = [name for name, value in given.items() if not value]
        if missing:
            raise UsageError(f"an approval that {system} holds needs {', '.join(missing)}")
        reference = Reference(system, *map(str, given.values()))
    wanted = Wanted(document, person, meaning or "approval", role, edition, reference, on)
    _refuse_other_options(wanted, key, show=show, signature=signature, meaning=meaning, given=given)
    if show:
        click.echo(show_content(path, wanted, clock.now()), nl=False)
        return 0
    for line in approve(path, wanted, clock.now(), key, signature):
        click.echo(line)
    return 0


def _refuse_other_options(
    wanted: "Wanted", key: Path | None, *, show: bool, signature: Path | None, meaning: str | None,
    given: dict[str, str | None],
) -> None:  # fmt: skip
    """Raise UsageError for options that do not go together."""
    if wanted.reference is not None:
        if key or show or signature:
            raise UsageError("an approval that a system holds is not signed here: leave out --key, --show, --signature")
        return
    others = [name for name, value in given.items() if value and name != "--on"]
    if others:
        raise UsageError(f"{', '.join(others)} belong to an approval that a system holds: name it with --system")
    if wanted.person is None or meaning is None:
        raise UsageError("name who signs and what it means: --as PER-... --meaning approval")
    if sum(map(bool, (key, show, signature))) != 1:
        raise UsageError("give the key with --key FILE, or --show the record to be signed, or --signature FILE")
    if key and wanted.on:
        raise UsageError("the time of a signature is that of signing it: leave out --on")
    if signature and not wanted.on:
        raise UsageError("say when it was signed, as --show was told: --on 2026-11-30T09:30:00Z")
