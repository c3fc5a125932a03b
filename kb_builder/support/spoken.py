"""Written text as it is read aloud on the phone: symbols, brackets, amounts, times and addresses in words.

In English and German; in other languages what needs no words: brackets, arrows and quotation marks.
"""

import re
from collections.abc import Sequence
from typing import Final

_ADDRESS: Final = re.compile(r"\b(?:https?://)?[\w.+-]*@?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[\w./#-]*)?", re.IGNORECASE)
_PHONE: Final = re.compile(r"\+\d[\d ]{7,}\d")
_MONEY: Final = re.compile(r"([£€$])(\d+(?:,\d{3})*)(?:\.(\d\d))?")
_MONEY_RANGE: Final = re.compile(r"([£€$])(\d+(?:,\d{3})*)(?![,.]?\d)(?=\s*(?:to|[–-])\s*\1\d+(?:,\d{3})*(?![,.]?\d))")
_TIME: Final = re.compile(r"\b([01]?\d|2[0-4]):([0-5]\d)\b")
_RANGE: Final = re.compile(r"(\d)\s*[–-]\s*(\d)")
_BRACKETS: Final = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_GERMAN_MONEY: Final = re.compile(r"(\d+(?:\.\d{3})*)(?:,(\d\d))? ?([£€$])")
_GERMAN_MONEY_RANGE: Final = re.compile(
    r"(?<![\d,.])(\d+(?:\.\d{3})*) ?([£€$])(?=\s*(?:bis|[–-])\s*\d+(?:\.\d{3})* ?\2)"
)
_GERMAN_TIME: Final = re.compile(r"\b([01]?\d|2[0-4]):([0-5]\d)\b(?: Uhr)?")
_CURRENCIES: Final = {"£": ("pound", "pounds"), "€": ("euro", "euros"), "$": ("dollar", "dollars")}
_GERMAN_CURRENCIES: Final = {"£": "Pfund", "€": "Euro", "$": "Dollar"}
_MARKS: Final = {
    "en": (("@", " at "), (".", " dot "), ("/", " slash "), ("#", " hash ")),
    "de": (("@", " at "), (".", " Punkt "), ("/", " Schrägstrich "), ("#", " Raute ")),
}
"""How the marks of an address are said."""
_EVERYWHERE: Final = (
    (re.compile(r"\s*(?:→|->|>|›|←|‹)\s*"), ", "),
    (re.compile(r"\s+[–—-]\s+"), ", "),
    (re.compile(r"[“”„«»\"*`]"), ""),
)
_GERMAN_WORDS: Final = (
    (re.compile(r"\bz\. ?B\."), "zum Beispiel"),
    (re.compile(r"\bd\. ?h\."), "das heißt"),
    (re.compile(r"\busw\."), "und so weiter"),
    (re.compile(r"\bbzw\."), "beziehungsweise"),
    (re.compile(r"\bca\."), "etwa"),
    (re.compile(r"\binkl\."), "inklusive"),
    (re.compile(r"\bNr\. (?=\d)"), "Nummer "),
    (re.compile(r"\s*&\s*"), " und "),
    (re.compile(r"(?<=\d)\s*%"), " Prozent"),
    (re.compile(r"\bund/oder\b"), "oder"),
    (re.compile(r"(?<=[^\W\d])\s*/\s*(?=[^\W\d])"), " oder "),
    (re.compile(r"(?<=\d) ?mm\b"), " Millimeter"),
    (re.compile(r"(?<=\d) ?cm\b"), " Zentimeter"),
    (re.compile(r"(?<=\d) ?kg\b"), " Kilo"),
    *_EVERYWHERE,
)
_WORDS: Final = (
    (re.compile(r"\be\.g\.,?", re.IGNORECASE), "for example"),
    (re.compile(r"\bi\.e\.,?", re.IGNORECASE), "that is"),
    (re.compile(r"\betc\.", re.IGNORECASE), "and so on"),
    (re.compile(r"\bapprox\.", re.IGNORECASE), "about"),
    (re.compile(r"\bincl\.", re.IGNORECASE), "including"),
    (re.compile(r"\bno\. (?=\d)", re.IGNORECASE), "number "),
    (re.compile(r"\s*&\s*"), " and "),
    (re.compile(r"(?<=\d)\s*%"), " percent"),
    (re.compile(r"(?<=\d)\s*[×x]\s*(?=\d)"), " by "),
    (re.compile(r"\b24/7\b"), "at any time"),
    (re.compile(r"\band/or\b"), "or"),
    (re.compile(r"(?<=\d)\s*/\s*(?=[^\W\d])"), " per "),
    (re.compile(r"(?<=[^\W\d])\s*/\s*(?=[^\W\d])"), " or "),
    (re.compile(r"\bper min\b"), "per minute"),
    (re.compile(r"\s*(?:→|->|>|›)\s*"), ", then "),
    (re.compile(r"(?<=\d) ?mm\b"), " millimetres"),
    (re.compile(r"(?<=\d) ?cm\b"), " centimetres"),
    (re.compile(r"(?<=\d) ?kg\b"), " kilos"),
    (re.compile(r"\s+[–—-]\s+"), ", "),
    (re.compile(r"[“”\"*`]"), ""),
)


def spoken(text: str, language: str = "en") -> str:
    """``text`` to be read aloud. Brackets become a clause between commas."""
    spells = _MARKS.get(language)
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        """Addresses are spelled now and put back at the end, so that no other rule changes them."""
        kept.append(_address(match[0], spells) if spells else match[0])
        return f"\0{len(kept) - 1}\0"

    text = _ADDRESS.sub(keep, text)
    if spells:
        text = _PHONE.sub(lambda match: "plus " + match[0][1:].replace(" ", ", "), text)
    if language == "en":
        text = _MONEY.sub(_money, _MONEY_RANGE.sub(r"\2", text))
        text = _RANGE.sub(r"\1 to \2", _TIME.sub(_time, text))
    elif language == "de":
        text = _GERMAN_MONEY.sub(_german_money, _GERMAN_MONEY_RANGE.sub(r"\1", text))
        text = _RANGE.sub(r"\1 bis \2", _GERMAN_TIME.sub(_german_time, text))
    text = _BRACKETS.sub(lambda match: f", {match[1].strip()},", text)
    for pattern, words in {"en": _WORDS, "de": _GERMAN_WORDS}.get(language, _EVERYWHERE):
        text = pattern.sub(words, text)
    text = re.sub(r"\s*,\s*(?=[.,;:!?،؛؟])", "", text)
    if language == "ar":
        text = text.replace(",", "،")
    text = re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], text)
    return " ".join(text.split())


def _address(written: str, marks: Sequence[tuple[str, str]]) -> str:
    ending = written[len(written.rstrip(".")) :]
    plain = re.sub(r"^https?://", "", written.rstrip(".")).rstrip("/")
    for mark, word in marks:
        plain = plain.replace(mark, word)
    return plain + ending


def _money(match: re.Match[str]) -> str:
    one, many = _CURRENCIES[match[1]]
    unit = one if match[2] == "1" else many
    return f"{match[2]} {unit}" + (f" {match[3]}" if match[3] and match[3] != "00" else "")


def _time(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), match[2]
    if hour % 12 == 0 and minute == "00":
        return "midnight" if hour in (0, 24) else "noon"
    half = "in the morning" if hour < 12 else "in the afternoon" if hour < 18 else "in the evening"
    return f"{(hour - 1) % 12 + 1}" + ("" if minute == "00" else f" {minute}") + f" {half}"


def _german_money(match: re.Match[str]) -> str:
    whole = f"{match[1]} {_GERMAN_CURRENCIES[match[3]]}"
    return whole if match[2] in (None, "00") else f"{whole} {match[2]}"


def _german_time(match: re.Match[str]) -> str:
    return f"{int(match[1])} Uhr" + ("" if match[2] == "00" else f" {int(match[2])}")
