"""A real nginx in front of a published site, as docs/publishing.md sets it up."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import free_port, running

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
    include {kb}/nginx-map{audience}.conf;
    server {{
        listen 127.0.0.1:{port}{tls};
        root {root};
        include {kb}/nginx{audience}.conf;
        include {kb}/nginx-redirects{audience}.conf;
    }}
    {more}
}}
"""
TLS = """\
 ssl;
        ssl_certificate {folder}/certificate.pem;
        ssl_certificate_key {folder}/key.pem;
        ssl_protocols TLSv1.2 TLSv1.3"""
TO_HTTPS = "server {{ listen 127.0.0.1:{port}; return 301 https://$host$request_uri; }}"


@contextmanager
def serving(root: Path, kb: Path, folder: Path) -> Iterator[str]:
    """Serves ``root`` with the files in ``kb`` until the block ends; gives the URL of the server."""
    port = free_port()
    with _running(root, kb, folder, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def serving_tls(root: Path, kb: Path, folder: Path, host: str, audience: str = "") -> Iterator[tuple[int, int, Path]]:
    """Serves by https as ``host``, and redirects from http; gives both ports, and the certificate to trust."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate = folder / "certificate.pem"
    made = ["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    named = ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}", "-days", "2"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(certificate)]
    subprocess.run([*made, *named, *files], check=True, capture_output=True)
    port, https = free_port(), free_port()
    parts = {"tls": TLS.format(folder=folder), "more": TO_HTTPS.format(port=port), "audience": audience}
    with _running(root, kb, folder, https, **parts):
        yield port, https, certificate


@contextmanager
def _running(root: Path, kb: Path, folder: Path, port: int, **parts: str) -> Iterator[None]:
    assert NGINX, "nginx is missing: make test installs it (scripts/install_servers.py)"
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nginx.conf"
    # As root, workers would be nobody, who may not read the folders of a test.
    user = "user root;\n" if os.geteuid() == 0 else ""
    values = {
        "user": user,
        "folder": folder,
        "kb": kb,
        "port": port,
        "root": root,
        "tls": "",
        "more": "",
        "audience": "",
    }
    config.write_text(CONFIG.format_map({**values, **parts}))
    checked = subprocess.run([NGINX, "-t", "-c", str(config)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    with running([NGINX, "-c", str(config)], port):
        yield
