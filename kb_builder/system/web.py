"""Asks other sites whether a page is there, and fetches files from them."""

import ipaddress
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

NO_HOST: Final = 0
"""The status of a host that does not exist."""
_AT_ONCE: Final = 8
_SECONDS: Final = 10
_DOWNLOAD_SECONDS: Final = 30
_AGENT: Final = {"User-Agent": "Mozilla/5.0 (compatible; kb-builder link check)", "Accept": "*/*"}


def statuses(urls: Iterable[str], *, local: bool = False) -> dict[str, int | None]:
    """HTTP status of each URL after redirects, :data:`NO_HOST`, or None where there is no answer to rely on.

    Only hosts with public addresses are asked, so that content can't reach into a private network; ``local`` asks all.
    """
    urls = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(urls, pool.map(lambda url: _status(url, local), urls), strict=True))


def fetch(url: str, *, limit: int, allowed: Callable[[str], bool]) -> tuple[bytes, str] | None:
    """The bytes of a file, at most ``limit``, and its media type; None for one that can't be had whole.

    Only URLs that are ``allowed`` are asked, on hosts with public addresses; those of redirects too.
    """

    def may_ask(url: str) -> bool:
        return allowed(url) and is_public(url)

    try:
        if not may_ask(url):
            return None
        with urllib.request.build_opener(_Redirects(may_ask)).open(url, timeout=_DOWNLOAD_SECONDS) as answer:
            data = answer.read(limit + 1)
            # The server sent less than it said.
            return None if len(data) > limit or answer.length else (data, answer.headers.get_content_type())
    except (OSError, ValueError, HTTPException):
        return None


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to URLs that may be asked."""

    def __init__(self, may_ask: Callable[[str], bool]) -> None:
        self.may_ask = may_ask

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if not self.may_ask(newurl):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _status(url: str, local: bool) -> int | None:
    try:
        if not local and not is_public(url):
            return None
        opener = urllib.request.build_opener(_Redirects(lambda target: local or is_public(target)))
        for method in ("HEAD", "GET"):
            try:
                request = urllib.request.Request(url, headers=_AGENT, method=method)
                with opener.open(request, timeout=_SECONDS) as answer:
                    return int(answer.status)
            except urllib.error.HTTPError as error:
                # Some servers refuse HEAD.
                if method == "GET":
                    return error.code
    except socket.gaierror as error:
        return NO_HOST if error.errno == socket.EAI_NONAME else None
    except (OSError, ValueError, HTTPException):
        return None
    return None


def split_url(text: str) -> SplitResult:
    """The parts of a URL as :func:`urllib.parse.urlsplit` gives them; no part for one that it refuses."""
    try:
        split = urlsplit(text)
        split.port  # noqa: B018  (checked only when it is asked for)
    except ValueError:
        return SplitResult("", "", "", "", "")
    return split


def is_public(url: str) -> bool:
    """Whether every address of the host is public. Raises :class:`socket.gaierror` if it has none."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    return all(ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global for *_, address in found)
