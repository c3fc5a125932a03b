"""Old addresses and old ids, and the articles they lead to: ``content/redirects.yml`` and ``redirect_from``."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from kb_builder.content.urls import RESERVED
from kb_builder.errors import Finding, InputError, Severity, in_order
from kb_builder.model import Article
from kb_builder.parsing import sources
from kb_builder.parsing.schemas import nearest
from kb_builder.parsing.strict_yaml import Mapping as YamlMapping
from kb_builder.parsing.strict_yaml import Scalar, load
from kb_builder.parsing.yaml_errors import clip

PATH: Final = "content/redirects.yml"
_FILES: Final = ("404.html", "llms.txt", "robots.txt", "sitemap.xml")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_TARGETS: Final = "redirects lead to the id of an article"
_UNUSABLE: Final = re.compile(r'[\x00-\x1f\x7f<>"\\|?*#]')


@dataclass(frozen=True, slots=True)
class Redirects:
    """``paths`` maps an old site-relative URL to the id of an article; an old id is there as ``a/<id>/``."""

    paths: Mapping[str, str]
    findings: tuple[Finding, ...]


class Rule(NamedTuple):
    """One redirect as an author wrote it: where ``old`` leads, and the line that says so."""

    old: str
    target: str
    path: str
    line: int


def read_redirects(root: Path, articles: Sequence[Article]) -> Redirects:
    """The redirects of the project in ``root``. ``articles`` are all of its articles, released or not."""
    rules, findings = read_rules(root, articles)
    found = resolve(rules, articles)
    return Redirects(found.paths, in_order((*findings, *found.findings)))


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


def parse_redirects(text: str, path: str) -> tuple[list[Rule], list[Finding]]:
    """The lines of a ``redirects.yml``: old address or old id → id of an article."""
    node = load(text, path)
    if not isinstance(node, YamlMapping):
        hint = "write one redirect a line: an old URL, a colon and the id of an article: faq/old-page/: track-order"
        message = "this file must consist of keys and values"
        raise InputError.of([Finding(path, node.line, "not-keys", Severity.ERROR, message, hint)])
    rules: list[Rule] = []
    findings = list(node.findings)
    for key, value in node.entries:
        if isinstance(value, Scalar) and not value.unset:
            rules.append(Rule(key.text, value.text, path, key.line))
        else:
            message = f'"{clip(key.text)}" must lead to the id of one article'
            findings.append(Finding(path, key.line, "bad-redirect", Severity.ERROR, message))
    return rules, findings


def resolve(rules: Iterable[Rule], articles: Sequence[Article]) -> Redirects:
    """Every old URL with the article it ends at, and a finding for each rule that can't be followed."""
    return _Resolver(rules, articles).resolve()


def old_url(text: str) -> str:
    """An old address as a site-relative URL: ``https://old.example.com/faq/x`` → ``faq/x/``.

    A name that ends in ``.html`` keeps it, but ``index.html`` is its folder. Raises InputError, whose problem continues
    a sentence that begins with the quoted address.
    """
    try:
        split = urlsplit(text.strip())
        path = unicodedata.normalize("NFC", unquote(split.path, errors="strict")).strip("/")
    except ValueError:
        raise InputError("is not an address") from None
    if split.query or split.fragment:
        raise InputError("has a query or a fragment", hint="static files can redirect paths only: leave out ? and #")
    parts = path.removesuffix("index.html").strip("/").split("/")
    if any(not part or part in {".", ".."} or len(part.encode()) > 200 for part in parts) or _UNUSABLE.search(path):
        raise InputError("is not an address that can be redirected", hint="write it like faq/old-page/")
    if any(part.endswith(".html") for part in parts[:-1]):
        raise InputError("continues after .html", hint="write it like faq/old-page.html")
    return "/".join(parts) + ("" if parts[-1].endswith(".html") else "/")


class _Resolver:
    def __init__(self, rules: Iterable[Rule], articles: Sequence[Article]) -> None:
        self.rules = sorted(rules, key=lambda rule: (rule.path, rule.line, rule.old))
        self.ids = {article.id: article for article in articles}
        self.urls = {article.url: article for article in articles}
        self.articles = articles
        self.first: dict[str, Rule] = {}
        self.findings: list[Finding] = []

    def resolve(self) -> Redirects:
        for rule in self.rules:
            self._add(rule)
        paths: dict[str, str] = {}
        for url, rule in self.first.items():
            article_id = self._end(rule)
            if article_id:
                paths[url] = article_id
        return Redirects(dict(sorted(paths.items())), in_order(self.findings))

    @cached_property
    def taken(self) -> dict[str, str]:
        """URLs in use, case-folded, with a description of the page there."""
        pages = dict.fromkeys((*_FILES, *RESERVED), "a page of the site")
        for folder in {article.url.strip("/").rpartition("/")[0] for article in self.articles}:
            while folder and folder.casefold() not in pages:
                pages[folder.casefold()] = "the page of that category"
                folder = folder.rpartition("/")[0]
        pages |= {article.url.strip("/").casefold(): article.path for article in self.articles}
        return pages | {f"a/{article.id}": f"the short link of {article.path}" for article in self.articles}

    def _add(self, rule: Rule) -> None:
        try:
            urls = [old_url(rule.old)]
        except InputError as error:
            self._report(rule, "bad-redirect", f'"{clip(rule.old)}" {error.problem}', error.hint)
            return
        own = self.ids.get(rule.target)
        if own and own.url == urls[0]:
            message = f'"{clip(rule.old)}" is the URL of the article itself'
            self._report(rule, "redirect-to-itself", message, "remove it", Severity.WARNING)
            return
        # A bare name may be an old path or an old id: both redirect. The article's own id is not an old one.
        if _ID.fullmatch(rule.old.strip()) and rule.old.strip() != rule.target:
            urls.append(f"a/{rule.old.strip()}/")
        for url in urls:
            there = self.taken.get(url.strip("/").casefold())
            other = self.first.setdefault(url, rule) if there is None else rule
            if there is not None:
                message = f'"{clip(rule.old)}" is in use: {there}'
                self._report(rule, "redirect-clash", message, "a URL that has a page of its own can't be a redirect")
            elif other.target != rule.target:
                message = f'"{clip(rule.old)}" already leads to "{clip(other.target)}"'
                self._report(rule, "redirect-clash", message, f"see {other.path}:{other.line}; keep one of them")

    def _end(self, rule: Rule) -> str:
        """The id of the article at the end of a chain of redirects, or an empty string after a finding."""
        passed = [rule]
        while (target := passed[-1].target) not in self.ids:
            onward = self._onward(target)
            if onward is None:
                self._report_unknown(rule, target)
                return ""
            if onward in passed:
                self._report(rule, "redirect-loop", f'"{clip(rule.old)}" is part of a loop', "end it at an article")
                return ""
            passed.append(onward)
        if len(passed) > 1:
            message = f'"{clip(rule.old)}" leads to "{clip(rule.target)}", which is itself an old address'
            self._report(rule, "redirect-chain", message, f"write {target}", Severity.WARNING)
        return target

    def _onward(self, target: str) -> Rule | None:
        if _ID.fullmatch(target) and f"a/{target}/" in self.first:
            return self.first[f"a/{target}/"]
        try:
            return self.first.get(old_url(target))
        except InputError:
            return None

    def _report_unknown(self, rule: Rule, target: str) -> None:
        try:
            live = self.urls.get(old_url(target))
        except InputError:
            live = None
        meant = live.id if live else nearest(target, self.ids)
        hint = (
            f"write {meant}"
            if live
            else f'did you mean "{meant}"?'
            if meant
            else "redirects lead to the id of an article"
        )
        self._report(rule, "unknown-target", f'no article has the id "{clip(target)}"', hint)

    def _report(self, rule: Rule, code: str, message: str, hint: str = "", severity: Severity = Severity.ERROR) -> None:
        self.findings.append(Finding(rule.path, rule.line, code, severity, message, hint))
