"""A text ready to publish for a pin: the reply of its article from the team's template, for everybody or a segment."""

from dataclasses import replace
from typing import Final

from kb_builder.errors import InputError, clip
from kb_builder.model import Article, Pin
from kb_builder.support.reply import Reply, ReplySource, reply

POST_CHANNELS: Final = ("twitter", "facebook", "sms", "email")


def post(pin: Pin, source: ReplySource, channel: str, segment_name: str = "") -> str:
    """The text to publish on ``channel`` about the pinned article of ``source``; a text message has one part.

    ``segment_name`` says for whom a segment's pin is, unless the answer fits only without. Raises InputError for an
    unknown channel.
    """
    if channel not in POST_CHANNELS:
        raise InputError(f'no posts for the channel "{clip(channel)}"', hint=f"channels: {', '.join(POST_CHANNELS)}")

    article = source.article

    def written(article: Article) -> Reply:
        return reply(replace(source, article=article, pin=pin, opening=False), channel)

    plain = written(article)
    if not (pin.segment and segment_name):
        return plain.text
    whom = f"({segment_name})"
    own = dict(article.replies).get(channel) or article.answer or article.description or article.title
    named = written(replace(article, replies=((channel, f"{own} {whom}"),), must_say=(*article.must_say, whom)))
    # The segment's channel says for whom it is; what to do is said nowhere else.
    return plain.text if named.left_out and not plain.left_out else named.text
