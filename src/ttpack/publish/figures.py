"""Pictures of authors on each face: under names of ours, no wider than a page, never larger than they are."""

import base64
import hashlib

from ttpack.model.pictures import CleanPicture
from ttpack.publish.glyphs import in_html
from ttpack.views.blocks import Figure, Publication

FOLDER = "assets/pictures"
"""Where the site holds them."""
_WIDEST, _TALLEST = 640, 800  # CSS pixels: the width of the text in print, and most of the height of a page
_KINDS = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg"}


def picture_of(publication: Publication | None, figure: Figure) -> CleanPicture | None:
    """The content of a figure; None in a publication that was given none."""
    return publication.pictures.get(figure.digest) if publication else None


def file_name(picture: CleanPicture) -> str:
    """A file name that is the same for the same content."""
    return f"{hashlib.sha256(picture.content).hexdigest()[:20]}.{picture.kind}"


def size_of(picture: CleanPicture) -> tuple[int, int]:
    """Width and height in CSS pixels at which it is shown."""
    scale = min(1.0, _WIDEST / picture.width, _TALLEST / picture.height)
    return max(1, round(picture.width * scale)), max(1, round(picture.height * scale))


def figure_name(figure: Figure) -> str:
    """The name of a figure's markup, the same for the same picture and words."""
    return hashlib.sha256(f"{figure.digest}\0{figure.alt}\0{figure.caption}".encode()).hexdigest()[:20]


def image_element(figure: Figure, picture: CleanPicture | None) -> str:
    """The picture as an image beside the pages; its words alone where there is no picture."""
    if picture is None:
        return f"<p>{in_html(figure.alt)}</p>"
    width, height = size_of(picture)
    source = f"{FOLDER}/{file_name(picture)}"
    return f'<img class="tt-photo" src="{source}" alt="{in_html(figure.alt)}" width="{width}" height="{height}">'


def as_data(picture: CleanPicture) -> str:
    """The picture as an address that holds it whole."""
    return f"data:{_KINDS[picture.kind]};base64,{base64.b64encode(picture.content).decode('ascii')}"
