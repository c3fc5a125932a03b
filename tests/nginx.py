"""A real nginx in front of a published site, as docs/publishing.md sets it up."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

CONFIG = """\
{user}daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    types {{ text/html html; text/css css; image/svg+xml svg; image/png png; application/json json; }}
    client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    include {kb}/nginx-map.conf;
    server {{
        listen 127.0.0.1:{port};
        root {root};
        include {kb}/nginx.conf;
        include {kb}/nginx-redirects.conf;
    }}
}}
"""


@contextmanager
def serving(root: Path, kb: Path, folder: Path) -> Iterator[str]:
    """Serves ``root`` with the files in ``kb`` until the block ends; gives the URL of the server."""
    assert NGINX, "nginx is missing: make test installs it (scripts/install_servers.py)"
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    config = folder / "nginx.conf"
    # As root, workers would be nobody, who may not read the folders of a test.
    user = "user root;\n" if os.geteuid() == 0 else ""
    config.write_text(CONFIG.format(user=user, folder=folder, kb=kb, port=port, root=root))
    checked = subprocess.run([NGINX, "-t", "-c", str(config)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    server = subprocess.Popen([NGINX, "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(2000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None, "the server ended"
        time.sleep(0.01)
    raise AssertionError("the server does not answer")
