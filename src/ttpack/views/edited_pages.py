"""The pages that an edit of records shows on at once, before the checks and the computed answers are worked out."""

from typing import TYPE_CHECKING

from ttpack.analysis.controlled_documents.shown import PackageRecords
from ttpack.model.package import Package
from ttpack.views.blocks import Page, Publication
from ttpack.views.figures import figures_in
from ttpack.views.publication import anchors
from ttpack.views.registers import OTHERS, REGISTERS, register_pages
from ttpack.views.since import told
from ttpack.views.site_answers import SiteAnswers
from ttpack.views.unit_operation import unit_operation_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ttpack.analysis.history import Event


def edited_pages(
    before: Package,
    after: Package,
    shown: Publication,
    sites: SiteAnswers,
    history: "Mapping[str, Sequence[Event]]",
) -> tuple[Page, ...]:
    """Pages of unit operations and registers that say something else than those `shown`, made of `before`.

    What they say of the sites is `sites`, worked out before the edit: whoever shows them has to say so. Empty where
    records were added, removed or moved, which more pages tell of than these.
    """
    if _outline(before) != _outline(after):
        return ()
    registers = {OTHERS, *(slug for slug, *_ in REGISTERS)}
    elsewhere = anchors([page for page in shown.pages if page.slug not in registers and page.slug not in _LATE])
    pages = [unit_operation_page(after, unit, sites) for unit in after.unit_operations]
    pages += register_pages(after, elsewhere, _kinds_changed(before, after))
    standing = {page.slug: page for page in shown.pages}
    found = []
    for page in told(pages, None, history):
        there = standing.get(page.slug)
        # Another page may have the address: that of this one was made unique then.
        if there is None or there.anchor != page.anchor or there == page:
            continue
        if all(figure.digest in shown.pictures for figure in figures_in(page.blocks)):
            found.append(page)
    return tuple(found)


_LATE = frozenset({"history", "checks", "glossary"})
"""Pages that are made after the registers, and so take no record from them."""


def _kinds_changed(before: Package, after: Package) -> frozenset[str] | None:
    """Kinds of the records that changed and of those whose texts print their values; None where a title changed."""
    changed = {
        name for name, record in after.records.items()
        if after.raw[name] != before.raw[name] or record.body != before.records[name].body
    }  # fmt: skip
    if any(after.records[name].name != before.records[name].name for name in changed):
        return None
    texts = PackageRecords(after)
    quoting = {name for name in after.with_prose_references & after.records.keys() if changed & texts.quoted_by([name])}
    return frozenset(after.records[name].kind for name in changed | quoting)


def _outline(package: Package) -> object:
    """Which records there are, of which kinds, and where: the places of pages."""
    kinds = {name: record.kind for name, record in package.records.items()}
    units = [(unit.id, unit.name) for unit in package.unit_operations]
    return kinds, units, package.manifest, package.sending_sites, package.receiving_sites
