"""Types of files that authors may publish, and those of them that browsers show rather than save."""

from collections.abc import Collection
from typing import Final

SHOWN: Final = frozenset(
    # pictures, PDF, sound, video and its captions
    "png jpg jpeg gif webp avif svg ico bmp pdf mp3 ogg oga opus wav m4a aac flac mp4 m4v webm mov ogv vtt".split()
)
SAVED: Final = frozenset(
    # office documents and archives
    "doc docx odt rtf xls xlsx ods csv ppt pptx odp pages numbers key epub zip 7z rar gz tgz tar bz2 xz".split()
)

SHOWN_FOLDER: Final = "media"
SAVED_FOLDER: Final = "downloads"
"""Hosts send what is in it as an attachment, so that no browser runs it on the site's origin."""


def type_of(path: str) -> str:
    """The extension of a file name in lower case, without the dot; empty if it has none."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name.lstrip(".") else ""


def folder_for(path: str, allowed: Collection[str] = ()) -> str:
    """The folder of the site in which a file is published; empty if its type is not published.

    ``allowed`` are the extensions a team added, which are only ever saved.
    """
    extension = type_of(path)
    if extension in SHOWN:
        return SHOWN_FOLDER
    return SAVED_FOLDER if extension in SAVED or extension in allowed else ""
