"""The table of retired addresses, written for hosts that can answer 301 and 410 themselves.

Redirect pages and notices are published all the same: they serve wherever none of these files is read. Only retired
addresses are in the table; a short link of a live article is always a page, which link previews can read.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlsplit

REDIRECTS_FILE: Final = "_redirects"
"""Read by Cloudflare Pages and hosts that imitate it; at the root of the site."""
STATIC_RULES: Final = 2000
"""Rules without wildcards that Cloudflare Pages reads (developers.cloudflare.com/pages/configuration/redirects/)."""
LONGEST_RULE: Final = 1000
"""Characters of a rule that Cloudflare Pages accepts."""
_BUCKET: Final = 256
"""Bytes: the least size of a bucket of the table's hash; its default is a cache line."""


@dataclass(frozen=True, slots=True)
class RedirectTable:
    """``redirects`` maps retired site-relative URLs to new ones, maybe with an anchor; ``gone`` are URLs of notices and
    of files that are gone; ``help_desk`` maps numbers of another help desk's articles to URLs."""

    site_url: str
    redirects: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    help_desk: Mapping[str, str] = field(default_factory=dict)
    help_desk_pattern: str = ""
    """Regular expression of the path below the root; its first group is the number."""
    folders: tuple[str, ...] = ()
    """Folders of further languages, each with a page of its own for what is not found."""

    @property
    def base(self) -> str:
        """The path of the site on its host: ``/``, or ``/help/``."""
        return urlsplit(self.site_url).path or "/"


def redirects_file(table: RedirectTable) -> tuple[bytes, int]:
    """``_redirects`` with as many rules as such hosts read, and how many more redirects there are.

    The page of each language for what is not found is for Netlify, which serves files that are there first. Cloudflare
    Pages finds these pages by itself and passes over rules with 404, as GitLab does.
    """
    rules = [
        f"{_encoded(table.base + old)} {_encoded_target(table.base + new)} 301"
        for old, new in sorted(table.redirects.items())
    ]
    fitting = [rule for rule in rules if len(rule) <= LONGEST_RULE][:STATIC_RULES]
    missing = [f"{table.base}{folder}* {table.base}{folder}404.html 404" for folder in table.folders]
    return "".join(f"{rule}\n" for rule in (*fitting, *missing)).encode(), len(rules) - len(fitting)


def nginx_map(table: RedirectTable) -> bytes:
    """For the ``http`` block of nginx: where each retired address leads."""
    pairs = {table.base + old: table.base + new for old, new in table.redirects.items()}
    gone = [table.base + url for url in table.gone]
    longest = max((len(key.encode()) for key in (*pairs, *gone)), default=0)
    bucket = max(_BUCKET, 1 << (longest + 32).bit_length())
    pattern = f"~^{re.escape(table.base)}{table.help_desk_pattern}$".replace("articles/(", "articles/(?<kb_number>", 1)
    lines = [
        "# Written by kb build. Include it in the http block, and nginx-redirects.conf in the server block.",
        f"map_hash_bucket_size {bucket};",
        f"map_hash_max_size {max(2048, 4 * (len(pairs) + len(gone)))};",
        "map $uri $kb_help_desk_number {",
        '    default "";',
        *([f'    "{pattern}" $kb_number;'] if table.help_desk else []),
        "}",
        *_map("$kb_help_desk_number", "$kb_help_desk", {key: table.base + url for key, url in table.help_desk.items()}),
        *_map("$uri", "$kb_target", {key: _path(url) for key, url in _both(pairs).items()}, "$kb_help_desk"),
        *_map("$uri", "$kb_fragment", {key: _fragment(url) for key, url in _both(pairs).items() if "#" in url}),
        *_map("$uri", "$kb_gone", _both(dict.fromkeys(gone, "1"))),
    ]
    return ("\n".join(lines) + "\n").encode()


def nginx_rules(headers: Iterable[tuple[str, str]]) -> bytes:
    """For the ``server`` block of nginx: 301 for redirects, which keep the query, and 410 for notices."""
    lines = [
        "# Written by kb build. Include it in the server block, and nginx-map.conf in the http block.",
        "if ($kb_target) {",
        "    return 301 $kb_target$is_args$args$kb_fragment;",
        "}",
        "if ($kb_gone) {",
        "    return 410;",
        "}",
        "error_page 410 @kb_gone;",
        "location @kb_gone {",
        "    try_files $uri $uri/index.html ${uri}index.html =410;",
        *(f'    add_header {name} "{value}" always;' for name, value in headers),
        "}",
    ]
    return ("\n".join(lines) + "\n").encode()


def apache_snippet(table: RedirectTable) -> bytes:
    """For a ``VirtualHost`` of Apache with mod_rewrite: 301 for redirects, which keep the query; 410 for notices."""
    lines = ["# Written by kb build. Include it in the VirtualHost.", "RewriteEngine On"]
    lines.append(f'RewriteRule "^{re.escape(table.base)}(?:_headers|_redirects|\\.kb-site)$" - [R=404,L]')
    for folder in ("", *table.folders) if table.folders else ():
        place = _encoded(table.base + folder)
        lines += [f'<Location "{place}">', f"    ErrorDocument 404 {place}404.html", "</Location>"]
    for old, new in sorted(table.redirects.items()):
        lines += _apache_rules(_apache(table.base + old), _encoded_target(table.base + new))
    for number, url in sorted(table.help_desk.items()):
        pattern = re.sub(r"\(\[0-9\][^)]*\)", number, table.help_desk_pattern, count=1)
        lines += _apache_rules(f"{re.escape(table.base)}{pattern}", _encoded_target(table.base + url))
    for url in sorted(table.gone):
        pattern = _apache(table.base + url)
        notice = _encoded(table.base + url) + ("index.html" if url.endswith("/") else "")
        # Apache looks for the notice with the same rules, which a copy's own address would match again.
        lines += ["RewriteCond %{ENV:REDIRECT_STATUS} ^$", f'RewriteRule "^{pattern}$" - [R=410,L]']
        lines += [f'<LocationMatch "^{pattern}$">', f"    ErrorDocument 410 {notice}", "</LocationMatch>"]
    return ("\n".join(lines) + "\n").encode()


def caddy_rules(table: RedirectTable) -> bytes:
    """For a site block of Caddy 2.6 or later: 301 for redirects, which keep the query; 410 for notices; 404 pages."""
    pairs = _both({table.base + old: table.base + new for old, new in table.redirects.items()})
    for number, url in table.help_desk.items():
        pattern = re.sub(r"\(\[0-9\][^)]*\)", number, table.help_desk_pattern, count=1)
        pairs[f"~^{re.escape(table.base)}{pattern}$"] = table.base + url
    rows = [f"{_quoted(old)} {_quoted(_path(url))} {_quoted(_fragment(url))} moved" for old, url in pairs.items()]
    rows += [f'{_quoted(url)} "" "" gone' for url in _both({table.base + url: "" for url in table.gone})]
    hidden = " ".join(table.base + name for name in ("_headers", "_redirects", ".kb-site"))
    lines = [
        "map {path} {kb_page} {kb_fragment} {kb_state} {",
        '    default "" "" ""',
        *(f"    {row}" for row in sorted(rows)),
        "}",
        '@kb_moved expression `{kb_state} == "moved" && {query} == ""`',
        "redir @kb_moved {kb_page}{kb_fragment} 301",
        '@kb_moved_with_query expression `{kb_state} == "moved" && {query} != ""`',
        "redir @kb_moved_with_query {kb_page}?{query}{kb_fragment} 301",
        '@kb_gone expression `{kb_state} == "gone"`',
        "error @kb_gone 410",
        f"@kb_hidden path {hidden}",
        "error @kb_hidden 404",
        "handle_errors {",
        "    @kb_notice expression `{http.error.status_code} == 410`",
        "    handle @kb_notice {",
        "        try_files {path} {path}/index.html {path}index.html",
        "        file_server",
        "    }",
    ]
    for folder in table.folders:
        name = f"@kb_{folder.strip('/')}"
        lines += [f"    {name} path {table.base}{folder}*", f"    handle {name} {{"]
        lines += [f"        rewrite * {table.base}{folder}404.html", "        file_server", "    }"]
    lines += ["    handle {", f"        rewrite * {table.base}404.html", "        file_server", "    }", "}"]
    return ("\n".join(lines) + "\n").encode()


def _quoted(text: str) -> str:
    """A token of a Caddyfile. In braces it would be a placeholder."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("{", "\\{")
    return f'"{escaped}"'


def _apache_rules(pattern: str, target: str) -> list[str]:
    """One redirect. Apache adds a query at the end of a target, and so behind its fragment unless a rule says where."""
    # After % and $ a digit would be a group of a pattern: %94 is part of many an encoded letter.
    target = re.sub(r"[%$]", r"\\\g<0>", target)
    page, mark, fragment = target.partition("#")
    rule = f'RewriteRule "^{pattern}$" "{target}" [R=301,NE,L]'
    if not mark:
        return [rule]
    with_query = f'RewriteRule "^{pattern}$" "{page}?%{{QUERY_STRING}}#{fragment}" [R=301,NE,L]'
    return ["RewriteCond %{QUERY_STRING} .", with_query, rule]


def _map(source: str, name: str, entries: Mapping[str, str], default: str = '""') -> list[str]:
    lines = [f'    "{key}" "{value}";' for key, value in sorted(entries.items())]
    return [f"map {source} {name} {{", f"    default {default};", *lines, "}"]


def _both(pairs: Mapping[str, str]) -> dict[str, str]:
    """Each URL of a folder with and without its last slash."""
    return {key: value for url, value in pairs.items() for key in dict.fromkeys((url, url.rstrip("/") or "/"))}


def _path(url: str) -> str:
    return _encoded(url.partition("#")[0])


def _fragment(url: str) -> str:
    """With its sign; empty if there is none."""
    _, mark, fragment = url.partition("#")
    return mark + quote(fragment)


def _encoded(path: str) -> str:
    # Without $, which begins a variable in nginx.
    return quote(path, safe="/~:@!&'()*+,;=-._")


def _encoded_target(url: str) -> str:
    return _path(url) + _fragment(url)


def _apache(url: str) -> str:
    """A pattern for the decoded path of a URL, with its last slash or without."""
    pattern = re.escape(url.rstrip("/"))
    return f"{pattern}/?" if url.endswith("/") else pattern
