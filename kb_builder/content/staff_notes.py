"""Parts of a public article that only staff may see: blocks ``!!! staff`` of its body.

They are cut out when a file is read, so that the body of an article is public unless the gate says otherwise. A block
ends where its indentation ends, as in Python-Markdown; whatever is doubtful is an error rather than published.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from kb_builder.errors import Finding, Severity

_LEAD: Final = r"(?P<lead>(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*)"
_BLOCK: Final = re.compile(_LEAD + r"(?:!!!|\?\?\?\+?)[ \t]*(?P<words>[\w-]+(?:[ \t]+[\w-]+)*)")
_ALERT: Final = re.compile(_LEAD + r"\[!\s*staff\s*\]", re.IGNORECASE)
_FENCED: Final = re.compile(_LEAD + r"(?P<fence>:{3,}|/{3,})[ \t]*\{?[ \t]*\.?staff\b", re.IGNORECASE)
_HTML: Final = re.compile(r"<[a-z][^<>]*\bclass\s*=\s*[\"']?[^\"'<>]*\bstaff\b", re.IGNORECASE)
_ATTRIBUTES: Final = re.compile(
    r"\{(?=[^{}]*(?:\.staff\b|\bclass\s*=\s*[\"']?[^\"'{}]*\bstaff\b))[^{}]*\}", re.IGNORECASE
)
"""The class in an attribute list, which marks text and hides none."""
_NEARLY: Final = re.compile(r"(?:\d{1,9}[.)])?[^\w<>`]*[!?]{2,}\+?[^\w<>]{0,4}staff\b", re.IGNORECASE)
"""A block with a mark too many, in a heading or in stars, or with quotation marks around its type."""
_LINE_ENDS: Final = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")
"""Characters that some editors show as the end of a line, and Markdown doesn't."""
_ODD_SPACE: Final = re.compile("[^\\S \t\n]|[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_MEANT: Final = frozenset(("agent", "agents", "confidential", "employee", "employees", "internal", "private", "team"))
_SIMILAR: Final = frozenset(("stuff", "stars", "steps", "start", "state", "stats"))
"""Words near ``staff`` that are not misspellings of it."""


class Split(NamedTuple):
    """A body without its staff blocks, and their text.

    ``removed`` holds (line, count): from the public line with this number, counted from 0, ``count`` more lines precede
    it in the file.
    """

    public: str
    private: str
    removed: tuple[tuple[int, int], ...]
    findings: tuple[Finding, ...]


def split(body: str, path: str, first_line: int) -> Split:
    """``body`` of the file ``path``, taken apart; ``first_line`` is the line of the file on which it starts."""
    if "!!!" not in body and "???" not in body and "staff" not in body.casefold():
        return Split(body, "", (), ())  # Every pattern below needs one of them: most articles have none.
    lines = body.split("\n")
    public: list[str] = []
    private: list[str] = []
    removed: list[tuple[int, int]] = []
    findings: list[Finding] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        findings += _suspicious(line, path, first_line + at)
        end = end_of_block(lines, at)
        if end == at:
            public.append(line)
            at += 1
            continue
        content = lines[at:end]
        private += content
        behind = next((place for place in range(end, len(lines)) if lines[place].strip(" \t>")), len(lines))
        if behind < len(lines) and (hint := _perhaps_inside(lines, at, end, behind)):
            message = "this text is below a block for staff and not in it, so customers would see it"
            findings.append(Finding(path, first_line + behind, "staff-not-indented", Severity.ERROR, message, hint))
        end = behind
        if public and public[-1].strip():
            public.append("")
            removed.append((len(public), end - at - 1))
        else:
            removed.append((len(public), end - at))
        at = end
    return Split("\n".join(public), "\n".join(private), tuple(removed), tuple(findings))


def as_block(note: str) -> str:
    """The ``staff`` text of a header as a block at the top of a body."""
    return '!!! staff "For staff"\n' + "\n".join(f"    {line}".rstrip() for line in note.split("\n")) + "\n\n"


def _is_staff_block(line: str) -> bool:
    match = _BLOCK.match(line)
    return match is not None and "staff" in match["words"].lower().split()


def end_of_block(lines: list[str], start: int) -> int:
    """The index behind the staff block that starts at ``start``; ``start`` itself when there is none."""
    line = lines[start]
    if _is_staff_block(line):
        column = _column(line)
        end = start + 1
        last = end
        while end < len(lines):
            if lines[end].strip(" \t>"):
                if _column(lines[end]) < column + 4:
                    break
                last = end + 1
            end += 1
        return last
    if _ALERT.match(line):
        end = start + 1
        while end < len(lines) and lines[end].strip():
            end += 1
        return end
    if match := _FENCED.match(line):
        closing = re.compile(rf"[ \t>]*{match['fence'][0]}{{{len(match['fence'])},}}[ \t]*$")
        return next((place + 1 for place in range(start + 1, len(lines)) if closing.match(lines[place])), len(lines))
    return start


def _perhaps_inside(lines: list[str], start: int, end: int, behind: int) -> str:
    """How to say whether line ``behind``, the first one with text after a block, is for staff; empty if it is clear.

    Python-Markdown takes it for public text, and who wrote it may have thought otherwise.
    """
    line, within = lines[behind], "indent it by four spaces"
    if _ALERT.match(lines[start]):
        in_quote = line.lstrip().startswith(">")
        return "begin the empty lines above it with >, or put a line of text between the two" if in_quote else ""
    if not _is_staff_block(lines[start]) or end_of_block(lines, behind) > behind:
        return ""
    if end == start + 1:
        return f"{within}, or delete the line !!! staff: the block is empty"
    if behind == end:
        return f"{within}, or put an empty line before it"
    margin = re.match(r"[ \t>]*" if lines[start].lstrip().startswith(">") else r"[ \t]*", line)
    indented = margin is not None and len(margin[0].expandtabs(4)) > _column(lines[start])
    return f"{within}, or by none" if indented else ""


def _column(line: str) -> int:
    """Columns before the content of a line; quote marks and list markers count as indentation."""
    match = re.match(_LEAD, line)
    return len((match[0] if match else "").expandtabs(4))


def _suspicious(line: str, path: str, number: int) -> list[Finding]:
    """Findings of text that is probably meant for staff and would be published."""
    hint = 'write !!! staff "title" in plain letters, and indent its text by four spaces'
    if _HTML.search(line):
        message = "HTML of the class staff is not hidden from customers"
        return [Finding(path, number, "staff-html", Severity.ERROR, message, hint)]
    if _is_staff_block(line) or _FENCED.match(line):
        return []
    if _ATTRIBUTES.search(line):
        message = "text with the class staff is not hidden from customers"
        return [Finding(path, number, "staff-html", Severity.ERROR, message, hint)]
    for part in _as_read(line):
        if (word := _misspelt(part)) and word != "staff":
            message = f'a block of type "{word}" is not hidden from customers'
            return [Finding(path, number, "staff-misspelt", Severity.ERROR, message, hint)]
        if _NEARLY.match(part):
            message = "this looks like a block for staff, and is not hidden from customers"
            return [Finding(path, number, "staff-misspelt", Severity.ERROR, message, hint)]
    return []


def _as_read(line: str) -> Iterator[str]:
    """The lines somebody may see in this one: wide letters as usual ones, invisible characters as none or a space."""
    for part in _LINE_ENDS.split(line):
        plain = unicodedata.normalize("NFKC", part)
        yield plain
        if _ODD_SPACE.search(plain):
            yield _ODD_SPACE.sub(" ", plain)
            yield _ODD_SPACE.sub("", plain)


def _misspelt(line: str) -> str:
    """The type of a block that is probably meant for staff; empty if there is none."""
    match = _BLOCK.match(line)
    if match is None:
        return ""
    word = match["words"].split()[0].lower()
    near = word not in _SIMILAR and OSA.distance(word, "staff", score_cutoff=2) <= 2
    return word if word in _MEANT or near else ""
