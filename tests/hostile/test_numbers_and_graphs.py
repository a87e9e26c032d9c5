"""Units, numbers and graphs that would take for ever: each circle is one finding, each chain ends."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Result, Ttpack
from tests.hostile.payloads import MINIMAL

MANY = 2000
UNITS = (
    "m" * 10_000, "(" * 5000 + "m" + ")" * 5000, "m/" * 5000 + "m", "10*999999999", "m999999999", "{" * 1000,
    "1e999999999 m", "<script>ttpwn</script>", '__import__("os").system("touch ttpwn")', "m**9**9**9", "2**99999999",
    "kg.m2/(s2", "%%", "[pH][pH]",
)  # fmt: skip
PARAMETER: dict[str, Any] = {
    "kind": "process_parameter", "unit_operation": "UO-03-BRX", "quantity_kind": "length", "classification": "GPP",
}  # fmt: skip


def checked(ttpack: Ttpack, tmp_path: Path, records: list[dict[str, Any]]) -> Result:
    """The check of the minimal package with more records; each stands on a line of its own."""
    package = tmp_path / "package"
    shutil.copytree(MINIMAL, package)
    lines = "".join(f"- {json.dumps(record)}\n" for record in records)
    (package / "records" / "more.yaml").write_text(lines)
    result = ttpack("check", package, "--format", "json")
    assert (result.code, result.stderr) in ((0, ""), (1, ""))
    assert not list(package.rglob("ttpwn"))
    return result


def of(result: Result, code: str) -> list[dict[str, Any]]:
    return [one for one in result.json["findings"] if one["code"] == code]


def test_each_unit_that_is_none_is_one_finding(ttpack: Ttpack, tmp_path: Path) -> None:
    records = [
        PARAMETER | {"id": f"PRM-H-U{number}", "title": f"H{number}", "unit": unit, "setpoint": 1}
        for number, unit in enumerate(UNITS)
    ]
    found = of(checked(ttpack, tmp_path, records), "QTY-01")
    assert sorted(one["record"] for one in found) == sorted(str(record["id"]) for record in records)
    assert all(len(one["message"]) < 300 for one in found)


def test_units_defined_by_themselves_and_in_long_chains(ttpack: Ttpack, tmp_path: Path) -> None:
    def unit(name: str, base: str, factor: Any = 1) -> dict[str, Any]:
        return {
            "kind": "unit_definition", "id": f"UNT-H-{name.upper()}", "code": f"{{{name}}}", "base_unit": base,
            "factor": factor,
        }  # fmt: skip

    chain = [unit(f"z{number}", f"{{z{number + 1}}}", 10) for number in range(MANY)]
    records = [unit("a", "{b}"), unit("b", "{a}"), unit("c", "{c}"), unit("d", "L", 0), *chain]
    found = {one["record"] for one in of(checked(ttpack, tmp_path, records), "QTY-01")}
    assert {"UNT-H-A", "UNT-H-B", "UNT-H-C", "UNT-H-D", "UNT-H-Z0"} <= found


def test_values_derived_in_a_circle_are_one_finding(ttpack: Ttpack, tmp_path: Path) -> None:
    def derived(number: int, following: int) -> dict[str, Any]:
        inputs = {"a": f"PRM-H-D{following}.setpoint"}
        value = {"setpoint": 1, "unit": "m", "derived": {"formula": "sum", "inputs": inputs}}
        return PARAMETER | value | {"id": f"PRM-H-D{number}", "title": f"H{number}"}

    records = [derived(number, (number + 1) % MANY) for number in range(MANY)]
    (found,) = of(checked(ttpack, tmp_path, records), "CAL-01")
    assert "computed from itself" in found["message"]


def test_flow_in_a_circle_is_one_finding(ttpack: Ttpack, tmp_path: Path) -> None:
    package = tmp_path / "package"
    shutil.copytree(MINIMAL, package)
    steps = [f"UO-90-H{number}" for number in range(MANY)]
    flow = [{"source": step, "target": steps[(number + 1) % MANY]} for number, step in enumerate(steps)]
    process = {"kind": "process", "id": "PRC-H", "title": "H", "level": "general", "flow": flow}
    lines = [{"kind": "unit_operation", "id": step, "title": step, "process": "PRC-H"} for step in steps]
    records = "".join(f"- {json.dumps(one)}\n" for one in (process, *lines))
    (package / "records" / "more.yaml").write_text(records)
    result = ttpack("check", package, "--format", "json")
    assert result.code == 1, result.stderr
    circles = [one for one in of(result, "PRO-01") if one["record"] == "PRC-H" and one["field"] == "flow"]
    assert len(circles) == 1
    assert len(circles[0]["message"]) < 1000


def test_circles_of_names_and_references_end(ttpack: Ttpack, make_repository: Any) -> None:
    repository = make_repository("package")
    shutil.copytree(MINIMAL, repository.path, dirs_exist_ok=True)
    lines = []
    for number in range(MANY):
        this, following = f"MAT-H-{number}", f"MAT-H-{(number + 1) % MANY}"
        lines.append({
            "kind": "material", "id": this, "title": this, "formerly": [following], "supersedes": [following],
            "description": f"[[{following}]] {{{{ {following}.title }}}}",
        })  # fmt: skip
    repository.write({"records/more.yaml": "".join(f"- {json.dumps(one)}\n" for one in lines)})
    repository.commit({})
    assert ttpack("check", repository.path, "--format", "json").code in (0, 1)
    lines[0]["title"] = "another"
    repository.write({"records/more.yaml": "".join(f"- {json.dumps(one)}\n" for one in lines)})
    for command in ("diff", "impact"):
        result = ttpack(command, repository.path, "--format", "json")
        assert (result.code, result.stderr) == (1, ""), command
        assert Counter(one["record"] for one in result.json["changes"])["MAT-H-0"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "![" * 100_000,
        " ".join("`" * length for length in range(1, 600)),
        "".join("~" * length + "\n" for length in range(600, 3, -1)),
        "[a]:" + " " * 200_000 + "\n",
        "<b>\n" * 50_000,
        "]( " * 60_000,
        "[[" * 100_000,
        "{{ " * 60_000,
        "{on" * 60_000,
        "1 mg " * 40_000,
        "*a **b _c " * 20_000,
        "> " * 100_000,
        "CPP " * 50_000,
    ],
    ids=range(13),
)
def test_no_text_takes_for_ever(ttpack: Ttpack, tmp_path: Path, text: str) -> None:
    package = tmp_path / "package"
    shutil.copytree(MINIMAL, package)
    head = "---\nkind: know_how\nid: KNH-H-1\ntitle: T\n---\na < b {{ x ](\n\n"
    (package / "records" / "long.md").write_text(head + text)
    assert ttpack("check", package).code in (0, 1)
