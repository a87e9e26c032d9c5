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
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html
from tests.conftest import Result

SITE_PAGES = (
    "sites.html", "fit.html", "compare-site-a-site-b.html", "scale-site-a-site-b.html", "automation.html",
    "site-validation.html", "filings.html", "supply.html",
)  # fmt: skip
PAGES = ("index.html", "uo-03-brx.html", "quality.html", "checks.html", "equipment.html", "change.html")
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--virtual-time-budget=8000", "--window-size=1440,1000",
)  # fmt: skip
WIDTHS = """<!doctype html><meta charset="utf-8"><body><script>
const pages = PAGES, widths = [390, 1280];
for (const name of pages) for (const width of widths) {
  const frame = document.createElement("iframe");
  frame.width = width; frame.height = 800; frame.src = name;
  frame.onload = () => {
    const root = frame.contentDocument.documentElement;
    const line = document.createElement("p");
    const cut = [...root.querySelectorAll("table")].filter((table) => !table.closest(".tt-scroll")).length;
    const mute = [...root.querySelectorAll(".tt-mark")].filter((mark) => !mark.querySelector(".tt-hidden")).length;
    line.className = "width";
    line.textContent = [name, width, root.scrollWidth, root.clientWidth, cut, mute].join(" ");
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
    (folder / "widths.html").write_text(WIDTHS.replace("PAGES", json.dumps(PAGES + SITE_PAGES)), encoding="utf-8")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def visited(url: str, folder: Path, *more: str) -> subprocess.CompletedProcess[bytes]:
    """The page's DOM after its scripts have run, and what the browser said."""
    chromium = shutil.which("chromium") or pytest.skip("no Chromium here")
    command = [chromium, *SWITCHES, f"--user-data-dir={folder / 'profile'}", *more, "--dump-dom", url]
    return subprocess.run(command, capture_output=True, check=True, timeout=180)


def requests_of_pages(log: Path) -> set[str]:
    """Addresses that a page asked for; the browser's own attempts to reach its maker have no page as initiator."""
    events = json.loads(log.read_text(encoding="utf-8", errors="replace"))["events"]
    asked = [event["params"] for event in events if "url" in event.get("params", {})]
    return {one["url"] for one in asked if str(one.get("initiator", "")).startswith("http://127.0.0.1")}


@pytest.mark.browser
@pytest.mark.parametrize("page", PAGES)
def test_no_request_leaves_the_host_and_no_script_complains(address: str, tmp_path: Path, page: str) -> None:
    log = tmp_path / "net.json"
    done = visited(address + page, tmp_path, f"--log-net-log={log}", "--enable-logging=stderr")
    assert "<article" in done.stdout.decode("utf-8", "replace")
    asked = requests_of_pages(log)
    assert any(url.endswith(".css") for url in asked)
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
    assert [line for line in done.stderr.decode("utf-8", "replace").splitlines() if "CONSOLE" in line] == []


@pytest.mark.browser
def test_no_page_is_wider_than_a_phone_or_a_desk(address: str, tmp_path: Path) -> None:
    dom = visited(address + "widths.html", tmp_path).stdout.decode("utf-8", "replace")
    found = re.findall(r'<p class="width">(\S+) (\d+) (\d+) (\d+) (\d+) (\d+)</p>', dom)
    assert {(name, int(width)) for name, width, *_ in found} == {
        (name, width) for name in PAGES + SITE_PAGES for width in (390, 1280)
    }
    assert [(name, width, wide) for name, width, wide, seen, *_ in found if int(wide) > int(seen)] == []
    assert [(name, cut) for name, _, _, _, cut, _ in found if cut != "0"] == [], "a table outside its own scrolling box"
    assert [(name, mute) for name, _, _, _, _, mute in found if mute != "0"] == [], "a sign without words"


def test_every_link_of_the_pages_about_sites_leads_somewhere(demo: tuple[Path, Result]) -> None:
    site = demo[0] / "build" / "site"
    anchors = {path.name: set(html.parse(str(path)).getroot().xpath("//@id")) for path in site.glob("*.html")}
    for name in SITE_PAGES:
        for link in html.parse(str(site / name)).getroot().xpath("//article//a/@href"):
            if not urlsplit(link).scheme:
                page, _, anchor = link.partition("#")
                assert not anchor or unquote(anchor) in anchors[page or name], f"{name}: {link}"
                assert (page or name) in anchors, f"{name}: {link}"
