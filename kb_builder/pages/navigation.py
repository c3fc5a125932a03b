"""The places of articles and categories: reading order, folders, letters, breadcrumbs and links."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from kb_builder.content.visibility import View
from kb_builder.model import Article, Category, Outline
from kb_builder.pages import listings
from kb_builder.pages.elements import Card, Crumb, Teaser
from kb_builder.pages.page import card, counts_with_descendants, folder_of, in_order
from kb_builder.parsing.sentences import sentence_ends

TEASER_LENGTH: Final = 150
NEIGHBOURS: Final = 8
_FALLBACK: Final = "\0in another language"


class _Links(dict[str, Teaser]):
    """Article id → a link to it, created on first use."""

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self._articles = articles

    def __missing__(self, id: str) -> Teaser:
        link = self[id] = link_to(self._articles[id])
        return link


def link_to(article: Article) -> Teaser:
    """A link to an article, without its answer."""
    return Teaser(article.id, article.nav_title or article.title, article.url, "", article.fallback)


class Navigation:
    """The structure of a view. Everything is computed once, when the pages of a build are planned."""

    def __init__(self, view: View, outlines: Mapping[str, Outline]) -> None:
        self._now = view.now
        self._outlines = outlines
        self.by_id = {article.id: article for article in view.articles}
        self.by_url = {article.url: article for article in view.articles}
        self.listed = sorted(view.listed, key=self._reading_order)
        """Listed articles in reading order."""
        self.listed_ids = frozenset(article.id for article in self.listed)
        self.by_folder: dict[str, list[Article]] = defaultdict(list)
        """Folder → its listed articles in reading order."""
        for article in self.listed:
            self.by_folder[folder_of(article)].append(article)
        self._places = {article.id: place for inside in self.by_folder.values() for place, article in enumerate(inside)}
        self.by_letter = listings.by_letter(self.listed)
        self.categories = {category.path: category for category in view.categories}
        self.subcategories: dict[str, list[Category]] = defaultdict(list)
        for category in in_order(view.categories):
            self.subcategories[category.path.rpartition("/")[0]].append(category)
        self._counts = counts_with_descendants({folder: len(inside) for folder, inside in self.by_folder.items()})
        self.links = _Links(self.by_id)
        self.link_inputs = {
            article.id: f"{article.id}\0{article.nav_title or article.title}\0{article.url}"
            + _FALLBACK * article.fallback
            for article in view.articles
        }
        """Article id → cache-key input of a link to it."""

    def _reading_order(self, article: Article) -> tuple[bool, bool, bool, int, str, str]:
        until = article.promoted_until
        first = article.promoted and (until is None or until > self._now)
        place = article.order or 0
        return (article.fallback, not first, article.order is None, place, article.title.casefold(), article.id)

    def trail(self, folder: str) -> tuple[Crumb, ...]:
        """The breadcrumb of a folder, from the top category down."""
        steps = folder.split("/") if folder else []
        paths = ["/".join(steps[: end + 1]) for end in range(len(steps))]
        return tuple(
            Crumb(self.categories[path].title, self.categories[path].url)
            for path in paths
            if path in self.categories and path != "faq"
        )

    def neighbours(self, article: Article) -> list[Article]:
        """At most :data:`NEIGHBOURS` listed articles of the same folder around ``article``, which is one of them.

        Empty when it is not listed, or alone.
        """
        inside = self.by_folder[folder_of(article)]
        place = self._places.get(article.id)
        if place is None or len(inside) < 2:
            return []
        start = max(0, min(place - NEIGHBOURS // 2, len(inside) - NEIGHBOURS))
        return inside[start : start + NEIGHBOURS]

    def card(self, category: Category) -> Card:
        """A category as a card, with the number of articles in it and below it."""
        return card(category, self._counts[category.path])

    def teaser(self, article: Article) -> Teaser:
        """A link with the first words of the answer."""
        return self.links[article.id]._replace(answer=clip(self.answer(article), TEASER_LENGTH))

    def answer(self, article: Article) -> str:
        """The short answer, or the first paragraph of an article without one."""
        return article.answer or self._outlines[article.id].lead


def inline(html: str) -> str:
    """``html`` without the paragraph around it, if it is a single one."""
    inner = html.strip().removeprefix("<p>").removesuffix("</p>")
    return html if "<p>" in inner else inner


def clip(text: str, limit: int) -> str:
    """The sentences of ``text`` that fit, if they fill half of ``limit``; otherwise cut at a word, with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    end = max((end for end in sentence_ends(text[: limit + 2]) if end <= limit), default=0)
    if end >= limit / 2:
        return text[:end]
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(".,;:!?–- ") + "…"
