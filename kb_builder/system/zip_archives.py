"""ZIP archives that somebody else made."""

import zipfile
import zlib
from typing import Final

UNREADABLE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError
)  # fmt: skip
"""What :mod:`zipfile` raises for an archive that is damaged, encrypted, or packed in a way that it doesn't know."""
