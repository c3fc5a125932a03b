"""The language that a mention is written in, of the few that a help centre has."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier


class Detector:
    """Chooses among ``codes``, those of the help centre's languages; the first for texts without a sign of theirs."""

    def __init__(self, codes: Sequence[str]) -> None:
        self._codes = {code.split("-")[0].lower(): code for code in reversed(codes)}
        self._first = codes[0]

    @cached_property
    def _identifier(self) -> "LanguageIdentifier":
        from py3langid.langid import MODEL_FILE, LanguageIdentifier  # its model takes a while to load

        identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
        known = set(identifier.labels)
        identifier.set_languages([code for code in self._codes if code in known] or [sorted(known)[0]])
        return identifier

    def language_of(self, text: str) -> str:
        """One of the codes."""
        if not any(map(str.isalpha, text)):
            return self._first
        return self._codes.get(self._identifier.classify(text)[0], self._first)
