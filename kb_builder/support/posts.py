"""A text ready to publish for a pin: the reply of its article from the team's template, for everybody or a segment."""

from dataclasses import replace
from typing import Final

from kb_builder.errors import InputError
from kb_builder.model import Article, Body, Pin
from kb_builder.support.reply import Wording, reply

POST_CHANNELS: Final = ("twitter", "facebook", "sms", "email")


def post(
    pin: Pin, article: Article, body: Body, channel: str, *, short_url: str, wording: Wording, segment_name: str = ""
) -> str:
    """The text to publish on ``channel`` about the pinned ``article``; a text message has one part.

    ``segment_name`` says for whom a segment's pin is. Raises InputError for an unknown channel.
    """
    if channel not in POST_CHANNELS:
        raise InputError(f'no posts for the channel "{channel[:60]}"', hint=f"channels: {', '.join(POST_CHANNELS)}")
    if pin.segment and segment_name:
        whom = f"({segment_name})"
        own = dict(article.replies).get(channel) or article.answer or article.description or article.title
        article = replace(article, replies=((channel, f"{own} {whom}"),), must_say=(*article.must_say, whom))
    made = reply(article, body, channel, short_url=short_url, wording=wording, pin=pin, opening=False)
    return made.text
