"""Export formats: our own columns, aggregate tables, and the exports of known support tools.

A format is recognised by the column names of a file, in the spelling of the tool's CSV or JSON (``via.channel``,
``via_channel`` and ``Via channel`` are the same).
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias, get_args

Field: TypeAlias = Literal[
    "id", "time", "exported_at", "channel", "segment", "customer_id", "article_id", "tag", "text", "first_reply_at",
    "reply_minutes",
]  # fmt: skip
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
    60.0: "reply_time_in_minutes.calendar reply_time_in_minutes first_reply_time_min",
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
"""Where the columns of replies may lie."""
_WAIT_NAMES: Final = " ".join((*WAITS.values(), *OPEN_WAITS.values()))
REPLY_COLUMNS: Final[ColumnNames] = {
    "first_reply_at": tuple(place + name for name in _REPLIES.split() for place in REPLY_PLACES),
    "reply_minutes": tuple(place + name for name in _WAIT_NAMES.split() for place in REPLY_PLACES),
}
_EVERYWHERE: Final[dict[Field, str]] = {"segment": "segment", "article_id": "article_id"}
"""Columns that teams add to the export of any tool."""


@dataclass(frozen=True, slots=True)
class Named:
    """What the settings name for one file, before anything is recognised."""

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
    """Rows to keep: column → values, in lower case. A row where the column is empty is kept."""
    drop: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Rows to exclude: column → values, in lower case."""
    empty: tuple[str, ...] = ()
    """Columns that must be empty for a row to count."""
    channel: str = ""
    """The channel of every row that names none."""
    counted: tuple[str, ...] = ()
    """The columns of a table that was counted elsewhere; empty for rows of mentions."""

    @property
    def tool(self) -> str:
        """The tool whose ids these are: a ticket has one id in the tool's CSV and in its API."""
        return self.name.removesuffix("-csv")


def _format(
    name: str,
    needs: str,
    columns: dict[Field, str],
    *,
    only: dict[str, str] | None = None,
    drop: dict[str, str] | None = None,
    empty: tuple[str, ...] = (),
    channel: str = "",
) -> Format:
    def rules(given: dict[str, str] | None) -> dict[str, frozenset[str]]:
        return {column: frozenset(values.split()) for column, values in (given or {}).items()}

    return Format(
        name,
        frozenset(needs.split()),
        {field: tuple(places.split()) for field, places in (_EVERYWHERE | columns).items()},
        rules(only),
        rules(drop),
        empty,
        channel,
    )


def _counted(name: str, needs: str, others: str) -> Format:
    return Format(name, frozenset(needs.split()), {}, counted=(*needs.split(), *others.split()))


# The first match wins: specific formats come before general ones.
FORMATS: Final[tuple[Format, ...]] = (
    _counted(AGGREGATE, "topic day customers", "segment hour"),
    _counted(AGGREGATE, "topic hour customers", "segment day"),
    # Writers of JSON leave out what is NULL: the wait of who was not answered.
    _counted(REPLIES, "channel asked replies", "segment waited"),
    _format(
        "twcs",
        "tweet_id author_id inbound in_response_to_tweet_id",
        {"id": "tweet_id", "time": "created_at", "customer_id": "author_id", "text": "text"},
        only={"inbound": "true 1"},
        empty=("in_response_to_tweet_id",),
        channel="twitter",
    ),
    _format(
        "freshdesk",
        "created_at requester_id source",
        {
            "id": "id ticket_id",
            "time": "created_at",
            "channel": "source",
            "customer_id": "requester_id",
            "text": "subject description_text",
            "tag": "tags",
        },
        drop={"spam": "true 1", "source": "10", "deleted": "true 1"},
    ),
    _format(
        "zendesk",
        "created_at requester_id",
        {
            "id": "id ticket_id",
            "time": "created_at",
            "channel": "via.channel channel via",
            "customer_id": "requester_id",
            "text": "subject description",
            "tag": "tags",
        },
        drop={"status": "deleted"},
    ),
    _format(
        "freshdesk-csv",
        "ticket_id created_time source",
        {
            "id": "ticket_id",
            "time": "created_time",
            "channel": "source",
            "customer_id": "contact_id requester_id email",
            "text": "subject description",
            "tag": "tags",
        },
        drop={"spam": "true 1", "source": "10 outbound_email"},
    ),
    _format(
        "intercom",
        "created_at source.author.type",
        {
            "id": "id",
            "time": "created_at",
            "channel": "source.type",
            "customer_id": "source.author.id",
            "text": "source.subject source.body",
            "tag": "tags.tags[*].name tags",
        },
        only={"source.author.type": "user lead contact"},
        channel="chat",
    ),
    _format(
        "intercom-parts",
        "created_at author.type body",
        {
            "id": "id",
            "time": "created_at",
            "channel": "channel",
            "customer_id": "author.id",
            "text": "body",
            "tag": "tags",
        },
        only={"author.type": "user lead contact"},
        channel="chat",
    ),
    _format(
        "gorgias",
        "created_datetime channel",
        {
            "id": "id ticket_id",
            "time": "created_datetime",
            "channel": "channel",
            "customer_id": "customer.id customer_id sender.id requester.id",
            "text": "subject excerpt stripped_text body_text",
            "tag": "tags[*].name tags",
        },
        drop={"from_agent": "true 1", "spam": "true 1"},
    ),
    _format(
        "hubspot",
        "properties.createdate",
        {
            "id": "id properties.hs_object_id",
            "time": "properties.createdate",
            "channel": "properties.source_type",
            "customer_id": "properties.hs_all_associated_contact_emails properties.hs_primary_contact_id "
            "associations.contacts.results[0].id",
            "text": "properties.subject properties.content",
            "tag": "properties.hs_ticket_category",
            "segment": "properties.segment",
            "article_id": "properties.article_id",
        },
    ),
    _format(
        "hubspot-csv",
        "ticket_id create_date",
        {
            "id": "ticket_id",
            "time": "create_date",
            "channel": "source",
            "customer_id": "associated_contact_ids associated_contact contact_id",
            "text": "ticket_name ticket_description",
            "tag": "category",
        },
    ),
    _format(
        "helpscout",
        "createdAt primaryCustomer.id",
        {
            "id": "id",
            "time": "createdAt",
            "channel": "type source.type",
            "customer_id": "primaryCustomer.id createdBy.id",
            "text": "subject preview",
            "tag": "tags[*].tag tags",
        },
        only={"createdBy.type": "customer"},
        drop={"status": "spam", "state": "deleted draft"},
        channel="email",
    ),
    _format(
        "front",
        "created_at recipient.handle",
        {
            "id": "id",
            "time": "created_at",
            "channel": "type",
            "customer_id": "recipient.handle",
            "text": "subject last_message.text last_message.blurb",
            "tag": "tags[*].name tags",
        },
        drop={"status": "deleted spam", "recipient.role": "to"},
    ),
    _format(
        "zoho-csv",
        "created_time contact_name_id",
        {
            "id": "id request_id ticket_id",
            "time": "created_time",
            "channel": "channel",
            "customer_id": "contact_name_id email",
            "text": "subject description",
            "tag": "tags",
        },
        drop={"is_spam": "true 1"},
    ),
    _format(
        "zoho",
        "createdTime contactId ticketNumber",
        {
            "id": "id ticketNumber",
            "time": "createdTime",
            "channel": "channel",
            "customer_id": "contactId email",
            "text": "subject description",
            "tag": "tags[*].name tags",
        },
        drop={"isSpam": "true 1"},
    ),
    _format(
        "salesforce",
        "CaseNumber CreatedDate",
        {
            "id": "CaseNumber Id",
            "time": "CreatedDate",
            "channel": "Origin",
            "customer_id": "ContactId SuppliedEmail ContactEmail",
            "text": "Subject Description",
            "tag": "Reason Type",
        },
        drop={"IsDeleted": "true 1"},
    ),
    _format(
        "salesforce-csv",
        "case_number date_time_opened",
        {
            "id": "case_number",
            "time": "date_time_opened",
            "channel": "case_origin",
            "customer_id": "contact_id contact_email contact_name account_name",
            "text": "subject description",
            "tag": "case_reason type",
        },
    ),
    _format(
        "jira",
        "fields.created fields.summary",
        {
            "id": "key id",
            "time": "fields.created",
            "channel": "channel",
            "customer_id": "fields.reporter.accountId fields.reporter.name",
            "text": "fields.summary fields.description",
            "tag": "fields.labels",
        },
        channel="form",
    ),
    _format(
        "jira-csv",
        "issue_key created reporter",
        {
            "id": "issue_key",
            "time": "created",
            "channel": "channel",
            "customer_id": "reporter_id reporter",
            "text": "summary description",
            "tag": "labels",
        },
        channel="form",
    ),
    _format(
        "x",
        "author_id created_at text",
        {
            "id": "id tweet_id",
            "time": "created_at",
            "channel": "channel",
            "customer_id": "author_id",
            "text": "text",
            "tag": "tag tags",
        },
        drop={"referenced_tweets[0].type": "retweeted"},
        channel="twitter",
    ),
)

PLAIN: Final = _format(
    "plain",
    "",
    {
        "id": "id mention_id ticket_id message_id",
        "time": "time created_at created timestamp date datetime",
        "exported_at": "exported_at",
        "channel": "channel source",
        "segment": "segment",
        "customer_id": "customer_id customer author author_id user_id requester_id",
        "article_id": "article_id article",
        "tag": "tag tags",
        "text": "text message body description",
    },
)
"""Our own columns and common synonyms."""


def plain_name(name: str) -> str:
    """Normalised column name: ``Via channel``, ``via.channel`` and ``via_channel`` are the same, in any script."""
    return re.sub(r"[\W_]+", "_", unicodedata.normalize("NFKC", name).casefold()).strip("_")


def recognise(header: Iterable[str], columns: ColumnNames, own: ColumnNames | None = None) -> Format:
    """The format of a file with these column names.

    ``own`` columns were named for this file and take precedence. ``columns`` were named for all files: they take
    precedence where no tool is recognised, and otherwise name what the tool's format doesn't find.
    """
    names = {plain_name(name) for name in header}
    known = next((each for each in FORMATS if {plain_name(need) for need in each.needs} <= names), PLAIN)
    if known.counted:
        return known
    found = _there(known.columns, names) if known is not PLAIN else {}
    common = {field: places for field, places in _there(columns, names).items() if field not in found}
    return replace(known, columns={**REPLY_COLUMNS, **known.columns, **common, **_there(own or {}, names)})


def _there(columns: ColumnNames, names: Container[str]) -> dict[Field, tuple[str, ...]]:
    """The fields that have a column among ``names``."""
    return {
        field: places
        for field, places in columns.items()
        if any(plain_name(place) in names or plain_name(place.partition("[")[0]) in names for place in places)
    }
