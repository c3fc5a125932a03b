"""URLs from one page of the site to another."""

from urllib.parse import urljoin

from hypothesis import given
from hypothesis import strategies as st

from kb_builder.pages.relative_urls import relative

SEGMENT = st.text("abc", min_size=1, max_size=3)
URL = st.lists(SEGMENT, max_size=4).map(lambda parts: "".join(f"{part}/" for part in parts))


@given(URL, URL)
def test_a_relative_url_leads_back_to_what_it_was_made_from(page: str, target: str) -> None:
    base = "https://x.example/deep/"
    assert urljoin(base + page, relative(page, target)) == base + target


def test_other_addresses_are_left_alone() -> None:
    for target in ("https://a.example/x", "mailto:a@b.example", "#top", "//cdn.example/x"):
        assert relative("faq/", target) == target
