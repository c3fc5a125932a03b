"""``kb promises``: the response times that every page promises, and how they were kept."""

from dataclasses import asdict

import click

from kb_builder.commands.cli_shared import (
    Common,
    common_options,
    open_project,
    open_trends,
    option,
    print_json,
    progress_bars,
)
from kb_builder.commands.terminal import say
from kb_builder.content.contact import PATH
from kb_builder.errors import GUIDES
from kb_builder.mentions.counted import REPLY_DAYS
from kb_builder.pipeline.trends import Trends
from kb_builder.system import filesystem, source_files


@click.command()
@option("--suggest", is_flag=True, help="Write times that are kept into content/contact.yml.")
@common_options()
def promises(common: Common, suggest: bool) -> None:
    """Compare promised response times with first replies.

    Covers the last four weeks. Exports need the time of the first reply, in a column that
    https://github.com/kb-builder/kb-builder/blob/main/docs/staff-guide.md names. Waits count while the channel is
    open. With --suggest a promise that is not kept becomes the shortest time within which nine of ten were answered.
    """
    from kb_builder.support import promise_report

    with progress_bars(common.as_json) as progress:
        project = open_project(common, progress=progress, warn=True)
        trends = open_trends(project, common.mentions)
        found = trends.promises
    floor = project.settings.options.promise_floor
    written = _suggest(trends) if suggest else {}
    if common.as_json:
        shown = [
            {**asdict(promise), "kept": None if promise.share is None else promise.share >= floor} for promise in found
        ]
        print_json({"days": REPLY_DAYS, "floor": floor, "promises": shown, "written": written})
        return
    if not found:
        say("No channel has 20 questions with a first reply in the last four weeks.")
        say("Exports need a column such as first_reply_at, and the time of day at which each customer wrote.")
        say(f"{GUIDES}/staff-guide.md names the columns of each tool.")
    else:
        names = {segment.slug: segment.name for segment in project.segments}
        say("\n".join(promise_report.lines(found, names)))
        say(f"\nThe last {REPLY_DAYS} complete days. Waits count while the channel is open.")
    for promise in found:
        if promise.is_broken(floor) and promise.label not in written:
            kept = f"nine of ten within {promise.honest}" if promise.honest else "one in ten had no reply in four weeks"
            say(f"{promise.label}: {promise_report.promised_and_kept(promise)}; {kept}")
    for label, time in written.items():
        say(f"{PATH}: {label} now promises {time}")
    if suggest and not written:
        say(f"{PATH}: nothing changed")


def _suggest(trends: Trends) -> dict[str, str]:
    """Writes a time that is kept for each promise that is not kept; returns it by the channel's label."""
    from kb_builder.editing.contact_edits import set_response_time

    root, floor = trends.project.settings.root, trends.project.settings.options.promise_floor
    text = source_files.read_text(root, PATH)
    written: dict[str, str] = {}
    for promise in trends.promises:
        if promise.is_broken(floor) and promise.honest and promise.position is not None:
            text = set_response_time(text, promise.position, promise.honest)
            written[promise.label] = promise.honest
    if written:
        filesystem.save_text(root / PATH, text)
    return written
