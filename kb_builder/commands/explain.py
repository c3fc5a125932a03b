"""Why an article is, or isn't, public, pinned and found: what an editor asks when it is not where it should be."""

from dataclasses import dataclass
from difflib import get_close_matches

from kb_builder.content.visibility import Verdict, verdict
from kb_builder.errors import InputError
from kb_builder.model import Article
from kb_builder.pipeline.site import Centre
from search_index.reader import Contribution


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


def explain(centre: Centre, article_id: str, query: str = "") -> Explanation:
    """Everything the house decided about an article, released or not.

    Raises :class:`InputError` with the nearest ids when there is no such article.
    """
    article = _article(centre, article_id)
    reason = verdict(article, centre.now, preview=centre.preview)
    public = reason is Verdict.RELEASED
    lines = [f"{article.title}  [{article.id}]", f"  {article.path}"]
    lines += _shown(centre, article, reason)
    pins = [pin for pin in centre.trends.pins if pin.id == article.id] if public else []
    contributions: tuple[Contribution, ...] = ()
    if public:
        told = [f"pinned for {pin.segment or 'everybody'}: {pin.why}" for pin in pins]
        lines += told or [f"not pinned: {centre.why_not_pinned(article.id)}"]
        lines += _found(article)
        if query:
            contributions = centre.reader.explain(query, article.id)
            lines += _scored(centre, article, query, contributions)
    return Explanation(
        id=article.id,
        path=article.path,
        url=centre.settings.url + article.url,
        short_url=centre.short_url(article),
        public=public,
        pinned_for=tuple(pin.segment or "all" for pin in pins),
        contributions=contributions,
        lines=tuple(lines),
    )


def _article(centre: Centre, article_id: str) -> Article:
    articles = {article.id: article for article in centre.catalogue.articles}
    place = article_id.removeprefix(centre.settings.url).strip("/")
    for article in articles.values():
        if place in (article.path, article.path.removeprefix("content/articles/"), article.url.strip("/")):
            return article
    if article_id not in articles:
        near = get_close_matches(article_id, articles, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "kb find looks through all articles"
        raise InputError(f'there is no article "{article_id}"', hint=hint)
    return articles[article_id]


def _shown(centre: Centre, article: Article, reason: Verdict) -> list[str]:
    if reason is not Verdict.RELEASED:
        when = {Verdict.SCHEDULED: article.publish_date, Verdict.EXPIRED: article.expiry_date}.get(reason)
        moment = f" ({when.isoformat(timespec='minutes')})" if when else ""
        return [f"not public: {reason}{moment}"]
    listed = "; unlisted: in no list, search, feed or map" if article.unlisted else ""
    return [f"public at {centre.settings.url}{article.url}{listed}", f"short link {centre.short_url(article)}"]


def _found(article: Article) -> list[str]:
    if article.search_exclude:
        return ["not searched: its header says search: {exclude: true}"]
    boost = f", boosted {article.search_boost:g} times" if article.search_boost != 1 else ""
    texts = f"title, answer, body, {len(article.asked_as)} phrasings and {len(article.tags)} tags"
    return [f"searched with its {texts}{boost}"]


def _scored(centre: Centre, article: Article, query: str, parts: tuple[Contribution, ...]) -> list[str]:
    hits = centre.reader.search(query, limit=100).hits
    place = next((place for place, hit in enumerate(hits, start=1) if hit.id == article.id), None)
    head = f"“{query}”: " + (f"number {place}" if place else "not among the first 100")
    return [head, *(f"  {part.score:>6}  {part.word} → {part.found_as} ({part.kind})" for part in parts)]
