"""The words of an index, by how they begin and by how they end. FORMAT.md specifies each byte."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_index.compounds import Compound
from search_index.corpus import Corpus
from search_index.encoding import text_of, varint, zigzag
from search_index.format import ABSENT, BEGINNING_BITS, BEGINNING_LETTERS, COMPOUND, LEARNED, STOP
from search_index.names import is_name_key
from search_index.packing import Shard
from search_index.scoring import Impacts
from search_index.words import fingerprint, fold

DICTIONARY_ENTRIES, REVERSED_ENTRIES = 400, 250
"""Forms of a shard."""


def dictionary(
    corpus: Corpus,
    weighed: Impacts,
    stop_forms: NDArray[np.bool_],
    learned: Mapping[int, bytes],
    compounds: Mapping[int, Compound],
) -> list[Shard]:
    """The shards of all forms, by how they begin."""
    groups = corpus.group_of.tolist()
    absent = _absent(corpus, weighed)
    taught = absent & np.isin(corpus.group_of, list(learned))
    together = np.isin(corpus.group_of, list(compounds))
    # Like a stop word, the key of a name replaces no word.
    silent = stop_forms | np.array(list(map(is_name_key, corpus.forms)), bool)
    places = np.minimum(corpus.place_in_group, 7) + STOP * silent + ABSENT * absent + LEARNED * taught
    places += COMPOUND * together
    shards: list[Shard] = []
    last = 0
    while last < len(corpus.forms) or not shards:
        first, last = last, min(last + DICTIONARY_ENTRIES, len(corpus.forms))
        while last < len(corpus.forms) and fold(corpus.forms[last]) == fold(corpus.forms[last - 1]):
            last += 1
        parts = [_parts(group, compounds[group]) for group in groups[first:last] if group in compounds]
        columns = _entries(corpus, weighed, places, np.arange(first, last), parts)
        shards.append(Shard(text_of(fold(corpus.forms[first]) if corpus.forms else ""), b"D" + varint(first) + columns))
    return shards


def _absent(corpus: Corpus, weighed: Impacts) -> NDArray[np.bool_]:
    """Forms that no document has."""
    absent: NDArray[np.bool_] = np.bincount(weighed.group, minlength=corpus.groups)[corpus.group_of] == 0
    return absent


def _entries(
    corpus: Corpus,
    weighed: Impacts,
    places: NDArray[np.integer],
    forms: NDArray[np.integer],
    parts: Sequence[bytes] = (),
) -> bytes:
    """The record of some forms in the index, a column after the other."""
    groups = corpus.group_of[forms].tolist()
    return b"".join(
        (
            varint(len(forms)),
            *(varint(zigzag(group - before)) for before, group in pairwise((0, *groups))),
            places[forms].astype(np.uint8).tobytes(),
            weighed.rarity[groups].astype(np.uint8).tobytes(),
            weighed.form_rarity[forms].astype(np.uint8).tobytes(),
            *parts,
            "\n".join(corpus.forms[form] for form in forms).encode(),
        )
    )


def _parts(group: int, compound: Compound) -> bytes:
    return varint(len(compound.groups)) + b"".join(varint(zigzag(part - group)) for part in compound.groups)


def by_ending(corpus: Corpus, weighed: Impacts, stop_forms: NDArray[np.bool_]) -> list[Shard]:
    """The shards of the forms that documents have, by how they end."""
    places = np.minimum(corpus.place_in_group, 7) + STOP * stop_forms
    absent = _absent(corpus, weighed)
    rows = sorted(
        (fold(form)[::-1], number)
        for number, form in enumerate(corpus.forms)
        if len(form) >= 3 and not (form.isdigit() or is_name_key(form) or absent[number])
    )
    shards: list[Shard] = []
    last = 0
    while last < len(rows) or not shards:
        first, last = last, min(last + REVERSED_ENTRIES, len(rows))
        while last < len(rows) and rows[last][0] == rows[last - 1][0]:
            last += 1
        forms = np.array([number for _, number in rows[first:last]], np.int64)
        key = rows[first][0] if rows else ""
        shards.append(Shard(text_of(key), b"R" + _entries(corpus, weighed, places, forms)))
    return shards


def postings_key(forms: Sequence[str], first_form: Sequence[int], group: int) -> str:
    """The shortest beginning of the first form of ``group`` that comes after all forms before it; of the first, none.

    Of a word that a browser has no entry of yet, the last shard of postings whose key is not after the word most likely
    has its group: all but where another form of the group stands far before it.
    """
    if not group:
        return ""
    before, own = (fold(forms[first_form[group] - step]) for step in (1, 0))
    return next((own[:size] for size in range(1, len(own)) if own[:size] > before), own)


def beginnings(forms: Sequence[str]) -> bytes:
    """Two bits for each beginning of a form, by its fingerprint (Bloom 1970): a word without them is unknown."""
    known = {fold(form)[:BEGINNING_LETTERS] for form in forms}
    bits = bytearray(max(1, len(known) * BEGINNING_BITS // 8))
    for beginning in known:
        found = fingerprint([beginning])
        for number in (found, found >> 10):
            bits[(number >> 3) % len(bits)] |= 1 << (number & 7)
    return bytes(bits)
