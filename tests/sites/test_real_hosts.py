"""Real servers send the headers, types and pages that the files of a build configure."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import quote, unquote, urlsplit

import pytest
from click.testing import CliRunner

from kb_builder.commands.cli import commands
from kb_builder.publishing.header_files import Policy, apache_headers, caddy_headers, nginx_snippet, security_headers
from kb_builder.publishing.redirect_files import RedirectTable, apache_snippet, caddy_rules, nginx_map, nginx_rules
from tests import apache, caddy, nginx
from tests.centres import CLOCK, MKDOCS, SMALL, article, write
from tests.servers import let_servers_read

pytestmark = pytest.mark.slow

FILES = {
    **SMALL,
    "faq/orders/form": article("form", body="[The form](form.docx), ![a map](map.svg)\n"),
    "content/articles/faq/orders/form.docx": b"PK\x03\x04 a form",
    "content/articles/faq/orders/map.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    # The folder has the name of the one for downloads, and is none.
    "downloads/manuals": "---\ntitle: Manuals\n---\n\nAll of them.\n",
    "faq/orders/form.de": "---\ntitle: Das Formular\n---\n\nHier ist es: ä.\n",
}


class Answer:
    def __init__(self, server: str, path: str) -> None:
        connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=20)
        connection.request("GET", path)
        response = connection.getresponse()
        self.status, self.header, self.body = response.status, response.getheader, response.read()
        connection.close()


@pytest.fixture(params=[nginx, apache, caddy], ids=lambda host: host.__name__)
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    host: ModuleType = request.param
    root = write(tmp_path / "project", FILES, mkdocs=MKDOCS.replace("  - kb\n", "  - kb: {languages: [en, de]}\n"))
    built = CliRunner().invoke(commands, ["build", "--clock", CLOCK, "-f", str(root / "mkdocs.yml")])
    assert built.exit_code == 0, built.output
    let_servers_read(tmp_path)
    with host.serving(root / "site", root / ".kb", tmp_path / "server") as server:
        yield server, (root / "site").resolve()


def test_headers_types_and_missing_pages(served: tuple[str, Path]) -> None:
    server, site = served
    for path in ("/", "/faq/orders/track-an-order/", "/nothing/", "/llms.txt"):
        answer = Answer(server, path)
        assert str(answer.header("Content-Security-Policy")).startswith("default-src 'none'"), path
        assert answer.header("X-Content-Type-Options") == "nosniff"
        assert answer.header("Strict-Transport-Security") == "max-age=31536000"
        assert answer.header("Referrer-Policy") == "strict-origin-when-cross-origin"
        assert answer.header("Cache-Control") == "no-cache", path
    assert Answer(server, "/downloads/manuals/").header("Content-Disposition") is None
    missing = Answer(server, "/nothing/")
    assert (missing.status, missing.body) == (404, (site / "404.html").read_bytes())
    german = Answer(server, "/de/nichts/")
    assert (german.status, german.body) == (404, (site / "de/404.html").read_bytes())
    types = {"/faq/orders/form/index.md": "text/markdown; charset=utf-8", "/llms.txt": "text/plain; charset=utf-8"}
    for path, expected in types.items():
        assert str(Answer(server, path).header("Content-Type")).lower() == expected, path
    of_content = f"{'[0-9a-f]' * 12}/**/*.*"
    hashed = [path for folder in ("assets", "media", "downloads") for path in (site / folder).glob(of_content)]
    assert {path.suffix for path in hashed} >= {".css", ".mjs", ".svg", ".docx"}
    for path in hashed:
        if path.is_file() and "preview" not in path.parts:
            answer = Answer(server, f"/{path.relative_to(site).as_posix()}")
            assert answer.header("Cache-Control") == "public, max-age=31536000, immutable", path
            saved = "attachment" if "downloads" in path.parts else None
            assert answer.header("Content-Disposition") == saved, path
            if path.suffix == ".mjs":
                assert str(answer.header("Content-Type")).startswith("text/javascript"), path
    for name in ("_headers", "_redirects", ".kb-site"):
        assert Answer(server, f"/{name}").status == 404, name


# What has a meaning in the files of one of the hosts, or in the patterns there.
STRANGE = (
    "old $uri/", "a;b/", "{x}/", "$1/", "q'q/", "a%41/", "~x/", "^a$/", "(ab)/", "[a]/", "a.b+/", "返品/", "a\u2028b/",
    "%{HTTP_HOST}/", "${HOME}/", "{env.HOME}/", "`x`/", "default/", "%1/", "x=y/", "a&b/", "$(id)/",
)  # fmt: skip
TARGETS = ("faq/x/", "faq/x/#返品-20 % $1 {y}", "faq/é 1$uri/")


@pytest.mark.parametrize("host", [nginx, apache, caddy], ids=lambda host: host.__name__)
def test_signs_of_addresses_mean_nothing_to_hosts(host: ModuleType, tmp_path: Path) -> None:
    pairs = {old: TARGETS[number % 3] for number, old in enumerate(STRANGE)}
    gone = tuple(f"gone/{old}" for old in STRANGE)
    site, kb = tmp_path / "site", tmp_path / "kb"
    for inside in (*gone, ""):
        (site / inside).mkdir(parents=True, exist_ok=True)
        (site / inside / "index.html").write_text("notice")
    let_servers_read(tmp_path)
    policy, url = Policy(), "https://help.example.com/"
    table = RedirectTable(url, pairs, gone)
    for name, data in {
        "nginx.conf": nginx_snippet(policy, url), "nginx-map.conf": nginx_map(table),
        "nginx-redirects.conf": nginx_rules(security_headers(policy)),
        "apache.conf": apache_headers(policy, url) + apache_snippet(table),
        "caddy.conf": caddy_headers(policy, url) + caddy_rules(table),
    }.items():  # fmt: skip
        kb.mkdir(exist_ok=True)
        (kb / name).write_bytes(data)
    with host.serving(site, kb, tmp_path / "server") as server:
        for old, new in pairs.items():
            for query in ("", "?a=b"):
                answer = Answer(server, f"/{quote(old)}{query}")
                place = urlsplit(str(answer.header("Location")))
                led = (answer.status, unquote(place.path), place.query, unquote(place.fragment))
                page, _, fragment = new.partition("#")
                assert led == (301, f"/{page}", query[1:], fragment), old
        for old in gone:
            answer = Answer(server, f"/{quote(old)}")
            assert (answer.status, answer.body) == (410, b"notice"), old
