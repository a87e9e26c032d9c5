"""What format.md calls the digest of a document counts for packages that are written elsewhere."""

import datetime
import hashlib
import json

from ttpack.rules.check import check
from ttpack.rules.registry import Context
from ttpack.source.load import load
from ttpack.source.trees import MemoryTree

MANIFEST = 'kind: package\nid: PKG-T\nschema_version: "1"\n'
TERM = "kind: term\nid: GLO-A\ntitle: Pool\ndefinition: What leaves the column.\n"
LINKED = "kind: term\nid: GLO-B\ntitle: Load\ndefinition: What enters the column.\n"


def record_digest(fields: dict[str, str]) -> str:
    """As format.md says it, from scratch."""
    return hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def test_an_approval_that_states_the_digest_of_the_format_is_of_the_content() -> None:
    term = {"kind": "term", "id": "GLO-A", "title": "Pool", "definition": "What leaves the column."}
    linked = {"kind": "term", "id": "GLO-B", "title": "Load", "definition": "What enters the column."}
    pairs = [["GLO-A", record_digest(term)], ["GLO-B", record_digest(linked)]]
    digest = hashlib.sha256(json.dumps(pairs, separators=(",", ":")).encode()).hexdigest()

    def findings(stated: str) -> list[str | None]:
        files = {
            "ttpack.yaml": MANIFEST,
            "records/a.yaml": TERM,
            "records/b.yaml": LINKED,
            "records/doc.md": (
                "---\nkind: document\nid: DOC-A\ntitle: Words\nstatus: effective\nrevision: A\n"
                f"shows: [GLO-A]\ndigest: {stated}\n---\nSee [[GLO-B]].\n"
            ),
        }
        package = load(MemoryTree({name: text.encode() for name, text in files.items()}))
        answer = check(package.package, package.problems, Context(datetime.date(2026, 1, 1)))
        return [one.record for one in answer.findings if one.code == "DOC-02"]

    assert findings(digest) == []
    assert findings("a" * 64) == ["DOC-A"]
