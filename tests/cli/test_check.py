"""`ttpack check` through the real command on real commits: formats, exit codes, waivers, dates, hostile text."""

import os
import pty
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT, Repository, Ttpack, clean_environment

from ttpack.cli import check_formats, check_text
from ttpack.model.findings import Finding
from ttpack.rules.answer import Check, WaiverUse

PH = "records/parameters/PRM-BRX-PH.yaml"
WIDE = """kind: specification
id: SPC-DP-HCP
article: DP
attribute: CQA-HCP
method: MTH-HCP
criterion: NMT 300 ng/mg
acceptance: {high: 300}
unit: ng/mg
release: true
"""
WAIVER = """kind: waiver
id: WVR-HCP
status: effective
rule: SPC-04
record: SPC-DP-HCP
reason: clinical lots had up to 300 ng/mg
approvers: [ROL-S-QA, ROL-C-QA]
expires: 2026-06-30
"""
ESCAPE, BELL, RIGHT_TO_LEFT = "\x1b", "\x07", "\u202e"
STEERING = f"{ESCAPE}]0;owned{BELL}{ESCAPE}[2J{RIGHT_TO_LEFT}"
HOSTILE = f"{STEERING}::error file=x::%0A<script>&\"'\r\n::set-output name=a::b, c:d"


@pytest.fixture
def package(repository: Repository) -> Repository:
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path, dirs_exist_ok=True)
    repository.commit({}, tag="base")
    return repository


def answer(ttpack: Ttpack, repository: Repository, *more: str) -> Any:
    done = ttpack("check", "--format", "json", *more, cwd=repository.path)
    assert done.stderr == ""
    return done.json


def codes(found: Any) -> set[tuple[str, str]]:
    return {(finding["code"], finding["record"]) for finding in found["findings"]}


def test_a_clean_package_exits_0_and_says_how_much_was_checked(ttpack: Ttpack, package: Repository) -> None:
    done = ttpack("check", cwd=package.path)
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith("Minimal transfer package (PKG-MIN)\nworking tree ")
    assert "\nNo errors.\n" in done.stdout
    assert re.search(r"Checked \d{2,} records by \d{2,} rules: 0 errors, 0 warnings, \d+ remarks?; 0 wai", done.stdout)
    assert "approved" not in done.stdout


def test_an_error_exits_1_and_stands_under_who_can_fix_it(ttpack: Ttpack, package: Repository) -> None:
    package.write({"records/wide.yaml": f"{WIDE}owner: ROL-C-QA\n"})
    done = ttpack("check", cwd=package.path)
    assert (done.code, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"\d+ errors? blocks? now", lines[3])
    owner = lines.index("  Contract manufacturer quality assurance (1)")
    assert lines[owner + 1] == "    records/wide.yaml:7:1: SPC-04 specification-wider-than-attribute-accepts"
    assert "at most 300 ng/mg" in lines[owner + 2]
    assert lines[owner + 3].startswith("      -> tighten the specification")


def test_json_has_what_others_rely_on(ttpack: Ttpack, package: Repository) -> None:
    package.write({"records/wide.yaml": WIDE})
    found = answer(ttpack, package)
    (finding,) = [one for one in found["findings"] if one["code"] == "SPC-04"]
    assert {
        "name": "specification-wider-than-attribute-accepts",
        "severity": "error",
        "record": "SPC-DP-HCP",
        "field": "acceptance",
        "path": "records/wide.yaml",
        "line": 7,
        "column": 1,
    }.items() <= finding.items()
    assert "at most 100 ng/mg" in finding["message"]
    assert found["gates"] == {"SITE-B": "G2"}
    assert found["revision"]["commit"] == package.git("rev-parse", "HEAD")
    assert found["revision"]["dirty"] is True
    assert found["counts"]["errors"] == sum(one["severity"] == "error" for one in found["findings"])


def test_a_revision_is_checked_as_of_its_own_date(ttpack: Ttpack, package: Repository) -> None:
    package.commit({"records/wide.yaml": WIDE}, tag="wide")
    package.commit({"records/wide.yaml": None})
    found = answer(ttpack, package, "--rev", "wide")
    assert ("SPC-04", "SPC-DP-HCP") in codes(found)
    assert found["revision"] == {"name": "wide", "commit": package.git("rev-parse", "wide"), "dirty": False}
    assert found["as_of"] == "2026-01-02"
    assert ("SPC-04", "SPC-DP-HCP") not in codes(answer(ttpack, package))
    assert answer(ttpack, package, "--rev", "wide", "--as-of", "2030-05-06")["as_of"] == "2030-05-06"


def test_a_waiver_holds_until_its_day(ttpack: Ttpack, package: Repository) -> None:
    package.write({"records/wide.yaml": WIDE, "records/waiver.yaml": WAIVER})
    held = answer(ttpack, package, "--as-of", "2026-06-30")
    assert ("SPC-04", "SPC-DP-HCP") not in codes(held)
    assert [(one["code"], one["waived"]) for one in held["waived"]] == [("SPC-04", "WVR-HCP")]
    assert [(one["id"], one["counts"]) for one in held["waivers"]] == [("WVR-HCP", True)]
    text = ttpack("check", "--as-of", "2026-06-30", cwd=package.path).stdout
    assert "WVR-HCP: SPC-04 on SPC-DP-HCP until 2026-06-30: clinical lots had up to 300 ng/mg" in text
    ended = answer(ttpack, package, "--as-of", "2026-07-01")
    assert {("SPC-04", "SPC-DP-HCP"), ("WVR-01", "WVR-HCP")} <= codes(ended)
    assert "DOES NOT COUNT" in ttpack("check", "--as-of", "2026-07-01", cwd=package.path).stdout


def test_since_fails_only_on_what_the_change_introduces(ttpack: Ttpack, package: Repository) -> None:
    package.commit({"records/wide.yaml": WIDE}, tag="wide")
    package.commit({"records/wide.yaml": f"\n\n{WIDE}", "records/other.yaml": "{kind: term, id: GLO-A, term: A, "
                    "definition: the letter, audience: [partner], owner: ROL-S-QA, status: effective}\n"})  # fmt: skip
    assert ttpack("check", cwd=package.path).code == 1
    assert ttpack("check", "--since", "wide", cwd=package.path).code == 0
    done = ttpack("check", "--since", "base", cwd=package.path)
    assert done.code == 1
    assert f"since base ({package.git('rev-parse', 'base')[:12]})" in done.stdout
    assert package.git("rev-parse", "HEAD")[:12] in done.stdout
    found = answer(ttpack, package, "--since", "base")
    assert found["since"]["commit"] == package.git("rev-parse", "base")
    assert [one["code"] for one in found["findings"] if one["introduced"] and one["record"] == "SPC-DP-HCP"]
    text = ttpack("check", "--since", "wide", cwd=package.path).stdout
    assert "No new errors." in text
    assert "from before the change" in text


def test_since_compares_with_the_merge_base(ttpack: Ttpack, package: Repository) -> None:
    package.git("checkout", "--quiet", "-b", "topic")
    package.commit({"records/wide.yaml": WIDE})
    package.git("checkout", "--quiet", "main")
    package.commit({PH: (package.path / PH).read_text().replace("high: 6.95", "high: 7.2")}, tag="later")
    package.git("checkout", "--quiet", "topic")
    found = answer(ttpack, package, "--since", "main")
    assert found["since"]["commit"] == package.git("rev-parse", "base")
    assert found["since"]["resolved"] == 0
    assert {one["record"] for one in found["findings"] if one["introduced"] and one["severity"] == "error"} == {
        "SPC-DP-HCP"
    }


def test_since_before_there_was_a_package_introduces_everything(ttpack: Ttpack, repository: Repository) -> None:
    repository.commit({"README.md": "x"}, tag="empty")
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path, dirs_exist_ok=True)
    repository.commit({"records/wide.yaml": WIDE})
    done = ttpack("check", "--since", "empty", cwd=repository.path)
    assert done.code == 1
    assert "since empty (which has no package)" in done.stdout


def test_since_a_package_further_up_introduces_everything(ttpack: Ttpack, package: Repository) -> None:
    shutil.copytree(ROOT / "tests/packages/minimal", package.path / "transfers" / "a")
    manifest = (package.path / "transfers/a/ttpack.yaml").read_text(encoding="utf-8")
    own = manifest.replace("id: PKG-MIN\n", "id: PKG-ANOTHER\n")
    package.commit({"transfers/a/records/wide.yaml": WIDE, "transfers/a/ttpack.yaml": own})
    done = ttpack("check", "transfers/a", "--since", "base", cwd=package.path)
    assert done.code == 1
    assert "since base (which has no package)" in done.stdout


def test_without_common_history_since_says_so(ttpack: Ttpack, package: Repository) -> None:
    package.git("checkout", "--quiet", "--orphan", "elsewhere")
    package.commit({"records/wide.yaml": WIDE})
    done = ttpack("check", "--since", "main", cwd=package.path)
    assert (done.code, done.stdout) == (3, "")
    assert "have no common ancestor" in done.stderr


def test_a_folder_without_git_is_checked_but_has_no_revisions(ttpack: Ttpack, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    shutil.copytree(ROOT / "tests/packages/minimal", folder)
    (folder / "records/wide.yaml").write_text(WIDE)
    done = ttpack("check", "--as-of", "2026-11-01", cwd=folder)
    assert done.code == 1
    assert "working tree, as of 2026-11-01" in done.stdout
    assert ttpack("check", "--format", "github", cwd=folder).stdout.startswith("::error file=records/wide.yaml,line=7,")
    for option in ("--rev", "--since"):
        refused = ttpack("check", option, "HEAD", cwd=folder)
        assert (refused.code, refused.stdout) == (3, "")
        assert "is in no git repository" in refused.stderr


@pytest.mark.parametrize("manifest", ["", "kind: [", "kind: package\n", "- a\n", "kind: package\nid: x\ngates: 3\n"])
def test_a_broken_package_record_is_a_finding(manifest: str, ttpack: Ttpack, package: Repository) -> None:
    package.write({"ttpack.yaml": manifest})
    done = ttpack("check", "--format", "json", cwd=package.path)
    assert (done.code, done.stderr) == (1, "")
    assert any(one["path"] == "ttpack.yaml" and one["code"].startswith("SRC-") for one in done.json["findings"])
    assert ttpack("check", cwd=package.path).code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--rev", "no-such"), 3, "no revision 'no-such'"),
        (("--since", "no-such"), 3, "no revision 'no-such'"),
        (("--rev", "--output=x"), 3, "is not the name of a revision"),
        (("--as-of", "tomorrow"), 2, "'tomorrow' is no date"),
        (("--format", "xml"), 2, "Invalid value for '--format'"),
        (("no/such/folder",), 3, "does not exist"),
        (("/",), 3, "no ttpack.yaml"),
    ],
)
def test_wrong_usage_is_one_plain_line(
    arguments: tuple[str, ...], code: int, said: str, ttpack: Ttpack, package: Repository
) -> None:
    done = ttpack("check", *arguments, cwd=package.path)
    assert (done.code, done.stdout) == (code, "")
    assert said in done.stderr.splitlines()[0]
    assert "Traceback" not in done.stderr


def test_a_package_below_the_top_is_checked_alone_and_its_paths_lead_from_here(
    ttpack: Ttpack, repository: Repository
) -> None:
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path / "transfers" / "a")
    repository.commit({"transfers/a/records/wide.yaml": WIDE})
    assert "    transfers/a/records/wide.yaml:7:1: " in ttpack("check", "transfers/a", cwd=repository.path).stdout
    below = repository.path / "transfers" / "a" / "records"
    assert "    ../records/wide.yaml:7:1: " in ttpack("check", cwd=below).stdout
    annotated = ttpack("check", "--format", "github", cwd=below).stdout
    assert "::error file=transfers/a/records/wide.yaml,line=7,col=1,title=SPC-04 specification-wider" in annotated
    assert answer(ttpack, repository, "transfers/a")["findings"][0]["path"] == "records/wide.yaml"


def test_sarif_is_what_code_scanning_takes(ttpack: Ttpack, package: Repository) -> None:
    package.commit(
        {
            "records/wide limits.yaml": WIDE,
            "records/waiver.yaml": WAIVER.replace("2026-06-30", "2026-09-30"),
            "records/x.yaml": "kind: [",
        }
    )
    done = ttpack("check", "--format", "sarif", "--since", "base", "--as-of", "2026-09-01", cwd=package.path)
    assert done.code == 1
    log = done.json
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        location = result["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"[A-Za-z0-9/._%-]+", location["artifactLocation"]["uri"])
        assert location["region"]["startLine"] > 0
        assert location["region"]["startColumn"] > 0
    assert "SRC-01" in {rule["id"] for rule in rules}
    (waived,) = [result for result in run["results"] if result["ruleId"] == "SPC-04"]
    assert waived["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "records/wide%20limits.yaml"
    assert waived["suppressions"][0]["justification"].startswith("WVR-HCP: clinical lots")
    assert {result["baselineState"] for result in run["results"] if "suppressions" not in result} == {"new"}


def test_junit_fails_for_errors_and_skips_what_is_waived(ttpack: Ttpack, package: Repository) -> None:
    package.write({"records/wide.yaml": WIDE, "records/waiver.yaml": WAIVER, "records/x.yaml": "kind: ["})
    done = ttpack("check", "--format", "junit", "--as-of", "2026-06-01", cwd=package.path)
    suites = ET.fromstring(done.stdout)
    (suite,) = suites
    cases = suite.findall("testcase")
    failed = [case for case in cases if case.find("failure") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    assert int(suite.attrib["tests"]) == len(cases)
    assert int(suite.attrib["failures"]) == len(failed) > 0
    assert [case.attrib["classname"].split()[0] for case in skipped] == ["SPC-04"]
    assert "SRC-01 yaml-syntax" in {case.attrib["classname"] for case in failed}


def hostile_answer() -> Check:
    finding = Finding("SPC-04", "wide", "error", "SPC-A", f"x.{HOSTILE}", f"records/{HOSTILE}.yaml", 3, 1, HOSTILE,
                      fix=HOSTILE, owner=HOSTILE)  # fmt: skip
    waiver = WaiverUse("WVR-A", "SPC-04", "SPC-A", HOSTILE, HOSTILE, (HOSTILE,), "2026-01-01", counts=True, findings=0)
    return Check("PKG-A", HOSTILE, HOSTILE, None, False, "2026-01-01", {}, 1, 1, (finding,), waivers=(waiver,))


@pytest.mark.parametrize("color", [True, False])
def test_what_an_author_wrote_steers_no_terminal(color: bool) -> None:
    shown = check_text.text(hostile_answer(), lambda path: path, color=color)
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\n", "").isprintable()
    assert f"{ESCAPE}[2J" not in shown
    assert bool(re.search(r"\x1b\[", shown)) is color


def test_what_an_author_wrote_is_no_workflow_command() -> None:
    shown = check_formats.github(hostile_answer(), lambda path: path)
    lines = shown.splitlines()
    assert [line[:7] for line in lines] == ["::error", "ttpack "]
    properties, _, data = lines[0].removeprefix("::error ").partition("::")
    assert [part.partition("=")[0] for part in properties.split(",")] == ["file", "line", "col", "title"]
    assert "%250A<script>" in data
    assert shown.replace("\n", "").isprintable()


def test_what_an_author_wrote_stays_text_in_xml_and_json() -> None:
    suites = ET.fromstring(check_formats.junit(hostile_answer(), lambda path: path))
    assert not suites.findall(".//script")
    assert "<script>" in str(suites.findall(".//failure")[0].text)
    assert ESCAPE not in check_formats.sarif(hostile_answer(), lambda path: path)


def test_long_lists_are_capped_and_say_so() -> None:
    many = tuple(
        Finding("SPC-04", "wide", "error", f"SPC-{n}", "", "a.yaml", n, 1, "too wide", owner=f"owner {n % 9}")
        for n in range(1, 901)
    )
    shown = check_text.text(Check("PKG-A", "A", "r", None, False, "2026-01-01", {}, 900, 1, many), str, color=False)
    listed = shown.count("SPC-04")
    assert listed == check_text.IN_ALL
    assert sum(map(int, re.findall(r"\.\.\. (\d+) more", shown))) == 900 - listed
    assert "900 errors block now" in shown


def on_a_terminal(folder: Path, environment: dict[str, str]) -> str:
    mine, theirs = pty.openpty()
    command = [sys.executable, "-m", "ttpack", "check"]
    plain = clean_environment() | {"TERM": "xterm-256color"} | environment
    with subprocess.Popen(command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=plain):
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(mine, 65536)
            except OSError:
                break
            if not part:
                break
            seen += part
    os.close(mine)
    return seen.decode()


def test_colour_is_for_terminals_and_NO_COLOR_is_respected(ttpack: Ttpack, package: Repository) -> None:  # noqa: N802
    package.write({"records/wide.yaml": WIDE})
    assert ESCAPE not in ttpack("check", cwd=package.path).stdout
    assert f"{ESCAPE}[31m" in on_a_terminal(package.path, {})
    assert ESCAPE not in on_a_terminal(package.path, {"NO_COLOR": "1"})


def test_an_unchanged_check_is_remembered_and_loads_no_models(package: Repository) -> None:
    code = "import sys; from ttpack.cli.main import main; main(['check']); print(*sys.modules, file=sys.stderr)"

    def run() -> tuple[str, set[str]]:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=package.path,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout, set(done.stderr.split())

    first, loaded = run()
    again, light = run()
    assert first == again
    assert "pydantic" in loaded
    assert not {"pydantic", "yaml", "jsonschema_rs", "git", "rich"} & light
    package.write({"records/wide.yaml": WIDE})
    changed, loaded = run()
    assert "SPC-04" in changed
    assert "pydantic" in loaded


def test_a_damaged_memory_is_no_answer(ttpack: Ttpack, package: Repository) -> None:
    import sqlite3

    before = ttpack("check", "--format", "json", cwd=package.path).stdout
    database = sqlite3.connect(package.path / ".git/ttpack/cache.sqlite")
    with database:
        database.execute("update entries set value = replace(value, 'G2', 'G7')")
    database.close()
    assert ttpack("check", "--format", "json", cwd=package.path).stdout == before


def test_checking_writes_nothing_in_the_package(ttpack: Ttpack, package: Repository) -> None:
    ttpack("check", "--rev", "base", cwd=package.path)
    ttpack("check", cwd=package.path)
    assert package.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("SPC-03", "Why: material can pass upstream"),
        ("src-01", "nobody can waive it"),
        ("score-bands-with-gap-or-overlap", "RSK-04"),
    ],
)
def test_explain_says_why_and_how(code: str, said: str, ttpack: Ttpack) -> None:
    done = ttpack("explain", code)
    assert (done.code, done.stderr) == (0, "")
    assert said in done.stdout
    assert "Resolve: " in done.stdout


def test_explain_alone_lists_all_rules_and_json_has_them(ttpack: Ttpack) -> None:
    listed = ttpack("explain").stdout
    rules = ttpack("explain", "--format", "json").json["rules"]
    assert len(rules) > 60
    assert all(f"{rule['code']}  {rule['name']}" in listed for rule in rules)
    assert all(rule["summary"] and rule["why"] and rule["resolve"] for rule in rules)
    assert {rule["code"] for rule in rules if not rule["waivable"]} >= {"WVR-01", "SRC-01"}


def test_explain_offers_the_nearest_codes(ttpack: Ttpack) -> None:
    done = ttpack("explain", "SPC-33")
    assert (done.code, done.stdout) == (2, "")
    assert "there is no rule 'SPC-33'; did you mean SPC-03" in done.stderr
