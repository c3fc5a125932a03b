"""``kb check --external``: whether links to other sites still lead somewhere."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from kb_builder.errors import Finding, Severity
from kb_builder.model import Link
from kb_builder.system import filesystem, web

CACHE: Final = ".kb/external-links.json"
_TRUSTED_FOR: Final = timedelta(days=7)
_GONE: Final = {404: "is not found (404)", 410: "is gone (410)", web.NO_HOST: "is on a host that does not exist"}


def dead_links(
    links: Mapping[str, Iterable[Link]],
    *,
    site_url: str,
    root: Path,
    today: date,
    ask: Callable[[Iterable[str]], Mapping[str, int | None]] = web.statuses,
) -> Iterator[Finding]:
    """A warning for each link to a page of another site that is gone.

    ``links`` are those of each file by its project path. What answered in the last week is not asked again. A site that
    refuses, is slow or has an error proves nothing and is not reported.
    """
    places: dict[str, list[tuple[str, int]]] = {}
    for path, found in links.items():
        for link in found:
            url = link.target.partition("#")[0]
            if url.lower().startswith(("http://", "https://")) and not url.startswith(site_url):
                places.setdefault(url, []).append((path, link.line))
    cache = root / CACHE
    since = (today - _TRUSTED_FOR).isoformat()
    known = {url: day for url, day in _read(cache).items() if url in places and since < day <= today.isoformat()}
    answers = ask(url for url in places if url not in known)
    known |= {url: today.isoformat() for url, status in answers.items() if status is not None and status not in _GONE}
    filesystem.save_text(cache, json.dumps(known, indent=1, sort_keys=True))
    for url, status in answers.items():
        if status in _GONE:
            for path, line in places[url]:
                hint = "link to the page it has become, or remove the link"
                yield Finding(path, line, "dead-link", Severity.WARNING, f'"{url}" {_GONE[status]}', hint)


def _read(cache: Path) -> dict[str, str]:
    try:
        found = json.loads(filesystem.load(cache))
        return {url: day for url, day in found.items() if isinstance(day, str)}
    except (OSError, ValueError, AttributeError):
        return {}
