"""Addresses typed without brackets, which are links as on GitHub (its autolink extension)."""

import html
import re
from typing import Final

_ADDRESS: Final = re.compile(
    r"(?P<web>(?<![A-Za-z])(?:[Hh][Tt]{2}[Pp][Ss]?://(?=[^\W_])|(?:(?<=[\s*_~(])|(?<!.))www\.)[^\s<]+)"
    r"|(?<![\w.+-])[A-Za-z0-9.+_-]+@(?P<host>[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)"
)
_DOMAIN: Final = re.compile(r"[\w.-]+")
_ENTITY: Final = re.compile(r"&[A-Za-z]+;\Z")
_LONGEST_ENTITY: Final = 40
_AT_THE_END: Final = frozenset("?!.,:*_~'\";”’»“‘…")
"""Signs that belong to the sentence. GitHub has those of ASCII only, and links a closing quotation mark too."""
EXPRESSION: Final = r"(?<![A-Za-z])(?:https?://|www\.)(?:[^\s<\x02]|\x02(?:\d+|wzxhzdk:\d+)\x03)+"
"""An address in the text of a paragraph, in which Python-Markdown has put stand-ins for what it has read."""


def may_have(text: str) -> bool:
    """Whether there may be an address in ``text``."""
    return "://" in text or "@" in text or "www." in text


def linked(text: str) -> tuple[str, list[str]]:
    """``text``, which is no HTML, as HTML with its addresses linked; and where these lead."""
    out: list[str] = []
    targets: list[str] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        address = _web(match["web"]) if match["web"] else _mail(match[0])
        if not address or match.start() < end:
            continue
        scheme = "mailto:" if match["host"] else "http://" if address.startswith("www.") else ""
        targets.append(f"{scheme}{address}")
        start, stop = match.start(), match.start() + len(address)
        out += (_escaped(text[end:start]), f'<a href="{html.escape(targets[-1])}">{_escaped(address)}</a>')
        end = stop
    return "".join((*out, _escaped(text[end:]))), targets


def as_typed(target: str) -> str:
    """The address that leads to ``target``."""
    return target.removeprefix("mailto:").removeprefix("http://" if target.startswith("http://www.") else "")


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("\xa0", "&nbsp;")


def _web(found: str) -> str:
    """The part of ``found`` that is the address, without what belongs to the sentence; empty for none."""
    start = found.find("://") + 3 if "://" in found[:8] else 0
    domain = _DOMAIN.match(found, start)
    labels = domain[0].split(".") if domain else []
    if not labels or any("_" in label for label in labels[-2:]) or (not start and len(labels) < 2):
        return ""
    return trimmed(found)


def trimmed(found: str) -> str:
    """``found`` without the signs at its end that belong to the sentence around it."""
    unopened = found.count(")") - found.count("(")
    end = len(found)
    while end:
        sign = found[end - 1]
        if sign == ")" and unopened > 0:
            unopened -= 1
        elif sign == ";" and (entity := _ENTITY.search(found, max(0, end - _LONGEST_ENTITY), end)):
            end = entity.start() + 1
        elif sign not in _AT_THE_END:
            break
        end -= 1
    return found[:end]


def _mail(found: str) -> str:
    return found if found[-1].isalpha() else ""
