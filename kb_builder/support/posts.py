"""A text ready to publish for a pin: the answer first, the short link last, as long as the channel allows."""

from collections.abc import Callable
from typing import Final

from kb_builder.errors import InputError
from kb_builder.model import Article, Pin
from kb_builder.support import channel_text

POST_CHANNELS: Final = ("twitter", "facebook", "sms", "email")
_ROOM: Final = {"facebook": 1000, "email": 2000}


def post(pin: Pin, article: Article, channel: str, short_url: str, *, segment_name: str = "") -> str:
    """What to publish on ``channel`` about the pinned ``article``.

    ``short_url`` is absolute and never cut; ``segment_name`` tells whom a segment's pin is for. Raises InputError for
    a channel there are no posts for.
    """
    if channel not in POST_CHANNELS:
        raise InputError(f'no posts for the channel "{channel[:60]}"', hint=f"channels: {', '.join(POST_CHANNELS)}")
    answer = " ".join((article.answer or article.description or article.title).split())
    whom = f" ({segment_name})" if pin.segment and segment_name else ""
    if channel == "sms":
        answer, whom = channel_text.plain_punctuation(answer), channel_text.plain_punctuation(whom)

    def whole(part: str) -> str:
        return _COMPOSE[channel](f"{part}{whom}".strip(), article.title, short_url)

    return whole(channel_text.fit(answer, lambda part: _fits(whole(part), channel)))


def _fits(text: str, channel: str) -> bool:
    match channel:
        case "twitter":
            return channel_text.tweet_length(text) <= channel_text.TWEET
        case "sms":
            return channel_text.text_message(text).parts <= channel_text.SMS_PARTS
        case _:
            return len(text) <= _ROOM[channel]


_COMPOSE: Final[dict[str, Callable[[str, str, str], str]]] = {
    "twitter": lambda answer, _title, url: f"{answer} {url}".lstrip(),
    "sms": lambda answer, _title, url: f"{answer} {url}".lstrip(),
    "facebook": lambda answer, _title, url: f"{answer}\n\n{url}".lstrip(),
    "email": lambda answer, title, url: f"{answer}\n\n{title}:\n{url}".lstrip(),
}
