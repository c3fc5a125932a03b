"""Errors for addresses that would be lost by mistake: what they were, and how to keep them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kb_builder.content.inventory import PATH as INVENTORY
from kb_builder.content.inventory import Entry
from kb_builder.content.old_urls import is_media
from kb_builder.content.redirects import PATH as REDIRECTS
from kb_builder.errors import Finding, Severity
from kb_builder.model import Article


@dataclass(frozen=True)
class LostAddresses:
    """One error for each mistake, naming all the addresses it would take away and how to keep them."""

    once_public: Mapping[str, Entry]
    pages: Mapping[str, str]
    """URL of each page of this build → id of its article, or empty."""
    articles: Mapping[str, Article]
    """Released articles by id."""
    lost: Mapping[str, Sequence[str]]
    """Id of an article, folder of a former language, or empty → addresses that nothing answers any more."""
    folder: str = ""
    """Of the language, below the root."""

    def findings(self) -> Iterator[Finding]:
        """One for each article or former language, and one for each address that belongs to neither."""
        for id, addresses in sorted(self.lost.items()):
            if not id:
                for address in addresses:
                    yield self._unowned(address)
            elif id.endswith("/"):
                yield self._of_language(id, addresses)
            elif id in self.articles:
                yield self._moved(self.articles[id], addresses)
            else:
                yield self._lost(id)

    def _unowned(self, address: str) -> Finding:
        words = address.partition("#")[0].strip("/").rpartition("/")[2].removesuffix(".html")
        near = get_close_matches(words, self.articles, n=1, cutoff=0.5)
        written = f"/{self.folder}{address}"
        place = f'"{written}"' if "#" in address or is_media(address) else written
        hint = f"add to {REDIRECTS}:  {place}: {near[0] if near else 'the-id'}  or  {place}: {{gone: the reason}}"
        message = f'"{written}" would be lost: no page or redirect has it'
        return Finding(INVENTORY, 0, "dead-address", Severity.ERROR, message, hint)

    @staticmethod
    def _of_language(folder: str, addresses: Sequence[str]) -> Finding:
        count = f"{len(addresses):,} addresses"
        message = f'{count} below "/{folder}" would be lost: the site has no such language any more'
        hint = f"declare it again, or let them lead to the language of the sources: add to {REDIRECTS}:  /{folder}: /"
        return Finding(INVENTORY, 0, "lost-language", Severity.ERROR, message, hint)

    def _moved(self, article: Article, addresses: Sequence[str]) -> Finding:
        message = f'{self._named(addresses)} would be lost: "{article.id}" is at "/{article.url}" now'
        froms = ", ".join(f"/{self.folder}{address}" for address in addresses)
        hint = f"add to its header:  redirect_from: [{froms}]  (kb mv does it); if it is another article, change its id"
        return Finding(article.path, article.line_of("id"), "dead-address", Severity.ERROR, message, hint)

    def _lost(self, id: str) -> Finding:
        addresses = sorted(entry.address for entry in self.once_public.values() if entry.id == id)
        by_url = {article.url: article for article in self.articles.values()}
        now_at = (by_url.get(address) for address in addresses)
        current = next((article for article in now_at if article is not None), None)
        if current is not None:
            hint = f"write id: {id} again, or add to {REDIRECTS}:  {id}: {current.id}"
            lost = [address for address in addresses if address not in self.pages]
            message = f'{self._named(lost)} would be lost: the id of this article was "{id}" and is "{current.id}" now'
            if not lost:
                named = self._named(addresses)
                message = f'{named} belongs to the id "{id}" in {INVENTORY}, and to "{current.id}" here'
            return Finding(current.path, current.line_of("id"), "changed-id", Severity.ERROR, message, hint)
        message = f'{self._named(addresses)} would be lost: no article has the id "{id}" any more'
        hint = (
            f"restore the file, under any name, with id: {id}; or withdraw it:  "
            f'kb rm {id} --replaced-by ID  or  kb rm {id} --gone "the reason"'
        )
        return Finding(INVENTORY, 0, "dead-address", Severity.ERROR, message, hint)

    def _named(self, addresses: Sequence[str]) -> str:
        return ", ".join(f'"/{self.folder}{address}"' for address in addresses)
