"""The history of an address: what it was, since when, and where it leads now."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches

from kb_builder.content.inventory import Entry
from kb_builder.content.old_urls import Place, SiteRoot, is_media, parse_place
from kb_builder.errors import InputError
from kb_builder.markdown.anchors import find_anchor
from kb_builder.pages.live import COPY
from kb_builder.pages.relative_urls import encoded
from kb_builder.pipeline.site import Site


@dataclass(frozen=True, slots=True)
class AddressHistory:
    """``address`` and ``leads_to`` are full URLs; ``leads_to`` is empty where nothing answers. Dates are ISO dates, or
    empty."""

    address: str
    kind: str
    since: str
    withdrawn: str
    leads_to: str
    lines: tuple[str, ...]


def history_of(sites: Sequence[Site], text: str) -> AddressHistory:
    """The history of the address ``text``; ``sites`` are those of all languages, that of the sources first.

    Raises InputError when it is none, or none that was ever public.
    """
    text = re.sub(r"\?[^#]*", "", text)  # The parameters of trackers decide nothing on a static site.
    site, text = _site_of(sites, text)
    url = site.project.settings.url
    if SiteRoot(url).is_out_of_reach(text):
        raise InputError(f'"{text}" is outside of this site', hint=f"its addresses begin with {url}")
    if SiteRoot(url).is_home(text):
        return AddressHistory(url, "the home page", "", "", url, (url, "  the home page"))
    try:
        place = parse_place(text, SiteRoot(url))
    except InputError as error:
        raise InputError(f'"{text}" {error.problem}', hint=error.hint) from None
    entries = site.retirement.entries
    known = _key(site, place)
    entry = entries.get(known) or (Entry(known) if known in site.project.redirects.rules else None)
    if entry is None:
        folder = site.project.folder
        near = get_close_matches(str(place), entries, n=1)
        hint = f"did you mean /{folder}{near[0]}?" if near else "content/links.csv lists every address that was"
        raise InputError(f'no address "/{folder}{place}" was ever public', hint=hint)
    leads_to, how = _now(site, known)
    kind = _kind(entry)
    owner = f" of {entry.id}" if entry.id else ""
    lines = [f"{url}{encoded(known)}", f"  {kind}{owner}" + (f", public since {entry.since}" if entry.since else "")]
    if entry.withdrawn:
        lines.append(f"  withdrawn on {entry.withdrawn}")
    lines.append(f"  {how}{f': {url}{encoded(leads_to)}' if leads_to is not None else ''}")
    if rule := site.project.redirects.rules.get(known):
        lines.append(f"  as {rule.path}:{rule.line} says")
    whole = "" if leads_to is None else url + encoded(leads_to)
    return AddressHistory(url + encoded(known), kind, entry.since, entry.withdrawn, whole, tuple(lines))


def _site_of(sites: Sequence[Site], text: str) -> tuple[Site, str]:
    """The site of the language in whose folder an address is, and the address as seen from there."""
    root = SiteRoot(sites[0].project.settings.url)
    with suppress(InputError):
        place = parse_place(text, root)
        for site in sites[1:]:
            folder = site.project.folder
            if place.url.startswith(folder):
                return site, str(place).removeprefix(folder) or "/"
    return sites[0], text


def _key(site: Site, place: Place) -> str:
    """``place`` as the inventory has it: the anchors of a page belong to its article."""
    id = site.retirement.live.pages.get(place.url) or place.id
    return f"a/{id}/#{place.anchor}" if id and place.anchor else str(place)


def _kind(entry: Entry) -> str:
    address = entry.address
    first = address.partition("/")[0]
    if "#" in address:
        return "an anchor"
    if address.endswith(COPY):
        return "a Markdown copy"
    if is_media(address):
        return "a picture or download"
    kinds = {"a": "a short link", "feeds": "a feed", "s": "a segment page"}
    return kinds.get(first) or ("a page" if entry.id else "a page of the site")


def _now(site: Site, address: str) -> tuple[str | None, str]:
    """Where an address leads, site-relative, and how."""
    retirement, live = site.retirement, site.retirement.live
    url, mark, anchor = address.partition("#")
    if mark:
        target = retirement.addresses.link_targets.get(address)
        article = live.articles.get(url.removeprefix("a/").rstrip("/"))
        if target:
            return target, "leads to"
        if article and (found := find_anchor(live.outline_of(article), anchor)):
            return f"{article.url}#{found}", "is a heading of"
        return _now(site, url)[0], "opens the page"
    retired = retirement.retired
    if id := live.pages.get(address):
        return live.articles[id].url, "leads to" if address.startswith("a/") else "is the page of the article"
    if address in live.addresses:
        return address, "is there"
    if found := retired.redirects.get(address) or retired.media.get(address):
        return found, "leads to"
    if address in retired.notices:
        return address, "shows a notice"
    if address in retired.copies:
        return address, "is there" if retired.copies[address] else "says that the answer was withdrawn"
    return None, "leads nowhere: kb check says how to keep it"
