"""When a channel is open, computed by the module itself in Chromium, and the text a reader gets."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, Host

OFFICE = "0,1,2,3,4 540 1020; 5 600 840"
ASK = """async ([module, now, zone, hours, closed]) => {
  const { parseHours, stateAt } = await import(module);
  const { open, changes } = stateAt(new Date(now), zone, parseHours(hours), closed);
  return [open, changes && changes.toISOString().slice(0, 16)];
}"""

CASES = [
    ("a weekday", "2026-11-23T10:00Z", "Europe/London", OFFICE, [], [True, "2026-11-23T17:00"]),
    ("before it opens", "2026-11-23T08:59Z", "Europe/London", OFFICE, [], [False, "2026-11-23T09:00"]),
    ("the minute it opens", "2026-11-23T09:00Z", "Europe/London", OFFICE, [], [True, "2026-11-23T17:00"]),
    ("the minute it closes", "2026-11-23T17:00Z", "Europe/London", OFFICE, [], [False, "2026-11-24T09:00"]),
    ("over the weekend", "2026-11-21T22:00Z", "Europe/London", OFFICE, [], [False, "2026-11-23T09:00"]),
    ("summer time", "2026-07-06T08:30Z", "Europe/London", OFFICE, [], [True, "2026-07-06T16:00"]),
    ("over the spring change", "2026-03-28T15:00Z", "Europe/London", OFFICE, [], [False, "2026-03-30T08:00"]),
    ("over the autumn change", "2026-10-24T15:00Z", "Europe/London", OFFICE, [], [False, "2026-10-26T09:00"]),
    ("another zone", "2026-11-23T14:00Z", "America/New_York", OFFICE, [], [True, "2026-11-23T22:00"]),
    ("a day off", "2026-12-25T10:00Z", "Europe/London", OFFICE, ["2026-12-25", "2026-12-26"],
     [False, "2026-12-28T09:00"]),
    ("over midnight", "2026-11-24T01:00Z", "UTC", "0 1320 360", [], [True, "2026-11-24T06:00"]),
    ("the hour before midnight", "2026-11-23T23:00Z", "UTC", "0 1320 360", [], [True, "2026-11-24T06:00"]),
    ("two spans that touch", "2026-11-23T10:00Z", "UTC", "0 540 720; 0 720 1020", [], [True, "2026-11-23T17:00"]),
    ("a lunch break", "2026-11-23T12:30Z", "UTC", "0 540 720; 0 780 1020", [], [False, "2026-11-23T13:00"]),
    ("never", "2026-11-23T12:30Z", "UTC", "", [], [False, None]),
]  # fmt: skip


@pytest.fixture(scope="module")
def asking(browser: Browser, examples_host: Host):
    page = browser.new_page()
    page.goto(examples_host.url)
    # Published as a part of contact.mjs, so that it is no request of its own.
    module = f"{examples_host.url}hours.mjs"
    page.route(module, lambda route: route.fulfill(path=ROOT / "theme/components/contact/hours.mjs"))
    yield lambda *case: page.evaluate(ASK, [module, *case])
    page.close()


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_hours(asking, case) -> None:
    _, *question, expected = case
    assert asking(*question) == expected


@pytest.mark.parametrize(
    ("zone", "now", "words"),
    [
        ("Europe/London", "2026-11-23T10:00:00Z", "Open now, until 17:00"),
        ("Europe/London", "2026-11-21T22:00:00Z", "Closed now, opens on Monday at 9:00"),
        ("Europe/London", "2026-11-22T22:00:00Z", "Closed now, opens tomorrow at 9:00"),
        ("America/New_York", "2026-11-23T08:00:00Z", "Closed now, opens today at 4:00 your time"),
        ("Asia/Kolkata", "2026-11-23T10:00:00Z", "Open now, until 22:30 your time"),
    ],
)
def test_readers_see_opening_hours_in_their_own_time(
    browser: Browser, examples_host: Host, zone: str, now: str, words: str
) -> None:
    context = browser.new_context(timezone_id=zone)
    page = context.new_page()
    page.clock.set_fixed_time(now)
    page.goto(examples_host.url + "contact/")
    expect(page.locator("[data-kind=phone] [data-kb-state]")).to_contain_text(words)
    expect(page.locator("[data-kind=post] [data-kb-state]")).to_be_hidden()
    expect(page.locator("[data-kind=email] [data-kb-state]")).to_be_hidden()
    context.close()


def test_the_written_hours_say_whose_time_they_are(browser: Browser, examples_host: Host) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(examples_host.url + "contact/")
    facts = page.locator("[data-kind=phone] .kb-channel__facts")
    expect(facts.nth(0)).to_have_text("Monday to Friday, 9:00 to 17:00")
    expect(facts.nth(1)).to_have_text("Saturday, 10:00 to 14:00")
    expect(page.get_by_text("Hours are in London time.")).to_be_visible()
    expect(page.locator("[data-kind=email] p:nth-last-child(2)")).to_have_text("Day and night")
    context.close()


def test_an_unknown_zone_leaves_the_written_hours(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "hostile/contact/")
    expect(tab.get_by_text("Monday to Friday, 9:00 to 17:00").first).to_be_visible()
    expect(tab.locator("[data-kb-state]").first).to_be_empty()


def test_few_date_formats_are_made(examples_host: Host, tab: Page) -> None:
    """Each takes up to a millisecond; 460 of them kept a phone from answering for longer than a second."""
    tab.clock.set_fixed_time("2026-11-23T10:00:00Z")
    tab.add_init_script(
        """window.made = 0; Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
             construct(kind, given) { window.made += 1; return Reflect.construct(kind, given) } })"""
    )
    tab.goto(examples_host.url + "contact/")
    expect(tab.locator(".kb-channel__best")).to_be_visible()
    assert 0 < tab.evaluate("window.made") <= 16
