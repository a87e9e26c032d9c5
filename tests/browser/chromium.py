"""Headless Chromium over its debugging pipe: one launch, many pages, and everything it complains of."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--disable-extensions", "--mute-audio",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
WAIT_SECONDS = 20


class Chromium:
    """A browser with one page; `complaints` are console errors and warnings, exceptions and violations of policies."""

    def __init__(self, process: "subprocess.Popen[bytes]", writes: int, reads: int) -> None:
        self._process, self._writes, self._reads = process, writes, reads
        self._count, self._left, self._events = 0, b"", list[dict[str, Any]]()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        target = self._ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self._ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> Any:
        """One command of the protocol to the page, and its answer."""
        return self._ask(method, parameters, self._session)

    def _ask(self, method: str, parameters: dict[str, Any], session: str = "") -> Any:
        self._count += 1
        sent = {"id": self._count, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        os.write(self._writes, json.dumps(sent).encode() + b"\0")
        own = self._count
        while True:
            message = self._next()
            if message.get("id") == own:
                assert "error" not in message, (method, message["error"])
                return message["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            part = os.read(self._reads, 1 << 20)
            assert part, "the browser ended"
            self._left += part
        line, _, self._left = self._left.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        self._notice(message)
        return message

    def _notice(self, message: dict[str, Any]) -> None:
        told = message.get("params", {})
        match message.get("method"):
            case "Log.entryAdded" if told["entry"]["level"] in {"error", "warning"}:
                self.complaints.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")
            case "Runtime.consoleAPICalled" if told["type"] in {"error", "warning", "assert"}:
                self.complaints.append(str([one.get("value") for one in told["args"]]))
            case "Runtime.exceptionThrown":
                self.complaints.append(str(told["exceptionDetails"].get("exception", {}).get("description")))
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])
            case "Page.loadEventFired":
                self._events.append(message)

    def open(self, address: str) -> None:
        """Go to an address and wait until it is loaded."""
        self._events.clear()
        self.ask("Page.navigate", url=address)
        while not self._events:
            self._next()

    def run(self, script: str) -> Any:
        """What an expression is, awaited; raises AssertionError with what it threw."""
        found = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def until(self, script: str, seconds: float = WAIT_SECONDS) -> Any:
        """The first true value of an expression."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := self.run(script):
                return value
            time.sleep(0.05)
        raise AssertionError(f"never true: {script}; {self.complaints}")

    def press(self, *keys: str) -> None:
        """Press keys one after the other: `Tab`, `Enter`, `Escape`, or a character."""
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}
        for key in keys:
            text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
            told = {"key": key, "code": key, "windowsVirtualKeyCode": codes.get(key, 0), "text": text}
            self.ask("Input.dispatchKeyEvent", type="keyDown", **told)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **told)

    def size(self, width: int, height: int = 900) -> None:
        """Make the window as wide as a desk or a phone."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)


@contextmanager
def chromium(folder: Path) -> Iterator[Chromium]:
    """A browser whose profile lies in `folder`; the test is skipped where there is none."""
    program = shutil.which("chromium") or pytest.skip("no Chromium here")
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    # The browser reads its descriptor 3 and writes its descriptor 4.
    line = f'exec 3<&{theirs_in} 4>&{theirs_out}; exec "$@"'
    command = [program, *SWITCHES, f"--user-data-dir={folder / 'profile'}", "--remote-debugging-pipe", "about:blank"]
    process = subprocess.Popen(
        ["/bin/bash", "-c", line, "bash", *command], pass_fds=(theirs_in, theirs_out), stderr=subprocess.DEVNULL
    )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Chromium(process, ours_out, ours_in)
    finally:
        process.terminate()
        process.wait(20)
        os.close(ours_out)
        os.close(ours_in)
