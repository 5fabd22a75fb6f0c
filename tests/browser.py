"""A real browser for tests and benchmarks: Chromium without a window, spoken to through chromedriver's HTTP protocol.

The protocol is W3C WebDriver: one JSON request for each command. What is missing is told by `missing`, never installed here.
"""

import http.client
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DRIVER = "chromedriver"
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-default-browser-check",
)  # fmt: skip
KEYS = {"Escape": "\ue00c", "ArrowDown": "\ue015", "ArrowUp": "\ue013", "Tab": "\ue004", "Enter": "\ue007"}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # how WebDriver names a reference to an element
PATIENCE = 30.0  # seconds
_LISTENING = re.compile(r"started successfully on port (\d+)")


def missing() -> str:
    """Return what the machine lacks to drive a browser, "" when it has all."""
    if not any(map(shutil.which, BROWSERS)):
        return "Chromium is not installed"
    return "" if shutil.which(DRIVER) else "chromedriver is not installed (Debian: chromium-driver)"


class Browser:
    """One session of the browser; a context manager that ends both processes."""

    def __init__(self, profile: Path) -> None:
        """Start chromedriver and, through it, the browser with an empty profile in that folder."""
        # It chooses a free port itself: one that was looked for here could be taken in between.
        self._process = subprocess.Popen(
            [DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
        )
        self._connection = http.client.HTTPConnection("127.0.0.1", self._port(), timeout=120)
        self._session = ""
        try:
            self._session = f"/session/{self._ask('POST', '/session', _wanted(profile))['sessionId']}"
            self._say("/url", {"url": "about:blank"})
            self.requests()  # those of the browser's own first page
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Return the browser itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the browser and its driver."""
        self.close()

    def close(self) -> None:
        """End the browser and its driver; nothing of them is left running."""
        try:
            if self._session:
                self._ask("DELETE", self._session)
        finally:
            self._connection.close()
            self._process.terminate()
            self._process.communicate(timeout=PATIENCE)

    def open(self, address: str) -> None:
        """Load a page and wait until it has; a page that differs only in what follows # is left first."""
        self._say("/url", {"url": "about:blank"})
        self._say("/url", {"url": address})

    def run(self, script: str, *arguments: object) -> Any:
        """Return what a script in the page returns; drivers are allowed what the page's policy forbids its guests."""
        return self._say("/execute/sync", {"script": script, "args": list(arguments)})

    def until(self, script: str, *arguments: object) -> Any:
        """Return what a script in the page returns as soon as it is true; TimeoutError when it never is."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := self.run(script, *arguments):
                return found
            time.sleep(0.02)
        raise TimeoutError(script)

    def press(self, *keys: str) -> None:
        """Press and let go of keys one after the other, as a person does; names are those of KEYS."""
        strokes = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self._say("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": strokes}]})

    def click(self, selector: str) -> None:
        """Click into the middle of an element, wherever that leads."""
        found = self._say("/element", {"using": "css selector", "value": selector})
        self._say(f"/element/{found[ELEMENT]}/click", {})

    @contextmanager
    def inside(self, selector: str) -> Iterator[None]:
        """Speak to the document in a frame for a while."""
        found = self._say("/element", {"using": "css selector", "value": selector})
        self._say("/frame", {"id": found})
        try:
            yield
        finally:
            self._say("/frame", {"id": None})

    def resize(self, width: int, height: int) -> None:
        """Give the page exactly this size in CSS pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)

    def devtools(self, command: str, values: Mapping[str, object]) -> Any:
        """Return the answer to a command of Chromium's own protocol."""
        return self._say("/goog/cdp/execute", {"cmd": command, "params": dict(values)})

    def windows(self) -> list[str]:
        """Return the windows that are open."""
        found: list[str] = self._ask("GET", f"{self._session}/window/handles")
        return found

    def requests(self) -> list[str]:
        """Return the addresses that pages asked for since the last call, whether they were let out or not."""
        events = [json.loads(entry["message"])["message"] for entry in self._say("/se/log", {"type": "performance"})]
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]

    def complaints(self) -> list[str]:
        """Return what the console said since the last call: errors and what the policy has refused."""
        return [entry["message"] for entry in self._say("/se/log", {"type": "browser"})]

    def _say(self, path: str, values: Mapping[str, object]) -> Any:
        return self._ask("POST", self._session + path, values)

    def _ask(self, method: str, path: str, values: Mapping[str, object] | None = None) -> Any:
        body = None if values is None else json.dumps(values)
        self._connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = json.loads(self._connection.getresponse().read())["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(f"{path}: {answer['error']}: {answer['message']}")
        return answer

    def _port(self) -> int:
        """Return the port that chromedriver says it listens on, as soon as it does."""
        if self._process.stdout is not None:
            for line in self._process.stdout:
                if found := _LISTENING.search(line):
                    return int(found[1])
        self._process.communicate(timeout=PATIENCE)
        raise RuntimeError(f"{DRIVER} did not start")


def _wanted(profile: Path) -> dict[str, object]:
    """Return what the session should have: our flags, and logs of console and network."""
    program = next(filter(None, map(shutil.which, BROWSERS)))
    options = {"binary": program, "args": [*FLAGS, f"--user-data-dir={profile}"]}
    logs = {"performance": "ALL", "browser": "ALL"}
    return {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": logs}}}
