"""The units that a translator gets of an article, whatever the format."""

from dataclasses import dataclass

from kb_builder.translating.inline_codes import Token, joined


@dataclass(frozen=True, slots=True)
class Unit:
    """One segment. ``id`` is its place: ``title``, ``asked_as.2``, ``body.7``; ``target`` is None if missing."""

    id: str
    note: str
    source: tuple[Token, ...]
    target: tuple[Token, ...] | None = None
    line: int = 0
    """Its line in the XLIFF file that was read."""
    review: bool = False
    """Whether its target still waits for a translator."""

    @property
    def untouched(self) -> bool:
        """Whether it has no translation. Some tools put the words of the source in place of a missing target."""
        return self.target is None or (self.review and joined(self.target) == joined(self.source))


@dataclass(frozen=True, slots=True)
class Work:
    """One article in one language. ``revision`` is that of its source; ``digest`` is the hash of its translation."""

    id: str
    path: str
    source_language: str
    target_language: str
    revision: str
    digest: str
    units: tuple[Unit, ...]
    state: str = "translated"
    """The XLIFF state of targets: ``translated``, or ``needs-review-translation``."""
    line: int = 0

    @property
    def untouched(self) -> bool:
        """Whether none of it has a translation."""
        return all(unit.untouched for unit in self.units)
