"""The commands as people type them: what they print, what they exit with, what they leave alone."""

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kb_builder.commands.cli import commands
from kb_builder.system.cache_keys import hash_of
from tests.centres import CLOCK, CONTACT, MKDOCS, SMALL, article, put, write

pytestmark = pytest.mark.slow

KB = [sys.executable, "-m", "kb_builder"]


def kb(*words: str) -> Result:
    return CliRunner().invoke(commands, list(words), catch_exceptions=False)


def told(*words: str) -> Any:
    """What a command prints with ``--json``; nothing but JSON may be on stdout."""
    return json.loads(kb(*words, "--json").stdout)


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path, SMALL)


def test_a_newcomer_gets_a_site_in_two_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert kb("new", "shop-help").exit_code == 0
    monkeypatch.chdir(tmp_path / "shop-help")
    done = kb("build")
    assert done.exit_code == 0, done.output
    assert "Shop help" in (tmp_path / "shop-help/site/index.html").read_text()
    assert kb("check", "--strict").exit_code == 0
    assert kb("build", "--strict").exit_code == 0


@pytest.mark.parametrize(("folder", "next_step"), [("my shop", "cd 'my shop' && kb build"), (".", "next: kb build")])
def test_a_newcomer_is_told_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, next_step: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert next_step in kb("new", folder).stdout


def test_every_command_explains_itself() -> None:
    for name, command in commands.commands.items():
        shown = kb(name, "--help")
        assert shown.exit_code == 0
        assert command.help
        assert command.help.split("\n")[0][:40] in " ".join(shown.output.split())


def test_the_list_of_commands_cuts_no_sentence_short() -> None:
    assert "..." not in kb("--help").stdout.partition("Commands:")[2]


def test_new_articles_and_announcements_are_drafts_that_build(centre: Path) -> None:
    assert kb("new", "article", "Do you deliver on Sundays?", "--in", "faq/delivery").exit_code == 0
    assert kb("new", "announcement", "Parcels are late", "--clock", CLOCK).exit_code == 0
    assert (centre / "content/articles/faq/delivery/do-you-deliver-on-sundays.md").exists()
    assert (centre / "content/announcements/2026-11-21-parcels-are-late.md").exists()
    assert kb("build", "--clock", CLOCK).exit_code == 0
    assert not (centre / "site/faq/delivery").exists()


def test_build_tells_what_it_did(centre: Path) -> None:
    first = told("build", "--clock", CLOCK)
    assert set(first) == {"articles", "pages", "pins", "bytes", "seconds", "rendered", "reused"}
    assert first["articles"] == 4
    assert told("build", "--clock", CLOCK)["rendered"] == 0


def test_search_gives_its_contract(centre: Path) -> None:
    found = told("search", "cancel", "my", "order", "--clock", CLOCK)
    assert set(found) == {"query", "corrected", "results"}
    assert found["results"][0]["id"] == "cancel-an-order"
    assert set(found["results"][0]) == {"id", "title", "url", "section", "excerpt", "score", "confidence"}


def test_search_lifts_what_is_pinned_now_for_everybody_and_for_the_segment(centre: Path) -> None:
    pins = "[{id: track-an-order, until: 2026-11-25}, {id: cancel-an-order, until: 2026-11-25, segment: plus}]"
    words = ("search", "order parcel", "--clock")
    before = {hit["id"]: hit["score"] for hit in told(*words, CLOCK)["results"]}
    assert before.keys() >= {"track-an-order", "cancel-an-order"}
    put(centre, "content/trending.yml", f"segments: {{plus: Plus members}}\npin: {pins}\n")
    for more, lifted in ((), {"track-an-order"}), (("--segment", "plus"), {"track-an-order", "cancel-an-order"}):
        after = {hit["id"]: hit["score"] for hit in told(*words, CLOCK, *more)["results"]}
        assert after == {id: score * (320 if id in lifted else 256) // 256 for id, score in before.items()}
    assert {hit["id"]: hit["score"] for hit in told(*words, "2026-11-26T12:00:00Z")["results"]} == before
    rows = told("explain", "track-an-order", "--query", "order parcel", "--clock", CLOCK)["contributions"]
    demand = [row for row in rows if row["kind"] == "demand"]
    assert [row["score"] for row in demand] == [before["track-an-order"] // 4]
    unknown = kb("search", "order", "--segment", "vip", "--clock", CLOCK)
    assert unknown.exit_code == 2
    assert "no segment is called 'vip'" in unknown.stderr
    assert "declared are: plus" in unknown.stderr


def test_no_result_is_no_failure(centre: Path) -> None:
    nothing = kb("search", "flux capacitor", "--clock", CLOCK)
    assert nothing.exit_code == 0
    assert "Nothing found for “flux capacitor”" in nothing.output


def test_find_is_for_staff_and_sees_staff_articles(centre: Path) -> None:
    put(centre, "content/articles/faq/inside.md", article("inside", "Goodwill credit", audience="staff"))
    assert "[inside]" in kb("find", "goodwill").output
    assert "inside" not in [hit["id"] for hit in told("search", "goodwill", "credit")["results"]]


@pytest.mark.parametrize("channel", ["sms", "twitter", "facebook", "chat", "email", "phone"])
def test_replies_carry_the_answer_and_end_in_the_short_link(centre: Path, channel: str) -> None:
    made = told("reply", "cancel-an-order", "--channel", channel)
    shape = {"id", "channel", "text", "length", "segments", "url", "subject", "left_out", "confidence", "candidates"}
    assert set(made) == shape
    assert "free of charge" in made["text"]
    assert made["url"] == "https://help.example.com/a/cancel-an-order/"
    assert "help.example.com/a/cancel-an-order/" in made["text"]


def test_a_reply_is_found_by_words_and_by_an_old_id(centre: Path) -> None:
    assert told("reply", "where", "is", "my", "parcel", "--channel", "sms")["id"] == "track-an-order"
    put(centre, "content/redirects.yml", "old-refunds: refunds\n")
    assert told("reply", "old-refunds", "--channel", "sms")["id"] == "refunds"


def test_nobody_is_sent_a_staff_article(centre: Path) -> None:
    put(centre, "content/articles/faq/inside.md", article("inside", "Goodwill credit", audience="staff"))
    refused = kb("reply", "inside", "--channel", "sms")
    assert refused.exit_code == 2
    assert 'the article "inside" is for staff only' in refused.stderr


def test_without_a_sure_match_there_are_candidates_and_no_reply(centre: Path) -> None:
    nothing = kb("reply", "flux capacitor", "--channel", "sms")
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert "No public article answers" in nothing.stderr
    shown = kb("reply", "parcel refund gift card cancel", "--channel", "sms", "--json")
    assert shown.exit_code == 1
    unsure = json.loads(shown.stdout)
    assert (unsure["id"], unsure["text"]) == (None, "")
    assert 1 <= len(unsure["candidates"]) <= 3
    assert set(unsure["candidates"][0]) == {"id", "title", "url", "confidence"}


def test_a_mistyped_id_is_not_taken_for_words(centre: Path) -> None:
    refused = kb("reply", "cancel-a-order", "--channel", "sms")
    assert refused.exit_code == 2
    assert 'did you mean "cancel-an-order"?' in refused.stderr
    assert kb("reply", "something-else", "--channel", "sms").exit_code == 1


def test_the_staff_site_has_the_same_replies_as_the_command(centre: Path) -> None:
    assert kb("build", "--audience", "staff", "-d", "inside", "--clock", CLOCK).exit_code == 0
    found = json.loads((centre / "inside/api/replies.json").read_text())
    (item,) = [item for item in found["articles"] if item["id"] == "cancel-an-order"]
    for channel, one in item["replies"].items():
        made = told("reply", "cancel-an-order", "--channel", channel, "--clock", CLOCK)
        assert (one["text"], one["length"], one["segments"]) == (made["text"], made["length"], made["segments"])


def test_a_second_export_of_macros_changes_nothing(centre: Path) -> None:
    first = told("export", "macros", "--format", "csv", "--channel", "sms")
    assert (first["path"], first["changed"]) == ("macros-csv.csv", True)
    before = (centre / "macros-csv.csv").read_bytes()
    assert told("export", "macros", "--format", "csv", "--channel", "sms")["changed"] is False
    assert (centre / "macros-csv.csv").read_bytes() == before
    sms = told("reply", "cancel-an-order", "--channel", "sms")
    assert sms["text"] in before.decode("utf-8-sig")


def test_replies_of_a_team_with_templates_and_a_short_host(centre: Path) -> None:
    config = (centre / "mkdocs.yml").read_text()
    put(centre, "mkdocs.yml", config.replace("  - kb\n", "  - kb:\n      short_url: https://shop.example/\n"))
    put(centre, "content/replies/chat.txt", "Hi! {answer}\n{link}\n{agent}\n")
    made = told("reply", "cancel-an-order", "--channel", "chat", "--agent", "Sam")
    assert made["text"].startswith("Hi! ")
    assert made["text"].endswith("\nhttps://shop.example/cancel-an-order\nSam")
    put(centre, "content/replies/chat.txt", "Hi! {anwser}\n{link}\n")
    refused = kb("reply", "cancel-an-order", "--channel", "chat")
    assert refused.exit_code == 2
    assert "content/replies/chat.txt:1: error: unknown placeholder {anwser}" in refused.stderr


def test_a_staff_site_and_drafts_never_take_the_place_of_the_public_site(centre: Path) -> None:
    kb("build", "--clock", CLOCK)
    before = (centre / "site/index.html").read_bytes()
    for options in (("--audience", "staff"), ("--drafts",)):
        refused = kb("build", *options, "-d", "site", "--clock", CLOCK)
        assert refused.exit_code == 5
        assert "is for the public" in refused.stderr
    assert (centre / "site/index.html").read_bytes() == before
    assert kb("build", "--drafts", "--clock", CLOCK).exit_code == 0
    assert kb("build", "--audience", "staff", "--clock", CLOCK).exit_code == 0
    assert (centre / "draft-site/index.html").exists()
    assert (centre / "staff-site/index.html").exists()


def test_a_veto_that_cannot_be_read_becomes_no_pin(centre: Path) -> None:
    put(centre, "content/trending.yml", "slotz: 3\nnever: [refunds]\n")
    refused = kb("trends")
    assert refused.exit_code == 2
    assert "content/trending.yml:1: error:" in refused.stderr


def test_commands_that_go_on_without_a_broken_article_say_so(centre: Path) -> None:
    put(centre, "content/articles/faq/bad.md", "---\ntitel: Bad\n---\n")
    assert "1 article was skipped: it has errors; kb check lists them" in kb("search", "refund").stderr


def test_a_wrong_option_is_told_in_json_too(centre: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kb_builder", "search", "--json"],
        cwd=centre,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Missing argument" in json.loads(done.stdout)["error"]["problem"]


def test_an_article_is_made_inside_the_content_only(centre: Path) -> None:
    assert kb("new", "article", "Out", "--in", "../../..").exit_code == 2
    assert not list(centre.parent.glob("out.md"))


def test_find_takes_words_as_they_come(centre: Path) -> None:
    assert kb("find", "my", "parcel").stdout == kb("find", "my parcel").stdout


def test_nothing_to_post_is_said(centre: Path) -> None:
    assert kb("trends", "--post", "sms", "--clock", CLOCK).stdout == "Nothing is pinned; kb trends says why.\n"


@pytest.mark.parametrize(
    "name",
    [
        "content/articles/faq/orders/track-an-order.md", "faq/orders/track-an-order.md", "faq/orders/track-an-order/",
        "/faq/orders/track-an-order/", "https://help.example.com/faq/orders/track-an-order/",
    ],
)  # fmt: skip
def test_explain_takes_a_path_or_an_address(centre: Path, name: str) -> None:
    assert told("explain", name, "--clock", CLOCK)["id"] == "track-an-order"


def test_a_draft_is_not_said_to_be_asked_about_too_little(centre: Path) -> None:
    put(centre, "content/articles/faq/new.md", article("new", draft="true"))
    assert "pinned" not in kb("explain", "new").stdout
    assert "not pinned: no mentions" in kb("explain", "track-an-order").stdout


def test_explain_says_why(centre: Path) -> None:
    put(centre, "content/articles/faq/soon.md", article("soon", draft="true"))
    assert "not public: a draft" in kb("explain", "soon").output
    shown = told("explain", "refunds", "--query", "refund")
    assert shown["public"]
    assert shown["contributions"]
    unknown = kb("explain", "refnds")
    assert unknown.exit_code == 2
    assert "did you mean refunds?" in unknown.stderr


def test_eval_gives_its_contract(centre: Path) -> None:
    put(centre, "queries.csv", "text,article_id\nwhere is my parcel,track-an-order\nflux capacitor,refunds\n")
    scores = told("eval", "queries.csv")
    assert scores == {
        "queries": 2, "success_at_1": 0.5, "success_at_3": 0.5, "mrr_at_10": 0.5, "no_result": 0.5,
    }  # fmt: skip


def test_trends_without_mentions_says_so(centre: Path) -> None:
    shown = told("trends", "--clock", CLOCK)
    assert {"now", "pins", "gaps"} <= set(shown)
    assert shown["pins"] == []
    assert kb("trends", "--clock", CLOCK).exit_code == 0
    assert kb("gaps", "--clock", CLOCK).exit_code == 0


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


def test_a_link_into_a_download_keeps_its_place(centre: Path) -> None:
    put(centre, "content/articles/faq/guide.pdf", b"%PDF-1.4")
    put(centre, "content/articles/faq/link.md", article("link", body="[page two](guide.pdf#page=2)\n"))
    assert kb("build").exit_code == 0
    assert 'guide.pdf#page=2"' in (centre / "site/faq/link/index.html").read_text()


def test_a_policy_is_started_below_policies(centre: Path) -> None:
    made = kb("new", "policy", "Returns", "--clock", CLOCK)
    assert made.stdout.startswith("content/articles/policies/returns.md\n")
    assert "effective_date: 2026-11-21" in (centre / "content/articles/policies/returns.md").read_text()
    assert kb("check").exit_code == 0


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
    assert path in {finding["path"] for finding in told("check")["findings"] if finding["severity"] == "error"}


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


def test_strict_publishes_nothing_when_a_review_is_overdue(centre: Path) -> None:
    overdue = article("old", answer="Yes.", owner="Care", last_reviewed_on="2025-01-01", review_in="1 month")
    put(centre, "content/articles/faq/old.md", overdue)
    assert "1 warning" in kb("build", "--clock", CLOCK).stdout
    refused = kb("build", "--strict", "--clock", CLOCK)
    assert refused.exit_code == 1
    assert "content/articles/faq/old.md:7: warning: the review was due on 2025-02-01" in refused.stderr


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


def test_search_that_got_worse_fails_the_check(centre: Path) -> None:
    put(centre, "content/search-queries.csv", "text,article_id\nwhere is my parcel,refunds\n")
    put(centre, "mkdocs.yml", MKDOCS.replace("  - kb\n", "  - kb:\n      search: {floor: {success_at_1: 0.9}}\n"))
    worse = kb("check")
    assert worse.exit_code == 1
    assert "search quality fell: success_at_1 is 0.000, and 0.900 is the minimum" in worse.stdout


def test_mv_leaves_a_redirect(centre: Path) -> None:
    assert kb("mv", "faq/orders/track-an-order", "faq/delivery/track-a-parcel").exit_code == 0
    assert kb("build", "--clock", CLOCK).exit_code == 0
    assert "faq/delivery/track-a-parcel/" in (centre / "site/faq/orders/track-an-order/index.html").read_text()
    assert "faq/delivery/track-a-parcel/" in (centre / "site/a/track-an-order/index.html").read_text()


def test_mv_and_import_tell_a_script_what_they_did(centre: Path) -> None:
    moved = told("mv", "track-an-order", "faq/delivery/track.md")
    assert moved["redirects"] == {"faq/orders/track-an-order/": "faq/delivery/track/"}
    put(
        centre,
        "export.json",
        json.dumps({"articles": [{"id": 7, "title": "Sizes", "section_id": 1, "body": "<p>S</p>"}]}),
    )
    assert told("import", "zendesk", "export.json")["written"] == ["content/articles/sizes.md"]
    assert told("import", "zendesk", "export.json")["kept"] == ["content/articles/sizes.md"]


def test_an_article_that_is_one_picture_is_described_by_its_title(centre: Path) -> None:
    put(centre, "content/articles/faq/picture.md", article("picture", "Where it is", "![The map](gone.png)\n"))
    kb("build", "--clock", CLOCK)
    assert '<meta name="description" content="Where it is">' in (centre / "site/faq/picture/index.html").read_text()


SECTIONS = "\n## How long\n\nFive days.\n\n## What changed\n\nIt was ten days.\n"


def test_rollback_shows_the_build_before(centre: Path) -> None:
    kb("build", "--clock", CLOCK)
    first = (centre / "site/policies/refunds/index.html").read_text()
    put(centre, "content/articles/policies/refunds.md", article("refunds", "Refunds", f"All new.\n{SECTIONS}"))
    kb("build", "--clock", CLOCK)
    assert "All new." in (centre / "site/policies/refunds/index.html").read_text()
    assert kb("rollback").exit_code == 0
    assert (centre / "site/policies/refunds/index.html").read_text() == first
    assert kb("rollback").exit_code == 5


def test_rollback_puts_back_the_files_for_hosts(centre: Path) -> None:
    def hosts() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (centre / ".kb").glob("*.conf")}

    kb("build", "--clock", CLOCK)
    first = hosts()
    assert len(first) >= 4
    put(centre, "content/redirects.yml", "old/orders/: track-an-order\n")
    kb("build", "--clock", CLOCK)
    assert hosts()["nginx-map.conf"] != first["nginx-map.conf"]
    assert kb("rollback").exit_code == 0
    assert hosts() == first


def test_the_schema_names_every_key() -> None:
    assert {"id", "title", "answer", "asked_as", "audience"} <= set(json.loads(kb("schema").stdout)["properties"])


BAD: dict[str, tuple[dict[str, str], str]] = {
    "unknown key": ({"faq/a": "---\nid: a\ntile: A\n---\n"}, "content/articles/faq/a.md:3: error: unknown key"),
    "missing title": ({"faq/a": "---\nid: a\n---\nText\n"}, "content/articles/faq/a.md:"),
    "duplicate id": ({"faq/a": article("same"), "faq/b": article("same")}, 'the id "same" is taken'),
    "duplicate id beside mentions": (
        {
            "faq/a": article("same"), "faq/b": article("same"),
            "content/mentions/t.csv": "id,time,channel,customer_id,text\n1,2026-11-19T12:00:00Z,email,c,Where is it?\n",
        },
        'content/articles/faq/b.md:2: error: the id "same" is taken by content/articles/faq/a.md:2',
    ),
    "broken YAML": ({"faq/a": "---\nid: a\ntitle: 'A\n---\n"}, "content/articles/faq/a.md:3: error:"),
    "no header": ({"faq/a": "Just text.\n"}, "content/articles/faq/a.md"),
    "UTF-16": ({"faq/ok": article("ok")}, "content/articles/faq/u.md"),
    "bad trending.yml": (
        {"faq/a": article("a"), "content/trending.yml": "slots: many\n"}, "content/trending.yml:1: error:",
    ),
    "bad synonyms": (
        {"faq/a": article("a"), "content/synonyms/en.txt": "a => \n"}, "content/synonyms/en.txt:1: error:",
    ),
    "bad announcement": (
        {"faq/a": article("a"), "content/announcements/x.md": "---\ntitle: X\nstart: soon\n---\n"},
        "content/announcements/x.md:3: error:",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_content_is_one_clear_line_and_exit_2(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files, line = BAD[name]
    write(tmp_path, {"faq/fine": article("fine")})
    assert kb("build").exit_code == 0
    before = (tmp_path / "site/index.html").read_bytes()
    write(tmp_path, files)
    if name == "UTF-16":
        put(tmp_path, "content/articles/faq/u.md", article("u").encode("utf-16"))
    for command in ("build", "check"):
        refused = kb(command)
        assert refused.exit_code == 2
        assert line in refused.output
        assert "Traceback" not in refused.output
    assert (tmp_path / "site/index.html").read_bytes() == before


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("home.html", "<h1>\n{% if %}", "mine/home.html:2: error: the template can't be used: "),
        ("home.html", "{{ page.nope.nope }}", "mine/home.html:1: error: the template can't be used: "),
        ("home.html", '{% extends "none.html" %}', "mine/home.html:1: error: the template can't be used: "),
        ("article.html", "\n{{ 1 / 0 }}", "mine/article.html:2: error: the template can't be used: division by zero"),
        ("article.html", b"\xff", "mine/article.html: error: the template can't be used: "),
        ("components/footer/footer.html", "{{ 1 }}", "frame.html:"),
    ],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_template_of_ones_own_that_fails_is_told_with_its_line(
    centre: Path, file: str, text: str | bytes, told: str, jobs: str
) -> None:
    assert kb("build").exit_code == 0
    before = (centre / "site/index.html").read_bytes()
    put(centre, "mkdocs.yml", MKDOCS.replace("  font: false", "  font: false\n  custom_dir: mine"))
    put(centre, f"mine/{file}", text)
    for number in range(20):
        put(centre, f"content/articles/faq/more-{number}.md", article(f"more-{number}"))
    refused = kb("build", "--jobs", jobs)
    assert refused.exit_code == 2
    assert told in refused.stderr
    assert len(refused.stderr.splitlines()) == 2
    assert (centre / "site/index.html").read_bytes() == before


def test_a_missing_phone_is_refused_with_a_way_out(centre: Path) -> None:
    put(centre, "content/contact.yml", CONTACT.replace("phone", "chat"))
    refused = kb("build")
    assert refused.exit_code == 2
    assert "content/contact.yml" in refused.stderr
    assert "phone" in refused.stderr


def test_with_json_an_error_is_json_too(centre: Path) -> None:
    put(centre, "content/articles/faq/bad.md", "---\nid: bad\ntitle: Bad\ncolour: red\n---\n")
    refused = kb("build", "--json")
    assert refused.exit_code == 2
    assert json.loads(refused.stdout)["findings"][0]["path"] == "content/articles/faq/bad.md"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("build", "--clock", "yesterday"), "--clock"),
        (("trends", "--mentions", "nowhere/*.csv"), "no mention file"),
        (("serve", "-a", "0.0.0.0:8000"), "not a local address"),
        (("serve", "-a", "nonsense"), "is no address"),
        (("serve", "-a", "127.0.0.1:99999"), "is no address"),
        (("serve", "-a", "127.0.0.1:" + "9" * 5000), "is no address"),
        (("eval", "gone.csv"), "no such file"),
        (("new", "article"), "not clear what to start"),
        (("build", "-f", "gone.yml"), "no such configuration"),
        (("new", "content"), "not empty"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(centre: Path, words: tuple[str, ...], problem: str) -> None:
    refused = kb(*words)
    assert refused.exit_code == 2
    assert problem in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("query", ["title:[a TO b]", "title:[a TO", "title:{a TO}", "[TO]", "\0"])
def test_find_answers_every_query(centre: Path, query: str) -> None:
    found = kb("find", query)
    assert found.exit_code == 0, found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize("words", [("new", "article", "A"), ("mv", "refunds", "faq/refunds.md"), ("find", "parcel")])
def test_a_disk_that_says_no_is_no_fault_of_ours(
    centre: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("kb_builder.system.filesystem.write_bytes", refuse)
    monkeypatch.setattr("kb_builder.system.filesystem.save", refuse)
    monkeypatch.setattr("search_index.whoosh_adapter.Path.mkdir", refuse)
    before = {path: path.read_bytes() for path in (centre / "content").rglob("*.*")}
    refused = kb(*words)
    assert refused.exit_code == 2
    assert ": error: can't read or write: permission denied\n  give kb the right" in refused.stderr
    assert {path: path.read_bytes() for path in (centre / "content").rglob("*.*")} == before


@pytest.mark.parametrize("in_the_way", ["a file", "a link to nothing"])
def test_something_in_the_place_of_the_cache_is_done_without_or_told(centre: Path, in_the_way: str) -> None:
    (centre / ".kb").write_text("") if in_the_way == "a file" else (centre / ".kb").symlink_to("nowhere")
    assert kb("build").exit_code == 0
    refused = kb("find", "parcel")
    assert refused.exit_code == 2
    assert "error: can't read or write" in refused.stderr
    assert "move it away" in refused.stderr


def test_a_folder_that_is_not_ours_is_not_published_into(centre: Path) -> None:
    put(centre, "site/precious.txt", "mine")
    refused = kb("build")
    assert refused.exit_code == 5
    assert (centre / "site/precious.txt").read_text() == "mine"
    for target in ("/", str(Path.home()), ".", "content"):
        assert kb("build", "-d", target).exit_code == 5


def test_serve_shows_drafts_and_reloads_what_is_saved(centre: Path) -> None:
    put(centre, "content/articles/faq/soon.md", article("soon", "Soon to come", "First.\n", draft="true"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    log = centre / "told.txt"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "kb_builder", "serve", "-a", address],
            cwd=centre, stdout=output, stderr=subprocess.STDOUT, env=os.environ | {"CI": "true"},
        )  # fmt: skip
    try:
        url = f"http://{address}/faq/soon/"
        assert "First." in wait_for(url, "First.")
        put(centre, "content/articles/faq/soon.md", article("soon", "Soon to come", "Second.\n", draft="true"))
        assert "Second." in wait_for(url, "Second.")
        put(centre, "content/articles/faq/soon.md", "---\nid: soon\ntitel: x\n---\n")
        assert "shows the last version without them" in wait_for(log.as_uri(), "without them")
        put(centre, "content/articles/faq/soon.md", article("soon", "Soon to come", "Third.\n", draft="true"))
        assert "Third." in wait_for(url, "Third.")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)
    assert 'unknown key "titel"' in log.read_text()
    assert "Traceback" not in log.read_text()
    assert not (centre / "site").exists()


def wait_for(url: str, text: str) -> str:
    page = ""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                page = response.read().decode()
        except OSError:
            page = ""
        if text in page:
            return page
        time.sleep(0.1)
    return page


@pytest.mark.parametrize("words", [["--help"], ["check"], ["check", "--json"]])
def test_what_can_not_be_printed_is_one_clear_line(centre: Path, words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*KB, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "error: can't read or write: no space left on device"


def test_a_reader_that_has_seen_enough_is_no_error(centre: Path) -> None:
    with subprocess.Popen([*KB, "check"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait() == 1
        assert process.stderr.read() == b""


def test_the_end_of_a_command_loses_nothing(centre: Path) -> None:
    done = subprocess.run([*KB, "build", "--json"], capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["articles"]) == (0, 4)
    assert sorted(path.name for path in (centre / ".kb").glob("cache*")) == ["cache.sqlite"]
    (centre / "content/articles/policies/refunds.md").write_text("no header")
    broken = subprocess.run([*KB, "build"], capture_output=True, text=True, check=False)
    assert broken.returncode == 2
    assert "content/articles/policies/refunds.md" in broken.stderr


@pytest.mark.parametrize("closed", [1, 2])
def test_a_stream_that_was_closed_before_is_no_failure(centre: Path, closed: int) -> None:
    done = subprocess.run(["sh", "-c", f'"$@" {closed}>&-', "sh", *KB, "build"], capture_output=True, check=False)
    assert done.returncode == 0
    assert (centre / "site/index.html").exists()
