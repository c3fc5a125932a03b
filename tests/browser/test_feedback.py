"""“Did this help?” and passing an answer on."""

import json

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from kb_builder.config import FeedbackOptions
from tests.browser.conftest import Host
from tests.browser.example_shop import SITE
from tests.browser.render_examples import write_examples

ARTICLE = "faq/orders/cancel-order/"


@pytest.fixture
def host(host_of, tmp_path) -> Host:
    """A site of its own, so that nothing else posts to it."""
    write_examples(tmp_path)
    return host_of(tmp_path)


def sent(host: Host) -> list[dict[str, object]]:
    return [json.loads(body) for body in host.posted]


def test_yes_is_one_message_without_any_id(host: Host, tab: Page) -> None:
    tab.goto(host.url + ARTICLE)
    tab.get_by_role("button", name="Yes").click()
    expect(tab.get_by_text("Thank you. We read every answer.")).to_be_focused()
    assert sent(host) == [{"article": "cancel-order", "helped": True}]
    assert tab.context.cookies() == []


def test_no_asks_why_and_points_to_people(host: Host, tab: Page) -> None:
    tab.goto(host.url + ARTICLE)
    tab.get_by_role("button", name="No", exact=True).click()
    tab.get_by_label("It’s wrong or out of date").check()
    tab.get_by_label("Anything else?").fill("The button is called Stop <now>")
    expect(tab.locator(".kb-contact--highlighted")).to_have_count(1)
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_text("Thank you. We read every answer.")).to_be_visible()
    assert sent(host) == [
        {"article": "cancel-order", "helped": False},
        {"article": "cancel-order", "reason": "wrong", "comment": "The button is called Stop <now>"},
    ]


@pytest.mark.parametrize("endpoint", ["/broken", "https://127.0.0.1:1/nobody"])
def test_a_failure_is_said_and_keeps_the_words(host_of, tmp_path, tab: Page, endpoint: str) -> None:
    write_examples(tmp_path, feedback=FeedbackOptions(endpoint=endpoint, email="help@example.com", searches=True))
    host = host_of(tmp_path)
    tab.goto(host.url + ARTICLE)
    tab.get_by_role("button", name="No", exact=True).click()
    tab.get_by_label("Anything else?").fill("Still here")
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_text("Your comment is still here.")).to_be_visible()
    expect(tab.get_by_role("link", name="Write to us instead")).to_be_visible()
    expect(tab.get_by_label("Anything else?")).to_have_value("Still here")


def test_an_endpoint_that_never_answers_is_given_up(host_of, tmp_path, context: BrowserContext) -> None:
    write_examples(tmp_path, feedback=FeedbackOptions(endpoint="/never", email="help@example.com", searches=True))
    host = host_of(tmp_path)
    context.add_init_script("const patience = AbortSignal.timeout; AbortSignal.timeout = (ms) => patience(ms / 40)")
    tab = context.new_page()
    tab.goto(host.url + ARTICLE)
    tab.get_by_role("button", name="Yes").click()
    expect(tab.get_by_text("Your answer couldn’t be sent.")).to_be_visible()


def test_a_second_press_while_sending_is_no_second_message(host: Host, tab: Page) -> None:
    waiting: list[Route] = []
    tab.route("**/answers", lambda route: waiting.append(route))
    tab.goto(host.url + ARTICLE)
    with tab.expect_request("**/answers"):
        tab.get_by_role("button", name="Yes").click()
    sending = tab.get_by_role("button", name="Sending")
    expect(sending).to_be_visible()
    sending.click()
    tab.get_by_role("button", name="No", exact=True).click()
    expect(tab.get_by_role("group", name="What went wrong?")).to_be_hidden()
    assert len(waiting) == 1
    waiting[0].continue_()
    expect(tab.get_by_text("Thank you. We read every answer.")).to_be_focused()
    assert sent(host) == [{"article": "cancel-order", "helped": True}]


def test_nothing_said_is_nothing_sent(host: Host, tab: Page) -> None:
    tab.goto(host.url + ARTICLE)
    tab.get_by_role("button", name="No", exact=True).click()
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_label("It doesn’t answer my question")).to_be_focused()
    expect(tab.locator("#kb--status")).to_have_text("Choose a reason or write a comment")
    tab.get_by_label("Anything else?").fill("The photo is old")
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_text("Thank you. We read every answer.")).to_be_visible()
    assert sent(host) == [
        {"article": "cancel-order", "helped": False},
        {"article": "cancel-order", "comment": "The photo is old"},
    ]


def test_a_blocked_script_leaves_a_way_to_write(host: Host, tab: Page) -> None:
    tab.route("**/helpful.mjs", lambda route: route.abort())
    tab.goto(host.url + ARTICLE)
    tab.get_by_role("button", name="Yes").click()
    expect(tab.get_by_role("link", name="Write to us instead")).to_be_visible()


def test_a_script_that_was_lost_once_is_asked_for_again(host: Host, tab: Page) -> None:
    tab.route("**/helpful.mjs", lambda route: route.abort())
    tab.goto(host.url + ARTICLE)
    tab.get_by_role("button", name="Yes").click()
    expect(tab.locator("#kb--status")).to_contain_text("couldn’t be sent")
    tab.unroute("**/helpful.mjs")
    tab.get_by_role("button", name="Yes").click()
    expect(tab.get_by_text("Thank you. We read every answer.")).to_be_focused()
    expect(tab.locator(".kb-feedback__message--problem")).to_be_hidden()
    assert sent(host) == [{"article": "cancel-order", "helped": True}]


def test_a_script_that_never_comes_is_said(host: Host, tab: Page) -> None:
    tab.clock.install()
    tab.route("**/send.mjs", lambda _route: None)
    tab.goto(host.url + ARTICLE)
    tab.get_by_role("button", name="Copy short link").click()
    tab.clock.run_for(11_000)
    expect(tab.locator(".kb-send__problem")).to_be_visible()
    expect(tab.locator("#kb--status")).to_contain_text("blocked copying")


def test_only_an_address_gives_only_a_link(host_of, tmp_path, tab: Page) -> None:
    write_examples(tmp_path, feedback=FeedbackOptions(endpoint="", email="help@example.com", searches=False))
    tab.goto(host_of(tmp_path).url + ARTICLE)
    expect(tab.get_by_role("link", name="Tell us by email what is missing")).to_be_visible()
    expect(tab.get_by_role("button", name="Yes")).to_have_count(0)


def test_the_short_link_is_copied(host: Host, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(host.url + ARTICLE)
    tab.get_by_role("button", name="Copy short link").click()
    expect(tab.get_by_role("button", name="Copied")).to_be_focused()
    assert tab.evaluate("navigator.clipboard.readText()") == f"{SITE.url}a/cancel-order/"
    tab.locator("#costs .headerlink").click()
    expect(tab.locator("#costs .headerlink")).to_have_attribute("data-copied", "")
    assert tab.evaluate("navigator.clipboard.readText()") == f"{SITE.url}a/cancel-order/#costs"


def test_a_refused_copy_is_said(host: Host, context: BrowserContext) -> None:
    context.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    tab = context.new_page()
    tab.goto(host.url + ARTICLE)
    tab.get_by_role("button", name="Copy short link").click()
    expect(tab.get_by_text("Your browser blocked copying.")).to_be_visible()


def test_sharing_needs_no_script(host: Host, tab: Page) -> None:
    tab.goto(host.url + ARTICLE)
    expect(tab.get_by_role("link", name="Text it")).to_have_attribute(
        "href", "sms:?&body=Open%20Your%20orders%20and%20choose%20Cancel.%20https%3A//help.example.com/a/cancel-order/"
    )
    expect(tab.get_by_role("link", name="Email it")).to_be_visible()
