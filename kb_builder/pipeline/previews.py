"""Preview images that messengers and social networks show: one of the site, and on request one of each article."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from kb_builder.model import Article
from kb_builder.rendering.brand import Brand
from kb_builder.system.cache_keys import code_fingerprint, hash_of

FOLDER: Final = "media/preview/"


@dataclass(frozen=True)
class Output:
    """Files of one kind that need not be made again while their key is the same."""

    kind: str
    keys: Mapping[str, str]
    """Site path → hash of everything that the file's bytes depend on."""
    make: Callable[[Sequence[str]], list[bytes]]
    """Returns the bytes of the files with these paths."""


@dataclass(frozen=True)
class Previews:
    """``articles`` are those with an image of their own."""

    name: str
    brand: Brand
    articles: Sequence[Article] = ()

    @property
    def site(self) -> str:
        """Path of the site's image."""
        return self._path(self.name)

    def _path(self, title: str) -> str:
        """One path for all that is drawn."""
        colours = (self.brand.light["fill"], self.brand.light["on-fill"])
        return f"{FOLDER}{hash_of(title, self.name, *colours)[:12]}.png"

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """Article id → path of its image. A title that the font can't write has none: it uses the site's image."""
        if not self.articles:
            return {}
        from kb_builder.rendering import social  # imported late: Pillow takes a twentieth of a reply's time

        return {article.id: self._path(article.title) for article in self.articles if social.writable(article.title)}

    @property
    def output(self) -> Output:
        """All images."""
        drawn = {self.paths[article.id]: article.title for article in self.articles if article.id in self.paths}
        titles = {**drawn, self.site: self.name}
        start = code_fingerprint()

        def make(files: Sequence[str]) -> list[bytes]:
            from kb_builder.rendering import social

            return [social.preview(titles[file], self.name, self.brand) for file in files]

        return Output("previews", {file: hash_of(start, file) for file in titles}, make)
