"""The rule on pictures that belong to records."""

from collections.abc import Iterator

from ttpack.model.package import Package
from ttpack.model.pictures import is_picture
from ttpack.rules.registry import INFORMATION, Context, Outcome, rule


@rule("DOC-09", INFORMATION, basis="WCAG 2.2, 1.1.1: text alternatives")
def picture_without_words(package: Package, context: Context) -> Iterator[Outcome]:
    """A picture that a record names has no alternative text, so no page shows it.

    Why: a picture without words says nothing to who hears the page or searches it, and nobody can check that a new
    version still shows what it should.
    Resolve: write in `alternative_text` what the picture shows, in a sentence.
    """
    for record in package.records.values():
        for index, one in enumerate(record.attachments):
            if is_picture(one.file) and one.file in package.attachments and not (one.alternative_text or "").strip():
                message = f"the picture {one.file} has no alternative text, so it is not shown"
                yield record.at(f"attachments[{index}].alternative_text"), message
