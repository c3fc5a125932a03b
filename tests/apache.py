"""A real Apache in front of a published site, as docs/publishing.md sets it up."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import free_port, running

APACHE = shutil.which("apache2") or shutil.which("apache2", path="/usr/sbin:/usr/local/sbin")
MODULES = Path("/usr/lib/apache2/modules")

CONFIG = """\
ServerRoot {folder}
ServerName localhost
PidFile {folder}/pid
ErrorLog {folder}/error.log
Listen 127.0.0.1:{port}
{user}{modules}
TypesConfig /etc/mime.types
DocumentRoot {root}
<Directory {root}>
    Options FollowSymLinks
    Require all granted
</Directory>
<VirtualHost 127.0.0.1:{port}>
    DocumentRoot {root}
    DirectoryIndex index.html
    Include {kb}/apache.conf
</VirtualHost>
"""


@contextmanager
def serving(root: Path, kb: Path, folder: Path) -> Iterator[str]:
    """Serves ``root`` with the file in ``kb`` until the block ends; gives the URL of the server."""
    assert APACHE, "Apache is missing: make test installs it (scripts/install_servers.py)"
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    names = ("mpm_event", "authz_core", "dir", "headers", "mime", "rewrite")
    modules = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n" for name in names)
    # As root, workers would be nobody, who may not read the folders of a test: root is refused, so they are daemon.
    user = "User daemon\nGroup daemon\n" if os.geteuid() == 0 else ""
    config = folder / "apache.conf"
    config.write_text(CONFIG.format(user=user, folder=folder, kb=kb, port=port, root=root, modules=modules))
    with running([APACHE, "-DFOREGROUND", "-f", str(config)], port):
        yield f"http://127.0.0.1:{port}"
