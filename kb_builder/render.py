"""The one function that makes a page: a template, a context, bytes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from kb_builder.body import cut_section, rewrite_targets
from kb_builder.config import THEME
from kb_builder.contexts import AnnouncementPage, ArticlePage, Site
from kb_builder.language import Language
from kb_builder.links import relative
from kb_builder.pages import BodySource, Page
from kb_builder.template_mistakes import told_with_their_line


def environment(folders: Sequence[str]) -> Environment:
    """Templates looked up in ``folders``, in their order. Everything is escaped; an unknown name is an error."""
    return Environment(
        loader=FileSystemLoader(folders), autoescape=True, auto_reload=False, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


@dataclass(frozen=True)
class Renderer:
    """Renders the pages of one site. ``assets`` is the site-relative folder of the theme's files."""

    templates: Environment
    site: Site
    assets: str
    language: Language = field(default_factory=Language)
    _frames: dict[tuple[str, str], Markup] = field(default_factory=dict)
    """Folder and part → the part."""

    def warm_up(self) -> None:
        """Compile what most pages are made by, so that workers forked later have it."""
        components = (path.relative_to(THEME).as_posix() for path in sorted(THEME.glob("components/*/*.html")))
        for name in ("article.html", "layout.html", "frame.html", "redirect.html", *components):
            with told_with_their_line(self.templates, name):
                self.templates.get_template(name)

    def render(self, page: Page, html: str = "") -> bytes:
        """The finished page. ``html`` is the body of ``page.body``, as its author's links have it."""
        context = self.context(page, html)
        with told_with_their_line(self.templates, page.template):
            return self.templates.get_template(page.template).render(context).encode()

    def context(self, page: Page, html: str = "") -> Mapping[str, object]:
        """What the template of ``page`` is given (see :mod:`kb_builder.contexts`)."""
        link = self._linker(page)
        content = page.context
        if page.body is not None:
            body, changes = _finish(page.body, _labelled(html, self.language), link)
            if isinstance(content, ArticlePage):
                content = replace(content, body=body, changes=changes)
            elif isinstance(content, AnnouncementPage):
                content = replace(content, body=body)
        given: dict[str, object] = {
            "site": self.site,
            "page": content,
            "word": self.language.word,
            "day_in_words": self.language.day,
            "moment_in_words": self.language.moment,
            "link": link,
            "asset": lambda name: link(self.assets + name),
        }
        given["frame"] = partial(self._frame, page, given)
        return given

    def _frame(self, page: Page, given: Mapping[str, object], part: str) -> Markup:
        """A part of the frame. Seen from two articles of one folder its links are the same, and so is the part."""
        in_menu = any(card.url == page.url for card in self.site.categories)
        shared = page.context.common.kind in ("article", "policy") and not in_menu
        key = (page.url.rstrip("/").rpartition("/")[0], part)
        if not shared or key not in self._frames:
            made = Markup(self.templates.get_template("frame.html").render(given, part=part))
            if not shared:
                return made
            self._frames[key] = made
        return self._frames[key]

    def _linker(self, page: Page) -> Callable[[str], str]:
        if page.context.common.kind == "not-found":
            # Served at any depth, so its links start at the root of the site.
            root = urlsplit(self.site.url).path or "/"
            return lambda url: relative("", url) if url.startswith(("#", "http")) or ":" in url else root + url
        return lambda url: relative(page.url, url)


_LABELS: Final = ("Link to this section", "Table", "Done", "To do")
"""What ``body`` writes in English for readers who listen: bodies are kept, whatever the language of the pages."""


def _labelled(html: str, language: Language) -> str:
    for label in _LABELS:
        if (word := language.word(label)) != label:
            html = html.replace(f'aria-label="{label}"', f'aria-label="{escape(word)}"')
    return html


def _finish(source: BodySource, html: str, link: Callable[[str], str]) -> tuple[Markup, Markup]:
    # The home page's address is empty, and a link to it is one all the same.
    targets = {written: None if target is None else link(target) for written, target in source.targets}
    body = rewrite_targets(html, targets, dict(source.sizes))
    changes = ""
    if source.changes_anchor:
        body, changes = cut_section(body, source.changes_anchor)
    return Markup(body), Markup(changes)
