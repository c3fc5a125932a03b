"""Markdown copies and ``llms.txt``."""

from dataclasses import replace

from kb_builder.content.visibility import Catalogue, public_view
from kb_builder.pages import markdown_copies
from tests.pages.small_view import ENGLISH, HOSTILE, NOW, ONE, URL, view


def test_copies_for_language_models() -> None:
    index = markdown_copies.llms_txt("Shop", view(), URL, ENGLISH).decode()
    assert f"({URL}faq/two/index.md)" in index
    assert "Hidden" not in index
    title = HOSTILE.replace("</script>", "&lt;/script>").replace("]]", r"\]\]")
    copy = markdown_copies.markdown_copy(ONE, "<p>Body <em>text</em>.</p>", URL).decode()
    header = f"---\ncanonical: {URL}faq/a/one/\nupdated: 2026-10-01\n---\n\n"
    assert copy == f"{header}# {title}\n\nYes.\n\nBody *text*.\n\n<{URL}a/one/>\n"


def test_copies_and_their_index_escape_the_answer() -> None:
    hostile = replace(ONE, answer="Ask. <img src=x onerror=alert(1)> [a](javascript:alert(2))")
    index = markdown_copies.llms_txt("Shop", public_view(Catalogue((hostile,), (), ()), NOW), URL, ENGLISH).decode()
    for text in (markdown_copies.markdown_copy(hostile, "", URL).decode(), index):
        assert "<img" not in text
        assert "](javascript:" not in text
