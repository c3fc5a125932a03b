"""Child processes that tests reach through a port."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def let_servers_read(folder: Path) -> None:
    """Opens a temporary folder to servers, which give up root's rights: itself and those above it that pytest made."""
    for each in (folder, *folder.parents):
        if each == Path(tempfile.gettempdir()) or each.stat().st_uid != os.getuid():
            break
        each.chmod(0o755)


@contextmanager
def running(command: Sequence[str], port: int, environment: Mapping[str, str] | None = None) -> Iterator[None]:
    """Runs a command until the block ends; the block begins when something answers at ``port``."""
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, env=environment, **silent)  # type: ignore[call-overload]
    try:
        _wait_for(port, server)
        yield
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(2000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None, "the server ended"
        time.sleep(0.01)
    raise AssertionError("the server does not answer")
