"""Our channels, and what support tools call them."""

from types import MappingProxyType
from typing import Final

CHANNELS: Final = MappingProxyType(
    {
        name: channel
        for channel, names in {
            "phone": "phone voice call calls telephone phone_call 3",
            "chat": "chat messaging native_messaging live_chat web_messenger messenger conversation 7",
            "sms": "sms text mms",
            "email": "email e_mail mail gmail 1",
            "twitter": "twitter x tweet twitter_dm twitter_direct_message 5",
            "facebook": "facebook facebook_messenger facebook_post facebook_mention 6",
            "instagram": "instagram instagram_dm instagram_comment instagram_mention instagram_direct_message",
            "social": "social tiktok threads mastodon bluesky reddit youtube linkedin telegram line wechat 4",
            "whatsapp": "whatsapp 13",
            "form": "form web web_form webform contact_form help_center help_centre widget web_widget portal api app "
            "mobile mobile_sdk internal_note feedback_widget ecommerce aircall forum 2 9 11",
            "post": "post letter fax",
            "in_person": "in_person store shop branch",
        }.items()
        for name in names.split()
    }
)
"""Channel names in exports → our channel; numbers are Freshdesk's ``source``."""
CHANNEL_CODES: Final = MappingProxyType({name: code for code, name in enumerate(sorted(set(CHANNELS.values())), 1)})
"""Our channels by number; 0 is an unknown channel."""
SOCIAL: Final = frozenset({"twitter", "facebook", "instagram", "social"})
CHANNEL_NAMES: Final = MappingProxyType({code: name for name, code in CHANNEL_CODES.items()})
