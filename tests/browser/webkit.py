"""WebKitGTK through its WebDriver (https://www.w3.org/TR/webdriver2/), on a screen of its own."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.browser.window import Window
from tests.servers import free_port, running

_MISSING = "is missing: make test installs it (scripts/install_checkers.py)"


class WebKit(Window):
    def __init__(self, driver: str) -> None:
        self._driver = driver
        browsers = sorted(Path("/usr").glob("lib*/*/webkit*gtk-*/MiniBrowser"))
        assert browsers, f"WebKit's MiniBrowser {_MISSING}"
        options = {"binary": str(browsers[-1]), "args": ["--automation"]}
        asked = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self._session = f"/session/{self._call('POST', '/session', asked)['sessionId']}"

    def go(self, url: str) -> None:
        self._call("POST", f"{self._session}/url", {"url": url})

    def run(self, script: str) -> Any:
        return self._call("POST", f"{self._session}/execute/sync", {"script": script, "args": []})

    def click(self, selector: str) -> None:
        self._call("POST", f"{self._element(selector)}/click", {})

    def type(self, selector: str, text: str) -> None:
        self._call("POST", f"{self._element(selector)}/value", {"text": text})

    def close(self) -> None:
        self._call("DELETE", self._session)

    def _element(self, selector: str) -> str:
        found = self._call("POST", f"{self._session}/element", {"using": "css selector", "value": selector})
        return f"{self._session}/element/{next(iter(found.values()))}"

    def _call(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self._driver + path, data, {"content-type": "application/json"}, method=method)
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]


@contextmanager
def webkit() -> Iterator[WebKit]:
    """A browser with an empty profile, closed with its screen at the end of the block."""
    for command in ("Xvfb", "WebKitWebDriver"):
        assert shutil.which(command), f"{command} {_MISSING}"
    reading, writing = os.pipe()
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    screen = subprocess.Popen(command, pass_fds=[writing], **silent)  # type: ignore[call-overload]
    os.close(writing)
    with os.fdopen(reading) as display:
        environment = {**os.environ, "DISPLAY": f":{display.readline().strip()}", "LIBGL_ALWAYS_SOFTWARE": "1"}
    port = free_port()
    try:
        with running(["WebKitWebDriver", f"--port={port}"], port, environment):
            browser = WebKit(f"http://127.0.0.1:{port}")
            yield browser
            browser.close()
    finally:
        screen.terminate()
        screen.wait()
