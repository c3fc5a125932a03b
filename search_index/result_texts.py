"""The texts that results show: passages of each document, as many as its shard has room for."""

import json
import math

FULL_TEXT, SHOWN_CHARACTERS = 2, 1_500
"""Documents a shard up to which results have every passage of them, and beyond which characters of text a shard."""


def documents_per_shard(count: int) -> int:
    """The number at which the list of shards and the shards of ten hits have about the same size."""
    return max(1, round(math.sqrt(count) / 32))


def room_for_text(count: int) -> int:
    """The characters of text that results show of each of ``count`` documents; 0 for every passage."""
    per_shard = documents_per_shard(count)
    return SHOWN_CHARACTERS // per_shard if per_shard > FULL_TEXT else 0


def shortened(shown: str, room: int) -> str:
    """The text of a result, of ``room`` characters at most: the first passages of sections before the others.

    A passage without a text is shown as the document's excerpt.
    """
    if not room or len(shown) <= room:
        return shown
    *document, targets = json.loads(shown)
    starts = [at == 0 or target[:2] != targets[at - 1][:2] for at, target in enumerate(targets)]
    left = room
    kept = set()
    for at in sorted(range(len(targets)), key=lambda at: not starts[at]):
        left -= len(targets[at][2])
        if left >= 0:
            kept.add(at)
    rows = [[*target[:2], target[2] if at in kept else ""] for at, target in enumerate(targets)]
    return json.dumps([*document, rows], ensure_ascii=False, separators=(",", ":"))
