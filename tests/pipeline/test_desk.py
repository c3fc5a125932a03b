"""Replies from a help centre: announcements by words, and what is for staff beside them."""

from pathlib import Path

from kb_builder.pipeline.desk import Desk
from tests.centres import article, header, open_site, write

FILES = {
    "faq/late-parcel": article("late-parcel", "My parcel is late", "Ask us.\n", answer="Tell us after two days."),
    "faq/credit": article("credit", "Goodwill", "Up to ten pounds.\n", audience="staff", answer="Ask a manager."),
    "faq/noted": article("noted", "Returns", "Send it.\n\n!!! staff \"Check\"\n    Ask twice.\n", answer="Send it."),
    "content/announcements/strike.md": header(
        title="Courier strike", severity="warning", start="2026-11-18T06:00:00", end="2026-12-24T18:00:00",
        summary="Allow two more days.", asked_as=["is the strike over"], replies="{sms: Two more days.}",
    ) + "Drivers are on strike.\n",
    "content/announcements/hours.md": header(
        title="We open earlier", severity="info", start="2026-11-18T06:00:00", end="2026-12-24T18:00:00",
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
    assert found.reply(chosen, "sms").text == "Two more days. help.example.com/announcements/strike/"
    assert "I'm sorry about this. Allow two more days." in found.reply(chosen, "chat").text


def test_an_announcement_that_is_over_is_found_by_nothing(tmp_path: Path) -> None:
    choice = desk(tmp_path).choose(["payments failed"])
    assert choice.article is None
    assert "over" not in [candidate.id for candidate in choice.candidates]


def test_nobody_is_sorry_for_good_news(tmp_path: Path) -> None:
    found = desk(tmp_path)
    assert "sorry" not in found.reply(found.articles["hours"], "chat").text
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
