"""A package with a mark in every field that a partner may not read, and in all that git and the disk say besides.

Of every kind there is a record that the partner may read, with marks in its internal fields, in `x-` fields, and
references to hidden records in every field that takes one; and records that the partner may not read, with marks in
everything.
"""

import io
import itertools
import json
import re
import shutil
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.analysis.field_variants import full_record
from tests.conftest import Repository
from tests.rules.test_cases import MINIMAL

from ttpack.model.digest import record_digest
from ttpack.model.fields import audience
from ttpack.model.graph import strings
from ttpack.model.json_text import dumps
from ttpack.model.kinds import KINDS

AUDIENCES: tuple[list[str] | None, ...] = (None, ["internal"], ["party:ORG-OTHER"], ["regulator"])
_SINGLE = frozenset({"package"})
_ID = re.compile(r"[A-Z]{2,5}(-[A-Z0-9]+)+(@[A-Z]{2,5}(-[A-Z0-9]+)+)?")


@dataclass(frozen=True)
class Canaries:
    """The repository, how many marks were planted, digests that stay inside, marks that regulators read."""

    repository: Repository
    planted: int
    digests: frozenset[str]
    for_regulators: frozenset[str]


class _Marks:
    """Numbers marks, so that each is known by its own."""

    def __init__(self) -> None:
        self.counter = itertools.count(1)
        self.count = 0

    def word(self) -> str:
        self.count += 1
        return f"kanari{next(self.counter):04}"

    def number(self) -> Decimal:
        self.count += 1
        return Decimal(f"7319{next(self.counter):04}.25")

    def day(self) -> str:
        self.count += 1
        number = next(self.counter)
        return f"207{1 + number % 9}-{1 + number % 12:02}-{1 + number % 28:02}"


def make(folder: Path) -> Canaries:
    """The package in a git repository with two tags, `rev-1` and `rev-2`, and everything of it marked."""
    marks = _Marks()
    shutil.copytree(MINIMAL, folder / "package")
    repository = Repository(folder / "package")
    repository.git("init", "--quiet", "--initial-branch", f"{marks.word()}-branch")
    repository.git("config", "user.name", marks.word())
    repository.git("config", "user.email", f"{marks.word()}@example.org")
    hidden, visible = _records(marks)
    earlier = [{**one, "x-then": marks.word()} if "x-secret" in one else one for one in visible]
    _write(repository.path, hidden, earlier, marks)
    digests = _digests(hidden, earlier)
    commits = [_commit(repository, marks, "rev-1", 1)]
    hidden = [{**one, "note": marks.word()} for one in hidden]
    _write(repository.path, hidden, visible, marks)
    digests |= _digests(hidden, visible)
    commits.append(_commit(repository, marks, "rev-2", 2))
    text = " ".join(dumps(one).casefold() for one in hidden if one.get("audience") == ["regulator"])
    readable = frozenset(re.findall(r"kanari[0-9]{4}|7319[0-9]{4}|207[1-9]-[0-9]{2}-[0-9]{2}", text))
    return Canaries(repository, marks.count, frozenset({*digests, *commits}), readable)


def _commit(repository: Repository, marks: _Marks, tag: str, day: int) -> str:
    repository.git("add", "--all")
    author = f"{marks.word()} <{marks.word()}@example.org>"
    repository.git("commit", "--quiet", "--author", author, "--message", f"{marks.word()} changed", day=day)
    repository.git("tag", "--annotate", tag, "--message", marks.word(), day=day)
    return repository.git("rev-parse", "HEAD")


def _records(marks: _Marks) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    hidden, visible = [], []
    rotation = itertools.cycle(AUDIENCES)
    ids: dict[str, str] = {}
    for kind in sorted(KINDS.keys() - _SINGLE):
        record = _hidden(kind, next(rotation), marks)
        ids[kind] = record["id"]
        hidden.append(record)
    visible += [_visible(kind, ids, marks) for kind in sorted(KINDS.keys() - _SINGLE)]
    return hidden, [*visible, *_documents(sorted(ids.values()))]


def _documents(hidden: list[str]) -> list[dict[str, Any]]:
    """Controlled documents for the partner that select by their type, or list hidden records beside others."""
    common = {"kind": "document", "audience": ["partner"], "status": "effective", "revision": "A", "attachments": []}
    types = ("process description", "responsibility matrix", "draft batch record", "own type")
    given: list[dict[str, Any]] = [
        {
            **common,
            "id": f"DOC-SEEN-{number}",
            "number": f"SEEN-{number}",
            "title": f"Seen {name}",
            "document_type": name,
        }
        for number, name in enumerate(types)
    ]
    given[-1] |= {
        "shows": ["SEE-MATERIAL", *hidden[:20]],
        "sections": [{"title": "Words", "text": f"As [[{hidden[3]}]] says.", "kinds": ["know_how", "risk"]}],
    }
    return given


def _hidden(kind: str, label: list[str] | None, marks: _Marks) -> dict[str, Any]:
    """A full record of which every text, number and date is a mark, under an id that is one."""
    raw: dict[str, Any] = _marked(full_record(kind), marks)
    name = f"CAN-{marks.word().upper()}"
    raw |= {"kind": kind, "id": f"{name}@SITE-B" if kind == "site_overlay" else name, "title": f"{marks.word()} title"}
    raw |= {"x-more": {marks.word(): marks.number()}, "formerly": [f"OLD-{marks.word().upper()}"]}
    raw["attachments"] = [{"file": f"attachments/{marks.word()}.csv", "alternative_text": marks.word()}]
    raw.pop("audience", None)
    raw.pop("status", None)
    return raw if label is None else {**raw, "audience": label}


def _marked(value: Any, marks: _Marks) -> Any:
    if isinstance(value, dict):
        return {(marks.word() if key == "entry" else key): _marked(one, marks) for key, one in value.items()}
    if isinstance(value, list):
        return [_marked(one, marks) for one in value]
    if isinstance(value, Decimal):
        return marks.number()
    if value in {"first words", "second words"}:
        return f"{marks.word()} words"
    if isinstance(value, str) and re.fullmatch(r"2031-01-01.*", value):
        return f"{marks.day()}{value[10:]}"
    if isinstance(value, str) and value == "EVI-A":
        return f"CAN-{marks.word().upper()}"
    return value


def _visible(kind: str, hidden: dict[str, str], marks: _Marks) -> dict[str, Any]:
    """A full record for the partner: marks in what is internal of it, hidden records wherever one may be named."""
    others = itertools.cycle(sorted(hidden.values()))
    raw: dict[str, Any] = _referring(full_record(kind), others)
    for path, _ in list(strings(raw)):
        if audience(kind, path) == "internal":
            _put(raw, path, marks.word())
    target = hidden[kind]
    raw |= {
        "kind": kind,
        "id": "PRM-SEEN@SITE-B" if kind == "site_overlay" else f"SEE-{kind.upper().replace('_', '-')}",
        "title": f"Seen {kind.replace('_', ' ')}",
        "audience": ["partner"],
        "description": (
            f"As [[{target}]], [[{target}|the other]], {{{{ {target}.title }}}} and {target.lower()} say of {target}s."
        ),
        "formerly": [f"FOR-{kind.upper().replace('_', '-')}"],
        "x-secret": {marks.word(): [marks.word(), marks.number()]},
        "attachments": [{"file": f"attachments/seen-{kind}.csv"}],
    }
    raw.pop("status", None)
    return raw


def _referring(value: Any, others: Iterator[str]) -> Any:
    if isinstance(value, dict):
        return {key: _referring(one, others) for key, one in value.items()}
    if isinstance(value, list):
        return [_referring(one, others) for one in value]
    return next(others) if value == "EVI-A" else value


def _put(raw: Any, path: str, mark: str) -> None:
    steps: list[str | int] = []
    for name, index in re.findall(r"([^.\[\]]+)|\[([0-9]+)\]", path):
        steps.append(name or int(index))
    for step in steps[:-1]:
        raw = raw[step]
    if not _ID.fullmatch(str(raw[steps[-1]])) and not re.fullmatch(r"[0-9a-f]{40,64}|@.*", str(raw[steps[-1]])):
        raw[steps[-1]] = mark


def _write(folder: Path, hidden: list[dict[str, Any]], visible: list[dict[str, Any]], marks: _Marks) -> None:
    records = folder / "records" / f"{marks.word()}-folder"
    shutil.rmtree(folder / "attachments", ignore_errors=True)
    for old in (folder / "records").glob("kanari*-folder"):
        shutil.rmtree(old)
    records.mkdir()
    for name, group in (("hidden", hidden), ("seen", visible)):
        (records / f"{name}-{marks.word()}.yaml").write_text(dumps(group), "utf-8")
        for one in group:
            for attachment in one["attachments"]:
                path = folder / attachment["file"]
                path.parent.mkdir(exist_ok=True)
                content = f"{marks.word()},{marks.number()}\n" if name == "hidden" else "a,1\n"
                path.write_text(content, "utf-8")
    (folder / "attachments" / "picture.png").write_bytes(_picture(marks.word()))
    (folder / "attachments" / "flow.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {marks.word()} --><desc>{marks.word()}</desc></svg>', "utf-8"
    )


def _picture(mark: str) -> bytes:
    out = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    out.seek(8)
    for kind, data in ((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"tEXt", f"Comment\0{mark}".encode()),
                       (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")):  # fmt: skip
        out.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))
    return out.getvalue()


def _digests(hidden: list[dict[str, Any]], visible: list[dict[str, Any]]) -> set[str]:
    """Digests over what is hidden: of hidden records, and of others that have internal fields."""
    marked = (*hidden, *(one for one in visible if any(name.startswith("x-") for name in one)))
    return {record_digest(json.loads(dumps(one), parse_float=Decimal)) for one in marked}
