"""Pictures of authors, as they may be shown."""

from dataclasses import dataclass

_ENDINGS = (".svg", ".png", ".jpg", ".jpeg")


def is_picture(file: str) -> bool:
    """Whether a file of that name is a picture that pages can show."""
    return file.lower().endswith(_ENDINGS)


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture that holds nothing but what is drawn: its bytes, its kind (svg, png, jpg), its size in CSS pixels."""

    content: bytes
    kind: str
    width: int
    height: int
