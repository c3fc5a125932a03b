"""A real Caddy in front of a published site, as docs/publishing.md sets it up."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import free_port, running

CADDY = shutil.which("caddy")

CONFIG = """\
{{
    admin off
    auto_https off
}}
http://127.0.0.1:{port} {{
    root * {root}
    import {kb}/caddy.conf
    file_server
}}
"""


@contextmanager
def serving(root: Path, kb: Path, folder: Path) -> Iterator[str]:
    """Serves ``root`` with the file in ``kb`` until the block ends; gives the URL of the server."""
    assert CADDY, "Caddy is missing: make test installs it (scripts/install_servers.py)"
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    config = folder / "Caddyfile"
    config.write_text(CONFIG.format(port=port, root=root, kb=kb))
    own = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    command = [CADDY, "run", "--config", str(config), "--adapter", "caddyfile"]
    with running(command, port, own):
        yield f"http://127.0.0.1:{port}"
