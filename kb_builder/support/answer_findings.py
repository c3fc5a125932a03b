"""What ``kb check`` says about answers: the voice of a person, and whether they fit every channel whole."""

import re
from collections.abc import Iterator
from typing import Final

from kb_builder.errors import Finding, Severity
from kb_builder.model import Article
from kb_builder.support.channel_text import CHANNELS
from kb_builder.support.reply import Wording, fits_whole

_TO_THE_READER: Final = re.compile(r"\b(?:you|your|yours|we|we're|we've|us|our|ours|I)\b|\byou'", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(
    r"\b(?:contact us|get in touch with us|this (?:page|article|form)|the form (?:below|above)|see (?:below|above)"
    r"|click here|as (?:described|shown) (?:below|above))\b",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"\b(?:[Ss]elect|[Cc]lick|[Pp]ress|[Tt]ap|[Oo]pen|[Cc]hoose) (?:on )?([A-Z][a-z]+(?: [a-z]+)?)"
)
_NAMES: Final = {"sms": "text message", "twitter": "X", "facebook": "Facebook", "chat": "chat", "email": "e-mail",
                 "phone": "phone"}  # fmt: skip


def answer_findings(article: Article, short_url: str, wording: Wording) -> Iterator[Finding]:
    """Notes about the answer of ``article``, and warnings about sentences in ``must_say`` that it doesn't have."""
    line = article.line_of("answer")

    def note(code: str, message: str, hint: str) -> Finding:
        return Finding(article.path, line, code, Severity.NOTE, message, hint)

    for said in article.must_say:
        if said.rstrip(".!?").casefold() not in article.answer.casefold():
            message, hint = (
                f'the answer does not say "{said[:60]}"',
                "must_say holds sentences of the answer, word by word",
            )
            yield Finding(
                article.path, article.line_of("must_say"), "unknown-sentence", Severity.WARNING, message, hint
            )
    if not article.answer:
        return
    short = [_NAMES[channel] for channel in CHANNELS if not fits_whole(article, channel, short_url, wording)]
    if short:
        where = " and ".join(filter(None, (", ".join(short[:-1]), short[-1])))
        hint = f"write its own text for it: replies: {{{next(key for key in _NAMES if _NAMES[key] == short[0])}: …}}"
        yield note("answer-cut", f"the answer does not fit whole on the channel {where}", hint)
    if not wording.language.code.startswith("en"):
        return
    if not _TO_THE_READER.search(article.answer):
        yield note("answer-voice", "the answer does not talk to the reader", "say you and we: it is sent as a message")
    if match := _ELSEWHERE.search(article.answer):
        hint = "it is read in messages too: say what to do or send"
        yield note("answer-voice", f'"{match[0]}" means nothing in a message', hint)
    if match := _LABEL.search(article.answer_markdown):
        message = f'"{match[1]}" seems to be the name of a button or page'
        yield note("answer-label", message, f"write it in bold: **{match[1]}**")
