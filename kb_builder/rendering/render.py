"""Renders a page: template and context in, bytes out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from types import CodeType, FunctionType, MethodType
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.bccache import Bucket
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from kb_builder.config import THEME
from kb_builder.content.interface_language import Language
from kb_builder.markdown.body_html import cut_section, rewrite_targets
from kb_builder.pages.contexts import AnnouncementPage, ArticlePage
from kb_builder.pages.elements import Banner, Common, PinCard, Site, Teaser
from kb_builder.pages.navigation import clip
from kb_builder.pages.page import BodySource, Page, PageContext
from kb_builder.pages.relative_urls import relative
from kb_builder.rendering import icons
from kb_builder.rendering.body_labels import BodyLabels
from kb_builder.rendering.direction import isolated
from kb_builder.rendering.template_errors import template_errors
from kb_builder.rendering.theme_assets import Assets


class _BytecodeMemory(BytecodeCache):
    """Compiled templates kept for the life of the process, because ``kb serve`` rebuilds with the same ones."""

    _known: ClassVar[dict[tuple[str, str], CodeType]] = {}
    """(hash of name and folder, hash of the text) → code."""

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code


class _Context(Context):
    """Calls functions and macros at once: looking for decorators of Jinja on them took a tenth of a page's time."""

    def call(self, called: Callable[..., object], /, *args: object, **named: object) -> object:
        kind = type(called)
        if kind is not Macro and kind not in _UNDECORATED:
            return super().call(called, *args, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(self.eval_ctx, *args, **named) if kind is Macro else called(*args, **named)


_UNDECORATED: Final = frozenset((FunctionType, MethodType, partial))
"""The types of what the variables of a template can call."""


class _Templates(Environment):
    """Looks a template up once: every page of a process is filled into the same ones."""

    context_class = _Context

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._found: dict[str, Template] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = super().get_template(name, parent, globals)
            found.globals = dict(found.globals)  # Copied for each page, which takes far longer of a chain of mappings.
        return found


def environment(folders: Sequence[str]) -> Environment:
    """Templates looked up in ``folders``, in order. Output is escaped; an undefined variable is an error.

    The filter ``icon`` inlines an icon by name (see :mod:`kb_builder.rendering.icons`); ``clip`` shortens a text.
    """
    templates = _Templates(
        loader=FileSystemLoader(folders), autoescape=True, auto_reload=False, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, bytecode_cache=_BytecodeMemory(),
    )  # fmt: skip

    templates.filters["icon"] = icons.svg
    templates.filters["clip"] = clip
    return templates


class _SharedFrame:
    """The shared parts of sibling pages: relative links as written from their folder, rendered parts of their frame."""

    def __init__(self, url: str) -> None:
        # Relative to a page that doesn't exist: a link to an existing sibling would be written as "./" on that page.
        folder, slash, _ = url.rstrip("/").rpartition("/")
        self._page = f"{folder}{slash}\0{'/' if url.endswith('/') else ''}"
        self._links: dict[str, str] = {}
        self.parts: dict[str, Markup] = {}

    def link(self, url: str) -> str:
        """The site-relative ``url`` as sibling pages write it, except for URLs at or below the page's own."""
        found = self._links.get(url)
        if found is None:
            found = self._links[url] = relative(self._page, url)
        return found


@dataclass(frozen=True)
class Renderer:
    """Renders the pages of one site with the theme's files."""

    templates: Environment
    site: Site
    assets: Assets
    language: Language = field(default_factory=Language)
    source_language: Language | None = None
    """Of the texts that are not translated, where that is another one."""
    _shared: dict[tuple[object, ...], _SharedFrame] = field(default_factory=dict)
    _items: dict[tuple[str, str], str] = field(default_factory=dict)
    """(href, title) → the rendered item of a list of links."""

    def precompile(self) -> None:
        """Compile the templates most pages use, so that worker processes forked later inherit them."""
        components = (path.relative_to(THEME).as_posix() for path in sorted(THEME.glob("components/*/*.html")))
        for name in ("article.html", "layout.html", "frame.html", "redirect.html", *components):
            with template_errors(self.templates, name):
                self.templates.get_template(name)

    def render(self, page: Page, html: str = "") -> bytes:
        """The finished page. ``html`` is the body of ``page.body``, with links as the author wrote them."""
        return self.render_all([page], [html])[0]

    def render_all(self, pages: Sequence[Page], htmls: Iterable[str]) -> list[bytes]:
        """Each finished page.

        All contexts are made before templates are filled in, which is a seventh faster (decision 46).
        """
        contexts = list(map(self.context, pages, htmls))
        return list(map(self._filled, pages, contexts))

    def _filled(self, page: Page, context: Mapping[str, object]) -> bytes:
        with template_errors(self.templates, page.template):
            return self.finished(self.templates.get_template(page.template).render(context)).encode()

    def finished(self, html: str) -> str:
        """The output of a template as it is published."""
        return isolated(html) if self.site.direction == "rtl" else html

    def context(self, page: Page, html: str = "") -> Mapping[str, object]:
        """The variables of the template of ``page`` (see :mod:`kb_builder.pages.contexts`)."""
        content = page.context
        common = content.common
        key = (common.kind, page.url.rstrip("/").rpartition("/")[0], page.url.endswith("/"), common.breadcrumb[:-1])
        shared = self._shared.get(key)
        if shared is None:
            shared = self._shared[key] = _SharedFrame(page.url)
        link = self._linker(page.url, common.kind, shared)
        if page.body is not None:
            # The staff's pages don't end with the channels.
            to_channels = isinstance(content, ArticlePage) and not self.site.staff
            labels = self._source_labels if common.fallback else self._labels
            body, changes = _finish(page.body, labels.translate(html), link, to_channels=to_channels)
            if isinstance(content, ArticlePage):
                answer = content.answer
                if isinstance(answer, Markup):
                    answer = _rewritten(page.body, answer, link, to_channels=to_channels)
                content = replace(content, body=body, changes=changes, answer=answer)
            elif isinstance(content, AnnouncementPage):
                content = replace(content, body=body)
        variables = self._variables(content, link)
        if common.kind in ("article", "policy") and page.url not in self._unshared:
            variables["frame"] = partial(self._shared_frame, shared, content)
        return variables

    def _variables(self, content: PageContext, link: Callable[[str], str]) -> dict[str, object]:
        variables: dict[str, object] = {
            "site": self.site,
            "page": content,
            "word": self.language.word,
            "number": self.language.number,
            "percent": self.language.percent,
            "duration": self.language.duration,
            "day_in_words": self.language.day,
            "moment_in_words": self.language.moment,
            "link": link,
            "links": partial(self._list, link),
            "lang_of": self._lang_of,
            "asset": lambda name: link(self.assets.shared.get(name, self.assets.folder + name)),
        }
        variables["frame"] = partial(self._frame, variables)
        return variables

    def _lang_of(self, item: Teaser | PinCard | Banner | Common) -> str:
        """The attributes of what is in the language of the sources on a page in another one."""
        return self._of_sources if item.fallback else ""

    @cached_property
    def _of_sources(self) -> Markup:
        return Markup(' lang="{}" dir="{}"').format(self.site.source_language, self.site.source_direction)

    def _frame(self, variables: Mapping[str, object], part: str) -> Markup:
        return Markup(self.templates.get_template("frame.html").render(variables, part=part))

    def _shared_frame(self, shared: _SharedFrame, content: PageContext, part: str) -> Markup:
        found = shared.parts.get(part)
        if found is None:
            found = shared.parts[part] = self._frame(self._variables(content, shared.link), part)
        return found

    @cached_property
    def _unshared(self) -> frozenset[str]:
        """URLs of pages with a frame of their own: the menu marks them, or an announcement about them is left out."""
        announced = (url for banner in self.site.banners for url in banner.about)
        return frozenset((*(card.url for card in self.site.categories), *announced))

    def _list(self, link: Callable[[str], str], articles: Iterable[Teaser]) -> Markup:
        items = []
        for article in articles:
            key = (link(article.url), article.title)
            item = self._items.get(key)
            if item is None:
                lang = self._lang_of(article)
                item = self._items[key] = self._item(*key, lang) if lang else self._item(*key)
            items.append(item)
        return Markup("".join(items))

    @cached_property
    def _item(self) -> Callable[..., str]:
        module: Any = self.templates.get_template("components/teasers/link.html").module
        item: Callable[..., str] = module.item
        return item

    def _linker(self, page: str, kind: str, shared: _SharedFrame) -> Callable[[str], str]:
        if kind == "not-found":
            # Served at any depth, so its links start at the root of the site.
            root = urlsplit(self.site.url).path or "/"
            return lambda url: relative("", url) if url.startswith(("#", "http")) or ":" in url else _joined(root, url)
        return lambda url: relative(page, url) if url.startswith(page) else shared.link(url)

    @cached_property
    def _labels(self) -> BodyLabels:
        return BodyLabels(self.language)

    @cached_property
    def _source_labels(self) -> BodyLabels:
        """For a text that is in the language of the sources, for want of a translation."""
        return BodyLabels(self.source_language or self.language)


def _joined(root: str, url: str) -> str:
    """``url`` below ``root``; the root of another language is beside it or above it."""
    while url.startswith("../"):
        root, url = f"{root.rstrip('/').rpartition('/')[0]}/", url[3:]
    return root + url


def _rewritten(source: BodySource, html: str, link: Callable[[str], str], *, to_channels: bool) -> Markup:
    """``html`` with its links as seen from the page. With ``to_channels``, a link to the contact page leads to the
    channels below."""
    here = {"contact/": "#kb--contact"} if to_channels else {}
    # The home page's URL is the empty string, which is a link too.
    targets = {
        written: None if target is None else here.get(target) or link(target) for written, target in source.targets
    }
    return Markup(rewrite_targets(html, targets, dict(source.sizes)))


def _finish(source: BodySource, html: str, link: Callable[[str], str], *, to_channels: bool) -> tuple[Markup, Markup]:
    """The body, and the “what changed” section that is cut out of it."""
    body: str = _rewritten(source, html, link, to_channels=to_channels)
    changes = ""
    if source.changes_anchor:
        body, changes = cut_section(body, source.changes_anchor)
    return Markup(body), Markup(changes)
