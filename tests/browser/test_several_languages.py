"""The demo's languages in a browser: short links open the reader's own, and search finds it."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import CLOCK, Host


def reading(browser: Browser, host: Host, locale: str) -> Page:
    page = browser.new_context(locale=locale, base_url=host.url).new_page()
    page.clock.set_fixed_time(CLOCK)
    return page


@pytest.fixture
def reader(browser: Browser, demo_host: Host) -> Page:
    return reading(browser, demo_host, "de-AT")


@pytest.mark.parametrize(("locale", "folder"), [("de-AT", "de/"), ("ar-EG", "ar/"), ("fr-FR", ""), ("en-GB", "")])
def test_a_short_link_opens_the_language_of_the_browser(
    browser: Browser, demo_host: Host, locale: str, folder: str
) -> None:
    reader = reading(browser, demo_host, locale)
    shown: list[str] = []
    reader.on("framenavigated", lambda frame: shown.append(frame.url))
    reader.goto("a/late-parcel/?from=sms#top")
    expect(reader).to_have_url(f"/{folder}faq/delivery/late-parcel/?from=sms#top")
    opened = [url for url in shown if "/faq/" in url]
    assert all(f"/{folder}faq/" in url for url in opened), "no page in another language flashes up"
    reader.goto("ar/a/late-parcel/")
    expect(reader).to_have_url("/ar/faq/delivery/late-parcel/")


def test_a_short_link_opens_the_language_that_was_chosen_last(reader: Page) -> None:
    reader.goto("de/faq/delivery/late-parcel/")
    reader.get_by_role("navigation", name="Sprache").get_by_role("link", name="العربية").click()
    expect(reader).to_have_url("/ar/faq/delivery/late-parcel/")
    reader.goto("a/track-order/")
    expect(reader).to_have_url("/ar/faq/delivery/track-order/")
    reader.goto("a/create-account/")
    expect(reader).to_have_url("/ar/faq/account/create-an-account/")
    expect(reader.locator("h1")).to_have_attribute("lang", "en")


def test_without_scripts_a_short_link_is_a_choice(browser: Browser, demo_host: Host) -> None:
    context: BrowserContext = browser.new_context(java_script_enabled=False, base_url=demo_host.url)
    page = context.new_page()
    page.goto("a/late-parcel/")
    expect(page.get_by_role("link", name="My parcel is late")).to_be_visible()
    page.get_by_role("link", name="Deutsch").click()
    expect(page).to_have_url("/de/faq/delivery/late-parcel/")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url("/faq/delivery/late-parcel/")


def test_each_language_searches_its_own_answers(reader: Page) -> None:
    reader.goto("de/search/?q=Wasserkocher+kaputt")
    expect(reader.locator("[data-kb=results]")).to_contain_text("Ein Artikel ist defekt")
    reader.goto("ar/search/?q=كلمة+السر")
    expect(reader.locator("[data-kb=results]")).to_contain_text("نسيت كلمة المرور")
    expect(reader.locator("[data-kb=results] [lang]")).to_have_count(0)
    reader.goto("ar/search/?q=register+account")
    untranslated = reader.locator(".kb-search__title", has_text="How do I register and create an account?")
    expect(untranslated).to_have_attribute("lang", "en")
    expect(untranslated).to_have_attribute("dir", "ltr")


@pytest.mark.parametrize(
    ("path", "query", "shown"),
    [
        ("search/", "zzzz", "“zzzz”"),
        ("search/", "كلمات", "“\u2068كلمات\u2069”"),
        ("ar/search/", "zzzz +44", "\u2068zzzz +44\u2069"),
        ("ar/search/", "قفزقفز", "قفزقفز"),
    ],
)
def test_what_was_typed_keeps_its_own_direction(demo_host: Host, tab: Page, path: str, query: str, shown: str) -> None:
    tab.goto(f"{demo_host.url}{path}?q={quote(query)}")
    said = tab.locator(".kb-results :is(.kb-search__contact > p, .kb-search__message)").first
    expect(said).to_contain_text(shown)
    assert ("\u2068" in said.inner_text()) == ("\u2068" in shown)


def test_results_are_headings_whose_links_are_their_titles(demo_host: Host, tab: Page) -> None:
    for folder, query in (("", "order"), ("de/", "Bestellung"), ("ar/", "طلب")):
        # Until then the first results may be replaced by all of them.
        tab.goto(f"{demo_host.url}{folder}search/?q={quote(query)}", wait_until="networkidle")
        results = tab.locator(".kb-results__list > li")
        expect(results.nth(2)).to_be_visible()
        for result in results.all()[:3]:
            link = result.get_by_role("heading", level=2).get_by_role("link")
            title = link.locator(".kb-search__title").inner_text()
            expect(link).to_have_accessible_name(title)
            # All of it can be clicked.
            assert result.evaluate("""li => {
              li.scrollIntoView({ block: "center" });
              const { left, right, top, bottom } = li.getBoundingClientRect();
              return document.elementFromPoint((left + right) / 2, (top + bottom) / 2)?.closest("a") !== null;
            }""")
