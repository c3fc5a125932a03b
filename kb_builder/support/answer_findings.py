"""Findings about answers: whether they address the customer, and whether they fit every channel."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from kb_builder.errors import Finding, Severity, clip
from kb_builder.model import Announcement, Article
from kb_builder.support.channel_text import CHANNELS
from kb_builder.support.reply import Wording, fits_whole

_TO_THE_READER: Final = re.compile(r"\b(?:you|your|yours|we|we're|we've|us|our|ours|I)\b|\byou'", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(
    r"\b(?:contact us|get in touch with us|this (?:page|article|form)|the form (?:below|above)|see (?:below|above)"
    r"|click here|as (?:described|shown) (?:below|above))\b",
    re.IGNORECASE,
)
_TO_US: Final = (
    r"(?:ask|tell|send|show|write|report|reach|message|contact|book|order)\b[^.;:!?]{0,60}?\b(?:by|via|over|in|on) "
)
_AN_UNS: Final = r"(?:schick|send|schreib|meld)\w*\b[^.;:!?]{0,60}? per (?:\w+ oder )?"
_SAME_CHANNEL: Final = {
    channel: (words, re.compile(rf"\b(?:{pattern})", re.IGNORECASE))
    for channel, words, pattern in (
        ("sms", ("text",), rf"text us\b|{_TO_US}text\b"),
        ("twitter", (" x", " tw"), rf"{_TO_US}(?:X|Twitter)\b"),
        ("facebook", ("facebook",), rf"{_TO_US}Facebook\b"),
        ("chat", ("chat",),
         rf"chat with us\b|(?:call|text) or chat\b|{_TO_US}(?:live )?chat\b|in chat,|(?:im|per) Chat\b"),
        ("email", ("ema", "e-ma"), rf"e-?mail us\b|{_TO_US}(?:\w+ or )?e-?mail\b|{_AN_UNS}E-?Mail\b"),
        ("phone", (" us", "phone", "rufen", "telefon"),
         rf"(?:call|ring|phone) us\b|{_TO_US}(?:phone|telephone)\b|rufen Sie (?:uns )?an\b|{_AN_UNS}Telefon\b"),
    )
}  # fmt: skip
"""Sentences that send customers to the channel they read them on, in English and German: what each has one of, in small
letters, and the pattern, which takes a hundred times as long."""
_FEWEST_DIGITS: Final = 6
_LABEL: Final = re.compile(
    r"\b(?:[Ss]elect|[Cc]lick|[Pp]ress|[Tt]ap|[Oo]pen|[Cc]hoose) (?:on )?([A-Z][a-z]+(?: [a-z]+)?)"
)
_NAMES: Final = {"sms": "text message", "twitter": "X", "facebook": "Facebook", "chat": "chat", "email": "e-mail",
                 "phone": "phone"}  # fmt: skip


@lru_cache
def _pattern_of(address: str) -> re.Pattern[str]:
    """One of our own addresses in a text, phone numbers however their digits are grouped."""
    digits = re.sub(r"\D", "", address)
    number = len(digits) >= _FEWEST_DIGITS and not re.search(r"[^\W\d]", address)
    pattern = r"\+?" + r"[ ()./-]{0,2}".join(digits) if number else re.escape(address)
    return re.compile(rf"(?<![\w.+-]){pattern}(?![\w-])", re.IGNORECASE)


def _same_channel(channel: str, said: str, addresses: Sequence[str]) -> re.Match[str] | None:
    words, pattern = _SAME_CHANNEL[channel]
    match = pattern.search(said) if any(map(said.casefold().__contains__, words)) else None
    return match or next(filter(None, (_pattern_of(one).search(said) for one in addresses)), None)


def announcement_findings(
    announcement: Announcement, said: Article, short_url: str, wording: Wording
) -> Iterator[Finding]:
    """A note where the text of ``announcement`` is cut; ``said`` is what is replied with, its answer not empty."""
    if cut := _cut(said, short_url, wording):
        message = f"the {'summary' if announcement.summary else 'beginning'} does not fit whole on the channel {cut[0]}"
        line = announcement.summary_line if announcement.summary else announcement.body_line
        yield Finding(announcement.path, line, "announcement-cut", Severity.NOTE, message, cut[1])


def _cut(article: Article, short_url: str, wording: Wording) -> tuple[str, str] | None:
    """The channels on which an answer does not fit whole, and a hint."""
    short = [channel for channel in CHANNELS if not fits_whole(article, channel, short_url, wording)]
    if not short:
        return None
    *others, last = (_NAMES[channel] for channel in short)
    where = " and ".join(filter(None, (", ".join(others), last)))
    return where, f"write its own text for it: replies: {{{short[0]}: …}}"


def answer_findings(
    article: Article, short_url: str, wording: Wording, addresses: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Iterator[Finding]:
    """Notes about the answer of ``article``, and warnings about sentences in ``must_say`` that it doesn't have.

    ``addresses``: channel → where the team is reached on it.
    """
    line = article.line_of("answer")

    def note(code: str, message: str, hint: str) -> Finding:
        return Finding(article.path, line, code, Severity.NOTE, message, hint)

    for said in article.must_say:
        if said.rstrip(".!?").casefold() not in article.answer.casefold():
            place = article.path, article.line_of("must_say")
            hint = "must_say takes sentences of the answer, word for word"
            message = f'the answer does not say "{clip(said)}"'
            yield Finding(*place, "unknown-sentence", Severity.WARNING, message, hint)
    if not article.answer:
        return
    if cut := _cut(article, short_url, wording):
        yield note("answer-cut", f"the answer does not fit whole on the channel {cut[0]}", cut[1])
    for channel in _SAME_CHANNEL:
        said = dict(article.replies).get(channel) or article.answer
        if match := _same_channel(channel, said, addresses.get(channel, ())):
            message = f'"{match[0]}" sends customers to the channel they are on ({_NAMES[channel]})'
            yield note("answer-channel", message, f"write its own text for it: replies: {{{channel}: …}}")
    if not wording.language.code.startswith("en"):
        return
    if not _TO_THE_READER.search(article.answer):
        yield note("answer-voice", "the answer does not address the reader", "say you and we: it is sent as a message")
    if match := _ELSEWHERE.search(article.answer):
        hint = "it is read in messages too: say what to do or send"
        yield note("answer-voice", f'"{match[0]}" means nothing in a message', hint)
    if match := _LABEL.search(article.answer_markdown):
        message = f'"{match[1]}" seems to be the name of a button or page'
        yield note("answer-label", message, f"write it in bold: **{match[1]}**")
