"""`make bench`: every figure of the goals that this version can measure, as ratios of CPU time taken in pairs.

Each row alternates the two commands, five times each after one warm-up, and prints the median of the ratios. A row
whose other tool is not installed is left out and named.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.joint import write_joint
from tests.bench.packages import commit, git, write_doorstop_items, write_package, write_sites

RUNS = 5
TTPACK = (sys.executable, "-m", "ttpack")
IMPACT = (*TTPACK, "impact", "--from", "HEAD~1", "--to", "HEAD")
LOAD_WITH_PYYAML = (
    "import sys, pathlib, yaml\n"
    "for path in sorted(pathlib.Path(sys.argv[1]).rglob('*.yaml')):\n"
    "    yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)\n"
)


@dataclass(frozen=True)
class Measure:
    """A row: what is measured, a command, what to do before each run, the command it is held against, and the goal."""

    name: str
    command: Sequence[str]
    against: Sequence[str]
    goal: float
    before: Callable[[], None] = lambda: None
    before_against: Callable[[], None] = lambda: None


def cpu(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """CPU seconds (user and system) of a command with its children, and its peak memory in MiB."""
    environment = {**os.environ, "NO_COLOR": "1"}
    script = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", script, *command],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, peak = map(float, done.stdout.split())
    return seconds, peak


def forget(folder: Path) -> Callable[[], None]:
    """Remove what ttpack keeps of earlier runs."""
    return lambda: shutil.rmtree(folder / ".git" / "ttpack", ignore_errors=True)


def edit(folder: Path) -> Callable[[], None]:
    """Change one record, another value each time."""
    state = {"count": 0}

    def change() -> None:
        state["count"] += 1
        file = next(iter(sorted((folder / "records" / "parameters").rglob("*.yaml"))))
        lines = file.read_text(encoding="utf-8").splitlines()
        lines = [f"note: edit {state['count']}" if line.startswith("note:") else line for line in lines]
        if not any(line.startswith("note:") for line in lines):
            lines.append(f"note: edit {state['count']}")
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    return change


def tighten(folder: Path, count: int) -> None:
    """Commit another upper end of two ranges in that many records."""
    for file in sorted((folder / "records" / "parameters").rglob("*.yaml"))[100 : 100 + count]:
        file.write_text(file.read_text(encoding="utf-8").replace("high: 7.10", "high: 7.05"), encoding="utf-8")
    commit(folder)


def approve(folder: Path) -> None:
    """Say in the package record that the package is approved, commit and tag that, then change 20 records."""
    manifest = folder / "ttpack.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + "status: approved\n", encoding="utf-8")
    commit(folder)
    git(folder, "tag", "approved")
    tighten(folder, 20)


def measure(row: Measure, folder: Path) -> str:
    """One row of the table."""
    ratios, own, other, peaks = [], [], [], []
    for run in range(RUNS + 1):
        row.before()
        seconds, peak = cpu(row.command, folder)
        row.before_against()
        reference, _ = cpu(row.against, folder)
        if run:
            own.append(seconds)
            other.append(reference)
            peaks.append(peak)
            ratios.append(seconds / reference)
    ratio = statistics.median(ratios)
    return (
        f"| {row.name} | {ratio:.2f} | {row.goal:g} | {'yes' if ratio <= row.goal else 'NO'} | "
        f"{statistics.median(own):.2f} | {statistics.median(other):.2f} | {max(peaks):.0f} |"
    )


def rows(  # noqa: PLR0917  one package for each sort of row
    small: Path, large: Path, failing: Path, changed: Path, much: Path, approved: Path
) -> list[tuple[Measure, Path]]:
    """The measures in the order of goals.md, each with the folder it runs in."""
    check, check_large = (*TTPACK, "check", "."), (*TTPACK, "check", str(large))
    load = (sys.executable, "-c", LOAD_WITH_PYYAML, ".")
    nothing = (sys.executable, "-c", "pass")
    anew = forget(large)
    return [
        (Measure("check cold, 10,000 records / PyYAML loading them", check, load, 1.3, anew), large),
        *beside_other_tools(small),
        (Measure("check unchanged, 10,000 records / git status", check, ("git", "status"), 10), large),
        (Measure("check after one edit, 10,000 / cold", check, check, 0.35, edit(changed), forget(changed)), changed),
        (Measure("impact of 20 of 10,000, warm / cold check", IMPACT, check_large, 0.35, before_against=anew), changed),
        (Measure("impact of 2,000 of 10,000, warm / cold check", IMPACT, check_large, 1.5, before_against=anew), much),
        (Measure("impact of 2,000 of 10,000, cold / cold check", IMPACT, check_large, 1.5, forget(much), anew), much),
        (
            Measure("check cold, 20 changed since a tag / no tag", check, check_large, 1.15, forget(approved), anew),
            approved,
        ),
        (Measure("check, 20 % of 10,000 failing / clean", check, check_large, 1.3, forget(failing), anew), failing),
        (Measure("--help / python -c pass", (*TTPACK, "--help"), nothing, 6), small),
    ]


def about_sites(sites: Path) -> list[tuple[Measure, Path]]:
    """What is asked about sites with a warm cache, each held against a cold check of the same package."""
    check, anew = (*TTPACK, "check", "."), forget(sites)
    what = "100 sites x 2,000 parameters, warm / cold check"
    return [
        (Measure(f"fit of one of {what}", (*TTPACK, "fit", "SITE-001"), check, 0.15, before_against=anew), sites),
        (Measure(f"fit of {what}", (*TTPACK, "fit"), check, 0.35, before_against=anew), sites),
        (Measure(f"compare {what}", (*TTPACK, "compare"), check, 0.35, before_against=anew), sites),
    ]


def about_open_items(joint: Path) -> list[tuple[Measure, Path]]:
    """What both parties ask of 10,000 open items with a warm cache, each held against a cold check of the same."""
    check, anew = (*TTPACK, "check", "."), forget(joint)
    what = "10,000 open items, warm / cold check"
    value = ("PRM-U0001-P00003", "7.2", "--duration", "30min", "--stage", "ppq", "--site", "SITE-C")
    asked: tuple[tuple[str, tuple[str, ...], float], ...] = (
        ("check unchanged", ("check", "."), 0.1),
        ("gate", ("gate", "G3", "--site", "SITE-C"), 1),
        ("agenda", ("agenda",), 1),
        ("readiness", ("readiness",), 0.8),
        ("classify", ("classify", *value), 0.5),
    )
    return [
        (Measure(f"{name} with {what}", (*TTPACK, *arguments), check, goal, before_against=anew), joint)
        for name, arguments, goal in asked
    ]


def beside_other_tools(small: Path) -> list[tuple[Measure, Path]]:
    """A row for each tool that is there; `make bench` installs them beside, as they are no dependency of ours."""
    files = [str(path) for path in sorted(small.rglob("PRM-*.yaml"))]
    schema = Path(__file__).parents[2] / "schemas" / "v1" / "process_parameter.schema.json"
    folders = [Path(sys.executable).parent, Path(__file__).parents[2] / ".venv-bench" / "bin"]
    search = os.pathsep.join((*map(str, folders), os.environ.get("PATH", "")))
    items = small.parent / "doorstop"
    found = []
    for tool, arguments, goal, place in (
        ("yamllint", (".",), 0.15, small),
        ("check-jsonschema", ("--schemafile", str(schema), *files), 0.35, small),
        ("doorstop", (), 0.08, items),
    ):
        path = shutil.which(tool, path=search)
        if path is None:
            sys.stdout.write(f"(left out: {tool} is not installed)\n")
            continue
        if tool == "doorstop":
            write_doorstop_items(items, 1000)
        name = f"check cold, 1,000 records / {tool}"
        command = (*TTPACK, "check", str(small))
        found.append((Measure(name, command, (path, *arguments), goal, forget(small)), place))
    return found


def main() -> None:
    """Make the packages, measure, print the table."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        names = ("small", "large", "failing", "few", "much", "approved", "sites", "joint")
        small, large, failing, changed, much, approved, sites, joint = (root / name for name in names)
        write_package(small, 1000)
        write_sites(sites, 2000, 100)
        write_joint(joint, 10_000)
        write_package(large, 10_000)
        write_package(failing, 10_000, failing=0.2)
        for package, count in ((changed, 20), (much, 2000)):
            write_package(package, 10_000)
            tighten(package, count)
            cpu(IMPACT, package)
        write_package(approved, 10_000)
        approve(approved)
        sys.stdout.write(
            "| what | ratio | goal | met | CPU s | against, CPU s | peak MiB |\n|---|---:|---:|---|---:|---:|---:|\n"
        )
        asked = (*rows(small, large, failing, changed, much, approved), *about_sites(sites), *about_open_items(joint))
        for row, place in asked:
            sys.stdout.write(measure(row, place) + "\n")
            sys.stdout.flush()
    sys.stdout.write(f"Medians of {RUNS} pairs of whole processes; memory is the largest single process.\n")


if __name__ == "__main__":
    main()
