"""Answers requests for the preview only if they come from this machine's own pages.

The preview shows drafts on a local address. A page on the web can let its own name point to that address and read the
answers (DNS rebinding); its requests carry its name in ``Host`` and ``Origin``.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

Application: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_LOCAL = ("localhost", "127.0.0.1", "[::1]")


def only_local(app: Application, host: str, port: int) -> Application:
    """``app`` (WSGI) for requests that name a local address and ``port``, or the address that is bound."""
    bound = f"[{host}]" if ":" in host else host.lower()
    hosts = {f"{name}:{port}" for name in (*_LOCAL, bound)}
    if port == 80:
        hosts |= {*_LOCAL, bound}

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not _is_local(environ, hosts):
            start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"The preview answers only to local addresses.\n"]
        path = str(environ.get("PATH_INFO", ""))
        if any(ord(character) < 32 for character in path):
            start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"There is a control character in the address.\n"]
        return app(environ, start_response)

    return guarded


def _is_local(environ: Mapping[str, Any], hosts: Iterable[str]) -> bool:
    # A page of another site may lead here; it may not show a draft's picture or run a script of the preview.
    if environ.get("HTTP_SEC_FETCH_SITE") == "cross-site" and environ.get("HTTP_SEC_FETCH_DEST") != "document":
        return False
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and str(origin).lower() not in {f"http://{host}" for host in hosts}:
        return False
    # A browser always sends Host; without it there is no page whose name could be another.
    return str(environ.get("HTTP_HOST", "")).lower() in {"", *hosts}
