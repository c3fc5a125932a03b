"""One export as the engine reads it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final
from zoneinfo import ZoneInfo

from kb_builder.mentions.engine_file import EngineFile
from kb_builder.mentions.formats import Field, Format, Named
from kb_builder.mentions.times import Clock

NOT_UTF8: Final = "not UTF-8"
AS_UTF8: Final = "export it as UTF-8; a spreadsheet calls that CSV UTF-8"


@dataclass(frozen=True, slots=True)
class Export:
    """A readable file. ``rows`` and ``rows_again`` are SQL ``SELECT`` statements with the same result.

    Columns: :data:`FIELDS` as text or NULL, in file order, and two flags: ``broken`` (not a record) and ``excluded``
    (not written by a customer). An aggregate table has the columns of its format, ``broken``, and
    ``by_hour`` where it counts customers. Only ``rows`` logs unparsable CSV records, in the table ``rejects``.
    """

    found: EngineFile
    shown: str
    size: int
    format: Format
    rows: str
    rows_again: str
    rejects: str
    """Name of the table of unparsable records; empty for Parquet."""
    names: frozenset[str]
    """Its columns by their plain names."""
    unit: str = "row"
    time_format: str | None = None
    """The form of the times, where the first rows say it: ``strptime``'s, or ``SERIAL``."""
    named: Named = field(default_factory=Named)
    """Settings for this file."""

    def clock(self, clock: Clock) -> Clock:
        """``clock`` with the form and the zone of this file's times: what is said of it, of all files, or inferred."""
        zone = ZoneInfo(self.named.time_zone) if self.named.time_zone else clock.naive_zone
        form = self.named.time_format or clock.time_format or self.time_format
        return replace(clock, time_format=form, naive_zone=zone)

    def has(self, field: Field) -> bool:
        """Whether the file has a column for ``field``."""
        return self.format.column(field, self.names) != ""

    @property
    def time_column(self) -> str:
        """The time column as the format or the settings name it, so that no name of the file is repeated."""
        return self.format.column("time", self.names)

    @property
    def is_aggregate(self) -> bool:
        """Whether its rows are counts rather than single mentions."""
        return bool(self.format.counted)
