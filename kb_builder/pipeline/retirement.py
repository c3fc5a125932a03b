"""Addresses that were published once: what links to them lead to, and what each becomes in this build."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from kb_builder.content.interface_language import Language
from kb_builder.content.inventory import Entry
from kb_builder.content.old_urls import help_desk_id, is_media
from kb_builder.content.redirect_chains import Gone
from kb_builder.content.redirects import Redirects
from kb_builder.content.visibility import withheld, withheld_by_clock
from kb_builder.errors import Finding, Severity, in_order
from kb_builder.model import Announcement, Article, Outline
from kb_builder.pages import published_addresses
from kb_builder.pages.doubtful_anchors import doubts
from kb_builder.pages.elements import Site
from kb_builder.pages.links import OldTargets
from kb_builder.pages.live import COPY, Live
from kb_builder.pages.lost_addresses import LostAddresses
from kb_builder.pages.page import Page
from kb_builder.pages.published_addresses import Retired
from kb_builder.pages.redirect_pages import Notices, Redirections, moved_anchors, retired_pages
from kb_builder.pages.retiring import retire
from kb_builder.pipeline.project import Project


@dataclass(frozen=True)
class PublishedAddresses:
    """The addresses that were public once, and what is known of them before there are pages."""

    project: Project

    @property
    def once_public(self) -> Mapping[str, Entry]:
        """URL in this language → its entry in ``links.csv``."""
        return self.project.once_public

    @cached_property
    def rules(self) -> Redirects:
        """The redirects that are published. In another language a rule about every language is followed only from
        addresses that were public in it."""
        rules = self.project.redirects
        if not self.project.language:
            return rules
        published = {place for place, rule in rules.rules.items() if rule.language or place in self.once_public}
        return replace(
            rules,
            targets={place: target for place, target in rules.targets.items() if place in published},
            gone={place: gone for place, gone in rules.gone.items() if place in published},
        )

    @cached_property
    def withheld(self) -> tuple[Article | Announcement, ...]:
        """What was read and must not be published in this build."""
        return withheld(self.project.catalogue, self.project.view)

    @cached_property
    def link_targets(self) -> Mapping[str, str]:
        """Old place → URL, for links."""
        return published_addresses.link_targets(
            self.project.redirects, {article.id: article.url for article in self.project.reading.contents.articles}
        )

    @cached_property
    def linked_notices(self) -> Mapping[str, str]:
        """Project path of each withdrawn article, or URL of a gone one → URL of its notice, empty where it has none."""
        found = dict.fromkeys(withheld_by_clock(self.project.catalogue, self.project.view), "")
        found |= {article.path: article.url for article in self.withdrawn.values()}
        return found | {url: url for url in self.project.redirects.gone if "#" not in url}

    def old_targets(self) -> OldTargets:
        """Where links to these addresses lead."""
        return OldTargets(self.link_targets, self.linked_notices)

    @cached_property
    def withdrawn(self) -> Mapping[str, Article]:
        """Articles that were public once and are withheld now, by id."""
        return published_addresses.withdrawn_ids(self.once_public, self.withheld)

    @cached_property
    def replacements(self) -> Mapping[str, str]:
        """Id of each withdrawn or removed article → id of the one that replaces it."""
        gone = {
            place.split("/")[1]: why.replaced_by
            for place, why in self.project.redirects.gone.items()
            if place.startswith("a/")
        }
        return {**gone, **{id: article.replaced_by for id, article in self.withdrawn.items() if article.replaced_by}}

    @property
    def findings(self) -> Iterator[Finding]:
        """Related articles that are withdrawn."""
        for article in self.project.view.articles:
            for id in article.related:
                if id in self.withdrawn:
                    message = f'the related article "{id}" is withdrawn'
                    other = self.replacements.get(id)
                    hint = f"the list shows {other} instead" if other else "the list leaves it out; name another answer"
                    line = article.line_of("related")
                    yield Finding(article.path, line, "link-to-withdrawn", Severity.WARNING, message, hint)

    @cached_property
    def moved_anchors(self) -> Mapping[str, Mapping[str, str]]:
        """URL of each page → anchor that has left it → URL it leads to now."""
        kept = self._kept_by_translations
        moved = ((place, url) for place, url in self.link_targets.items() if "#" in place)
        return moved_anchors({place: url for place, url in moved if place not in kept})

    @property
    def _kept_by_translations(self) -> frozenset[str]:
        """Places of headings of translations, which may keep an anchor that their source has moved."""
        outlines = self.project.digests.outlines
        translations = [article for article in self.project.view.articles if article.language and not article.fallback]
        return frozenset(
            f"{url}#{anchor}"
            for article in translations
            for anchor in outlines[article.id].anchors
            for url in (article.url, f"a/{article.id}/")
        )


def live_addresses(
    project: Project,
    pages: Iterable[Page],
    notices: Mapping[str, Outline],
    media: Mapping[str, str],
    files: frozenset[str],
) -> Live:
    """The pages and files of a project that are published. ``notices`` are the outlines of announcements by URL,
    ``media`` maps site paths to project paths, ``files`` are site paths."""
    articles = project.view.articles
    own = {url: article.id for article in articles for url in (article.url, f"a/{article.id}/")}
    outlines = project.digests.outlines
    announcements = {item.url: item for item in project.view.announcements}
    headed: list[tuple[Article | Announcement, str, Outline]] = [
        *((article, f"a/{article.id}/", outlines[article.id]) for article in articles if not article.fallback),
        *((announcements[url], url, outline) for url, outline in notices.items()),
    ]
    return Live(
        pages={page.url: own.get(page.url, "") for page in pages if page.url != "404.html"},
        articles={article.id: article for article in articles},
        outline_of=lambda article: outlines[article.id],
        media=media,
        files=files,
        anchors={url: frozenset(h.anchor for h in outline.headings if h.anchor) for url, outline in notices.items()},
        elsewhere=_elsewhere(project) if project.language else {},
        doubts=tuple(
            doubt for page, url, outline in headed for doubt in doubts(page, url, outline.headings, project.once_public)
        ),
        folder=project.folder,
    )


def _elsewhere(project: Project) -> Mapping[str, str]:
    shown = {article.id for article in project.view.articles}
    return {article.id: f"../{article.url}" for article in project.source.view.articles if article.id not in shown}


@dataclass(frozen=True)
class Retirement:
    """The redirects and notices of retired addresses, given the live ones. ``today`` is an ISO date."""

    addresses: PublishedAddresses
    live: Live
    site: Site
    language: Language
    today: str

    @cached_property
    def retired(self) -> Retired:
        """What became of every address that was public once."""
        addresses = self.addresses
        return retire(addresses.once_public, self.live, addresses.rules, addresses.withheld)

    @cached_property
    def _notices(self) -> Notices:
        listed = {article.id: article for article in self.addresses.project.view.listed}
        return Notices(self.site, listed, self.language)

    @property
    def pages(self) -> Iterator[Page]:
        """Redirects and notices."""
        articles = {article.url: article for article in self.live.articles.values()}
        titles = {category.url: category.title for category in self.addresses.project.view.categories}
        redirections = Redirections(self.site, articles, self.addresses.moved_anchors, titles)
        return retired_pages(redirections, self._notices, self.retired)

    def files(self, copy: Callable[[Article], bytes], media: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Pictures and Markdown copies at addresses they had before, by site path."""
        found = {old: media[path] for old, path in self.retired.media.items()}
        for path, id in self.retired.copies.items():
            notice = self.retired.notices.get(path.removesuffix(COPY), Gone())
            found[path] = copy(self.live.articles[id]) if id else self._notices.copy(notice).encode()
        return found

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Every address this build answers at, and every one published before."""
        return published_addresses.entries(self.addresses.once_public, self.live, self.retired, self.today)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Addresses that would be lost."""
        live = self.live
        lost = LostAddresses(
            self.addresses.once_public, live.pages, live.articles, self.retired.lost, live.folder
        ).findings()
        doubtful = (doubt.finding(live.folder) for doubt in live.doubts)
        return in_order((*lost, *doubtful, *self.retired.findings, *self.addresses.findings))

    @property
    def host_redirects(self) -> Mapping[str, str]:
        """Retired URL → new URL, of redirects that a host may answer: not where the anchor decides, unseen by hosts."""
        moved = self.addresses.moved_anchors
        return {
            old: new for old, new in self.retired.redirects.items()
            if old not in moved and new.partition("#")[0] not in moved
        }  # fmt: skip

    @property
    def host_gone(self) -> tuple[str, ...]:
        """URLs of notices, of their Markdown copies, and of pictures that are gone."""
        answering = self.live.media.keys() | self.retired.media.keys()
        asked = {*self.addresses.once_public, *self.addresses.project.redirects.gone}
        media = (place for place in asked - answering if is_media(place))
        copies = (path for path, id in self.retired.copies.items() if not id)
        return tuple(sorted({*self.retired.notices, *copies, *media}))

    @property
    def host_help_desk(self) -> Mapping[str, str]:
        """Number of another help desk's article → URL of the answer."""
        found = ((help_desk_id(old), new) for old, new in self.host_redirects.items())
        return {number: new for number, new in found if number}

    @property
    def public_texts(self) -> Iterator[str]:
        """The addresses of withdrawn articles, which are public though the articles are not."""
        folder = self.addresses.project.folder
        return (f"/{folder}{address} /{folder}a/{address}" for address in (*self.retired.notices, *self.retired.copies))
