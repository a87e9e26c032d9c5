"""Runs `ttpack pull-request` and keeps one comment up to date: `python3 -I review.py github` (or gitlab).

Standard library alone. Everything comes by environment; the token goes to the API address named there and nowhere
else. A comment that cannot be written is said in the log and the summary and fails nothing: whether the change
passes is ttpack's answer alone.
"""

import importlib.util
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

PER_PAGE = 100
MOST_PAGES = 100
LARGEST_ANSWER = 50_000_000
REFUSED = (401, 403, 404)
Environment = Mapping[str, str]


class CannotComment(Exception):
    """Why there is no comment, in words for the author of the change."""


class Comment(NamedTuple):
    """A comment as the forge lists it; `own` when this token's own account wrote it."""

    id: int
    own: bool
    body: str


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an error: it could carry the token to another host."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


class Api:
    """A forge's JSON API at one address, with the token in one header."""

    def __init__(self, address: str, headers: Mapping[str, str]) -> None:
        parts = urllib.parse.urlsplit(address)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1")):
            raise CannotComment("the API address is not https, so the token is not sent there")
        self.address = address.rstrip("/")
        self.headers = {"Content-Type": "application/json", "User-Agent": "ttpack", **headers}
        self.opener = urllib.request.build_opener(NoRedirects)

    def __call__(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer as JSON. Raises CannotComment with the forge's own words."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}{path}", data, dict(self.headers), method=method)  # noqa: S310
        try:
            with self.opener.open(request, timeout=30) as answer:
                return json.loads(answer.read(LARGEST_ANSWER))
        except urllib.error.HTTPError as error:
            hint = " (a pull request from a fork has a read-only token)" if error.code in REFUSED else ""
            raise CannotComment(f"the forge answered {error.code} {plain(error.reason)}{hint}") from None
        except (OSError, ValueError) as error:
            raise CannotComment(f"the forge could not be reached: {plain(error)}") from None

    def pages(self, path: str) -> Iterator[Any]:
        """All items of a list, page after page."""
        for page in range(1, MOST_PAGES + 1):
            items = self("GET", f"{path}?per_page={PER_PAGE}&page={page}")
            yield from items
            if len(items) < PER_PAGE:
                return


class GitHub:
    """A pull request of the event that started the workflow."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        event = json.loads(Path(env["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
        if env.get("GITHUB_EVENT_NAME", "pull_request") != "pull_request" or "pull_request" not in event:
            sys.exit("ttpack: this runs on the event pull_request, and never on pull_request_target")
        self.number = int(event["pull_request"]["number"])
        self.head = commit_hash(event["pull_request"]["head"]["sha"])
        self.base = self._base(commit_hash(event["pull_request"]["base"]["sha"]))
        self.author = env.get("TTPACK_AUTHOR") or "github-actions[bot]"
        run = f"/{env['GITHUB_REPOSITORY']}/actions/runs/{env['GITHUB_RUN_ID']}"
        self.link = env.get("GITHUB_SERVER_URL", "https://github.com") + run

    def _base(self, stated: str) -> str:
        """The base branch as merged for this run; the event's own may be older than the run."""
        ask = ["git", "rev-parse", "--verify", "--quiet"]
        parents = [
            subprocess.run([*ask, f"HEAD^{n}"], capture_output=True, text=True, check=False).stdout.strip()
            for n in (1, 2)
        ]
        return parents[0] if parents[1] == self.head else stated

    def comments(self) -> Iterator[Comment]:
        """All comments, the oldest first. The brackets of a bot's name can be in no person's."""
        for item in self._api().pages(f"{self._repository}/issues/{self.number}/comments"):
            user = item.get("user") or {}
            yield Comment(int(item["id"]), user.get("login") == self.author, item.get("body") or "")

    def create(self, body: str) -> str:
        """Write a new comment, and say whose it is where that is not who was expected."""
        made = self._api()("POST", f"{self._repository}/issues/{self.number}/comments", {"body": body})
        login = (made.get("user") or {}).get("login")
        if login == self.author:
            return "comment written"
        return f"comment written, by {plain(login)}: set comment-author to that, or the next run writes another"

    def update(self, comment: int, body: str) -> None:
        """Replace the text of one."""
        self._api()("PATCH", f"{self._repository}/issues/comments/{comment}", {"body": body})

    @property
    def _repository(self) -> str:
        return f"/repos/{urllib.parse.quote(self.env['GITHUB_REPOSITORY'])}"

    def _api(self) -> Api:
        token = {"Authorization": f"Bearer {token_of(self.env)}", "Accept": "application/vnd.github+json"}
        return Api(self.env["GITHUB_API_URL"], token)

    def say(self, text: str, annotations: str, summary: str) -> None:
        """What authors wrote is in the text, so it is not read for workflow commands; the annotations are ours."""
        word = secrets.token_hex(16)
        print(f"::stop-commands::{word}\n{text}\n::{word}::", flush=True)
        print(annotations, end="", flush=True)
        append(self.env.get("GITHUB_STEP_SUMMARY"), summary)


class GitLab:
    """The merge request of a merge-request pipeline."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.head = commit_hash(env.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or env["CI_COMMIT_SHA"])
        self.base = commit_hash(env["CI_MERGE_REQUEST_DIFF_BASE_SHA"])
        self.link = env.get("CI_JOB_URL", "")
        project, number = int(env["CI_MERGE_REQUEST_PROJECT_ID"]), int(env["CI_MERGE_REQUEST_IID"])
        self.notes = f"/projects/{project}/merge_requests/{number}/notes"

    def comments(self) -> Iterator[Comment]:
        """All notes; the token's own account is asked for, since any name may be taken."""
        api = self._api()
        own = api("GET", "/user")["id"]
        for item in api.pages(self.notes):
            mine = not item.get("system") and item["author"]["id"] == own
            yield Comment(int(item["id"]), mine, item.get("body") or "")

    def create(self, body: str) -> str:
        """Write a new note."""
        self._api()("POST", self.notes, {"body": body})
        return "comment written"

    def update(self, comment: int, body: str) -> None:
        """Replace the text of one."""
        self._api()("PUT", f"{self.notes}/{comment}", {"body": body})

    def _api(self) -> Api:
        return Api(self.env["CI_API_V4_URL"], {"PRIVATE-TOKEN": token_of(self.env)})

    def say(self, text: str, annotations: str, summary: str) -> None:
        """The log alone: the findings are in the code-quality report, the summary among the artifacts."""
        del annotations, summary
        print(text, flush=True)


def commit_hash(text: str) -> str:
    """A full commit hash and nothing else."""
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", text):
        sys.exit("ttpack: the event names no commit hash")
    return text


def token_of(env: Environment) -> str:
    """The token, which never reaches a command line or the log."""
    token = env.get("TTPACK_TOKEN", "")
    if not token:
        raise CannotComment("no token was given")
    if not token.isprintable() or not token.isascii():
        raise CannotComment("the token is no token")
    return token


def plain(text: object) -> str:
    """One short line of what somebody else said."""
    line = " ".join(str(text).split())[:200]
    return "".join(mark if mark.isprintable() else "?" for mark in line)


def append(path: str | None, text: str) -> None:
    """Add to one of the files that the runner reads."""
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)


def in_place(forge: GitHub | GitLab, body: str, *, worth: bool) -> str:
    """Write the comment, or update the one that is there; nothing new where there is nothing to tell.

    Only a comment that the token's own account wrote and that begins with the marker is changed: what somebody else
    writes can hold the marker and stays as it is.
    """
    marker = body.split("\n", 1)[0]
    try:
        found = next((item for item in forge.comments() if item.own and item.body.startswith(marker)), None)
        if found is None:
            return forge.create(body) if worth else "nothing to tell, so there is no comment"
        if found.body.strip().replace("\r\n", "\n") != body.strip():
            forge.update(found.id, body)
    except CannotComment as reason:
        return f"no comment: {reason}"
    return "comment kept up to date"


def main(which: str, env: Environment) -> int:
    """The exit code of ttpack, after everything has been shown."""
    forge = GitHub(env) if which == "github" else GitLab(env)
    out = Path(env["TTPACK_OUT"])
    shutil.rmtree(out, ignore_errors=True)  # of an earlier step
    packages = [line.strip() for line in env.get("TTPACK_PACKAGES", "").splitlines() if line.strip()] or ["."]
    program = shutil.which("ttpack")
    if program is None and importlib.util.find_spec("ttpack") is None:
        sys.exit("ttpack: not installed here; install it in a step before this one")
    command = [program] if program else [sys.executable, "-I", "-m", "ttpack"]
    asked = ["pull-request", "--since", forge.base, "--to", forge.head, "--out", str(out), "--link", forge.link]
    without_token = {name: value for name, value in env.items() if name != "TTPACK_TOKEN"}
    done = subprocess.run(
        [*command, *asked, "--", *packages],
        env=without_token,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if not (out / "outcome.json").exists():
        forge.say(done.stdout + done.stderr, "", "ttpack could not run; the log of this step says why.\n")
        return done.returncode or 1
    texts = {name: (out / name).read_text(encoding="utf-8") for name in ("comment.md", "summary.md", "annotations.txt")}
    worth = json.loads((out / "outcome.json").read_text(encoding="utf-8"))["worth_a_comment"]
    said = in_place(forge, texts["comment.md"], worth=worth)
    forge.say(f"{done.stdout}{done.stderr}{said}", texts["annotations.txt"], f"{texts['summary.md']}\n{said}\n")
    append(env.get("GITHUB_OUTPUT"), f"sarif={str((out / 'sarif').exists()).lower()}\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], os.environ))
