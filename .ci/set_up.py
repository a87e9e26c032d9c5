"""Make a virtual environment from requirements.lock with this checkout in it: `python3 .ci/set_up.py .venv`.

Runs on whatever python3 a fresh machine has, with the standard library alone.
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"


def say(text: str, end: str = "\n") -> None:
    """Print at once, so that a waiting person sees it."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


def run(command: list[str], what: str, expected: int = 0) -> None:
    """Run a command quietly, counting on a terminal what pip fetches; on failure show the end of what it said."""
    lines = []
    fetched = 0
    counting = expected and sys.stdout.isatty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            lines.append(line)
            fetched += line.startswith("Collecting ")
            if counting:
                doing = "installing" if line.startswith("Installing") else f"{fetched} of {expected}"
                say(f"\r  {doing:<20}", end="\r")
    if process.returncode:
        say("".join(lines[-20:]))
        sys.exit(f"Setting up failed at: {what}")


def works(python: Path) -> bool:
    """Whether an environment is already there, whole enough for pip to run."""
    command = [str(python), "-m", "pip", "--version"]
    return python.exists() and subprocess.run(command, capture_output=True, check=False).returncode == 0


def main(folder: Path) -> None:
    """Create or update the environment; the marker `.ready` is written last, so a broken one is made again."""
    if sys.version_info < (3, 11):
        version = sys.version.split()[0]
        sys.exit(f"ttpack needs Python 3.11 or newer, and {sys.executable} is {version}: make PYTHON=python3.12 ...")
    started = time.monotonic()
    python = folder / "bin" / "python"
    marker = folder / ".ready"
    marker.unlink(missing_ok=True)
    count = sum("==" in line for line in LOCK.read_text(encoding="utf-8").splitlines() if line[:1].isalpha())
    say(f"Setting up {folder}: {count} Python packages (once; about a minute)")
    if not works(python):
        what = "making a virtual environment (on Debian it needs: apt-get install python3-venv)"
        run([sys.executable, "-m", "venv", "--clear", str(folder)], what)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--no-deps"]
    run([*pip, "--progress-bar", "off", "--require-hashes", "-r", str(LOCK)], "installing requirements.lock", count)
    run([*pip, "--no-build-isolation", "--editable", str(ROOT)], "installing ttpack")
    marker.touch()
    say(f"  ready after {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
