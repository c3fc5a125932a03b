"""The addresses of each page in the other languages of a help centre."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class LanguageLink(NamedTuple):
    """A page in one of the languages of the help centre, or where a reader of that language begins."""

    code: str
    name: str
    """In the language itself."""
    direction: str
    url: str
    """Site-relative, with steps up to the folder of another language."""
    exact: bool
    """Whether ``url`` is the same page, and not one above it."""
    here: bool
    """Whether it is the page's own language."""


@dataclass(frozen=True)
class Edition:
    """The help centre in one language. ``folder`` is where it is below the root, empty for that of the sources."""

    code: str
    name: str
    direction: str
    folder: str
    pages: Collection[str]
    """URL of each page that other languages may have too, as seen from the folder."""


@dataclass(frozen=True)
class OtherLanguages:
    """Links between the editions, as seen from the one in ``folder``. ``editions`` is empty if there is only one."""

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
            here=here,
        )
