"""Whether a released edition is what was released: every byte, every statement, without a network.

Nothing that a bag names is opened before it was seen as a regular file inside the bag.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ttpack.publish.release import bag
from ttpack.publish.release.contents import wrong_documents, wrong_records
from ttpack.publish.release.files import FileDigest, Irregular, file_digest, walk
from ttpack.publish.release.layout import FORMAT, RECORD
from ttpack.publish.release.statement import SIGNATURE, check_statement

_LINE = re.compile(r"([0-9a-f]{64})  ([^\0]+)")
_LARGEST_MANIFEST = 64 << 20
_LARGEST_RECORD = 256 << 20
_TAGS = frozenset({bag.DECLARATION, bag.INFORMATION, bag.MANIFEST, bag.TAG_MANIFEST, SIGNATURE, "index.html"})


@dataclass(frozen=True, slots=True)
class Fault:
    """A file, by its path below the edition's folder, and what is wrong with it."""

    path: str
    what: str

    def as_json(self) -> dict[str, str]:
        """The fault as a JSON object."""
        return {"path": self.path, "what": self.what}


@dataclass(frozen=True)
class Verified:
    """What was found of one edition: `faults`, what was `established`, and what could not be or was `not_checked`.

    `record` is the release record, empty where it could not be read.
    """

    folder: Path
    record: Mapping[str, Any]
    files: tuple[FileDigest, ...]
    faults: tuple[Fault, ...]
    established: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """What was found as a JSON object."""
        return {
            "folder": str(self.folder), "package": _text(self.record.get("package"), "id"),
            "revision": str(self.record.get("revision", "")), "edition": _text(self.record.get("edition"), "name"),
            "files": len(self.files), "bytes": sum(one.size for one in self.files), "good": self.good,
            "faults": [one.as_json() for one in self.faults],
            "established": list(self.established), "not_checked": list(self.not_checked),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trust:
    """What the verifier brings: keys that may sign (a file in OpenSSH's format), certificates (PEM), known rules."""

    signers: Path | None = None
    roots: Path | None = None
    rules: str = ""


@dataclass
class _Report:
    """Collects what is found."""

    faults: list[Fault] = field(default_factory=list)
    established: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)

    def fault(self, path: str, what: str) -> None:
        self.faults.append(Fault(path, what))


def verify_edition(folder: Path, trust: Trust) -> Verified:
    """What is found of the edition in a folder. What the payload says is looked at where its bytes are right.

    Raises OSError where the disk refuses.
    """
    report = _Report()
    present = _present(folder, report)
    tags = _manifest(folder, bag.TAG_MANIFEST, present, report)
    payload = _manifest(folder, bag.MANIFEST, present, report)
    found = {path: file_digest(folder, path) for path in sorted(present)}
    _compare(found, {**tags, **payload}, report)
    _declaration(folder, found, tags, report)
    record = _record(folder, found, report)
    if record:
        _about_files(record, found, report)
        _about_place(folder, record, report)
    if record and not report.faults:
        report.established.append(f"all {len(found)} files are as the manifest and the release record say")
        _statement(folder, trust, report)
        _rules(record, trust, report)
        _contents(folder, record, found, report)
        _seals(folder, record, found, trust, report)
    files = tuple(found.values())
    return Verified(folder, record, files, tuple(report.faults), tuple(report.established), tuple(report.not_checked))


def _present(folder: Path, report: _Report) -> set[str]:
    """Paths of the regular files; what is none is a fault, and so are names that differ only in case or spelling."""
    import unicodedata

    found: set[str] = set()
    folded: dict[str, str] = {}
    for one in walk(folder):
        if isinstance(one, Irregular):
            report.fault(one.path, f"is a {one.what}, which no release holds")
            continue
        key = unicodedata.normalize("NFC", one).casefold()
        if key in folded:
            report.fault(one, f"differs from {folded[key]} only in how it is spelt")
        folded[key] = one
        found.add(one)
    return found


def _manifest(folder: Path, name: str, present: set[str], report: _Report) -> dict[str, str]:
    """Digests by path, as a manifest states them."""
    if name not in present:
        report.fault(name, "is missing")
        return {}
    path = folder / name
    if path.stat().st_size > _LARGEST_MANIFEST:
        report.fault(name, "is too large to be a manifest")
        return {}
    content = path.read_bytes()
    found: dict[str, str] = {}
    if not content.endswith(b"\n"):
        report.fault(name, "does not end with a whole line")
    for number, line in enumerate(content.decode("utf-8", "replace").split("\n")[:-1], start=1):
        match = _LINE.fullmatch(line)
        stated = bag.unescaped(match[2]) if match else ""
        inside = stated.startswith(f"{bag.PAYLOAD}/") if name == bag.MANIFEST else "/" not in stated
        if not match or not inside or stated in found or ".." in stated.split("/"):
            report.fault(name, f"line {number} is none of a manifest")
        else:
            found[stated] = match[1]
    if list(found) != sorted(found, key=lambda one: one.encode()):
        report.fault(name, "is not in the order in which releases are written")
    return found


def _compare(found: Mapping[str, FileDigest], stated: Mapping[str, str], report: _Report) -> None:
    for path, digest in stated.items():
        if path not in found:
            report.fault(path, "is missing")
        elif found[path].digest != digest:
            report.fault(path, f"was changed: its SHA-256 is {found[path].digest}, released was {digest}")
    for path in found.keys() - stated.keys() - {bag.TAG_MANIFEST}:
        report.fault(path, "was added: no manifest names it")


def _declaration(folder: Path, found: Mapping[str, FileDigest], tags: Mapping[str, str], report: _Report) -> None:
    for name in sorted({bag.DECLARATION, bag.INFORMATION, bag.MANIFEST} - tags.keys()):
        report.fault(bag.TAG_MANIFEST, f"does not name {name}")
    for name in sorted(tags.keys() - _TAGS):
        report.fault(bag.TAG_MANIFEST, f"names {name}, which no release has")
    if bag.DECLARATION in found:
        declared = (folder / bag.DECLARATION).read_bytes()[:200]
        if declared != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
            report.fault(bag.DECLARATION, "does not declare a bag of BagIt 1.0 in UTF-8")


def _record(folder: Path, found: Mapping[str, FileDigest], report: _Report) -> dict[str, Any]:
    path = f"{bag.PAYLOAD}/{RECORD}"
    if path not in found:
        report.fault(path, "is missing")
        return {}
    if found[path].size > _LARGEST_RECORD:
        report.fault(path, "is too large to be a release record")
        return {}
    try:
        record = json.loads((folder / path).read_bytes())
    except (ValueError, RecursionError):
        report.fault(path, "is not JSON")
        return {}
    if not isinstance(record, dict) or record.get("format") != FORMAT or not isinstance(record.get("files"), list):
        report.fault(path, f"is no release record of format {FORMAT}")
        return {}
    return record


def _about_files(record: Mapping[str, Any], found: Mapping[str, FileDigest], report: _Report) -> None:
    """The release record names the same files with the same digests as the manifest."""
    stated = {
        str(one.get("path")): (one.get("bytes"), one.get("sha256")) for one in record["files"] if isinstance(one, dict)
    }
    prefix = f"{bag.PAYLOAD}/"
    have = {
        path.removeprefix(prefix): (one.size, one.digest)
        for path, one in found.items() if path.startswith(prefix) and path != f"{prefix}{RECORD}"
    }  # fmt: skip
    named = {one.path for one in report.faults}  # one cause, one fault
    for path in sorted(stated.keys() | have.keys()):
        if stated.get(path) != have.get(path) and f"{prefix}{path}" not in named:
            report.fault(f"{prefix}{path}", "is not as the release record says")


def _about_place(folder: Path, record: Mapping[str, Any], report: _Report) -> None:
    """In a folder of releases, revision and edition are those of the folders; a copy may stand under any name."""
    revision, edition = str(record.get("revision")), _text(record.get("edition"), "name")
    if (folder.resolve().parent.parent / "versions.json").is_file():
        where = (folder.resolve().parent.name, folder.resolve().name)
        if where != (revision, edition):
            report.fault(f"{bag.PAYLOAD}/{RECORD}", f"is of {revision}, {edition}, and stands in {'/'.join(where)}")


def _statement(folder: Path, trust: Trust, report: _Report) -> None:
    """The signature under the release record. Whoever says whose keys count asks for one of them."""
    path = folder / SIGNATURE
    if path.is_symlink() or not path.is_file():
        if trust.signers:
            report.fault(SIGNATURE, "is missing: nobody signed this, and a signature was asked for")
        report.not_checked.append(
            "who released this: nobody signed it, so whoever can write these files can write a manifest for others"
        )
        return
    if trust.signers is None:
        report.not_checked.append("the signature of the release: say whose keys count with --allowed-signers FILE")
        return
    record = (folder / bag.PAYLOAD / RECORD).read_bytes()
    found, who, when = check_statement(path.read_bytes(), record, trust.signers)
    if found.good:
        report.established.append(f"signed by {who} at {when} with the key {found.key}, which your file of signers has")
    elif found.verdict == "unknown":
        report.fault(SIGNATURE, f"could not be verified: {found.reason}")
    else:
        report.fault(SIGNATURE, f"is not good: {found.reason}")


def _contents(folder: Path, record: Mapping[str, Any], found: Mapping[str, FileDigest], report: _Report) -> None:
    """The digests that data and documents state are those of what they hold."""
    bad_records, records = wrong_records(folder, found)
    bad_documents, documents = wrong_documents(folder, record, found)
    for path, what in (bad_records | bad_documents).items():
        report.fault(path, what)
    if not bad_records and not bad_documents:
        report.established.append(f"the digests of {records} records and {documents} controlled documents are theirs")


def _seals(
    folder: Path, record: Mapping[str, Any], seen: Mapping[str, FileDigest], trust: Trust, report: _Report
) -> None:
    """The organisation's seal on each PDF that the release record says was sealed."""
    sealed = record.get("before_sealing")
    paths = sorted(sealed) if isinstance(sealed, dict) else []
    if not paths:
        if trust.roots:
            report.fault(f"{bag.PAYLOAD}/{RECORD}", "says that no PDF was sealed, and a trusted seal was asked for")
        report.not_checked.append("seals: no PDF of this release was sealed")
        return
    from ttpack.publish.seal import check_seal

    signers, untrusted = set(), 0
    for path in paths:
        if f"{bag.PAYLOAD}/{path}" not in seen:
            report.fault(f"{bag.PAYLOAD}/{RECORD}", f"says that {path!r} was sealed, which is none of its files")
            continue
        found = check_seal((folder / bag.PAYLOAD / path).read_bytes(), trust.roots)
        if not found.intact:
            report.fault(f"{bag.PAYLOAD}/{path}", f"its seal is not good: {found.reason}")
        signers.add(found.signer)
        untrusted += not found.trusted
    report.established.append(f"the seals of {len(paths)} PDF are intact: {'; '.join(sorted(signers))}")
    if untrusted and trust.roots:
        report.fault(f"{bag.PAYLOAD}/{RECORD}", f"the seals of {untrusted} PDF are of nobody whom you trust")
    elif untrusted:
        report.not_checked.append("whose the seal is: no certificate that you trust vouches for it (--trust FILE)")


def _rules(record: Mapping[str, Any], trust: Trust, report: _Report) -> None:
    if trust.rules and record.get("rules") != trust.rules:
        report.not_checked.append("the rules that its checks followed: another version of ttpack than this one made it")


def _text(value: object, name: str) -> str:
    return str(value.get(name, "")) if isinstance(value, Mapping) else ""


def editions_below(path: Path) -> Iterator[Path]:
    """The folders of editions at `path`: it may be one, a revision, or the folder of all releases.

    Beside one edition every folder counts as one, so that none is passed over because its marks were taken away.
    """
    if _is_edition(path):
        yield path
    elif any(map(_is_edition, _folders(path))):
        yield from _folders(path)
    elif is_store(path):
        for revision in _revisions(path):
            yield from _folders(revision)


def is_store(path: Path) -> bool:
    """Whether it is the folder of all releases: revisions in it hold editions."""
    return not _is_edition(path) and any(
        _is_edition(one) for revision in _revisions(path) for one in _folders(revision)
    )


def strays(path: Path) -> list[dict[str, str]]:
    """What stands beside editions in a revision's folder, and links beside revisions; none of it was released."""
    if _is_edition(path):
        return []
    store = is_store(path)
    found = [one for one in sorted(path.iterdir()) if one.is_symlink()] if store else []
    for revision in _revisions(path) if store else [path]:
        found += [
            one for one in sorted(revision.iterdir()) if one.is_symlink() or not one.is_dir() or one.name[0] == "."
        ]
    what = "was added: no release has it there"
    return [{"path": one.relative_to(path).as_posix(), "what": what} for one in found]


def _revisions(path: Path) -> list[Path]:
    return [one for one in _folders(path) if one.name != "versions"]


def _is_edition(path: Path) -> bool:
    return any((path / name).exists() for name in (bag.DECLARATION, bag.MANIFEST, f"{bag.PAYLOAD}/{RECORD}"))


def _folders(path: Path) -> list[Path]:
    return sorted(
        one for one in path.iterdir() if not one.is_symlink() and one.is_dir() and not one.name.startswith(".")
    )
