"""The addresses that were public once: the inventory in git, and the record of what was published from this folder."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from kb_builder.content.inventory import (
    PATH,
    Entry,
    Inventory,
    parse_inventory,
    read_inventory,
    united,
    write_inventory,
)
from kb_builder.errors import Finding, InputError, Severity
from kb_builder.system import filesystem, source_files


class Addresses:
    """The addresses that were published once, for the public site at ``target``. Sites for others have no record."""

    def __init__(self, root: Path, target: Path, *, public: bool) -> None:
        self._root = root
        self._public = public
        target, root_folder = target.absolute(), root.absolute()
        place = target.relative_to(root_folder) if target.is_relative_to(root_folder) else target
        name = hashlib.sha256(str(place).encode("utf-8", "surrogateescape")).hexdigest()[:12]
        self._record_file = root / ".kb" / f"links-{name}.csv"

    @cached_property
    def inventory(self) -> Inventory:
        """``content/links.csv``; empty for sites that are not public."""
        return read_inventory(self._root) if self._public else Inventory({}, exists=False)

    @cached_property
    def _recorded(self) -> bytes:
        try:
            return filesystem.load(self._record_file)
        except OSError:
            return b""

    @cached_property
    def _record(self) -> list[str]:
        """The lines of the record. It is ours: what can't be read of it is passed over."""
        with suppress(InputError):
            return source_files.decode(self._recorded, self._record_file.name).split("\n")
        return []

    @cached_property
    def once_public(self) -> Mapping[str, Entry]:
        """Every address that was public once."""
        if not self._public:
            return {}
        # Most lines of the record are those of the inventory, and reading a hundred thousand twice takes a while.
        known = frozenset(self.inventory.lines)
        more = [line for line in self._record if line not in known]
        return united(self.inventory.entries, parse_inventory("\n".join(more)).entries)

    def findings(self, answering: Iterable[str]) -> Iterator[Finding]:
        """Findings in the inventory. ``answering`` are the addresses that this build answers at."""
        yield from self.inventory.findings
        if self.inventory.unreadable:
            return
        if self.inventory.exists and (missing := set(answering) - self.inventory.entries.keys()):
            many = "1 address is" if len(missing) == 1 else f"{len(missing):,} addresses are"
            example = min(missing)
            message = f"{many} not in the inventory yet, /{example} for one"
            hint = "kb links update adds what is missing; commit the file"
            yield Finding(PATH, 0, "unlisted-address", Severity.NOTE, message, hint)

    def record(self, entries: Mapping[str, Entry]) -> None:
        """Records what was published. If the disk can't be written, only the record is lost."""
        if not self._public or (entries == self.once_public and len(self._record) == len(entries) + 2):
            return  # The lines of all entries, the header and the empty one at the end.
        data = write_inventory(entries.values()).encode()
        if data != self._recorded:
            with suppress(OSError):
                filesystem.make_folders(self._record_file.parent)
                filesystem.save(self._record_file, data)
