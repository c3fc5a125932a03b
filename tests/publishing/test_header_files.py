"""Headers for hosts: Content-Security-Policy and Cache-Control."""

import re
from fnmatch import fnmatchcase

from kb_builder.publishing.header_files import Policy, headers_file, host_file, nginx_snippet
from kb_builder.publishing.publication import audience_of

SITE = (
    "index.html",
    "faq/a/index.html",
    "assets/0123456789ab/kb.css",
    "assets/0123456789ab/page.mjs",
    "api/articles.json",
)
IMMUTABLE = "Cache-Control: public, max-age=31536000, immutable"
REVALIDATE = "Cache-Control: no-cache"


def directives(policy: Policy) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in str(policy).split("; "))


def rules(paths: tuple[str, ...], policy: Policy | None = None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in headers_file(paths, policy or Policy()).decode().splitlines():
        if line.startswith("/"):
            rule = found.setdefault(line, [])
        else:
            rule.append(line.strip())
    return found


def test_the_policy_allows_our_own_files_and_nothing_inline() -> None:
    allowed = directives(Policy())
    assert allowed["default-src"] == "'none'"
    assert {allowed[name] for name in ("script-src", "style-src", "img-src", "connect-src", "form-action")} == {
        "'self'"
    }
    assert "unsafe" not in str(Policy())


def test_the_policy_names_the_feedback_endpoint_by_its_origin_only() -> None:
    allowed = directives(Policy(endpoint="https://forms.example.com:8443/kb?key=1"))
    assert allowed["connect-src"] == allowed["form-action"] == "'self' https://forms.example.com:8443"
    assert allowed["script-src"] == "'self'"


def test_an_endpoint_on_the_same_site_needs_no_source() -> None:
    assert directives(Policy(endpoint="/feedback"))["connect-src"] == "'self'"


def test_the_policy_allows_inline_code_by_hash() -> None:
    allowed = directives(Policy(scripts=("sha256-abc=",), styles=("sha256-def=",)))
    assert allowed["script-src"] == "'self' 'sha256-abc='"
    assert allowed["style-src"] == "'self' 'sha256-def='"


def matching(found: dict[str, list[str]], url: str) -> list[str]:
    """The Cache-Control headers that a host with these rules sends with ``url``."""
    rules = [rule for pattern, rule in found.items() if fnmatchcase(url, pattern)]
    return [header for rule in rules for header in rule if header.startswith("Cache-Control")]


def test_one_cache_control_rule_applies_to_each_file() -> None:
    found = rules((*SITE, "404.html", "search/index.html", "search/index/root.bin", ".kb-site", "_headers"))
    assert f"Content-Security-Policy: {Policy()}" in found["/*"]
    for url in ("/", "/404.html", "/faq/a/", "/api/articles.json", "/search/", "/search/index/root.bin"):
        assert matching(found, url) == [REVALIDATE], url
    for url in ("/assets/0123456789ab/kb.css", "/assets/0123456789ab/page.mjs"):
        assert matching(found, url) == [IMMUTABLE], url
    assert "/.kb-site" not in found


def test_a_folder_with_an_unhashed_name_is_not_immutable() -> None:
    shards = ("search/index/shards/t-0123456789abcdef.bin", "search/index/shards/p-00112233445566aa.bin")
    assert rules(shards)["/search/*"] == [IMMUTABLE]
    mixed = rules((*shards, "search/index.html", "search/index/root.bin"))
    assert matching(mixed, "/search/index/shards/t-0123456789abcdef.bin") == [IMMUTABLE]
    assert matching(mixed, "/search/index/root.bin") == matching(mixed, "/search/") == [REVALIDATE]
    assert rules(("faq/0123456789ab/index.html",))["/faq/*"] == [REVALIDATE]


def test_markdown_and_plain_text_are_sent_as_utf_8() -> None:
    found = rules((*SITE, "faq/a/index.md", "llms.txt"))
    assert found["/*.md"] == ["Content-Type: text/markdown; charset=utf-8"]
    assert found["/*.txt"] == ["Content-Type: text/plain; charset=utf-8"]
    (types,) = re.findall(
        r"^charset_types (.*);$", nginx_snippet(Policy(), "https://a.example/").decode(), re.MULTILINE
    )
    assert {"text/markdown", "text/plain", "text/css", "text/javascript"} <= set(types.split())


def test_every_nginx_location_sends_the_policy() -> None:
    snippet = nginx_snippet(Policy(), "https://help.example.com/").decode()
    assert snippet.count("Cache-Control") == snippet.count(f'Content-Security-Policy "{Policy()}"') == 5
    assert "location / {" in snippet
    assert "error_page 404 /404.html;" in snippet


def test_downloads_are_sent_as_attachments() -> None:
    found = rules((*SITE, "downloads/0123456789ab/form.docx", "downloads/list/index.html", "media/0123456789ab/a.png"))
    saved = [pattern for pattern, headers in found.items() if "Content-Disposition: attachment" in headers]
    assert saved == ["/downloads/0123456789ab/*"]
    snippet = nginx_snippet(Policy(), "https://example.com/help/").decode()
    (start,) = (at for at, line in enumerate(snippet.splitlines()) if "downloads/[0-9a-f]" in line and "^" in line)
    assert any("Content-Disposition" in line for line in snippet.splitlines()[start : start + 7])


def test_nginx_serves_a_site_below_a_path() -> None:
    snippet = nginx_snippet(Policy(), "https://example.com/help/").decode()
    assert "location /help/ {" in snippet
    assert "error_page 404 /help/404.html;" in snippet


def test_each_audience_has_a_snippet_of_its_own() -> None:
    names = {
        host_file("nginx", audience_of(staff=staff, preview=preview))
        for staff in (False, True)
        for preview in (False, True)
    }
    assert names == {"nginx.conf", "nginx-staff.conf", "nginx-drafts.conf"}


def test_each_language_has_its_own_page_for_what_is_not_found() -> None:
    text = nginx_snippet(Policy(), "https://x.example/help/", ["de/"]).decode()
    (german,) = re.findall(r"location /help/de/ \{\n(.*?)\n\}", text, re.DOTALL)
    assert "error_page 404 /help/de/404.html;" in german
    assert "Content-Security-Policy" in german
    assert "error_page 404 /help/404.html;" in text.replace(german, "")
    assert "location /help/de/" not in nginx_snippet(Policy(), "https://x.example/help/").decode()
