"""Pages without content of their own: short links, redirects from retired URLs, and notices of what was withdrawn."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from kb_builder.content.interface_language import Language
from kb_builder.content.redirect_chains import Gone
from kb_builder.model import Article
from kb_builder.pages.contexts import NoticePage, RedirectPage
from kb_builder.pages.elements import Common, Site
from kb_builder.pages.navigation import clip, link_to
from kb_builder.pages.other_languages import LanguageLink, OtherLanguages
from kb_builder.pages.page import Page, file_of
from kb_builder.pages.published_addresses import Retired
from kb_builder.pages.relative_urls import encoded, relative

NEAREST: Final = 5
_WORD: Final = re.compile(r"[^\W\d_]{3,}")


def moved_anchors(anchors: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    """URL of each page that anchors have moved away from → anchor → site-relative URL it leads to now."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for place, target in sorted(anchors.items()):
        url, _, anchor = place.partition("#")
        found[url][anchor] = target
    return found


def anchors_data(page: str, anchors: Mapping[str, str]) -> str:
    """For the script that follows them: JSON of anchor → URL as seen from ``page``; empty when there are none."""
    seen = {anchor: relative(page, encoded(url)) for anchor, url in anchors.items()}
    return json.dumps(seen, ensure_ascii=False, sort_keys=True) if seen else ""


@dataclass(frozen=True)
class Redirections:
    """Makes redirect pages: of short links, and of retired URLs."""

    site: Site
    articles: Mapping[str, Article]
    """Released articles by URL."""
    anchors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The result of :func:`moved_anchors`."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """URL of each page that is no article → its title."""
    elsewhere: OtherLanguages = field(default_factory=OtherLanguages)

    def short_link(self, article: Article, description: str, image: str = "") -> Page:
        """``image`` is the site path of the article's own preview image."""
        url = f"a/{article.id}/"
        # Staff send the short link of a language for that language, and the one at the root for the reader's own.
        languages = () if self.elsewhere.folder else self.elsewhere.of(article.url)
        return self._page(url, article.url, article.title, clip(description, 160), image, languages)

    def retired(self, url: str, target: str) -> Page:
        """The redirect from a retired URL to ``target``, a site-relative URL that may have an anchor."""
        page = target.partition("#")[0]
        article = self.articles.get(page)
        title = article.title if article else self.titles.get(page, self.site.name)
        return self._page(url, target, title, "")

    def _page(
        self, url: str, target: str, title: str, description: str, image: str = "",
        languages: tuple[LanguageLink, ...] = (),
    ) -> Page:  # fmt: skip
        # With the anchors of the target: an old one leads there in one step.
        page = target.partition("#")[0]
        data = anchors_data(url, {**self.anchors.get(page, {}), **self.anchors.get(url, {})})
        inputs = "\0".join((url, target, title, description, data, image, repr(languages)))

        def make(url: str) -> RedirectPage:
            canonical = self.site.url + encoded(target)
            common = Common(
                kind="redirect", title=title, url=url, canonical=canonical, description=description, indexed=False,
                social_image=image,
            )  # fmt: skip
            return RedirectPage(common, encoded(target), title, data, languages)

        return Page(file_of(url), url, "redirect.html", False, inputs, make)


@dataclass(frozen=True)
class Notices:
    """Makes the notices of withdrawn articles. They show nothing of the article but its address."""

    site: Site
    listed: Mapping[str, Article]
    """Listed articles by id."""
    language: Language

    def page(self, url: str, notice: Gone) -> Page:
        """The notice of a withdrawn article at ``url``."""
        replacement = self.listed.get(notice.replaced_by)
        nearest = [id for id in self._nearest(url) if id != notice.replaced_by][:NEAREST]
        teasers = tuple(link_to(self.listed[id]) for id in nearest)
        word = self.language.word
        title = word("This answer was withdrawn")
        description = word("This page no longer holds an answer.")
        common = Common("withdrawn", title, url, self.site.url + url, description, indexed=False)
        instead = link_to(replacement) if replacement else None
        made = NoticePage(common, notice.withdrawn, notice.reason, instead, teasers)
        return Page(file_of(url), url, "withdrawn.html", False, repr(made), lambda _: made)

    def copy(self, notice: Gone) -> str:
        """The one line of a withdrawn article's Markdown copy."""
        word = self.language.word
        replacement = self.listed.get(notice.replaced_by)
        day = self.language.day(notice.withdrawn) if notice.withdrawn else ""
        said = word("This answer was withdrawn on {day}.", day=day) if day else word("This answer was withdrawn.")
        instead = f" [{replacement.title}]({self.site.url}{replacement.url})" if replacement else ""
        return f"{said}{instead}\n"

    def _nearest(self, url: str) -> list[str]:
        """Articles that share words with an address, rare words first; then its neighbours in the same folder. Of equal
        ones those in the reader's language are first."""
        scores: Counter[str] = Counter()
        for word in set(_words(url)):
            sharing = self._by_word.get(word, ())
            for id in sharing:
                scores[id] += round(1_000_000 / len(sharing))
        folder = url.rstrip("/").rpartition("/")[0]
        for id in self._by_folder.get(folder, ()):
            scores[id] += 1
        return sorted(scores, key=lambda id: (-scores[id], bool(self.listed[id].fallback), id))

    @cached_property
    def _by_word(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for article in self.listed.values():
            for word in set(_words(f"{article.url.rpartition('/')[0]} {article.id} {article.title}")):
                found[word].append(article.id)
        return found

    @cached_property
    def _by_folder(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for article in self.listed.values():
            found[article.url.rstrip("/").rpartition("/")[0]].append(article.id)
        return found


def retired_pages(redirections: Redirections, notices: Notices, retired: Retired) -> Iterator[Page]:
    """A page for every retired URL."""
    for url, target in retired.redirects.items():
        yield redirections.retired(url, target)
    for url, notice in retired.notices.items():
        yield notices.page(url, notice)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
