"""Examples from resolved mentions: the features that at least five customers of an article used, and nothing else.

A mention that support resolved with an article is one more question the article answers. Its text must not be
recoverable, so every rarer feature is removed before training, words before pairs: adding a rare word to a mention, or
removing one, changes no byte of the result.
"""

import io
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import stem_of
from search_index.features import Token, features, tokens
from search_index.stemming import listed_words
from search_index.words import elides

FEWEST_CUSTOMERS = 5
"""Different customers of one article that a feature needs."""
FEWEST_FOR_UNLISTED = 25
"""Customers needed by a form that is neither in public content nor in the language's word list."""
LONGEST_FORM = 20
"""Letters of a form that may enter the index without being in public content; longer ones are identifiers."""

Resolved = tuple[str, str, str]
"""Document id, customer (any identifier; empty if unknown) and text of one resolved mention."""


@dataclass(frozen=True, slots=True)
class MentionExamples:
    """Examples as sets of features. ``document``, ``times`` and ``ends`` run parallel, one entry an example."""

    documents: tuple[str, ...]
    features: tuple[str, ...]
    """A feature is a stem, or two with a space between."""
    document: NDArray[np.int32]
    times: NDArray[np.int32]
    """Customers who sent exactly these features."""
    ends: NDArray[np.int64]
    """Where the features of an example end in ``feature``."""
    feature: NDArray[np.int32]
    customers: Mapping[str, Mapping[str, int]]
    """Document id → feature → different customers, each at least ``FEWEST_CUSTOMERS``."""
    forms: Mapping[str, str]
    """Form → stem of words that public content does not have."""

    def customers_of(self, document_id: str, words: str, language: str) -> int:
        """How many customers of a document used one or two words that search learned; 0 if it didn't learn them."""
        stems = sorted(stem_of(word, language) for word in words.split())
        return self.customers.get(document_id, {}).get(" ".join(stems), 0)

    def by_document(self) -> dict[str, list[tuple[list[str], int]]]:
        """Document id → its examples: features in alphabetical order, and customers."""
        found: dict[str, list[tuple[list[str], int]]] = {id: [] for id in self.documents}
        first = 0
        for document, times, last in zip(self.document.tolist(), self.times.tolist(), self.ends.tolist(), strict=True):
            used = [self.features[number] for number in self.feature[first:last].tolist()]
            found[self.documents[document]].append((used, times))
            first = last
        return found

    def to_bytes(self) -> bytes:
        """For a cache: arrays and JSON, no pickle."""
        about = json.dumps([self.documents, self.features, self.customers, self.forms], sort_keys=True)
        stream = io.BytesIO()
        arrays = {"document": self.document, "times": self.times, "ends": self.ends, "feature": self.feature}
        np.savez(stream, about=np.frombuffer(about.encode(), np.uint8), **arrays)  # type: ignore[arg-type, unused-ignore]
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "MentionExamples":
        """The inverse of :meth:`to_bytes`; of no bytes, no examples."""
        if not data:
            nothing = np.zeros(0, np.int32)
            return cls((), (), nothing, nothing, np.zeros(0, np.int64), nothing, {}, {})
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            documents, features, customers, forms = json.loads(arrays["about"].tobytes())
            document, times, ends, feature = (arrays[name] for name in ("document", "times", "ends", "feature"))
        return cls(tuple(documents), tuple(features), document, times, ends, feature, customers, forms)


class _Mention(NamedTuple):
    document: str
    customer: str
    tokens: list[Token]


def reduce_mentions(resolved: Iterable[Resolved], *, language: str, public_forms: Collection[str]) -> MentionExamples:
    """Reduce resolved mentions to examples. ``public_forms`` are the forms that public content has.

    The order of ``resolved`` has no influence.
    """
    listed = listed_words(language, eliding=elides(language))
    public = {stem_of(form, language) for form in (*public_forms, *listed)}
    mentions = [_mention(*row, language=language, public=public) for row in resolved]
    unlisted = _unlisted_forms(mentions, public)
    by_document: dict[str, list[_Mention]] = defaultdict(list)
    for mention in mentions:
        kept = [token for token in mention.tokens if token.stem in public or token.form in unlisted]
        by_document[mention.document].append(mention._replace(tokens=kept))
    rows: list[tuple[str, tuple[str, ...], int]] = []
    customers: dict[str, dict[str, int]] = {}
    for document in sorted(by_document):
        examples, counts = _examples_of(by_document[document])
        rows += [(document, tuple(sorted(found)), times) for found, times in examples.items()]
        if counts:
            customers[document] = counts
    taught = {feature for counts in customers.values() for feature in counts}
    forms = {form: stem for form, stem in sorted(unlisted.items()) if stem in taught}
    return _packed(sorted(rows), customers, forms)


def _mention(document: str, customer: str, text: str, *, language: str, public: Collection[str]) -> _Mention:
    found = tokens(text, language)
    # Without an identifier, mentions with the same public words count as one customer's.
    return _Mention(document, customer or " ".join(token.stem for token in found if token.stem in public), found)


def _unlisted_forms(mentions: Sequence[_Mention], public: Collection[str]) -> dict[str, str]:
    """Form → stem of words outside public content and the word list that enough customers used."""
    users: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mention in mentions:
        for token in mention.tokens:
            if token.stem not in public and token.form.isalpha() and len(token.form) <= LONGEST_FORM:
                users[token.form, token.stem].add(mention.customer)
    return {form: stem for (form, stem), customers in users.items() if len(customers) >= FEWEST_FOR_UNLISTED}


def _examples_of(mentions: Sequence[_Mention]) -> tuple[dict[frozenset[str], int], dict[str, int]]:
    """The examples of one document with their customers, and the customers of each feature."""
    common = _common((mention.customer, {token.stem for token in mention.tokens}) for mention in mentions)
    found = [
        (mention.customer, features([token for token in mention.tokens if token.stem in common]))
        for mention in mentions
    ]
    counts = _common(found)
    senders: dict[frozenset[str], set[str]] = defaultdict(set)
    for customer, used in found:
        senders[frozenset(used & counts.keys())].add(customer)
    senders.pop(frozenset(), None)
    return {kept: len(customers) for kept, customers in senders.items()}, dict(sorted(counts.items()))


def _common(found: Iterable[tuple[str, set[str]]]) -> dict[str, int]:
    """Feature → customers, of the features that enough customers used."""
    used: dict[str, set[str]] = {}
    for customer, its in found:
        used[customer] = used[customer] | its if customer in used else its
    users = Counter(chain.from_iterable(used.values()))
    return {feature: count for feature, count in users.items() if count >= FEWEST_CUSTOMERS}


def _packed(
    rows: Sequence[tuple[str, tuple[str, ...], int]],
    customers: Mapping[str, Mapping[str, int]],
    forms: Mapping[str, str],
) -> MentionExamples:
    documents = tuple(sorted({document for document, _, _ in rows}))
    names = tuple(sorted({feature for _, used, _ in rows for feature in used}))
    number = {name: at for at, name in enumerate(names)}
    document_number = {name: at for at, name in enumerate(documents)}
    return MentionExamples(
        documents,
        names,
        np.array([document_number[document] for document, _, _ in rows], np.int32),
        np.array([times for _, _, times in rows], np.int32),
        np.cumsum([len(used) for _, used, _ in rows], dtype=np.int64),
        np.array([number[feature] for _, used, _ in rows for feature in used], np.int32),
        customers,
        forms,
    )
