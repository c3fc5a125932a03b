"""Validation of a channel's address, and the link that opens it."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final
from urllib.parse import quote, urlsplit

from kb_builder.errors import InputError, clip

_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ()./\-]*", re.ASCII)
_EMAIL: Final = re.compile(r"[A-Za-z0-9.!#$%'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
_HANDLE: Final = re.compile(r"@?([A-Za-z0-9_]{1,15})", re.ASCII)
_PAGE: Final = re.compile(r"@?([A-Za-z0-9.\-]{1,80})", re.ASCII)
_URL_CHARACTERS: Final = re.compile(r"[!#$%&()*+,\-./0-9:;=?@A-Z_a-z~\[\]]+")


def channel_link(kind: str, address: str) -> str:
    """The link of a channel; empty for post and in_person, which have none.

    Raises InputError, whose problem continues after the name of a key.
    """
    return _LINKS[kind](address)


def _digits(address: str) -> str:
    if not _NUMBER.fullmatch(address):
        raise InputError(f'must be a telephone number, not "{clip(address)}"', hint='write it like "+44 20 7946 0000"')
    # “+44 (0)20 …” means: no 0 after the country code.
    number = re.sub(r"\(0\)", "", address) if address.startswith("+") else address
    digits = re.sub(r"[^0-9]", "", number)
    if not 3 <= len(digits) <= 15:
        raise InputError(f'has {len(digits)} digits: "{clip(address)}"', hint="telephone numbers have 3 to 15 digits")
    return f"+{digits}" if address.startswith("+") else digits


def _whatsapp(address: str) -> str:
    if address.startswith("https://"):
        return _web(address)
    number = _digits(address)
    if not number.startswith("+"):
        raise InputError(f'needs the country code: "{address}"', hint='write it like "+44 7700 900124"')
    return f"https://wa.me/{number[1:]}"


def _email(address: str) -> str:
    if not _EMAIL.fullmatch(address) or len(address) > 254:
        raise InputError(f'must be an email address, not "{clip(address)}"', hint="write it like help@example.com")
    return f"mailto:{quote(address, safe='@+-._~!$*')}"


def _profile(form: re.Pattern[str], what: str, example: str, site: str, address: str) -> str:
    if address.startswith("https://"):
        return _web(address)
    match = form.fullmatch(address)
    if match is None:
        raise InputError(f'must be {what}, not "{clip(address)}"', hint=f"write it like {example}")
    return site + match[1]


def _web(address: str) -> str:
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        usable = False
    if not usable or not _URL_CHARACTERS.fullmatch(address):
        raise InputError(f'must be a web address, not "{clip(address)}"', hint="write it like https://example.com/chat")
    return address


_LINKS: Final[Mapping[str, Callable[[str], str]]] = {
    "phone": lambda number: f"tel:{_digits(number)}",
    "chat": _web,
    "sms": lambda number: f"sms:{_digits(number)}",
    "email": _email,
    "twitter": partial(_profile, _HANDLE, "an account name", '"@example"', "https://x.com/"),
    "facebook": partial(_profile, _PAGE, "the name of a page", "example.shop", "https://www.facebook.com/"),
    "whatsapp": _whatsapp,
    "form": _web,
    "post": lambda _: "",
    "in_person": lambda _: "",
}
