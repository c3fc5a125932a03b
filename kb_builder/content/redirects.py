"""Redirects of retired URLs, ids and anchors: ``content/redirects.yml`` and ``redirect_from``.

Everything is keyed by place (see :mod:`kb_builder.content.old_urls`): ``faq/old/``, ``a/old-id/``,
``a/returns/#by-card``. The anchors of an article belong to its short link, so they survive a change of its URL.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from kb_builder.content.languages import folder_of, split_name
from kb_builder.content.old_urls import Place, SiteRoot, help_desk_id, parse_place
from kb_builder.content.redirect_chains import Chains, Gone, Rule, Target
from kb_builder.content.urls import HOST_FILES, RESERVED, SUBSCRIBED
from kb_builder.errors import Finding, InputError, Severity, clip, did_you_mean, in_order
from kb_builder.model import Article
from kb_builder.parsing import sources
from kb_builder.parsing.strict_yaml import Mapping as YamlMapping
from kb_builder.parsing.strict_yaml import Node, Scalar, load

PATH: Final = "content/redirects.yml"
_FILES: Final = frozenset(
    (
        *SUBSCRIBED, *HOST_FILES, ".kb-site", "404.html", "api/happening.json", "favicon.ico", "llms-full.txt",
        "robots.txt", "search/index/manifest.json", "search/index/root.bin",
    )
)  # fmt: skip
"""Paths of the site that are not those of pages."""
_PAGE_FILES: Final = frozenset({"index.html", "index.md"})
_GONE_KEYS: Final = ("gone", "replaced_by", "withdrawn")


@dataclass(frozen=True, slots=True)
class Redirects:
    """The rules, each followed to its end. Keys are places."""

    targets: Mapping[str, Target]
    gone: Mapping[str, Gone]
    rules: Mapping[str, Rule]
    """Which rule a place comes from."""
    findings: tuple[Finding, ...]

    @property
    def paths(self) -> Mapping[str, str]:
        """Old URL → id of the article it leads to."""
        return {place: target.id for place, target in self.targets.items() if target.id and "#" not in place}


def read_redirects(
    root: Path,
    articles: Sequence[Article],
    site_url: str = "",
    *,
    translations: Iterable[Article] = (),
    declared: Sequence[str] = (),
    language: str = "",
) -> Redirects:
    """The redirects of the project in ``root``. ``articles`` are all of its articles, released or not.

    ``declared`` are the codes of its languages. With a ``language`` those that are about it, or about every one; the
    findings are those about it alone, since the language of the sources has all others.
    """
    rules, findings = read_rules(root, (*articles, *translations))
    if declared:
        rules, across = rules_in_language(rules, language, declared, SiteRoot(site_url))
        findings += across
    found = resolve(rules, articles, site_url)
    if language:
        own = {(rule.path, rule.line) for rule in rules if rule.language}
        return replace(found, findings=tuple(item for item in found.findings if (item.path, item.line) in own))
    return Redirects(found.targets, found.gone, found.rules, in_order((*findings, *found.findings)))


def read_rules(root: Path, articles: Iterable[Article]) -> tuple[list[Rule], list[Finding]]:
    """Every redirect as it was written, and the findings of reading ``redirects.yml``."""
    rules: list[Rule] = []
    findings: list[Finding] = []
    if (root / PATH).exists():
        try:
            rules, findings = parse_redirects(sources.read(root, PATH), PATH)
        except InputError as error:
            findings += error.findings
    for article in articles:
        if article.redirect_from:
            line = article.line_of("redirect_from")
            rules += (Rule(old, article.id, article.path, line) for old in article.redirect_from)
    return rules, findings


def rules_in_language(
    rules: Iterable[Rule], language: str, declared: Sequence[str], root: SiteRoot
) -> tuple[list[Rule], list[Finding]]:
    """The rules about ``language`` (empty for that of the sources) or about every one, with places as seen from the
    help centre of that language; and an error for each that leads from one language to another.

    A reason in a rule about every language is in that of the sources, and readers of others don't get it.
    """
    found: list[Rule] = []
    findings: list[Finding] = []
    for rule in rules:
        in_file = split_name(rule.path, declared)[1]
        old, place_in = _in_folder(rule.old, declared, root)
        target, target_in = _in_folder(rule.target, declared, root) if "/" in rule.target else (rule.target, place_in)
        its = place_in or in_file
        in_header = rule.path != PATH
        if target_in != place_in or (in_header and place_in and place_in != in_file):
            message = f'"{clip(rule.old)}" leads from one language to another'
            hint = "lead it to the id of the article; in a header say it in the file of its own language"
            findings.append(Finding(rule.path, rule.line, "redirect-across-languages", Severity.ERROR, message, hint))
        elif its in ("", language):
            gone = replace(rule.gone, reason="") if rule.gone and language and not its else rule.gone
            found.append(rule._replace(old=old, target=target, language=its, gone=gone))
    return found, findings


def _in_folder(text: str, declared: Sequence[str], root: SiteRoot) -> tuple[str, str]:
    """An address as seen from the help centre of its language, and the code of that; empty for the sources'."""
    try:
        url = parse_place(text, root).url
    except InputError:
        return text, ""
    for code in declared[1:]:
        if url.startswith(folder_of(code)) and url != folder_of(code):
            anchor = text.partition("#")[2]
            return url.removeprefix(folder_of(code)) + (f"#{anchor}" if anchor else ""), code
    return text, ""


def parse_redirects(text: str, path: str) -> tuple[list[Rule], list[Finding]]:
    """The lines of a ``redirects.yml``: old URL, id or anchor → id of an article, or ``{gone: reason}``.

    Raises InputError when it is no list of keys.
    """
    node = load(text, path, with_mistakes=True)
    if not isinstance(node, YamlMapping):
        if isinstance(node, Scalar) and node.unset:
            return [], []
        hint = "write one redirect a line: an old URL, a colon and the id of an article: faq/old-page/: track-order"
        message = "this file must consist of keys and values"
        raise InputError.of([Finding(path, node.line, "not-keys", Severity.ERROR, message, hint)])
    rules: list[Rule] = []
    findings = list(node.findings)
    for key, value in node.entries:
        if key.line in node.unsure:
            continue
        if isinstance(value, Scalar) and not value.unset:
            rules.append(Rule(key.text, value.text, path, key.line))
            continue
        try:
            rules.append(Rule(key.text, "", path, key.line, _parse_gone(value)))
        except InputError as error:
            message = f'"{clip(key.text)}" {error.problem}'
            findings.append(Finding(path, key.line, "bad-redirect", Severity.ERROR, message, error.hint))
    return rules, findings


def _parse_gone(node: Node) -> Gone:
    """``{gone: reason, replaced_by: id, withdrawn: date}``. Raises InputError, whose problem continues a sentence."""
    hint = "or to nothing any more: {gone: the reason}, {replaced_by: the-id}"
    if not isinstance(node, YamlMapping):
        raise InputError("must lead to the id of one article", hint=hint)
    values: dict[str, str] = {}
    for key, value in node.entries:
        if key.text not in _GONE_KEYS:
            meant = did_you_mean(key.text, _GONE_KEYS, hint)
            raise InputError(f'has an unknown key "{clip(key.text)}"', hint=meant)
        if not isinstance(value, Scalar):
            raise InputError(f'must have one line of text as "{key.text}"', hint=hint)
        values[key.text] = "" if value.unset else " ".join(value.text.split())
    if not values.keys() & {"gone", "replaced_by"}:
        raise InputError("says neither gone nor replaced_by", hint=hint)
    try:
        day = date.fromisoformat(values["withdrawn"]) if values.get("withdrawn") else None
    except ValueError:
        raise InputError('has no date as "withdrawn"', hint="write it like 2026-03-03") from None
    return Gone(values.get("gone", ""), values.get("replaced_by", ""), day)


def resolve(rules: Iterable[Rule], articles: Sequence[Article], site_url: str = "") -> Redirects:
    """Every place with what it leads to in the end, and a finding for each rule that can't be followed."""
    return _Resolver(rules, articles, SiteRoot(site_url)).resolve()


class _Resolver:
    def __init__(self, rules: Iterable[Rule], articles: Sequence[Article], root: SiteRoot) -> None:
        # Rules of one language go before those of all.
        self.rules = sorted(rules, key=lambda rule: (not rule.language, rule.path, rule.line, rule.old))
        self.root = root
        self.ids = {article.id: article for article in articles}
        self.urls = {article.url: article for article in articles}
        self.articles = articles
        self.first: dict[str, Rule] = {}
        self.findings: list[Finding] = []
        self.chains = Chains(self.first, self.ids, self.urls, root, self._is_page)

    def resolve(self) -> Redirects:
        for rule in self.rules:
            self._add(rule)
        self._add_help_desk_ids()
        targets: dict[str, Target] = {}
        gone: dict[str, Gone] = {}
        for place, rule in sorted(self.first.items()):
            end = self._end(place, rule)
            if isinstance(end, Gone):
                gone[place] = end
            elif end is not None:
                targets[place] = end
        return Redirects(targets, gone, self.first, in_order(self.findings))

    @cached_property
    def folders(self) -> Mapping[str, str]:
        """URL without its last slash of each category, case-folded → as it is."""
        found: dict[str, str] = {}
        for folder in {article.url.strip("/").rpartition("/")[0] for article in self.articles}:
            while folder and folder.casefold() not in found:
                found[folder.casefold()] = folder
                folder = folder.rpartition("/")[0]
        return found

    @cached_property
    def taken(self) -> dict[str, str]:
        """URLs in use, case-folded, with a description of the page there."""
        pages = dict.fromkeys((*_FILES, *RESERVED), "a page of the site")
        pages |= dict.fromkeys(self.folders, "the page of that category")
        pages |= {article.url.strip("/").casefold(): article.path for article in self.articles}
        return pages | {f"a/{article.id}": f"the short link of {article.path}" for article in self.articles}

    def _add(self, rule: Rule) -> None:
        try:
            place = parse_place(rule.old, self.root)
        except InputError as error:
            self._report(rule, "bad-redirect", f'"{clip(rule.old)}" {error.problem}', error.hint)
            return
        if self.root.is_out_of_reach(rule.old.strip()):
            message = f'"{clip(rule.old)}" is outside of this site, which is at {self.root.url}'
            hint = "only the server of that address can redirect it: do it there, and remove this"
            self._report(rule, "redirect-out-of-reach", message, hint, Severity.WARNING)
        if place.anchor:
            self._add_place(rule, self._anchor_place(place))
            return
        own = self.ids.get(rule.target)
        if own and own.url == place.url:
            message = f'"{clip(rule.old)}" is the URL of the article itself'
            self._report(rule, "redirect-to-itself", message, "remove it", Severity.WARNING)
            return
        urls = [place.url]
        # A bare name may be an old path or an old id: both redirect. The article's own id is not an old one.
        if place.id and not place.url.startswith("a/") and place.id != rule.target:
            urls.append(f"a/{place.id}/")
        for url in urls:
            there = self.taken.get(url.strip("/").casefold()) or _file_above(url)
            if there:
                message = f'"{clip(rule.old)}" is in use: {there}'
                # The page of a folder that moved may come back with a new article in that folder, and then wins.
                list_to_list = rule.target.startswith("/") and url.strip("/").casefold() in self.folders
                severity = Severity.WARNING if list_to_list else Severity.ERROR
                hint = "a URL that has a page of its own can't be a redirect"
                self._report(rule, "redirect-clash", message, hint, severity)
            else:
                self._add_place(rule, url)

    def _add_place(self, rule: Rule, place: str) -> None:
        other = self.first.setdefault(place, rule)
        own = other.language and not rule.language
        if not own and (other.target, other.gone) != (rule.target, rule.gone):
            message = f'"{clip(rule.old)}" already leads to "{clip(other.target or "a notice")}"'
            self._report(rule, "redirect-clash", message, f"see {other.path}:{other.line}; keep one of them")

    def _anchor_place(self, place: Place) -> str:
        """The key of an anchor: below the short link where its page is an article or an old id."""
        article = self.ids.get(place.id) or self.urls.get(place.url)
        id = article.id if article else place.id
        return f"a/{id}/#{place.anchor}" if id else str(place)

    def _add_help_desk_ids(self) -> None:
        """Let the number of another help desk's article lead where its URL leads, in any locale and with any slug."""
        for url, rule in list(self.first.items()):
            number = "" if "#" in url else help_desk_id(url)
            if number and number not in self.ids:
                self.first.setdefault(f"a/{number}/", rule)

    def _end(self, place: str, rule: Rule) -> Target | Gone | None:
        """The end of a chain of rules; None after a finding."""
        end = self.chains.end(place)
        if end.problem:
            self._report(rule, end.problem.code, end.problem.about(rule), end.problem.hint)
            return None
        if end.gone is None:
            return end.target
        if "#" in place and "#" not in end.place:
            return Target(url=end.place)  # It moved to a page that was withdrawn since: to its notice.
        return self._replaced(rule, end.gone)

    def _is_page(self, url: str) -> bool:
        name = url.strip("/")
        return self.folders.get(name.casefold()) == name or name.partition("/")[0] in RESERVED - {"a"}

    def _replaced(self, rule: Rule, gone: Gone) -> Gone:
        """``gone`` with the article that replaces it now, after the rules for that one's id."""
        successor = self.chains.successor(gone.replaced_by)
        if successor is None:
            problem = self.chains.unknown(gone.replaced_by)
            self._report(rule, problem.code, problem.about(rule), problem.hint)
        return Gone(gone.reason, successor or "", gone.withdrawn)

    def _report(self, rule: Rule, code: str, message: str, hint: str = "", severity: Severity = Severity.ERROR) -> None:
        self.findings.append(Finding(rule.path, rule.line, code, severity, message, hint))


def _file_above(url: str) -> str:
    """The file that prevents the folder of a redirect page; empty if none does."""
    parts = url.strip("/").casefold().split("/")
    above = {"/".join(parts[:end]) for end in range(1, len(parts))}
    return "a file of the site" if above & _FILES or _PAGE_FILES.intersection(parts[:-1]) else ""
