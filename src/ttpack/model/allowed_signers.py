"""The keys that may sign, as a file in OpenSSH's format of allowed signers states them (`man ssh-keygen`).

A line is `principals [options] keytype key [comment]`. OpenSSH passes over a line that it cannot read without a word,
so that its signer becomes unknown; here each says what is wrong with it, where.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from ttpack.model.signatures import APPROVAL_NAMESPACE, RELEASE_NAMESPACE, fingerprint, strings_of

DEFAULT_FILE: Final = "allowed_signers"
"""Where the file stands, below the package's root, where the package record does not name one."""
OUR_NAMESPACES: Final = (APPROVAL_NAMESPACE, RELEASE_NAMESPACE)
SHORTEST_RSA: Final = 3072
"""Bits; NIST SP 800-57 part 1 asks for them where a signature has to hold beyond 2030."""
_STRONG: Final = frozenset({
    "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
})  # fmt: skip
_KEY_TYPE: Final = re.compile(r"(?:sk-)?(?:ssh|ecdsa|webauthn)-[a-z0-9@.-]+")
_PRINCIPALS: Final = re.compile(r'[ \t]*("[^"]*"|[^\s"]+)')
_OPTION: Final = re.compile(r'([A-Za-z-]+)(?:=("(?:[^"\\]|\\")*"|[^\s,"]*))?')
_TIME: Final = re.compile(r"[0-9]{8}(?:[0-9]{4}(?:[0-9]{2})?)?")
_VALUED: Final = frozenset({"namespaces", "valid-after", "valid-before"})
_PRIVATE: Final = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a line does not count, in the column (from 1) where it stands, and how to mend it."""

    column: int
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Signer:
    """A line that names a key. `key` is its fingerprint, empty where none could be read; times are in UTC."""

    line: int
    text: str
    principals: tuple[tuple[str, int], ...] = ()
    namespaces: tuple[str, ...] = ()
    namespaces_column: int = 1
    valid_after: datetime | None = None
    valid_before: datetime | None = None
    key_type: str = ""
    key: str = ""
    key_column: int = 1
    flaws: tuple[Flaw, ...] = ()

    def signs(self, namespace: str) -> bool:
        """Whether the key may sign for that purpose; one without namespaces may for any."""
        return not self.namespaces or namespace in self.namespaces


@dataclass(frozen=True)
class AllowedSigners:
    """A file of keys: its path below the package's root, and its lines."""

    path: str
    signers: tuple[Signer, ...] = field(default=())

    def text_for(self, principal: str) -> str:
        """The lines that count for one person, as OpenSSH reads them: none that has a flaw or whose key is shared."""
        owners: dict[str, set[str]] = {}
        for one in self.signers:
            owners.setdefault(one.key, set()).update(name for name, _ in one.principals)
        usable = (one for one in self.signers if not one.flaws and owners[one.key] == {principal})
        return "".join(f"{one.text}\n" for one in usable)


def allowed_signers(path: str, text: str) -> AllowedSigners:
    """The lines of a file of allowed signers; nothing in it raises."""
    return AllowedSigners(path, tuple(_signers(text)))


def _signers(text: str) -> Iterator[Signer]:
    private = False
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        if private or _PRIVATE.search(line):
            if not private:
                message = "a private key stands in the file of keys that may sign: everyone who reads it can sign"
                fix = "take it out, and never use the key again: it is in the history"
                yield Signer(number, "", flaws=(Flaw(1, message, fix),))
            private = "-----END" not in line
        elif bare and not bare.startswith("#"):
            yield _Line(number, line.rstrip("\r")).read()


class _Line:
    """One line while it is read from left to right."""

    def __init__(self, number: int, text: str) -> None:
        self.number, self.text = number, text
        self.flaws: list[Flaw] = []
        self.given: dict[str, tuple[str, int]] = {}

    def read(self) -> Signer:
        """What the line says, and what is wrong with it."""
        principals, at = self._principals()
        at = self._options(self._space(at))
        key_type, key = self._key(self._space(at))
        namespaces, column = self.given.get("namespaces", ("", 1))
        return Signer(
            self.number, self.text, principals, tuple(one.strip() for one in namespaces.split(",") if one.strip()),
            column, self._time("valid-after"), self._time("valid-before"), key_type, key, self._space(at) + 1,
            tuple(self.flaws),
        )  # fmt: skip

    def _flaw(self, at: int, message: str, fix: str) -> None:
        self.flaws.append(Flaw(at + 1, message, fix))

    def _space(self, at: int) -> int:
        while at < len(self.text) and self.text[at] in " \t":
            at += 1
        return at

    def _principals(self) -> tuple[tuple[tuple[str, int], ...], int]:
        found = _PRINCIPALS.match(self.text)
        if found is None:
            self._flaw(0, "the line names nobody whose key it is", "begin it with the id of a person")
            return (), len(self.text)
        start, names = found.start(1), found[1]
        if names.startswith('"'):
            start, names = start + 1, names[1:-1]
        principals: list[tuple[str, int]] = []
        for name in names.split(","):
            if set(name) & set("*?!") or not name:
                message = f"{name[:60]!r} is no person: a key belongs to one person, named by the id of the record"
                self._flaw(start, message, "write the id of the person, such as PER-ANNA-BERG")
            principals.append((name, start + 1))
            start += len(name) + 1
        return tuple(principals), found.end()

    def _options(self, at: int) -> int:
        """Read options up to the type of the key; the place where that begins."""
        while (found := _OPTION.match(self.text, at)) and not _KEY_TYPE.match(self.text, at):
            self._option(found[1].casefold(), found[2], at, found.start(2))
            at = found.end()
            if self.text[at : at + 1] == ",":
                at += 1
                if self.text[at : at + 1] in ("", " ", "\t"):
                    self._flaw(
                        at - 1, "a comma stands before no option", "options are separated by commas without spaces"
                    )
            elif self.text[at : at + 1] not in ("", " ", "\t"):
                return at
            else:
                break
        return at

    def _option(self, name: str, value: str | None, at: int, value_at: int) -> None:
        if name == "cert-authority":
            message = "a certification authority lets whoever it certifies sign as this person"
            self._flaw(at, message, "name the key of the person itself, without cert-authority")
        elif name not in _VALUED:
            hint = "options are namespaces, valid-after and valid-before, separated by commas without spaces"
            self._flaw(at, f"{name[:60]!r} is no option, and OpenSSH passes over the whole line", hint)
        elif value is None or not value.startswith('"'):
            message = f"the value of {name} stands in no quotation marks, and OpenSSH passes over the whole line"
            self._flaw(at, message, f'write {name}="..."')
        elif name in self.given:
            self._flaw(at, f"{name} is given twice", "leave one of them")
        else:
            self.given[name] = (value[1:-1], value_at + 2)

    def _time(self, name: str) -> datetime | None:
        value, column = self.given.get(name, ("", 1))
        if name not in self.given:
            return None
        message = f"{value[:40]!r} is no time of {name}"
        fix = 'write YYYYMMDD or YYYYMMDDhhmm, such as "20270131"; it is read in UTC'
        if re.fullmatch(r"[0-9]{8,14}(Z|[+-][0-9:]+)", value, re.IGNORECASE) or "T" in value:
            message += ": many versions of OpenSSH pass over a line whose time has a zone, without a word"
        elif _TIME.fullmatch(value):
            digits = value.ljust(14, "0")
            try:
                return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            except ValueError:
                message += ": there is no such day or hour"
        else:
            message += ", and OpenSSH passes over the whole line"
        self._flaw(column - 1, message, fix)
        return None

    def _key(self, at: int) -> tuple[str, str]:
        key_type, _, rest = self.text[at:].replace("\t", " ").partition(" ")
        blob = rest.lstrip().partition(" ")[0]
        hint = "copy the key's type and text from the .pub file"
        if self.flaws and not _KEY_TYPE.fullmatch(key_type):
            return "", ""
        if not _KEY_TYPE.fullmatch(key_type):
            self._flaw(
                at, f"no type of key stands here, but {key_type[:40]!r}" if key_type else "no key stands here", hint
            )
            return "", ""
        try:
            data = base64.b64decode(blob, validate=True)
            parts = list(strings_of(data))
        except (binascii.Error, ValueError):
            parts, data = [], b""
        if not parts or parts[0] != key_type.encode():
            self._flaw(at, f"the text after {key_type} is no such key", hint)
            return key_type, ""
        if key_type not in _STRONG:
            self._flaw(
                at, f"a key of type {key_type} is too weak, or a certificate", "make one with ssh-keygen -t ed25519"
            )
        elif key_type == "ssh-rsa" and _bits(parts) < SHORTEST_RSA:
            message = f"an RSA key of {_bits(parts)} bits is too weak: {SHORTEST_RSA} are the least"
            self._flaw(at, message, "make one with ssh-keygen -t ed25519")
        return key_type, fingerprint(data)


def _bits(parts: list[bytes]) -> int:
    return max((int.from_bytes(part).bit_length() for part in parts[1:]), default=0)
