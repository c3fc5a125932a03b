"""What staff ask: ``kb search``, ``find``, ``reply``, ``export macros``, ``trends``, ``gaps`` and ``explain``."""

import json
from pathlib import Path

import pytest

from tests.centres import CLOCK, article, put
from tests.invoke import kb, kb_json

pytestmark = pytest.mark.slow


def test_search_gives_its_contract(centre: Path) -> None:
    found = kb_json("search", "cancel", "my", "order", "--clock", CLOCK)
    assert set(found) == {"query", "corrected", "results"}
    assert found["results"][0]["id"] == "cancel-an-order"
    assert set(found["results"][0]) == {"id", "title", "url", "section", "excerpt", "score", "confidence"}


def test_options_that_go_with_another_are_refused_without_it(centre: Path) -> None:
    for option, other in (("--per=hour", "--sql"), ("--segment=all", "--post")):
        refused = kb("trends", option)
        assert refused.exit_code == 2
        assert f"goes with {other}" in refused.stderr
    assert kb("trends", "--sql", "duckdb").stdout == kb("trends", "--sql", "duckdb", "--per", "day").stdout


def test_search_lifts_what_is_pinned_now_for_everybody_and_for_the_segment(centre: Path) -> None:
    pins = "[{id: track-an-order, until: 2026-11-25}, {id: cancel-an-order, until: 2026-11-25, segment: plus}]"
    words = ("search", "order parcel", "--clock")
    before = {hit["id"]: hit["score"] for hit in kb_json(*words, CLOCK)["results"]}
    assert before.keys() >= {"track-an-order", "cancel-an-order"}
    put(centre, "content/trending.yml", f"segments: {{plus: Plus members}}\npin: {pins}\n")
    for more, lifted in ((), {"track-an-order"}), (("--segment", "plus"), {"track-an-order", "cancel-an-order"}):
        after = {hit["id"]: hit["score"] for hit in kb_json(*words, CLOCK, *more)["results"]}
        assert after == {id: score * (320 if id in lifted else 256) // 256 for id, score in before.items()}
    assert {hit["id"]: hit["score"] for hit in kb_json(*words, "2026-11-26T12:00:00Z")["results"]} == before
    rows = kb_json("explain", "track-an-order", "--query", "order parcel", "--clock", CLOCK)["contributions"]
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
    assert "inside" not in [hit["id"] for hit in kb_json("search", "goodwill", "credit")["results"]]


@pytest.mark.parametrize("channel", ["sms", "twitter", "facebook", "chat", "email", "phone"])
def test_replies_carry_the_answer_and_end_in_the_short_link(centre: Path, channel: str) -> None:
    made = kb_json("reply", "cancel-an-order", "--channel", channel)
    shape = {"id", "channel", "text", "length", "segments", "url", "subject", "left_out", "used"}
    shape |= {"confidence", "candidates"}
    assert set(made) == shape
    assert "free of charge" in made["text"]
    assert made["url"] == "https://help.example.com/a/cancel-an-order/"
    assert "help.example.com/a/cancel-an-order/" in made["text"]


def test_a_reply_is_found_by_words_and_by_an_old_id(centre: Path) -> None:
    assert kb_json("reply", "where", "is", "my", "parcel", "--channel", "sms")["id"] == "track-an-order"
    put(centre, "content/redirects.yml", "old-refunds: refunds\n")
    assert kb_json("reply", "old-refunds", "--channel", "sms")["id"] == "refunds"


def test_a_staff_article_is_never_a_reply(centre: Path) -> None:
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
        made = kb_json("reply", "cancel-an-order", "--channel", channel, "--clock", CLOCK)
        assert (one["text"], one["length"], one["segments"]) == (made["text"], made["length"], made["segments"])


def test_a_second_export_of_macros_changes_nothing(centre: Path) -> None:
    first = kb_json("export", "macros", "--format", "csv", "--channel", "sms")
    assert (first["path"], first["changed"]) == ("macros-csv.csv", True)
    before = (centre / "macros-csv.csv").read_bytes()
    assert kb_json("export", "macros", "--format", "csv", "--channel", "sms")["changed"] is False
    assert (centre / "macros-csv.csv").read_bytes() == before
    sms = kb_json("reply", "cancel-an-order", "--channel", "sms")
    assert sms["text"] in before.decode("utf-8-sig")


def test_replies_of_a_team_with_templates_and_a_short_host(centre: Path) -> None:
    config = (centre / "mkdocs.yml").read_text()
    put(centre, "mkdocs.yml", config.replace("  - kb\n", "  - kb:\n      short_url: https://shop.example/\n"))
    put(centre, "content/replies/chat.txt", "Hi! {answer}\n{link}\n{agent}\n")
    made = kb_json("reply", "cancel-an-order", "--channel", "chat", "--agent", "Sam")
    assert made["text"].startswith("Hi! ")
    assert made["text"].endswith("\nhttps://shop.example/cancel-an-order\nSam")
    put(centre, "content/replies/chat.txt", "Hi! {anwser}\n{link}\n")
    refused = kb("reply", "cancel-an-order", "--channel", "chat")
    assert refused.exit_code == 2
    assert "content/replies/chat.txt:1: error: unknown placeholder {anwser}" in refused.stderr


def test_a_veto_that_cannot_be_read_becomes_no_pin(centre: Path) -> None:
    put(centre, "content/trending.yml", "slotz: 3\nnever: [refunds]\n")
    refused = kb("trends")
    assert refused.exit_code == 2
    assert "content/trending.yml:1: error:" in refused.stderr


def test_commands_that_go_on_without_a_broken_article_say_so(centre: Path) -> None:
    put(centre, "content/articles/faq/bad.md", "---\ntitel: Bad\n---\n")
    assert "1 article was skipped: it has errors; kb check lists them" in kb("search", "refund").stderr


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
    assert kb_json("explain", name, "--clock", CLOCK)["id"] == "track-an-order"


def test_a_draft_is_not_said_to_be_asked_about_too_little(centre: Path) -> None:
    put(centre, "content/articles/faq/new.md", article("new", draft="true"))
    assert "pinned" not in kb("explain", "new").stdout
    assert "not pinned: no mentions" in kb("explain", "track-an-order").stdout


def test_explain_says_why(centre: Path) -> None:
    put(centre, "content/articles/faq/soon.md", article("soon", draft="true"))
    assert "not public: a draft" in kb("explain", "soon").output
    shown = kb_json("explain", "refunds", "--query", "refund")
    assert shown["public"]
    assert shown["contributions"]
    said = {query: kb("explain", "refunds", "--query", query).output for query in ("xyzzyqq", "cancel order", " ")}
    assert "“xyzzyqq”: nothing is found" in said["xyzzyqq"]
    assert "“cancel order”: not among the " in said["cancel order"]
    assert "--query has no words" in said[" "]
    unknown = kb("explain", "refnds")
    assert unknown.exit_code == 2
    assert "did you mean refunds?" in unknown.stderr


def test_trends_without_mentions_says_so(centre: Path) -> None:
    shown = kb_json("trends", "--clock", CLOCK)
    assert {"now", "pins", "gaps"} <= set(shown)
    assert shown["pins"] == []
    assert kb("trends", "--clock", CLOCK).exit_code == 0
    assert kb("gaps", "--clock", CLOCK).exit_code == 0


def test_a_query_too_long_to_be_parsed_is_refused(centre: Path) -> None:
    found = kb("find", "x" * 70_000)
    assert found.exit_code == 2
    assert "the query has 70,000 characters" in found.stderr


@pytest.mark.parametrize("query", ["title:[a TO b]", "title:[a TO", "title:{a TO}", "[TO]", "\0"])
def test_find_answers_every_query(centre: Path, query: str) -> None:
    found = kb("find", query)
    assert found.exit_code == 0, found.stderr
    assert "Traceback" not in found.stderr
