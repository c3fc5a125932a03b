"""Redacts free text from customers: e-mail addresses, telephone, account and card numbers.

Errs on the side of redacting: any run of seven digits is replaced, so order numbers and numeric dates are too.
"""

import re
import unicodedata
from typing import Final

_MAIL, _ACCOUNT_NUMBER, _CARD, _NUMBER = "[e-mail address]", "[account number]", "[card number]", "[number]"
STRUCK_OUT: Final = (_MAIL, _ACCOUNT_NUMBER, _CARD, _NUMBER)
"""What stands for personal data in a redacted text."""

_WORD: Final = r"[^\s@<>()\[\],;:\"]"
_OPENED, _CLOSED = r" ?[(\[{<] ?", r" ?[)\]}>] ?"
_SAID_AT: Final = "(?:at|ät|arroba|arobase|chiocciola|małpa|собака|apenstaartje|snabel-?a)"
_SAID_DOT: Final = "(?:dot|punkt|punto|point|ponto|punt|kropka|точка)"
_DOT: Final = rf"(?:\.| \. |{_OPENED}(?:{_SAID_DOT}|\.){_CLOSED}| {_SAID_DOT} )"
_AT: Final = rf"(?: ?(?:@|%40) ?|{_OPENED}(?:{_SAID_AT}|@){_CLOSED})"
_LABEL: Final = r"[\w-]{1,63}"
_NAME: Final = rf"(?:(?<!\S)(?:\S ){{1,64}}(?=\S ?@)|(?:{_LABEL}{_DOT}){{0,5}}){_WORD}{{1,64}}"
_EMAIL: Final = re.compile(
    # The word “at” needs a domain behind it; the sign needs nothing.
    rf"{_NAME}(?:{_AT}{_WORD}{{1,250}}(?:{_DOT}{_LABEL})*"
    rf"| {_SAID_AT} {_LABEL}(?:{_DOT}{_LABEL}){{0,3}}{_DOT}[^\W\d_]{{2,24}}\b)",
    re.IGNORECASE,
)
_DIGIT: Final = r"(?:[0-9]|(?<=[0-9])[OolI](?![^\W\d_OolI])|[OolI](?=[0-9]))"
"""Also a letter O or l that stands for a digit beside one."""
_DIGITS: Final = re.compile(rf"\+?\(?{_DIGIT}(?:[\W_]{{0,3}}{_DIGIT}){{6,}}")
_ACCOUNT: Final = re.compile(r"\b[A-Z]{2}[ -]?[0-9]{2}(?:[ -]?[A-Z0-9]{2,4}){3,8}\b", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[\w/:-]+")
_FEWEST_IN_TOKEN: Final = 6
"""Digits of a key, a licence or a tracking number that has letters as well."""
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DASHES: Final = re.compile(r"[\u2010-\u2015\u2212]")


def redact(text: str, limit: int = 1000) -> str:
    """``text`` on one line, of at most ``limit`` characters, without e-mail addresses and long numbers.

    Control and formatting characters are removed: they could separate digits or move a terminal's cursor.
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    plain = "".join(_visible(character) for character in plain)
    plain = " ".join(plain.split())
    plain = _EMAIL.sub(_MAIL, plain)
    plain = _ACCOUNT.sub(lambda match: _ACCOUNT_NUMBER if _has_seven_digits(match[0]) else match[0], plain)
    plain = _TOKEN.sub(lambda match: _NUMBER if _is_identifier(match[0]) else match[0], plain)
    plain = _DIGITS.sub(lambda match: _CARD if _is_card(match[0]) else _NUMBER, plain)
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character) in _INVISIBLE:
        return ""
    # Digits of other scripts count as digits.
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _is_identifier(token: str) -> bool:
    digits = sum(character.isdigit() for character in token)
    return digits >= _FEWEST_IN_TOKEN and any(map(str.isalpha, token))


def _has_seven_digits(text: str) -> bool:
    return sum(character.isdigit() for character in text) >= 7


def _is_card(text: str) -> bool:
    """Thirteen to nineteen digits with a valid check digit (Luhn, ISO/IEC 7812)."""
    digits = [int(character) for character in text if character.isdigit()]
    if not 13 <= len(digits) <= 19:
        return False
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
