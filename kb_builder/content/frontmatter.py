"""The header (front matter) of an article: strict YAML between two lines ``---``."""

import ast
import inspect
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Final, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from kb_builder.content.inline_markdown import plain_text
from kb_builder.errors import Finding, InputError, Severity
from kb_builder.model import ArticleType, Audience
from kb_builder.parsing.fields import (
    CalendarSpan,
    Day,
    Flag,
    Integer,
    Line,
    Moment,
    SentenceList,
    Slug,
    SlugList,
    Text,
    TextList,
    flag,
    number,
    refuse,
)
from kb_builder.parsing.schemas import Schema, validate
from kb_builder.parsing.strict_yaml import Mapping, Node, Scalar, load

LONGEST_TITLE: Final = 65
LONGEST_DESCRIPTION: Final = 160
LONGEST_ANSWER: Final = 300
"""Characters beyond which search engines cut a title or a description, and a text message an answer."""

SPELLINGS: Final = {
    "article_id": "id",
    "zendesk_article_id": "id",
    "summary": "description",
    "shortTitle": "nav_title",
    "linkTitle": "nav_title",
    "keywords": "asked_as",
    "labels": "asked_as",
    "weight": "order",
    "position": "order",
    "publishDate": "publish_date",
    "expiryDate": "expiry_date",
    "aliases": "redirect_from",
    "old_paths": "redirect_from",
}
"""Keys of other tools → our equivalent."""

_FENCE: Final = "---"
_HEADING: Final = re.compile(r"\s*# +([^\n]*[^\s#])[ #]*(?=\n|\Z)")
_REVISION: Final = re.compile(r"[0-9a-f]{10}")
_SCHEME: Final = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):")


class Search(Schema):
    """How search treats an article: ``boost`` multiplies its score, ``exclude`` hides it."""

    boost: Annotated[float, Field(ge=0.1, le=10), BeforeValidator(number)] = 1.0
    exclude: Flag = False


class Replies(Schema):
    """The article's own words per channel, where its answer does not fit."""

    sms: Line = ""
    twitter: Line = ""
    facebook: Text = ""
    chat: Text = ""
    email: Text = ""
    phone: Text = ""


class Promotion(Schema):
    """``promoted:`` as read; without ``until`` it has no end."""

    until: Moment | None = None


def _promotion(value: object) -> object:
    """``true`` and ``false`` as well as ``{until: …}``."""
    if isinstance(value, list):
        raise refuse("must be true, false or {until: a date}, not a list")
    if isinstance(value, str):
        return {} if flag(value) else None
    return value


Promoted: TypeAlias = Annotated[
    Promotion | None,
    BeforeValidator(_promotion),
    WithJsonSchema({"oneOf": [{"type": "boolean"}, Promotion.model_json_schema()]}),
]


def _action_url(url: str) -> str:
    # Browsers leave out control characters and read a backslash as a slash.
    plain = re.sub(r"[\x00-\x20\x7f]", "", url).replace("\\", "/")
    if plain.startswith("//"):
        raise refuse("must be a web address, a path or an article", "write https:// before the host")
    scheme = _SCHEME.match(plain)
    if scheme and scheme[1].lower() not in ("https", "http", "mailto", "tel", "sms"):
        raise refuse(f'must be a web address, a path or an article, not "{scheme[1].lower()}:"', "write https://…")
    return url


def _important(value: object) -> str:
    """``true`` for every change, or the revision that an important change led to; empty for none."""
    if isinstance(value, str) and _REVISION.fullmatch(value):
        return value
    return "true" if flag(value) else ""


class ActionEntry(Schema):
    """The page's main button; ``url`` is a web address, a path or an article."""

    label: Line
    url: Annotated[Line, AfterValidator(_action_url)]


class Header(Schema):
    """Every key an article's header may have. Only the title is required."""

    subject: ClassVar[str] = "the header"
    title: Line
    """The question as a customer would ask it, or a policy's name; at most 65 characters are shown everywhere."""
    id: Slug | None = None
    """Permanent and never reused: the short link is /a/<id>/."""
    type: ArticleType | None = None
    """Default: policy below a folder called policies, faq elsewhere."""
    description: Line = ""
    """The text that search engines show below the title, at most 160 characters."""
    nav_title: Line = ""
    """A shorter title for lists."""
    answer: Line = ""
    """The answer itself, at most 300 characters without its links and bold: shown first, and used in replies."""
    replies: Replies = Replies()
    """Texts for single channels on which the answer does not fit: {sms: …, twitter: …}."""
    must_say: SentenceList = ()
    """Sentences of the answer that a reply keeps when it must be shortened."""
    asked_as: TextList = ()
    """How customers put it; searched, not shown."""
    tags: TextList = ()
    """Words that group articles; searched."""
    segments: SlugList = ()
    """For which customers it is, as trending.yml names them; empty for everybody."""
    order: Integer | None = None
    """Place in its category; those without one come last, by title."""
    audience: Audience = "public"
    """public, or staff for what customers must not see."""
    draft: Flag = False
    """Not published while it is true."""
    unlisted: Flag = False
    """Published, but in no list, search or feed."""
    publish_date: Moment | None = None
    """Not published before."""
    expiry_date: Moment | None = None
    """Not published from then on."""
    effective_date: Day | None = None
    """The day from which a policy applies."""
    last_reviewed_on: Day | None = None
    """The day of the last review of the whole article."""
    review_in: CalendarSpan | None = None
    """Time from last_reviewed_on to the next review: 6 months."""
    review_by: Day | None = None
    """The day of the next review, in place of review_in."""
    staff: Text = ""
    """Markdown that only staff see, above the body of the article."""
    owner: Line = ""
    """The person or team responsible; shown to staff."""
    important: Annotated[str, BeforeValidator(_important)] = ""
    """A change of it is important: translations made before say so. true for every change, or a revision."""
    translated_from: Line = ""
    """In a translation: the revision of its source that it was made from; kb translate keeps it."""
    redirect_from: TextList = ()
    """Old addresses and old ids that lead here."""
    related: TextList = ()
    """Ids of related articles, in place of computed ones."""
    replaced_by: Slug | None = None
    """Id of the article that answers instead once this one is a draft, expired or for staff only."""
    search: Search = Search()
    """How search treats it."""
    promoted: Promoted = None
    """First in its category: true, or until a date."""
    trending: Flag = True
    """false for pages that customers visit whatever their problem is."""
    action: ActionEntry | None = None
    """The page's main button: {label: Track your parcel, url: https://…}."""

    def due(self) -> date | None:
        """The date of the next review. Raises InputError when it is beyond the supported years."""
        if self.review_in is not None and self.last_reviewed_on is not None:
            return self.review_in.after(self.last_reviewed_on)
        return self.review_by


class Split(NamedTuple):
    """The lines between the fences, of which the first is line 2, and what follows from line ``body_line`` on."""

    header: str
    body: str
    body_line: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A parsed file. ``header`` is None when ``findings`` has an error.

    ``lines`` holds the line of every key under our spelling; ``body_line`` is the line on which the body starts.
    """

    header: Header | None
    lines: tuple[tuple[str, int], ...]
    body: str
    body_line: int
    findings: tuple[Finding, ...]


def read(
    text: str, path: str, *, zone: ZoneInfo, ignore_keys: Collection[str] = (), translation: bool = False
) -> Reading:
    """Header and body of the file ``path``. ``zone`` is the zone of local times without one.

    ``ignore_keys`` are additional keys to ignore; known keys are always read, so that no setting can disable ``draft``.
    A ``translation`` needs no header where it begins with its title as a heading.
    """
    body, body_line = "", 1
    if translation and (headed := _under_its_heading(text)):
        return headed
    try:
        header_text, body, body_line = split(text, path)
        read_as = load(header_text, path, first_line=2, with_mistakes=True)
        node, findings = _known_spellings(read_as, path, ignore_keys)
    except InputError as error:
        return Reading(None, (), body, body_line, error.findings)
    hint = "`kb schema` lists the keys; name keys of your own under ignore_keys in mkdocs.yml"
    header: Header | None = None
    context = {"zone": zone}
    try:
        header, mistakes = validate(node, Header, path, context=context, spellings=SPELLINGS, unknown_hint=hint)
    except InputError as error:
        mistakes = error.findings
    findings += mistakes
    places = tuple((key.text, key.line) for key, _ in node.entries) if isinstance(node, Mapping) else ()
    if header is not None:
        findings += _contradictions(header, dict(places), path) + _advice(header, dict(places), path)
    if any(finding.severity is Severity.ERROR for finding in findings):
        header = None
    return Reading(header, places, body, body_line, findings)


def _under_its_heading(text: str) -> Reading | None:
    """A file without a header that begins with a first-level heading."""
    heading = _HEADING.match(text)
    if heading is None:
        return None
    line = text.count("\n", 0, heading.end())
    rest = text[heading.end() :]
    return Reading(Header(title=heading[1]), (("title", line + 1),), rest.removeprefix("\n"), line + 2, ())


def split(text: str, path: str) -> Split:
    """Header and body of a file that starts with a header. Raises InputError with its finding when it has none."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        hint = _how_to_start(lines)
        raise InputError.of([Finding(path, 1, "no-header", Severity.ERROR, "the file has no header", hint)])
    end = next((number for number in range(1, len(lines)) if lines[number].rstrip() == _FENCE), None)
    if end is None:
        hint = "add a line --- after its last key"
        raise InputError.of([Finding(path, 1, "open-header", Severity.ERROR, "the header is not closed", hint)])
    return Split("\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2)


def _how_to_start(lines: list[str]) -> str:
    """The hint for a file without a header, from its first line."""
    first = next((line.strip() for line in lines if line.strip()), "")
    if first == _FENCE:
        return "take out the empty lines above it: --- must be the first line"
    if first == "+++":
        return "TOML is not read: write the header in YAML, between two lines ---"
    title = first.lstrip("#").strip() if first.startswith("# ") else "…"
    return f"start the file with the lines ---, title: {title}, and --- again"


def json_schema() -> dict[str, Any]:
    """JSON Schema of a header, other tools' spellings included, for completion and checks in editors."""
    schema = Header.model_json_schema()
    properties = schema["properties"]
    for value in properties.values():
        # Pydantic's titles are the keys with capitals.
        value.pop("title", None)
    for name, said in _descriptions():
        properties[name] = dict(sorted({**properties[name], "description": said}.items()))
    for spelling, name in SPELLINGS.items():
        properties[spelling] = {**properties[name], "description": f"Another spelling of {name}."}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Header of an article"}


def _descriptions() -> Iterator[tuple[str, str]]:
    """The keys of a header with their docstrings. Pydantic can read these too, but does it whenever a command starts,
    which takes a twentieth of a reply's time."""
    (header,) = ast.parse(inspect.getsource(Header)).body
    assert isinstance(header, ast.ClassDef)
    for key, said in pairwise(header.body):
        if isinstance(key, ast.AnnAssign) and isinstance(said, ast.Expr) and isinstance(said.value, ast.Constant):
            yield ast.unparse(key.target), inspect.cleandoc(str(said.value.value))


def _known_spellings(node: Node, path: str, ignore_keys: Collection[str]) -> tuple[Node, tuple[Finding, ...]]:
    """The same header with every key in our spelling; two spellings of one key are an error."""
    if not isinstance(node, Mapping):
        return node, ()
    entries: dict[str, tuple[Scalar, Node]] = {}
    typed: dict[str, Scalar] = {}
    findings: list[Finding] = []
    for key, value in node.entries:
        name = SPELLINGS.get(key.text, key.text)
        if name not in Header.model_fields and name in ignore_keys:
            continue
        if name in entries:
            message = f'"{typed[name].text}" and "{key.text}" mean the same'
            hint = f"the first one is on line {typed[name].line}; keep one of them"
            findings.append(Finding(path, key.line, "repeated-key", Severity.ERROR, message, hint))
            continue
        typed[name] = key
        entries[name] = (Scalar(name, key.line, key.plain), value)
    return replace(node, entries=tuple(entries.values())), tuple(findings)


def _contradictions(header: Header, lines: dict[str, int], path: str) -> tuple[Finding, ...]:
    found: list[Finding] = []

    def add(key: str, code: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> None:
        found.append(Finding(path, lines[key], code, severity, message, hint))

    if header.publish_date and header.expiry_date and header.publish_date >= header.expiry_date:
        add("expiry_date", "dates-reversed", "it expires before it is published", "swap or change the two dates")
    if header.review_in and header.review_by:
        add("review_by", "repeated-key", '"review_in" and "review_by" say the same in two ways', "keep one of them")
    elif header.review_in and not header.last_reviewed_on:
        message = '"review_in" counts from "last_reviewed_on", which is missing'
        hint = "add last_reviewed_on, or give a date with review_by"
        add("review_in", "review-without-date", message, hint, Severity.WARNING)
    try:
        header.due()
    except InputError as error:
        add("review_in", "bad-duration", f'"review_in" {error.problem}', error.hint)
    return tuple(found)


def _advice(header: Header, lines: dict[str, int], path: str) -> tuple[Finding, ...]:
    texts = {"title": header.title, "description": header.description, "answer": plain_text(header.answer)}
    found = []
    for (key, text), most in zip(texts.items(), (LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_ANSWER), strict=True):
        if len(text) > most:
            message = f"the {key} has {len(text)} characters; {most} is the most that is shown everywhere"
            found.append(Finding(path, lines[key], f"long-{key}", Severity.NOTE, message))
    return tuple(found)
