"""Files that travel with ttpack: the schemas, the template of a package, the samples."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_REPOSITORY = _PACKAGE.parent.parent


def resource(name: str) -> Path:
    """The file or folder of that name (`schemas/v1`, `package_template`, `samples/amab`).

    In a wheel it lies in the installed package; in an editable install in the repository. Raises FileNotFoundError.
    """
    for place in (_PACKAGE / "_data" / name, _PACKAGE / name, _REPOSITORY / name):
        if place.exists():
            return place
    raise FileNotFoundError(f"ttpack was installed without its {name}; install it anew")
