"""Explains why an article is, or isn't, public, pinned and found, to an editor who misses it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from kb_builder.content.urls import short_url
from kb_builder.content.visibility import Verdict, verdict
from kb_builder.errors import InputError
from kb_builder.model import Article
from kb_builder.pipeline.project import Project
from kb_builder.pipeline.search import SearchIndex
from kb_builder.pipeline.trends import Trends
from search_index.results import Contribution

_LIMIT = 100
"""Results of a query among which an article is looked for."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer, as data and in words."""

    id: str
    path: str
    url: str
    short_url: str
    public: bool
    pinned_for: tuple[str, ...]
    contributions: tuple[Contribution, ...]
    lines: tuple[str, ...]


def explain(trends: Trends, article_id: str, query: str = "") -> Explanation:
    """Everything that was decided about an article, released or not.

    Raises :class:`InputError` with the nearest ids when there is no such article.
    """
    project = _edition(trends.project, article_id)
    search = trends.search.in_language(project.language)
    article = _article(project, article_id)
    reason = verdict(article, project.now, preview=project.preview)
    public = reason is Verdict.RELEASED
    lines = [f"{article.title}  [{article.id}]", f"  {article.path}"]
    lines += _shown(project, article, reason)
    lines += [] if project.language else _translations(project, article)
    pins = [pin for pin in trends.current.pins if pin.id == article.id] if public else []
    contributions: tuple[Contribution, ...] = ()
    if public:
        reasons = [f"pinned for {pin.segment or 'everybody'}: {pin.why}" for pin in pins]
        lines += reasons or [f"not pinned: {trends.why_not_pinned(article.id)}"]
        lines += _found(article)
        if query:
            pinned = trends.lifted(search)
            contributions = tuple(_contributions(search, article.id, query, pinned))
            lines += _scored(search, article, query, contributions, pinned)
    return Explanation(
        id=article.id,
        path=article.path,
        url=project.settings.url + article.url,
        short_url=short_url(project.settings.url, article.id),
        public=public,
        pinned_for=tuple(pin.segment or "all" for pin in pins),
        contributions=contributions,
        lines=tuple(lines),
    )


def names_article(project: Project, text: str) -> bool:
    """Whether ``text`` is the id, the path or the URL of an article, in any language."""
    return any(_named(one, text) is not None for one in project.languages)


def _edition(project: Project, text: str) -> Project:
    """The project in the language of the article that ``text`` names; that of the sources where they have it too."""
    if _named(project, text) is not None:
        return project
    return next((one for one in project.languages[1:] if _named(one, text) is not None), project)


def _translations(project: Project, article: Article) -> list[str]:
    """The translations of ``article``, worded."""
    found = []
    for one in project.reading.contents.translations:
        if one.id == article.id:
            reason = verdict(one, project.now, preview=project.preview)
            found.append(f"in {one.language}: {one.path}, {'public' if reason is Verdict.RELEASED else reason}")
    return found


def _named(project: Project, text: str) -> Article | None:
    place = text.removeprefix(project.settings.url).strip("/")
    if project.folder and text.strip("/").startswith(project.folder):
        place = text.strip("/").removeprefix(project.folder)
    elif project.language and not text.startswith("content/"):
        place = ""  # Seen from the root it is a page of the sources.
    for article in project.catalogue.articles:
        paths = (article.path, article.path.removeprefix("content/articles/"), article.url.strip("/"))
        if text == article.id or place in paths:
            return article
    return None


def _article(project: Project, article_id: str) -> Article:
    if named := _named(project, article_id):
        return named
    near = get_close_matches(article_id, [article.id for article in project.catalogue.articles], n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "kb find looks through all articles"
    raise InputError(f'there is no article "{article_id}"', hint=hint)


def _shown(project: Project, article: Article, reason: Verdict) -> list[str]:
    if reason is not Verdict.RELEASED:
        when = {Verdict.SCHEDULED: article.publish_date, Verdict.EXPIRED: article.expiry_date}.get(reason)
        moment = f" ({when.isoformat(timespec='minutes')})" if when else ""
        return [f"not public: {reason}{moment}"]
    listed = "; unlisted: in no list, search, feed or sitemap" if article.unlisted else ""
    return [
        f"public at {project.settings.url}{article.url}{listed}",
        f"short link {short_url(project.settings.url, article.id)}",
    ]


def _found(article: Article) -> list[str]:
    if article.search_exclude:
        return ["not searched: its header says search: {exclude: true}"]
    boost = f", boosted {article.search_boost:g} times" if article.search_boost != 1 else ""
    texts = f"title, answer, body, {len(article.asked_as)} phrasings and {len(article.tags)} tags"
    return [f"searched with its {texts}{boost}"]


def _scored(
    search: SearchIndex, article: Article, query: str, parts: tuple[Contribution, ...], pinned: Sequence[int]
) -> list[str]:
    hits = search.reader.search(query, limit=_LIMIT, pinned=pinned).hits
    place = next((place for place, hit in enumerate(hits, start=1) if hit.id == article.id), None)
    missing = f"not among the first {_LIMIT}" if len(hits) == _LIMIT else f"not among the {len(hits)} found"
    found = f"number {place}" if place else missing if hits else "nothing is found"
    return [f"“{query}”: {found}", *map(_contribution, parts)]


def _contribution(part: Contribution) -> str:
    customers = f" from {part.customers} customers" if part.customers else ""
    return f"  {part.score:>6}  {part.word} → {part.found_as} ({part.kind}{customers})"


def _contributions(search: SearchIndex, article_id: str, query: str, pinned: Sequence[int]) -> Iterator[Contribution]:
    """The contribution of each word, with the customers it was learned from."""
    language = search.project.settings.search_language
    for part in search.reader.explain(query, article_id, pinned=pinned):
        learned = part.kind == "learned"
        customers = search.examples.customers_of(article_id, part.found_as, language) if learned else 0
        yield replace(part, customers=customers)
