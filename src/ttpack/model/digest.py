"""Digests of records (format.md, "Digests")."""

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ttpack.model.json_text import dumps

NOT_CONTENT = frozenset({"status", "revision", "effective_date", "approvals", "formerly"})
"""Fields that say where a record is in its life, not what it says."""

_CODE = re.compile(r"(```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`)", re.DOTALL)


def collapsed(text: str) -> str:
    """Prose with its white space collapsed outside code, so that reflowing is no change."""
    parts = _CODE.split(text)
    return "".join(part if index % 2 else re.sub(r"\s+", " ", part) for index, part in enumerate(parts)).strip()


def canonical(value: Any) -> Any:
    """A raw value for the digest: decimals as strings with their digits, prose collapsed."""
    if isinstance(value, str):
        return collapsed(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): canonical(item) for key, item in value.items()}
    return [canonical(item) for item in value]


def record_digest(raw: Mapping[str, Any], body: str | None = None) -> str:
    """SHA-256, in hex, of a record's canonical JSON, without what only says where it is in its life."""
    content = {key: canonical(value) for key, value in raw.items() if key not in NOT_CONTENT}
    if body:
        content["body"] = collapsed(body)
    return hashlib.sha256(dumps(content, indent=None, sort_keys=True).encode()).hexdigest()


def document_digest(records: Mapping[str, str]) -> str:
    """SHA-256, in hex, of what a document shows: the sorted pairs of id and record digest (format.md, "Digests")."""
    pairs = [[record_id, records[record_id]] for record_id in sorted(records)]
    return hashlib.sha256(dumps(pairs, indent=None).encode()).hexdigest()
