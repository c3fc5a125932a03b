"""Headers that let pages do what ours do, and nothing else."""

from kb_builder.hosting import Policy, headers_file, nginx_snippet

SITE = (
    "index.html",
    "faq/a/index.html",
    "assets/0123456789ab/kb.css",
    "assets/0123456789ab/page.mjs",
    "api/articles.json",
)
FOR_EVER = "Cache-Control: public, max-age=31536000, immutable"


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


def test_an_endpoint_on_the_same_site_needs_no_mention() -> None:
    assert directives(Policy(endpoint="/feedback"))["connect-src"] == "'self'"


def test_the_policy_names_inline_code_by_its_hash() -> None:
    allowed = directives(Policy(scripts=("sha256-abc=",), styles=("sha256-def=",)))
    assert allowed["script-src"] == "'self' 'sha256-abc='"
    assert allowed["style-src"] == "'self' 'sha256-def='"


def test_headers_keep_hashed_folders_for_ever_and_set_no_header_twice_for_a_file() -> None:
    found = rules(SITE)
    assert list(found) == ["/*", "/assets/*"]
    assert found["/assets/*"] == [FOR_EVER]
    assert f"Content-Security-Policy: {Policy()}" in found["/*"]
    assert not any(header.startswith("Cache-Control") for header in found["/*"])


def test_a_folder_with_one_plain_name_is_not_kept_for_ever() -> None:
    shards = ("search/index/t-0123456789abcdef.bin", "search/index/p-00112233445566aa.bin")
    assert "/search/*" in rules(shards)
    assert "/search/index/*" in rules((*shards, "search/index.html"))
    assert list(rules((*shards, "search/index/manifest.json"))) == ["/*"]
    assert list(rules(("faq/0123456789ab/index.html",))) == ["/*"]


def test_nginx_sends_the_policy_in_every_place_that_adds_a_header() -> None:
    snippet = nginx_snippet(Policy(), "https://help.example.com/").decode()
    assert snippet.count("Cache-Control") == snippet.count(f'Content-Security-Policy "{Policy()}"') == 3
    assert "location / {" in snippet
    assert "error_page 404 /404.html;" in snippet


def test_nginx_serves_a_site_below_a_path() -> None:
    snippet = nginx_snippet(Policy(), "https://example.com/help/").decode()
    assert "location /help/ {" in snippet
    assert "error_page 404 /help/404.html;" in snippet
