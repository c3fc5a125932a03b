"""The MkDocs plugin: the pages of ``kb build`` under ``mkdocs build`` and ``mkdocs serve``, generated in memory.

MkDocs renders them and never reads ``content/``.
"""

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils.templates import TemplateContext

from kb_builder.commands.mkdocs_config import OptionsError, settings_of
from kb_builder.config import Options, parse_options
from kb_builder.errors import InputError, KbError, refuse_errors

if TYPE_CHECKING:
    import jinja2

    from kb_builder.commands.preview_guard import Application
    from kb_builder.pages.page import Page
    from kb_builder.pipeline.centre import Centre
    from kb_builder.pipeline.site import Site

_LOOK_SECONDS: Final = 0.2
"""How often ``kb serve`` looks for changed files."""


class KbPlugin(BasePlugin):  # type: ignore[type-arg,no-untyped-call]
    """``plugins: [kb]``: the same pages under ``mkdocs build``, without staging, audit and swap."""

    options: Options
    _centre: "Centre"

    def load_config(
        self, options: dict[str, Any], config_file_path: str | None = None
    ) -> tuple[list[tuple[str, Exception]], list[tuple[str, str]]]:
        """Validates the options with the Pydantic model that ``kb schema`` documents too."""
        self.config = options
        path = Path(config_file_path or "mkdocs.yml")
        try:
            self.options = parse_options(options, path.name, path.read_text(encoding="utf-8") if path.is_file() else "")
        except InputError as error:
            raise OptionsError(error) from None
        return [], []

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Reads the content. A PluginError for content with errors, and for a folder that ``kb build`` published."""
        # Imported late, here and below: every command loads this module to read the configuration.
        from kb_builder.publishing.publication import MARKER

        if (Path(config.site_dir) / MARKER).exists():
            hint = "MkDocs empties its folder before it builds; choose another one with -d, or run: kb build"
            raise PluginError(f"{config.site_dir} was published by kb build. {hint}")
        config.theme.static_templates = set()
        from kb_builder.pipeline.centre import Centre
        from kb_builder.pipeline.project import Project
        from kb_builder.pipeline.search import SearchIndex
        from kb_builder.pipeline.site import Site
        from kb_builder.pipeline.trends import Trends

        settings = settings_of(config, self.options, config.config_file_path)
        try:
            project = Project(settings, datetime.now(UTC))
            search = SearchIndex(project)
            self._centre = Centre(Site(project, search, Trends(project, search)))
            refuse_errors(self._centre.findings)
        except KbError as error:
            raise PluginError(str(error)) from None
        return config

    @event_priority(100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:  # noqa: ARG002
        """Our pages and files instead of those in ``docs_dir`` and the themes."""
        from kb_builder.pages.markdown_copies import llms_full

        centre = self._centre
        ours = [_file(config, path.removesuffix(".html") + ".md", path, "") for path in centre.pages]
        others = dict(centre.files)
        for output in centre.outputs[:-1]:
            paths = list(output.keys)
            others |= zip(paths, output.make(paths), strict=True)
        for path, copies in centre.full_texts:
            others[path] = llms_full(centre.project.settings.name, map(others.__getitem__, copies))
        # MkDocs renders every file that ends in .md as a page.
        ours += [_file(config, f"{path}.bytes", path, data) for path, data in others.items()]
        return Files(ours)

    def on_nav(self, nav: Navigation, **_: Any) -> Navigation:
        """None of MkDocs' own: our templates draw it."""
        nav.items.clear()
        return nav

    def on_env(self, env: "jinja2.Environment", **_: Any) -> "jinja2.Environment":  # noqa: ARG002
        """Our Jinja environment, which escapes; Material's does not."""
        return self._centre.site.renderer.templates

    @event_priority(-100)
    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, **_: Any) -> str:  # noqa: ARG002
        """Bodies are converted already."""
        shown = self._page(page)[1]
        page.title = shown.context.common.title
        page.meta["template"] = shown.template
        return ""

    @event_priority(100)
    def on_page_content(self, html: str, *, page: MkDocsPage, **_: Any) -> str:
        """Our HTML of the body, as the other plugins find it."""
        site, shown = self._page(page)
        return site.bodies.html(shown) or html

    @event_priority(-100)
    def on_page_context(self, context: TemplateContext, *, page: MkDocsPage, **_: Any) -> Any:
        """What our template shows, over the values of MkDocs and other plugins."""
        site, shown = self._page(page)
        return {**context, **site.renderer.context(shown, page.content or "")}

    @event_priority(100)
    def on_post_page(self, output: str, *, page: MkDocsPage, **_: Any) -> str:
        """The page as ``kb build`` writes it, as the other plugins find it."""
        return self._page(page)[0].renderer.finished(output)

    def _page(self, page: MkDocsPage) -> tuple["Site", "Page"]:
        return self._centre.pages[page.file.dest_uri]


def _file(config: MkDocsConfig, source: str, path: str, content: str | bytes) -> File:
    """A file that MkDocs takes for ``source`` and writes to ``path``."""
    file = File.generated(config, source, content=content)
    file.dest_uri = path
    return file


def serve(
    build: Callable[[], None], app: "Application", watched: list[Path], host: str, port: int, ready: Callable[[], None]
) -> None:
    """Serves ``app`` at ``host:port``, and calls ``build`` whenever something ``watched`` changes, until interrupted.

    ``ready`` is called once the address is taken. Raises :class:`InputError` if it can't be used.
    """
    from mkdocs.livereload import LiveReloadServer

    from kb_builder.commands.preview_guard import only_local

    class Server(LiveReloadServer):
        def server_activate(self) -> None:
            super().server_activate()
            ready()

    server = Server(builder=build, host=host, port=port, root="", polling_interval=_LOOK_SECONDS)
    server.set_app(only_local(app, host, port))
    for one in watched:
        server.watch(str(one))
    try:
        server.serve()  # type: ignore[no-untyped-call]
    except KeyboardInterrupt:
        server.shutdown()
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES):
            raise
        problem = f"can't serve the preview at {host}:{port}: {os.strerror(error.errno).lower()}"
        raise InputError(problem, hint="choose another port: -a 127.0.0.1:8001") from None
    finally:
        server.server_close()
