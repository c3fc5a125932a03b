"""Exports on other hosts, named by an address that DuckDB reads: ``s3://``, ``https://``, ``gs://``, ``file://``.

Addresses may hold a password or a signature, so errors and file names never repeat one whole.
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from kb_builder.errors import GUIDES, InputError
from kb_builder.mentions.export_names import is_export
from kb_builder.mentions.sql import sql_text
from kb_builder.system import filesystem

_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_address(text: str) -> bool:
    """Whether a source is an address rather than a path."""
    return _ADDRESS.match(text) is not None


def shown(address: str) -> str:
    """An address without user, password, query and fragment. Raises :class:`InputError` if it is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        scheme = address.partition(":")[0]
        raise InputError("this is not an address", where=f"{scheme}://…", hint="write https://host/path") from None
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def fetch(address: str, root: Path) -> Sequence[Path]:
    """The files at ``address``, which may have ``*`` in it.

    Those from elsewhere are copied into ``.kb/exports`` of the project in ``root``.

    Raises :class:`InputError` when there is none, or it can't be read.
    """
    where = shown(address)
    if urlsplit(address).scheme.lower() == "file":
        whole = Path(unquote(urlsplit(address).path))
        found = sorted(whole.parent.glob(whole.name)) if whole.name else []
        if not found:
            raise InputError("there is no such file", where=where)
        return found
    files, folder = [], root / ".kb" / "exports"
    for name, content in _read(address, where):
        inner = urlsplit(name).path if is_address(name) else name
        label = PurePosixPath(inner).name
        if not is_export(label):
            raise InputError(
                "the name is not that of an export", where=where, hint="end it in .parquet, .csv or .jsonl"
            )
        digest = hashlib.sha256(name.encode()).hexdigest()[:12]
        filesystem.make_private_folder(folder)
        path = folder / f"{digest}{''.join(PurePosixPath(label).suffixes[-2:]).lower()}"
        filesystem.save(path, content)
        files.append(path)
    if not files:
        raise InputError("there is no such file", where=where)
    return files


def _read(address: str, where: str) -> list[tuple[str, bytes]]:
    import duckdb  # imported late: it takes a tenth of a second

    try:
        with duckdb.connect() as connection:
            # Keys come from the environment or from DuckDB's own store of secrets.
            rows = connection.execute(f"SELECT filename, content FROM read_blob({sql_text(address)})").fetchall()
    except duckdb.Error as problem:
        missing = "extension" in str(problem)
        hint = (
            "DuckDB needs its extension from extensions.duckdb.org for this: allow the download, or fetch the file"
            if missing
            else f"check the address and the rights to read it; {GUIDES}/warehouse.md shows how"
        )
        raise InputError("can't be read", where=where, hint=hint) from None
    return [(str(name), bytes(content)) for name, content in rows]
