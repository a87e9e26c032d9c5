"""The check of an edition: what the rules find on what it holds and on everything, and nothing else."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from ttpack.model.findings import Finding
from ttpack.model.package import Package
from ttpack.rules.answer import Check, key
from ttpack.rules.check import check
from ttpack.rules.registry import Context
from ttpack.views.gate_parts import answer_at
from ttpack.views.said import WITHHELD


def agreed_check(package: Package, whole: Check) -> Check:
    """The check of a redacted package at the gates of the whole one's, with only what both of them say.

    No finding names a file, and no number is that of the whole package.
    """
    gates = {site: gate for site, gate in whole.gates.items() if site in package.records}
    own = check(package, (), Context(date.fromisoformat(whole.as_of), gates, release=whole.release))
    waived = _both(own.waived, whole.waived)
    known = {one.id for one in whole.waivers}
    findings = _both(own.findings, whole.findings)
    codes = {one.code for one in (*findings, *waived)}
    return replace(
        own,
        gates=gates,
        findings=findings,
        waived=waived,
        waivers=tuple(
            replace(one, findings=sum(found.waived == one.id for found in waived))
            for one in own.waivers if one.id in known
        ),
        not_applicable=tuple(one for one in own.not_applicable if one in set(whole.not_applicable)),
        not_computable=tuple(one for one in own.not_computable if one in set(whole.not_computable)),
        rules={code: texts for code, texts in own.rules.items() if code in codes},
    )  # fmt: skip


def agreed_gate(package: Package, everything: Package, own: Check, whole: Check, site: str) -> Check:
    """The check at a site's next gate; where more blocks it than the edition may show, one neutral line says so."""
    shown = len(answer_at(package, own, site).blockers)
    if shown >= len(answer_at(everything, whole, site).blockers):
        return own
    gate = whole.gates[site]
    line = Finding("", "", "error", None, "", "", 0, 0, WITHHELD, gate=gate, site=site)
    return replace(own, findings=(*own.findings, line))


def _both(own: Iterable[Finding], whole: Iterable[Finding]) -> tuple[Finding, ...]:
    known = {key(one): one for one in whole}
    return tuple(
        replace(one, path="", line=0, column=0, severity=known[key(one)].severity)
        for one in own if key(one) in known
    )  # fmt: skip
