"""Where articles are published."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.urls import article_urls, folder_urls, id_of


def url_of(path: str) -> str:
    full = f"content/articles/{path}"
    return article_urls([full, "content/articles/other/x.md"])[full]


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("faq/orders/cancel-an-order.md", "faq/orders/cancel-an-order/"),
        ("Hardware/UNO_R4~2.md", "Hardware/UNO_R4~2/"),
        ("faq/Update to v1.10.md", "faq/Update-to-v1.10/"),
        ("faq/v1.10.MD", "faq/v1.10/"),
        ("About/Licensing & Counterfeits/Ask?.md", "About/Licensing-Counterfeits/Ask/"),
        ("faq/Is it 50% off - now #1.md", "faq/Is-it-50-off-now-1/"),
        ("faq/Don't & won’t.md", "faq/Dont-wont/"),
        ("Yún Board/Größe & Œuvre.md", "Yun-Board/Grosse-OEuvre/"),
        ("Yu\u0301n Board/x.md", "Yun-Board/x/"),
        ("faq/ＡＢＣ.md", "faq/ABC/"),
        ("faq/index.html.md", "faq/index-html/"),
        ("faq/trailing..md", "faq/trailing/"),
        ("llms.txt.md", "llms-txt/"),
        ("contact/find-us.md", "contact-articles/find-us/"),
        ("Search.md", "Search-articles/"),
        ("_headers.md", "_headers-articles/"),
        ("_Redirects/x.md", "_Redirects-articles/x/"),
        ("a/b.md", "a-articles/b/"),
        ("faq/contact/find-us.md", "faq/contact/find-us/"),
    ],
)
def test_a_url_follows_the_path_below_articles(path: str, url: str) -> None:
    assert url_of(path) == url


@pytest.mark.parametrize("path", ["content/articles.md", "content/x.md", "x.md", "/x.md"])
def test_a_path_outside_has_an_address_too(path: str) -> None:
    assert article_urls([path])[path].endswith("/")


def test_names_in_another_script_stay_distinct() -> None:
    first, second = url_of("faq/返品.md"), url_of("faq/配送 2024.md")
    assert re.fullmatch(r"faq/[0-9a-f]{8}/", first)
    assert re.fullmatch(r"faq/2024-[0-9a-f]{8}/", second)
    assert url_of("faq/返品.md") == first


def test_an_index_alone_in_its_folder_stands_for_it() -> None:
    urls = article_urls(
        [
            "content/articles/README.md",
            "content/articles/faq/refunds/index.md",
            "content/articles/faq/orders/README.md",
            "content/articles/faq/orders/cancel.md",
        ]
    )
    assert urls == {
        "content/articles/README.md": "README/",
        "content/articles/faq/refunds/index.md": "faq/refunds/",
        "content/articles/faq/orders/README.md": "faq/orders/README/",
        "content/articles/faq/orders/cancel.md": "faq/orders/cancel/",
    }
    assert folder_urls(urls) == {"content/articles/faq": "faq", "content/articles/faq/orders": "faq/orders"}


def test_ids_are_made_from_the_url() -> None:
    assert id_of("faq/Orders/Cancel_it-v1.10/") == "faq-orders-cancel-it-v1-10"
    assert len(id_of("x" * 300)) == 100


@given(st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=40))
def test_any_name_has_a_safe_address(name: str) -> None:
    url = url_of(f"faq/x{name}/y{name}.md")
    assert re.fullmatch(r"faq/[A-Za-z0-9._~-]+/[A-Za-z0-9._~-]+/", url)
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", id_of(url))
    assert not re.search(r"(^|/)\.{1,2}/", url)
