"""Prepares the audit of a staged site: what must not appear in it, and which text is released."""

import html
from collections.abc import Collection, Iterable, Iterator, Sequence

from kb_builder.audit.audit import Plan, Report, audit
from kb_builder.audit.leaks import Phrases, further_texts_of, texts_of, unreleased, without_markup
from kb_builder.model import Announcement, Article
from kb_builder.pipeline.site import Site
from kb_builder.publishing.publication import Publication
from kb_builder.system.cache_keys import code_fingerprint


def audit_staged(sites: Sequence[Site], publication: Publication, *, pages: Collection[str]) -> Report:
    """Audits what ``publication`` has staged: the site of each language, that of the sources first. ``pages`` are the
    rendered files.

    Raises what :func:`kb_builder.audit.audit.audit` does.
    """
    project = sites[0].project
    project.progress("audit", 0, 1)
    items = project.items
    # Determined again from the headers, since the view is what the audit checks.
    hidden = unreleased(items, project.now, staff=project.staff, preview=project.preview)
    paths = {item.path for item in hidden}
    articles = (item for item in items if isinstance(item, Article))
    notes = [] if project.staff else [(article.path, article.staff_text) for article in articles]
    released = tuple(item for item in items if item.path not in paths)
    plan = Plan(
        site_url=project.settings.url,
        phrases=Phrases.of(hidden, notes),
        released=lambda: (text for site in sites for text in released_texts(site, released)),
        pages=frozenset(pages),
        code=code_fingerprint(),
        jobs=project.jobs,
    )
    report = audit(publication.root, publication.staged, plan, project.store)
    project.progress("audit", 1, 1)
    return report


def released_texts(site: Site, released: Iterable[Article | Announcement]) -> Iterator[str]:
    """The texts that may be published in one language, as HTML: headers and converted bodies of released items, never
    their Markdown source, and what every page has in common."""
    project, theme = site.project, site.theme
    shown = {article.id for article in project.view.articles}
    for item in released:
        if item.language != project.language:
            continue
        if isinstance(item, Article) and item.id in shown:
            body = project.digests.body(item)
        else:
            body = project.digests.converter.convert(item.body, title=item.title)
        header = [
            *texts_of(item),
            *further_texts_of(item),
            *item.segments,
            item.url,
            f"{project.settings.url}{item.url}",
        ]
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
    yield _paragraphs(site.retirement.public_texts)
    yield _paragraphs([*own, *categories, *segments, *channels, *words])
    for path, data in theme.files.items():
        if path.endswith((".html", ".mjs", ".css", ".json")):
            yield data.decode()


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{html.escape(text)}" for text in texts)
