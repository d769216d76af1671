"""A headless Chromium, driven through its DevTools protocol with the standard library alone."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
if CHROMIUM.startswith("/snap/"):  # it may not read temporary folders
    CHROMIUM = ""
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no name leads anywhere
    "--remote-debugging-pipe",
    "--window-size=1400,1000",
]
# Chromium reads commands from descriptor 3 and answers on 4.
START = 'exec "$@" 3<&"$COMMANDS" 4>&"$ANSWERS" 2>/dev/null'


class Page:
    """One page; what it logs and what it asks of the network is kept.

    Parameters
    ----------
    profile : Path
        An empty folder.
    """

    def __init__(self, profile: Path) -> None:
        # Descriptors are given out in rising order, so that 3 and 4 are not taken before they move.
        theirs, self._commands = os.pipe()
        self._answers, answers = os.pipe()
        places = {"COMMANDS": str(theirs), "ANSWERS": str(answers)}
        self._process = subprocess.Popen(
            ["bash", "-c", START, "bash", CHROMIUM, *FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(theirs, answers),
            env={**os.environ, **places},
            stdout=subprocess.DEVNULL,
        )
        os.close(theirs)
        os.close(answers)
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._commands)
        os.close(self._answers)

    def _read(self, until: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            left = until - time.monotonic()
            ready = select.select([self._answers], [], [], max(left, 0))[0]
            part = os.read(self._answers, 1 << 20) if ready else b""
            assert part, "Chromium does not answer"
            self._buffer += part
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result; events that come before are kept."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        until = time.monotonic() + 60
        while (message := self._read(until)).get("id") != self._number:
            self.events.append(message)
        assert "error" not in message, (method, message["error"])
        return message["result"]

    def evaluate(self, expression: str, **where: Any) -> Any:
        """Return the value of a JavaScript expression; a promise is waited for."""
        result = self.send(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
            **where,
        )
        assert "exceptionDetails" not in result, (expression, result["exceptionDetails"])
        return result["result"].get("value")

    def wait(self, expression: str, **where: Any) -> Any:
        """Return the value of an expression as soon as it is true."""
        until = time.monotonic() + 30
        while not (value := self.evaluate(expression, **where)):
            assert time.monotonic() < until, f"still not so: {expression}"
            time.sleep(0.05)
        return value

    def open(self, path: Path) -> None:
        self.send("Page.navigate", url=path.resolve().as_uri())
        self.wait("document.readyState === 'complete'")

    def in_frame(self, expression: str) -> Any:
        """Return the value of an expression, once it is true, in the page's inner frame."""
        until = time.monotonic() + 30
        value = None
        while not value:
            assert time.monotonic() < until, f"still not so in the frame: {expression}"
            time.sleep(0.05)
            tree = self.send("Page.getFrameTree")["frameTree"]
            frames = {child["frame"]["id"] for child in tree.get("childFrames", [])}
            contexts = [c for c in self._contexts() if c["auxData"].get("frameId") in frames]
            value = contexts and self.evaluate(expression, contextId=contexts[-1]["id"])
        return value

    def _contexts(self) -> list[dict[str, Any]]:
        """Return the frames' execution contexts that are still there, the newest last."""
        contexts: dict[int, dict[str, Any]] = {}
        for event in self.events:
            if event.get("method") == "Runtime.executionContextCreated":
                contexts[event["params"]["context"]["id"]] = event["params"]["context"]
            elif event.get("method") == "Runtime.executionContextDestroyed":
                contexts.pop(event["params"]["executionContextId"], None)
        return list(contexts.values())

    def errors(self) -> list[str]:
        """Return errors logged to the console, exceptions that nobody caught among them."""
        found = []
        for event in self.events:
            what, said = event.get("method"), event.get("params", {})
            if what == "Runtime.exceptionThrown":
                found.append(json.dumps(said["exceptionDetails"]))
            elif what == "Log.entryAdded" and said["entry"]["level"] == "error":
                found.append(said["entry"]["text"])
            elif what == "Runtime.consoleAPICalled" and said["type"] in ("error", "assert"):
                found.append(json.dumps(said["args"]))
        return found

    def requests(self) -> list[str]:
        """Return addresses that the page and its frames asked for, of whatever scheme."""
        return [
            event["params"].get("url") or event["params"]["request"]["url"]
            for event in self.events
            if event.get("method") in ("Network.requestWillBeSent", "Network.webSocketCreated")
        ]
