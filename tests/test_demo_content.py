"""The demo help centre and the starter: without findings, consistent in every fact, and found by search."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kb_builder.commands.check import check
from kb_builder.content import contact, visibility
from kb_builder.content.articles import read_articles
from kb_builder.content.ignored import without_ignored
from kb_builder.content.visibility import Verdict
from kb_builder.editing.scaffold import STARTER, new_centre
from kb_builder.errors import Severity
from kb_builder.mentions.settings import read_settings
from kb_builder.model import Article, Channel
from kb_builder.pipeline.centre import Centre
from kb_builder.pipeline.site import Site
from kb_builder.support.channel_text import CHANNELS
from kb_builder.support.reply import reply
from tests.centres import open_site

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
INTENTS = frozenset(
    (
        "cancel_order change_order change_shipping_address check_cancellation_fee check_invoice check_payment_methods"
        " check_refund_policy complaint contact_customer_service contact_human_agent create_account delete_account"
        " delivery_options delivery_period edit_account get_invoice get_refund newsletter_subscription payment_issue"
        " place_order recover_password registration_problems review set_up_shipping_address switch_account track_order"
        " track_refund"
    ).split()
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def site() -> Site:
    return open_site(ROOT, NOW, mentions=())


@pytest.fixture(scope="module")
def articles() -> tuple[Article, ...]:
    return read_articles(ROOT, zone=ZONE, declared=("en", "de", "ar")).articles


@pytest.fixture(scope="module")
def public(site: Site) -> dict[str, Article]:
    return {article.id: article for article in site.project.public.listed}


def texts() -> Iterator[tuple[str, str]]:
    """Path and text of everything an editor wrote in Markdown, mention notes left out."""
    for folder in (ROOT / "content/articles", ROOT / "content/announcements", STARTER / "content"):
        for path in sorted(folder.rglob("*.md")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def prose(text: str) -> str:
    """``text`` without the phrasings that imitate customers' words."""
    return re.sub(r"(?m)^asked_as:\n(  - .*\n)+", "", text)


def test_nothing_is_wrong_with_the_demo(site: Site) -> None:
    every = Centre(site).findings
    assert [finding.code for finding in every if finding.path.startswith("content/")] == ["translation-stale"]
    assert [str(finding) for finding in without_ignored(every, site.project.items, notes=False)] == []


def test_it_is_in_three_languages(site: Site, public: dict[str, Article]) -> None:
    english, german, arabic = (one.project for one in Centre(site).sites)
    topics = (ROOT / "scripts/demo_texts.py").read_text().partition("\nTOPICS")[2].partition("\n}")[0]
    asked = re.findall(r'^    "([a-z-]+)": \(', topics, re.MULTILINE)
    assert {article.id for article in german.view.own} == set(asked[:25])
    assert len(arabic.view.own) == 8
    assert arabic.settings.direction == "rtl"
    assert {article.id for article in german.view.listed} == public.keys() == {a.id for a in english.view.listed}
    assert [article.id for article in german.view.articles if article.outdated] == ["price-match"]
    assert not [category for category in arabic.view.categories if category.title.isascii()]
    for project in (german, arabic):
        assert {segment.name for segment in project.segments}.isdisjoint({segment.name for segment in english.segments})


def test_nothing_is_wrong_with_a_new_help_centre(tmp_path: Path) -> None:
    written = new_centre(tmp_path / "shop-help", date(2026, 11, 21))
    assert "mkdocs.yml" in written
    made = open_site(tmp_path / "shop-help", NOW, mentions=())
    assert made.project.settings.name == "Shop help"
    assert [str(finding) for finding in check(made, strict=True)] == []
    kinds = Counter(article.type for article in made.project.public.listed)
    assert kinds == {"faq": 8, "policy": 2}
    assert not [path for path in written if "{{" in (tmp_path / "shop-help" / path).read_text(encoding="utf-8")]


def test_it_is_as_large_as_a_real_one(public: dict[str, Article]) -> None:
    kinds = Counter(article.type for article in public.values())
    assert kinds["faq"] >= 45
    assert kinds["policy"] >= 12


def test_every_folder_is_named_by_its_editor() -> None:
    folders = {path.parent for path in (ROOT / "content/articles").rglob("*.md")}
    assert [folder for folder in folders if not (folder / "_category.yml").is_file()] == []


def test_every_article_is_complete(articles: tuple[Article, ...]) -> None:
    for article in articles:
        where = article.path
        assert all((article.title, article.description, article.answer, article.owner, article.tags)), where
        assert len(article.title) <= 65, where
        assert len(article.description) <= 160, where
        assert len(article.answer) <= 300, where
        assert 8 <= len({phrase.casefold() for phrase in article.asked_as}) == len(article.asked_as) <= 40, where
        assert all((article.last_reviewed_on, article.review_by)), where
        assert article.type == "faq" or article.effective_date, where
        words = len(re.findall(r"\w+", article.body))
        assert 80 <= words <= 420, f"{where}: {words} words"


def test_an_answer_promises_no_markup(articles: tuple[Article, ...]) -> None:
    assert [article.path for article in articles if re.search(r"[*_`\[\]<>|]", article.answer)] == []


def test_the_gate_has_something_of_every_kind_to_hold_back(articles: tuple[Article, ...]) -> None:
    verdicts = {visibility.verdict(article, NOW) for article in articles}
    assert verdicts == set(Verdict)
    assert [article.id for article in articles if article.unlisted] == ["tipping-kettle-stand"]


def test_related_articles_are_open_to_who_reads_of_them(
    articles: tuple[Article, ...], public: dict[str, Article]
) -> None:
    known = {article.id for article in articles}
    for article in articles:
        allowed = public if article.id in public else known
        assert [other for other in article.related if other not in allowed or other == article.id] == [], article.path


def test_policies_say_what_changed(public: dict[str, Article]) -> None:
    policies = [article for article in public.values() if article.type == "policy"]
    assert sum("## What changed" in article.body for article in policies) >= 5


def test_every_answer_goes_whole_into_a_text_message_and_a_post(site: Site) -> None:
    desk = site.desk
    made = [reply(desk.source(article), channel) for article in site.project.public.articles for channel in CHANNELS]
    assert [(one.id, one.channel) for one in made if one.left_out] == []
    assert [one.id for one in made if one.channel == "sms" and one.segments > 1] == []


def test_every_text_message_is_whole_on_the_staff_site_of_each_language(site: Site) -> None:
    """Those of articles without a translation too, which are in English there."""
    for desk in (one.desk for one in Centre(site).sites[1:]):
        made = [reply(desk.source(desk.articles[article.id]), "sms") for article in site.project.public.articles]
        assert [one.id for one in made if one.left_out] == []


def test_every_intent_is_answered_in_public(public: dict[str, Article]) -> None:
    table = rows(ROOT / "tests/data/intents.csv")
    assert {row["intent"] for row in table} == INTENTS
    assert [row for row in table if row["article_id"] not in public] == []
    assert len({tuple(row.values()) for row in table}) == len(table)


def test_questions_for_the_search_are_of_their_own(public: dict[str, Article]) -> None:
    questions = rows(ROOT / "content/search-queries.csv")
    assert len({row["text"].casefold() for row in questions}) == len(questions) >= 150
    assert [row for row in questions if row["article_id"] not in public] == []
    phrasings = {phrase.casefold() for article in public.values() for phrase in article.asked_as}
    given_away = [row["text"] for row in questions if row["text"].casefold() in phrasings]
    assert len(given_away) <= len(questions) // 10


def test_questions_find_their_articles(site: Site) -> None:
    questions = rows(ROOT / "content/search-queries.csv")
    search = site.search.reader.search
    found = sum(row["article_id"] in (hit.id for hit in search(row["text"], 3).hits) for row in questions)
    assert found / len(questions) >= 0.9


def test_settings_name_what_exists(site: Site, public: dict[str, Article]) -> None:
    settings, findings = read_settings((ROOT / "content/trending.yml").read_text(), "trending.yml", ZONE)
    assert not findings
    named = {*settings.never, *settings.tags.values(), *(pin.id for pin in settings.pin)}
    assert named <= public.keys()
    used = {segment for article in public.values() for segment in article.segments}
    assert used <= settings.segments.keys()
    assert set(site.project.redirects.paths.values()) <= public.keys()


def test_the_strike_is_on_and_other_news_is_over_or_to_come(site: Site) -> None:
    active = [
        item.slug
        for item in site.project.catalogue.announcements
        if item.start <= NOW and (item.end is None or item.end > NOW)
    ]
    assert active == ["2026-11-18-courier-strike"]
    assert len(site.project.catalogue.announcements) > len(active)


@pytest.fixture(scope="module")
def channels() -> dict[str, Channel]:
    text = (ROOT / "content/contact.yml").read_text(encoding="utf-8")
    return {channel.kind: channel for channel in contact.parse_contact(text, "content/contact.yml")[0].channels}


def test_articles_know_the_ways_to_reach_us(channels: dict[str, Channel], public: dict[str, Article]) -> None:
    page = public["contact-us"].body
    for kind in ("phone", "sms", "whatsapp", "email", "post"):
        row = next(line for line in page.splitlines() if f"| {channels[kind].address} |" in line)
        assert channels[kind].response_time in row
    assert channels["chat"].address.removeprefix("https://") in page


def test_no_address_or_number_belongs_to_anybody(channels: dict[str, Channel]) -> None:
    ours = {channels[kind].address for kind in ("phone", "sms", "whatsapp")} | {"+44 20 7946 0000"}
    for path, text in texts():
        assert set(re.findall(r"\+44[\d ]+\d", text)) <= ours, path
        domains = set(re.findall(r"[\w.]+@([\w.]+\w)", text)) - {"phishing.gov.uk"}
        assert domains <= {"example.com"}, path
        hosts = set(re.findall(r"https?://([\w.]+)", text))
        assert hosts <= {"shop.example.com", "help.example.com"}, path


# Every amount with one meaning only: how it is written, and what it must be. Change a price here, and the test names
# every place that still has the old one.
FACTS = {
    "standard delivery": (r"[Ss]tandard(?: delivery)? (?:costs |is |\| )?(£[\d.]+)", "£3.95"),
    "next day": (r"\| (?:Next day|Next day, ordered by 20:00) \| (£[\d.]+)|[Nn]ext day (£[\d.]+\d)", "£5.95"),
    "nominated day": (r"[Nn]ominated day(?: \|)? (£[\d.]+)", "£6.95"),
    "a year of Plus": (r"Plus costs (£[\d.]+)|(£24[\d.]+) a year", "£24.90"),
    "return label": (r"[Ll]abel(?: went from £3\.50 to| costs| \(|\)? )(£\d[\d.]*\d)", "£2.95"),
    "collection of a return": (r"home(?:, Monday to Friday)?(?: \|)? (£\d[\d.]*\d)", "£4.95"),
    "days at a parcel shop": (r"keeps? (?:it|parcels) for \**(\d+) days", "10"),
    "last order time": (r"(?:ordered|order) by \**(\d\d:\d\d)", "20:00"),
    "hours before packing": (r"usually (?:begins )?(two|\d+) hours after", "two"),
    "length of a password": (r"password of at least (\d+) characters", "12"),
    "Christmas returns": (r"until (\d+ January 2027)", "31 January 2027"),
    "validity of a gift card": (r"(?:valid for|Valid \|) (\d+) months(?! \(before)", "24"),
    "highest gift card": (r"from £10 to (£\d+)", "£250"),
    "complaint confirmed": (r"confirm (?:it|your complaint) within (\d+) working day", "1"),
    "first order of Christmas returns": (r"from (\d+ November to \d+ December 2026)", "1 November to 24 December 2026"),
    "guarantee": (r"(?:You have|Everything \|) (\d) years?", "2"),
}


@pytest.mark.parametrize("fact", FACTS)
def test_everybody_says_the_same(fact: str) -> None:
    pattern, right = FACTS[fact]
    places = [
        (value, path)
        for path, text in texts()
        if path.startswith("content/")
        for found in re.finditer(pattern, text)
        for value in found.groups()
        if value
    ]
    assert len(places) > 1, "the pattern no longer meets what is written"
    assert [place for place in places if place[0] != right] == []


def test_we_write_as_the_style_guide_says() -> None:
    unwanted = re.compile(r"\b(simply|oops|click|tap|do not hesitate)\b|[a-z]!(\s|$)|—", re.IGNORECASE)
    offending = [(path, found[0]) for path, text in texts() if (found := unwanted.search(prose(text)))]
    assert offending == []


def test_no_finding_is_an_error_for_staff_either() -> None:
    staff = open_site(ROOT, NOW, staff=True, mentions=())
    assert [str(finding) for finding in staff.findings if finding.severity is Severity.ERROR] == []
