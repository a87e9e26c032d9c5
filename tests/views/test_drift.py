"""The pages of the ruler without scripts: what each site calls a class stands in the table and on the card."""

from datetime import date

from tests.rules.test_cases import build

from ttpack.publish.terminal import page_text
from ttpack.views.drift import drift_pages

AS_OF = date(2026, 11, 1)
ROWS = [
    {"kind": "deviation_rule", "id": "DCR-IN", "interval": "inside_nor", "deviation_class": "not_a_deviation"},
    {"kind": "deviation_rule", "id": "DCR-OUT", "interval": "outside_par", "deviation_class": "major"},
]


def test_the_own_term_of_a_site_stands_where_the_row_names_none() -> None:
    terms = {"SITE-B": {"deviation_terms": {"Level 2": "major"}}, "SITE-A": {"deviation_terms": {"Gravity 3": "major"}}}
    pages = {
        page.slug: " ".join(page_text(page, 200).split())
        for page in drift_pages(build({"add": ROWS, "set": terms}), AS_OF)
    }
    assert "Level 2 at Receiving site" in pages["when-it-drifts"]
    assert "Gravity 3 at" in pages["when-it-drifts"]
    card = next(text for slug, text in pages.items() if slug.startswith("card-"))
    assert "Level 2, major" in card
    assert "no term, not a deviation" not in card
    assert "not a deviation" in card
