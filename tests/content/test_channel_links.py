"""Every address becomes the link that opens its channel, or is refused."""

import pytest

from kb_builder.content.channel_links import channel_link
from kb_builder.errors import InputError


@pytest.mark.parametrize(
    ("kind", "address", "href"),
    [
        ("phone", "+44 20 7946 0000", "tel:+442079460000"),
        ("phone", "+44 (0)20 7946-0000", "tel:+442079460000"),
        ("phone", "020 7946 0000", "tel:02079460000"),
        ("phone", "116 123", "tel:116123"),
        ("sms", "+44 7700 900123", "sms:+447700900123"),
        ("sms", "60022", "sms:60022"),
        ("whatsapp", "+44 7700 900124", "https://wa.me/447700900124"),
        ("whatsapp", "https://wa.me/message/ABC", "https://wa.me/message/ABC"),
        ("email", "help@example.com", "mailto:help@example.com"),
        ("email", "help+shop@example.co.uk", "mailto:help+shop@example.co.uk"),
        ("email", "o'neil?subject=x@example.com", "mailto:o%27neil%3Fsubject%3Dx@example.com"),
        ("twitter", "@example_shop", "https://x.com/example_shop"),
        ("twitter", "https://x.com/example", "https://x.com/example"),
        ("facebook", "example.shop", "https://www.facebook.com/example.shop"),
        ("facebook", "https://m.me/example", "https://m.me/example"),
        ("chat", "https://shop.example.com/chat?x=1", "https://shop.example.com/chat?x=1"),
        ("form", "http://shop.example.com/form", "http://shop.example.com/form"),
        ("post", "1 Example Street, Leeds", ""),
        ("in_person", "javascript:alert(1)", ""),
    ],
)
def test_an_address_becomes_the_link_of_its_channel(kind: str, address: str, href: str) -> None:
    assert channel_link(kind, address) == href


@pytest.mark.parametrize(
    ("kind", "address", "problem"),
    [
        ("phone", "call us", "must be a telephone number"),
        ("phone", "javascript:alert(1)", "must be a telephone number"),
        ("phone", "+1", "has 1 digits"),
        ("phone", "1" * 16, "has 16 digits"),
        ("phone", "+44 20 7946 0000;ext=1", "must be a telephone number"),
        ("phone", "٠٢٠ ٧٩٤٦", "must be a telephone number"),
        ("whatsapp", "07700 900124", "needs the country code"),
        ("whatsapp", "http://wa.me/1", "must be a telephone number"),
        ("email", "help at example.com", "must be an email address"),
        ("email", "help@example", "must be an email address"),
        ("email", "a@b.com,c@d.com", "must be an email address"),
        ("email", '"><script>@example.com', "must be an email address"),
        ("twitter", "example shop", "must be an account name"),
        ("twitter", "javascript:alert(1)", "must be an account name"),
        ("facebook", "example/shop", "must be the name of a page"),
        ("chat", "javascript:alert(1)", "must be a web address"),
        ("chat", "JaVaScRiPt://x.com/%0aalert(1)", "must be a web address"),
        ("chat", "data:text/html,x", "must be a web address"),
        ("chat", "shop.example.com/chat", "must be a web address"),
        ("chat", "//example.com", "must be a web address"),
        ("chat", "https://", "must be a web address"),
        ("chat", "https://user:password@example.com", "must be a web address"),
        ("chat", "https://[::1", "must be a web address"),
        ("form", 'https://example.com/"onclick=x', "must be a web address"),
        ("form", "https://example.com/a b", "must be a web address"),
    ],
)
def test_an_address_of_another_form_is_refused_with_a_hint(kind: str, address: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        channel_link(kind, address)
    assert caught.value.problem.startswith(problem)
    assert caught.value.hint
