"""Old addresses of pictures and downloads: each shows the file it was made of, wherever that is today."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kb_builder.content.inventory import Entry
from kb_builder.content.urls import folder_url


@dataclass(frozen=True)
class RetiredMedia:
    """``live`` maps addresses of this build to project paths, ``once_public`` is every address ever published, and
    ``folders`` maps old URLs to new ones."""

    live: Mapping[str, str]
    once_public: Mapping[str, Entry]
    folders: Mapping[str, str]

    def successor(self, entry: Entry) -> str:
        """The address of this build that has what ``entry`` promises; empty if there is none.

        The same file comes first, then one with the same bytes: another picture may have them today and be withdrawn
        tomorrow. A file that was moved with its folder while nothing showed it is found by the folder's redirect.
        """
        same_bytes = self._by_bytes.get(entry.address.rpartition("/")[0], "")
        return self._by_source.get(entry.leads_to) or same_bytes or self._moved(entry.leads_to)

    def _moved(self, source: str) -> str:
        folder, _, name = source.rpartition("/")
        moved_to = self.folders.get(folder_url(folder)) if folder else None
        return self._by_place.get((moved_to, name), "") if moved_to else ""

    @cached_property
    def _by_bytes(self) -> Mapping[str, str]:
        """The folder of an address has a hash of the bytes as its name."""
        return {address.rpartition("/")[0]: address for address in sorted(self.live, reverse=True)}

    @cached_property
    def _by_source(self) -> Mapping[str, str]:
        found = {source: address for address, source in sorted(self.live.items(), reverse=True)}
        # A file that was moved is recognised by the address it still has.
        kept = {self.once_public[address].leads_to: address for address in self.live if address in self.once_public}
        return kept | found

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], str]:
        """URL of a folder and name of a file in it → address."""
        parts = ((address, source.rpartition("/")) for address, source in sorted(self.live.items(), reverse=True))
        return {(folder_url(folder), name): address for address, (folder, _, name) in parts if folder}
