"""Everything that a publication is written as, under one roof: what the command asks for by name."""

from ttpack.publish.error import PublishError
from ttpack.publish.glyphs import unsupported_characters
from ttpack.publish.site import write_site
from ttpack.publish.site_edit import write_edited
from ttpack.publish.typst import write_pdf
from ttpack.publish.word import write_word

__all__ = ["PublishError", "unsupported_characters", "write_edited", "write_pdf", "write_site", "write_word"]
