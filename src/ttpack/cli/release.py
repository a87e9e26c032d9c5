"""`ttpack release`: a revision as immutable folders, one for each edition."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttpack.cli import clock
from ttpack.cli.opening import as_of_date, open_tree
from ttpack.cli.progress import progress
from ttpack.errors import RevisionError, UnreadableError, UsageError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from ttpack.analysis.editions.edition import Edition
    from ttpack.cli.opening import AnyTree
    from ttpack.publish.release.payload import ReleaseFacts, Seal
    from ttpack.publish.release.statement import Signer
    from ttpack.rules.answer import Check
    from ttpack.views.edition_content import Known

INTERNAL = "internal"
DEFAULT = (INTERNAL, "partner")
_SHOWN = 10


@click.command("release")
@click.argument("path", default=".")
@click.option("--tag", required=True, metavar="TAG", help="The tag to release; it has to be checked out, and clean.")
@click.option(
    "--edition", "editions", multiple=True, metavar="NAME",
    help="An edition to release; repeatable (default: internal, and that of each partner).",
)  # fmt: skip
@click.option("--since", metavar="REV", help="Tell changes since this revision (default: the one approved before).")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default="public", show_default=True,
    help="The folder of all releases.",
)  # fmt: skip
@click.option("--key", type=click.Path(dir_okay=False, path_type=Path), help="Sign the release record with this key.")
@click.option("--as", "person", metavar="PERSON", help="The person whose key it is (PER-...).")
@click.option(
    "--seal", "certificate", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Seal every PDF with the organisation's certificate (PKCS#12).",
)  # fmt: skip
@click.option(
    "--seal-passphrase-file", "passphrase", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="The file with the passphrase of the certificate.",
)  # fmt: skip
def command(  # noqa: PLR0917  one parameter for each option of the command
    path: str,
    tag: str,
    editions: tuple[str, ...],
    since: str | None,
    out: Path,
    key: Path | None,
    person: str | None,
    certificate: Path | None,
    passphrase: Path | None,
) -> int:
    """Release the package at PATH as it stands at a tag.

    Writes OUT/TAG/EDITION for each edition: a bag (BagIt) with the site, PDF and Word of every controlled document, the
    data, a release record, what built it, and digests of all of it. OUT/TAG appears whole or not at all and never
    changes afterwards; older releases show that they are superseded by OUT/versions alone. `ttpack verify` checks it.
    """
    from ttpack.publish.release.store import folder_name

    folder_name(tag)
    tree = tagged_tree(path, tag)
    _refuse_base(path, since)
    _refuse_other_than_the_tag(tree, path, tag, out)
    day = as_of_date(None, tree)
    found = _release_check(tree, day)
    if found.blocking:
        return _refused(found)
    seal, signer = _seal(certificate, passphrase), _signer(key, person)
    for line in release(path, tree, day, out, tag, editions or DEFAULT, since, seal=seal, signer=signer):
        click.echo(line)
    return 0


def tagged_tree(path: str, tag: str) -> "AnyTree":
    """The package as it stands at a tag, under the tag's own name.

    Raises RevisionError where there is no such tag, UsageError where git takes the name for something else.
    """
    commit = open_tree(path, f"refs/tags/{tag}").revision.commit
    tree = open_tree(path, tag)
    if tree.revision.commit != commit:
        raise UsageError(f"{tag} is not only a tag here: git takes the name for another revision")
    return tree


def _refuse_other_than_the_tag(tree: "AnyTree", path: str, tag: str, out: Path) -> None:
    """Raise UsageError unless the tag is what is checked out, with nothing changed and nothing that git does not know.

    What lies in the folder of releases does not count.
    """
    repository = open_tree(path).repository
    if repository is None:
        raise UsageError(f"{path} is in no git repository: a release is made of a tag")
    if repository.shallow:
        raise RevisionError("this is a shallow clone: fetch all history and tags first (fetch-depth: 0)")
    head = repository.head()
    if head is None or head.hash != tree.revision.commit:
        raise UsageError(f"{tag} is not what is checked out: git checkout {tag}")
    status = repository.run(
        "status",
        "--porcelain",
        "--no-renames",
        "-z",
        "--untracked-files=all",
        "--ignore-submodules=none",
        settings=repository.no_filters,
    )
    released = _out_of_the_way(open_tree(path), out)
    top = Path(repository.top).resolve()
    entries = [one for one in status.decode("utf-8", "surrogateescape").split("\0") if one]
    # what git knows and what was changed of it counts wherever it lies; only new files may be those of releases
    left = [one for one in entries if one[:2] != "??" or not (top / one[3:]).resolve().is_relative_to(released)]
    if left:
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        raise UsageError(
            f"the checkout is not clean: {left[0][3:]!r}{more} (git status); commit it, tag it, or remove it"
        )


def _out_of_the_way(tree: "AnyTree", out: Path) -> Path:
    """The folder of releases, with its links followed. Raises UsageError where it would mix with the package."""
    from ttpack.source.load import load

    released, root = (
        out.resolve(),
        Path(getattr(tree, "root", tree.repository.top if tree.repository else ".")).resolve(),
    )
    if root.is_relative_to(released):
        raise UsageError(f"{out} holds the package itself: name a folder of its own for releases, such as --out public")
    manifest = load(tree).package.manifest
    for name in (*(manifest.records or ()), *(manifest.overlays or ())):
        if released.is_relative_to((root / name).resolve()):
            raise UsageError(f"{out} lies among the records of the package: name a folder outside {name}")
    if released.is_relative_to(Path(tree.repository.git_dir).resolve() if tree.repository else root / ".git"):
        raise UsageError(f"{out} lies in the folder of git: name another one")
    return released


def _refuse_base(path: str, since: str | None) -> None:
    """Raise UsageError unless a base named on the command line is a tag: other names of commits may not leave us."""
    if since is not None:
        tag = since.removeprefix("refs/tags/")
        try:
            open_tree(path, f"refs/tags/{tag}")
        except RevisionError as error:
            raise UsageError(f"--since {since!r} is not a tag: readers are told changes since a release") from error


def _release_check(tree: "AnyTree", day: "datetime.date") -> "Check":
    from ttpack.cli.check import answered

    return answered(tree, day, release=True)


def _refused(found: "Check") -> int:
    from ttpack.views.words import counted

    click.echo(f"Not released: {counted(len(found.blocking), 'error')} at release (ttpack check --release).", err=True)
    for one in found.blocking[:_SHOWN]:
        click.echo(f"  {one.path}:{one.line}:{one.column}: {one.code} {one.message}", err=True)
    return 1


def release(  # noqa: PLR0917  what a release is made of
    path: str,
    tree: "AnyTree",
    day: "datetime.date",
    out: Path,
    tag: str,
    names: "Sequence[str]",
    since: str | None = None,
    *,
    seal: "Seal | None" = None,
    signer: "Signer | None" = None,
) -> list[str]:
    """Write a revision's editions to `out`, and say in a line each where they are.

    Raises UsageError for an unknown edition or a revision that is released already, PublishError for what cannot be
    set, UnreadableError where the disk refuses. What stands in `out` stays as it was until all of it is written.
    """
    from ttpack.publish.release.payload import write_edition
    from ttpack.publish.release.store import only_one, other_package, staged, write_versions
    from ttpack.views.edition_content import edition_content

    known, wanted, base = _known(path, tree, day, tag, names, since)
    lines = []
    try:
        with only_one(out), progress("Releasing", len(wanted)) as advance:
            other = other_package(out, str(known.package.manifest.id))
            if other:
                raise UsageError(f"{out} holds releases of {other}: each package has a folder of its own (--out)")
            write_versions(out)  # heals what was interrupted between a revision and the lists
            with staged(out, tag) as folder:
                for edition in wanted:
                    place = folder / edition.name
                    place.mkdir()
                    content = edition_content(known, edition, "documents")
                    digest = write_edition(
                        content, _facts(known, edition, wanted, tree, tag, base), place, seal, signer
                    )
                    lines.append(f"{edition.name:<24} {out / tag / edition.name}  (sha256 {digest})")
                    advance(1)
            write_versions(out)
    except OSError as error:
        raise UnreadableError(f"{error.filename or out}: {error.strerror or error}") from error
    return [
        *lines,
        f"{'signed' if signer else 'not signed'}; {'sealed' if seal else 'no seal'}; ttpack verify {out / tag}",
    ]


def _known(  # noqa: PLR0917  what a release is made of
    path: str, tree: "AnyTree", day: "datetime.date", tag: str, names: "Sequence[str]", since: str | None
) -> "tuple[Known, tuple[Edition, ...], str]":
    from ttpack.analysis.editions.edition import edition_named
    from ttpack.cli.build import changes_between
    from ttpack.cli.building import known_of
    from ttpack.source.load import load

    loaded = load(tree)
    found = {one.name: one for name in names for one in edition_named(loaded.package, name)}
    base = since or _approved_before(tree)
    change, changed, earlier = changes_between(path, (base, tag), tree, day) if base else (None, None, None)
    return known_of(tree, loaded, day, change, changed, earlier), tuple(found.values()), base


def _approved_before(tree: "AnyTree") -> str:
    """The tag of the revision that was approved before, "" where there is none."""
    from ttpack.cli.approved_base import approved_base
    from ttpack.source.cache import open_cache

    with open_cache(tree) as cache:
        found = approved_base(tree, cache, release=True)
    return "" if isinstance(found, str) else found.name


def _facts(  # noqa: PLR0917  what a release record says
    known: "Known", edition: "Edition", wanted: "Sequence[Edition]", tree: "AnyTree", tag: str, base: str
) -> "ReleaseFacts":
    from datetime import UTC, datetime

    from ttpack.analysis.editions.record import redaction_record, withheld_record
    from ttpack.analysis.editions.redact import redacted
    from ttpack.cli.building import moment
    from ttpack.cli.rules_version import rules_digest
    from ttpack.publish.release.payload import ReleaseFacts

    package, internal = known.package, edition.internal
    held = package if internal else redacted(package, edition)
    day = as_of_date(None, tree)
    others = {
        one.name: withheld_record(package, redacted(package, one), one) for one in wanted if not one.internal
    } if internal else {}  # fmt: skip
    return ReleaseFacts(
        revision=tag,
        moment=datetime.fromtimestamp(moment(tree, day), UTC),
        rules=rules_digest(),
        commit=str(tree.revision.commit) if internal else "",
        since=base.removeprefix("refs/tags/"),
        redaction=redaction_record(held, edition),
        others=others,
    )


def _signer(key: Path | None, person: str | None) -> "Signer | None":
    """Who signs the release record, with what. Raises UsageError where one of both is missing."""
    if key is None and person is None:
        return None
    if key is None or person is None:
        raise UsageError("a release is signed by a person with a key: give --as PER-... and --key FILE")
    from ttpack.publish.release.statement import Signer

    return Signer(person, key, clock.now().replace(microsecond=0))


def _seal(certificate: Path | None, passphrase: Path | None) -> "Seal | None":
    if certificate is None:
        return None
    from ttpack.publish.seal import sealing

    return sealing(certificate, passphrase, clock.now().replace(microsecond=0))
