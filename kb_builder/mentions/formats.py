"""Formats of exports: the columns they need, the place of each field, and the rows that count."""

import re
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

Field: TypeAlias = Literal[
    "id",
    "time",
    "exported_at",
    "channel",
    "segment",
    "customer_id",
    "article_id",
    "tag",
    "text",
    "first_reply_at",
    "reply_minutes",
]
ColumnNames: TypeAlias = Mapping[Field, tuple[str, ...]]
"""For each field the columns of a file that may hold its value, best first."""
FIELDS: Final[tuple[Field, ...]] = get_args(Field)
AGGREGATE: Final = "aggregate"
"""The name of the table of customers that was counted elsewhere."""
REPLIES: Final = "replies"
"""The name of the table of waits for a first reply that was counted elsewhere."""

_REPLIES: Final = (
    "first_reply_at first_responded_at first_admin_reply_at first_agent_reply_date first_agent_email_response_date"
    " first_response_datetime initial_response_time"
)
WAITS: Final = {
    60.0: "reply_minutes reply_time_in_minutes.calendar reply_time_in_minutes first_reply_time_min",
    1.0: "reply_time_in_seconds.calendar reply_time_in_seconds first_response_time first_response_time_s",
    0.001: "time_to_first_agent_reply time_to_first_agent_email_reply",
}
"""Seconds of a unit → columns that say how long the first reply took."""
OPEN_WAITS: Final = {
    60.0: "reply_time_in_minutes.business", 1.0: "time_to_admin_reply", 3600.0: "first_response_time_in_hrs",
    0.001: "hs_time_to_first_response_in_operating_hours",
}  # fmt: skip
"""The same of tools that leave out the hours when they are closed."""
REPLY_PLACES: Final = ("", "stats.", "statistics.", "metric_set.", "properties.")
"""Where the columns of replies may be."""
_WAIT_NAMES: Final = " ".join((*WAITS.values(), *OPEN_WAITS.values()))
REPLY_COLUMNS: Final[ColumnNames] = {
    "first_reply_at": tuple(place + name for name in _REPLIES.split() for place in REPLY_PLACES),
    "reply_minutes": tuple(place + name for name in _WAIT_NAMES.split() for place in REPLY_PLACES),
}
_EVERYWHERE: Final[dict[Field, str]] = {
    "segment": "segment", "article_id": "article_id", "channel": "channel", "tag": "tags"
}  # fmt: skip
"""Columns that the export of any tool may have, or that teams add to it."""


@dataclass(frozen=True, slots=True)
class Named:
    """Columns and times that the settings name for one file, before anything is recognised."""

    columns: ColumnNames = field(default_factory=dict)
    time_format: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A format of exports. A file has it when it has all columns of ``needs``."""

    name: str
    needs: frozenset[str]
    columns: ColumnNames
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Rows to keep: column → values, in lower case. Rows with an empty column are kept; with no values, only these."""
    drop: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Rows to exclude: column → values, in lower case."""
    channel: str = ""
    """The channel of every row that names none."""
    counted: tuple[str, ...] = ()
    """The columns of a table that was counted elsewhere; empty for rows of mentions."""

    @property
    def tool(self) -> str:
        """The tool whose ids these are: a ticket has one id in the tool's CSV and in its API."""
        return self.name.removesuffix("-csv")

    def column(self, field: Field, names: Container[str]) -> str:
        """The first column of a field that is among the plain ``names``; empty if none is."""
        return next((place for place in self.columns.get(field, ()) if plain_name(place) in names), "")


def format_of(
    name: str,
    needs: str,
    columns: dict[Field, str],
    *,
    only: dict[str, str] | None = None,
    drop: dict[str, str] | None = None,
    channel: str = "",
) -> Format:
    """A format out of texts in which names are separated by spaces."""

    def rules(given: dict[str, str] | None) -> dict[str, frozenset[str]]:
        return {column: frozenset(values.split()) for column, values in (given or {}).items()}

    return Format(
        name,
        frozenset(needs.split()),
        {field: tuple(places.split()) for field, places in (_EVERYWHERE | columns).items()},
        rules(only),
        rules(drop),
        channel,
    )


def counted_of(name: str, needs: str, others: str) -> Format:
    """The format of a table that was counted elsewhere."""
    return Format(name, frozenset(needs.split()), {}, counted=(*needs.split(), *others.split()))


def plain_name(name: str) -> str:
    """Normalised column name: ``Via channel``, ``via.channel`` and ``via_channel`` are the same, in any script."""
    return re.sub(r"[\W_]+", "_", unicodedata.normalize("NFKC", name).casefold()).strip("_")
