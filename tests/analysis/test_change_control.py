"""What a document's digest is, and which gate asks for which kinds: what the answer to a change rests on."""

import hashlib
import json

import pytest

from ttpack.analysis.approver_functions import approver_codes
from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.rule import Classified
from ttpack.analysis.controlled_documents.shown import content_digest, shown_records
from ttpack.analysis.gate_requirements import REQUIRED_BY_GATE, required_kinds
from ttpack.model.digest import record_digest
from ttpack.source.load import load
from ttpack.source.trees import MemoryTree

MANIFEST = b"kind: package\nid: PKG-T\nschema_version: 1\n"
RECORDS = b"""\
- {kind: term, id: GLO-B, term: B, definition: second}
- {kind: term, id: GLO-A, term: A, definition: 'first, see [[GLO-C]]'}
- {kind: term, id: GLO-C, term: C, definition: third}
- {kind: document, id: DOC-T, shows: [GLO-B, GLO-A, GLO-GONE], owner: ROL-X, note: 'Not `[[GLO-C]]`, which is code.'}
- {kind: role, id: ROL-X, title: Owner}
"""


def _digest(*records: str, text: bytes = RECORDS) -> str:
    """The digest of format.md, computed here by hand: SHA-256 of the sorted pairs of id and record digest."""
    package = load(MemoryTree({"ttpack.yaml": MANIFEST, "records/all.yaml": text})).package
    pairs = sorted((record, record_digest(package.raw[record])) for record in records)
    return hashlib.sha256(json.dumps(pairs, separators=(",", ":")).encode()).hexdigest()


def _content(text: bytes = RECORDS) -> str:
    return content_digest(load(MemoryTree({"ttpack.yaml": MANIFEST, "records/all.yaml": text})).package, "DOC-T")


def test_the_digest_of_a_document_is_that_of_what_it_shows_and_no_more() -> None:
    # what its records refer to, its owner, what is not there and what stands in code are not shown
    assert _content() == _digest("GLO-A", "GLO-B")
    changed = RECORDS.replace(b"definition: third", b"definition: other")
    assert _content(changed) == _content()
    assert _content(RECORDS.replace(b"second", b"another")) != _content()
    assert _content(RECORDS.replace(b"[GLO-B, GLO-A,", b"[GLO-A, GLO-B,")) == _content()


def test_prose_that_links_or_prints_shows_a_record() -> None:
    raw = {"shows": ["GLO-A"], "note": "See [[GLO-B]] and {{ PRM-X.setpoint }}."}
    assert shown_records(raw, "Also [[GLO-C]].") == {"GLO-A", "GLO-B", "GLO-C", "PRM-X"}


def test_a_package_may_ask_for_other_kinds_at_a_gate() -> None:
    own = required_kinds({"G1": ("term",)})
    assert own["G1"] == ("term",)
    assert own["G2"] == REQUIRED_BY_GATE["G2"]
    assert required_kinds(None)["G7"] == ()


@pytest.mark.parametrize(
    ("codes", "change_class", "reported", "expected"),
    [
        (("C-MFG",), "minor", False, ("C-MFG",)),
        (("C-MFG",), "moderate", False, ("S-QA", "C-QA", "C-MFG")),
        (("C-MFG",), "minor", True, ("S-RA", "C-MFG")),
        (("author", "reviewer"), "editorial", False, ("author", "reviewer")),
        (("author", "reviewer", "S-PD"), "minor", False, ("S-PD",)),
    ],
)
def test_which_functions_have_to_decide(
    codes: tuple[str, ...], change_class: str, reported: bool, expected: tuple[str, ...]
) -> None:
    change = Change("GLO-A", "term", "definition", "text_changed", "a", "b")
    one = Classified(change, "CH-X", change_class, change_class, approvers=codes)  # type: ignore[arg-type]
    assert approver_codes([one], change_class, reported=reported) == expected  # type: ignore[arg-type]
