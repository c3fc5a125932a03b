"""Codes and numbers: the one spelling under which every spelling of an error code or a telephone number is found.

The index holds the key of each code beside its pieces; a query is searched for the keys of the codes in it. FORMAT.md,
“Codes”, is the specification for readers.
"""

import re
import unicodedata
from collections.abc import Iterator

from search_index.words import plain_digits, plain_numbers

MOST_CODES = 4
"""Codes that are looked up of one query."""
FEWEST_DIGITS = 7
"""Digits that make a number a code, with or without spaces."""
NATIONAL = 9
"""Last digits that identify a telephone number, with any country code before them."""
LONGEST = 40

_UNITS = "mg|kg|g|ml|cl|l|mm|cm|m|km|in|ft|lb|oz|kb|mb|gb|tb|kw|w|v|a|mah|hz|ghz|px"
# Patterns begin with a set of characters: it is searched for many times as fast as anything is tried at each place.
_DIGIT = re.compile(r"\d")
_MAYBE_SPACED = re.compile(
    rf"[0-9A-Z)](?: (?:\(?[0-9]|(?<=[0-9] )(?i:{_UNITS})(?!\w))|(?<!\w.)[A-Z][0-9]{{2}}\w* )", re.ASCII
)
_JOINED = re.compile(r"(?<![\w./-])[0-9a-z]+(?:[-_./][0-9a-z]+)+(?![\w/-])")
_JOINED_CAPITALS = re.compile(r"[0-9A-Z](?<![\w./-].)[0-9A-Z]*(?:[-_./][0-9A-Z]+)+(?![\w/-])")
_SPACED = re.compile(r"(?<![\w+.,])\+?\(?[0-9]{1,10}\)?(?:[ \u00a0./-]\(?[0-9]{1,10}\)?)+(?![\w])")
_SPACED_CODE = re.compile(r"(?<![\w.+-])(?:[A-Z]{1,6} [0-9]{1,6}|[a-z] [0-9]{3,6})(?![\w.-])")
_SPACED_CAPITALS = re.compile(r"[A-Z](?<![\w.+-].)[A-Z]{0,5} [0-9]{1,6}(?![\w.-]|[.,][0-9])")
_ACCOUNT = re.compile(r"(?<!\w)[a-z]{2}[0-9]{2}(?: ?[0-9a-z]{4}){2,7}(?: ?[0-9a-z]{1,3})?(?!\w)", re.I)
_MAYBE_ACCOUNT = re.compile(r"[A-Z\u212a][A-Z\u212a][0-9]{2}")
_PREFIXED = re.compile(r"(?<!\w)[a-z]{1,3}([0-9]{7,})(?!\w)")
_MAYBE_NUMBER = re.compile(rf"[0-9](?:[ \u00a0()./-]{{0,3}}[0-9]){{{FEWEST_DIGITS - 1}}}")
_HEXADECIMAL = re.compile(r"\b0x[0-9a-f]{4,}\b")
_SINGLE = re.compile(r"(?<![\w.+-])\+?(?=[0-9a-z]*[0-9])[0-9a-z]+(?![\w.-])")
_VERSION = re.compile(r"v(?<!\wv)([0-9]+(?:\.[0-9]+)*)(?!\w)")
_MEASURE = re.compile(rf"([0-9](?<![\w.].)[0-9]*(?:\.[0-9]+)?) ({_UNITS})(?!\w)")


def has_digit(text: str) -> bool:
    """Whether a text has a digit, in any script."""
    return bool(_DIGIT.search(text))


def may_have_spaced_code(text: str) -> bool:
    """Whether a text may have a code with a space in it."""
    return not text.isascii() or bool(_MAYBE_SPACED.search(text))


def codes_of_text(text: str) -> list[str]:
    """The keys that the index holds of a text: what is written in capitals, digits, or as a measure."""
    found = [_bare(match.group()) for match in _JOINED_CAPITALS.finditer(text) if _is_code(match.group())]
    lowered = plain_digits(unicodedata.normalize("NFKC", text).lower())
    found += [_bare(match.group()) for match in _SPACED_CAPITALS.finditer(text)]
    found += [match.group(1) + match.group(2) for match in _MEASURE.finditer(plain_numbers(lowered))]
    if _MAYBE_ACCOUNT.search(text):
        found += [_bare(match.group()).lower() for match in _ACCOUNT.finditer(text) if match.group()[:2].isupper()]
    if _MAYBE_NUMBER.search(lowered):
        found += _numbers(lowered)
        found += [match.group(1)[-NATIONAL:] for match in _PREFIXED.finditer(lowered)]
    found += [match.group(1) for match in _VERSION.finditer(lowered)]
    if "0x" in lowered:
        found += [match.group()[2:] for match in _HEXADECIMAL.finditer(lowered)]
    return list(dict.fromkeys(key.lower()[:LONGEST] for key in found))


def codes_of_query(text: str) -> list[str]:
    """The keys to look up for a query, however it is spelled."""
    lowered = plain_digits(unicodedata.normalize("NFKC", text).lower())
    found = [_bare(match.group()) for match in _JOINED.finditer(lowered) if _is_code(match.group())]
    found += [_bare(match.group()) for match in _ACCOUNT.finditer(lowered)]
    found += _numbers(lowered)
    found += [match.group(1) for match in _VERSION.finditer(lowered)]
    found += [_bare(match.group()) for match in _SPACED_CODE.finditer(plain_digits(text))]
    singles = [match.group().lstrip("+") for match in _SINGLE.finditer(lowered)]
    found += [word for word in singles if not word.isdecimal() or len(word) >= FEWEST_DIGITS]
    return list(dict.fromkeys(key.lower()[:LONGEST] for key in found))[:MOST_CODES]


def _bare(code: str) -> str:
    return re.sub(r"[-_./ \u00a0]", "", code)


def _is_code(joined: str) -> bool:
    """Whether joined pieces are a code; decimals, versions and measures are words, and so is ``pre-order``."""
    if re.fullmatch(r"v?[0-9.]+[a-z]{0,3}", joined, re.I):
        return False
    return len(joined) > 3 and bool(re.search(r"[0-9_]|\..*\.", joined))


def _numbers(lowered: str) -> Iterator[str]:
    """Numbers of many digits by their last nine, or by all of them if they have fewer than ten."""
    runs = [*_SPACED.finditer(lowered), *_SINGLE.finditer(lowered)]
    for run in runs:
        digits = re.sub(r"[^0-9a-z]", "", run.group())
        if digits.isdecimal() and len(digits) >= FEWEST_DIGITS:
            yield digits[-NATIONAL:] if len(digits) > NATIONAL else digits
