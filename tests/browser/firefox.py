"""Firefox through Marionette, the driver that it brings (https://firefox-source-docs.mozilla.org/testing/marionette/)."""

import json
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.browser.window import Window
from tests.servers import free_port, running

PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
"""Firefox makes no request but those of the pages of the test."""


class Firefox(Window):
    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._stream = self._socket.makefile("rb")
        self._read()
        self._number = 0
        self._call("WebDriver:NewSession", capabilities={"alwaysMatch": {}})

    def go(self, url: str) -> None:
        self._call("WebDriver:Navigate", url=url)

    def run(self, script: str) -> Any:
        return self._call("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def click(self, selector: str) -> None:
        self._call("WebDriver:ElementClick", id=self._element(selector))

    def type(self, selector: str, text: str) -> None:
        self._call("WebDriver:ElementSendKeys", id=self._element(selector), text=text)

    def close(self) -> None:
        self._call("Marionette:Quit", flags=["eForceQuit"])
        self._stream.close()
        self._socket.close()

    def _element(self, selector: str) -> str:
        found = self._call("WebDriver:FindElement", using="css selector", value=selector)["value"]
        return str(next(iter(found.values())))

    def _call(self, name: str, **values: object) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, name, values]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, answer = self._read()
        assert error is None, (name, error)
        return answer

    def _read(self) -> Any:
        length = b""
        while (byte := self._stream.read(1)) != b":":
            assert byte, "Firefox ended"
            length += byte
        return json.loads(self._stream.read(int(length)))


@contextmanager
def firefox() -> Iterator[Firefox]:
    """A browser with an empty profile, closed at the end of the block."""
    command = shutil.which("firefox") or shutil.which("firefox-esr")
    assert command, "Firefox is missing: make test installs it (scripts/install_checkers.py)"
    port = free_port()
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        settings = {**PREFERENCES, "marionette.port": port}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
        Path(profile, "user.js").write_text("".join(lines), encoding="utf-8")
        with running([command, "--headless", "--no-remote", "--marionette", "--profile", profile], port):
            browser = Firefox(port)
            yield browser
            browser.close()
