"""What an import did and lost, for a team to read."""

from collections import Counter

from kb_builder.importing.exported import STAFF_UNKNOWN
from kb_builder.importing.importer import Imported


def report(done: Imported) -> str:
    """What an import did and lost, per article, in Markdown."""
    lines = [
        "# Import report",
        "",
        f"- {len(done.written)} articles written, {len(done.updated)} updated, {len(done.kept)} unchanged",
        f"- {done.drafts} drafts, {done.staff} for staff only",
        f"- {len(done.media)} files copied, {len(done.missing_files)} missing",
        f"- {done.lost_links} links to articles that are not in the export",
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
    if done.remote_images:
        lines.append(
            f"  {counted(done.remote_images, 'file')} still with the other tool: --download or --media brings them"
        )
    unknown = sum(found.get(STAFF_UNKNOWN, 0) for found in done.losses.values())
    if unknown:
        lines.append(
            f"  {counted(unknown, 'article')} with unknown permission: for staff only unless --audience public"
        )
    lost = Counter[str]()
    for found in done.losses.values():
        lost.update({what: count for what, count in found.items() if what != STAFF_UNKNOWN})
    lines += [f"  {what}: {count}" for what, count in lost.most_common(8)]
    if len(lost) > 8:
        lines.append(f"  and {len(lost) - 8} more kinds of loss: --report lists them per article")
    return "\n".join([*lines, "  next: kb check"])


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
