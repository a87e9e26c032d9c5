"""A forge small enough to hold in the head: the endpoints for comments of GitHub and GitLab, on a real socket."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = {"login": "github-actions[bot]", "id": 41898282, "type": "Bot"}
ROBOT = {"username": "project_9_bot", "id": 9}


@dataclass
class Forge:
    """Comments as the forge keeps them, what was asked of it, and with which status it refuses to write."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    refuses: int = 0
    redirects_to: str = ""
    address: str = ""
    gitlab: bool = False

    def add(self, body: str, user: dict[str, Any]) -> None:
        """A comment that is there before."""
        who = {"author": user, "system": False} if self.gitlab else {"user": user}
        self.comments.append({"id": 1000 + len(self.comments), "body": body, **who})

    def answer(self, method: str, target: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Status and JSON of one request."""
        address = urlsplit(target)
        page = int(parse_qs(address.query).get("page", ["1"])[0])
        lists = ("/repos/sponsor/package/issues/7/comments", "/projects/3/merge_requests/7/notes")
        if method == "GET" and address.path == "/user" and self.gitlab:
            return 200, ROBOT
        if method == "GET" and address.path in lists:
            return 200, self.comments[100 * (page - 1) : 100 * page]
        if self.refuses:
            return self.refuses, {"message": "Resource not accessible by integration"}
        if method == "POST" and address.path in lists:
            self.add(body["body"], ROBOT if self.gitlab else BOT)
            return 201, self.comments[-1]
        one = re.fullmatch(
            r"(?:/repos/sponsor/package/issues/comments|/projects/3/merge_requests/7/notes)/(\d+)", target
        )
        for comment in self.comments:
            if method in ("PATCH", "PUT") and one and comment["id"] == int(one[1]):
                comment["body"] = body["body"]
                return 200, comment
        return 404, {"message": "Not Found"}


@contextmanager
def serving(forge: Forge) -> Iterator[Forge]:
    """The forge on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            forge.asked.append((self.command, self.path))
            forge.tokens.add(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or "")
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else {}
            if forge.redirects_to:
                self.send_response(302)
                self.send_header("Location", forge.redirects_to)
                self.end_headers()
                return
            status, answer = forge.answer(self.command, self.path, body)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = handle_any  # noqa: N815  the names that http.server calls

        def log_message(self, *arguments: Any) -> None:
            """Nothing on the test's terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forge.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
