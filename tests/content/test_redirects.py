"""Old addresses and ids lead to their articles, or are findings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.redirects import Redirects, old_url, parse_redirects, read_redirects, resolve
from kb_builder.errors import InputError
from kb_builder.model import Article


def article(article_id: str, url: str, *redirect_from: str) -> Article:
    return Article(
        id=article_id,
        path=f"content/articles/{url.rstrip('/')}.md",
        url=url,
        title=article_id,
        body="",
        body_line=4,
        redirect_from=redirect_from,
        lines=(("redirect_from", 3),),
    )


TRACK = article("track-order", "faq/orders/track/")
CANCEL = article("cancel-order", "faq/orders/cancel/")


def redirects(text: str, *articles: Article) -> Redirects:
    rules, findings = parse_redirects(text, "r.yml")
    assert findings == []
    return resolve(rules, articles or (TRACK, CANCEL))


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("faq/old-page/", "faq/old-page/"),
        ("/faq/old-page", "faq/old-page/"),
        ("old.html", "old.html"),
        ("faq/index.html", "faq/"),
        ("https://old.example.com/hc/en-us/articles/360-Where%20is%20it", "hc/en-us/articles/360-Where is it/"),
        ("/caf%C3%A9/", "café/"),
        ("cafe\u0301", "café/"),
        ("faq.php", "faq.php/"),
    ],
)
def test_old_addresses(text: str, url: str) -> None:
    assert old_url(text) == url


@pytest.mark.parametrize(
    "text",
    ["", "/", "https://old.example.com/", "../etc", "a/../b", "a//b", "a/./b", "faq?id=3", "faq#top", "a.html/b",
     "a\\b",      "a%00b", "%ff", "x" * 201, "https://[x", "index.html", "a<b", "a%3Fb"],
)  # fmt: skip
def test_old_addresses_that_are_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        old_url(text)
    assert caught.value.problem


def test_lines_and_headers_together(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/redirects.yml").write_text("help/lost-parcel/: track-order\n")
    articles = (TRACK, article("cancel-order", "faq/orders/cancel/", "/stop/", "360012345"))
    found = read_redirects(tmp_path, articles)
    assert found == Redirects(
        {
            "360012345/": "cancel-order",
            "a/360012345/": "cancel-order",
            "help/lost-parcel/": "track-order",
            "stop/": "cancel-order",
        },
        (),
    )


def test_without_a_file_there_are_those_of_the_headers(tmp_path: Path) -> None:
    assert read_redirects(tmp_path, (article("x", "x/", "/y/"),)).paths == {"y/": "x"}


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/redirects.yml").write_text("a: b: c\n")
    found = read_redirects(tmp_path, (TRACK,))
    assert [(finding.path, finding.line, finding.code) for finding in found.findings] == [
        ("content/redirects.yml", 1, "yaml-syntax")
    ]


def test_a_chain_is_followed_and_told() -> None:
    found = redirects("one/: two\ntwo/: three\nthree: track-order\n")
    assert {found.paths[url] for url in ("one/", "two/", "three/", "a/three/")} == {"track-order"}
    assert [str(finding) for finding in found.findings] == [
        'r.yml:1: warning: "one/" leads to "two", which is itself an old address\n  write track-order',
        'r.yml:2: warning: "two/" leads to "three", which is itself an old address\n  write track-order',
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p/: q/\nq/: p/\n", 'r.yml:1: error: "p/" is part of a loop'),
        ("p/: p/\n", 'r.yml:1: error: "p/" is part of a loop'),
        ("old/: trak-order\n", 'r.yml:1: error: no article has the id "trak-order"\n  did you mean "track-order"?'),
        ("old/: /faq/orders/track/\n", 'r.yml:1: error: no article has the id "/faq/orders/track/"\n  write track'),
        ("old/: https://example.com/\n", 'r.yml:1: error: no article has the id "https://example.com/"\n  redirects'),
        ("faq/orders/track/: cancel-order\n", 'r.yml:1: error: "faq/orders/track/" is in use: content/articles/faq'),
        ("FAQ/Orders/Track: cancel-order\n", 'r.yml:1: error: "FAQ/Orders/Track" is in use: content/articles/faq'),
        ("faq/orders/: cancel-order\n", 'r.yml:1: error: "faq/orders/" is in use: the page of that category'),
        ("sitemap.xml: cancel-order\n", 'r.yml:1: error: "sitemap.xml" is in use: a page of the site'),
        ("search/: cancel-order\n", 'r.yml:1: error: "search/" is in use: a page of the site'),
        ("track-order: cancel-order\n", 'r.yml:1: error: "track-order" is in use: the short link of content/articles'),
        ("/a/track-order/: cancel-order\n", 'r.yml:1: error: "/a/track-order/" is in use: the short link'),
        ("x/: track-order\n/x: cancel-order\n", 'r.yml:2: error: "/x" already leads to "track-order"\n  see r.yml:1'),
        ("faq?x=1: track-order\n", 'r.yml:1: error: "faq?x=1" has a query or a fragment'),
    ],
)  # fmt: skip
def test_findings(text: str, expected: str) -> None:
    found = redirects(text)
    assert any(str(finding).startswith(expected) for finding in found.findings), found.findings


def test_an_address_the_article_has_now_is_reported() -> None:
    found = redirects("faq/orders/track: track-order\n")
    assert found.paths == {}
    assert [(finding.code, finding.severity) for finding in found.findings] == [("redirect-to-itself", "warning")]


def test_the_own_id_as_an_old_path_is_no_old_id() -> None:
    assert resolve([], (TRACK,)).paths == {}
    assert redirects("track-order: track-order\n") == Redirects({"track-order/": "track-order"}, ())


def test_the_same_redirect_twice_is_fine() -> None:
    assert redirects("old/: track-order\n/old: track-order\n") == Redirects({"old/": "track-order"}, ())


@pytest.mark.parametrize("text", ["old/: [track-order]\n", "old/:\n"])
def test_a_target_is_one_id(text: str) -> None:
    _, findings = parse_redirects(text, "r.yml")
    assert [(finding.line, finding.code) for finding in findings] == [(1, "bad-redirect")]


@pytest.mark.parametrize("text", ["- a\n", "text\n"])
def test_a_file_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="must consist of keys and values"):
        parse_redirects(text, "r.yml")


@given(st.dictionaries(st.sampled_from("pqrst"), st.sampled_from(["p", "q", "r", "s", "t", "track-order", "nobody"])))
def test_any_tangle_ends_at_articles_or_is_reported(tangle: dict[str, str]) -> None:
    found = redirects("".join(f"{old}: {target}\n" for old, target in tangle.items()))
    assert set(found.paths.values()) <= {"track-order"}
    told = {finding.line for finding in found.findings if finding.severity == "error"}
    for line, old in enumerate(tangle, 1):
        assert (f"{old}/" in found.paths) != (line in told)
