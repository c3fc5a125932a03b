"""``kb promises``, and where else promises show."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from kb_builder.commands.check import check
from tests.centres import CONTACT, MKDOCS, NOW, article, open_site, write
from tests.invoke import kb_in

FILES = {"faq/parcel": article("parcel", "Where is my parcel?", answer="It is on its way.")}
SLOW, QUICK = 300, 3


def mentions(waits: list[int]) -> str:
    """A CSV export in which e-mails waited so many minutes."""
    rows = ["id,time,channel,customer_id,article_id,text,first_reply_at"]
    for number, wait in enumerate(waits):
        asked = NOW - timedelta(days=2 + number % 20, minutes=number)
        reply = (asked + timedelta(minutes=wait)).isoformat()
        rows.append(f"{number},{asked.isoformat()},email,c{number},parcel,SECRET words,{reply}")
    return "\n".join(rows) + "\n"


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    return write(tmp_path, {**FILES, "content/mentions/export.csv": mentions([SLOW] * 30 + [QUICK] * 20)})


def test_it_shows_what_was_promised_and_kept(centre: Path) -> None:
    shown = kb_in(centre, "promises")
    assert shown.exit_code == 0
    assert "Email  everybody  4 hours   40 %  5 hours      5 hours         50" in shown.output
    assert "nine of ten within 6 hours" in shown.output
    printed = json.loads(kb_in(centre, "promises", "--json").output)
    (promise,) = printed["promises"]
    assert (promise["share"], promise["kept"], promise["honest"], printed["floor"]) == (0.4, False, "6 hours", 0.8)


def test_suggest_writes_an_honest_time_and_keeps_comments(centre: Path) -> None:
    path = centre / "content/contact.yml"
    path.write_text(f"# ours\n{CONTACT}")
    assert "content/contact.yml: Email now promises 6 hours" in kb_in(centre, "promises", "--suggest").output
    assert path.read_text() == f"# ours\n{CONTACT}".replace("4 hours", "6 hours")
    again = kb_in(centre, "promises", "--suggest", "--json")
    assert json.loads(again.output)["written"] == {}
    assert "nothing changed" in kb_in(centre, "promises", "--suggest").output
    assert path.read_text() == f"# ours\n{CONTACT}".replace("4 hours", "6 hours")


def test_without_replies_it_says_what_is_missing(tmp_path: Path) -> None:
    shown = kb_in(write(tmp_path, FILES), "promises")
    assert shown.exit_code == 0
    assert "Exports need a column such as first_reply_at, and the time of day" in shown.output


def test_a_broken_promise_is_a_warning_unless_the_floor_is_lower(centre: Path) -> None:
    def codes() -> list[str]:
        return [finding.message for finding in check(open_site(centre)) if finding.code == "promise-not-kept"]

    assert codes() == [
        "Email: 4 hours promised, and 40 % of 50 questions of the last four weeks answered within that time"
    ]
    (centre / "mkdocs.yml").write_text(MKDOCS.replace("- kb", "- kb: {promise_floor: 0.4}"))
    assert codes() == []


def test_checking_opens_the_exports_once(centre: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kb_builder.mentions import reader

    opened = []
    whole = reader.open_export
    monkeypatch.setattr(reader, "open_export", lambda *given: opened.append(given[0].name) or whole(*given))
    check(open_site(centre))
    assert opened == ["export.csv"]


def test_the_upkeep_report_and_the_staff_site_show_it(centre: Path) -> None:
    assert "Email  everybody  4 hours" in kb_in(centre, "report").output
    site = open_site(centre, staff=True)
    page = next(page for page in site.pages if page.file == "staff/trends/index.html")
    shown = site.renderer.render(page, "").decode()
    assert "Response times of the last four weeks" in shown
    assert '<td data-label="Promised">4 hours</td>' in shown
    assert ">40%</td>" in shown


@pytest.mark.parametrize(("publish", "shown"), [("", False), (", publish: true", True)])
def test_customers_see_it_only_where_the_channel_says_so(centre: Path, publish: str, shown: bool) -> None:
    contact = centre / "content/contact.yml"
    contact.write_text(CONTACT.replace("4 hours}", f"4 hours{publish}}}"))
    site = open_site(centre)
    pages = [site.renderer.render(page, site.bodies.html(page)).decode() for page in site.pages]
    found = any("Last month 40% within 4 hours" in page for page in pages)
    assert found is shown
    if not shown:
        assert not any("40 %" in page for page in pages)


def test_no_text_of_a_customer_is_kept_or_shown(centre: Path) -> None:
    shown = (
        kb_in(centre, "promises").output + kb_in(centre, "promises", "--json").output + kb_in(centre, "check").output
    )
    assert "SECRET" not in shown
    assert not [path for path in (centre / ".kb").rglob("*") if path.is_file() and b"SECRET" in path.read_bytes()]
