"""Digests: what is computed from each article alone, its body, outline and search analysis."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import search_index
from kb_builder.config import Settings
from kb_builder.markdown.included import Included
from kb_builder.model import Announcement, Article, Body, Outline
from kb_builder.system.cache_keys import code_fingerprint, hash_of, runs
from kb_builder.system.codec import Codec
from kb_builder.system.processes import spread
from kb_builder.system.progress import StageProgress
from kb_builder.system.store import Resources

if TYPE_CHECKING:
    from kb_builder.markdown.convert import Converter, Source

_BODY: Final = Codec(Body)
_BODIES: Final = Codec(list[Body])
_OUTLINES: Final = Codec(list[Outline])
_LEAST: Final = 0.1
"""The smallest boost that the index keeps."""
_BATCH: Final = 250
"""Digests in memory at once: all of them together would take too much of it. Workers wait while the last are stored."""


@dataclass(frozen=True, slots=True)
class Digest:
    """The body of an article, encoded by :data:`_BODY`, and its analysis for the index."""

    body: bytes
    analysis: bytes


class ShortText(NamedTuple):
    """Markdown that is no article's body: of an announcement, or of an answer in a header."""

    text: str
    title: str
    first_line: int
    """Of the text, in its file."""

    @classmethod
    def of(cls, item: Announcement) -> Self:
        """The text of an announcement."""
        return cls(item.body, item.title, item.body_line)


def source_of(article: Article) -> "Source":
    """``article`` as input of the conversion."""
    from kb_builder.markdown.convert import Source

    return Source(
        article.body, article.title, article.body_line, article.removed_lines, for_staff=bool(article.staff_text)
    )


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


def digest(articles: Sequence[Article], converter: "Converter", language: str) -> list[Digest]:
    """The digest of each article. All are converted before all are analysed, which is faster by a twelfth."""
    bodies = converter.convert_all(map(source_of, articles))
    documents = map(document, articles, bodies)
    analyses = [search_index.analyse(one, language) for one in documents]
    return [Digest(_BODY.encode(body), analysis) for body, analysis in zip(bodies, analyses, strict=True)]


class Digests:
    """Each article is converted and analysed once; bodies and analyses stay in the store, outlines in memory."""

    def __init__(
        self,
        articles: Sequence[Article],
        version_of: Callable[[Article], str],
        settings: Settings,
        resources: Resources,
        may_include: Callable[[str], bool],
    ) -> None:
        """``articles`` are those with an outline; ``version_of`` is a hash of the files that one is made of, and
        ``may_include`` says of the text of another file whether a body may include it."""
        self._articles = articles
        self._version_of = version_of
        self._settings = settings
        self._language = settings.search_language
        self._included = Included(settings.extensions, may_include)
        self._may_include = may_include
        self._store = resources.store
        self._jobs = resources.jobs
        self._progress = resources.progress
        self._keys: dict[tuple[str, bool], str] = {}

    @cached_property
    def converter(self) -> "Converter":
        """Made when it is first needed: that takes as long as all else of a reply whose body is stored."""
        from kb_builder.markdown.convert import Converter

        trust_html = self._settings.options.trust_html
        return Converter(self._settings.extensions, trust_html=trust_html, may_include=self._may_include)

    def inputs(self, text: str) -> tuple[str, ...]:
        """The inputs of the body of ``text`` besides it and the configuration: files that it includes."""
        return self._included.inputs(text)

    def key_of(self, article: Article) -> str:
        """The cache key of one version of an article: with its parts for staff, or without them."""
        version = article.path, bool(article.staff_text)
        if version not in self._keys:
            key = self._version_of(article)
            if included := self.inputs(article.body):
                key = hash_of(key, *included)
            self._keys[version] = hash_of(key, "staff") if article.staff_text else key
        return self._keys[version]

    @cached_property
    def outlines(self) -> Mapping[str, Outline]:
        """Article id → outline. Completes the store with the digest of every article."""
        articles = self._articles
        keys = {article.id: self.key_of(article) for article in articles}
        names = [article.path for article in articles]
        groups = {hash_of(*(keys[article.id] for article in articles[run])): articles[run] for run in runs(names)}
        stored = self._store.load_many("outlines", groups, _OUTLINES)
        outlines: dict[str, Outline] = {}
        missing: dict[str, Sequence[Article]] = {}
        for group, members in groups.items():
            found = stored.get(group, ())
            if len(found) == len(members):
                outlines.update((article.id, outline) for article, outline in zip(members, found, strict=True))
            else:
                missing[group] = members
        unknown = [article for members in missing.values() for article in members]
        for start in range(0, len(unknown), _BATCH):
            some = {keys[article.id]: article.id for article in unknown[start : start + _BATCH]}
            bodies = self._store.load_many("body", some, _BODY)
            outlines |= {some[key]: body.outline for key, body in bodies.items()}
        new = [article for article in unknown if article.id not in outlines]
        for article, made in self._digested(new, done=len(articles) - len(new)):
            outlines[article.id] = _BODY.decode(made.body).outline
        self._store.put_many(
            "outlines",
            {group: _OUTLINES.encode([outlines[article.id] for article in run]) for group, run in missing.items()},
        )
        for kind in ("body", "analysis"):
            self._store.note_use(kind, keys.values())
        return outlines

    def body(self, article: Article) -> Body:
        """The body of one article; it converts no other."""
        return self.bodies([article])[0]

    def bodies(self, articles: Sequence[Article]) -> list[Body]:
        """The body of each of ``articles``, which are taken from the store together; it converts no other."""
        keys = list(map(self.key_of, articles))
        stored = self._store.load_many("body", keys, _BODY)
        return [stored.get(key) or self._made(article, key) for article, key in zip(articles, keys, strict=True)]

    def _made(self, article: Article, key: str) -> Body:
        (made,) = digest([article], self.converter, self._language)
        self._keep({key: made})
        return _BODY.decode(made.body)

    def convert(self, article: Article) -> Body:
        """The body of what is not kept in the store."""
        return self.converter.convert_all([source_of(article)])[0]

    def short(self, texts: Mapping[str, ShortText]) -> Mapping[str, Body]:
        """The body of each text, by its name: like those of articles they are converted once."""
        shared = hash_of(code_fingerprint(), self._settings.fingerprint)
        keys = {
            name: hash_of(shared, one.text, one.title, str(one.first_line), *self.inputs(one.text))
            for name, one in texts.items()
        }

        def make(names: Sequence[str]) -> list[Body]:
            from kb_builder.markdown.convert import Source

            return self.converter.convert_all([Source(*texts[name]) for name in names])

        return self._store.of_each("short texts", keys, make, _BODIES)

    def analyses(self, articles: Sequence[Article]) -> list[bytes]:
        """The analysis of each article for the index."""
        keys = list(map(self.key_of, articles))
        found = self._store.get_many("analysis", keys)
        missing = [article for article, key in zip(articles, keys, strict=True) if key not in found]
        for article, made in self._digested(missing, done=len(articles) - len(missing)):
            found[self.key_of(article)] = made.analysis
        return [found[key] for key in keys]

    def _digested(self, articles: Sequence[Article], *, done: int) -> Iterator[tuple[Article, Digest]]:
        """Each article and its digest, when that is stored. ``done`` is how many others had one before."""
        stage = StageProgress(self._progress, "articles", len(articles) + done, done)
        if not articles:
            return  # Making a converter takes a tenth of a second.
        task = partial(digest, converter=self.converter, language=self._language)
        with closing(spread(task, articles, jobs=self._jobs, progress=stage)) as digests:
            pairs = zip(articles, digests, strict=True)
            while batch := tuple(islice(pairs, _BATCH)):
                self._keep({self.key_of(article): made for article, made in batch})
                yield from batch

    def _keep(self, digests: Mapping[str, Digest]) -> None:
        self._store.put_many("body", {key: made.body for key, made in digests.items()})
        self._store.put_many("analysis", {key: made.analysis for key, made in digests.items()})
