"""`ttpack preview`: a real process, asked by HTTP while its package is edited."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

MINIMAL = Path(__file__).parents[1] / "packages" / "minimal"
PATIENCE = 60


class Preview:
    def __init__(self, folder: Path) -> None:
        self.package, self.temporary = folder / "package", folder / "tmp"
        shutil.copytree(MINIMAL, self.package)
        self.temporary.mkdir()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ttpack", "preview", str(self.package), "--port", "0", "--as-of", "2026-11-30"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "TMPDIR": str(self.temporary), "PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout
        told = self.process.stdout.readline()
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/ shows .+; Ctrl-C ends it\.\n", told)
        assert found, told
        self.port = int(found[1])

    def ask(self, path: str, host: str = "", method: str = "GET") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host or f"127.0.0.1:{self.port}")
        connection.endheaders()
        answer = connection.getresponse()
        content = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, content

    def state(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.ask("/-/state")[1])
        return found

    def until(self, path: str, *words: str) -> str:
        """The page once it holds the words; a failure when it never does."""
        end = time.monotonic() + PATIENCE
        content = ""
        while time.monotonic() < end:
            content = self.ask(path)[1]
            if all(word in content for word in words):
                return content
            time.sleep(0.1)
        raise AssertionError(f"{words} never seen in {content[-2000:]}")


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    made = Preview(tmp_path)
    yield made
    with made.process:
        made.process.kill()


def test_preview_shows_edits_keeps_the_last_good_pages_and_serves_nothing_else(preview):
    assert "data-site=" in preview.ask("/")[1]
    assert preview.ask("/-/reload.js")[0] == 200

    manifest = preview.package / "ttpack.yaml"
    good = manifest.read_text("utf-8")
    titled = re.sub(r"(?m)^title: .*$", "title: A title seen in the preview", good)
    manifest.write_text(titled, "utf-8")
    preview.until("/", "A title seen in the preview")

    manifest.write_text(titled + 'broken: "\n', "utf-8")
    assert "ttpack.yaml:" in preview.until("/-/state", "The pages show the last state that could be read.")
    assert "A title seen in the preview" in preview.ask("/index.html")[1]

    manifest.write_text(titled.replace("seen in", "mended in"), "utf-8")
    preview.until("/", "A title mended in the preview")
    preview.until("/-/state", '"words": []')

    for path in ("/../../../../etc/passwd", "/..%2f..%2fetc/passwd", "//etc/passwd", "/assets", "/assets/", "/%00"):
        status, content = preview.ask(path)
        assert status == 404, path
        assert "root:" not in content
    for host in ("evil.example", f"evil.example:{preview.port}", "127.0.0.1", f"127.0.0.1.evil.example:{preview.port}"):
        status, content = preview.ask("/", host)
        assert status == 421, host
        assert "A title" not in content
    assert preview.ask("/", method="POST")[0] == 501

    preview.process.send_signal(signal.SIGINT)
    assert preview.process.wait(PATIENCE) == 0
    assert not list(preview.temporary.iterdir())
