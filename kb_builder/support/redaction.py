"""Redacts free text from customers: e-mail addresses, telephone, account and card numbers.

Errs on the side of redacting: any run of seven digits is replaced, so order numbers and numeric dates are too.
"""

import re
import unicodedata
from typing import Final

_WORD: Final = r"[^\s@<>()\[\],;:\"]"
_EMAIL: Final = re.compile(rf"{_WORD}{{1,64}} ?(?:@|\(at\)|\[at\]) ?{_WORD}{{1,250}}", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\+?\(?[0-9](?:[ ./()\-_,:]{0,3}[0-9]){6,}")
_ACCOUNT: Final = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{2,4}){3,8}\b", re.IGNORECASE)
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DASHES: Final = re.compile(r"[\u2010-\u2015\u2212]")


def redact(text: str, limit: int = 1000) -> str:
    """``text`` on one line, of at most ``limit`` characters, without e-mail addresses and long numbers.

    Control and formatting characters are removed: they could separate digits or move a terminal's cursor.
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    plain = "".join(_visible(character) for character in plain)
    plain = " ".join(plain.split())
    plain = _EMAIL.sub("[e-mail address]", plain)
    plain = _ACCOUNT.sub(lambda match: "[account number]" if _has_seven_digits(match[0]) else match[0], plain)
    plain = _DIGITS.sub(lambda match: "[card number]" if _is_card(match[0]) else "[number]", plain)
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character) in _INVISIBLE:
        return ""
    # Digits of other scripts count as digits.
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _has_seven_digits(text: str) -> bool:
    return sum(character.isdigit() for character in text) >= 7


def _is_card(text: str) -> bool:
    """Thirteen to nineteen digits with a valid check digit (Luhn, ISO/IEC 7812)."""
    digits = [int(character) for character in text if character.isdigit()]
    if not 13 <= len(digits) <= 19:
        return False
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
