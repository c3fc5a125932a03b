"""Reply templates: the shipped ones, and a team's own in ``content/replies/<channel>.txt``."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kb_builder.errors import Finding, InputError, Severity, clip, nearest
from kb_builder.parsing import sources
from kb_builder.support.channel_text import CHANNELS, LIMITS, size
from kb_builder.system import source_files

FOLDER: Final = "content/replies"
PLACEHOLDERS: Final = ("greeting", "opening", "answer", "steps", "trend", "link", "closing", "agent")
_SLOT: Final = re.compile(r"\{([^{}\n]*)\}")
_SUBJECT: Final = re.compile(r"subject:\s*", re.IGNORECASE)
_SMS_ROOM: Final = 160
_NAME: Final = re.compile(r"([a-z]+)(?:\.([a-z]{2}(?:-[a-z]{2})?))?\.txt", re.IGNORECASE)

_DEFAULTS: Final = {
    "sms": "{answer} {trend} {link}",
    "twitter": "{opening} {trend} {answer} {link}",
    "facebook": "{opening} {trend} {answer}\n\nYou can read all of it here:\n{link}",
    "chat": "{greeting}\n{opening} {trend} {answer}\n\nYou can read all of it here:\n{link}",
    "email": (
        "{greeting}\n\n{opening} {trend} {answer}\n\n{steps}\n\nYou can read all of it here:\n{link}\n\n{closing}"
    ),
    "phone": (
        "{greeting} {opening} {trend} {answer}\n\n"
        "Shall I send you this as a text message, so that you have the link?\n{link}"
    ),
}


@dataclass(frozen=True, slots=True)
class Template:
    """The text of a reply with placeholders. ``subject`` is for e-mail; empty means: about the title of the article."""

    text: str
    subject: str = ""

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with ``values`` for placeholders. A line of which every placeholder is empty is left out."""
        lines = list(filter(None, (_line(line, values) for line in self.text.split("\n"))))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines).replace(_BLANK, "")).strip()

    def fill_subject(self, values: Mapping[str, str]) -> str:
        """The subject of an e-mail with ``values`` for placeholders, on one line."""
        return _line(self.subject, values).replace(_BLANK, "").strip()


_BLANK: Final = "\0"
"""Stands for an empty line of a template, in contrast to one that is left out."""


def _line(line: str, values: Mapping[str, str]) -> str:
    if not line.strip():
        return _BLANK
    names = [match[1].strip() for match in _SLOT.finditer(line)]
    if names and not any(values.get(name) for name in names):
        return ""
    filled = _SLOT.sub(lambda match: values.get(match[1].strip(), ""), re.sub(r" +", " ", line))
    # Spaces around an empty placeholder; the values keep their line breaks.
    return re.sub(r"(?<=\S) {2,}(?=\S)", " ", filled).strip(" ")


def default_templates(word: Callable[[str], str]) -> dict[str, Template]:
    """The shipped templates, with their sentences in the language of ``word``."""
    return {
        channel: Template("\n".join(word(line) if _SLOT.sub("", line).strip() else line for line in text.split("\n")))
        for channel, text in _DEFAULTS.items()
    }


def read_templates(root: Path, language: str, word: Callable[[str], str]) -> dict[str, Template]:
    """Channel → template in ``language``, a code such as ``en``: the team's own where there is one.

    ``<channel>.<language>.txt`` comes before ``<channel>.txt``. Raises InputError with the findings of a template that
    can't be used.
    """
    templates = default_templates(word)
    own: dict[str, dict[str, Template]] = {}
    findings: list[Finding] = []
    for path, channel, code in _files(root, findings):
        template = parse_template(sources.read(root, path), path, channel, findings)
        own.setdefault(code, {})[channel] = template
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise InputError.of(findings)
    return {**templates, **own.get("", {}), **own.get(language, {})}


def templates_without(root: Path, language: str) -> Iterator[tuple[str, str]]:
    """Path and channel of each of the :func:`worded_templates` that there is none of for ``language``."""
    there = {channel for _, channel, code in _files(root, []) if code == language.lower()}
    return ((path, channel) for path, channel in worded_templates(root) if channel not in there)


def worded_templates(root: Path) -> Iterator[tuple[str, str]]:
    """Path and channel of each template that has words of its own for every language."""
    for path, channel, code in _files(root, []):
        if not code and any(map(str.isalpha, _SLOT.sub("", sources.read(root, path)))):
            yield path, channel


def template_findings(root: Path) -> tuple[Finding, ...]:
    """Findings in the team's own templates."""
    findings: list[Finding] = []
    for path, channel, _ in _files(root, findings):
        try:
            parse_template(sources.read(root, path), path, channel, findings)
        except InputError as error:
            findings += sources.findings_of(error, "unusable")
    return tuple(findings)


def _files(root: Path, findings: list[Finding]) -> Iterator[tuple[str, str, str]]:
    """Path, channel and language of each template; the language is empty for every language."""
    if not (root / FOLDER).is_dir():
        return
    for path in source_files.walk(root, FOLDER).paths:
        name = path.rpartition("/")[2]
        match = _NAME.fullmatch(name)
        if match and match[1].lower() in CHANNELS:
            yield path, match[1].lower(), (match[2] or "").lower()
            continue
        near = nearest(name.partition(".")[0].lower(), CHANNELS)
        hint = f'did you mean "{near}.txt"?' if near else f"templates are named {', '.join(CHANNELS)} and .txt"
        message = f'"{name}" is not the template of a channel'
        findings.append(Finding(path, 0, "unknown-template", Severity.WARNING, message, hint))


def parse_template(text: str, path: str, channel: str, findings: list[Finding]) -> Template:
    """The template in ``text``, the content of the file ``path``. Problems are added to ``findings``."""

    def add(line: int, code: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> None:
        findings.append(Finding(path, line, code, severity, message, hint))

    lines = text.split("\n")
    subject = ""
    if match := _SUBJECT.match(lines[0]):
        if channel != "email":
            add(1, "bad-template", f"a reply on the channel {channel} has no subject", "take out the line Subject:")
        subject, lines[0] = lines[0][match.end() :].strip(), ""
    known = f"placeholders: {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}"
    used: set[str] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        for slot in _SLOT.finditer(line):
            name = slot[1].strip()
            used.add(name)
            if name not in PLACEHOLDERS:
                near = nearest(name, PLACEHOLDERS)
                hint = f"did you mean {{{near}}}?" if near else known
                add(number, "unknown-placeholder", f"unknown placeholder {{{clip(name, 40)}}}", hint)
        if re.search(r"[{}]", _SLOT.sub("", line)):
            add(number, "unknown-placeholder", "an unmatched brace", known)
    body = "\n".join(lines).strip("\n")
    if not body.strip():
        add(
            1, "empty-template", "the template is empty", "write the reply with {answer} and {link}, or delete the file"
        )
    elif "answer" not in used:
        add(1, "bad-template", "the template has no {answer}", "put {answer} where the answer belongs")
    elif "link" not in used:
        message = "the template has no {link}: customers can't read more or pass it on"
        add(1, "bad-template", message, "put {link} at the end", Severity.WARNING)
    length = size(_SLOT.sub("", body), channel).length
    if length > (limit := LIMITS.get(channel, _SMS_ROOM)):
        hint = "leave room for the answer and the link"
        add(1, "long-template", f"its own text takes {length} of the {limit} characters of {channel}", hint)
    return Template(body, subject)
