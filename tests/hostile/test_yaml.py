"""Files that are no proper records: one finding each, at its place, whatever the format of the answer."""

import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.conftest import Result, Ttpack
from tests.hostile.payloads import MINIMAL

from ttpack.model import json_text

HEAD = "kind: term\nid: GLO-H-{}\nterm: T\n"
# name -> (content below HEAD, or all of it as bytes; code; line; column)
FILES: dict[str, tuple[str | bytes, str, int, int]] = {
    "duplicate-key": ("term: U\n", "SRC-02", 4, 1),
    "duplicate-inside": ("x-a: {a: 1, a: 2}\n", "SRC-02", 4, 13),
    "alias-bomb": ("x-a: &a [1]\nx-b: &b [*a, *a]\n", "SRC-03", 4, 6),
    "alias": ("note: *a\n", "SRC-03", 4, 7),
    "python-object": ("note: !!python/object/apply:os.system ['touch ttpwn']\n", "SRC-04", 4, 7),
    "binary-tag": ("note: !!binary aGVsbG8=\n", "SRC-04", 4, 7),
    "directive": (b"%YAML 1.1\n---\nkind: term\n", "SRC-04", 1, 1),
    "two-documents": ("---\nkind: term\n", "SRC-05", 4, 1),
    "deep-flow": ("x-a: " + "[" * 100_000 + "\n", "SRC-06", 4, 69),
    "deep-mappings": ("x-a: " + "{a: " * 100_000 + "\n", "SRC-06", 4, 258),
    "deep-blocks": ("x-a:\n" + "".join(" " * (i + 1) + "a:\n" for i in range(3000)), "SRC-06", 68, 65),
    "fifty-megabytes": (b"kind: term\n#" + b"a" * 50_000_000, "SRC-07", 1, 1),
    "many-values": (b"x: [" + b"1," * 400_000 + b"1]\n", "SRC-07", 1, 1),
    "latin-1": (b"kind: term\nnote: 5 \xb5m\n", "SRC-08", 2, 9),
    "utf-16": ("kind: term\n".encode("utf-16"), "SRC-08", 1, 1),
    "byte-order-mark": (b"\xef\xbb\xbfkind: term\n", "SRC-08", 1, 1),
    "surrogate": (b"kind: term\nnote: \xed\xa0\x80\n", "SRC-08", 2, 7),
    "overlong": (b"kind: term\nnote: \xc0\xaf\n", "SRC-08", 2, 7),
    "nul": ("note: a\0b\n", "SRC-09", 4, 8),
    "line-separator": ("note: a\u2028b\n", "SRC-09", 4, 8),
    "escaped-separator": ('note: "a\\u2028b"\n', "SRC-09", 4, 7),
    "right-to-left": ("note: a\u202eb\n", "SRC-09", 4, 8),
    "right-to-left-key": ('"x-a\\u202e": 1\n', "SRC-09", 4, 1),
    "terminal-escape": ('note: "\\e]0;ttpwn\\a"\n', "SRC-09", 4, 7),
    "empty": (b"", "SRC-11", 1, 1),
    "comments": (b"# a\n# b\n", "SRC-11", 1, 1),
    "number": (b"5\n", "SRC-11", 1, 1),
    "empty-list": (b"[]\n", "SRC-11", 1, 1),
    "list-of-lists": (b"- - kind: term\n", "SRC-11", 1, 3),
    "empty-mapping": (b"{}\n", "SRC-11", 1, 1),
    "second-package": (b'kind: package\nid: PKG-OTHER\nschema_version: "1"\n', "SRC-11", 1, 1),
    "kind-is-a-path": (b"kind: ../../etc/passwd\nid: GLO-H-KP\n", "SRC-12", 1, 1),
    "kind-with-command": (b'kind: "a\\n::error::ttpwn"\nid: GLO-H-KN\n', "SRC-12", 1, 1),
    "unknown-field": ("colour: red\n", "SRC-13", 4, 1),
    "field-with-command": ('"a\\n::error::ttpwn": 1\n', "SRC-13", 4, 1),
    "field-with-script": ('"a<script>ttpwn</script>": 1\n', "SRC-13", 4, 1),
    "merge-key": ("<<: {a: 1}\n", "SRC-13", 4, 1),
    "wrong-type": ("audience: 5\n", "SRC-13", 4, 1),
    "id-with-script": (b'kind: term\nid: "<script>ttpwn</script>"\nterm: T\n', "SRC-13", 2, 1),
    "id-with-command": (b'kind: term\nid: "GLO-A\\n::error::ttpwn"\nterm: T\n', "SRC-13", 2, 1),
    "id-is-a-path": (b"kind: term\nid: ../../etc/passwd\nterm: T\n", "SRC-13", 2, 1),
    "id-in-small-letters": (b"kind: term\nid: GLO-h-empty\nterm: T\n", "SRC-13", 2, 1),
    "id-without-end": (b"kind: term\nid: GLO-" + b"A" * 100_000 + b"\nterm: T\n", "SRC-13", 2, 1),
    "z-same-id": (b"kind: term\nid: GLO-CPP\nterm: T\n", "SRC-14", 2, 1),
    "not-a-number": ("x-a: .nan\n", "SRC-21", 4, 6),
    "infinity": ("x-a: -.inf\n", "SRC-21", 4, 6),
    "great-exponent": ("x-a: 1e1000000000\n", "SRC-21", 4, 6),
    "small-exponent": ("x-a: 1e-1000000000\n", "SRC-21", 4, 6),
    "great-exponents-exponent": ("x-a: 1e" + "9" * 5000 + "\n", "SRC-21", 4, 6),
    "ten-thousand-digits": ("x-a: " + "1" * 10_000 + "\n", "SRC-21", 4, 6),
    "long-hexadecimal": ("x-a: 0x" + "f" * 1000 + "\n", "SRC-21", 4, 6),
    "unquoted-unit": ("x-unit: %\n", "SRC-01", 4, 9),
    "tab": ("\tnote: x\n", "SRC-01", 4, 1),
    "merge-conflict": ("<<<<<<< HEAD\nnote: x\n=======\nnote: y\n>>>>>>> b\n", "SRC-01", 5, 1),
    "mapping-as-key": ("? {a: b}\n: x\n", "SRC-01", 4, 3),
    "unreadable.md": (b"# no front matter\n", "SRC-11", 1, 1),
    "endless.md": (b"---\nkind: term\n", "SRC-11", 1, 1),
    "duplicate.md": (b"---\nkind: term\nkind: term\n---\n", "SRC-02", 3, 1),
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("yaml") / "package"
    shutil.copytree(MINIMAL, folder)
    for number, (name, (content, *_)) in enumerate(FILES.items()):
        path = folder / "records" / "zz" / (name if "." in name else f"{name}.yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else (HEAD.format(f"N{number}") + content).encode())
    return folder


def run(package: Path, ttpack: Ttpack, output: str) -> Result:
    result = ttpack("check", package, "--format", output)
    assert result.code == 1, result.stderr
    assert result.stderr == ""
    assert not list(package.rglob("ttpwn"))
    return result


def test_one_finding_for_each_at_its_place(package: Path, ttpack: Ttpack) -> None:
    findings = run(package, ttpack, "json").json["findings"]
    found: dict[str, list[tuple[str, int, int]]] = {}
    for one in findings:
        if "/zz/" in one["path"]:
            name = Path(one["path"]).name.removesuffix(".yaml")
            found.setdefault(name, []).append((one["code"], one["line"], one["column"]))
    assert found == {name: [tuple(place)] for name, (_, *place) in FILES.items()}
    assert {one["path"] for one in findings if "/zz/" not in one["path"]} == set()


def test_no_text_of_a_record_steers_whoever_reads_the_answer(package: Path, ttpack: Ttpack) -> None:
    lines = run(package, ttpack, "github").stdout.splitlines()
    assert len([line for line in lines if line.startswith("::error file=")]) == len(FILES)
    assert not [line for line in lines if line.startswith("::") and not line.startswith("::error file=")]
    assert "\x1b" not in run(package, ttpack, "text").stdout
    suite = ET.fromstring(run(package, ttpack, "junit").stdout)
    assert len(suite.findall(".//failure")) == len(FILES)
    sarif = json_text.loads(run(package, ttpack, "sarif").stdout)
    assert len(sarif["runs"][0]["results"]) == len(FILES)


def test_whatever_stands_for_an_id_is_none(package: Path, ttpack: Ttpack) -> None:
    records = {one["record"] for one in run(package, ttpack, "json").json["findings"]}
    assert not [record for record in records if record and len(record) > 100]
    assert not [record for record in records if record and set("<>/\n:") & set(record)]
