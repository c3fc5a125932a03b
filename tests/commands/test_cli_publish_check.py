"""``kb check``: what it finds, how it prints it, and its exit code."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb_builder.system.cache_keys import hash_of
from tests.centres import CLOCK, MKDOCS, article, put
from tests.invoke import kb, kb_json

pytestmark = pytest.mark.slow


def test_check_counts_and_exits_by_the_worst(centre: Path) -> None:
    assert kb("check").exit_code == 0
    put(centre, "content/articles/faq/link.md", article("link", body="[x](gone.md)\n"))
    warned = kb("check")
    assert warned.exit_code == 1
    assert "content/articles/faq/link.md:6: warning: link to" in warned.stdout
    put(centre, "content/articles/faq/bad.md", "---\ntitle: [\n---\n")
    found = kb("check", "--json")
    assert found.exit_code == 2
    first = json.loads(found.stdout)["findings"][0]
    assert set(first) == {"path", "line", "code", "severity", "message", "hint"}


def test_check_speaks_the_formats_of_reviews(centre: Path) -> None:
    put(centre, "content/articles/faq/link.md", article("link", body="[x](gone.md)\n"))
    annotated = kb("check", "--format", "github")
    assert annotated.exit_code == 1
    assert "::warning file=content/articles/faq/link.md,line=6,title=broken-link::link to" in annotated.stdout
    report = json.loads(kb("check", "--format", "gitlab").stdout)
    assert "broken-link" in {finding["check_name"] for finding in report}
    assert kb("check", "--format", "json").stdout == kb("check", "--json").stdout


def test_a_finding_ignored_with_a_reason_is_neither_reported_nor_counted(centre: Path) -> None:
    ignored = "<!-- kb-ignore broken-link comes next week -->\n[x](gone.md)\n"
    put(centre, "content/articles/faq/link.md", article("link", body=ignored, answer="Yes.", owner="Desk"))
    assert "broken-link" not in kb("check", "--json").stdout
    assert "warning" not in kb("build").stdout


def test_check_names_the_next_dates_and_the_links_that_end(centre: Path) -> None:
    put(centre, "content/articles/faq/late.md", article("late", expiry_date="2026-12-05"))
    put(centre, "content/articles/faq/home.md", article("home", body="[a](late.md) and [b](/a/late/)\n"))
    shown = kb("check", "--clock", CLOCK)
    assert "late.md:4: warning: from 5 December 2026: 2 links to it lead nowhere" in shown.stdout
    assert "next: 2026-12-05 00:00 content/articles/faq/late.md expires" in shown.stdout
    after = kb("check", "--clock", "2026-12-06T00:00:00Z")
    assert after.exit_code == 1
    assert 'content/articles/faq/home.md:6: warning: links to "late.md", which is not public now' in after.stdout


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("content/contact.yml", None),
        ("content/contact.yml", "time_zone: Nowhere\n"),
        ("content/synonyms/en.txt", "café".encode("latin-1")),
        ("content/mentions/x.csv", "id,time\n1,2\n"),
        ("content/search-queries.csv", "a,b\n1,2\n"),
        ("mkdocs.yml", MKDOCS.replace("  - kb\n", "  - kb: {brand: reddish}\n")),
        ("mkdocs.yml", MKDOCS.replace("name: material", "name: material\n  logo: gone.svg")),
    ],
)
def test_what_cannot_be_read_is_a_finding_beside_the_others(centre: Path, path: str, text: str | bytes | None) -> None:
    put(centre, path, text or "")
    if text is None:
        (centre / path).unlink()
    put(centre, "content/articles/faq/bad.md", "---\nid: bad\ntile: Bad\n---\n")
    shown = kb("check", "--json")
    assert shown.exit_code == 2
    found = json.loads(shown.stdout)
    assert set(found) == {"findings"}
    paths = {finding["path"] for finding in found["findings"] if finding["severity"] == "error"}
    assert "content/articles/faq/bad.md" in paths
    if path not in ("content/search-queries.csv", "mkdocs.yml"):
        assert path in paths
    (centre / "content/articles/faq/bad.md").unlink()
    assert path in {finding["path"] for finding in kb_json("check")["findings"] if finding["severity"] == "error"}


@pytest.mark.parametrize(
    "text", ["site_name: [\n", "plugins: [kb]\n", MKDOCS.replace("  - kb\n", "  - kb: {brnd: 1}\n")]
)
def test_a_configuration_that_cannot_be_used_is_a_finding_of_check(centre: Path, text: str) -> None:
    put(centre, "mkdocs.yml", text)
    shown = kb("check", "--json")
    assert shown.exit_code == 2
    (finding,) = json.loads(shown.stdout)["findings"]
    assert (finding["path"], finding["severity"]) == ("mkdocs.yml", "error")
    assert set(json.loads(shown.stdout)) == {"findings"}
    assert kb("check").stdout.startswith("mkdocs.yml:")


def test_names_in_headers_that_mean_nothing_are_named(centre: Path) -> None:
    put(centre, "content/trending.yml", "segments: {islands: Islands}\n")
    names = article("x", segments="[iland]", related="[refnds]", last_reviewed_on="2027-01-01")
    put(centre, "content/articles/faq/x.md", names)
    strike = "---\ntitle: Strike\nstart: 2026-11-20\nend: 2026-11-30\nsegments: [iland]\n---\nWait.\n"
    put(centre, "content/announcements/strike.md", strike)
    shown = kb("check", "--clock", CLOCK).stdout
    assert 'faq/x.md:4: warning: there is no segment "iland"\n  did you mean "islands"?' in shown
    assert 'announcements/strike.md: warning: there is no segment "iland"\n  did you mean "islands"?' in shown
    assert 'faq/x.md:5: warning: there is no article "refnds"\n  did you mean "refunds"?' in shown
    assert "faq/x.md:6: warning: the last review is on 2027-01-01, which is in the future" in shown


def test_articles_of_another_tool_are_let_in_by_one_line(centre: Path) -> None:
    keys = ("layout", "permalink", "categories", "menu", "toc", "lastmod")
    put(centre, "content/articles/faq/a.md", article("a", **dict.fromkeys(keys, "x")))
    line = "ignore_keys: [categories, lastmod, layout, menu, permalink, toc]"
    assert line in kb("check").stdout
    put(centre, "mkdocs.yml", MKDOCS.replace("  - kb\n", f"  - kb:\n      {line}\n"))
    assert kb("check").exit_code == 0


def test_check_says_that_something_is_asked_and_quotes_nobody(centre: Path) -> None:
    day = datetime(2026, 10, 1, 12, tzinfo=UTC)
    rows = [f"{n},{day + timedelta(days=n // 4):%Y-%m-%dT%H:%M:%SZ},email,c{n},hello,refunds" for n in range(200)]
    rows += [f"x{n},2026-11-20T12:00:00Z,email,y{n},my flux capacitor hums,nothing-of-ours" for n in range(60)]
    put(centre, "content/mentions/m.csv", "id,time,channel,customer_id,text,article_id\n" + "\n".join(rows))
    assert "flux capacitor" in kb("gaps", "--clock", CLOCK).stdout
    shown = kb("check", "--clock", CLOCK)
    assert (
        "content/mentions: note: customers ask a question that no article answers, from up to 60 customers"
        in shown.stdout
    )
    assert "flux" not in shown.output


def test_check_weighs_the_published_site(centre: Path) -> None:
    kb("build", "--clock", CLOCK)
    assert kb("check").exit_code == 0
    long = "\n\n".join(f"Paragraph {n}: {hash_of(str(n))}." for n in range(1500))
    put(centre, "content/articles/faq/long.md", article("long", body=long, answer="Yes."))
    kb("build", "--clock", CLOCK)
    heavy = kb("check")
    assert heavy.exit_code == 1
    assert "site/faq/long/index.html: warning: the first view weighs" in heavy.stdout


def test_an_article_that_trending_yml_names_must_exist(centre: Path) -> None:
    put(centre, "content/trending.yml", "slots: 5\nnever: [refunds, refnds]\n")
    warned = kb("check")
    assert warned.exit_code == 1
    assert 'content/trending.yml:2: warning: there is no article "refnds"' in warned.stdout
    assert 'did you mean "refunds"?' in warned.stdout


def test_an_unknown_article_has_the_line_on_which_it_is_named(centre: Path) -> None:
    put(
        centre,
        "content/trending.yml",
        "# old and older\nsegments: {older: Older}\npin:\n  - id: refunds\n    until: 2026-12-01\n    segment: older\n"
        "never: refunds, older\ntags: {old: old}\n",
    )
    warned = kb("check").stdout
    assert 'content/trending.yml:7: warning: there is no article "older"' in warned
    assert 'content/trending.yml:8: warning: there is no article "old"' in warned


def test_search_that_got_worse_fails_the_check(centre: Path) -> None:
    put(centre, "content/search-queries.csv", "text,article_id\nwhere is my parcel,refunds\n")
    put(centre, "mkdocs.yml", MKDOCS.replace("  - kb\n", "  - kb:\n      search: {floor: {success_at_1: 0.9}}\n"))
    worse = kb("check")
    assert worse.exit_code == 1
    assert "search quality fell: success_at_1 is 0.000, and 0.900 is the minimum" in worse.stdout
