"""The domain model of a help centre as frozen values, without input or output."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, NamedTuple, TypeAlias

from kb_builder.errors import Finding

ArticleType: TypeAlias = Literal["faq", "policy"]
Audience: TypeAlias = Literal["public", "staff"]
AnnouncementSeverity: TypeAlias = Literal["info", "notice", "warning", "critical"]
PinState: TypeAlias = Literal["new", "rising", "steady", "falling", "manual"]
Band: TypeAlias = Literal["", "several customers", "many customers", "very many customers"]


class Phrase(str):
    """An English sentence with its parts, so that it can be said in another language.

    ``template`` has a ``{name}`` for each of ``values``. A value may be a phrase too.
    """

    template: str
    values: Mapping[str, object]

    @classmethod
    def of(cls, template: str, *, english: str = "", **values: object) -> "Phrase":
        """``english`` is the sentence where numbers and dates alone don't make it of ``template``."""
        forms = {int: ",", float: ",g"}
        said = {name: format(value, forms.get(type(value), "")) for name, value in values.items()}
        made = cls(english or template.format(**said))
        made.template, made.values = template, values
        return made


@dataclass(frozen=True, slots=True)
class Action:
    """A button: its label, and its target as the author wrote it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Article:
    """One authored answer. Times are zone-aware; ``path`` is relative to the project folder, in POSIX form."""

    id: str
    path: str
    url: str
    """Site-relative, directory style, no leading slash: ``faq/orders/cancel-an-order/``."""
    title: str
    body: str
    """Markdown without the header; ``body_line`` is the line of the file on which it starts."""
    body_line: int
    type: ArticleType = "faq"
    description: str = ""
    nav_title: str = ""
    answer: str = ""
    """Plain text: what is counted, searched and sent."""
    answer_markdown: str = ""
    """The answer as written, with inline Markdown; for pages."""
    replies: tuple[tuple[str, str], ...] = ()
    """Channel and the article's own text for it."""
    must_say: tuple[str, ...] = ()
    """Sentences of the answer that no reply leaves out."""
    asked_as: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    """Empty means: for everybody."""
    order: int | None = None
    audience: Audience = "public"
    draft: bool = False
    unlisted: bool = False
    publish_date: datetime | None = None
    expiry_date: datetime | None = None
    effective_date: date | None = None
    last_reviewed_on: date | None = None
    review_by: date | None = None
    owner: str = ""
    redirect_from: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    replaced_by: str = ""
    """The id of the article that a notice names once this one is withdrawn."""
    search_boost: float = 1.0
    search_exclude: bool = False
    promoted: bool = False
    promoted_until: datetime | None = None
    trending: bool = True
    staff_body: str = ""
    """The whole body with its parts for staff, if it has any; ``body`` is without them. Empty after the public gate."""
    staff_text: str = ""
    """Notes of a public article that only staff may see. Empty after the public gate."""
    removed_lines: tuple[tuple[int, int], ...] = ()
    """(line of ``body`` counted from 0, number of lines of the file that were removed before it)."""
    action: Action | None = None
    """The page's main button."""
    has_id: bool = True
    """False when the id was made from the path because the header has none."""
    language: str = ""
    """The code of its language; empty for the language of the help centre's sources."""
    fallback: bool = False
    """Shown in the help centre of another language, because there is no translation."""
    important: str = ""
    """Which changes of it are important: empty for none, ``true`` for every one, or the revision that one led to."""
    translated_from: str = ""
    """The revision of the source that a translation was made from; empty if it doesn't say."""
    outdated: bool = False
    """A translation that lacks an important change of its source."""
    lines: tuple[tuple[str, int], ...] = ()
    """Line of each header key, for findings."""

    def line_of(self, key: str) -> int:
        """The line of a header key in the file; 1 for a key that it does not have."""
        return dict(self.lines).get(key, 1)


class CategoryTranslation(NamedTuple):
    """The words of a category in another language."""

    language: str
    title: str
    description: str
    translated_from: str
    """The revision of the source that it was made from; empty if it doesn't say."""


@dataclass(frozen=True, slots=True)
class Category:
    """A folder of articles, named by its ``_category.yml`` or after its folder."""

    path: str
    """Its URL without the last slash, made from the folder below ``content/articles``: ``faq/orders``."""
    title: str
    description: str = ""
    order: int | None = None
    icon: str = ""
    """As its author wrote it; empty for one chosen by name."""
    file: str = ""
    """Project path of its ``_category.yml``, or empty."""
    translations: tuple[CategoryTranslation, ...] = ()
    folder: str = ""
    """Project path of the folder."""
    has_description: bool = False
    """In the language of the sources."""

    @property
    def url(self) -> str:
        """Relative to the root of the site; empty for the root itself."""
        return f"{self.path}/" if self.path else ""

    def translation(self, code: str) -> CategoryTranslation | None:
        """Its words in the language ``code``; None without a translation."""
        return next((one for one in self.translations if one.language == code), None)

    def in_language(self, code: str) -> "Category":
        """With the words of another language, where it has them."""
        found = self.translation(code)
        return replace(self, title=found.title, description=found.description) if found else self


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """One line of schema.org openingHours. ``days`` counts from Monday = 0; times are minutes since local midnight.

    ``closes`` is more than 1440 when that is on the next day.
    """

    days: tuple[int, ...]
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach a person."""

    kind: str
    """phone, chat, sms, email, twitter, facebook, whatsapp, form, post or in_person."""
    address: str
    label: str
    """The label that customers read: ``Phone``, or the author's own."""
    href: str
    """``tel:``, ``sms:``, ``mailto:`` or https link; empty for post and in_person."""
    hours: tuple[OpeningHours, ...]
    """Empty when ``always`` is true."""
    always: bool
    response_time: str
    """The longest a customer waits, in plain words: ``5 minutes``."""
    response_minutes: int
    hours_text: tuple[str, ...] = ()
    """In the words of a page's language: ``Monday to Friday, 9:00 to 17:00``; empty before they are written there."""
    closed: tuple[date, ...] = ()
    cost: str = ""
    owner: str = ""
    own_label: bool = False
    """True when ``label`` is the author's, not the default of the kind."""
    publish: bool = False
    """Whether customers read how the promise was kept."""
    kept: int | None = None
    """Percent of the questions of the last four weeks that were answered in time; None where that is not shown."""


@dataclass(frozen=True, slots=True)
class Contact:
    """``contact.yml``: the channels in the order customers see them, everywhere."""

    time_zone: str
    channels: tuple[Channel, ...]
    no_phone: str = ""
    """Why there is no phone, when there is none."""
    zone_city: str = ""
    """The city that names the time zone, in the language of a page."""

    @property
    def phone(self) -> Channel | None:
        """The first phone channel; None when there is none."""
        return next((channel for channel in self.channels if channel.kind == "phone"), None)


@dataclass(frozen=True, slots=True)
class Promise:
    """How a channel kept its promise for everybody or one segment. Waits are in minutes while the channel was open."""

    channel: str
    label: str
    segment: str | None
    promised: str
    """As ``contact.yml`` has it; empty for a channel that it doesn't list."""
    questions: int
    """Those that were answered, or have waited longer than promised."""
    unanswered: int
    """Those of them that still have no reply."""
    share: float | None
    """Answered within the promised time; None without a promise."""
    median: int | None
    """Half of the replies came within so many minutes; None when there is none."""
    most: int | None
    """Nine of ten replies did."""
    honest: str
    """The shortest time within which nine of ten questions were answered; empty when there is none."""
    position: int | None = None
    """The place of the channel in ``contact.yml``, from 0."""

    def is_broken(self, floor: float) -> bool:
        """Whether a smaller share than ``floor`` was answered in time."""
        return self.segment is None and self.share is not None and self.share < floor


@dataclass(frozen=True, slots=True)
class Announcement:
    """An incident or a notice with a start and an end. ``version`` changes with the text: a dismissal lasts as long."""

    slug: str
    path: str
    title: str
    severity: AnnouncementSeverity
    start: datetime
    end: datetime | None
    body: str
    body_line: int
    version: str
    segments: tuple[str, ...] = ()
    audience: Audience = "public"
    draft: bool = False
    summary: str = ""
    asked_as: tuple[str, ...] = ()
    replies: tuple[tuple[str, str], ...] = ()
    """Channel and the announcement's own text for it."""
    language: str = ""
    """The code of its language; empty for the language of the help centre's sources."""
    fallback: bool = False
    """Shown in the help centre of another language, because there is no translation."""
    updated: datetime | None = None
    """When it last said something new; feeds list it by this."""
    summary_line: int = 1
    """For findings."""
    translated_from: str = ""
    """The revision of its source that a translation was made from; empty if it doesn't say."""

    @property
    def url(self) -> str:
        """Relative to the root of its language."""
        return f"announcements/{self.slug}/"

    @property
    def dismissible(self) -> bool:
        """Whether readers can hide its banner: all but critical ones."""
        return self.severity != "critical"


@dataclass(frozen=True, slots=True)
class Segment:
    """A group of customers who may see their own trends: ``islands`` / “Scottish islands”."""

    slug: str
    name: str

    @property
    def url(self) -> str:
        """Relative to the root of a language."""
        return f"s/{self.slug}/"


@dataclass(frozen=True, slots=True)
class Pin:
    """An article that is pinned. ``segment`` is None for the whole site; ``until`` is when it must be gone."""

    id: str
    segment: str | None
    state: PinState
    since: date
    until: datetime
    score: float
    why: str
    """For staff, with numbers."""
    band: Band
    """For the public, without numbers; empty for a pin by hand."""
    mentions: int
    expected: float
    day: date
    """The local day of this pin: a burst of that day is worded with its hour, one of the week before with a weekday."""
    since_known: bool = True
    """False for a pin by hand that doesn't say since when; ``since`` is then ``day``."""
    began: datetime | None = None
    """When the burst began, for a pin of the hourly scan; ``since`` is its local date."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A burst that no article answers; ``phrase`` was used by at least five customers. For staff only."""

    phrase: str
    customers: int
    expected: float
    since: date
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a body and its permanent anchor."""

    level: int
    anchor: str
    text: str
    taken: tuple[str, ...] = ()
    """Anchors that it would have if headings above it, made of the same words, had not taken them."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link or an image of a body as its author wrote it; ``line`` is the line of the source file, 0 if unknown."""

    target: str
    line: int
    alt: str | None = None
    """None for a link; the alternative text (maybe empty) for an image."""
    bare: bool = False
    """An address typed without brackets."""


@dataclass(frozen=True, slots=True)
class SectionText:
    """The plain text under one heading; the first one has no anchor and no heading."""

    anchor: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Outline:
    """Headings, links and anchors of a body, for checks and link resolution without its HTML."""

    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    """Links and images in document order."""
    anchors: tuple[str, ...] = ()
    """Every id in the HTML, those of headings included."""
    lead: str = ""
    """The first paragraph as plain text."""
    findings: tuple[Finding, ...] = ()
    """About the text of the body; their path is empty."""

    @property
    def has_links(self) -> bool:
        """Whether any link has to be resolved or reported."""
        return bool(self.links or self.findings)


@dataclass(frozen=True, slots=True)
class Body:
    """Markdown made HTML: sanitised, links still as their author wrote them."""

    html: str
    sections: tuple[SectionText, ...]
    outline: Outline
