"""A reply to a customer: the whole answer where it fits, sized for its channel, ending in the short link."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote

from kb_builder.content.interface_language import Language
from kb_builder.errors import InputError, clip, did_you_mean
from kb_builder.model import Article, Body, Pin
from kb_builder.support import body_text
from kb_builder.support.channel_text import CHANNELS, fits, plain_punctuation, size, surely_fits
from kb_builder.support.openings import kind_of, opening_of, says_pinned
from kb_builder.support.pointers import saying, without_pointers
from kb_builder.support.shortening import shorten
from kb_builder.support.spoken import spoken
from kb_builder.support.templates import Template, default_templates

Used: TypeAlias = Literal["replies", "answer", "section", "first words", "title"]
_FIRST_BLOCKS: Final = 6
"""Where an article has no answer, one of so many blocks is used for it."""
LONGEST_NAME: Final = 60
"""A longer name of a customer or an agent is left out."""
_NAME_SLOT: Final = "{name}"
_AGENT_SLOT: Final = "{agent}"
_OWN_GREETING: Final = ("chat", "email", "phone")
"""Channels only the customer reads. Replies on X and Facebook may be public, so they never carry a name."""
_ARABIC_SCRIPT: Final = ("ar", "fa", "ur")
_SHORT: Final = ("sms", "twitter")
"""Channels without room for more addresses than the link."""
_ADDRESS: Final = re.compile(r" \(https?://[^\s()]*\)")
_BARE: Final = re.compile(r"^https://(?=[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """``length`` counts as the channel does: septets or UTF-16 units of a text message, weights of X, or characters.

    ``segments`` is the number of parts of a text message and 1 elsewhere. ``subject`` is for e-mail. ``left_out`` are
    the sentences of the answer that did not fit.
    """

    id: str
    channel: str
    text: str
    length: int
    segments: int
    url: str
    subject: str = ""
    left_out: tuple[str, ...] = ()
    used: Used = "answer"
    """``replies`` is the article's own text for the channel; ``first words`` and ``title`` replace a missing answer."""


@dataclass(frozen=True)
class Wording:
    """The templates and the language of a team's replies, and the name that signs them."""

    team: str = ""
    templates: Mapping[str, Template] = field(default_factory=lambda: default_templates(str))
    language: Language = field(default_factory=Language)


@dataclass(frozen=True, slots=True)
class ReplySource:
    """The inputs of all replies with one article."""

    article: Article
    body: Body
    short_url: str
    """Absolute; of an announcement, its page."""
    wording: Wording = field(default_factory=Wording)
    pin: Pin | None = None
    """That of today."""
    opening: bool = True
    """Whether a sentence such as “I'm sorry about this” may come first: not for good news, and not in a post."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The values for a template; ``answer`` last, since it is the one that is shortened."""

    greetings: tuple[str, ...]
    """The best one first; the last one is empty."""
    opening: str
    trend: str
    steps: tuple[str, ...]
    """The longest first; the last one is empty."""
    closing: str
    agent: str
    link: str

    def reduced(self) -> Iterator[dict[str, str]]:
        """Values for a template, from all parts to the fewest: what matters least is left out first."""
        values = {
            "greeting": self.greetings[0], "opening": self.opening, "trend": self.trend, "steps": self.steps[0],
            "closing": self.closing, "agent": self.agent, "link": self.link,
        }  # fmt: skip
        yield values
        for steps in self.steps[1:]:
            yield (values := {**values, "steps": steps})
        yield (values := {**values, "closing": "", "agent": ""})
        for greeting in self.greetings[1:]:
            yield (values := {**values, "greeting": greeting})
        yield {**values, "opening": ""}
        yield (values := {**values, "trend": ""})
        yield {**values, "opening": ""}


def reply(
    source: ReplySource, channel: str, *, section: str = "", name: str = "", agent: str = "", parts: int = 0
) -> Reply:
    """The reply of an article on ``channel``.

    The text is the article's own for the channel (``replies``), or else its ``answer``, or else its first words; with
    ``section``, an anchor, it is the text below that heading. ``parts`` is the most parts of a text message, one by
    default. Raises InputError for an unknown section or channel.
    """
    if channel not in CHANNELS:
        raise InputError(
            f'there are no replies for the channel "{clip(channel)}"', hint=f"channels: {', '.join(CHANNELS)}"
        )
    article, body, wording = source.article, source.body, source.wording
    name, agent = clean_name(name), clean_name(agent)
    found = tuple(_marked(block, wording.language) for block in body_text.blocks(body.html))
    url = f"{source.short_url}#{quote(section)}" if section else source.short_url
    below = _section(body, found, section, article.id, channel) if section else ""
    said = _speech(channel, wording.language)
    used, text = _answer(article, body, found, channel)
    used, answer = ("section", said(below)) if below else (used, said(text))
    steps = _steps(found, answer) if "{steps}" in wording.templates[channel].text and not section else ("",)
    if used == "first words":
        answer = _without_steps(answer, steps[0])
    template = wording.templates[channel]
    trend = _trend(source.pin, article, wording.language)
    known = bool(trend) and kind_of(article) != "question"
    opens = source.opening and not section
    begun = opening_of(article, answer, wording.language, known=known) if opens else ""
    values = _Parts(
        greetings=_greetings(wording.language, name if channel in _OWN_GREETING else "", spoken=channel == "phone"),
        opening=said(begun),
        trend=said(trend),
        steps=steps,
        closing=_closing(wording, agent),
        agent=agent,
        link=_link(url, channel),
    )
    text, left_out = _composed(template, values, answer, article.must_say, channel, parts)
    subject = ""
    if channel == "email":
        about = wording.language.word("About “{title}”", title=article.title)
        own = template.fill_subject({**next(values.reduced()), "answer": answer})
        subject = " ".join((own or about).split())
    length, segments = size(text, channel)
    return Reply(article.id, channel, text, length, segments, url, subject, left_out, used)


def fits_whole(article: Article, channel: str, short_url: str, wording: Wording) -> bool:
    """Whether the article's text for ``channel`` fits with the link, in the default number of parts."""
    answer = _speech(channel, wording.language)(dict(article.replies).get(channel) or article.answer)
    values = {"answer": answer, "link": _link(short_url, channel)}
    template = wording.templates[channel]
    bare = template.text.replace("{", "").replace("}", "")
    parts = (bare, *(value * template.text.count(name) for name, value in values.items()))
    # Filling in the template of every article and channel would take a fifth of an edit's time.
    return surely_fits(parts, channel) or fits(_filled(template, values, channel), channel)


def all_replies(source: ReplySource) -> dict[str, Any]:
    """Every reply of an article, by channel and by section, as ``api/replies.json`` holds it.

    ``{"id", "title", "url", "replies": {channel: {"text", "length", "segments", "subject", "left_out", "named",
    "signed"}}, "sections": [{"anchor", "heading", "replies"}]}``. ``named`` is the text with ``{name}`` and
    ``{agent}``, ``signed`` with ``{agent}`` alone, where they differ; empty values are left out.
    """

    def of(channel: str, section: str) -> dict[str, Any]:
        made = reply(source, channel, section=section)
        named = reply(source, channel, section=section, name=_NAME_SLOT, agent=_AGENT_SLOT).text
        signed = reply(source, channel, section=section, agent=_AGENT_SLOT).text
        values = asdict(made) | {
            "named": named if named != made.text else "",
            "signed": signed if signed != made.text else "",
        }
        keys = ("text", "length", "segments", "subject", "left_out", "named", "signed")
        return {key: values[key] for key in keys if values[key]}

    def by_channel(section: str = "") -> dict[str, dict[str, Any]]:
        return {channel: of(channel, section) for channel in CHANNELS}

    return {
        "id": source.article.id,
        "title": source.article.title,
        "url": source.short_url,
        "replies": by_channel(),
        "sections": [
            {"anchor": heading.anchor, "heading": heading.text, "replies": by_channel(heading.anchor)}
            for heading in source.body.outline.headings
            if heading.anchor
        ],
    }


def clean_name(name: str) -> str:
    """``name`` on one line without control characters; empty when it is too long to be one."""
    name = " ".join("".join(character if character.isprintable() else " " for character in name).split())
    return name if len(name) <= LONGEST_NAME else ""


def _composed(
    template: Template, values: _Parts, answer: str, must_say: Collection[str], channel: str, parts: int
) -> tuple[str, tuple[str, ...]]:
    """The text with as many parts as fit, and the sentences of ``answer`` that had to be left out."""
    fewest: dict[str, str] = {}
    for fewest in values.reduced():
        text = _filled(template, {**fewest, "answer": answer}, channel)
        if fits(text, channel, parts):
            return text, ()

    def whole(part: str) -> str:
        return _filled(template, {**fewest, "answer": part}, channel)

    short = shorten(answer, lambda part: fits(whole(part), channel, parts), must_say)
    return whole(short.text), short.left_out


def _filled(template: Template, values: Mapping[str, str], channel: str) -> str:
    text = template.fill(values)
    return plain_punctuation(text) if channel == "sms" else text


def _answer(article: Article, body: Body, found: tuple[body_text.Block, ...], channel: str) -> tuple[Used, str]:
    """Where the text of the answer is from, and the text."""
    first = saying((body.outline.lead, *map(body_text.as_written, found[:_FIRST_BLOCKS])))
    texts: tuple[tuple[Used, str], ...] = (
        ("replies", dict(article.replies).get(channel, "")), ("answer", " ".join(article.answer.split())),
        ("first words", " ".join(first.split())), ("title", article.title),
    )  # fmt: skip
    used, text = next(pair for pair in texts if pair[1] or pair[0] == "title")
    return used, without_pointers(text)


def _marked(block: body_text.Block, language: Language) -> body_text.Block:
    """A list in a list and cells are joined with the semicolon of the language's script."""
    if language.code.partition("-")[0] not in _ARABIC_SCRIPT:
        return block
    return replace(block, lines=tuple(line.replace("; ", "؛ ") for line in block.lines))


def _speech(channel: str, language: Language) -> Callable[[str], str]:
    """How a channel writes a text."""
    return partial(spoken, language=language.code.partition("-")[0]) if channel == "phone" else str


def _section(body: Body, found: tuple[body_text.Block, ...], anchor: str, article_id: str, channel: str) -> str:
    """The text under a heading, its subsections included. Raises InputError if there is no such heading."""
    anchors = {heading.anchor: heading.level for heading in body.outline.headings}
    if anchor not in anchors:
        known = f"it has: {', '.join(filter(None, anchors))}" if any(anchors) else "it has no sections"
        problem = f'the article "{article_id}" has no section "{clip(anchor)}"'
        raise InputError(problem, hint=did_you_mean(anchor, anchors, known))
    below = body_text.section(found, anchor)
    if channel == "email":
        return body_text.as_paragraphs(below)
    text = body_text.as_sentences(below)
    return _ADDRESS.sub("", text) if channel in _SHORT else text


def _steps(found: tuple[body_text.Block, ...], answer: str) -> tuple[str, ...]:
    """With and without the steps; what introduces them is left out where the answer has said it."""
    steps = [block for block in body_text.steps(found) if block.kind != "text" or block.lines[0] not in answer]
    return (body_text.as_paragraphs(steps), "") if steps else ("",)


def _without_steps(answer: str, steps: str) -> str:
    """First words without the list at their end, where it is below them as steps."""
    first = re.search(r"^(?:1\. )(.{1,40})", steps, re.MULTILINE)
    at = answer.find(first[1].rstrip(" .:;")) if first else -1
    return answer if at < 0 else re.sub(r":\s*$", ".", answer[:at].rstrip())


def _greetings(language: Language, name: str, *, spoken: bool) -> tuple[str, ...]:
    """With the name, without it, and none; a spoken one is a sentence of its own."""
    plain = language.word("Hello,")
    found = (language.word("Hello {name},", name=name), plain, "") if name else (plain, "")
    return tuple(re.sub(r"[,:،!]$", ".", greeting) for greeting in found) if spoken else found


def _trend(pin: Pin | None, article: Article, language: Language) -> str:
    """That we know of a problem, and since when.

    Of a question that many ask, that they ask it: nothing needs to be wrong.
    """
    kind = kind_of(article)
    if pin is None or not says_pinned(article):
        return ""
    if not (pin.since_known and pin.band):
        return "" if kind == "question" else language.word("We know about this and are working on it.")
    customers = language.band(pin)
    if kind == "question":
        return language.word("We've had this question from {customers}.", customers=customers)
    return language.word("This has affected {customers}, and we're working on it.", customers=customers)


def _closing(wording: Wording, agent: str) -> str:
    comma = "، " if wording.language.code.startswith("ar") else ", "
    signed = comma.join(filter(None, (agent, wording.team)))
    return "\n".join(filter(None, (wording.language.word("Best wishes,"), signed)))


def _link(url: str, channel: str) -> str:
    """In a text message without ``https://``: phones link a host with a path, and it saves eight characters."""
    return _BARE.sub("", url) if channel == "sms" else url
