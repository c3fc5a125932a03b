"""A text ready to publish for a pin: the answer first, the short link last, as long as the channel allows."""

from collections.abc import Callable
from typing import Final

from kb_builder.errors import InputError
from kb_builder.model import Article, Pin
from kb_builder.support.channel_text import SMS_PARTS, fits, plain_punctuation
from kb_builder.support.sentences import shorten

POST_CHANNELS: Final = ("twitter", "facebook", "sms", "email")


def post(pin: Pin, article: Article, channel: str, short_url: str, *, segment_name: str = "") -> str:
    """The text to publish on ``channel`` about the pinned ``article``.

    ``short_url`` is absolute and never shortened; ``segment_name`` says for whom a segment's pin is. Raises InputError
    for an unknown channel.
    """
    if channel not in POST_CHANNELS:
        raise InputError(f'no posts for the channel "{channel[:60]}"', hint=f"channels: {', '.join(POST_CHANNELS)}")
    own = dict(article.replies).get(channel, "")
    answer = own or " ".join((article.answer or article.description or article.title).split())
    whom = f" ({segment_name})" if pin.segment and segment_name else ""
    if channel == "sms":
        answer, whom = plain_punctuation(answer), plain_punctuation(whom)

    def whole(part: str) -> str:
        return _COMPOSE[channel](f"{part}{whom}".strip(), article.title, short_url)

    return whole(shorten(answer, lambda part: fits(whole(part), channel, SMS_PARTS), article.must_say).text)


_COMPOSE: Final[dict[str, Callable[[str, str, str], str]]] = {
    "twitter": lambda answer, _title, url: f"{answer} {url}".lstrip(),
    "sms": lambda answer, _title, url: f"{answer} {url}".lstrip(),
    "facebook": lambda answer, _title, url: f"{answer}\n\n{url}".lstrip(),
    "email": lambda answer, title, url: f"{answer}\n\n{title}:\n{url}".lstrip(),
}
