"""Messages and the documents they are about."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from search_index import Document, Matcher, Section, analyse, build_index
from search_index.confidence import confidence
from search_index.reader import learned_unit
from search_index.scoring import LEVELS
from search_index.shard_reader import Shards
from search_index.words import words

DOCUMENTS = [
    Document("refund", "r/", "When do I get my refund?", sections=(Section("", "", "A refund takes five days."),)),
    Document("track", "t/", "Track a parcel", sections=(Section("", "", "Follow your parcel with its number."),)),
    Document("cancel", "c/", "Cancel an order", sections=(Section("", "", "Orders can be cancelled for an hour."),)),
    Document("account", "a/", "Delete my account", sections=(Section("", "", "We forget your address."),)),
]


def matcher() -> Matcher:
    return Matcher(build_index([analyse(document, "en") for document in DOCUMENTS], language="en"))


def test_messages_are_matched_typos_included():
    matches = matcher().match(
        ["where is the refnud you promised", "pls cancel my oder", "my account must go: delete it"]
    )
    assert [match and match[0] for match in matches] == ["refund", "cancel", "account"]


def test_what_is_about_nothing_here_is_not_matched():
    assert matcher().match(["", "zebra xylophone", "the of and", "\ud800"]) == [None, None, None, None]


def test_a_clear_message_is_surer_than_a_vague_one():
    clear, vague = matcher().match(["track a parcel", "an order, a parcel, a refund, an account"])
    assert clear is not None
    assert vague is not None
    assert 0 <= vague[1] < clear[1] <= 1


def test_one_document_is_enough():
    only = Matcher(build_index([analyse(DOCUMENTS[0], "en")], language="en"))
    assert only.match(["refund"])[0] is not None
    assert Matcher(build_index([], language="en")).match(["refund"]) == [None]


def _alone(matcher: Matcher, shards: Shards, text: str) -> tuple[str, float] | None:
    """What FORMAT.md says of one message, a word after the other."""
    own = words(text, eliding=False)
    meant = [matcher._known(set(own))[word] for word in own]
    content = {match.group: match for match in meant if match.group >= 0 and not match.stop}
    slots = len(content) + sum(match.group < 0 for match in meant)
    total, found = np.zeros(shards.count, np.int64), np.zeros(shards.count, np.int64)
    for group, match in content.items():
        postings = shards.postings(group)
        if postings:
            total[postings.documents] += LEVELS[postings.codes] * match.weight >> 8
            found[postings.documents] += 1
    total = (total * np.sqrt(found / max(1, slots))).astype(np.int64)
    for weights, _, _ in shards.learned_weights([(match.group, match.stop) for match in meant]):
        total[weights.documents] += weights.weights * learned_unit(slots)
    best = int(total.argmax())
    if not content or total[best] <= 0:
        return None
    others = sorted(np.delete(total, best).tolist(), reverse=True)
    second, third = (*others, 0, 0)[:2]
    return shards.id_of(best), confidence(int(total[best]), (second, third), int(found[best]), slots)


@pytest.mark.parametrize("learned", [True, False])
def test_many_messages_are_matched_as_each_alone(monkeypatch: pytest.MonkeyPatch, learned: bool):
    """Whatever is scored at once, with learned words and pairs of them."""
    asked = ("give my money back now", "no money yet", "money back please", "is my money lost", "refnud of my money")
    documents = [replace(DOCUMENTS[0], asked_as=asked if learned else ()), *DOCUMENTS[1:]]
    index = build_index([analyse(document, "en") for document in documents], language="en")
    shards = Shards(index.files.__getitem__)
    assert shards.has_learned is learned
    typed = (
        "where is my my money back the parcel order zebra cancelled hour refnud account number please xylophone".split()
    )
    draw = Random(7)
    texts = ["", "the", "zebra"] + [" ".join(draw.choices(typed, k=draw.randrange(12))) for _ in range(200)]
    expected = [_alone(Matcher(index), shards, text) for text in texts]
    assert sum(match is None for match in expected) > 5
    for cells in (1, 100, 1 << 16):
        monkeypatch.setattr("search_index.matcher.CELLS", cells)
        assert Matcher(index).match(texts) == expected
