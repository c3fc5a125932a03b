"""Commands for support staff: search, trends, replies, reports."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kb_builder.commands.cli_shared import (
    Common,
    common_options,
    language_option,
    limit_option,
    open_project,
    open_site,
    open_trends,
    option,
    print_json,
    progress_bars,
    standings_of,
)
from kb_builder.commands.terminal import say
from kb_builder.errors import InputError, counted
from kb_builder.mentions.warehouse import Per, counting_statement
from kb_builder.support import macros
from kb_builder.support.channel_query import channel_of
from kb_builder.support.channel_text import CHANNELS, SMS_PARTS
from kb_builder.support.choice import Choice
from kb_builder.support.posts import POST_CHANNELS
from kb_builder.support.reply import LONGEST_NAME, Reply, clean_name, reply
from kb_builder.system import filesystem

if TYPE_CHECKING:
    from kb_builder.pipeline.desk import Desk
    from kb_builder.pipeline.trends import Trends

_LONGEST_QUERY: Final = 1_000
"""Characters: Whoosh looks for each of its signs at every place of a query."""


@click.command()
@click.argument("words", nargs=-1, required=True)
@limit_option
@language_option
@option("--segment", default="", help="As customers who chose this segment: what is pinned for it is lifted as well.")
@common_options()
def search(common: Common, words: tuple[str, ...], limit: int, language: str, segment: str) -> None:
    """Search as customers do: the browser's results.

    What is pinned now is lifted a little.
    """
    project = open_project(common, warn=True)
    trends = open_trends(project, common.mentions)
    index = trends.search.in_language(language)
    found = index.reader.search(" ".join(words), limit=limit, pinned=trends.lifted(index, segment))
    channel = channel_of(" ".join(words), index.project.contact.channels, index.project.settings.language)
    shown: dict[str, object] = {"query": found.query, "corrected": found.corrected}
    lines = []
    if channel:
        shown["channel"] = {"kind": channel.kind, "label": channel.label, "address": channel.address}
        lines.append(f"{channel.label}: {channel.address}")
    if found.corrected:
        lines.append(f"Showing results for “{found.corrected}”.")
    results = []
    for place, hit in enumerate(found.hits, start=1):
        url = index.project.folder + hit.url
        names = ("id", "title", "url", "section", "excerpt", "score", "confidence")
        results.append({name: getattr(hit, name) for name in names} | {"url": url})
        anchor = f"#{hit.section}" if hit.section else ""
        lines.append(f"{place:>2}. {hit.title}  [{hit.id}]\n    {url}{anchor}\n    {hit.excerpt}")
    none = f"Nothing found for “{found.query}”."
    common.show({**shown, "results": results}, "\n".join(lines if found.hits else [*lines, none]))


@click.command()
@click.argument("query", nargs=-1, required=True)
@limit_option
@language_option
@common_options(mentions=False)
def find(common: Common, query: tuple[str, ...], limit: int, language: str) -> None:
    """Search all articles, staff-only ones included.

    QUERY is Whoosh's query language: title:refund AND "30 days", audience:staff, refund*
    """
    from kb_builder.pipeline.staff_index import staff_index

    project = open_project(common, staff=True, warn=True)
    asked = " ".join(query)
    if len(asked) > _LONGEST_QUERY:
        raise InputError(f"the query has {len(asked):,} characters", hint=f"{_LONGEST_QUERY} are read at most")
    found = staff_index(project.in_language(language)).find(asked, limit=limit)
    lines = [f"Did you mean “{found.corrected}”?"] if found.corrected else []
    hits = enumerate(found.hits, start=1)
    lines += (f"{place:>2}. {hit.title}  [{hit.id}]\n    {hit.url}\n    {hit.highlight}" for place, hit in hits)
    lines += [] if found.hits else [f"Nothing found for “{asked}”."]
    common.show(asdict(found), "\n".join(lines))


@click.command()
@option("--history", type=click.IntRange(0, 400), default=0, help="Also the pins of each of the last N days.")
@option("--history-hours", type=click.IntRange(0, 2400), default=0, help="Also the pins of each of the last N hours.")
@option("--sql", "dialect", metavar="DIALECT", help="Print the counting statement for postgres, bigquery, spark…")
@option("--per", type=click.Choice(["day", "hour", "reply"]), help="With --sql: what to count; by day unless given.")
@option("--post", type=click.Choice(POST_CHANNELS), help="A text ready to publish for each pin and segment.")
@option("--segment", default="", help="With --post: only what is pinned for this segment, or all.")
@common_options()
def trends(
    common: Common, history: int, history_hours: int, dialect: str | None, per: Per | None, post: str | None,
    segment: str,
) -> None:  # fmt: skip
    """Show what is pinned today, why, and until when."""
    from kb_builder.support import trend_report
    from kb_builder.trends.pin_finder import ALL

    if per and not dialect:
        raise InputError("--per goes with --sql", hint="kb trends counts by days and hours")
    if dialect:
        zone = open_project(common).zone
        say(counting_statement(dialect, zone.key, per or "day"))
        return
    with progress_bars(common.as_json) as progress:
        project = open_project(common, progress=progress, warn=True)
        current = open_trends(project, common.mentions)
        if segment and not post:
            raise InputError("--segment goes with --post", hint="kb trends shows every segment")
        if segment not in ("", ALL):
            current.check_segment(segment)
        found = current.with_history(history, history_hours)
        articles = {article.id: article for article in project.public.articles}
    if common.as_json:
        print_json(trend_report.to_json(found, articles, project.settings.url, _desk(current).post))
    elif post:
        say(trend_report.posts(found, post, _desk(current).post, segment) or "Nothing is pinned; kb trends says why.")
    else:
        say(trend_report.text(found, articles))


@click.command()
@common_options()
def gaps(common: Common) -> None:
    """Show questions of many customers that no article answers. For staff."""
    from kb_builder.support import trend_report

    with progress_bars(common.as_json) as progress:
        project = open_project(common, progress=progress, warn=True)
        found = open_trends(project, common.mentions).current.gaps
    common.show({"gaps": [asdict(gap) for gap in found]}, trend_report.gaps_text(found))


def _desk(trends: "Trends", language: str = "") -> "Desk":
    """The desk that writes replies in a language, or in that of the sources without one.

    It is made without the site: to load what makes pages takes as long as the rest of a reply whose parts are stored.
    """
    from kb_builder.pipeline.desk import Desk
    from kb_builder.pipeline.theme import Theme

    search = trends.search.in_language(language)
    source = Theme(trends.project.settings)
    theme = source if search is trends.search else Theme(search.project.settings, source)
    return Desk(search, lambda: trends.for_all, theme.language, source.language)


@click.command("reply")
@click.argument("words", nargs=-1, required=True)
@option("--channel", type=click.Choice(CHANNELS), required=True, help="Where the reply is sent.")
@option("--name", default="", help="The customer's name, for the greeting.")
@option("--agent", default="", help="Your name, for the closing.")
@option("--opening", type=click.Choice(["auto", "none"]), default="auto", help="none leaves out the opening sentence.")
@option("--parts", type=click.IntRange(1, SMS_PARTS), default=None, help="The most parts of a text message.")
@option("--section", default="", metavar="ANCHOR", help="Answer with this section of the article.")
@language_option
@common_options()
def reply_command(
    common: Common, words: tuple[str, ...], channel: str, name: str, agent: str, opening: str, parts: int | None,
    section: str, language: str,
) -> None:  # fmt: skip
    """Write a reply with the answer, sized for its channel.

    WORDS is the id of an article, or what a customer would say: kb reply where is my parcel --channel sms
    """
    project = open_project(common, warn=True)
    desk = _desk(open_trends(project, common.mentions), language)
    choice = desk.choose(words)
    found = {"confidence": choice.confidence, "candidates": [asdict(candidate) for candidate in choice.candidates]}
    if choice.article is None:
        if common.as_json:
            empty = Reply("", channel, "", 0, 0, "")
            print_json({**asdict(empty), "id": None, **found})
        else:
            say(_unsure(" ".join(words), choice), err=True)
        sys.exit(1)
    source = desk.source(choice.article, opening=opening != "none")
    made = reply(source, channel, section=section, name=name, agent=agent, parts=parts or 0)
    for given, what in ((name, "the customer's name"), (agent, "your name")):
        if given.strip() and not clean_name(given):
            say(f"{what} was left out: it is longer than {LONGEST_NAME} characters", err=True)
    if common.as_json:
        print_json({**asdict(made), **found})
        return
    if made.subject:
        say(f"Subject: {made.subject}\n")
    say(made.text)
    messages = f", {made.segments} messages" if made.segments > 1 else ""
    say(f"\n{made.id}: {made.length} characters{messages}", err=True)
    if made.used in ("first words", "title"):
        say(f"{made.id} has no answer: the reply uses its {made.used}", err=True)
    if choice.article.fallback:
        say(f"{made.id} is not translated: the reply is in the language it is written in", err=True)
    if made.left_out:
        say(f"{counted(len(made.left_out), 'sentence')} left out: {' '.join(made.left_out)}", err=True)


@click.group("export")
def export_group() -> None:
    """Write files for other tools."""


@export_group.command("macros")
@option(
    "--format", "format_", type=click.Choice(tuple(macros.NAMES)), required=True, help="The tool that imports them."
)
@option("--channel", "channels", type=click.Choice(CHANNELS), multiple=True, help="Only these channels.")
@option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; macros-FORMAT by default.")
@language_option
@common_options(mentions=False)
def export_macros(common: Common, format_: str, channels: tuple[str, ...], output: Path | None, language: str) -> None:
    """Write the reply of every article as canned replies of a help desk.

    In every language of the help centre. Ids are stable, so that a second import changes what was there.
    https://github.com/kb-builder/kb-builder/blob/main/docs/staff-guide.md says how to import them.
    """
    from kb_builder.pipeline.centre import Centre

    project = open_project(common, warn=True)
    wanted = project.in_language(language) if language else None
    sites = [site for site in Centre(open_site(project, ())).sites if wanted in (None, site.project)]
    found = [macro for site in sites for macro in site.desk.macros(format_, channels or CHANNELS)]
    path = output or Path(macros.file_name(format_))
    data = macros.render(found, format_)
    changed = not path.is_file() or filesystem.load(path) != data
    if changed:
        filesystem.save(path, data)
    done = f"{path}: {len(found)} replies" + ("" if changed else ", nothing changed")
    common.show({"path": str(path), "macros": len(found), "changed": changed}, done)


def _unsure(asked: str, choice: Choice) -> str:
    if not choice.candidates:
        return f"No public article answers “{asked}”; kb find searches all articles."
    lines = (f"  {candidate.id}  {candidate.title}" for candidate in choice.candidates)
    return "\n".join((f"Not sure what “{asked}” is about. Give the id of the right article:", *lines))


@click.command()
@click.argument("article_id", metavar="ARTICLE")
@option("--query", help="Show the parts of the score for this query.")
@common_options()
def explain(common: Common, article_id: str, query: str | None) -> None:
    """Explain why an article is, or isn't, shown, pinned and found.

    ARTICLE is an id, a path or a URL; an old URL, a short link, one with an anchor or the id of an article
    that was withdrawn is explained as an address.
    """
    from kb_builder.commands import address_history, explain
    from kb_builder.pipeline.centre import Centre

    if query is not None and not query.strip():
        raise InputError("--query has no words", hint="give what a customer typed")
    project = open_project(common, warn=True)
    explanation: explain.Explanation | address_history.AddressHistory
    is_address = "/" in article_id or "#" in article_id
    withdrawn = f"a/{article_id}/" in project.once_public
    if (is_address or withdrawn) and not explain.names_article(project, article_id):
        address = article_id if is_address else f"/a/{article_id}/"
        explanation = address_history.history_of(Centre(open_site(project, common.mentions)).sites, address)
    else:
        explanation = explain.explain(open_trends(project, common.mentions), article_id, query or "")
    common.show(asdict(explanation), "\n".join(explanation.lines))


@click.command("report")
@option("--feedback", type=click.Path(path_type=Path), multiple=True, help="Logs of “did this help?”, JSON Lines.")
@option("--searches", type=click.Path(path_type=Path), multiple=True, help="Logs of searches without a result.")
@common_options()
def report_command(common: Common, feedback: tuple[Path, ...], searches: tuple[Path, ...]) -> None:
    """Report what needs upkeep.

    Overdue reviews, reader feedback, searches without a result, gaps, response times, translations.
    """
    from kb_builder.support import upkeep

    project = open_project(common)
    found = open_trends(project, common.mentions)
    report = upkeep.report(
        project.public.articles, project.today, logs=(*feedback, *searches), gaps=found.current.gaps,
        promises=found.promises, translations=standings_of(found.search),
    )  # fmt: skip
    common.show(asdict(report), upkeep.render(report))
