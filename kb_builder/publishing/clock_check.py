"""Refuses to publish with a clock that runs backwards, which would show expired articles again.

The moment of the last publication is stored beside the cache. One given with the command is trusted, and removes it.
"""

import hashlib
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from kb_builder.errors import InputError
from kb_builder.system import filesystem


def check_clock(folder: Path, target: Path, now: datetime) -> None:
    """Raises :class:`InputError` if ``target`` was published at a later moment than ``now``. ``folder`` is ``.kb``."""
    last = _read(_file(folder, target))
    if last is not None and now < last:
        problem = f"the clock says {now:%Y-%m-%d %H:%M} UTC, but this site was published at {last:%Y-%m-%d %H:%M} UTC"
        hint = (
            "set the clock right, or name the moment to build for with --clock; what has expired would be shown again"
        )
        raise InputError(problem, where=str(target), hint=hint)


def is_first_of_day(folder: Path, target: Path, now: datetime) -> bool:
    """Whether ``target`` was not yet published on the day of ``now``, as far as is known."""
    last = _read(_file(folder, target))
    return last is None or last.date() != now.date()


def note_publication(folder: Path, target: Path, now: datetime) -> None:
    """Records that ``target`` was published at ``now``. If the disk can't be written, only the record is lost."""
    with suppress(OSError):
        filesystem.make_private_folder(folder)
        filesystem.save(_file(folder, target), now.isoformat().encode())


def forget_publication(folder: Path, target: Path) -> None:
    """Removes the moment of the last publication of ``target``: the moment of this build was given."""
    with suppress(OSError):
        filesystem.remove(_file(folder, target))


def _file(folder: Path, target: Path) -> Path:
    name = hashlib.sha256(str(target.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return folder / f"published-{name}"


def _read(file: Path) -> datetime | None:
    try:
        moment = datetime.fromisoformat(filesystem.load(file).decode("ascii", "replace"))
    except (OSError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None
