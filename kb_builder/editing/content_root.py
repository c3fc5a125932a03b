"""A help centre as commands edit it: its folder, and how its articles are read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from kb_builder.content.articles import Contents, read_articles
from kb_builder.content.old_urls import SiteRoot


@dataclass(frozen=True, slots=True)
class ContentRoot:
    """``zone`` is that of local times, ``ignore_keys`` are keys of other tools in headers, ``declared`` the codes of
    the languages, that of the sources first, and ``site_url`` is where the help centre is published."""

    root: Path
    zone: ZoneInfo
    ignore_keys: Collection[str] = ()
    declared: Sequence[str] = ()
    site_url: str = ""

    @property
    def site(self) -> SiteRoot:
        """Its published root, to tell full URLs of this site from those of others."""
        return SiteRoot(self.site_url)

    def contents(self) -> Contents:
        """Articles and categories as their files are now."""
        return read_articles(self.root, zone=self.zone, ignore_keys=self.ignore_keys, declared=self.declared)
