"""Incidents and notices of ``content/announcements``, each with a start and, best, an end."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from kb_builder.content import frontmatter, languages, revisions, staff_notes
from kb_builder.content.placeholders import placeholders
from kb_builder.errors import Finding, InputError, Severity, in_order
from kb_builder.model import Announcement, AnnouncementSeverity, Audience
from kb_builder.parsing import dates, sources
from kb_builder.parsing.fields import Flag, Line, Moment, SlugList, TextList, slug
from kb_builder.parsing.schemas import Schema, validate
from kb_builder.parsing.strict_yaml import Mapping, Node, load
from kb_builder.system import source_files

FOLDER: Final = "content/announcements"
_DATED: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(-|$)", re.ASCII)


class AnnouncementHeader(Schema):
    """Every key an announcement's header may have."""

    subject: ClassVar[str] = "the header"
    title: Line
    severity: AnnouncementSeverity = "info"
    start: Moment | None = None
    end: Moment | None = None
    updated: Moment | None = None
    segments: SlugList = ()
    summary: Line = ""
    asked_as: TextList = ()
    replies: frontmatter.Replies = frontmatter.Replies()
    audience: Audience = "public"
    draft: Flag = False
    translated_from: Line = ""


def read_announcements(
    root: Path, *, zone: ZoneInfo, declared: Sequence[str] = ()
) -> tuple[tuple[Announcement, ...], tuple[Finding, ...]]:
    """Every announcement of the project in ``root``, sorted by path, translations included; those with errors are left
    out.

    ``zone`` is the zone of local times without one, ``declared`` are the languages as for articles.
    """
    walk = source_files.walk(root, FOLDER)
    findings = list(walk.findings)
    files = {path: languages.split_name(path, declared) for path in walk.paths if path.lower().endswith(".md")}
    findings += languages.undeclared(files, declared)
    findings += languages.doubly_translated(files) if declared else ()
    in_source_language = {base for base, code in files.values() if not code}
    announcements: dict[str, Announcement] = {}
    found: dict[str, Announcement] = {}
    # Sources come first: a translation takes over what it doesn't say.
    for path, (base, code) in sorted(files.items(), key=lambda item: (bool(item[1][1]), item[0])):
        if code and base not in in_source_language:
            findings.append(languages.without_source(path, base, in_source_language))
            continue
        if code and base not in found:
            continue  # The error of its source is among the findings.
        try:
            made, advice = parse_announcement(path, sources.read(root, path), zone=zone, source=found.get(base))
        except InputError as error:
            findings += error.findings
            continue
        findings += advice
        if code:
            found[path] = replace(made, language=code)
            findings += revisions.changed_since(path, made.translated_from, found[base], base)
            continue
        other = announcements.setdefault(made.slug, made)
        if other is made:
            found[base] = made
        else:
            message = f"would be published at /{made.url}, like {other.path}"
            findings.append(Finding(path, 0, "url-clash", Severity.ERROR, message, "rename one of the two"))
    return tuple(sorted(found.values(), key=lambda item: item.path)), in_order(findings)


def parse_announcement(
    path: str, text: str, *, zone: ZoneInfo, source: Announcement | None = None
) -> tuple[Announcement, tuple[Finding, ...]]:
    """The announcement in the file ``path``, with advice. Raises InputError with every finding.

    A translation has a ``source``, from which it takes what it doesn't say.
    """
    header_text, body, body_line = frontmatter.split(text, path)
    for_staff = staff_notes.split(body, path, body_line)
    if for_staff.private:
        message, hint = "an announcement has no blocks for staff", "write one for staff, with audience: staff"
        raise InputError.of([Finding(path, body_line, "staff-in-announcement", Severity.ERROR, message, hint)])
    if for_staff.findings:
        raise InputError.of(for_staff.findings)
    node = load(header_text, path, first_line=2, with_mistakes=True)
    header, findings = validate(node, AnnouncementHeader, path, context={"zone": zone})
    stem = str(PurePosixPath(path).relative_to(FOLDER).with_suffix(""))
    start = header.start or (source.start if source else _named_start(stem, path, zone))
    if header.end is None and source is None:
        message = "the announcement has no end date and stays until it is removed"
        hint = "add end: the date and time at which it is taken down"
        findings += (Finding(path, 1, "no-end", Severity.NOTE, message, hint),)
    elif header.end is not None and header.end <= start:
        line = node.line_of("end") if isinstance(node, Mapping) else 1
        hint = "a date without a time means its first moment: to include the day, write the date after it"
        raise InputError.of([Finding(path, line, "dates-reversed", Severity.ERROR, "it ends before it starts", hint)])
    if not header.draft and (unfinished := tuple(_unfinished(header, node, body, path, body_line))):
        raise InputError.of((*findings, *unfinished))
    words = "\0".join((header.title, header.severity, header.summary, body))
    made = Announcement(
        slug=slug(stem) or hashlib.sha256(stem.encode()).hexdigest()[:8],
        path=path,
        title=header.title,
        severity=header.severity,
        start=start.astimezone(zone),
        end=header.end.astimezone(zone) if header.end else None,
        body=body,
        body_line=body_line,
        version=hashlib.sha256(words.encode()).hexdigest()[:8],
        segments=header.segments,
        audience=header.audience,
        draft=header.draft,
        summary=header.summary,
        asked_as=header.asked_as,
        replies=tuple((channel, text) for channel, text in header.replies if text),
        updated=header.updated.astimezone(zone) if header.updated else None,
        summary_line=node.line_of("summary") if isinstance(node, Mapping) and header.summary else 1,
        translated_from=header.translated_from,
    )
    if source is not None:
        said = {key.text for key, _ in node.entries} if isinstance(node, Mapping) else ()
        made = languages.translated_notice(made, source, said)
    return made, findings


def parse_header(text: str, path: str, *, zone: ZoneInfo) -> AnnouncementHeader:
    """The header of the file ``path`` alone. Raises InputError with every finding."""
    node = load(frontmatter.split(text, path).header, path, first_line=2)
    return validate(node, AnnouncementHeader, path, context={"zone": zone})[0]


def _unfinished(header: AnnouncementHeader, node: Node, body: str, path: str, body_line: int) -> Iterator[Finding]:
    """Errors for what ``kb new announcement`` left to write."""
    yield from placeholders(body, path, body_line)
    if not header.summary and isinstance(node, Mapping) and node.get("summary") is not None:
        hint = "write the summary in one sentence, or remove the line"
        yield Finding(path, node.line_of("summary"), "empty-summary", Severity.ERROR, "the summary is empty", hint)


def _named_start(stem: str, path: str, zone: ZoneInfo) -> datetime:
    """The start of the day in the file's name."""
    match = _DATED.match(PurePosixPath(stem).name)
    try:
        if match:
            return dates.parse_moment(match[1], zone)
        problem, hint = '"start" is missing', "add start: the date and time from which it is shown"
    except InputError as error:
        problem, hint = f"the file name {error.problem}", error.hint
    raise InputError.of([Finding(path, 1, "missing-key", Severity.ERROR, problem, hint)])
