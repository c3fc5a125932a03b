"""Where each page is in the other languages of a help centre."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb_builder.content.visibility import View
from kb_builder.pages.contexts import LanguageLink

_FIXED = ("", "all/", "announcements/", "contact/", "search/", "trending/")


@dataclass(frozen=True)
class Edition:
    """The help centre in one language. ``folder`` is where it is below the root, empty for that of the sources."""

    code: str
    name: str
    direction: str
    folder: str
    pages: Mapping[str, bool]
    """URL of each page, seen from the folder → whether it is in this language, and not in that of the sources."""


def pages_of(view: View, segments: Sequence[str] = ()) -> Mapping[str, bool]:
    """The pages of an edition that others may have too; ``segments`` are URLs. Further pages of lists are left out."""
    pages = dict.fromkeys((*_FIXED, *segments, *(category.url for category in view.categories)), True)
    pages |= {item.url: not item.fallback for item in view.announcements}
    return pages | {article.url: not article.fallback for article in view.articles}


@dataclass(frozen=True)
class OtherLanguages:
    """Links between the editions, as seen from the one in ``folder``. ``editions`` is empty if there is only one."""

    site_url: str = ""
    """Of the edition at the root."""
    folder: str = ""
    editions: Sequence[Edition] = ()

    def of(self, url: str) -> tuple[LanguageLink, ...]:
        """The page at ``url`` in every language, or the nearest one above it."""
        return tuple(self._link(edition, url) for edition in self.editions)

    def _link(self, edition: Edition, url: str) -> LanguageLink:
        there = url
        while there and there not in edition.pages:
            there = there.rstrip("/").rpartition("/")[0]
            there = f"{there}/" if there else ""
        here = edition.folder == self.folder
        up = "../" if self.folder and not here else ""
        return LanguageLink(
            code=edition.code,
            name=edition.name,
            direction=edition.direction,
            url=url if here else f"{up}{edition.folder}{there}",
            exact=there == url,
            absolute=f"{self.site_url}{edition.folder}{url}" if there == url and edition.pages[url] else "",
            here=here,
        )
