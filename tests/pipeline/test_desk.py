"""Replies from a help centre: announcements by words, and what is for staff beside them."""

from datetime import timedelta
from pathlib import Path

import pytest

from kb_builder.errors import InputError
from kb_builder.pipeline.centre import Centre
from kb_builder.pipeline.desk import Desk
from kb_builder.support.reply import reply
from kb_builder.system.store import Store
from tests.centres import MKDOCS, NOW, article, header, open_site, write
from tests.made_mentions import burst, stream, write_csv

FILES = {
    "faq/late-parcel": article("late-parcel", "My parcel is late", "Ask us.\n", answer="Tell us after two days."),
    "faq/credit": article("credit", "Goodwill", "Up to ten pounds.\n", audience="staff", answer="Ask a manager."),
    "faq/noted": article("noted", "Returns", "Send it.\n\n!!! staff \"Check\"\n    Ask twice.\n", answer="Send it."),
    "faq/pay": article("pay", "How do I pay?", "By card.\n", answer="By card."),
    "content/announcements/strike.md": header(
        title="Courier strike", severity="warning", start="2026-11-18T06:00:00", end="2026-12-24T18:00:00",
        summary="Allow two more days.", asked_as=["is the strike over"], replies="{sms: Two more days.}",
    ) + "Drivers are on strike.\n",
    "content/announcements/hours.md": header(
        title="Parcels are not late any more", severity="info", start="2026-11-18T06:00:00", end="2026-12-24T18:00:00",
        summary="You reach us from 7.",
    ) + "From today.\n",
    "content/announcements/over.md": header(
        title="Payments failed", start="2026-10-06T11:20:00", end="2026-10-08T09:00:00", summary="It works again.",
    ) + "It has been mended.\n",
}  # fmt: skip


def desk(tmp_path: Path, **options: bool) -> Desk:
    return open_site(write(tmp_path, FILES), mentions=(), **options).desk


def test_an_announcement_is_found_by_its_title_and_phrases(tmp_path: Path) -> None:
    found = desk(tmp_path)
    for words in ("is the strike over?", "Is the courier strike over", "courier strike"):
        assert found.choose([words]).article == found.articles["strike"], words
    chosen = found.articles["strike"]
    assert reply(found.source(chosen), "sms").text == "Two more days. help.example.com/announcements/strike/"
    assert "I'm sorry about this. Allow two more days." in reply(found.source(chosen), "chat").text


def test_an_address_of_the_site_is_its_article(tmp_path: Path) -> None:
    found = desk(tmp_path)
    site = "https://help.example.com/"
    for address in (
        f"{site}a/late-parcel/",
        "help.example.com/a/late-parcel",
        f"{site}faq/late-parcel/#x",
        "/a/late-parcel/",
    ):
        assert found.choose([address]).article == found.articles["late-parcel"], address
    assert found.choose([f"{site}announcements/strike/"]).article == found.articles["strike"]
    with pytest.raises(InputError, match="for staff only"):
        found.choose([f"{site}a/credit/"])


def test_an_address_in_any_language_of_a_site_below_a_path_is_its_article(tmp_path: Path) -> None:
    german = header(title="Mein Paket kommt zu spät") + "Geduld.\n"
    files = {**FILES, "content/articles/faq/late-parcel.de.md": german}
    config = MKDOCS.replace("  - kb\n", "  - kb: {languages: [en, de]}\n").replace(
        "https://help.example.com/", "https://example.com/help/"
    )
    found = open_site(write(tmp_path, files, mkdocs=config), mentions=()).desk
    for address in ("help/a/late-parcel/", "help/de/a/late-parcel/", "help/de/faq/late-parcel/?x=1#y"):
        assert found.choose([f"https://example.com/{address}"]).article == found.articles["late-parcel"], address


def test_an_announcement_that_is_over_is_found_by_nothing(tmp_path: Path) -> None:
    choice = desk(tmp_path).choose(["payments failed"])
    assert choice.article is None
    assert "over" not in [candidate.id for candidate in choice.candidates]


def test_an_announcement_that_is_cut_is_a_note_until_it_is_over(tmp_path: Path) -> None:
    long = "Allow two more working days for your parcel. " * 5
    files = {
        f"content/announcements/{name}.md": header(
            title=name.capitalize(), start=f"{start}T06:00:00", end=f"{end}T18:00:00", **text
        ) + f"{long}\n"
        for name, start, end, text in (
            ("now", "2026-11-18", "2026-12-24", {"summary": long}),
            ("to-come", "2026-12-18", "2026-12-24", {}),
            ("over", "2026-10-18", "2026-10-24", {"summary": long}),
            ("short", "2026-11-18", "2026-12-24", {"summary": "Allow two days."}),
        )
    }  # fmt: skip
    found = open_site(write(tmp_path, files), mentions=()).desk.findings
    cut = [(item.path, item.line) for item in found if item.code == "announcement-cut"]
    assert cut == [("content/announcements/now.md", 5), ("content/announcements/to-come.md", 6)]


def test_replies_to_good_news_have_no_apology(tmp_path: Path) -> None:
    found = desk(tmp_path)
    for asked in (True, False):  # as `kb reply --opening auto` and `none` ask
        assert "sorry" not in reply(found.source(found.articles["hours"], opening=asked), "chat").text
    (hours,) = [item for item in found.all_replies()["articles"] if item["id"] == "hours"]
    assert "sorry" not in hours["replies"]["chat"]["text"]


def test_notes_hold_what_is_for_staff_and_replies_hold_none_of_it(tmp_path: Path) -> None:
    found = desk(tmp_path, staff=True)
    notes = {note["id"]: note["text"] for note in found.notes()["notes"]}
    assert set(notes) == {"credit", "noted.note"}
    assert "Up to ten pounds." in notes["credit"]
    assert "Ask twice." in notes["noted.note"]
    assert not any(text in str(found.all_replies()) for text in ("Up to ten", "Ask twice", "Ask a manager"))
    assert desk(tmp_path).notes() == {"notes": []}


GERMAN = MKDOCS.replace("  - kb\n", "  - kb:\n      languages: [en, de]\n")
TRANSLATED = {**FILES, "faq/noted.de": header(title="Rücksendung", answer="Schicken Sie es.") + "Text.\n"}


def test_a_reply_is_in_one_language(tmp_path: Path) -> None:
    """That of the article: half a German message round an English answer would be no reply."""
    german = Centre(open_site(write(tmp_path, TRANSLATED, mkdocs=GERMAN), mentions=())).sites[1].desk
    translated = reply(german.source(german.articles["noted"]), "email", name="Ana").text
    assert translated.startswith("Guten Tag Ana!\n\nDanke für Ihre Frage. Schicken Sie es.")
    english = reply(german.source(german.articles["late-parcel"]), "email", name="Ana").text
    assert english.startswith("Hello Ana,\n\nI'm sorry about this. Tell us after two days.")
    assert "\nhttps://help.example.com/a/late-parcel/\n" in english, "the page in that language, for which texts fit"
    assert "Best wishes," in english
    (late,) = [item for item in german.all_replies()["articles"] if item["id"] == "late-parcel"]
    assert late["replies"]["chat"]["text"].startswith("Hello,")


def test_macros_are_in_every_language_that_an_article_has(tmp_path: Path) -> None:
    sites = Centre(open_site(write(tmp_path, TRANSLATED, mkdocs=GERMAN), mentions=())).sites
    english, german = ([macro.id for macro in site.desk.macros("zendesk", ("chat",))] for site in sites)
    assert english == ["late-parcel.chat.en", "noted.chat.en", "pay.chat.en"]
    assert german == ["noted.chat.de"]
    (intercom,) = sites[1].desk.macros("intercom", ("chat",))
    assert intercom.text.startswith("Guten Tag!\n")


def test_a_reply_by_id_makes_no_more_than_it_needs(tmp_path: Path) -> None:
    """It is asked for with nothing stored, too: no other body, no index of a language that nobody wrote in, no
    examples, no gaps."""
    site = open_site(write(tmp_path, TRANSLATED, mkdocs=GERMAN), mentions=())
    reply(site.desk.source(site.desk.articles["late-parcel"]), "sms")
    assert "outlines" not in vars(site.project.digests)
    last = NOW.date() - timedelta(days=1)
    asked = burst("late-parcel", last - timedelta(days=2), last, 60)
    rows = [{**row, "article_id": "", "text": "my parcel is late"} for row in asked]
    usual = stream(topics=("late-parcel", "noted"), last=last)
    exports = [write_csv(tmp_path / "m.csv", [*usual, *rows])]
    store = Store()
    site = open_site(tmp_path, mentions=exports, store=store)
    for id in ("pay", "strike"):  # nobody is sorry for a how-to, and an announcement says itself what is wrong
        reply(site.desk.source(site.desk.articles[id]), "sms")
    assert not {"mentions", "counts", "reading"} & set(vars(site.search))
    reply(site.desk.source(site.desk.articles["late-parcel"]), "sms")
    assert site.search.counts.reading.by_text == len(rows)
    assert "outlines" not in vars(site.project.languages[1].digests)
    assert "mentions" not in vars(site.search)
    assert "current" not in vars(site.trends)
    kept = open_site(tmp_path, mentions=exports, store=store)
    assert kept.trends.for_all == site.trends.for_all
    assert not {"mentions", "counts"} & set(vars(kept.search))
    again = open_site(tmp_path, mentions=exports).trends
    assert [pin.id for pin in site.trends.for_all] == ["late-parcel"]
    assert site.trends.for_all == tuple(pin for pin in again.current.pins if pin.segment is None) == again.for_all


def test_what_happens_today_comes_first_in_the_order_of_its_pins(tmp_path: Path) -> None:
    until = (NOW + timedelta(days=1)).isoformat()
    pins = f"pin: [{{id: pay, until: {until}}}, {{id: late-parcel, until: {until}}}]\n"
    found = open_site(write(tmp_path, {**FILES, "content/trending.yml": pins}), mentions=()).desk.all_replies()
    listed = [(item["id"], item.get("pinned")) for item in found["articles"] if "replies" in item]
    assert listed == [
        ("strike", True), ("hours", True), ("pay", True), ("late-parcel", True), ("noted", False),
    ]  # fmt: skip


def test_pins_that_are_kept_for_replies_change_with_what_is_pinned_by_hand(tmp_path: Path) -> None:
    store = Store()
    pinned = f"pin: [{{id: late-parcel, until: {(NOW + timedelta(minutes=20)).isoformat()}}}]\n"
    ids = []
    for trending, now in ((pinned, NOW), (pinned, NOW + timedelta(minutes=21)), ("", NOW)):
        write(tmp_path, {**FILES, "content/trending.yml": trending})
        ids.append([pin.id for pin in open_site(tmp_path, now, mentions=(), store=store).trends.for_all])
    assert ids == [["late-parcel"], [], []]
