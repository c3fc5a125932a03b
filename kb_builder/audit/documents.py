"""Text of documents that spread a sentence over several parts: the XML of office programs, RTF, captions of a film."""

import re
from typing import Final

_PARAGRAPH_END: Final = re.compile(r"</(?:\w+:)?(?:p|si|h|title)>")
_SPACE: Final = re.compile(r"<\w+:(?:tab|br|cr|s|line-break|noBreakHyphen)(?:\s[^<>]*)?/?>")
"""Elements of WordprocessingML, DrawingML and OpenDocument that stand for white space."""
_TAG: Final = re.compile(r"<[^<>]*>")
_RTF: Final = re.compile(
    r"\\'(?P<byte>[0-9a-fA-F]{2})|\\u(?P<code>-?[0-9]{1,6}) ?(?:\\'[0-9a-fA-F]{2}|[^\\{}\r\n])?"
    r"|\\(?P<space>(?:par|line|tab|cell|row|sect|page)(?![a-z])-?[0-9]{0,9} ?|[~_\r\n])"
    r"|\\[a-zA-Z]{1,32}-?[0-9]{0,9} ?|\\(?P<sign>[\\{}])|\\.|[{}\r\n]",
    re.DOTALL,
)


def of_office_xml(xml: str) -> str:
    """The text of a part of an office document: a word may be spread over several elements."""
    return _TAG.sub("", _SPACE.sub(" ", _PARAGRAPH_END.sub("\n\n", xml)))


def of_captions(captions: str) -> str:
    """WebVTT without the marks of time, voice and style inside its sentences."""
    return _TAG.sub("", captions)


def of_rtf(document: str) -> str:
    """Rich Text Format 1.9 without its control words; ``document`` is decoded byte for byte."""
    return _RTF.sub(_rtf_text, document)


def _rtf_text(match: re.Match[str]) -> str:
    if match["byte"]:
        return bytes([int(match["byte"], 16)]).decode("cp1252", "replace")
    if match["code"]:
        return chr(int(match["code"]) % 0x10000)
    return " " if match["space"] else match["sign"] or ""
