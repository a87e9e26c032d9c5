"""Verifying the signatures of a package's approvals, before the rules judge them."""

import shutil
from typing import TYPE_CHECKING

from ttpack.model.signatures import APPROVAL_NAMESPACE, PROGRAM, SignatureCheck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttpack.model.package import Package

NO_SIGNERS = "the package has no file of allowed signers"


def signatures_of(package: "Package") -> "Mapping[str, SignatureCheck]":
    """What becomes of the signature of each signed approval in force, by its id; nothing is run where there is none."""
    from ttpack.analysis.approvals.signed_record import signed_content, signing_moment
    from ttpack.model.documents import Approval

    signed = [one for one in package.in_force(Approval) if one.signature is not None]
    if not signed:
        return {}
    from ttpack.publish.signing import check_text

    found = {}
    for one in signed:
        raw = package.raw.get(one.id, {})
        moment = signing_moment(one, raw)
        if package.signers is None:
            found[one.id] = SignatureCheck("bad", NO_SIGNERS)
        elif moment is None:
            found[one.id] = SignatureCheck("bad", "the time of signing is not given with its zone")
        else:
            content = signed_content(one, raw, package.manifest.id)
            principal = str(one.person or "")
            signers = package.signers.text_for(principal)
            found[one.id] = check_text(content, str(one.signature), signers, principal, APPROVAL_NAMESPACE, moment)
    return found


def verification() -> str:
    """What an answer depends on besides the package: whether signatures can be verified here."""
    return "verifies" if shutil.which(PROGRAM) else "cannot verify"
