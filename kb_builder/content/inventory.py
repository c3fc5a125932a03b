"""The inventory of public addresses, ``content/links.csv``: every address once published and what it leads to.

    address,leads_to,since,withdrawn
    /a/track-order/,track-order,2026-03-01,
    /a/track-order/#late,track-order#late,2026-03-01,
    /faq/orders/,/faq/orders/,2026-03-01,
    /faq/orders/track/,track-order,2026-03-01,
    /media/3f2a90bb1c44/map.png,content/articles/faq/map.png,2026-03-01,

Addresses are site-relative and decoded; ``leads_to`` is the id of an article, which survives renames, or for everything
that is no article's the address of its page or the project path of its file. One line each and sorted, so that a change
is easy to review, and so that the lines of two branches can be united by git.
"""

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from kb_builder.content.old_urls import is_file
from kb_builder.errors import Finding, InputError, Severity, clip
from kb_builder.parsing import sources
from kb_builder.system import source_files

PATH: Final = "content/links.csv"
HEADER: Final = ("address", "leads_to", "since", "withdrawn")
_LIMIT: Final = 100_000_000
_LEFT_CONFLICT: Final = "merge-conflict"
_CONFLICT: Final = ("<<<<<<< ", "=======", ">>>>>>> ", "||||||| ")
_UPDATE: Final = "kb links update puts the file in order"


class Entry(NamedTuple):
    """One line. ``address`` has no leading slash here; ``since`` and ``withdrawn`` are ISO dates, or empty."""

    address: str
    leads_to: str = ""
    since: str = ""
    withdrawn: str = ""

    @property
    def id(self) -> str:
        """The id of the article it belongs to; empty for other pages and for files."""
        return "" if "/" in self.leads_to else self.leads_to.partition("#")[0]


class Inventory(NamedTuple):
    """``entries`` by address. Lines that can't be read are findings; all others count."""

    entries: Mapping[str, Entry]
    findings: tuple[Finding, ...] = ()
    exists: bool = True
    lines: tuple[str, ...] = ()
    """The text it was read from."""

    @property
    def unreadable(self) -> list[Finding]:
        """Errors that keep lines from being read. A merge conflict doesn't: the lines of both sides count."""
        errors = (finding for finding in self.findings if finding.severity is Severity.ERROR)
        return [finding for finding in errors if finding.code != _LEFT_CONFLICT]


def read_inventory(root: Path) -> Inventory:
    """The inventory of the project in ``root``; empty, with ``exists`` false, where there is no file."""
    if not (root / PATH).exists():
        return Inventory({}, exists=False)
    try:
        return parse_inventory(source_files.read_text(root, PATH, limit=_LIMIT))
    except InputError as error:
        return Inventory({}, sources.findings_of(error))


def parse_inventory(text: str) -> Inventory:
    """The lines of an inventory. Nothing is lost: of a merge conflict both sides count."""
    entries: dict[str, Entry] = {}
    findings: list[Finding] = []

    def report(line: int, code: str, severity: Severity, message: str, hint: str) -> None:
        findings.append(Finding(PATH, line, code, severity, message, hint))

    lines = tuple(text.split("\n"))
    # One line is one record: no field may hold a line break, so a stray quote can't swallow the rest of the file.
    days = {""}
    for number, line in enumerate(lines, start=1):
        row = line.split(",")
        # Of a hundred thousand lines nearly all are plain and look like this.
        if not (len(row) == 4 and row[2] in days and row[3] in days and line[0] == "/" != line[1] and '"' not in line):
            if not line.strip() or line.startswith(_CONFLICT):
                if line.startswith("<<<<<<< "):
                    report(number, _LEFT_CONFLICT, Severity.ERROR, "a merge conflict was left in this file",
                           "both sides are right: kb links update keeps the lines of both")  # fmt: skip
                continue
            row = _fields(line)
            if tuple(row) == HEADER:
                continue
            problem, hint = _problem(row)
            if problem:
                report(number, "bad-link-line", Severity.ERROR, f"{problem}: {clip(line)}", hint)
                continue
            days.update(row[2:])
        address = row[0][1:]
        bare = address and address[-1] != "/" and "#" not in address and "." not in address.rpartition("/")[2]
        if bare and not is_file(address):
            address += "/"
        leads_to = row[1]
        entry = Entry(address, leads_to[1:] if leads_to[:1] == "/" else leads_to, row[2], row[3])
        other = entries.setdefault(address, entry)
        if other is not entry:
            report(number, "repeated-link", Severity.WARNING, f"/{address} is listed twice", _UPDATE)
            entries[address] = _united(other, entry)
    return Inventory(entries, tuple(findings), lines=lines)


def _fields(line: str) -> list[str]:
    try:
        return next(csv.reader((line,), strict=True))
    except csv.Error:
        return []


def _problem(row: list[str]) -> tuple[str, str]:
    """The error in a line, and a hint; two empty strings if there is none."""
    shape = f"a line is {','.join(HEADER)}; restore it from git"
    if not row:
        return "a quotation mark is not closed in this line", shape
    if len(row) != len(HEADER):
        fields = "1 field" if len(row) == 1 else f"{len(row)} fields"
        return f"a line has {fields} instead of {len(HEADER)}", shape
    if not row[0].startswith("/") or row[0].startswith("//"):
        return "an address starts with one slash", shape
    for day in filter(None, row[2:]):
        try:
            date.fromisoformat(day)
        except ValueError:
            return f'"{clip(day)}" is not a date', "write it like 2026-03-03"
    return "", ""


def _united(one: Entry, other: Entry) -> Entry:
    """Two lines for one address, from two branches: the older date, and a withdrawal if there is one."""
    since = min(filter(None, (one.since, other.since)), default="")
    return Entry(one.address, other.leads_to or one.leads_to, since, one.withdrawn or other.withdrawn)


def united(*inventories: Mapping[str, Entry]) -> dict[str, Entry]:
    """The entries of all of them; where an address is in several, the first one's, with the earliest date."""
    found: dict[str, Entry] = {}
    for entries in inventories:
        found = {**entries, **found}
    return found


def below(entries: Mapping[str, Entry], folder: str, others: Collection[str]) -> Mapping[str, Entry]:
    """The entries of one language as seen from its folder, which is empty for the language at the root.

    ``others`` are the folders of all languages but the one at the root.
    """
    if not folder and not others:
        return entries
    if not folder:
        taken = tuple(others)
        return {address: entry for address, entry in entries.items() if not address.startswith(taken)}
    size = len(folder)
    return {
        address[size:]: entry._replace(address=address[size:], leads_to=entry.leads_to.removeprefix(folder))
        for address, entry in entries.items()
        if address.startswith(folder) and len(address) > size
    }


def placed_in(entries: Mapping[str, Entry], folder: str) -> Mapping[str, Entry]:
    """The opposite of :func:`below`: entries as seen from the root."""
    if not folder:
        return entries
    return {
        folder + address: entry._replace(
            address=folder + address, leads_to=folder + entry.leads_to if _leads_to_url(entry) else entry.leads_to
        )
        for address, entry in entries.items()
    }


def write_inventory(entries: Iterable[Entry]) -> str:
    """The text of an inventory, sorted by address."""
    out = io.StringIO()
    out.write(",".join(HEADER) + "\n")
    plain, writer = out.write, csv.writer(out, lineterminator="\n")
    for entry in sorted(entries):
        leads_to = f"/{entry.leads_to}" if _leads_to_url(entry) else entry.leads_to
        row = (f"/{entry.address}", leads_to, entry.since, entry.withdrawn)
        text = ",".join(row)
        if text.count(",") == len(row) - 1 and '"' not in text:
            plain(f"{text}\n")
        else:
            writer.writerow(row)
    return out.getvalue()


def _leads_to_url(entry: Entry) -> bool:
    return entry.leads_to == entry.address or ("/" in entry.leads_to and not entry.leads_to.startswith("content/"))
