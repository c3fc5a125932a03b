"""Addresses that were published once: each is a page, a redirect in one hop, a notice, or an error."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kb_builder.content.inventory import Entry
from kb_builder.content.redirect_chains import Gone
from kb_builder.content.redirects import Redirects
from kb_builder.errors import Finding
from kb_builder.model import Announcement, Article
from kb_builder.pages.live import Live


@dataclass(frozen=True, slots=True)
class Retired:
    """The redirect or notice of each retired address."""

    redirects: Mapping[str, str] = field(default_factory=dict)
    """Old site-relative URL → new one, maybe with an anchor."""
    derived: frozenset[str] = frozenset()
    """Those old URLs that no rule names: their article, or the articles of their list, say where they lead."""
    notices: Mapping[str, Gone] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    """Site path of an old Markdown copy → id of the article it is a copy of; empty for a line that says it is gone."""
    media: Mapping[str, str] = field(default_factory=dict)
    """Old site path → the published site path whose bytes it has."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Old site path of a feed or another such file → the published one whose bytes it has."""
    lost: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Id of an article, folder of a former language, or empty → addresses that nothing answers: an error for each."""
    findings: tuple[Finding, ...] = ()


def withdrawn_ids(once_public: Mapping[str, Entry], withheld: Iterable[Article | Announcement]) -> dict[str, Article]:
    """The withheld articles that were public once, by id: the others' existence is private."""
    articles = (item for item in withheld if isinstance(item, Article))
    return {item.id: item for item in articles if f"a/{item.id}/" in once_public}


def link_targets(redirects: Redirects, urls: Mapping[str, str]) -> dict[str, str]:
    """Old place → site-relative URL with its anchor; ``urls`` are those of all articles by id.

    An anchor that has left an article is there under the short link and under the URL of its page.
    """
    found: dict[str, str] = {}
    for place, target in redirects.targets.items():
        url = urls.get(target.id, "") if target.id else target.url
        leads_to = f"{url}#{target.anchor}" if target.anchor else url
        found[place] = leads_to
        short, mark, anchor = place.partition("#")
        page = urls.get(short.removeprefix("a/").rstrip("/")) if mark and short.startswith("a/") else None
        if page:
            found[f"{page}#{anchor}"] = leads_to
    return found


def entries(once_public: Mapping[str, Entry], live: Live, retired: Retired, today: str) -> dict[str, Entry]:
    """Every address that this build answers at, and every one published before; ``today`` is when new ones begin."""
    leads_to = dict(live.addresses)
    for url, target in retired.redirects.items():
        if url in retired.derived:
            continue  # Whose it was is what the next build derives it from.
        page, _, anchor = target.partition("#")
        id = live.pages.get(page)
        leads_to[url] = (f"{id}#{anchor}" if anchor else id) if id else target
    leads_to |= {old: live.media[path] for old, path in retired.media.items()}
    found = dict(once_public)
    for address, target in leads_to.items():
        known = once_public.get(address)
        if known is None:
            found[address] = Entry(address, target, today)
        elif known.leads_to != target or known.withdrawn:
            found[address] = Entry(address, target, known.since)
    for url in retired.notices:
        if url not in found:
            found[url] = Entry(url, url.removeprefix("a/").rstrip("/") if url.startswith("a/") else url, today)
    return found
