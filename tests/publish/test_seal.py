"""The organisation's seal: made and checked without a network, with a real certificate on a real PDF."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from ttpack.errors import UnreadableError, UsageError
from ttpack.publish.seal import check_seal, seal_pdf, sealing

pytest.importorskip("pyhanko", reason="seals need the extra: pip install ttpack[seal]")
pytest.importorskip("cryptography.x509")

MOMENT = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two authorities (ca.pem, other.pem) and a certificate of the first (seal.p12, passphrase)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import pkcs12

    folder = tmp_path_factory.mktemp("certificates")

    def named(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])

    def certificate(
        name: str, issuer: str, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey, *, ca: bool
    ):
        builder = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named(issuer))
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(datetime(2020, 1, 1)).not_valid_after(datetime(2040, 1, 1))  # noqa: DTZ001
        builder = builder.add_extension(x509.BasicConstraints(ca, None), critical=True)
        usage = x509.KeyUsage(not ca, not ca, False, False, False, ca, ca, False, False)
        return builder.add_extension(usage, critical=True).sign(by, hashes.SHA256())

    for name in ("ca", "other"):
        authority = ec.generate_private_key(ec.SECP256R1())
        root = certificate(f"Authority {name}", f"Authority {name}", authority, authority, ca=True)
        (folder / f"{name}.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
        if name == "ca":
            key = ec.generate_private_key(ec.SECP256R1())
            own = certificate("Sponsor, documents", "Authority ca", key, authority, ca=False)
            protection = serialization.BestAvailableEncryption(b"invented passphrase")
            (folder / "seal.p12").write_bytes(pkcs12.serialize_key_and_certificates(b"", key, own, [root], protection))
    (folder / "passphrase").write_text("invented passphrase\n")
    return folder


@pytest.fixture(scope="session")
def sealed(pdf: Path, certificates: Path) -> bytes:
    return seal_pdf(pdf.read_bytes(), certificates / "seal.p12", certificates / "passphrase", MOMENT)


def test_a_sealed_pdf_says_whose_the_seal_is_and_that_it_is_intact(sealed: bytes, certificates: Path) -> None:
    found = check_seal(sealed, certificates / "ca.pem")
    assert (found.intact, found.trusted, found.reason) == (True, True, "")
    assert "Sponsor, documents" in found.signer
    assert found.sealed_at == MOMENT.isoformat()


def test_a_seal_that_nobody_trusted_vouches_for_is_intact_and_not_trusted(sealed: bytes, certificates: Path) -> None:
    for roots in (None, certificates / "other.pem"):
        found = check_seal(sealed, roots)
        assert (found.intact, found.trusted) == (True, False)


def test_the_seal_is_added_to_the_bytes_of_the_pdf_and_no_page_shows_it(pdf: Path, sealed: bytes) -> None:
    before = pdf.read_bytes()
    assert sealed.startswith(before)
    with pikepdf.open(pdf) as plain, pikepdf.open(BytesIO(sealed)) as document:
        assert len(document.pages) == len(plain.pages)
        assert document.Root.Metadata.read_bytes() == plain.Root.Metadata.read_bytes()
        assert b"pdfaid:part" in document.Root.Metadata.read_bytes()
        assert document.Root.OutputIntents is not None
        assert list(document.attachments) == list(plain.attachments)
        (field,) = document.Root.AcroForm.Fields
        assert [float(one) for one in field.Rect] == [0, 0, 0, 0]
        assert document.Root.Perms.DocMDP.Reference[0].TransformParams.P == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda pdf: pdf[:2000] + bytes([pdf[2000] ^ 1]) + pdf[2001:], "what was sealed is not what stands here now"),
        (lambda pdf: pdf + b"\n% more", "goes on after what was sealed"),
        (lambda pdf: pdf[:-200], "cannot be read"),
        (lambda pdf: b"", "cannot be read"),
        (lambda pdf: re.sub(rb"/ByteRange \[0 ", b"/ByteRange [1 ", pdf), ""),
    ],
    ids=["a byte changed", "bytes added", "cut short", "empty", "another range"],
)
def test_a_changed_pdf_has_no_intact_seal(sealed: bytes, change: Callable[[bytes], bytes], reason: str) -> None:
    changed = change(sealed)
    assert changed != sealed
    found = check_seal(changed)
    assert not found.intact
    assert reason in found.reason


def test_a_pdf_without_a_seal_says_so_and_one_with_a_seal_gets_no_second(
    pdf: Path, sealed: bytes, certificates: Path
) -> None:
    assert check_seal(pdf.read_bytes()).reason == "it holds 0 signatures, and a sealed PDF holds one"
    with pytest.raises(UsageError, match="sealed already"):
        seal_pdf(sealed, certificates / "seal.p12", certificates / "passphrase", MOMENT)


def test_a_certificate_that_cannot_be_used_is_refused(certificates: Path) -> None:
    for passphrase in (None, certificates / "ca.pem"):
        with pytest.raises(UsageError, match="passphrase is wrong"):
            sealing(certificates / "seal.p12", passphrase, MOMENT)
    with pytest.raises(UsageError, match="PKCS#12"):
        sealing(certificates / "ca.pem", None, MOMENT)
    with pytest.raises(UnreadableError, match="No such file"):
        sealing(certificates / "none.p12", None, MOMENT)
    with pytest.raises(UsageError, match="no certificates in PEM"):
        check_seal(b"", certificates / "passphrase")
