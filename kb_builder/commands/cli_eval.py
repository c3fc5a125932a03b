"""The command that measures search: ``eval``."""

from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb_builder.commands.cli_shared import (
    Common,
    common_options,
    language_option,
    open_project,
    open_search,
    option,
)
from kb_builder.commands.terminal import say
from kb_builder.errors import InputError, counted, did_you_mean

if TYPE_CHECKING:
    from kb_builder.support.evaluation import Scores

_SHOWN = 5
"""Unknown ids of a file of queries that are named."""


@click.command("eval")
@click.argument("queries", type=click.Path(path_type=Path), required=False)
@option(
    "--split-by-time",
    metavar="MENTIONS",
    help="Learn from the mentions before each week, and search for those of that week.",
)
@option(
    "--weeks", type=click.IntRange(1, 26), default=4, show_default=True, help="Weeks to measure with --split-by-time."
)
@language_option
@common_options()
def evaluate(common: Common, queries: Path | None, split_by_time: str | None, weeks: int, language: str) -> None:
    """Measure search with queries or resolved mentions.

    QUERIES is a CSV or JSON Lines file with text and article_id. With --split-by-time search learns from MENTIONS until
    a week begins, and is asked that week's resolved mentions.
    """
    from kb_builder.support import evaluation

    if (queries is None) == (split_by_time is None):
        raise InputError("give either a file of queries or --split-by-time", hint="kb eval --help")
    if queries is None:
        found = _split_by_time(str(split_by_time), weeks, common)
        lines = (f"{name.replace('_', ' ')}: {_worded(scores)}" for name, scores in found.items())
        common.show({name: asdict(scores) for name, scores in found.items()}, "\n".join(lines))
        return
    rows = evaluation.read_queries(queries)
    project = open_project(common, warn=True)
    known = {article.id for article in project.catalogue.articles}
    if lost := [row for row in rows if not known & set(row.article_ids)]:
        names = counted(len(lost), "row", "names", "name")
        say(f"{queries}: {names} no article of this help centre: not found", err=True)
        for id in sorted({id for row in lost for id in row.article_ids})[:_SHOWN]:
            say(f'  "{id}": {did_you_mean(id, known, "the id of an article is in its header")}', err=True)
    scores = evaluation.evaluate(open_search(project, common.mentions).in_language(language).reader, rows)
    common.show(asdict(scores), _worded(scores))


def _worded(scores: "Scores") -> str:
    asked = "1 query" if scores.queries == 1 else f"{scores.queries:,} queries"
    successes = f"success@1 {scores.success_at_1:.3f}, success@3 {scores.success_at_3:.3f}"
    return f"{asked}: {successes}, MRR@10 {scores.mrr_at_10:.3f}, no result {scores.no_result:.3f}"


def _split_by_time(pattern: str, weeks: int, common: Common) -> dict[str, "Scores"]:
    """The scores of each week's resolved mentions: without mentions, with what search learned before the week, and
    with what was asked before the week weighing as well.
    """
    from kb_builder.support.evaluation import Query, evaluate_all

    end = open_project(common).now
    weighed, learned, plain = [], [], []
    for back in range(weeks):
        last = end - timedelta(weeks=back)
        first = last - timedelta(weeks=1)
        week = open_search(open_project(replace(common, clock=last.isoformat())), [pattern])
        questions = [Query(text, (article,)) for text, article in week.reading.resolved_since(first)]
        if questions:
            before = open_search(open_project(replace(common, clock=first.isoformat())), [pattern])
            weighed.append((before.reader, questions))
            learned.append((before.unweighed_reader, questions))
            plain.append((before.unlearned_reader, questions))
    if not learned:
        weeks_asked = f"from {end - timedelta(weeks=weeks):%Y-%m-%d} to {end:%Y-%m-%d}"
        hint = "rows need a time in these weeks and the article_id of an article that exists; see --weeks and --clock"
        raise InputError(f"no resolved mention {weeks_asked}", where=pattern, hint=hint)
    return {
        "without_mentions": evaluate_all(plain),
        "learned_without_demand": evaluate_all(learned),
        "learned_until_then": evaluate_all(weighed),
    }
