"""Commands for translations: ``translate status``, ``export``, ``import``, ``mark`` and ``new``."""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kb_builder.commands.cli_shared import (
    Common,
    common_options,
    open_project,
    open_search,
    option,
    print_json,
    standings_of,
)
from kb_builder.commands.terminal import say
from kb_builder.errors import Finding, InputError, counted
from kb_builder.translating.status import STATES, Standing, other_standings

if TYPE_CHECKING:
    from kb_builder.pipeline.project import Project
    from kb_builder.translating.files import Files

LIMIT: Final = 256 * 1024 * 1024
to_option = option("--to", metavar="LANGUAGE", required=True, help="The language, as mkdocs.yml declares it.")


@click.group()
def translate() -> None:
    """Keep translations complete and up to date."""


@translate.command()
@common_options()
def status(common: Common) -> None:
    """Say what is missing, stale or up to date in each language.

    What customers ask about most now comes first. Below are names, announcements and links without a translation.
    """
    project = open_project(common)
    files = _files(project)
    found = standings_of(open_search(project, common.mentions))
    others = _others(project)
    if common.as_json:
        standing = {"translations": [*map(asdict, found)], "announcements_and_topics": [*map(asdict, others)]}
        names = {code: files.incomplete(code) for code in files.languages[1:]}
        rest = {code: [*map(asdict, _untranslated(project, code))] for code in files.languages[1:]}
        print_json({"languages": list(files.languages), **standing, "names": names, "other": rest})
        return
    if len(files.languages) < 2:
        say("this help centre has one language; mkdocs.yml declares others: languages: [en, de]")
    for language in files.languages[1:]:
        _print_language(language, [one for one in found if one.language == language])
        for one in others:
            # Missing translations are printed below.
            if one.language == language and one.state in ("stale", "kept in"):
                say(f"  {one.state:<8}  {one.translation or one.path}")
        for finding in _untranslated(project, language):
            say(f"  other     {finding.path}: {finding.message}")


def _untranslated(project: "Project", language: str) -> Iterable[Finding]:
    """Findings of other texts that are missing in a language that has a help centre."""
    from kb_builder.pipeline.project import untranslated

    return (finding for one in project.languages[1:] if one.language == language for finding in untranslated(one))


def _print_language(language: str, found: list[Standing]) -> None:
    counts = Counter(one.state for one in found)
    say(f"{language}: " + ", ".join(f"{counts[state]:,} {state}" for state in STATES if counts[state]))
    for one in found:
        if one.state != "up to date":
            asked = f", asked about by {counted(one.asked, 'customer')} in four weeks" if one.asked else ""
            missing = "; an important change is missing" if one.important else ""
            say(f"  {one.state:<8}  {one.translation or one.path}{asked}{missing}")


@translate.command()
@click.argument("ids", metavar="[ID]...", nargs=-1)
@to_option
@option("--format", "format_", type=click.Choice(["xliff"]), default="xliff", show_default=True, help="XLIFF 1.2.")
@option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; standard output without it.")
@common_options(json=False)
def export(common: Common, ids: tuple[str, ...], to: str, format_: str, output: Path | None) -> None:  # noqa: ARG001
    """Write what is missing or stale in a language for a translator's tool.

    Articles, announcements that are shown now or later, topics, and words of settings: names of segments, labels of
    links, what is said of channels, reply templates. ID names articles, or files of the others, to write in any case.
    Translations that exist are in the file. Send it to a translator, and read what comes back with kb translate import.
    Blocks for staff are not in it.
    """
    _need_xliff()
    from kb_builder.system import filesystem
    from kb_builder.translating import xliff
    from kb_builder.translating.work import work_of

    project = open_project(common)
    files = _files(project)
    language = files.language(to)
    found = (*standings_of(open_search(project, common.mentions)), *_others(project))
    needed = ids or [
        *(one.id for one in found if one.language == language and one.state in ("missing", "stale")),
        *files.incomplete(language),
    ]
    if not needed:
        say(f"everything is translated into {language} and up to date", err=True)
        return
    works = []
    for id in dict.fromkeys(needed):
        pair = files.pair(files.source(id), language)
        work, lost = work_of(pair)
        works.append(work)
        if lost:
            what = counted(lost, "segment")
            say(f"{pair.target}: {what} of its own are not in the file; an import leaves them out", err=True)
    data = xliff.write(works)
    if output is None:
        sys.stdout.buffer.write(data)
        return
    filesystem.save(output, data)
    segments = sum(len(work.units) for work in works)
    say(f"{output}: {counted(len(works), 'text')}, {counted(segments, 'segment')}")


@translate.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@common_options(mentions=False)
def import_translations(common: Common, file: Path) -> None:
    """Read what a translator sends back.

    A text is written whole or not at all; those without any translation are counted. A file that was edited since the
    export is never overwritten.
    """
    _need_xliff()
    from kb_builder.system import source_files
    from kb_builder.translating import xliff

    works = xliff.read(source_files.read_named(file, limit=LIMIT), str(file))
    files = _files(open_project(common))
    written, untouched, findings = files.write_all(works, str(file))
    same = len(works) - len(written) - untouched - len({finding.line for finding in findings})
    if common.as_json and not findings:
        print_json({"written": written, "unchanged": same, "not_translated": untouched})
    elif not common.as_json:
        for path in written:
            say(path)
        if same > 0 and not findings:
            say(f"{counted(same, 'translation')} unchanged")
        if untouched:
            say(f"{counted(untouched, 'text')} not translated yet")
    if findings:
        raise InputError.of(findings)


@translate.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@option("--to", metavar="LANGUAGE", help="The language whose translation is up to date.")
@option("--important", is_flag=True, help="The last change of the source is one that readers have to know.")
@common_options(mentions=False, json=False)
def mark(common: Common, ids: tuple[str, ...], to: str | None, important: bool) -> None:
    """Say that a translation is up to date, or that a change is important.

    \b
    kb translate mark track-order --to de
    kb translate mark track-order --important
    """
    if not to and not important:
        raise InputError("it is not clear what to mark", hint="give --to LANGUAGE, or --important for the source")
    files = _files(open_project(common))
    language = files.language(to) if to else ""
    for id in ids:
        if important:
            say(files.mark_important(id))
        if language:
            say(files.mark(id, language))


@translate.command("new")
@click.argument("id", metavar="ID")
@to_option
@common_options(mentions=False, json=False)
def new_translation(common: Common, id: str, to: str) -> None:
    """Begin the translation of an article, a draft with the words of its source."""
    files = _files(open_project(common))
    path = files.start(id, files.language(to))
    say(f"{path}\n  a draft: translate its words, and take the line draft: true out")


def _others(project: "Project") -> tuple[Standing, ...]:
    """Announcements and topics in every language but that of the sources."""
    shown = {category.path for category in project.public.categories}
    topics = [category for category in project.reading.contents.categories if category.path in shown]
    return other_standings(project.reading.announcements, topics, project.settings.languages[1:], project.now)


def _files(project: "Project") -> "Files":
    from kb_builder.content.contact import PATH as CONTACT
    from kb_builder.mentions.settings import PATH as TRENDING_FILE
    from kb_builder.support.templates import worded_templates
    from kb_builder.translating.files import Files
    from kb_builder.translating.names import Settings

    settings, contents = project.settings, project.reading.contents
    languages = settings.languages or (settings.language,)
    config = Path(settings.config_file)
    inside = (config.relative_to(settings.root).as_posix(),) if config.is_relative_to(settings.root) else ()
    shared = (TRENDING_FILE, *inside)
    others = (CONTACT, *(path for path, _ in worded_templates(settings.root)))
    found = [*(Settings(path, shared=True) for path in shared), *map(Settings, others)]
    return Files(
        settings.root, contents.articles, contents.translations, languages, project.zone, settings.options.ignore_keys,
        project.reading.announcements, contents.categories,
        [one for one in found if (settings.root / one.path).exists()],
    )  # fmt: skip


def _need_xliff() -> None:
    try:
        import kb_builder.translating.xliff  # noqa: F401
    except ImportError:
        hint = 'pip install "kb-builder[translate]"'
        raise InputError("XLIFF needs a library that is not installed", hint=hint) from None
