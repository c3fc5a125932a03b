"""Old URLs as authors write them are places of the site, or are refused with a reason."""

import pytest

from kb_builder.content.old_urls import SiteRoot, help_desk_id, parse_place
from kb_builder.errors import InputError

BELOW = SiteRoot("https://example.com/support/help/")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("faq/old-page/", "faq/old-page/"),
        ("/faq/old-page", "faq/old-page/"),
        ("old.html", "old.html"),
        ("faq/index.html", "faq/"),
        ("https://old.example.com/hc/en-us/articles/360-Where%20is%20it", "hc/en-us/articles/360-Where is it/"),
        ("/caf%C3%A9/", "café/"),
        ("cafe\u0301", "café/"),
        ("faq.php", "faq.php/"),
        ("faq/old#top", "faq/old/#top"),
        ("old-id#%D0%B2%D1%8B%D0%B1%D0%BE%D1%80", "old-id/#выбор"),
        ("/media/0123456789ab/label.png", "media/0123456789ab/label.png"),
        ("/downloads/0123456789ab/form.docx", "downloads/0123456789ab/form.docx"),
        ("/downloads/install/", "downloads/install/"),
        ("/faq/old/index.md", "faq/old/index.md"),
    ],
)
def test_an_old_url_is_a_place_of_this_site(text: str, place: str) -> None:
    assert str(parse_place(text)) == place


@pytest.mark.parametrize(
    "text",
    ["", "/", "https://old.example.com/", "../etc", "a/../b", "a//b", "a/./b", "faq?id=3", "#top", "a.html/b",
     "a\\b", "a%00b", "%ff", "x" * 201, "https://[x", "index.html", "a<b", "a%3Fb", "a#b<c", "a#b%20c", "a#%ff"],
)  # fmt: skip
def test_old_urls_that_are_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_place(text)
    assert caught.value.problem


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("/support/help/old-one/", "old-one/"),
        ("https://example.com/support/help/old-two/", "old-two/"),
        ("support/help/three/", "support/help/three/"),
        ("help/tracking/", "help/tracking/"),
        ("/legacy/three/", "legacy/three/"),
        ("/support/helpdesk/", "support/helpdesk/"),
    ],
)
def test_a_site_below_a_path(text: str, place: str) -> None:
    assert str(parse_place(text, BELOW)) == place


@pytest.mark.parametrize(
    ("text", "elsewhere"),
    [
        ("https://example.com/support/help/x/", False), ("http://EXAMPLE.com/support/help", False),
        ("https://example.com/shop/", True), ("https://example.org/support/help/", True), ("//example.org/x", True),
        ("/support/help/", False), ("returns#x", False),
    ],
)  # fmt: skip
def test_what_is_another_site(text: str, elsewhere: bool) -> None:
    assert BELOW.is_elsewhere(text) == elsewhere


@pytest.mark.parametrize(
    ("text", "reachable"),
    [
        ("https://example.com/support/help/x/", True), ("/support/help/x/", True), ("/shop/x/", True),
        ("returns#refunds:card", True), ("360012345", True), ("https://old.example.com/shop/x/", True),
        ("https://example.com:8080/x/", True), ("//old.example.com/x", True),
        ("https://example.com/shop/x/", False), ("http://EXAMPLE.com/shop/x/", False), ("//example.com/x", False),
        ("https://example.com/", False), ("https://example.com/support/helpdesk/", False),
        ("mailto:help@example.com", False), ("ftp://example.com/support/help/x", False), ("faq:old/", False),
    ],
)  # fmt: skip
def test_where_no_page_of_the_site_can_be(text: str, reachable: bool) -> None:
    assert BELOW.is_out_of_reach(text) != reachable


@pytest.mark.parametrize("text", ["/", "https://old.example.com", "https://old.example.com/", "/index.html"])
def test_the_home_page_has_a_message_of_its_own(text: str) -> None:
    with pytest.raises(InputError, match="home page"):
        parse_place(text)


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("hc/en-us/articles/360012345-Where-is-it/", "360012345"), ("hc/articles/360012345/", "360012345"),
        ("en/articles/7654321-where/", "7654321"), ("articles/7654321/", "7654321"),
        ("support/solutions/articles/43000123456-where/", "43000123456"),
        ("de/support/solutions/articles/43000123456/", "43000123456"),
        ("faq/orders/", ""), ("articles/12/", ""), ("articles/360012345/comments/", ""), ("hc/en-us/articles/", ""),
    ],
)  # fmt: skip
def test_the_number_in_another_help_desks_url(url: str, number: str) -> None:
    assert help_desk_id(url) == number
