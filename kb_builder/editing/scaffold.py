"""Scaffolding for ``kb new``: a help centre, an article, a policy, an announcement. No file is ever overwritten."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from kb_builder.content.placeholders import CHANGES, NEWS, NEXT_STEPS, RULES, STEPS
from kb_builder.content.urls import FOLDER
from kb_builder.errors import InputError
from kb_builder.parsing.fields import romanised
from kb_builder.parsing.yaml_places import quoted
from kb_builder.system import filesystem

STARTER: Final = Path(__file__).parents[1] / "starter"
_LONGEST_NAME: Final = 60


def new_centre(folder: Path, today: date) -> tuple[str, ...]:
    """Writes the starter help centre, dated ``today``, into ``folder``; returns the paths written, relative to it.

    Raises :class:`InputError` if the folder has anything in it.
    """
    if filesystem.kind(folder) != "none" and (filesystem.kind(folder) != "folder" or filesystem.names(folder)):
        raise InputError("this folder is not empty", where=str(folder), hint="name a new one: kb new shop-help")
    name = folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize() or "Help centre"
    filled = {
        "name": name,
        "today": today.isoformat(),
        "in_a_week": (today + timedelta(days=7)).isoformat(),
        "in_a_year": (today + timedelta(days=365)).isoformat(),
    }
    written = []
    for source in sorted(path for path in STARTER.rglob("*") if path.is_file()):
        path = source.relative_to(STARTER).as_posix()
        data = source.read_bytes()
        if source.suffix in (".md", ".yml", ".txt", ".csv"):
            for blank, value in filled.items():
                data = data.replace(b"{{%s}}" % blank.encode(), value.encode())
        _write(folder / path, data)
        written.append(path)
    return tuple(written)


def new_article(
    root: Path, title: str, folder: str, today: date, taken: Mapping[str, str], *, policy: bool = False
) -> str:
    """A draft article called ``title`` in ``content/articles/FOLDER``, or a draft ``policy`` in force from ``today``.

    Returns its project path. ``taken`` maps each id that is or was in use to the file that says so. Raises
    :class:`InputError` for one of them.
    """
    name = _free(_name(title), taken)
    own, review_in = f"asked_as:\n  - {quoted(title)}", "6 months"
    begin, heading, end = STEPS, "If that does not help", NEXT_STEPS
    if policy:
        own, review_in = f"effective_date: {today.isoformat()}", "1 year"
        begin, heading, end = RULES, "What changed", CHANGES
    text = f"""---
id: {name}
title: {quoted(title)}
draft: true
answer: ""
{own}
owner: ""
last_reviewed_on: {today.isoformat()}
review_in: {review_in}
---

{begin}

## {heading}

{end}
"""
    return _write_new(root, f"{_folder(folder)}/{name}.md", text)


def new_announcement(root: Path, title: str, now: datetime) -> str:
    """A draft announcement that starts today and lasts three days; returns its project path."""
    path = f"content/announcements/{now.date().isoformat()}-{_name(title)}.md"
    end = now + timedelta(days=3)
    text = f"""---
title: {quoted(title)}
draft: true
severity: notice
start: {now.isoformat(timespec="minutes")}
end: {end.isoformat(timespec="minutes")}
summary: ""
---

{NEWS}
"""
    return _write_new(root, path, text)


def _folder(folder: str) -> str:
    below = f"{folder.removeprefix('./')}/".removeprefix(f"{FOLDER}/")
    steps = [step for step in below.split("/") if step]
    if not steps or any(step.startswith(".") for step in steps):
        hint = "name a folder below content/articles: --in faq/delivery"
        raise InputError(f'"{folder}" is not a folder for articles', hint=hint)
    return "/".join((FOLDER, *steps))


def _name(title: str) -> str:
    name = romanised(title)[:_LONGEST_NAME].rstrip("-")
    if not name:
        hint = 'write a title with letters, for instance: kb new article "How do I track my order?"'
        raise InputError(f'the title "{title}" has no letters for a file name', hint=hint)
    return name


def _free(name: str, taken: Mapping[str, str]) -> str:
    if name in taken:
        hint = "ids are permanent and never reused: edit that article, move it with kb mv, or choose another title"
        raise InputError(f'the id "{name}" is taken', where=taken[name], hint=hint)
    return name


def _write_new(root: Path, path: str, text: str) -> str:
    if filesystem.kind(root / path) != "none":
        raise InputError("there is already a file of that name", where=path, hint="choose another title, or edit it")
    _write(root / path, text.encode())
    return path


def _write(path: Path, data: bytes) -> None:
    filesystem.make_folders(path.parent)
    filesystem.write_bytes(path, data)
