"""What a host must send with the pages: a Content-Security-Policy without loopholes, and how long to keep what.

Written from the finished site: hashes of inline scripts from its pages, caching from the names of its files. What a
name with a hash stands for never changes, so it may be kept for ever; everything else is asked for anew.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

HEADERS_FILE: Final = "_headers"
"""Read by Netlify, Cloudflare Pages and hosts that imitate them; lies at the root of the site."""

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK: Final = "no-cache"
# Names that carry a hash of the content: theme and media by a folder, shards of the search index by the file.
_HASHED: Final = r"/(assets|media)/[0-9a-f]{12}/|/search/index/shards/[a-z]+-[0-9a-f]{8,}\.bin$"
_COMPRESSIBLE: Final = (
    "text/css", "text/javascript", "application/javascript", "text/plain", "text/markdown", "text/xml",
    "application/json", "application/rss+xml", "image/svg+xml",
)  # fmt: skip
_HASHED_NAME: Final = re.compile(_HASHED)


@dataclass(frozen=True, slots=True)
class Policy:
    """What pages may load. ``endpoint`` is where feedback is posted, or empty; the hashes are those of inline code."""

    endpoint: str = ""
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The value of a Content-Security-Policy header (W3C CSP level 3)."""
        split = urlsplit(self.endpoint)
        own = ["'self'", *([f"{split.scheme}://{split.netloc}"] if split.scheme and split.netloc else [])]
        directives = {
            "default-src": ["'none'"],
            "script-src": ["'self'", *(f"'{digest}'" for digest in self.scripts)],
            "style-src": ["'self'", *(f"'{digest}'" for digest in self.styles)],
            "img-src": ["'self'"],
            "media-src": ["'self'"],
            "connect-src": own,
            "form-action": own,
            "base-uri": ["'none'"],
            "frame-ancestors": ["'self'"],
        }
        return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def headers_file(paths: Iterable[str], policy: Policy) -> bytes:
    """``_headers`` for the files of a site.

    Rules that match one file are merged by these hosts, so that no two may set the same header.
    """
    lines = ["/*", *(f"  {name}: {value}" for name, value in _always(policy))]
    for pattern, cache in _caching(paths):
        lines += [pattern, f"  Cache-Control: {cache}"]
    return ("\n".join(lines) + "\n").encode()


def nginx_snippet(policy: Policy, site_url: str) -> bytes:
    """For the ``server`` block of nginx, whose ``root`` is the folder the site is published in."""
    base = urlsplit(site_url).path or "/"

    # nginx drops inherited headers wherever one is added: each location names all of them.
    def sent(cache: str) -> list[str]:
        return [
            f'    add_header {name} "{value}" always;' for name, value in (("Cache-Control", cache), *_always(policy))
        ]

    lines = [
        "# Written by kb build. Include it in the server block: it belongs to this build's pages.",
        "charset utf-8;",
        "absolute_redirect off;",
        "gzip on;",
        "gzip_vary on;",
        f"gzip_types {' '.join(_COMPRESSIBLE)};",
        f"error_page 404 {base}404.html;",
        f"error_page 403 =404 {base}404.html;",
        f"location {base} {{",
        "    try_files $uri $uri/ =404;",
        *sent(_ASK),
        "}",
        "# Older lists of types don't know modules.",
        'location ~ "/assets/[0-9a-f]{12}/.*\\.mjs$" {',
        "    types { }",
        "    default_type text/javascript;",
        *sent(_FOR_EVER),
        "}",
        'location ~ "\\.md$" {',
        "    types { }",
        "    default_type text/markdown;",
        *sent(_ASK),
        "}",
        f'location ~ "{_HASHED}" {{',
        *sent(_FOR_EVER),
        "}",
        "location ~ /(_headers|\\.kb-site)$ {",
        "    return 404;",
        "}",
    ]
    return ("\n".join(lines) + "\n").encode()


def _always(policy: Policy) -> tuple[tuple[str, str], ...]:
    return (
        ("Content-Security-Policy", str(policy)),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
    )


def _caching(paths: Iterable[str]) -> list[tuple[str, str]]:
    """(Pattern, Cache-Control) for all files but hidden ones, no two of which match the same file."""
    paths = list(paths)
    # Of thousands of names few have one of these words, and a plain word is found sooner than the pattern.
    likely = (path for path in paths if "assets/" in path or "media/" in path or "shards/" in path)
    hashed = {path for path in likely if _HASHED_NAME.search(f"/{path}")}
    # Some hosts read the first hundred rules only, and what may be kept for ever saves more.
    return sorted(_rules("", paths, hashed), key=lambda rule: (rule[1] == _ASK, rule[0]))


def _rules(folder: str, paths: Iterable[str], hashed: set[str]) -> Iterator[tuple[str, str]]:
    """A rule for each file of a folder, and one for each folder in it whose files are alike."""
    inside: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        name, slash, _ = path[len(folder) :].partition("/")
        inside[name + slash].append(path)
    for name, below in inside.items():
        cache = _FOR_EVER if below[0] in hashed else _ASK
        if not name.endswith("/"):
            if not name.startswith((".", "_")):
                yield f"/{folder}{name.removesuffix('index.html')}", cache
        elif hashed.isdisjoint(below) or hashed.issuperset(below):
            yield f"/{folder}{name}*", cache
        else:
            yield from _rules(folder + name, below, hashed)
