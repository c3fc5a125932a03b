"""The report of an import: what was written and what was lost, for a team to read."""

from collections import Counter
from collections.abc import Iterator

from kb_builder.errors import counted
from kb_builder.importing.exported import STAFF_UNKNOWN
from kb_builder.importing.importer import Imported
from kb_builder.importing.links import NOT_EXPORTED
from kb_builder.importing.locales import NOT_IMPORTED
from kb_builder.system.web import split_url


def report(done: Imported) -> str:
    """A report of what an import did and lost, per article, in Markdown."""
    lines = [
        "# Import report",
        "",
        f"- {counted(len(done.written), 'article')} written, {len(done.updated)} updated, {len(done.kept)} unchanged",
        f"- {counted(done.drafts, 'draft')}, {done.staff} for staff only",
        f"- {counted(len(done.media), 'file')} copied, {len(done.missing_files)} missing",
        f"- {counted(done.lost_links, 'link')} to articles that are not in the export",
        "",
    ]
    for title, paths in (
        ("Edited here and changed in the source", done.conflicts),
        ("Missing files", done.missing_files),
    ):
        if paths:
            lines += [f"## {title}", "", *(f"- `{path}`" for path in paths), ""]
    if done.losses:
        lines += ["## What was lost", "", "| article | lost |", "| --- | --- |"]
        for path, losses in sorted(done.losses.items()):
            found = "; ".join(f"{what} × {count}" if count > 1 else what for what, count in losses.items())
            lines.append(f"| {path or 'the export'} | {found.replace('|', chr(92) + '|')} |")
        lines.append("")
    return "\n".join(lines)


def summary(done: Imported) -> str:
    """The same in a few lines for a terminal."""
    lines = [
        f"{counted(len(done.written), 'article')} written, {len(done.updated)} updated, {len(done.kept)} unchanged",
        f"  {counted(done.drafts, 'draft')}, {done.staff} for staff only, {counted(len(done.media), 'file')} copied",
    ]
    lines += [f"  edited here and changed in the source, left alone: {path}" for path in done.conflicts]
    if done.lost_links:
        lines.append(f"  {counted(done.lost_links, 'link')} to articles that are not in the export")
    lines += _missing(done)
    unknown = sum(found.get(STAFF_UNKNOWN, 0) for found in done.losses.values())
    if unknown:
        lines.append(
            f"  {counted(unknown, 'article')} with unknown permission: for staff only unless --audience public"
        )
    lost = Counter[str]()
    for found in done.losses.values():
        lost.update({what: count for what, count in found.items() if what not in (STAFF_UNKNOWN, NOT_EXPORTED)})
    lines += [f"  {what}: {count}" for what, count in lost.most_common(8)]
    if any(what.startswith(NOT_IMPORTED) for what in lost):
        lines.append("  languages that mkdocs.yml declares come along: languages: [en, de], and import again")
    if len(lost) > 8:
        lines.append(f"  and {len(lost) - 8} more kinds of loss: --report lists them per article")
    return "\n".join([*lines, "  next: kb check"])


def _missing(done: Imported) -> Iterator[str]:
    """Where the files are that articles name and that did not come along."""
    remote = [url for url in done.missing_files if "://" in url]
    elsewhere = [url for url in remote if (split_url(url).hostname or "") in done.other_hosts]
    if local := len(done.missing_files) - len(remote):
        yield f"  {counted(local, 'file')} not in the source: --media names the folder that has them"
    if old := len(remote) - len(elsewhere):
        yield f"  {counted(old, 'file')} still with the other tool: --download or --media brings them"
    if elsewhere:
        hosts = ", ".join(done.other_hosts[:3]) + (" and others" if len(done.other_hosts) > 3 else "")
        yield f"  {counted(len(elsewhere), 'file')} at {hosts}: save them, and --media brings them"
