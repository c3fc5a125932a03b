"""A text ready to publish for a pin: the reply of its article from the team's template, for everybody or a segment."""

from dataclasses import replace
from typing import Final

from kb_builder.errors import InputError
from kb_builder.model import Article, Body, Pin
from kb_builder.support.reply import Reply, Wording, reply

POST_CHANNELS: Final = ("twitter", "facebook", "sms", "email")


def post(
    pin: Pin, article: Article, body: Body, channel: str, *, short_url: str, wording: Wording, segment_name: str = ""
) -> str:
    """The text to publish on ``channel`` about the pinned ``article``; a text message has one part.

    ``segment_name`` says for whom a segment's pin is, unless the answer fits only without. Raises InputError for an
    unknown channel.
    """
    if channel not in POST_CHANNELS:
        raise InputError(f'no posts for the channel "{channel[:60]}"', hint=f"channels: {', '.join(POST_CHANNELS)}")

    def written(article: Article) -> Reply:
        return reply(article, body, channel, short_url=short_url, wording=wording, pin=pin, opening=False)

    plain = written(article)
    if not (pin.segment and segment_name):
        return plain.text
    whom = f"({segment_name})"
    own = dict(article.replies).get(channel) or article.answer or article.description or article.title
    named = written(replace(article, replies=((channel, f"{own} {whom}"),), must_say=(*article.must_say, whom)))
    # The segment's channel says for whom it is; what to do stands nowhere else.
    return plain.text if named.left_out and not plain.left_out else named.text
