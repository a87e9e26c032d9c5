"""What built a release: ttpack and everything it is made of, as a CycloneDX list."""

import platform
import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import metadata

import ttpack

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@cache
def built_with() -> Mapping[str, str]:
    """Installed versions of what ttpack needs, directly or not, by name; without its extras."""
    from packaging.requirements import Requirement

    found: dict[str, str] = {}
    waiting = ["ttpack"]
    while waiting:
        name = waiting.pop()
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        for text in distribution.requires or ():
            requirement = Requirement(text)
            key = _plain(requirement.name)
            if key in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
                continue
            version = _version(key)
            if version:
                found[key] = version
                waiting.append(key)
    return dict(sorted(found.items()))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def bill_of_materials(identifier: str, moment: datetime) -> bytes:
    """The list as CycloneDX JSON, schema 1.6; `identifier` and `moment` are the release's, so the bytes are too."""
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    tool = Component(
        name="ttpack",
        version=ttpack.__version__,
        type=ComponentType.APPLICATION,
        bom_ref=f"pkg:pypi/ttpack@{ttpack.__version__}",
        purl=PackageURL("pypi", None, "ttpack", ttpack.__version__),
    )
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"ttpack:{identifier}"), version=1)
    bom.metadata.timestamp = moment
    bom.metadata.component = tool
    python = platform.python_version()
    parts = [Component(name="CPython", version=python, type=ComponentType.PLATFORM, bom_ref=f"cpython@{python}")]
    for name, version in built_with().items():
        address = PackageURL("pypi", None, name, version)
        kind = ComponentType.LIBRARY
        parts.append(Component(name=name, version=version, type=kind, bom_ref=str(address), purl=address))
    for part in parts:
        bom.components.add(part)
    bom.register_dependency(tool, parts)
    return f"{JsonV1Dot6(bom).output_as_string(indent=1)}\n".encode()
