"""Retires addresses: what each one becomes that was published once and has no page of its own in this build.

Pure: addresses that were public once, the pages of this build and the redirects go in; redirects, notices and errors
come out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from kb_builder.content.inventory import PATH as INVENTORY
from kb_builder.content.inventory import Entry
from kb_builder.content.old_urls import is_media
from kb_builder.content.redirect_chains import Gone, Rule, Target
from kb_builder.content.redirects import PATH as REDIRECTS
from kb_builder.content.redirects import Redirects
from kb_builder.content.urls import RESERVED
from kb_builder.errors import Finding, Severity, in_order
from kb_builder.markdown.anchors import find_anchor, nearest_anchor
from kb_builder.model import Announcement, Article, Outline
from kb_builder.pages.live import COPY, Live
from kb_builder.pages.published_addresses import Retired, withdrawn_ids
from kb_builder.pages.retired_media import RetiredMedia


def retire(
    once_public: Mapping[str, Entry], live: Live, redirects: Redirects, withheld: Iterable[Article | Announcement]
) -> Retired:
    """The redirect or notice of every address that was public once, or is redirected, and has no page in this build."""
    return _Retirement(once_public, live, redirects, withheld).run()


def wrong_anchors(
    redirects: Redirects, live: Mapping[str, Article], outlines: Mapping[str, Outline]
) -> Iterator[Finding]:
    """An error for each redirect to an anchor that its article lacks, also where other articles can't be read.

    ``live`` and ``outlines`` are keyed by id.
    """
    for place, target in redirects.targets.items():
        article = live.get(target.id) if target.anchor and not target.carried else None
        if article is not None and find_anchor(outlines[article.id], target.anchor) is None:
            yield _wrong_anchor(redirects.rules[place], target, article, outlines[article.id])


def _wrong_anchor(rule: Rule, target: Target, article: Article, outline: Outline) -> Finding:
    message = f'"{rule.old}" leads to "#{target.anchor}", which no heading of {article.path} has'
    hint = nearest_anchor(outline, target.anchor)
    return Finding(rule.path, rule.line, "unknown-target", Severity.ERROR, message, hint)


class _Retirement:
    def __init__(
        self, once_public: Mapping[str, Entry], live: Live, rules: Redirects, withheld: Iterable[Article | Announcement]
    ) -> None:
        self.once_public, self.live, self.rules = once_public, live, rules
        items = tuple(withheld)
        self.withdrawn = withdrawn_ids(once_public, items)
        self.hidden_urls = {item.url for item in items if isinstance(item, Announcement)}
        self.hidden_files = {item.id: item.path for item in items if isinstance(item, Article)}
        self.redirects: dict[str, str] = {}
        self.notices: dict[str, Gone] = {}
        self.copies: dict[str, str] = {}
        self.media: dict[str, str] = {}
        self.findings: list[Finding] = []
        self.files: dict[str, str] = {}
        self.lost: dict[str, list[str]] = defaultdict(list)

    def run(self) -> Retired:
        for place, target in self.rules.targets.items():
            self._follow(place, target)
        for place, gone in self.rules.gone.items():
            if "#" not in place and place not in self.live.pages:
                self.notices[place] = self._notice_of(gone, self.once_public.get(place))
        missing = self.once_public.keys() - self.live.addresses.keys()
        pages = [address for address in missing if "#" not in address and not self._is_file(address)]
        answered = self.redirects.keys() | self.notices.keys()
        for address in sorted(pages):
            # The inventory may name a file of an older site, which redirects name like any other page.
            if not answered & {address, f"{address}/"}:
                self._retire_page(self.once_public[address])
        for address in sorted(missing.difference(pages)):
            settle = self._check_anchor if "#" in address else self._retire_file
            settle(self.once_public[address])
        self._check_reuse()
        derived = frozenset(self.redirects.keys() - self.rules.targets.keys())
        lost = {id: addresses for id, addresses in self.lost.items() if addresses}
        return Retired(
            self.redirects, derived, self.notices, self.copies, self.media, self.files, lost, in_order(self.findings)
        )

    def _is_file(self, address: str) -> bool:
        own = address.removeprefix(self._former_language(address))
        return is_media(own) or own.endswith(f"/{COPY}") or own == COPY or own in self.live.files

    def _former_language(self, address: str) -> str:
        """The folder of the language that an address was in, if it is none of the site's any more; or empty."""
        folder = f"{address.partition('/')[0]}/"
        return folder if folder in self._former_languages else ""

    @cached_property
    def _former_languages(self) -> frozenset[str]:
        """Only a language has short links in a folder of its own."""
        parts = (address.split("/", 3) for address in self.once_public if "/a/" in address)
        return frozenset(f"{part[0]}/" for part in parts if len(part) == 4 and part[1] == "a" and not part[3])

    def _is_recorded(self, language: str) -> bool:
        return language in self.redirects or language in self.notices

    def _follow(self, place: str, target: Target) -> None:
        """Publishes a redirect, or the notice it leads to."""
        url, _, anchor = place.partition("#")
        if not anchor and url in self.live.pages:
            return
        if target.id in self.withdrawn and not anchor:
            self.notices[url] = self._notice(target.id)
            return
        if (leads_to := self._url(place, target)) is None:
            return
        if not anchor:
            self.redirects[url] = leads_to
            return
        owner = self.live.articles.get(url.removeprefix("a/").rstrip("/")) if url.startswith("a/") else None
        if owner is None or owner.language:
            return  # A translation may keep a heading that its source has moved.
        if any(heading.anchor == anchor for heading in self.live.outline_of(owner).headings):
            rule = self.rules.rules[place]
            message = f'"{rule.old}" is in use: a heading of {owner.path}'
            hint = "give the heading another anchor, or remove this line"
            self._report(rule.path, rule.line, "redirect-clash", Severity.ERROR, message, hint)

    def _url(self, place: str, target: Target) -> str | None:
        """The URL of a target in this build; None where there is none, after a finding if that is a mistake."""
        rule = self.rules.rules[place]
        article = self.live.articles.get(target.id)
        if target.id and article is None:
            path = self.hidden_files.get(target.id)
            if rule.path == REDIRECTS and target.id not in self.withdrawn:
                message = f'"{rule.old}" leads to "{target.id}", which is not published'
                hint = f"it starts to work when {path or 'that article'} is public"
                self._report(rule.path, rule.line, "redirect-to-withheld", Severity.WARNING, message, hint)
            return None
        if article is None:
            if target.url not in self.live.pages and target.url not in self.rules.gone:
                if target.url.partition("/")[0] not in RESERVED:
                    # A list of articles that are all withheld now, which no date and no withdrawal may make an error.
                    above = self._successor(target.url) or self._above(target.url)
                    message = f'"{rule.old}" leads to "{target.url}", where nothing is published'
                    hint = f'until something is, it leads to "/{above}"'
                    self._report(rule.path, rule.line, "redirect-to-withheld", Severity.WARNING, message, hint)
                    return above
                message = f'there is no page at "{target.url}"'
                near = get_close_matches(target.url, self.live.pages, n=1)
                hint = f'did you mean "/{near[0]}"?' if near else "redirects lead to the id of an article"
                self._report(rule.path, rule.line, "unknown-target", Severity.ERROR, message, hint)
                return None
            return target.url + (f"#{target.anchor}" if target.anchor else "")
        if not target.anchor:
            return article.url
        outline = self.live.outline_of(article)
        found = find_anchor(outline, target.anchor)
        if found is None and (target.carried or article.language):
            return article.url
        if found is None:
            self.findings.append(_wrong_anchor(rule, target, article, outline))
            return article.url
        return f"{article.url}#{found}"

    def _retire_page(self, entry: Entry) -> None:
        """A page that this build doesn't have and no rule names."""
        place = f"a/{entry.id}/"
        language = self._former_language(entry.address)
        if entry.id in self.withdrawn:
            self.notices[entry.address] = self._notice(entry.id)
        elif language and not self._is_recorded(language):
            self.lost[language].append(entry.address)
        elif language and entry.id in self.live.articles:
            self.redirects[entry.address] = self.live.articles[entry.id].url
        elif entry.id in self.live.articles:
            self.lost[entry.id].append(entry.address)
        elif place in self.notices:
            self.notices[entry.address] = self.notices[place]
        elif place in self.redirects:
            self.redirects[entry.address] = self.redirects[place]
        elif entry.id in self.live.elsewhere:
            self.redirects[entry.address] = self.live.elsewhere[entry.id]
        elif entry.id and (owner := self.once_public.get(place)) is not None and owner.withdrawn:
            # Its file was removed after the inventory recorded that it was withdrawn.
            self.notices[entry.address] = Gone(withdrawn=_day(owner))
        elif entry.id:
            self.lost[entry.id].append(entry.address)
        elif language:
            same = entry.address.removeprefix(language)
            self.redirects[entry.address] = same if same in self.live.pages else self._above(same)
        elif entry.address in self.hidden_urls:
            self.notices[entry.address] = Gone(withdrawn=_day(entry))
        elif (successor := self._successor(entry.address)) is not None:
            self.redirects[entry.address] = successor
        else:
            self.lost[""].append(entry.address)

    def _successor(self, address: str) -> str | None:
        """Where the page of a list leads once it is gone: to the list its articles are in now, or the one above it."""
        first = address.partition("/")[0]
        if first in ("all", "s"):
            return "all/" if first == "all" else "trending/"
        if address not in self._lists:
            return None
        inside = Counter(
            article.url.rstrip("/").rpartition("/")[0] + "/"
            for id in self._lists[address]
            if (article := self.live.articles.get(id)) is not None
        )
        for url, _ in sorted(inside.items(), key=lambda item: (-item[1], item[0])):
            if url in self.live.pages:
                return url
        return self._above(address)

    def _above(self, address: str) -> str:
        """The nearest list above that is published, or the home page."""
        while address := address.rstrip("/").rpartition("/")[0]:
            if f"{address}/" in self.live.pages:
                return f"{address}/"
        return ""

    @cached_property
    def _lists(self) -> Mapping[str, list[str]]:
        """Published URL of each category, and of its further pages → ids of the articles that were below it."""
        found: dict[str, list[str]] = {
            entry.address: [] for entry in self.once_public.values() if entry.leads_to and not entry.id
            and not is_media(entry.address) and "#" not in entry.address and entry.address[:14] != "announcements/"
        }  # fmt: skip
        for entry in self.once_public.values():
            if entry.id and "#" not in entry.address and not self._is_file(entry.address):
                above = entry.address.rstrip("/")
                while above := above.rpartition("/")[0]:
                    if f"{above}/" in found:
                        found[f"{above}/"].append(entry.id)
        for address in found:
            whole, _, number = address.rstrip("/").rpartition("/")
            if number.isdecimal() and f"{whole}/" in found:
                found[address] = found[f"{whole}/"]
        return found

    def _retire_file(self, entry: Entry) -> None:
        language = self._former_language(entry.address)
        own = entry.address.removeprefix(language)
        if is_media(own):
            self._retire_media(entry)
            return
        if language and not self._is_recorded(language):
            self.lost[language].append(entry.address)
            return
        if own in self.live.files:
            self.files[entry.address] = own
            return
        page = entry.address.removesuffix(COPY)
        if self.live.pages.get(page):
            return
        leads_to = self.redirects.get(page, "").partition("#")[0]
        self.copies[entry.address] = self.live.pages.get(leads_to, "") if leads_to else ""

    def _retire_media(self, entry: Entry) -> None:
        if entry.address in self.live.media or entry.address in self.rules.gone:
            return
        if found := self._pictures.successor(entry):
            self.media[entry.address] = found
        elif entry.leads_to and not entry.withdrawn:
            message = f'"/{self.live.folder}{entry.address}" is gone: no page shows {entry.leads_to} any more'
            hint = f'if that is meant, say so in {REDIRECTS}:  "/{self.live.folder}{entry.address}": {{gone: why}}'
            self._report(INVENTORY, 0, "media-gone", Severity.WARNING, message, hint)

    @cached_property
    def _pictures(self) -> RetiredMedia:
        folders = {old: target.url for old, target in self.rules.targets.items() if target.url}
        return RetiredMedia(self.live.media, self.once_public, folders)

    def _check_anchor(self, entry: Entry) -> None:
        url, _, anchor = entry.address.partition("#")
        if entry.address in self.rules.targets or entry.address in self.rules.gone:
            return
        article = self.live.articles.get(url.removeprefix("a/").rstrip("/"))
        if article is None or not url.startswith("a/"):
            # The page is an announcement's, or a redirect or a notice, which every anchor opens.
            own = self.live.anchors.get(url)
            if own is not None and anchor not in own:
                self.lost[""].append(entry.address)
            return
        outline = self.live.outline_of(article)
        if anchor in outline.anchors or article.fallback:
            return  # Shown in place of a translation, it opens at its top.
        known = get_close_matches(anchor, [h.anchor for h in outline.headings if h.anchor], n=1, cutoff=0.4)
        new = f"{article.id}#{known[0]}" if known else article.id
        message = f'"/{self.live.folder}{entry.address}" would be lost: no heading has the anchor "{anchor}" any more'
        hint = f"keep it:  ## Heading {{#{anchor}}}  or add to {REDIRECTS}:  {article.id}#{anchor}: {new}"
        self._report(article.path, article.body_line, "dead-anchor", Severity.ERROR, message, hint)

    def _check_reuse(self) -> None:
        """URLs at which another article answers than the one they were published for."""
        for address, owner in self.live.pages.items():
            entry = self.once_public.get(address)
            if not owner or entry is None or entry.id in ("", owner):
                continue
            short = f"a/{entry.id}/"
            if short in self.rules.targets and self.rules.targets[short].id == owner:
                continue
            if entry.id in self.live.articles or short in self.notices or short in self.redirects:
                here = self.live.articles[owner]
                message = f'"/{self.live.folder}{address}" was the URL of "{entry.id}" and now shows "{owner}"'
                there = self.live.articles.get(entry.id)
                took = f", or write id: {entry.id} in it again, which {there.path} has now" if there else ""
                hint = f"give {here.path} another name{took}"
                self._report(here.path, here.line_of("id"), "reused-url", Severity.ERROR, message, hint)
            else:
                self.lost[entry.id].append(address)

    def _notice(self, id: str) -> Gone:
        """Of an article that is a draft, for staff only, scheduled or expired."""
        article = self.withdrawn[id]
        expired = article.expiry_date.date() if article.expiry_date else None
        day = _day(self.once_public.get(f"a/{id}/")) or expired
        reason = self.rules.gone.get(f"a/{id}/", Gone()).reason
        return Gone(reason, article.replaced_by if article.replaced_by in self.live.articles else "", day)

    def _notice_of(self, gone: Gone, entry: Entry | None) -> Gone:
        replacement = gone.replaced_by if gone.replaced_by in self.live.articles else ""
        return Gone(gone.reason, replacement, gone.withdrawn or _day(entry))

    def _report(self, path: str, line: int, code: str, severity: Severity, message: str, hint: str) -> None:
        self.findings.append(Finding(path, line, code, severity, message, hint))


def _day(entry: Entry | None) -> date | None:
    """Since when an address is withdrawn, as the inventory has it."""
    return date.fromisoformat(entry.withdrawn) if entry and entry.withdrawn else None
