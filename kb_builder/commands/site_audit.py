"""Prepares the audit of a staged site: what must not appear in it, and which text is released."""

import html
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeAlias

from kb_builder.audit.audit import Plan, Report, audit
from kb_builder.audit.leaks import Phrases, texts_of, unreleased, without_markup
from kb_builder.model import Announcement, Article
from kb_builder.pipeline.project import Project
from kb_builder.pipeline.theme import Theme
from kb_builder.publishing.publication import Publication
from kb_builder.system.cache_keys import code_fingerprint

_Items: TypeAlias = tuple[Article | Announcement, ...]


def audit_staged(
    project: Project, theme: Theme, publication: Publication, *, pages: Collection[str], notices: Sequence[str]
) -> Report:
    """Audits what ``publication`` has staged; ``pages`` are rendered files, ``notices`` texts about retired articles.

    Raises what :func:`kb_builder.audit.audit.audit` does.
    """
    project.progress("audit", 0, 1)
    items: _Items = (*project.catalogue.articles, *project.catalogue.announcements)
    # Determined again from the headers, since the view is what the audit checks.
    hidden = unreleased(items, project.now, staff=project.staff, preview=project.preview)
    paths = {item.path for item in hidden}
    notes = [] if project.staff else [(item.path, item.staff_text) for item in project.catalogue.articles]
    released = tuple(item for item in items if item.path not in paths)
    plan = Plan(
        site_url=project.settings.url,
        phrases=Phrases.of(hidden, notes),
        released=lambda: released_texts(project, theme, released, notices),
        pages=frozenset(pages),
        code=code_fingerprint(),
        jobs=project.jobs,
    )
    report = audit(publication.root, publication.staged, plan, project.store)
    project.progress("audit", 1, 1)
    return report


def released_texts(project: Project, theme: Theme, released: _Items, notices: Sequence[str]) -> Iterator[str]:
    """What may be published, as HTML: headers and converted bodies of released items, never their Markdown source,
    and what every page has in common."""
    shown = {article.id for article in project.view.articles}
    for item in released:
        if isinstance(item, Article) and item.id in shown:
            body = project.digests.body(item)
        else:
            body = project.digests.converter.convert(item.body, title=item.title)
        header = [*texts_of(item), *item.segments, item.url, f"{project.settings.url}{item.url}"]
        if isinstance(item, Article):
            header += [*item.tags, *item.redirect_from, f"/a/{item.id}/"]
        texts = [variant for text in header for variant in dict.fromkeys((text, without_markup(text)))]
        # Copies, feeds and search put the title, the answer and the paragraphs of a section next to each other.
        plain = (html.escape(f"{section.heading} {section.text}") for section in body.sections)
        yield f"{_paragraphs(texts)}<p>{body.html}<p>"
        yield html.escape(f"{item.title} {texts_of(item)[-1]} ") + " ".join(plain)
    categories = [text for category in project.view.categories for text in (category.title, category.description)]
    segments = [text for segment in project.segments for text in (segment.name, segment.url)]
    channels = [text for channel in project.contact.channels for text in (channel.label, channel.address, channel.cost)]
    own = (project.settings.name, project.settings.url, project.contact.no_phone)
    words = [
        form for text in theme.language.words.values() for form in ((text,) if isinstance(text, str) else text.values())
    ]
    # The one thing that is public of a withdrawn article.
    yield _paragraphs(notices)
    yield _paragraphs([*own, *categories, *segments, *channels, *words])
    for path, data in theme.files.items():
        if path.endswith((".html", ".mjs", ".css", ".json")):
            yield data.decode()


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{html.escape(text)}" for text in texts)
