"""Anchors made of words in any script."""

import unicodedata


def words_anchor(text: str) -> str:
    """``text`` as an anchor in its own script: lower case, letters, marks and digits, joined by hyphens."""
    kept = (
        character if unicodedata.category(character)[0] in "LMN" or character == "_" else " " * (character in " -\t\n")
        for character in unicodedata.normalize("NFC", text).lower()
    )
    return "-".join("".join(kept).split())
