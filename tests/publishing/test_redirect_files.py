"""Hosts answer 301 and 410 by the files that a build writes for them; real servers prove it."""

import http.client
from pathlib import Path
from types import ModuleType
from urllib.parse import quote, urlsplit

import pytest
from click.testing import CliRunner

from kb_builder.commands.cli import commands
from kb_builder.content.old_urls import HELP_DESK_URL
from kb_builder.publishing.redirect_files import (
    LONGEST_RULE,
    STATIC_RULES,
    RedirectTable,
    apache_snippet,
    nginx_map,
    redirects_file,
)
from tests import apache, caddy, nginx
from tests.centres import CLOCK, MKDOCS, SMALL, put, write
from tests.servers import let_servers_read

RULES = """\
/hc/en-us/articles/360012345-Where-is-it/: track-an-order
/faq/où est/: track-an-order
old-refunds: refunds#how-long
old.html: refunds
fax: {gone: We have no fax., withdrawn: 2026-03-03}
/media/0123456789ab/map.svg: {gone: The shop has moved.}
moving: cancel-an-order
cancel-an-order#prices: refunds
"""


def get(server: str, path: str) -> tuple[int, str, str]:
    """Status, Location without the server, and body."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=20)
    try:
        connection.request("GET", quote(path, safe="/?&=%#"))
        answer = connection.getresponse()
        return (
            answer.status,
            answer.getheader("Location", "").removeprefix(server),
            answer.read().decode("utf-8", "replace"),
        )
    finally:
        connection.close()


@pytest.fixture(params=["/", "/support/help/"])
def site(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A published site with retired addresses, and its path."""
    base = str(request.param)
    root = tmp_path / "project"
    folder = tmp_path / "www" / base.strip("/")
    mkdocs = MKDOCS.replace("https://help.example.com/", f"https://help.example.com{base}") + f"site_dir: {folder}\n"
    write(root, {**SMALL, "content/redirects.yml": RULES}, mkdocs=mkdocs)
    monkeypatch.chdir(root)
    assert CliRunner().invoke(commands, ["build", "--clock", CLOCK]).exit_code == 0
    path = "content/articles/policies/refunds.md"
    put(root, path, str(SMALL["policies/refunds"]))
    draft = str(SMALL["faq/returns/return-an-item"]).replace("title:", "draft: true\ntitle:")
    put(root, "content/articles/faq/returns/return-an-item.md", draft)
    built = CliRunner().invoke(commands, ["build", "--clock", CLOCK])
    assert built.exit_code == 0, built.output
    return root, base


@pytest.mark.slow
@pytest.mark.parametrize("host", [nginx, apache, caddy])
def test_a_real_server_answers_every_kind_of_address(site: tuple[Path, str], tmp_path: Path, host: ModuleType) -> None:
    root, base = site
    let_servers_read(tmp_path)
    with host.serving(tmp_path / "www", root / ".kb", tmp_path / "server") as server:

        def at(path: str) -> tuple[int, str, str]:
            return get(server, base + path)

        assert at("")[0] == 200
        assert at("faq/orders/track-an-order/")[0] == at("a/track-an-order/")[0] == 200
        assert at("nothing/")[0] == 404
        track = f"{base}faq/orders/track-an-order/"
        for path in (
            "hc/en-us/articles/360012345-Where-is-it/", "hc/de/articles/360012345-Wo-ist-es", "hc/articles/360012345",
            "a/360012345/", "faq/où est/", "faq/où est",
        ):  # fmt: skip
            assert at(path)[:2] == (301, track), path
        assert at("old-refunds/?q=1")[:2] == (301, f"{base}policies/refunds/?q=1#how-long")
        assert at("old.html")[:2] == (301, f"{base}policies/refunds/")
        # Where the anchor decides, which no host gets to see, the redirect page does it.
        assert at("moving/")[0] == at("faq/stop-an-order/")[0] == 200
        for path in ("a/return-an-item/", "faq/returns/return-an-item/", "faq/returns/return-an-item", "a/fax/"):
            status, _, body = at(path)
            assert status == 410, path
            assert "This answer was withdrawn" in body
            assert "How do I return an item?" not in body
        assert at("faq/returns/return-an-item/index.md")[::2] == (410, "This answer was withdrawn.\n")
        assert at("media/0123456789ab/map.svg")[0] == 410
        assert at("_redirects")[0] == 404


def test_what_cloudflare_reads() -> None:
    many = {f"old-{number:05}/": "faq/x/" for number in range(STATIC_RULES + 5)}
    data, left_out = redirects_file(RedirectTable("https://help.example.com/", many))
    assert (len(data.splitlines()), left_out) == (STATIC_RULES, 5)
    data, left_out = redirects_file(
        RedirectTable("https://help.example.com/help/", {"où est/": "faq/x/#après", "x" * LONGEST_RULE: "y/"})
    )
    assert (data.decode(), left_out) == ("/help/o%C3%B9%20est/ /help/faq/x/#apr%C3%A8s 301\n", 1)


def test_what_netlify_reads_of_languages() -> None:
    table = RedirectTable("https://h.example/help/", {"old/": "x/"}, folders=("de/", "ar/"))
    assert redirects_file(table)[0].decode().splitlines() == [
        "/help/old/ /help/x/ 301", "/help/de/* /help/de/404.html 404", "/help/ar/* /help/ar/404.html 404",
    ]  # fmt: skip


def test_what_apache_reads() -> None:
    table = RedirectTable(
        "https://h.example/", {"a.b/": "faq/x/#y"}, ("faq/gone/",), {"360012345": "faq/x/"}, HELP_DESK_URL
    )
    assert apache_snippet(table).decode().splitlines()[1:] == [
        "RewriteEngine On",
        r'RewriteRule "^/(?:_headers|_redirects|\.kb-site)$" - [R=404,L]',
        "RewriteCond %{QUERY_STRING} .",
        r'RewriteRule "^/a\.b/?$" "/faq/x/?%{QUERY_STRING}#y" [R=301,NE,L]',
        r'RewriteRule "^/a\.b/?$" "/faq/x/#y" [R=301,NE,L]',
        'RewriteRule "^/(?:[^/]+/)*articles/360012345(?:-[^/]*)?/?$" "/faq/x/" [R=301,NE,L]',
        "RewriteCond %{ENV:REDIRECT_STATUS} ^$",
        'RewriteRule "^/faq/gone/?$" - [R=410,L]',
        '<LocationMatch "^/faq/gone/?$">',
        "    ErrorDocument 410 /faq/gone/index.html",
        "</LocationMatch>",
    ]


def test_an_empty_table_is_a_valid_map() -> None:
    assert b"map $uri $kb_target" in nginx_map(RedirectTable("https://h.example/"))


def test_apache_has_a_page_for_what_is_not_found_in_each_language() -> None:
    table = RedirectTable("https://x.example/help/", folders=("de/",))
    assert (
        '<Location "/help/de/">\n    ErrorDocument 404 /help/de/404.html\n</Location>' in apache_snippet(table).decode()
    )
    assert "ErrorDocument 404" not in apache_snippet(RedirectTable("https://x.example/help/")).decode()
