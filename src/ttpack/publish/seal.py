"""The organisation's seal on a PDF: one invisible PAdES signature that allows no change, made and checked offline.

No time stamp and no revocation list is asked for, so that nothing reaches the network; the time in the seal is that of
the sealing. It needs the extra `seal` (pyHanko).
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ttpack.errors import UnreadableError, UsageError

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

FIELD: Final = "Seal"
"""Name of the signature's form field, which no page shows."""
_MOST_BYTES: Final = 1_000_000
"""Of a certificate or passphrase file."""


@dataclass(frozen=True, slots=True)
class SealCheck:
    """What became of the seal of a PDF.

    `intact` says that there is one seal, over the whole file, and that no byte of it changed since; `reason` why not.
    `signer` is whose it is, as the certificate says; `trusted` whether a certificate that the verifier trusts vouches
    for it. `sealed_at` is the time that the seal states, which nobody else confirms.
    """

    intact: bool
    reason: str = ""
    signer: str = ""
    trusted: bool = False
    sealed_at: str = ""


def sealing(certificate: Path, passphrase: Path | None, moment: datetime) -> Callable[[bytes], bytes]:
    """What seals a PDF with the certificate and key of a PKCS#12 file, whose passphrase stands in another file.

    `moment` is the time of sealing that the seal states, with its zone. Raises UsageError where the extra is not
    installed, the certificate cannot be used or a PDF is sealed already, UnreadableError where a file cannot be read.
    """
    with _installed():
        signer = _signer(certificate, passphrase)
    return lambda pdf: _sealed(pdf, signer, moment)


def seal_pdf(pdf: bytes, certificate: Path, passphrase: Path | None, moment: datetime) -> bytes:
    """One PDF with a seal, as `sealing` says."""
    return sealing(certificate, passphrase, moment)(pdf)


def check_seal(pdf: bytes, roots: Path | None = None) -> SealCheck:
    """Whether the seal of a PDF is intact, whose it is, and whether the certificates in a PEM file vouch for it.

    Nothing in the PDF raises. Raises UsageError where the extra is not installed, or for a file of no certificates.
    """
    with _installed():
        trusted = _certificates(roots) if roots else []
        try:
            return _checked(pdf, trusted)
        except Exception as error:  # noqa: BLE001  the PDF is anybody's, and the reader has many ways to refuse it
            return SealCheck(intact=False, reason=f"the PDF or its seal cannot be read: {_line(error)}")


@contextmanager
def _installed() -> Iterator[None]:
    try:
        # what it would print beside our own answer; a handler on the way keeps python from printing it
        logging.getLogger("pyhanko").addHandler(logging.NullHandler())
        yield
    except ImportError as error:
        if str(error.name).partition(".")[0] not in {"pyhanko", "pyhanko_certvalidator", "cryptography", "asn1crypto"}:
            raise
        raise UsageError('seals need pyHanko: pip install "ttpack[seal]"') from None


def _signer(certificate: Path, passphrase: Path | None) -> "SimpleSigner":
    from pyhanko.sign.signers import SimpleSigner

    secret = _read(passphrase).rstrip(b"\r\n") if passphrase else None
    refusal = f"{certificate} is no PKCS#12 file with a key and its certificate, or the passphrase is wrong"
    try:
        signer = SimpleSigner.load_pkcs12_data(_read(certificate), other_certs=[], passphrase=secret)
    except (ValueError, TypeError) as error:
        raise UsageError(f"{refusal}: {_line(error)}") from None
    if not isinstance(signer, SimpleSigner) or signer.signing_cert is None:
        raise UsageError(refusal)
    return signer


def _sealed(pdf: bytes, signer: "SimpleSigner", moment: datetime) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    class AtMoment(PdfSigner):
        """A signer whose sessions state the moment given, not what the clock of the machine says."""

        def init_signing_session(self, *arguments: Any, **options: Any) -> Any:
            session = super().init_signing_session(*arguments, **options)
            session.system_time = moment
            return session

    class Unchanged(IncrementalPdfFileWriter):
        """A writer that leaves the metadata, which say that it is PDF/A and PDF/UA, as they were written."""

        def _update_meta(self) -> None:
            """Write nothing: not the clock of the machine, not another order of the same statements."""

    metadata = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )  # fmt: skip
    writer = Unchanged(BytesIO(pdf))
    if writer.prev.embedded_signatures:
        raise UsageError("the PDF is sealed already")
    out = BytesIO()
    AtMoment(metadata, signer).sign_pdf(writer, output=out)
    return out.getvalue()


def _checked(pdf: bytes, trusted: "list[Any]") -> SealCheck:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    seals = PdfFileReader(BytesIO(pdf)).embedded_signatures
    if len(seals) != 1:
        return SealCheck(intact=False, reason=f"it holds {len(seals)} signatures, and a sealed PDF holds one")
    seal = seals[0]
    at = seal.self_reported_timestamp
    context = ValidationContext(trust_roots=trusted, allow_fetching=False, moment=at)
    # what the seal covers to the last byte was not changed after it, so there are no differences to be analysed
    status = validate_pdf_signature(seal, context, skip_diff=True)
    signer = status.signing_cert.subject.human_friendly
    stated = at.isoformat() if at else ""
    level = seal.docmdp_level
    if not status.intact or not status.valid:
        reason = "what was sealed is not what stands here now"
    elif status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        reason = "the file goes on after what was sealed"
    elif level is None or level != MDPPerm.NO_CHANGES:
        reason = "the seal allows changes"
    else:
        return SealCheck(intact=True, signer=signer, trusted=bool(status.trusted), sealed_at=stated)
    return SealCheck(intact=False, reason=reason, signer=signer, sealed_at=stated)


def _certificates(roots: Path) -> "list[Any]":
    from asn1crypto import pem, x509  # type: ignore[import-untyped]  # it has no stubs

    try:
        found = [x509.Certificate.load(der) for _, _, der in pem.unarmor(_read(roots), multiple=True)]
        for one in found:
            one.native  # noqa: B018  parses it
    except (ValueError, TypeError) as error:
        raise UsageError(f"{roots} holds no certificates in PEM: {_line(error)}") from None
    return found


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror}") from None
    if len(data) > _MOST_BYTES:
        raise UsageError(f"{path} is too large for a certificate")
    return data


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
