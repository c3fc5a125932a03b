"""ZIP archives that somebody else made."""

import zipfile
import zlib
from typing import Final

UNREADABLE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError
)  # fmt: skip
"""The exceptions of :mod:`zipfile` for an archive that is damaged, encrypted, or in a format it doesn't know."""
