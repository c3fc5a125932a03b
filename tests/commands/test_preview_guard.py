"""The preview answers only requests that name a local address."""

from collections.abc import Iterable
from typing import Any

import pytest

from kb_builder.commands.preview_guard import only_local


def status(host: str = "127.0.0.1", port: int = 8000, **environ: str) -> str:
    given: list[str] = []

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"draft"]

    def start(code: str, headers: list[tuple[str, str]]) -> None:
        given.append(code)

    body = b"".join(only_local(app, host, port)({"PATH_INFO": "/", **environ}, start))
    assert (body == b"draft") == given[0].startswith("200")
    return given[0][:3]


@pytest.mark.parametrize("name", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:8000", ""])
def test_local_names_are_answered(name: str) -> None:
    assert status(HTTP_HOST=name) == "200"


@pytest.mark.parametrize(
    "name",
    ["evil.example", "evil.example:8000", "localhost.evil.example:8000", "127.0.0.1.evil.example:8000",
     "localhost:80", "localhost", "127.0.0.1:8000@evil.example", "169.254.169.254:8000"],
)  # fmt: skip
def test_other_names_are_refused(name: str) -> None:
    assert status(HTTP_HOST=name) == "403"


def test_the_address_that_is_bound_is_answered() -> None:
    assert status("127.0.0.2", HTTP_HOST="127.0.0.2:8000") == "200"
    assert status("::1", 8080, HTTP_HOST="[::1]:8080") == "200"
    assert status(port=80, HTTP_HOST="localhost") == "200"


@pytest.mark.parametrize("path", ["/", "/livereload/1/2"])
def test_pages_of_another_origin_are_refused(path: str) -> None:
    own, other = "http://localhost:8000", "https://evil.example"
    assert status(HTTP_HOST="localhost:8000", HTTP_ORIGIN=own, PATH_INFO=path) == "200"
    for origin in (other, "null", "http://localhost:8001", "https://localhost:8000"):
        assert status(HTTP_HOST="localhost:8000", HTTP_ORIGIN=origin, PATH_INFO=path) == "403"


@pytest.mark.parametrize("path", ["/\0", "/a\n", "/\x1b[31m"])
def test_control_characters_in_addresses_are_refused(path: str) -> None:
    assert status(HTTP_HOST="localhost:8000", PATH_INFO=path) == "400"


@pytest.mark.parametrize(("where", "answer"), [("document", "200"), ("image", "403"), ("iframe", "403"), ("", "403")])
def test_another_site_may_lead_to_a_page_and_not_show_it(where: str, answer: str) -> None:
    fetch = {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_DEST": where}
    assert status(HTTP_HOST="localhost:8000", **fetch) == answer
    assert status(HTTP_HOST="localhost:8000", **fetch | {"HTTP_SEC_FETCH_SITE": "same-origin"}) == "200"
