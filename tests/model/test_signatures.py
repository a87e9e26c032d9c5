"""What a signature and a file of keys say of themselves: read from anybody's text, which never raises."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from ttpack.analysis.approvals.signed_record import signing_moment
from ttpack.model.allowed_signers import allowed_signers
from ttpack.model.documents import Approval
from ttpack.model.signatures import APPROVAL_NAMESPACE, signature_parts

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILrmPGTSt3bLMIYOb5I04iiTkVo3GVnEJPDyvt9mlas6"
FINGERPRINT = "SHA256:HgHqWRtGQV7meGlYUVoVe+63+u15jf4gd9Vm9goqFmk"
SIGNATURE = """-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAguuY8ZNK3dsswhg5vkjTiKJORWj
cZWcQk8PK+32aVqzoAAAAPdHRwYWNrLWFwcHJvdmFsAAAAAAAAAAZzaGE1MTIAAABTAAAA
C3NzaC1lZDI1NTE5AAAAQLKRHjWhxOEvno/xcmWxyb8mChF1mQMti/xJUekC+GQQuBe/gH
UaqBMNAuTZ9+qii9m/nBBmDyoPuzC+A8UNuQo=
-----END SSH SIGNATURE-----
"""
LINE = f'PER-A namespaces="ttpack-approval",valid-after="202601010930",valid-before="20271231" {KEY} comment\n'


def changed(text: str) -> st.SearchStrategy[str]:
    """The text with a few characters replaced, taken out or put in."""
    edit = st.tuples(st.integers(0, len(text)), st.integers(0, 2), st.sampled_from('",= \t\n\0*!-é"ZA9'))

    def edited(edits: list[tuple[int, int, str]]) -> str:
        found = text
        for place, taken, put in edits:
            found = found[:place] + put * (taken != 1) + found[place + taken :]
        return found

    return st.lists(edit, max_size=5).map(edited)


def test_a_signature_names_its_purpose_and_its_key_as_ssh_keygen_prints_it():
    parts = signature_parts(SIGNATURE)
    assert parts is not None
    assert (parts.namespace, parts.key_type, parts.key) == (APPROVAL_NAMESPACE, "ssh-ed25519", FINGERPRINT)


def test_a_line_is_read_as_openssh_reads_it():
    (one,) = allowed_signers("allowed_signers", LINE).signers
    assert (one.principals, one.key, one.flaws) == ((("PER-A", 1),), FINGERPRINT, ())
    assert one.valid_after == datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
    assert one.valid_before == datetime(2027, 12, 31, tzinfo=UTC)


@settings(max_examples=300)
@given(changed(SIGNATURE), changed(LINE))
def test_no_text_raises_and_every_line_has_a_key_or_a_flaw(signature: str, lines: str):
    signature_parts(signature)
    found = allowed_signers("allowed_signers", lines)
    assert all(one.flaws or (one.principals and one.key) for one in found.signers)
    assert all(flaw.column >= 1 for one in found.signers for flaw in one.flaws)
    assert set(found.text_for("PER-A").splitlines()) <= set(lines.replace("\r", "").split("\n"))


def test_a_time_that_no_calendar_has_in_utc_is_no_time_of_signing():
    for written in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        approval = Approval.model_validate({"kind": "approval", "id": "APR-A", "approved_on": written})
        assert signing_moment(approval, {"approved_on": written}) is None
