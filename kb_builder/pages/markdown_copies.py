"""A Markdown copy of each article, and ``llms.txt``, which lists them for language models (llmstxt.org)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from kb_builder.content.interface_language import Language
from kb_builder.content.urls import short_url
from kb_builder.content.visibility import View
from kb_builder.markdown.to_markdown import escape as escape_markdown
from kb_builder.markdown.to_markdown import to_markdown
from kb_builder.model import Article
from kb_builder.pages.page import folder_of, in_order, updated_on

LLMS_FULL: Final = "llms-full.txt"


def llms_txt(name: str, view: View, site_url: str, language: Language) -> bytes:
    """An index of the Markdown copies for language models (llmstxt.org)."""
    about = language.word("Answers to customers' questions. Each link is a plain Markdown copy of an article.")
    lines = [f"# {escape_markdown(name)}", "", f"> {about}", ""]
    answers = language.word("Answers")
    by_folder: dict[str, list[str]] = defaultdict(list)
    for article in view.own:
        link = f"[{escape_markdown(article.title)}]({site_url}{article.url}index.md)"
        by_folder[folder_of(article)].append(f"- {link}: {escape_markdown(article.answer)}".rstrip(": "))
    titles = {category.path: category.title for category in view.categories}
    order = [category.path for category in in_order(view.categories)]
    for folder in sorted(by_folder, key=lambda path: (order.index(path) if path in titles else -1, path)):
        lines += [f"## {escape_markdown(titles.get(folder, answers))}", "", *by_folder[folder], ""]
    return "\n".join(lines).encode()


def llms_full(name: str, copies: Iterable[bytes]) -> bytes:
    """``llms-full.txt``: the Markdown copies of all listed articles in one file."""
    return b"\n".join((f"# {escape_markdown(name)}\n".encode(), *copies))


def markdown_copy(article: Article, body: str, site_url: str) -> bytes:
    """An article as plain Markdown: its page and day in a header, then title, answer, body and short link.

    ``body`` is the HTML that the page shows, with absolute links: the Markdown source may hold notes and code that the
    page doesn't.
    """
    updated = updated_on(article)
    header = ["---", f"canonical: {site_url}{article.url}", *([f"updated: {updated}"] if updated else ()), "---"]
    title, answer = f"# {escape_markdown(article.title)}", escape_markdown(article.answer)
    parts = ["\n".join(header), title, answer, to_markdown(body).strip()]
    parts.append(f"<{short_url(site_url, article.id)}>")
    return ("\n\n".join(filter(None, parts)) + "\n").encode()
