"""Signing and verifying with `ssh-keygen -Y` (OpenSSH 8.9 or later), without a shell and without the network."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ttpack.errors import UnreadableError, UsageError
from ttpack.model.signatures import PROGRAM, SignatureCheck, signature_parts

_NAMESPACE: Final = re.compile(r"[a-z][a-z0-9.@-]{0,60}")
_PRINCIPAL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,120}")
_LONGEST: Final = 60
"""Seconds that a verification may take; it takes some milliseconds."""
_CLEAN: Final = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
_ASKING: Final = (
    "HOME", "PATH", "TERM", "SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY", "WAYLAND_DISPLAY",
    "XAUTHORITY", "XDG_RUNTIME_DIR", "SSH_SK_PROVIDER",
)  # fmt: skip
"""What signing needs of the caller's environment: the agent, and ways to ask a person for a passphrase."""


def can_sign() -> bool:
    """Whether `ssh-keygen` is installed; without it no signature can be made or verified."""
    return shutil.which(PROGRAM) is not None


def sign_text(content: bytes, key: Path, namespace: str) -> str:
    """The armoured signature under `content` with the private key in a file, for one purpose.

    A public key's file will do where an agent holds the private one. A passphrase is asked for by `ssh-keygen`
    itself, at the terminal. Raises UsageError where `ssh-keygen` is not installed, or will not sign, with its words.
    """
    if not _NAMESPACE.fullmatch(namespace):
        raise UsageError(f"{namespace[:60]!r} is no namespace of signatures")
    if not key.is_file():
        raise UsageError(f"there is no key file {key}")
    inherited = os.environ  # noqa: TID251  the agent, and ways to ask a person; nothing here depends on them
    environment = {name: inherited[name] for name in _ASKING if name in inherited} | {"LC_ALL": "C", "TZ": "UTC"}
    command = (_program(), "-q", "-Y", "sign", "-f", str(key.absolute()), "-n", namespace)
    done = _run(command, content, environment, timeout=None)
    armoured = done.stdout.decode("ascii", "replace")
    if done.returncode or signature_parts(armoured) is None:
        raise UsageError(f"{PROGRAM} could not sign with {key}: {_words(done.stderr) or 'it gave no reason'}")
    return armoured


def check_text(  # noqa: PLR0913, PLR0917  the facts of one signature
    content: bytes, signature: str, signers: Path | str, principal: str, namespace: str, moment: datetime
) -> SignatureCheck:
    """Whether `signature` is that of `principal` under exactly `content`, with a key that counted at `moment`.

    `signers` is a file in OpenSSH's format of allowed signers, or (str) the text of one. `moment` is when it was
    signed, with its zone: a key that expired later still counts. The verdict is `unknown` only where `ssh-keygen` is
    not installed. Raises UnreadableError where a file of signers cannot be read.
    """
    with verifier(signers) as one:
        return one.check(content, signature, principal, namespace, moment)


@contextmanager
def verifier(signers: Path | str) -> Iterator["Verifier"]:
    """A verifier of many signatures against the same signers, as `check_text` takes them."""
    try:
        text = signers.read_bytes() if isinstance(signers, Path) else signers.encode("utf-8", "replace")
    except OSError as error:
        raise UnreadableError(f"{signers}: {error.strerror}") from None
    with tempfile.TemporaryDirectory(prefix="ttpack-") as folder:
        Path(folder, "allowed_signers").write_bytes(text)
        yield Verifier(Path(folder))


@dataclass(frozen=True, slots=True)
class Verifier:
    """Verifies signatures with the files of a folder of its own; `verifier` makes it and clears up after it."""

    folder: Path

    def check(self, content: bytes, signature: str, principal: str, namespace: str, moment: datetime) -> SignatureCheck:
        """What becomes of one signature, as `check_text` says."""
        parts = signature_parts(signature)
        if parts is None:
            return SignatureCheck("bad", "it is no signature of OpenSSH's")
        if parts.namespace != namespace:
            return SignatureCheck("bad", f"it was made for {parts.namespace[:60]!r}, not for {namespace!r}", parts.key)
        if not _PRINCIPAL.fullmatch(principal) or not _NAMESPACE.fullmatch(namespace):
            return SignatureCheck("bad", f"{principal[:60]!r} is no name of a signer", parts.key)
        if moment.tzinfo is None:
            return SignatureCheck("bad", "the time of signing has no zone", parts.key)
        if not can_sign():
            return SignatureCheck("unknown", f"{PROGRAM} is not installed", parts.key)
        file = self.folder / "signature"
        file.write_text(signature, encoding="ascii", newline="\n")
        at = moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")
        command = [
            _program(), "-Y", "verify", "-f", str(self.folder / "allowed_signers"), "-I", principal, "-n", namespace,
            "-s", str(file), f"-Overify-time={at}",
        ]  # fmt: skip
        done = _run(command, content, _CLEAN, timeout=_LONGEST)
        if done.returncode == 0:
            return SignatureCheck("good", key=parts.key)
        return SignatureCheck("bad", self._why(done.stderr + b"\n" + done.stdout), parts.key)

    def _why(self, error: bytes) -> str:
        """Why, in a person's words where OpenSSH's own are known."""
        said = _words(error).replace(f"{self.folder}/", "")
        for sign, words in _REASONS.items():
            if sign in said:
                return f"{words} ({_detail(said)})" if sign in _DETAILED else words
        return said or f"{PROGRAM} refused it without a reason"


_REASONS: Final[Mapping[str, str]] = {
    "incorrect signature": "what was signed is not what stands here now",
    "not yet valid": "its key did not count yet when it was signed",
    "has expired": "its key had expired when it was signed",
    "not permitted for use in signature namespace": "its key may not sign for this purpose (namespaces)",
    "Could not verify signature": "its key is not one of those that may sign for this person",
}
_DETAILED: Final = frozenset({"not yet valid", "has expired"})


def _detail(said: str) -> str:
    found = re.search(r"verify time .*?(?= Could not|$)", said)
    return found[0] if found else said


def _program() -> str:
    found = shutil.which(PROGRAM)
    if found is None:
        raise UsageError(f"{PROGRAM} is not installed: install OpenSSH's client to sign and to verify signatures")
    return str(Path(found).absolute())


def _run(
    command: "tuple[str, ...] | list[str]", content: bytes, environment: Mapping[str, str], timeout: int | None
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603  a list, no shell; every argument is ours or checked
            command, input=content, env=dict(environment), capture_output=True, check=False, timeout=timeout
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnreadableError(f"{PROGRAM} failed: {error}") from None


def _words(error: bytes) -> str:
    """What a program said on its standard error, as one line without its decoration."""
    lines = (line.strip(" @\r") for line in error.decode("utf-8", "replace").splitlines())
    return " ".join(line for line in lines if line)[:500]
