"""The names and numbers of the format that FORMAT.md describes, and an index as its files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

FORMAT = 6
MANIFEST = "manifest.json"
ROOT = "root.bin"
"""The file that readers open first; the manifest says what it is to everybody else."""
SHARDS = "shards/"
"""Folder of all files whose name says what is in them, so that one host rule marks them immutable."""
BUILD_BYTES = 8
"""Of the hash of the root's content, which tells one build from another."""
HASH_BYTES = 4
"""Of a file's hash, in its name and in the root: hashes don't compress, and there are thousands of shards."""
STOP, ABSENT, LEARNED, COMPOUND = 8, 16, 32, 64
"""Flags of a dictionary entry: a stop word; a word that no document has; such a word with learned weights; a word with
known parts."""
BEGINNING_LETTERS = 4
"""A word of more letters that begins as no word of the dictionary does is unknown: its typos are looked for at once."""
BEGINNING_BITS = 4
"""Bits of the root for each beginning."""


@dataclass(frozen=True, slots=True)
class IndexFiles:
    """The files of one index, by name; ``ROOT`` is the one to open first."""

    files: dict[str, bytes]
    unused_questions: int = 0
    """Questions that search did not learn from because scikit-learn is not installed."""
    made_of: Mapping[str, str] = field(default_factory=dict)
    """Hash of what was compressed → the file it became."""

    @property
    def build(self) -> str:
        """What tells this index from others: hex digits."""
        build: str = json.loads(self.files[MANIFEST])["build"]
        return build
