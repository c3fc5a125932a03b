"""A reply for a customer: the answer first, sized for the channel it goes out on, the short link last."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from kb_builder.errors import InputError
from kb_builder.model import Article, Body
from kb_builder.parsing.schemas import nearest
from kb_builder.support import channel_text

CHANNELS: Final = ("sms", "twitter", "facebook", "chat", "email", "phone")
_ROOM: Final = {"facebook": 1000, "chat": 1000, "email": 2000, "phone": 600}
"""Characters of a reply; the other two channels count in their own way. On the phone, 600 take 40 seconds to read."""


@dataclass(frozen=True, slots=True)
class Reply:
    """``length`` is what the channel counts: septets or UTF-16 units of a text message, the weights of Twitter, or
    characters. ``segments`` is the number of parts of a text message and 1 elsewhere."""

    id: str
    channel: str
    text: str
    length: int
    segments: int
    url: str


def reply(article: Article, body: Body, channel: str, *, short_url: str, name: str = "", section: str = "") -> Reply:
    """The reply of ``article`` for a customer called ``name``.

    The answer of the header is used, or the article's first words; with ``section`` (an anchor) what stands under that
    heading. ``short_url`` is absolute. Raises InputError when there is no such section or channel.
    """
    if channel not in CHANNELS:
        raise InputError(
            f'there are no replies for the channel "{channel[:60]}"', hint=f"channels: {', '.join(CHANNELS)}"
        )
    answer, url = (_section(body, section, article.id), f"{short_url}#{quote(section)}") if section else ("", short_url)
    answer = " ".join((answer or article.answer or _first_words(body) or article.title).split())
    name = " ".join("".join(character if character.isprintable() else " " for character in name).split())
    if channel == "sms":
        answer, name = channel_text.plain_punctuation(answer), ""

    def whole(answer: str) -> str:
        return _COMPOSE[channel](answer, url, name)

    text = whole(channel_text.fit(answer, lambda part: _fits(whole(part), channel)))
    length, segments = _size(text, channel)
    return Reply(article.id, channel, text, length, segments, url)


def all_replies(article: Article, body: Body, *, short_url: str) -> dict[str, Any]:
    """Every reply of ``article``, by channel and by section, as the staff site reads it.

    ``{"id", "title", "url", "replies": {channel: {"text", "length", "segments"}}, "sections": [{"anchor", "heading",
    "replies"}]}``
    """

    def by_channel(section: str = "") -> dict[str, dict[str, str | int]]:
        made = {channel: reply(article, body, channel, short_url=short_url, section=section) for channel in CHANNELS}
        return {
            channel: {"text": item.text, "length": item.length, "segments": item.segments}
            for channel, item in made.items()
        }

    return {
        "id": article.id,
        "title": article.title,
        "url": short_url,
        "replies": by_channel(),
        "sections": [
            {"anchor": heading.anchor, "heading": heading.text, "replies": by_channel(heading.anchor)}
            for heading in body.outline.headings
            if heading.anchor
        ],
    }


def _size(text: str, channel: str) -> tuple[int, int]:
    if channel == "sms":
        return channel_text.text_message(text)
    return (channel_text.tweet_length(text) if channel == "twitter" else len(text)), 1


def _fits(text: str, channel: str) -> bool:
    length, segments = _size(text, channel)
    if channel == "sms":
        return segments <= channel_text.SMS_PARTS
    return length <= (channel_text.TWEET if channel == "twitter" else _ROOM[channel])


def _first_words(body: Body) -> str:
    return body.outline.lead or next((part.text for part in body.sections if part.text), "")


def _section(body: Body, anchor: str, article_id: str) -> str:
    """The text under a heading, its smaller headings included."""
    levels = {heading.anchor: heading.level for heading in body.outline.headings}
    if anchor not in levels:
        meant = nearest(anchor, levels)
        known = f"it has: {', '.join(filter(None, levels))}" if any(levels) else "it has no sections"
        hint = f'did you mean "{meant}"?' if meant else known
        raise InputError(f'the article "{article_id}" has no section "{anchor[:60]}"', hint=hint)
    parts: list[str] = []
    inside = False
    for part in body.sections:
        if part.anchor == anchor:
            inside = True
        elif inside and levels.get(part.anchor, 0) <= levels[anchor]:
            break
        elif inside:
            parts.append(f"{part.heading}:")
        if inside:
            parts.append(part.text)
    return " ".join(filter(None, parts))


def _line(answer: str, url: str, _: str) -> str:
    return f"{answer} {url}".strip()


def _message(answer: str, url: str, name: str) -> str:
    greeting = f"Hello {name},\n" if name else ""
    return f"{greeting}{answer}\n{url}"


def _email(answer: str, url: str, name: str) -> str:
    greeting = f"Hello {name},\n\n" if name else ""
    return f"{greeting}{answer}\n\nEverything about this, with each step:\n{url}"


def _script(answer: str, url: str, name: str) -> str:
    greeting = f"Hello {name}. " if name else ""
    return f"{greeting}{answer}\n\nI can send you a link, so that you can read it again:\n{url}"


_COMPOSE: Final[Mapping[str, Callable[[str, str, str], str]]] = {
    "sms": _line,
    "twitter": _line,
    "facebook": lambda answer, url, _: f"{answer}\n{url}",
    "chat": _message,
    "email": _email,
    "phone": _script,
}
