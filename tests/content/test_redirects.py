"""Old addresses and ids lead to their articles, or are findings."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.redirect_chains import Gone, Rule, Target
from kb_builder.content.redirects import Redirects, parse_redirects, read_redirects, resolve
from kb_builder.errors import InputError, Severity
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
    return resolve(rules, articles or (TRACK, CANCEL), "https://help.example.com/")


def test_lines_and_headers_together(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/redirects.yml").write_text("help/lost-parcel/: track-order\n")
    articles = (TRACK, article("cancel-order", "faq/orders/cancel/", "/stop/", "360012345"))
    found = read_redirects(tmp_path, articles)
    assert found.paths == {
        "360012345/": "cancel-order",
        "a/360012345/": "cancel-order",
        "help/lost-parcel/": "track-order",
        "stop/": "cancel-order",
    }
    assert found.findings == ()


def test_without_a_file_there_are_those_of_the_headers(tmp_path: Path) -> None:
    assert read_redirects(tmp_path, (article("x", "x/", "/y/"),)).paths == {"y/": "x"}


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/redirects.yml").write_text("a: b: c\n")
    found = read_redirects(tmp_path, (TRACK,))
    assert [(finding.path, finding.line, finding.code) for finding in found.findings] == [
        ("content/redirects.yml", 1, "yaml-syntax")
    ]


def test_a_chain_is_followed_to_its_end() -> None:
    found = redirects("one/: two\ntwo/: three\nthree: track-order\n")
    assert {found.paths[url] for url in ("one/", "two/", "three/", "a/three/")} == {"track-order"}
    assert found.findings == ()


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("track-order#late: cancel-order\n", {"a/track-order/#late": Target("cancel-order")}),
        ("/faq/orders/track/#a: cancel-order#b\n", {"a/track-order/#a": Target("cancel-order", anchor="b")}),
        ("old: track-order#late\n", {"old/": Target("track-order", anchor="late")}),
        (
            "old: track-order\nold#x: cancel-order#y\n",
            {"a/old/": Target("track-order"), "a/old/#x": Target("cancel-order", anchor="y")},
        ),
        ("track-order#a: track-order#b\ntrack-order#b: cancel-order\n", {"a/track-order/#a": Target("cancel-order")}),
        (
            "new: track-order\ntrack-order#a: new#b\n",
            {"a/track-order/#a": Target("track-order", anchor="b", carried=True)},
        ),
        ("old/: /faq/orders/\n", {"old/": Target(url="faq/orders/")}),
        ("old/: /faq/orders/track/\n", {"old/": Target("track-order")}),
        ("old/: https://help.example.com/faq/orders/track/#x\n", {"old/": Target("track-order", anchor="x")}),
        ("s/islands/: /s/all/\n", {"s/islands/": Target(url="s/all/")}),
        ("/hc/en-us/articles/360012345-Where: track-order\n", {"a/360012345/": Target("track-order")}),
        ("en/articles/7654321-where-is-it: track-order\n", {"a/7654321/": Target("track-order")}),
        ("de/support/solutions/articles/43000123456: track-order\n", {"a/43000123456/": Target("track-order")}),
        ("track-order#выбор: cancel-order\n", {"a/track-order/#выбор": Target("cancel-order")}),
        ("track-order#%D0%B2: cancel-order\n", {"a/track-order/#в": Target("cancel-order")}),
    ],
)  # fmt: skip
def test_where_places_lead(text: str, targets: dict[str, Target]) -> None:
    found = redirects(text)
    assert {place: found.targets[place] for place in targets} == targets
    assert found.findings == ()


def test_what_is_gone_says_why_and_what_replaces_it() -> None:
    found = redirects(
        "fax: {gone: We no longer have a fax., withdrawn: 2026-03-03}\n"
        "telex:\n  replaced_by: fax\n"
        "pager: {replaced_by: older}\nolder: track-order\n"
        "/contact-by-fax/: fax\n"
    )
    fax = Gone("We no longer have a fax.", "", date(2026, 3, 3))
    assert found.gone["a/fax/"] == found.gone["contact-by-fax/"] == fax
    assert found.gone["a/telex/"] == Gone()
    assert found.gone["a/pager/"] == Gone(replaced_by="track-order")
    assert found.findings == ()


def test_an_anchor_whose_text_moved_to_a_page_withdrawn_since_leads_to_its_notice() -> None:
    found = redirects("track-order#by-fax: fax\nfax: telex\ntelex: {gone: No telex.}\ntrack-order#x: {gone: Over.}\n")
    assert found.targets["a/track-order/#by-fax"] == Target(url="a/telex/")
    assert found.gone["a/track-order/#x"] == Gone("Over.")
    assert found.findings == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p/: q/\nq/: p/\n", 'r.yml:1: error: "p/" is part of a loop'),
        ("p/: p/\n", 'r.yml:1: error: "p/" is part of a loop'),
        ("old/: trak-order\n", 'r.yml:1: error: no article has the id "trak-order"\n  did you mean "track-order"?'),
        ("old/: https://example.com/\n", 'r.yml:1: error: "old/" leads to another site: https://example.com/'),
        ("old/: //evil.example/x\n", 'r.yml:1: error: "old/" leads to another site: //evil.example/x'),
        ("old/: faq/nothing/\n", 'r.yml:1: error: there is no page at "faq/nothing/"\n  redirects lead to'),
        ("a#x: b#y\nb#y: a#x\na: track-order\nb: a\n", 'r.yml:1: error: "a#x" is part of a loop'),
        ("old: {gone: x, replaced_by: trak-order}\n", 'r.yml:1: error: no article has the id "trak-order"\n  did you'),
        ("faq/orders/track/: cancel-order\n", 'r.yml:1: error: "faq/orders/track/" is in use: content/articles/faq'),
        ("FAQ/Orders/Track: cancel-order\n", 'r.yml:1: error: "FAQ/Orders/Track" is in use: content/articles/faq'),
        ("faq/orders/: cancel-order\n", 'r.yml:1: error: "faq/orders/" is in use: the page of that category'),
        ("faq/orders/: /faq/\n", 'r.yml:1: warning: "faq/orders/" is in use: the page of that category'),
        ("sitemap.xml: cancel-order\n", 'r.yml:1: error: "sitemap.xml" is in use: a page of the site'),
        ("search/: cancel-order\n", 'r.yml:1: error: "search/" is in use: a page of the site'),
        ("track-order: cancel-order\n", 'r.yml:1: error: "track-order" is in use: the short link of content/articles'),
        ("/a/track-order/: cancel-order\n", 'r.yml:1: error: "/a/track-order/" is in use: the short link'),
        ("x/: track-order\n/x: cancel-order\n", 'r.yml:2: error: "/x" already leads to "track-order"\n  see r.yml:1'),
        ("faq?x=1: track-order\n", 'r.yml:1: error: "faq?x=1" has a query'),
    ],
)  # fmt: skip
def test_a_line_that_cannot_redirect_is_named(text: str, expected: str) -> None:
    found = redirects(text)
    assert any(str(finding).startswith(expected) for finding in found.findings), found.findings


@pytest.mark.parametrize("old", ["https://example.com/shop/x", "//example.com/shop/x", "mailto:help@example.com"])
def test_an_address_outside_of_the_site_is_reported(old: str) -> None:
    rules, _ = parse_redirects(f'"{old}": track-order\n', "r.yml")
    found = resolve(rules, (TRACK,), "https://example.com/support/help/")
    (finding,) = found.findings
    assert str(finding).startswith(
        f'r.yml:1: warning: "{old}" is outside of this site, which is at https://example.com/support/help/\n  only the'
    )
    rules, _ = parse_redirects('"https://old.example.com/shop/x": track-order\n', "r.yml")
    assert resolve(rules, (TRACK,), "https://example.com/support/help/").findings == ()


def test_an_address_the_article_has_now_is_reported() -> None:
    found = redirects("faq/orders/track: track-order\n")
    assert found.paths == {}
    assert [(finding.code, finding.severity) for finding in found.findings] == [("redirect-to-itself", "warning")]


def test_the_own_id_as_an_old_path_is_no_old_id() -> None:
    assert resolve([], (TRACK,)).paths == {}
    assert redirects("track-order: track-order\n").paths == {"track-order/": "track-order"}


def test_the_same_redirect_twice_is_fine() -> None:
    found = redirects("old/: track-order\n/old: track-order\n")
    assert found.paths["old/"] == "track-order"
    assert found.findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "old/: [track-order]\n", "old/:\n", "old/: {}\n", "old/: {gone: [x]}\n", "old/: {gone: x, why: y}\n",
        "old/: {gone: x, withdrawn: yesterday}\n", "old/: {withdrawn: 2026-03-03}\n",
    ],
)  # fmt: skip
def test_a_target_is_one_id_or_says_why_there_is_none(text: str) -> None:
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


@pytest.mark.parametrize(
    "old",
    ["_headers", "_Redirects/x", ".kb-site", "robots.txt/x", "llms.txt/x/y", "faq/orders/track/index.md/x",
     "api/articles.json", "feeds/changes.xml/x", "search/index/manifest.json/x", "search/index/root.bin/x"],
)  # fmt: skip
def test_a_file_of_the_site_is_no_old_address(old: str) -> None:
    """Nor can a page be below a file."""
    (finding,) = redirects(f'"{old}": track-order\n').findings
    assert (finding.code, finding.severity) == ("redirect-clash", Severity.ERROR)


@pytest.mark.parametrize("old", ["a/" * 101, f"{'a' * 99}/" * 31])
def test_an_old_address_is_no_longer_than_paths_can_be(old: str) -> None:
    (finding,) = resolve([Rule(old, "track-order", "r.yml", 1)], [TRACK]).findings
    assert "is too long for a page" in finding.message
