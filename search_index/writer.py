"""Write the static index of a collection: the files a browser fetches. FORMAT.md specifies each byte."""

import hashlib
import json
from bisect import bisect
from collections.abc import Mapping, Sequence, Set
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import stem_of
from search_index.compounds import compounds
from search_index.corpus import Corpus, merge, questions
from search_index.dictionary import beginnings, by_ending, dictionary, postings_key
from search_index.encoding import text_of, varint, varints
from search_index.format import BUILD_BYTES, FORMAT, MANIFEST, ROOT, IndexFiles
from search_index.language import language_of
from search_index.learning import LearnedWeights, read_weights, train
from search_index.mention_examples import MentionExamples
from search_index.packing import Packer, Shard, compressed, inlined, reference, table
from search_index.partitions import distances, invert, joined
from search_index.prior import prior_table
from search_index.result_texts import documents_per_shard, room_for_text
from search_index.scoring import Impacts, impacts, with_parts
from search_index.stemming import stop_words
from search_index.synonym_table import synonym_table
from search_index.synonyms import Synonyms
from search_index.words import elides, fold, words

NO_SYNONYMS = Synonyms()
ONE_FILE = 30_000
"""Compressed bytes up to which everything is one file."""
POSTINGS_BYTES, PHRASE_BYTES = 4_500, 12_000
"""Aims for the size of one shard, before compression."""


def build_index(
    analyses: Sequence[bytes],
    *,
    language: str,
    synonyms: Synonyms = NO_SYNONYMS,
    mentions: MentionExamples | None = None,
    asked: Mapping[str, int] | None = None,
) -> IndexFiles:
    """Make the files of an index from the analyses of its documents.

    The index learns from the ``asked_as`` of its documents and from ``mentions``. ``asked`` and errors are those of
    :func:`write_index`. Raises ``ValueError`` for two documents with the same id.
    """
    partitions = [invert(analyses, room_for_text(len(analyses)))]
    corpus = collect(partitions, language=language, synonyms=synonyms, mentions=mentions)
    trained = train(questions(corpus), language=language, mentions=mentions)
    return write_index(corpus, language=language, synonyms=synonyms, trained=trained, asked=asked)


def write_index(
    corpus: Corpus,
    *,
    language: str,
    synonyms: Synonyms = NO_SYNONYMS,
    trained: bytes = b"",
    asked: Mapping[str, int] | None = None,
    earlier: IndexFiles | None = None,
) -> IndexFiles:
    """Write the files of an index of ``corpus``, which :func:`collect` made with the same language and synonyms.

    Its partitions were inverted with room for the texts of as many documents as the index has.

    ``trained`` are the weights of :func:`search_index.learning.train`; the index of none has learned nothing.
    ``asked`` is how many customers asked about each document id lately; many lift it a little. Unchanged shards are
    taken from ``earlier`` without compressing them again. The same input gives the same bytes. Raises ``ValueError``
    for a document that is for staff only.
    """
    for analysis in corpus.documents:
        if analysis.staff:
            raise ValueError(f"{analysis.id!r} is for staff only and can't be in a public index")
    learned_weights = read_weights(trained) if trained else LearnedWeights({})
    stops = stop_words(language, eliding=elides(language))
    stop_forms = np.array([form in stops for form in corpus.forms], bool)
    stop_groups = np.ones(corpus.groups, bool)
    stop_groups[corpus.group_of[~stop_forms]] = False
    learned = _learned(corpus, learned_weights)
    per_shard = documents_per_shard(len(corpus.documents))
    written_together = compounds(corpus, stops, language)
    weighed = with_parts(impacts(corpus, stop_groups), written_together, corpus)
    tables = [
        dictionary(corpus, weighed, stop_forms, learned, written_together),
        by_ending(corpus, weighed, stop_forms),
        _postings(corpus, weighed, stop_forms, learned),
        _documents(corpus, per_shard),
    ]
    phrase_tables = _phrase_tables(corpus)
    head = b"".join(
        (
            _head(corpus, language, per_shard, learns=bool(learned)),
            synonym_table(corpus, weighed, synonyms, language, written_together),
            prior_table(asked or {}, [document.id for document in corpus.documents]),
        )
    )
    packer = Packer(earlier)
    size = sum(len(shard.data) for shards in (*tables, phrase_tables) for shard in shards)
    root = b"" if size > 4 * ONE_FILE else head + b"\x01" + b"".join(map(inlined, (*tables, phrase_tables)))
    if not root or len(compressed(root)) > ONE_FILE:
        phrases = packer.pack([table(packer, phrase_tables, "x")], "p")
        rows = [table(packer, shards, kind) for shards, kind in zip(tables, "drwi", strict=True)]
        unasked = () if learned else {fold(form) for form in stops.intersection(corpus.forms)}
        hints = text_of(" ".join(sorted(unasked))), beginnings(corpus.forms)
        root = b"".join((head, b"\x00", *rows, *map(reference, phrases), *hints))
    build = hashlib.sha256(root).digest()[:BUILD_BYTES]
    files = {
        **packer.files,
        ROOT: compressed(varint(FORMAT) + build + root),
        MANIFEST: _manifest(language, len(corpus.documents), build),
    }
    return IndexFiles(dict(sorted(files.items())), learned_weights.unused_questions, packer.made_of)


def _head(corpus: Corpus, language: str, per_shard: int, *, learns: bool) -> bytes:
    """The root's beginning: what a reader has to know of the collection and of its language."""
    known = language_of(language)
    return b"".join(
        (
            varint(len(corpus.documents)),
            varint(per_shard),
            varint(int(elides(language))),
            varint(int(learns)),
            text_of(" ".join(dict.fromkeys(map(fold, known.endings)))),
            text_of(" ".join(known.beginnings)),
            text_of(",".join(known.links)),
        )
    )


def _manifest(language: str, documents: int, build: bytes) -> bytes:
    """What the index is, for readers of another format and for people."""
    manifest = {"format": FORMAT, "language": language, "documents": documents, "root": ROOT, "build": build.hex()}
    return (json.dumps(manifest, separators=(",", ":")) + "\n").encode()


def collect(
    partitions: Sequence[bytes],
    *,
    language: str,
    synonyms: Synonyms = NO_SYNONYMS,
    mentions: MentionExamples | None = None,
) -> Corpus:
    """Merge partitions once, for :func:`write_index` and :func:`search_index.related.related` to share."""
    eliding = elides(language)
    known = language_of(language)
    pairs = (*synonyms.pairs, *known.synonyms)
    more = {word for pair in pairs for phrase in pair for word in words(phrase, eliding=eliding)}
    more |= stop_words(language, eliding=eliding) | known.common_words | known.compound_parts
    more |= set(mentions.forms if mentions else ())
    return merge(partitions, partial(_also_known, extra=more, language=language))


def _also_known(stems: Mapping[str, str], extra: Set[str], language: str) -> dict[str, str]:
    """More forms than those of documents, with their stems: ``extra``, and for the words of documents the letters
    spelled out, and numbers in digits and in letters."""
    known = language_of(language)
    spelled = {form.translate(known.spelled_out): stem for form, stem in stems.items()} if known.spelled_out else {}
    numbers = {right for left, right in known.numbers if left in stems}
    return spelled | {word: stem_of(word, language) for word in (numbers | extra) - stems.keys()}


def _postings(
    corpus: Corpus, weighed: Impacts, stop_forms: NDArray[np.bool_], learned: Mapping[int, bytes]
) -> list[Shard]:
    gaps, gap_at = varints(distances(weighed.group, weighed.document))
    codes = weighed.code.astype(np.uint8).tobytes()
    sections = weighed.section.astype(np.uint8).tobytes()
    forms = weighed.forms.astype(np.uint8).tobytes()
    ends = np.cumsum(np.bincount(weighed.group, minlength=corpus.groups)).tolist()
    titles = _titles_by_group(corpus, weighed, stop_forms)
    gap_ends = gap_at.tolist()
    records = []
    first = 0
    for group, last in enumerate(ends):
        columns = gaps[gap_ends[first] : gap_ends[last]], codes[first:last], sections[first:last], forms[first:last]
        more = learned.get(group, b"\x00\x00"), titles.get(group, b"\x00")
        records.append(b"".join((varint(last - first), *columns, *more)))
        first = last
    first_form = np.unique(corpus.group_of, return_index=True)[1].tolist()
    return [
        Shard(text_of(postings_key(corpus.forms, first_form, first)) + varint(first), data)
        for first, data in _packed(records, b"W", POSTINGS_BYTES)
    ]


def _learned(corpus: Corpus, learned_weights: LearnedWeights) -> dict[int, bytes]:
    """Per group its learned weights, and those of pairs in which it is the lower number."""
    number = {analysis.id: at for at, analysis in enumerate(corpus.documents)}
    group_of = dict(zip(corpus.stems, range(corpus.groups), strict=True))
    singles: dict[int, bytes] = {}
    pairs: dict[int, dict[int, bytes]] = {}
    for feature, weights in learned_weights.weights.items():
        groups = sorted(group_of[stem] for stem in feature.split(" ") if stem in group_of)
        rows = sorted((number[id], weight) for id, weight in weights.items() if id in number)
        if rows and len(groups) == 1 and " " not in feature:
            singles[groups[0]] = _weight_list(rows)
        elif rows and len(groups) == 2:
            pairs.setdefault(groups[0], {})[groups[1]] = _weight_list(rows)
    return {
        group: singles.get(group, b"\x00")
        + varint(len(pairs.get(group, {})))
        + b"".join(varint(other) + data for other, data in sorted(pairs.get(group, {}).items()))
        for group in singles.keys() | pairs.keys()
    }


def _weight_list(rows: list[tuple[int, int]]) -> bytes:
    numbers = [number for number, _ in rows]
    steps = b"".join(varint(after - before) for before, after in zip([0, *numbers], numbers, strict=False))
    return varint(len(rows)) + steps + bytes(weight & 0xFF for _, weight in rows)


def _titles_by_group(corpus: Corpus, weighed: Impacts, stop_forms: NDArray[np.bool_]) -> dict[int, bytes]:
    """Fingerprints of titles, under the rarest word of each: a query that is a title has that word."""
    # One number a form, the greater the rarer: no stop word, rarity, and the lower group of two.
    last = corpus.groups - 1
    selectivity = (
        ((~stop_forms).astype(np.int64) << 40) | (weighed.rarity[corpus.group_of] << 32) | (last - corpus.group_of)
    )
    worth = dict(zip(corpus.forms, selectivity.tolist(), strict=True))
    found: dict[int, list[tuple[int, int]]] = {}
    for number, analysis in enumerate(corpus.documents):
        if analysis.title:
            rarest = last - (max(map(worth.__getitem__, analysis.title)) & 0xFFFFFFFF)
            found.setdefault(rarest, []).append((number, analysis.title_fingerprint))
    records = {}
    for group, titles in found.items():
        record = bytearray(varint(len(titles)))
        before = 0
        for number, title_fingerprint in titles:
            record += varint(number - before) + title_fingerprint.to_bytes(3, "little")
            before = number
        records[group] = bytes(record)
    return records


def _packed(records: Sequence[bytes], kind: bytes, aim: int) -> list[tuple[int, bytes]]:
    """Records in their order, in shards of about ``aim`` bytes, each with a table of the records' lengths.

    Of each shard the number of its first record, and its data.
    """
    sizes = np.array([len(record) for record in records], np.int64)
    ends, lengths = [0, *np.cumsum(sizes).tolist()], _each(sizes)
    shards = []
    first = 0
    while True:
        last = max(bisect(ends, ends[first] + aim) - 1, min(first + 1, len(records)))
        data = kind + varint(first) + varint(last - first) + b"".join((*lengths[first:last], *records[first:last]))
        shards.append((first, data))
        first = last
        if first >= len(records):
            return shards


def _documents(corpus: Corpus, per_shard: int) -> list[Shard]:
    shown = [analysis.shown for analysis in corpus.documents]
    return [
        Shard(
            b"",
            b"I" + varint(first) + ("[" + ",".join(shown[first : first + per_shard]) + "]").encode(),
        )
        for first in range(0, len(corpus.documents), per_shard)
    ]


def _phrase_tables(corpus: Corpus) -> list[Shard]:
    """Per form: the documents that have it, and at which positions. Each partition has its part encoded."""
    partitions = corpus.partitions
    form = joined(corpus.numbers, np.int64)
    order = np.argsort(form, kind="stable")
    form = form[order]
    starts = np.repeat(corpus.starts, [len(partition.forms) for partition in partitions]).astype(np.int64)
    first = joined([partition.first for partition in partitions], np.int64) + starts
    last = joined([partition.last for partition in partitions], np.int64) + starts
    firsts = distances(form, first[order], last[order])
    holders = joined([partition.holders for partition in partitions], np.int64)
    in_order = order.tolist()
    gaps = [piece for partition in partitions for piece in _pieces(partition.gaps, partition.gap_ends.tolist())]
    times = [piece for partition in partitions for piece in _pieces(partition.repeats, partition.time_ends.tolist())]
    steps = [piece for partition in partitions for piece in _pieces(partition.steps, partition.step_ends.tolist())]
    whole_gaps = [distance + gaps[at] for distance, at in zip(_each(firsts), in_order, strict=True)]
    times, steps = [times[at] for at in in_order], [steps[at] for at in in_order]
    counts = _each(np.bincount(form, holders[order], len(corpus.forms)).astype(np.int64))
    ends = np.cumsum(np.bincount(form, minlength=len(corpus.forms))).tolist()
    records = [
        b"".join((count, *whole_gaps[begin:end], *times[begin:end], *steps[begin:end]))
        for count, (begin, end) in zip(counts, pairwise((0, *ends)), strict=True)
    ]
    return [Shard(varint(first), data) for first, data in _packed(records, b"X", PHRASE_BYTES)]


def _pieces(data: bytes | memoryview, ends: Sequence[int]) -> list[bytes]:
    """``data`` cut where each piece ends."""
    whole = bytes(data)
    return [whole[first:last] for first, last in pairwise((0, *ends))]


def _each(numbers: NDArray[np.integer]) -> list[bytes]:
    """A varint for each number."""
    data, bounds = varints(numbers)
    return _pieces(data, bounds[1:].tolist())
