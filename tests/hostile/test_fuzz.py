"""Any JSON value in any field of the minimal package: findings with their places, never a defect."""

import contextlib
import copy
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.payloads import MINIMAL, SCRIPTS, records_of

from ttpack.cli.main import main
from ttpack.model import json_text
from ttpack.source.documents import read_document

RECORDS = records_of(MINIMAL)
MANIFEST = read_document((MINIMAL / "ttpack.yaml").read_bytes(), "ttpack.yaml")[0].data
CODES = (0, 1, 2, 3)
ALPHABET = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp"))
SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**59), 10**59) | st.text(ALPHABET, max_size=20)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)
    | st.sampled_from(("[[PRM-BRX-PH]]", "{{ PRM-BRX-PH.setpoint }}", "PRM-BRX-PH", "PRM-NONE-1", "mg/L", "2026-01-01"))
    | st.sampled_from(("G3", "yes", "../x", "1e99", "draft", "withdrawn", "SITE-B", "UO-03-BRX", *SCRIPTS[:3]))
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(ALPHABET, max_size=8), inner, max_size=3),
)


def places_in(value: Any) -> list[list[str | int]]:
    """The way to every field and item of a record."""
    keys: list[str | int] = list(value) if isinstance(value, dict) else list(range(len(value)))
    found: list[list[str | int]] = []
    for key in keys:
        found.append([key])
        if isinstance(value[key], dict | list):
            found += [[key, *rest] for rest in places_in(value[key])]
    return found


ALL = [(number, way) for number, record in enumerate(RECORDS) for way in places_in(record)]
OF_MANIFEST = [(-1, way) for way in places_in(MANIFEST)]


def text_of(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, default=lambda value: f"<<<{value}>>>")
    return text.replace('"<<<', "").replace('>>>"', "")


def changed(record: dict[str, Any], way: list[str | int], value: Any, extra: str) -> None:
    """Put the value in place, or beside it under another name."""
    part: Any = record
    for step in way[:-1]:
        part = part[step]
    last = way[-1]
    if extra and isinstance(part, dict):
        part[extra] = value
    else:
        part[last] = value


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    changes=st.lists(
        st.tuples(st.sampled_from(ALL), VALUES, st.sampled_from(("", "", "", "", "x-any", "nonsense"))),
        min_size=10, max_size=30,
    ),
    of_manifest=st.lists(st.tuples(st.sampled_from(OF_MANIFEST), VALUES), max_size=1),
)  # fmt: skip
def test_no_value_is_a_defect(
    tmp_path_factory: pytest.TempPathFactory, changes: list[Any], of_manifest: list[Any]
) -> None:
    records, manifest = copy.deepcopy(RECORDS), copy.deepcopy(MANIFEST)
    for (number, way), value, extra in changes:
        try:
            changed(records[number], way, value, extra)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    for (_, way), value in of_manifest:
        changed(manifest, way, value, "")
    package = tmp_path_factory.mktemp("fuzz")
    (package / "records").mkdir()
    (package / "ttpack.yaml").write_text(text_of(manifest), "utf-8")
    (package / "records" / "all.yaml").write_text("".join(f"- {text_of(one)}\n" for one in records), "utf-8")
    code, output = run("check", str(package), "--format", "json")
    assert code in CODES, output
    for one in json_text.loads(output)["findings"] if code in (0, 1) else ():
        assert one["path"] in ("ttpack.yaml", "records/all.yaml"), one
        assert one["line"] >= 1, one
        assert one["column"] >= 1, one
        assert one["message"], one


def run(*arguments: str) -> tuple[int, str]:
    """The command in this process: a hundred processes would take minutes."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(arguments))
    return code, out.getvalue() or err.getvalue()
