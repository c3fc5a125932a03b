"""Digests: what is computed from each article alone, its body, outline and search analysis."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

import search_index
from kb_builder.markdown.convert import Converter
from kb_builder.model import Article, Body, Outline
from kb_builder.pipeline.store import Store
from kb_builder.system.cache_keys import hash_of, runs
from kb_builder.system.codec import Codec
from kb_builder.system.processes import spread
from kb_builder.system.progress import Progress, StageProgress

_BODY: Final = Codec(Body)
_OUTLINES: Final = Codec(list[Outline])
_LEAST: Final = 0.1
"""The smallest boost there is."""
_BATCH: Final = 1000
"""Digests that are stored at once: all of them together would take too much memory."""


@dataclass(frozen=True, slots=True)
class Digest:
    """The body of an article, encoded by :data:`_BODY`, and its analysis for the index."""

    body: bytes
    analysis: bytes


def body_of(converter: Converter, article: Article) -> Body:
    """The body of an article, converted."""
    return converter.convert(
        article.body, title=article.title, first_line=article.body_line, removed=article.removed_lines
    )  # fmt: skip


def document(article: Article, body: Body) -> search_index.Document:
    """``article`` as input of the search index.

    One without a translation is found by its title and its phrasings, after the translated ones. The tags that a
    translation took over are in another language.
    """
    if article.fallback:
        return search_index.Document(
            article.id, article.url, article.title, asked_as=article.asked_as, boost=_LEAST, audience=article.audience
        )  # fmt: skip
    return search_index.Document(
        id=article.id,
        url=article.url,
        title=article.title,
        answer=article.answer,
        asked_as=article.asked_as,
        tags=article.tags if not article.language or "tags" in dict(article.lines) else (),
        sections=tuple(search_index.Section(part.anchor, part.heading, part.text) for part in body.sections),
        boost=article.search_boost,
        audience=article.audience,
    )


def digest(articles: Sequence[Article], converter: Converter, language: str) -> list[Digest]:
    """The digest of each article. All are converted before all are analysed, which is faster by a twelfth."""
    bodies = [body_of(converter, article) for article in articles]
    documents = map(document, articles, bodies)
    analyses = [search_index.analyse(one, language) for one in documents]
    return [Digest(_BODY.encode(body), analysis) for body, analysis in zip(bodies, analyses, strict=True)]


class Digests:
    """Outlines are in memory; bodies and analyses stay in the store. Made by :func:`digest_articles`."""

    def __init__(
        self,
        outlines: Mapping[str, Outline],
        key_of: Callable[[Article], str],
        converter: Converter,
        language: str,
        store: Store,
    ) -> None:
        """``outlines`` is keyed by article id."""
        self.outlines = outlines
        self.key_of = key_of
        self.converter = converter
        self._language = language
        self._store = store

    def body(self, article: Article) -> Body:
        return self._store.load("body", self.key_of(article), _BODY) or _BODY.decode(self._computed(article).body)

    def analyses(self, articles: Sequence[Article]) -> list[bytes]:
        """The analysis of each article for the index."""
        keys = list(map(self.key_of, articles))
        found = self._store.get_many("analysis", keys)
        return [
            found[key] if key in found else self._computed(article).analysis
            for article, key in zip(articles, keys, strict=True)
        ]

    def _computed(self, article: Article) -> Digest:
        """For another version of an article than the view's, and for an entry that was damaged or removed."""
        (made,) = digest([article], self.converter, self._language)
        _store(self._store, {self.key_of(article): made})
        return made


def digest_articles(
    articles: Sequence[Article],
    key_of: Callable[[Article], str],
    converter: Converter,
    language: str,
    *,
    store: Store,
    jobs: int,
    progress: Progress,
) -> Digests:
    """Completes the store with the digest of every article. ``key_of`` gives the cache key of one."""
    keys = {article.id: key_of(article) for article in articles}
    names = [article.path for article in articles]
    groups = {hash_of(*(keys[article.id] for article in articles[run])): articles[run] for run in runs(names)}
    stored = store.load_many("outlines", groups, _OUTLINES)
    outlines: dict[str, Outline] = {}
    missing: dict[str, Sequence[Article]] = {}
    for group, members in groups.items():
        found = stored.get(group, ())
        if len(found) == len(members):
            outlines.update((article.id, outline) for article, outline in zip(members, found, strict=True))
        else:
            missing[group] = members
    unknown = [article for members in missing.values() for article in members]
    bodies = store.load_many("body", (keys[article.id] for article in unknown), _BODY)
    outlines |= {article.id: bodies[key].outline for article in unknown if (key := keys[article.id]) in bodies}
    new = [article for article in unknown if article.id not in outlines]
    stage = StageProgress(progress, "articles", len(articles), len(articles) - len(new))
    task = partial(digest, converter=converter, language=language)
    for batch in _batches(new, spread(task, new, jobs=jobs, progress=stage)):
        _store(store, {keys[article.id]: made for article, made in batch})
        outlines |= {article.id: _BODY.decode(made.body).outline for article, made in batch}
    store.put_many(
        "outlines",
        {group: _OUTLINES.encode([outlines[article.id] for article in run]) for group, run in missing.items()},
    )
    for kind in ("body", "analysis"):
        store.note_use(kind, keys.values())
    return Digests(outlines, key_of, converter, language, store)


def _batches(
    articles: Sequence[Article], digests: Generator[Digest, None, None]
) -> Iterator[Sequence[tuple[Article, Digest]]]:
    with closing(digests):
        pairs = zip(articles, digests, strict=True)
        while batch := tuple(islice(pairs, _BATCH)):
            yield batch


def _store(store: Store, digests: Mapping[str, Digest]) -> None:
    store.put_many("body", {key: made.body for key, made in digests.items()})
    store.put_many("analysis", {key: made.analysis for key, made in digests.items()})
