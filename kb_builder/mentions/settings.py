"""The settings in ``trending.yml``. Every key is documented in docs/trending.md."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Annotated, Final, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from kb_builder.errors import GUIDES, Finding, InputError, Severity, clip, did_you_mean
from kb_builder.mentions.channels import CHANNEL_CODES
from kb_builder.mentions.formats import FIELDS, ColumnNames, Named
from kb_builder.mentions.remote import is_address
from kb_builder.parsing.dates import country_of
from kb_builder.parsing.fields import Integer, Line, Moment, Number, Slug, SlugList, TextList, Zone, refuse
from kb_builder.parsing.schemas import Schema, validate
from kb_builder.parsing.strict_yaml import Mapping as YamlMapping
from kb_builder.parsing.strict_yaml import Node, load, values_of

PATH: Final = "content/trending.yml"
FEWEST_CUSTOMERS: Final = 5
"""k: counts of fewer customers are never shown. Settings may raise it, never lower it."""
LONGEST_LAG: Final = 48
"""Hours of the longest window."""


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, Mapping) else value


def _at_least(least: float, most: float) -> AfterValidator:
    def check(value: float) -> float:
        if not least <= value <= most:
            raise refuse(f"must be from {least:,.10g} to {most:,.10g}, not {value:,.10g}")
        return value

    return AfterValidator(check)


def _time_format(value: str) -> str:
    left = re.sub("%(?:-?[djmyHIMS]|[aAbBpfzZY%])", "", value)
    if "%" in left or left == value:
        hint = f'use the codes of strptime, for example "%d/%m/%Y %H:%M"; see {GUIDES}/trending.md'
        raise refuse("is not a supported time format", hint, "bad-time-format")
    return value


def _country(value: str) -> str:
    if not re.fullmatch("[A-Z]{2}(-[A-Z0-9]{1,3})?", value):
        raise refuse("is not a country or subdivision", "use an ISO 3166 code, such as DE or DE-BY", "bad-country")
    return value


def _lag(value: object) -> int:
    found = re.fullmatch(r"(\d{1,3})(?: ?(hour|day)s?)?", " ".join(str(value).split()))
    if not found:
        raise refuse("must say by how much the rows are late", "write 6 hours, or 1 day", "bad-lag")
    hours = int(found[1]) * (24 if found[2] == "day" else 1)
    if hours > LONGEST_LAG:
        raise refuse(f"must be at most {LONGEST_LAG} hours", "later rows count by days anyway", "bad-lag")
    return hours


def _known_channels(lags: dict[str, int]) -> dict[str, int]:
    for name in lags:
        if name not in CHANNEL_CODES:
            hint = did_you_mean(name, CHANNEL_CODES, f"known: {', '.join(CHANNEL_CODES)}")
            raise refuse(f'names an unknown channel, "{clip(name, 40)}"', hint, "bad-lag")
    return lags


def _addresses(sources: tuple[str, ...]) -> tuple[str, ...]:
    if not all(map(is_address, sources)):
        raise refuse(
            "must be addresses", "such as s3://bucket/counts.parquet; files go to content/mentions", "bad-source"
        )
    return sources


Lag: TypeAlias = Annotated[int, BeforeValidator(_lag)]
TimeFormat: TypeAlias = Annotated[Line, AfterValidator(_time_format)]
Country: TypeAlias = Annotated[Line, AfterValidator(_country)]
Names: TypeAlias = dict[Slug, Line]


class TimedRule(Schema):
    """A rule for an article between two times; both are optional."""

    id: Slug
    start: Moment | None = Field(default=None, alias="from")
    until: Moment | None = None

    def covers(self, moment: datetime) -> bool:
        """Whether ``moment`` is between the two times, ``until`` excluded."""
        return (self.start is None or self.start <= moment) and (self.until is None or moment < self.until)


class Suppression(TimedRule):
    """An article that must not be pinned, for a known peak or a campaign."""


class ManualPin(TimedRule):
    """An article pinned by hand for all customers or one segment. ``until`` is required."""

    until: Moment
    segment: Slug | None = None


class Thresholds(Schema):
    """When a burst is pinned and unpinned. The defaults are measured; see docs/decisions/0030."""

    customers: Annotated[Integer, _at_least(FEWEST_CUSTOMERS, 1_000_000)] = FEWEST_CUSTOMERS
    """Fewest customers since the start of the burst."""
    times_normal: Annotated[Number, _at_least(1, 100)] = 1.5
    """Least lower bound of observed ÷ expected."""
    still_times_normal: Annotated[Number, _at_least(1, 100)] = 1.4
    """Least observed ÷ expected over the last two days, to pin and to stay pinned."""
    false_alarm: Annotated[Number, _at_least(0.000001, 0.5)] = 0.05
    """Probability of any false pin on a day without bursts, over all topics and start days."""
    longest_days: Annotated[Integer, _at_least(1, 28)] = 14
    """A pin ends this many days after its burst began."""
    yields_to: Annotated[Number, _at_least(1, 100)] = 1.3
    """When all slots are taken, a new pin needs this many times the score of the pin it replaces."""


class Columns(Schema):
    """Column names of an export that is not recognised. ``text`` may join several columns."""

    id: Line | None = None
    time: Line | None = None
    exported_at: Line | None = None
    channel: Line | None = None
    segment: Line | None = None
    customer_id: Line | None = None
    article_id: Line | None = None
    tag: Line | None = None
    text: TextList = ()
    first_reply_at: Line | None = None
    reply_minutes: Line | None = None

    def by_field(self) -> ColumnNames:
        """Only the fields that are set."""
        named = {field: getattr(self, field) for field in FIELDS if getattr(self, field)}
        return {field: value if isinstance(value, tuple) else (value,) for field, value in named.items()}


class ExportSettings(Schema):
    """How the exports with some names are read."""

    columns: Columns = Columns()
    time_zone: Zone | None = None
    time_format: TimeFormat | None = None


class TrendingSettings(Schema):
    """Every key of ``trending.yml``."""

    time_zone: Zone | None = None
    """Zone of times in exports that have none."""
    time_format: TimeFormat | None = None
    """strptime format for exports with ambiguous times: ``%d/%m/%Y %H:%M``."""
    columns: Columns = Columns()
    """For exports that are not recognised."""
    sources: Annotated[TextList, AfterValidator(_addresses)] = ()
    """Addresses of exports on other hosts, read beside ``content/mentions``."""
    exports: dict[Line, ExportSettings] = Field(default_factory=dict)
    """File name or pattern → how such exports are read."""
    segments: Names = Field(default_factory=dict)
    """Slug → name shown to customers."""
    titles: dict[Line, Names] = Field(default_factory=dict)
    """Language → slug of a segment → its name in that language."""
    tags: dict[Line, Slug] = Field(default_factory=dict)
    """Tag → article id; case-insensitive."""
    aliases: dict[Slug, Slug] = Field(default_factory=dict)
    """Old article id → article id."""
    pin: Annotated[tuple[ManualPin, ...], BeforeValidator(_one_or_many)] = ()
    never: SlugList = ()
    suppress: Annotated[tuple[Suppression, ...], BeforeValidator(_one_or_many)] = ()
    country: Country | None = None
    """Whose public holidays count as Sundays: ``DE`` or ``DE-BY``. By default that of the site's time zone."""
    lag: Annotated[dict[Line, Lag], AfterValidator(_known_channels)] = Field(default_factory=dict)
    """Channel → hours by which its rows are late; newer hours of it don't count."""
    slots: Annotated[Integer, _at_least(0, 20)] = 5
    confidence: Annotated[Number, _at_least(0, 1)] = 0.25
    """Least confidence of a match by text; measured in docs/decisions/0023."""
    thresholds: Thresholds = Thresholds()

    def named_for(self, path: str) -> Named:
        """The settings of the export at ``path``, by the first name or pattern that fits."""
        found = next((one for pattern, one in self.exports.items() if fits(path, pattern)), ExportSettings())
        return Named(found.columns.by_field(), found.time_format, found.time_zone)

    def segment_names(self, language: str) -> Names:
        """Slug → name shown to customers who read ``language``."""
        named = self.titles.get(language, {})
        return {slug: named.get(slug, name) for slug, name in self.segments.items()}

    def current(self, article: str) -> str:
        """The current id of an article, given a current or an old one."""
        return self.aliases.get(article, article)

    def country_in(self, zone: ZoneInfo) -> str:
        """The country whose public holidays count, for a site in ``zone``; empty when there is none."""
        return self.country or country_of(zone)

    def article_of_tag(self) -> Mapping[str, str]:
        """Tag in lower case → current article id."""
        return {tag.casefold(): self.current(article) for tag, article in self.tags.items()}


def fits(path: str, pattern: str) -> bool:
    """Whether the name of a file, or the end of its path, is ``pattern``."""
    return fnmatchcase(f"/{path}", f"*/{pattern}")


def read_settings(text: str, path: str, zone: ZoneInfo) -> tuple[TrendingSettings, tuple[Finding, ...]]:
    """The settings in the text of ``trending.yml``, and its errors; with errors the settings are the defaults.

    Dates without a zone are local time in ``zone``.
    """
    try:
        node = load(text, path, with_mistakes=True)
        settings, findings = validate(node, TrendingSettings, path, context={"zone": zone})
    except InputError as error:
        return TrendingSettings(), error.findings
    undeclared = tuple(_undeclared_segments(settings, node, path))
    return (TrendingSettings() if undeclared else settings), (*findings, *undeclared)


def _undeclared_segments(settings: TrendingSettings, node: Node, path: str) -> Iterator[Finding]:
    hint = "add it under segments: with the name customers read"
    pins = node.get("pin") if isinstance(node, YamlMapping) else None
    lines = {value.text: value.line for key, value in values_of(pins, "pin") if key == "segment"}
    for name in sorted({pin.segment for pin in settings.pin if pin.segment} - settings.segments.keys()):
        message = f'a pin names the segment "{name}", which is not declared'
        yield Finding(path, lines.get(name, 0), "unknown-segment", Severity.ERROR, message, hint)
