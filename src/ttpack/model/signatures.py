"""What is known of a signature of OpenSSH's: its parts as it states them, and the answer of who verified it."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

APPROVAL_NAMESPACE: Final = "ttpack-approval"
"""What a signature under an approval is for; one made for anything else is none of an approval."""
RELEASE_NAMESPACE: Final = "ttpack-release"
"""What a signature under a release record is for."""
PROGRAM: Final = "ssh-keygen"
"""What makes and verifies signatures."""
LONGEST_SIGNATURE: Final = 20_000
"""Characters; the longest that OpenSSH makes (RSA of 16,384 bits) has about 6,000."""

Verdict = Literal["good", "bad", "unknown"]

_ARMOUR: Final = re.compile(
    r"\s*-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END SSH SIGNATURE-----\s*\Z"
)
_MAGIC: Final = b"SSHSIG"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What became of a signature: `good`, `bad` with the reason, or `unknown` where nobody could verify it.

    `key` is the fingerprint of the key that made it, as `ssh-keygen -l` prints it; empty where none could be read.
    """

    verdict: Verdict
    reason: str = ""
    key: str = ""

    @property
    def good(self) -> bool:
        """Whether it was verified."""
        return self.verdict == "good"


@dataclass(frozen=True, slots=True)
class SignatureParts:
    """What a signature says of itself: nothing of it is verified."""

    namespace: str
    key_type: str
    key: str


def signature_parts(armoured: str) -> SignatureParts | None:
    """The namespace and the key that an armoured signature names, or None for a text that is no such signature."""
    found = _ARMOUR.match(armoured) if len(armoured) <= LONGEST_SIGNATURE else None
    if found is None:
        return None
    try:
        blob = base64.b64decode("".join(found[1].split()), validate=True)
        if blob[:6] != _MAGIC or int.from_bytes(blob[6:10]) != _VERSION:
            return None
        strings = strings_of(blob[10:])
        key, namespace = next(strings), next(strings).decode()
        key_type = next(strings_of(key)).decode("ascii")
    except (binascii.Error, ValueError, StopIteration):
        return None
    return SignatureParts(namespace, key_type, fingerprint(key))


def fingerprint(key: bytes) -> str:
    """The fingerprint of a public key's blob, as `ssh-keygen -l` prints it."""
    return f"SHA256:{base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip('=')}"


def strings_of(blob: bytes) -> Iterator[bytes]:
    """The length-prefixed strings of a key or signature. Raises ValueError where one is cut short."""
    while blob:
        length = int.from_bytes(blob[:4])
        if len(blob) < 4 + length:
            message = "a string is cut short"
            raise ValueError(message)
        yield blob[4 : 4 + length]
        blob = blob[4 + length :]
