"""Who says that a release record is right: a signed statement over its digest, beside the payload."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ttpack.model.signatures import SignatureCheck
from ttpack.publish.signing import check_text, sign_text

SIGNATURE = "signature.json"
NAMESPACE = "ttpack-release"
_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Signer:
    """A person, by record id, with the file of a private key, and when they sign (UTC)."""

    person: str
    key: Path
    moment: datetime


def signed_statement(record: bytes, signer: Signer) -> bytes:
    """The statement of a signer over a release record, as a file. Raises UsageError where it cannot be signed."""
    statement = {
        "release_record": hashlib.sha256(record).hexdigest(),
        "signed_at": signer.moment.isoformat(),
        "signed_by": signer.person,
    }
    signature = sign_text(_canonical(statement), signer.key, NAMESPACE)
    return f"{json.dumps({**statement, 'signature': signature}, indent=1, sort_keys=True)}\n".encode()


def check_statement(content: bytes, record: bytes, signers: Path | str) -> tuple[SignatureCheck, str, str]:
    """What becomes of a statement; who is said to have signed, and when.

    `signers` are the keys that count, as `signing.check_text` takes them. A file that is no statement is bad.
    """
    try:
        value: Any = json.loads(content[:_LONGEST])
        statement = {name: str(value[name]) for name in ("release_record", "signed_at", "signed_by")}
        signature, moment = str(value["signature"]), datetime.fromisoformat(statement["signed_at"])
    except (ValueError, KeyError, TypeError):
        return SignatureCheck("bad", "it is no signed statement"), "", ""
    who, when = statement["signed_by"], statement["signed_at"]
    if statement["release_record"] != hashlib.sha256(record).hexdigest():
        return SignatureCheck("bad", "it is about another release record"), who, when
    return check_text(_canonical(statement), signature, signers, who, NAMESPACE, moment), who, when


def _canonical(statement: dict[str, str]) -> bytes:
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
