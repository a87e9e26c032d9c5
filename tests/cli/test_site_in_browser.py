"""The demo's site in headless Chromium: nothing leaves the host, nothing is cut off on a phone, no script complains."""

import functools
import http.server
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.conftest import Result

PAGES = ("index.html", "uo-03-brx.html", "quality.html", "checks.html", "equipment.html", "change.html")
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--virtual-time-budget=8000", "--window-size=1440,1000",
)  # fmt: skip
PHONE = """<!doctype html><meta charset="utf-8"><body><script>
const pages = PAGES;
for (const name of pages) {
  const frame = document.createElement("iframe");
  frame.width = 390; frame.height = 800; frame.src = name;
  frame.onload = () => {
    const root = frame.contentDocument.documentElement;
    const line = document.createElement("p");
    line.className = "width"; line.textContent = name + " " + root.scrollWidth + " " + root.clientWidth;
    document.body.append(line);
  };
  document.body.append(frame);
}
</script></body>"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without writing to the terminal."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(demo: tuple[Path, Result], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served") / "site"
    shutil.copytree(demo[0] / "build" / "site", folder)
    (folder / "phone.html").write_text(PHONE.replace("PAGES", json.dumps(PAGES)), encoding="utf-8")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def opened(url: str, folder: Path, *more: str) -> str:
    """The page's DOM after its scripts have run."""
    chromium = shutil.which("chromium") or pytest.skip("no Chromium here")
    command = [chromium, *SWITCHES, f"--user-data-dir={folder / 'profile'}", *more, "--dump-dom", url]
    return subprocess.run(command, capture_output=True, check=True, timeout=180).stdout.decode("utf-8", "replace")


def requests_of_pages(log: Path) -> set[str]:
    """Addresses that a page asked for; the browser's own attempts to reach its maker have no page as initiator."""
    events = json.loads(log.read_text(encoding="utf-8", errors="replace"))["events"]
    asked = [event["params"] for event in events if "url" in event.get("params", {})]
    return {one["url"] for one in asked if str(one.get("initiator", "")).startswith("http://127.0.0.1")}


@pytest.mark.browser
@pytest.mark.parametrize("page", PAGES)
def test_no_request_leaves_the_host(address: str, tmp_path: Path, page: str) -> None:
    log = tmp_path / "net.json"
    dom = opened(address + page, tmp_path, f"--log-net-log={log}")
    assert "<article" in dom
    asked = requests_of_pages(log)
    assert any(url.endswith(".css") for url in asked)
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}


@pytest.mark.browser
def test_no_page_is_wider_than_a_phone(address: str, tmp_path: Path) -> None:
    widths = re.findall(r'<p class="width">(\S+) (\d+) (\d+)</p>', opened(address + "phone.html", tmp_path))
    assert {name for name, *_ in widths} == set(PAGES)
    assert [(name, wide) for name, wide, seen in widths if int(wide) > int(seen)] == []


@pytest.mark.browser
def test_no_script_complains(address: str, tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or pytest.skip("no Chromium here")
    for page in PAGES:
        command = [chromium, *SWITCHES, f"--user-data-dir={tmp_path / page}", "--enable-logging=stderr", "--dump-dom"]
        done = subprocess.run([*command, address + page], capture_output=True, check=True, timeout=180)
        said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if "CONSOLE" in line]
        assert said == [], page
