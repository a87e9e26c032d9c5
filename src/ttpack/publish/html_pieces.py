"""Small pieces of the site's HTML."""

from ttpack.publish.glyphs import in_html
from ttpack.publish.prose import safe_address


def web_link(url: str, label: str) -> str:
    """A link to an address that is safe; else its label alone."""
    address = safe_address(url)
    return f'<a href="{in_html(address)}">{label}</a>' if address else label


def number(text: str, unit: str) -> str:
    """A number that stays with its unit."""
    return f'<span class="tt-number">{in_html(text)}{f"&nbsp;{in_html(unit)}" if unit else ""}</span>'


def scroll(label: str, markup: str, *, searched: bool = True) -> str:
    """What scrolls by itself where the page is narrow."""
    exclude = "" if searched else " data-search-exclude"
    return f'<div class="tt-scroll" role="group" tabindex="0" aria-label="{in_html(label)}"{exclude}>{markup}</div>'
