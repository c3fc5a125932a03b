"""Headers a host must send: Content-Security-Policy and Cache-Control, as each host reads them.

Derived from the finished site: hashes of inline code from its pages, caching from its file names. A file whose name
contains a hash of its content is immutable; every other file must be revalidated.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

HEADERS_FILE: Final = "_headers"
"""Read by Netlify, Cloudflare Pages and hosts that imitate them; at the root of the site."""

DOWNLOADS: Final = "downloads"
"""Folder of files that browsers save and never show."""
_SAVED: Final = (("Content-Disposition", "attachment"),)
_IMMUTABLE: Final = "public, max-age=31536000, immutable"
_REVALIDATE: Final = "no-cache"
# The theme's files and media have the hash of their content in a folder name, search shards in the file name.
_HASHED: Final = r"/(assets|media|downloads)/[0-9a-f]{12}/|/search/index/shards/[a-z]+-[0-9a-f]{8,}\.bin$"
_COMPRESSIBLE: Final = (
    "text/css", "text/javascript", "application/javascript", "text/plain", "text/markdown", "text/xml",
    "application/json", "application/rss+xml", "image/svg+xml",
)  # fmt: skip
# Without a charset browsers guess, and often wrongly. HTML and XML name theirs, JSON is UTF-8 by definition.
_TEXTS: Final = {"md": "text/markdown", "txt": "text/plain"}
_WITH_CHARSET: Final = tuple(name for name in _COMPRESSIBLE if name.startswith(("text/", "application/javascript")))
_HASHED_NAME: Final = re.compile(_HASHED)


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy for pages. ``endpoint`` is the feedback URL or empty; ``scripts`` and ``styles`` hash inline code."""

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

    These hosts merge all rules that match a file, so no two rules set the same header for one file.
    """
    lines = ["/*", *(f"  {name}: {value}" for name, value in security_headers(policy))]
    for ending, media_type in _TEXTS.items():
        lines += [f"/*.{ending}", f"  Content-Type: {media_type}; charset=utf-8"]
    for pattern, cache in _caching(paths):
        lines += [pattern, f"  Cache-Control: {cache}"]
        if cache == _IMMUTABLE and pattern.startswith(f"/{DOWNLOADS}/"):
            lines += [f"  {name}: {value}" for name, value in _SAVED]
    return ("\n".join(lines) + "\n").encode()


def host_file(name: str, audience: str) -> str:
    """Name of a host's file below ``.kb`` for an audience as ``audience_of`` names it: ``nginx-staff.conf``."""
    return name + {"the public": "", "staff": "-staff"}.get(audience, "-drafts") + ".conf"


def nginx_snippet(policy: Policy | str, site_url: str, folders: Iterable[str] = ()) -> bytes:
    """Directives for the ``server`` block of nginx, whose ``root`` is the published folder, or for a site below a path
    the folder in which the site is published at that path. ``folders`` are those of further languages."""
    base = urlsplit(site_url).path or "/"
    inside = re.escape(base)
    directories = "try_files $uri $uri/ =404;"

    def location(place: str, cache: str, *directives: str, more: Iterable[tuple[str, str]] = ()) -> list[str]:
        # A location with its own add_header inherits none, so each location repeats all headers.
        headers = (("Cache-Control", cache), *security_headers(policy), *more)
        lines = (*directives, *(f'add_header {name} "{value}" always;' for name, value in headers))
        return [f"location {place} {{", *(f"    {line}" for line in lines), "}"]

    def own_404(folder: str) -> list[str]:
        return [f"error_page 404 {base}{folder}404.html;", f"error_page 403 =404 {base}{folder}404.html;"]

    scripts, texts = (("types { }", f"default_type text/{kind};") for kind in ("javascript", "markdown"))
    lines = [
        "# Written by kb build for this build's pages. Include it in the server block.",
        *([f"# Publish the site at {base.strip('/')} below the root of the server."] if base != "/" else []),
        "charset utf-8;",
        f"charset_types {' '.join(_WITH_CHARSET)};",
        "absolute_redirect off;",
        "gzip on;",
        "gzip_comp_level 6;",  # of 9; nginx's own is 1, which sends a sixth more
        "gzip_vary on;",
        f"gzip_types {' '.join(_COMPRESSIBLE)};",
        *own_404(""),
        *location(base, _REVALIDATE, directories),
        *(line for folder in folders for line in location(base + folder, _REVALIDATE, *own_404(folder), directories)),
        *location(f'~ "^{inside}{DOWNLOADS}/[0-9a-f]{{12}}/"', _IMMUTABLE, more=_SAVED),
        "# Older versions of mime.types lack .mjs.",
        *location(f'~ "^{inside}(.*/)?assets/[0-9a-f]{{12}}/.*\\.mjs$"', _IMMUTABLE, *scripts),
        *location(f'~ "^{inside}.*\\.md$"', _REVALIDATE, *texts),
        *location(f'~ "{_HASHED}"', _IMMUTABLE),
        f"location ~ ^{inside}(_headers|_redirects|\\.kb-site)$ {{",
        "    return 404;",
        "}",
    ]
    return ("\n".join(lines) + "\n").encode()


def security_headers(policy: Policy | str) -> tuple[tuple[str, str], ...]:
    """Name and value of each header that every file is sent with."""
    return (
        ("Content-Security-Policy", str(policy)),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        # Browsers heed it only where they came by https.
        ("Strict-Transport-Security", "max-age=31536000"),
    )


def apache_headers(policy: Policy, site_url: str) -> bytes:
    """For a ``VirtualHost`` of Apache with mod_headers and mod_mime."""
    base = urlsplit(site_url).path or "/"
    sent = (("Cache-Control", _REVALIDATE), *security_headers(policy))
    lines = [
        "# Written by kb build for this build's pages. Include it in the VirtualHost.",
        f"ErrorDocument 404 {base}404.html",
        "AddDefaultCharset utf-8",
        "AddType text/javascript .mjs",
        "AddType text/markdown .md",
        "AddCharset utf-8 .css .js .mjs .md .txt .svg .xml",
        *(f'Header always set {name} "{value}"' for name, value in sent),
        f'<LocationMatch "{_HASHED}">',
        f'    Header always set Cache-Control "{_IMMUTABLE}"',
        "</LocationMatch>",
        f'<LocationMatch "^{re.escape(base)}{DOWNLOADS}/[0-9a-f]{{12}}/">',
        *(f'    Header always set {name} "{value}"' for name, value in _SAVED),
        "</LocationMatch>",
    ]
    return ("\n".join(lines) + "\n").encode()


def caddy_headers(policy: Policy, site_url: str) -> bytes:
    """For a site block of Caddy 2.6 or later. One rule for one file, since Caddy does not run them in their order."""
    base = urlsplit(site_url).path or "/"
    lines = [
        "# Written by kb build for this build's pages. Import it in the site block.",
        "encode gzip",
        *(f'header {name} "{value}"' for name, value in security_headers(policy)),
        f"@kb_hashed path_regexp `{_HASHED}`",
        f'header @kb_hashed Cache-Control "{_IMMUTABLE}"',
        f"@kb_changing not path_regexp `{_HASHED}`",
        f'header @kb_changing Cache-Control "{_REVALIDATE}"',
        f"@kb_saved path_regexp `^{re.escape(base)}{DOWNLOADS}/[0-9a-f]{{12}}/`",
        *(f'header @kb_saved {name} "{value}"' for name, value in _SAVED),
    ]
    for ending, media_type in {**_TEXTS, "mjs": "text/javascript"}.items():
        lines += [f"@kb_{ending} path *.{ending}", f'header @kb_{ending} Content-Type "{media_type}; charset=utf-8"']
    return ("\n".join(lines) + "\n").encode()


def _caching(paths: Iterable[str]) -> list[tuple[str, str]]:
    """(Pattern, Cache-Control) pairs that cover all files but hidden ones; no two match the same file."""
    paths = list(paths)
    # A substring test is much faster than the pattern, and few names pass it.
    likely = (
        path for path in paths if "assets/" in path or "media/" in path or "downloads/" in path or "shards/" in path
    )
    hashed = {path for path in likely if _HASHED_NAME.search(f"/{path}")}
    # Some hosts read only the first hundred rules, and immutable files gain most.
    return sorted(_rules("", paths, hashed), key=lambda rule: (rule[1] == _REVALIDATE, rule[0]))


def _rules(folder: str, paths: Iterable[str], hashed: set[str]) -> Iterator[tuple[str, str]]:
    """One rule per file of a folder, and one per subfolder whose files are all immutable or all not."""
    inside: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        name, slash, _ = path[len(folder) :].partition("/")
        inside[name + slash].append(path)
    for name, below in inside.items():
        cache = _IMMUTABLE if below[0] in hashed else _REVALIDATE
        if not name.endswith("/"):
            if not name.startswith((".", "_")):
                yield f"/{folder}{name.removesuffix('index.html')}", cache
        elif hashed.isdisjoint(below) or hashed.issuperset(below):
            yield f"/{folder}{name}*", cache
        else:
            yield from _rules(folder + name, below, hashed)
