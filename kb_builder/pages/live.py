"""The addresses that a build publishes, before those of earlier builds are added."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from kb_builder.model import Article, Outline
from kb_builder.pages.doubtful_anchors import Doubt

COPY: Final = "index.md"


@dataclass(frozen=True)
class Live:
    """The pages and files of this build before retired addresses are added."""

    pages: Mapping[str, str]
    """Site-relative URL of each page → id of its article, empty for other pages. Short links are among them."""
    articles: Mapping[str, Article]
    """Id → released article."""
    outline_of: Callable[[Article], Outline]
    media: Mapping[str, str]
    """Site path of each published picture or download → its project path."""
    files: frozenset[str] = frozenset()
    """Site paths of feeds and other files that are published whatever the content."""
    anchors: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """URL of each announcement → anchors of its headings."""
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """Id → URL of each article that is shown in the language of the sources only, as seen from this one's pages."""
    doubts: tuple[Doubt, ...] = ()
    """Headings that may have lost a published anchor to others."""
    folder: str = ""
    """Of its language, below the root."""

    @cached_property
    def addresses(self) -> Mapping[str, str]:
        """Every address of these → what the inventory says it leads to."""
        found = {url: id or url for url, id in self.pages.items() if url}
        for article in self.articles.values():
            found[article.url + COPY] = article.id
            # The anchors of a text in place of a translation end with it.
            for heading in self.outline_of(article).headings if not article.fallback else ():
                if heading.anchor:
                    found[f"a/{article.id}/#{heading.anchor}"] = f"{article.id}#{heading.anchor}"
        for url, anchors in self.anchors.items():
            found |= {f"{url}#{anchor}": f"{url}#{anchor}" for anchor in anchors}
        return {**found, **self.media, **{file: file for file in self.files}}
