"""The one function that makes a page: a template, a context, bytes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from types import CodeType
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from markupsafe import Markup, escape

from kb_builder.config import THEME
from kb_builder.content.translations import Language
from kb_builder.markdown.convert import cut_section, rewrite_targets
from kb_builder.pages.contexts import AnnouncementPage, ArticlePage, Site, Teaser
from kb_builder.pages.links import relative
from kb_builder.pages.page import BodySource, Page, PageContext
from kb_builder.rendering.template_errors import told_with_their_line


class _Compiled(BytecodeCache):
    """Templates that this process compiled before: ``kb serve`` builds again and again, mostly by the same ones."""

    _known: ClassVar[dict[tuple[str, str], CodeType]] = {}
    """Name and folder, and text, both as hashes → code."""

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code


def environment(folders: Sequence[str]) -> Environment:
    """Templates looked up in ``folders``, in their order. Everything is escaped; an unknown name is an error.

    The filter ``icon`` draws an icon by its name.
    """
    made = Environment(
        loader=FileSystemLoader(folders), autoescape=True, auto_reload=False, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, bytecode_cache=_Compiled(),
    )  # fmt: skip

    drawn: dict[str, Markup] = {}

    @pass_context  # Or Jinja would compile the drawing into whatever names it, where a change of it is never seen.
    def icon(_: Context, name: str) -> Markup:
        if name not in drawn:
            module: Any = made.get_template("components/icon/icon.html").module
            drawn[name] = module.icon(name)
        return drawn[name]

    made.filters["icon"] = icon
    return made


class _Place:
    """What the pages beside each other have in common: how links look from there, and the parts of their frame."""

    def __init__(self, url: str) -> None:
        # Links are written as from a page that isn't there: each of those that are could be what a link leads to.
        folder, slash, _ = url.rstrip("/").rpartition("/")
        self._page = f"{folder}{slash}\0{'/' if url.endswith('/') else ''}"
        self._links: dict[str, str] = {}
        self.parts: dict[str, Markup] = {}

    def link(self, url: str) -> str:
        """The site-relative ``url`` as every page here writes it, but for what is at or below that page's address."""
        found = self._links.get(url)
        if found is None:
            found = self._links[url] = relative(self._page, url)
        return found


@dataclass(frozen=True)
class Renderer:
    """Renders the pages of one site. ``assets`` is the site-relative folder of the theme's files."""

    templates: Environment
    site: Site
    assets: str
    language: Language = field(default_factory=Language)
    _places: dict[tuple[object, ...], _Place] = field(default_factory=dict)
    _items: dict[tuple[str, str], str] = field(default_factory=dict)
    """Address and title → that item of a list of links."""

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
        """What the template of ``page`` is given (see :mod:`kb_builder.pages.contexts`)."""
        content = page.context
        common = content.common
        key = (common.kind, page.url.rstrip("/").rpartition("/")[0], page.url.endswith("/"), common.breadcrumb[:-1])
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = _Place(page.url)
        link = self._linker(page.url, common.kind, place)
        if page.body is not None:
            body, changes = _finish(page.body, self._labelled(html), link)
            if isinstance(content, ArticlePage):
                content = replace(content, body=body, changes=changes)
            elif isinstance(content, AnnouncementPage):
                content = replace(content, body=body)
        given = self._given(content, link)
        if common.kind in ("article", "policy") and page.url not in self._menu:
            given["frame"] = partial(self._shared_frame, place, content)
        return given

    def _given(self, content: PageContext, link: Callable[[str], str]) -> dict[str, object]:
        given: dict[str, object] = {
            "site": self.site,
            "page": content,
            "word": self.language.word,
            "day_in_words": self.language.day,
            "moment_in_words": self.language.moment,
            "link": link,
            "links": partial(self._list, link),
            "asset": lambda name: link(self.assets + name),
        }
        given["frame"] = partial(self._frame, given)
        return given

    def _frame(self, given: Mapping[str, object], part: str) -> Markup:
        return Markup(self.templates.get_template("frame.html").render(given, part=part))

    def _shared_frame(self, place: _Place, content: PageContext, part: str) -> Markup:
        found = place.parts.get(part)
        if found is None:
            found = place.parts[part] = self._frame(self._given(content, place.link), part)
        return found

    @cached_property
    def _menu(self) -> frozenset[str]:
        """Pages that the menu says it is on."""
        return frozenset(card.url for card in self.site.categories)

    def _list(self, link: Callable[[str], str], articles: Iterable[Teaser]) -> Markup:
        made = []
        for article in articles:
            key = (link(article.url), article.title)
            item = self._items.get(key)
            if item is None:
                item = self._items[key] = self._item(*key)
            made.append(item)
        return Markup("".join(made))

    @cached_property
    def _item(self) -> Callable[[str, str], str]:
        module: Any = self.templates.get_template("components/teasers/link.html").module
        item: Callable[[str, str], str] = module.item
        return item

    def _linker(self, page: str, kind: str, place: _Place) -> Callable[[str], str]:
        if kind == "not-found":
            # Served at any depth, so its links start at the root of the site.
            root = urlsplit(self.site.url).path or "/"
            return lambda url: relative("", url) if url.startswith(("#", "http")) or ":" in url else root + url
        return lambda url: relative(page, url) if url.startswith(page) else place.link(url)

    def _labelled(self, html: str) -> str:
        for label, word in self._labels:
            html = html.replace(label, word)
        return html

    @cached_property
    def _labels(self) -> tuple[tuple[str, str], ...]:
        """What ``body`` writes in English for readers who listen, and the same in the language of the pages: bodies are
        kept, whatever it is."""
        words = {label: self.language.word(label) for label in _LABELS}
        return tuple(
            (f'aria-label="{label}"', f'aria-label="{escape(word)}"') for label, word in words.items() if word != label
        )


_LABELS: Final = ("Link to this section", "Table", "Done", "To do")


def _finish(source: BodySource, html: str, link: Callable[[str], str]) -> tuple[Markup, Markup]:
    # The home page's address is empty, and a link to it is one all the same.
    targets = {written: None if target is None else link(target) for written, target in source.targets}
    body = rewrite_targets(html, targets, dict(source.sizes))
    changes = ""
    if source.changes_anchor:
        body, changes = cut_section(body, source.changes_anchor)
    return Markup(body), Markup(changes)
