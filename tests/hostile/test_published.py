"""A package whose every text is an attack, built: its words are shown, nothing of them acts or leaks."""

import functools
import http.server
import json
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pikepdf
import pytest
from lxml import html
from tests.conftest import Result, Ttpack, clean_environment
from tests.hostile.payloads import MARK, MINIMAL, PRINTED, SECRET, TEXTS, poisoned

LEAKS = (SECRET.encode(), b"root:x:0")
SEARCHED_TAGS = {"code", "li", "ol", "p", "pre", "sub", "sup", "ul"}
WATCH = """<!doctype html><meta charset="utf-8"><body><script>
for (const name of PAGES) {
  const frame = document.createElement("iframe");
  frame.src = name;
  frame.onload = () => {
    const inside = frame.contentWindow;
    for (const element of frame.contentDocument.querySelectorAll("article *")) {
      element.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
      if (element.focus) element.focus();
    }
    const line = document.createElement("p");
    line.className = "seen";
    line.textContent = name + " " + (inside.MARK ?? "untouched") + " " + (window.MARK ?? "untouched");
    document.body.append(line);
  };
  document.body.append(frame);
}
</script></body>"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    assert poisoned(folder / "package") > 5 * len(TEXTS)
    command = [sys.executable, "-m", "ttpack", "build", "package", "--out", "out", "--as-of", "2026-11-01"]
    done = subprocess.run(
        command, cwd=folder, env=clean_environment(), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not list(folder.rglob(f"{MARK}*"))
    return folder / "out"


def test_nothing_from_outside_the_package_is_in_any_file(built: Path) -> None:
    for path in built.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [leak for leak in LEAKS if leak in content], path
    text = subprocess.run(["pdftotext", built / "package.pdf", "-"], capture_output=True, check=True).stdout
    assert MARK.encode() in text
    assert all(word.encode() in text for word in PRINTED)
    assert not [leak for leak in LEAKS if leak in text]


def test_no_markup_of_an_author_is_in_a_page(built: Path) -> None:
    pages = sorted((built / "site").glob("*.html"))
    assert len(pages) > 10
    shown = 0
    for path in pages:
        root = html.parse(str(path)).getroot()
        assert not [one for one in root.xpath("//script/text()") if MARK in one], path.name
        assert not root.xpath(
            "//iframe|//object|//embed|//base|//style|//math|//details|//article//form"
            "|//meta[@http-equiv][@http-equiv != 'Content-Security-Policy']"
        )
        assert not root.xpath("//svg//script|//svg//*[local-name()='animate' or local-name()='foreignObject']")
        assert not root.xpath("//@*[starts-with(name(), 'on')]|//article//@style|//@srcdoc|//@action"), path.name
        for address in root.xpath("//@href|//@src"):
            scheme = urlsplit(address).scheme
            assert scheme in ("", "https", "mailto"), (path.name, address)
            assert not address.startswith("//"), (path.name, address)
        assert not root.xpath("//@src[starts-with(., 'http')]")
        shown += path.read_text("utf-8").count(MARK)
    assert shown > 500


def test_the_search_index_holds_words_only(built: Path) -> None:
    index = json.loads((built / "site" / "search" / "search_index.json").read_text("utf-8"))
    texts = [text for doc in index["docs"] for text in (doc["title"], doc["text"])]
    tags = {tag for text in texts for tag in re.findall(r"</?(\w+)", text)}
    assert tags <= SEARCHED_TAGS
    attributes = re.compile(r"<\w+\s")
    assert not [text for text in texts if attributes.search(text)]


def test_the_pdf_does_nothing(built: Path) -> None:
    with pikepdf.open(built / "package.pdf") as document:
        for one in document.objects:
            if isinstance(one, pikepdf.Dictionary):
                assert "/JS" not in one
                assert one.get("/S") not in ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR")
                if one.get("/S") == "/URI":
                    assert urlsplit(str(one.URI)).scheme in ("http", "https", "mailto")


@pytest.mark.browser
def test_no_script_of_an_author_runs_and_no_request_leaves(built: Path, tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or pytest.skip("no Chromium here")
    site = tmp_path / "site"
    shutil.copytree(built / "site", site)
    names = sorted(path.name for path in site.glob("*.html"))
    (site / "watch.html").write_text(WATCH.replace("PAGES", json.dumps(names)).replace("MARK", MARK), "utf-8")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    log = tmp_path / "net.json"
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-component-update",
        "--disable-background-networking", "--disable-sync", "--virtual-time-budget=15000", f"--log-net-log={log}",
        f"--user-data-dir={tmp_path / 'profile'}", "--enable-logging=stderr", "--dump-dom",
        f"http://127.0.0.1:{server.server_port}/watch.html",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=180)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    seen = re.findall(r'<p class="seen">(\S+) (\S+) (\S+)</p>', done.stdout.decode("utf-8", "replace"))
    assert sorted(seen) == [(name, "untouched", "untouched") for name in names]
    assert b"dialog" not in done.stderr.lower()
    events = json.loads(log.read_text("utf-8", "replace"))["events"]
    asked = [one["params"] for one in events if "url" in one.get("params", {})]
    hosts = {
        urlsplit(one["url"]).hostname for one in asked if str(one.get("initiator", "")).startswith("http://127.0.0.1")
    }
    assert hosts == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("text", "name"),
    [("เขียน", "U+0E40"), ("कख", "U+0915"), ("🧪", "U+1F9EA"), ("\\uE000", "U+E000")],
)
def test_a_character_that_cannot_be_printed_is_named_with_its_record(
    ttpack: Ttpack, tmp_path: Path, text: str, name: str
) -> None:
    package = tmp_path / "package"
    shutil.copytree(MINIMAL, package)
    term = f'kind: term\nid: GLO-H-1\naudience: [public]\nstatus: effective\nterm: T\ndefinition: "a {text} b"\n'
    (package / "records" / "glyph.yaml").write_text(term)
    result: Result = ttpack("build", package, "--only", "pdf", "--out", tmp_path / "out")
    assert result.code not in (0, 70)
    assert result.stderr.startswith("ttpack: ")
    assert "GLO-H-1" in result.stderr
    assert name in result.stderr
    assert text not in result.stderr
