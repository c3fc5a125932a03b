"""URLs as a page of the site writes them: relative to itself, with its anchor encoded."""

import re
from typing import Final
from urllib.parse import quote

SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


def relative(page: str, target: str) -> str:
    """``target`` (site-relative, directory style, maybe with a fragment) as seen from the page at URL ``page``.

    External links and bare fragments come back as they are.
    """
    if SCHEME.match(target) or target.startswith(("#", "//")):
        return target
    path, mark, fragment = target.partition("#")
    here = page.split("/")[:-1]
    there = path.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    route = "../" * (len(here) - shared) + "/".join(there[shared:])
    return (route or "./") + mark + fragment


def encoded(url: str) -> str:
    """A site-relative URL with its anchor percent-encoded."""
    path, mark, anchor = url.partition("#")
    return path + mark + quote(anchor)
