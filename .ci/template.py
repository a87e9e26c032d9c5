"""Writes what package_template/ takes over from elsewhere: `python .ci/template.py`; `--check` only compares.

The action and its script are those of this repository, so that a package's repository has them pinned with itself.
CODEOWNERS is what `ttpack codeowners` makes of the template's own records.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "package_template"
ACTION = ".github/actions/ttpack"
OWNERS = "CODEOWNERS"


def files() -> dict[str, bytes]:
    """The files by their path in the template."""
    script = (ROOT / ACTION / "review.py").read_bytes()
    return {
        f"{ACTION}/action.yml": (ROOT / ACTION / "action.yml").read_bytes(),
        f"{ACTION}/review.py": script,
        ".gitlab/ttpack/review.py": script,
        OWNERS: owners(),
    }


def owners() -> bytes:
    """CODEOWNERS of a new package, whose top is its repository's."""
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "new"
        shutil.copytree(TEMPLATE, new)
        (new / OWNERS).unlink(missing_ok=True)
        command = [sys.executable, "-m", "ttpack", "codeowners", "--file", str(new / OWNERS), str(new)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return (new / OWNERS).read_bytes()


def main(*, check: bool) -> int:
    """The exit code: 1 where a file differs and nothing may be written."""
    differing = [name for name, content in files().items() if _content(TEMPLATE / name) != content]
    for name in differing:
        sys.stdout.write(f"package_template/{name} {'differs: python .ci/template.py' if check else 'written'}\n")
    if not check:
        for name, content in files().items():
            (TEMPLATE / name).parent.mkdir(parents=True, exist_ok=True)
            (TEMPLATE / name).write_bytes(content)
    return 1 if check and differing else 0


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
