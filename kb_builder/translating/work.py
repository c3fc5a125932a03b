"""An article as work for a translator, and what comes back as a translation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from kb_builder.errors import Finding, InputError, Severity, clip, counted
from kb_builder.system.cache_keys import hash_of
from kb_builder.translating import documents
from kb_builder.translating.documents import Document
from kb_builder.translating.inline_codes import Token, changed_codes, joined, plain_tokens, slot_tokens, tokens
from kb_builder.translating.names import Names
from kb_builder.translating.segments import Piece, segments, with_segments
from kb_builder.translating.units import Unit, Work

_NOTES: Final = {
    "title": "title, at most 65 characters",
    "nav_title": "shorter title for lists",
    "description": "what search engines show, at most 160 characters",
    "answer": "the short answer, at most 300 characters",
    "summary": "an announcement in one sentence",
    "must_say": "a sentence of the answer, word for word",
    "asked_as": "how customers put it; searched, not shown",
    "replies": "reply on this channel",
    "action": "label of a button",
    "heading": "heading",
    "text": "paragraph",
    "item": "list item",
    "cell": "table cell",
    "segments": "name of a group of customers",
    "links": "label of a link on every page",
    "channels": "how a way to contact us is called, or what it costs",
    "phone": "why there is no telephone",
    "template": "a reply; what is in braces is filled in",
}
_CODES: Final = {"answer": tokens, "must_say": tokens, "template": slot_tokens}
"""How inline codes are found in header texts that may have links and code, and in templates."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A source file and its translation; ``existing`` is empty if there is none."""

    id: str
    path: str
    language: str
    target: str
    """Path of the translation."""
    target_language: str
    revision: str
    source: Document
    existing: Document | None = None
    text: str = ""
    """Of the translation."""
    names: Names | None = None
    """Where the words of a settings file are."""

    @property
    def digest(self) -> str:
        """Changes with the translation's file, or with the words of a settings file; empty if there is none."""
        if self.names:
            return hash_of(*(f"{name}\0{word}" for name, word in sorted(self.names.there.items())))[:10]
        return hash_of(self.text)[:10] if self.existing else ""


def work_of(pair: Pair) -> tuple[Work, int]:
    """The work for a translator, and the number of segments of the translation that have no place in it."""
    old = pair.existing
    units = []
    for name, text in pair.source.fields.items():
        key = name.partition(".")[0]
        parts = _CODES.get(key, plain_tokens)
        units.append(_unit(name, _NOTES[key], text, old.fields.get(name) if old else None, parts))
    there = segments(pair.source.body)
    here = segments(old.body) if old else ()
    aligned = _aligned(there, here)
    units += (
        _unit(f"body.{number}", _NOTES.get(piece.kind, "title of a box"), piece.text, found, tokens)
        for number, (piece, found) in enumerate(zip(there, aligned, strict=True), start=1)
    )
    state = "translated" if old and old.translated_from == pair.revision else "needs-review-translation"
    made = Work(
        pair.id, pair.path, pair.language, pair.target_language, pair.revision, pair.digest, tuple(units), state
    )
    return made, len(here) - sum(found is not None for found in aligned)


def _unit(id: str, note: str, text: str, target: str | None, parts: Callable[[str], list[Token]]) -> Unit:
    return Unit(id, note, tuple(parts(text)), None if target is None else tuple(parts(target)))


def _aligned(there: Sequence[Piece], here: Sequence[Piece]) -> list[str | None]:
    """For each segment of a source the text of its translation, where sections are built the same way."""
    found: list[str | None] = []
    mine, theirs = _sections(there), _sections(here)
    for number, section in enumerate(mine):
        other = theirs[number] if len(mine) == len(theirs) else []
        same = [piece.kind for piece in section] == [piece.kind for piece in other]
        found += [piece.text for piece in other] if same else [None] * len(section)
    return found


def _sections(found: Sequence[Piece]) -> list[list[Piece]]:
    sections: list[list[Piece]] = [[]]
    for piece in found:
        if piece.kind == "heading":
            sections.append([])
        sections[-1].append(piece)
    return sections


def applied(pair: Pair, work: Work, where: str) -> str:
    """The text of the translation. Raises InputError with a finding for everything in ``work`` that can't be used.

    ``where`` is the XLIFF file. What the pair's translation has beside the work's words stays as it is. Either file
    may have been edited since the export: that is an error, unless the translation has these words already.
    """
    if work.revision != pair.revision:
        hint = "export it again; a translator's tool fills in what is the same"
        raise _conflict(f"{pair.path} has changed since it was exported", hint, work, where)
    wanted = {unit.id: unit for unit in work_of(pair)[0].units}
    given = {unit.id: unit for unit in work.units}
    if pair.existing and _as_it_was(wanted, given):
        return pair.text
    findings = [*_differences(wanted, given, work, where), *_untranslated(pair, wanted, given, work, where)]
    bodies = [given[name] for name in wanted if name.startswith("body.") and name in given]
    texts = [joined(unit.target or ()).strip(" \t\n") for unit in bodies]
    old = pair.existing
    base = old.body if old and _kinds(old.body) == _kinds(pair.source.body) else pair.source.body
    if not findings:
        findings += _restructured(base, bodies, texts, where)
    if findings:
        raise InputError.of(findings)
    text = _translation(pair, work, given, with_segments(base, texts))
    if work.digest != pair.digest and text != pair.text:
        hint = "export it again; or move that file away, to take the imported one"
        raise _conflict(f"{pair.target} has changed since it was exported, and is kept", hint, work, where)
    return text


def _translation(pair: Pair, work: Work, given: dict[str, Unit], body: str) -> str:
    if pair.names:
        return pair.names.with_words(
            {name: joined(unit.target or ()) for name, unit in given.items() if not unit.untouched}
        )
    fields = dict(pair.existing.fields) if pair.existing else {}
    fields |= {
        name: joined(unit.target)
        for name, unit in given.items()
        if unit.target is not None and not name.startswith("body.")
    }
    if pair.existing is None:
        return documents.new(fields, body, pair.source.action, work.revision, pair.source.kind)
    existing = replace(pair.existing, action=pair.existing.action or pair.source.action)
    return documents.edited(pair.text, pair.target, existing, fields, body, work.revision)


def _conflict(problem: str, hint: str, work: Work, where: str) -> InputError:
    return InputError.of([Finding(where, work.line, "translation-conflict", Severity.ERROR, problem, hint)])


def _kinds(body: str) -> list[str]:
    return [piece.kind for piece in segments(body)]


def _as_it_was(wanted: dict[str, Unit], given: dict[str, Unit]) -> bool:
    """Whether a translation that waits for a translator came back with the words that it had."""
    had = {name: joined(unit.target or ()) for name, unit in wanted.items()}
    has = {name: joined(unit.target or ()) for name, unit in given.items()}
    return had == has and any(unit.review for unit in given.values())


def _untranslated(
    pair: Pair, wanted: dict[str, Unit], given: dict[str, Unit], work: Work, where: str
) -> Iterator[Finding]:
    """One error for the segments that a translator left out; words of the header may be missing."""
    whole = pair.names is not None and pair.names.whole
    needed = (
        given[name] for name in wanted if name in given and (whole or name == "title" or name.startswith("body."))
    )
    if left := [unit for unit in needed if unit.target is None]:
        lacking = counted(len(left), "segment", "has", "have")
        message = f'{lacking} no translation in "{work.id}", the first is "{left[0].id}"'
        yield _problem(where, left[0].line, message, "translate every segment")


def _kept(base: str, texts: Sequence[str]) -> bool:
    """Whether ``texts`` in the places of the segments of ``base`` are read as the same kinds of segments."""
    made = [(piece.kind, piece.text) for piece in segments(with_segments(base, texts))]
    return made == list(zip(_kinds(base), texts, strict=True))


def _differences(wanted: dict[str, Unit], given: dict[str, Unit], work: Work, where: str) -> Iterator[Finding]:
    problem = partial(_problem, where)
    again = "export the file again, and translate that"
    for name in wanted.keys() - given.keys():
        yield problem(work.line, f'the segment "{name}" of {work.path} is missing', again)
    for name, unit in given.items():
        if name not in wanted:
            yield problem(unit.line, f'{work.path} has no segment "{name}"', again)
        elif joined(unit.source) != joined(wanted[name].source):
            yield problem(unit.line, f'the source of the segment "{name}" was changed', again)
        elif unit.target is not None:
            lost, added = changed_codes(wanted[name].source, unit.target)
            # The end of a link says which one it is.
            for code in [code for code in (*lost, *added) if not code.endswith("[")] or (*lost, *added):
                message = f'the segment "{name}" {"lacks the" if code in lost else "has an extra"} code {clip(code)}'
                yield problem(unit.line, message, "keep every code of the source, each once")


def _restructured(base: str, units: Sequence[Unit], texts: Sequence[str], where: str) -> Iterator[Finding]:
    """The segments that Markdown would read as something else than their sources."""
    if _kept(base, texts):
        return
    own = [piece.text for piece in segments(base)]
    for number, (unit, text) in enumerate(zip(units, texts, strict=True)):
        if not _kept(base, [*own[:number], text, *own[number + 1 :]]):
            message = f'the segment "{unit.id}" would be read as something else than its source: “{clip(text)}”'
            hint = (
                "a mark of Markdown begins or breaks it: put a backslash before the mark, or write the text on one line"
            )
            yield _problem(where, unit.line, message, hint)
            return
    message = "the segments together would be read as something else than their sources"
    yield _problem(where, units[0].line if units else 0, message, "look for marks of Markdown in them")


def _problem(where: str, line: int, message: str, hint: str) -> Finding:
    return Finding(where, line, "bad-xliff", Severity.ERROR, message, hint)
