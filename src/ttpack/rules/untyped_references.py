"""References that are no typed field of their record: overlay ids, keys, and ids inside words."""

from collections.abc import Iterator

from ttpack.model.documents import NotApplicable, Waiver
from ttpack.model.graph import Link
from ttpack.model.ids import is_record_id, overlay_parts
from ttpack.model.knowledge import Evidence
from ttpack.model.package import Package
from ttpack.model.parameter import SiteOverlay
from ttpack.model.record import Record
from ttpack.model.regulatory import ChangeRecord, EstablishedCondition

SITE = ("site",)


def untyped_references(package: Package) -> Iterator[Link]:
    """Every such reference as a link, in a fixed order."""
    manifest = package.manifest
    yield from (Link(manifest.id, f"gates.{site}", site, SITE) for site in sorted(manifest.gates))
    for overlay in package.of(SiteOverlay):
        base, site = overlay_parts(overlay.id)
        yield Link(overlay.id, "id", base, ("process_parameter",))
        if site:
            yield Link(overlay.id, "id", site, SITE)
    for waiver in package.of(Waiver):
        yield Link(waiver.id, "record", waiver.record)
    for answer in package.of(NotApplicable):
        target = answer.what.partition(":")[0].strip()
        if is_record_id(target):
            yield Link(answer.id, "what", target)
    for evidence in package.of(Evidence):
        yield from _text(evidence, "document", evidence.document)
    for change in package.of(ChangeRecord):
        for index, correction in enumerate(change.corrections):
            if correction.record not in change.removed_entities:
                yield Link(change.id, f"corrections[{index}].record", correction.record)
    for condition in package.of(EstablishedCondition):
        if condition.element and condition.element_field and condition.element in package.records:
            yield Link(condition.id, "element_field", condition.element, prints=condition.element_field)


def _text(record: Record, field: str, text: str | None) -> Iterator[Link]:
    if text and is_record_id(text):
        yield Link(record.id, field, text)
