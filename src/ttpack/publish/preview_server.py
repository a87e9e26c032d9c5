"""A site for the eyes of the person at this machine: served to 127.0.0.1 only, and reloaded when it changes.

What may be asked for is a table of the files that the site has, so no path leads anywhere else. A page is served as
it was built, with one script of ours added that waits for the next state.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from ttpack.publish.resources import asset

HOST = "127.0.0.1"
_WAIT_SECONDS = 20
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}


@dataclass(frozen=True, slots=True)
class _State:
    number: int
    site: int
    built: dict[str, Path]
    edited: dict[str, Path]
    words: tuple[str, ...]


class PreviewServer(ThreadingHTTPServer):
    """Serves one site at a time, and tells the pages that are open when there is another.

    Raises OSError where the port is taken.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self._changed = threading.Condition()
        self._state = _State(0, 0, {}, {}, ())

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    @property
    def state(self) -> _State:
        """What is shown now."""
        with self._changed:
            return self._state

    def show(self, site: Path, words: tuple[str, ...] = ()) -> None:
        """Serve this site from now on, with lines of words above each page."""
        files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
        with self._changed:
            self._become(_State(self._state.number + 1, self._state.site + 1, files, {}, words))

    def put(self, pages: Mapping[str, Path], *words: str) -> None:
        """Serve these files in place of those of the site, and no others put before, with words above each page."""
        with self._changed:
            now = self._state
            self._become(_State(now.number + 1, now.site + 1, now.built, dict(pages), words))

    def say(self, *words: str) -> None:
        """Keep the site and show other words above each page."""
        with self._changed:
            self._become(replace(self._state, number=self._state.number + 1, words=words))

    def _become(self, state: _State) -> None:
        self._state = state
        self._changed.notify_all()

    def after(self, number: int) -> _State:
        """The state once it is another than `number`, or after a while as it is."""
        with self._changed:
            self._changed.wait_for(lambda: self._state.number != number, _WAIT_SECONDS)
            return self._state


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    server_version = "ttpack"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        """Answer from the table of files, where the request names this server."""
        names = {f"{name}:{self.server.port}" for name in (HOST, "localhost")}
        if self.headers.get("Host", "") not in names:
            # A page elsewhere may have had its own name resolved to this machine.
            self._answer(b"This preview answers to 127.0.0.1 only.\n", "text/plain", HTTPStatus.MISDIRECTED_REQUEST)
            return
        asked = urlsplit(self.path)
        name = unquote(asked.path).removeprefix("/") or "index.html"
        if name == "-/state":
            self._tell(parse_qs(asked.query).get("after", [""])[0])
        elif name == "-/reload.js":
            self._answer(asset("preview/reload.js").read_bytes(), _TYPES[".js"])
        else:
            self._file(name)

    def _file(self, name: str) -> None:
        state = self.server.state
        path = state.edited.get(name) or state.built.get(name)
        try:
            content = path.read_bytes() if path else None
        except OSError:  # another site has taken its place meanwhile
            content = None
        if path is None or content is None:
            self._answer(b"No such page in this preview.\n", "text/plain", HTTPStatus.NOT_FOUND)
            return
        if path.suffix == ".html":
            script = f'<script src="/-/reload.js" data-site="{state.site}" async></script>'.encode()
            head, end, tail = content.rpartition(b"</body>")
            content = head + script + end + tail
        self._answer(content, _TYPES.get(path.suffix, "application/octet-stream"))

    def _tell(self, after: str) -> None:
        state = self.server.after(int(after) if after.isascii() and after.isdigit() else -1)
        told = {"number": state.number, "site": state.site, "words": state.words}
        self._answer(json.dumps(told).encode(), _TYPES[".json"])

    def _answer(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.end_headers()
        try:
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal is for what happens to the package."""
