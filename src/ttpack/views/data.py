"""A package as machine-readable data: every record as written, with digests and what the checks found."""

from ttpack.model.digest import record_digest
from ttpack.model.json_text import dumps
from ttpack.model.package import Package
from ttpack.rules.answer import Check


def package_data(package: Package, check: Check) -> str:
    """The package and its check as JSON text; numbers keep their digits, records are in the order of their ids."""
    records = [
        {
            **raw,
            **({"body": body} if (body := package.records[record_id].body) else {}),
            "record_digest": record_digest(raw, body),
            **({"file": {"path": place.path, "line": place.line}} if place else {}),
        }
        for record_id, raw in package.raw.items()
        for place in (package.locations.get(record_id),)
    ]
    answer = {
        "package": package.manifest.id,
        "schema_version": str(package.manifest.schema_version),
        "revision": {"name": package.revision.name, "commit": package.revision.commit},
        "records": records,
        "attachments": dict(package.attachments),
        "check": check.as_json(),
    }
    return dumps(answer) + "\n"
