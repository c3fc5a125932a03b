"""Chains of redirects: what is at the end of each. Every step is taken once, however many chains share it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from kb_builder.content.old_urls import SiteRoot, parse_place
from kb_builder.errors import InputError, clip, did_you_mean, nearest
from kb_builder.model import Article

_TARGETS: Final = "redirects lead to the id of an article"


@dataclass(frozen=True, slots=True)
class Gone:
    """Why nothing is at a place any more. ``replaced_by`` is the id of another article, or empty."""

    reason: str = ""
    replaced_by: str = ""
    withdrawn: date | None = None


class Rule(NamedTuple):
    """One redirect as an author wrote it: where ``old`` leads, and the line that says so."""

    old: str
    target: str
    path: str
    line: int
    gone: Gone | None = None
    language: str = ""
    """The code of the only language it is about, without which it is about the places of every language."""


class Target(NamedTuple):
    """Where a place leads: to an article by its id, or to another page by its site-relative URL, empty for the home."""

    id: str = ""
    url: str = ""
    anchor: str = ""
    carried: bool = False
    """Whether a redirect of a whole page took the anchor along, so that the page at its end may not have it."""


class Problem(NamedTuple):
    """Why a chain has no end: what the Finding says. ``continues``: the message is the rest of a sentence that
    begins with the rule it is about."""

    code: str
    message: str
    hint: str
    continues: bool = True

    def about(self, rule: Rule) -> str:
        """The message of the finding about ``rule``."""
        return f'"{clip(rule.old)}" {self.message}' if self.continues else self.message


class End(NamedTuple):
    """The end of a chain of rules, which the rule of ``place`` leads to."""

    place: str
    target: Target = Target()
    gone: Gone | None = None
    problem: Problem | None = None


@dataclass
class Chains:
    """``first`` maps each place to its rule, ``ids`` and ``urls`` are all articles; ``is_page`` says whether a URL is
    a page without being an article's."""

    first: Mapping[str, Rule]
    ids: Mapping[str, Article]
    urls: Mapping[str, Article]
    root: SiteRoot
    is_page: Callable[[str], bool]
    _ends: dict[tuple[str, str], End] = field(default_factory=dict)
    _successors: dict[str, str | None] = field(default_factory=dict)

    def end(self, place: str) -> End:
        """The end of the chain that starts with the rule of ``place``."""
        passed: dict[tuple[str, str], None] = {}
        step = (place, "")
        while step not in self._ends:
            if step in passed:
                loop = Problem("redirect-loop", "is part of a loop", "end it at an article")
                self._ends[step] = End(step[0], problem=loop)
                break
            passed[step] = None
            found = self._next(*step)
            if isinstance(found, End):
                self._ends[step] = found
                break
            step = found
        end = self._ends[step]
        self._ends |= dict.fromkeys(passed, end)
        return end

    def _next(self, place: str, anchor: str) -> End | tuple[str, str]:
        """Where the rule of ``place`` leads: to an end, or to the place and with the anchor where another continues.

        ``anchor`` was carried along so far.
        """
        rule = self.first[place]
        if rule.gone is not None:
            return End(place, gone=rule.gone)
        text = rule.target.strip()
        if self.root.is_elsewhere(text):
            message, hint = f"leads to another site: {clip(text)}", "link to it from an article"
            return End(place, problem=Problem("unknown-target", message, hint))
        if self.root.is_home(text):
            return End(place)
        try:
            there = parse_place(text, self.root)
        except InputError:
            return End(place, problem=self.unknown(text))
        carried = bool(anchor) and not there.anchor
        anchor = there.anchor or anchor
        article = self.ids.get(there.id) if "/" not in text.partition("#")[0] or there.url.startswith("a/") else None
        article = article or self.urls.get(there.url)
        if article:
            onward = f"a/{article.id}/#{anchor}"
            return (onward, "") if onward in self.first else End(place, Target(article.id, "", anchor, carried))
        for url in ((f"a/{there.id}/",) if there.id else ()) + (there.url,):
            if f"{url}#{anchor}" in self.first:
                return f"{url}#{anchor}", ""
            if url in self.first:
                return url, anchor
        if "/" in text and self.is_page(there.url):
            return End(place, Target("", there.url, anchor, carried))
        return End(place, problem=self.unknown(text))

    def successor(self, id: str) -> str | None:
        """The article that answers for ``id`` in the end; empty if all of them are gone, None if one is unknown."""
        passed: list[str] = []
        while id not in self._successors:
            passed.append(id)
            self._successors[id] = ""  # Ids that replace each other in a loop leave nothing.
            if not id or id in self.ids:
                self._successors[id] = id
            elif f"a/{id}/" not in self.first:
                self._successors[id] = None
            else:
                end = self.end(f"a/{id}/")
                id = end.gone.replaced_by if end.gone else end.target.id
        successor = self._successors[id]
        self._successors |= dict.fromkeys(passed, successor)
        return successor

    def unknown(self, target: str) -> Problem:
        """The problem of a rule whose ``target`` is no page and no article, with the nearest name as hint."""
        path = target.partition("#")[0].strip("/")
        if "/" in target and path.partition("/")[0] != "a":
            meant = nearest(path, (url.rstrip("/") for url in self.urls))
            hint = f'did you mean "/{meant}/"?' if meant else _TARGETS
            return Problem("unknown-target", f'there is no page at "{clip(target)}"', hint, continues=False)
        hint = did_you_mean(target, self.ids, _TARGETS)
        return Problem("unknown-target", f'no article has the id "{clip(target)}"', hint, continues=False)
