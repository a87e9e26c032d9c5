"""Changes that no field shows: a file that leaves a private overlay, content changed under its old version."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.change_rules.package_patch import MINIMAL
from tests.conftest import Repository, Ttpack

SECRET = """\
kind: know_how
id: KNW-POOL
title: What we do not tell
audience: [internal]
statement: The pool foams when it is warm.
scope: [STP-PA-CYCLE]
"""
REPORT = """\
kind: evidence
id: EVI-POOL
title: Study of the pool
audience: [partner]
document: Report R-1 v1
attachments: [{file: attachments/report.txt, version: "1"}]
"""


def package(*, overlays: str = "") -> dict[str, str | bytes | None]:
    files: dict[str, str | bytes | None] = {
        f"shared/{path.relative_to(MINIMAL)}": path.read_text("utf-8") for path in MINIMAL.rglob("*.yaml")
    }
    files["shared/ttpack.yaml"] = str(files["shared/ttpack.yaml"]) + overlays
    return files


def rules(repository: Repository, ttpack: Ttpack) -> Mapping[str, Any]:
    """The rule of each change since the last commit, by record, and the class of all."""
    done = ttpack("impact", "shared", "--format", "json", cwd=repository.path)
    assert done.code == 1, done.stderr
    answer = json.loads(done.stdout)
    return {"class": answer["class"], **{change["record"]: change["rule"] for change in answer["changes"]}}


def test_a_record_that_leaves_a_private_overlay_is_visible_to_the_partner(
    repository: Repository, ttpack: Ttpack
) -> None:
    private = {"private/ttpack.yaml": 'kind: package\nid: PKG-PRIVATE\nschema_version: "1"\n'}
    repository.commit({**package(overlays="overlays: [../private]\n"), **private, "private/records/pool.yaml": SECRET})
    repository.write({"private/records/pool.yaml": None, "shared/records/pool.yaml": SECRET})
    assert rules(repository, ttpack) == {"class": "moderate", "KNW-POOL": "CH-99"}


@pytest.mark.parametrize(("version", "expected"), [("1", "CH-105"), ("2", None)])
def test_content_of_an_attachment_changed(
    repository: Repository, ttpack: Ttpack, version: str, expected: str | None
) -> None:
    repository.commit(
        {**package(), "shared/records/pool.yaml": REPORT, "shared/attachments/report.txt": "It was held for 7 days.\n"}
    )
    later = REPORT.replace('version: "1"', f'version: "{version}"')
    repository.write({"shared/records/pool.yaml": later, "shared/attachments/report.txt": "It was held for 3 days.\n"})
    answer = json.loads(ttpack("impact", "shared", "--format", "json", cwd=repository.path).stdout)
    [content] = [change for change in answer["changes"] if change["kind"] == "attachment_changed"]
    assert content["rule"] == expected
