"""Options that reach headers, nginx and pages hold nothing that could change their meaning."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.config import parse_options, problem_of_site_url
from kb_builder.errors import InputError
from kb_builder.publishing.header_files import Policy, nginx_snippet

PARTS = st.lists(
    st.one_of(
        st.sampled_from([
            "https://", "http://", "javascript://", "x.example", ":8443", "/",
            "a", "?", "#", ";", "'", '"', " ", "\n", "{", "}",
            "$uri", "\\", "[", "]", "[::1]", "@", "%0a", "unsafe-inline", "*", ",", "<", "ä", "..", ":",
        ]),
        st.text(max_size=3),
    ),
    max_size=8,
).map("".join)  # fmt: skip


@given(PARTS)
def test_an_endpoint_adds_one_origin_to_the_policy_or_is_refused(text: str) -> None:
    try:
        options = parse_options({"feedback": {"endpoint": text}}, "mkdocs.yml")
    except InputError:
        return
    policy = str(Policy(options.feedback.endpoint))
    connect = policy.split("connect-src ")[1].split(";")[0].split()
    split = urlsplit(text)
    assert connect == ["'self'", *([f"{split.scheme}://{split.netloc}"] if split.netloc else [])]
    assert policy.count(";") == str(Policy()).count(";")
    assert not set(policy) & set('"\n\\{}$')


@given(PARTS)
def test_a_site_url_leaves_nginx_the_same_directives_or_is_refused(text: str) -> None:
    if problem_of_site_url(text):
        return
    lines = nginx_snippet(Policy(), text).decode().splitlines()
    assert [line.split()[0] for line in lines] == [
        line.split()[0] for line in nginx_snippet(Policy(), "https://help.example.com/a/").decode().splitlines()
    ]


@pytest.mark.parametrize(
    "url", ["https://help.example.com/", "http://localhost:8000/help/", "https://[::1]/a-b_c~d%20e/"]
)
def test_usual_addresses_are_accepted(url: str) -> None:
    assert problem_of_site_url(url) == ""
    assert parse_options({"feedback": {"endpoint": url, "email": "a.b@help.example.com"}}, "x").feedback.endpoint == url


@pytest.mark.parametrize("mail", ["a@b", "a b@c.example", "a@c.example?bcc=x@y.example", '"a"@c.example'])
def test_other_text_is_no_mail_address(mail: str) -> None:
    with pytest.raises(InputError, match="must be an e-mail address"):
        parse_options({"feedback": {"email": mail}}, "mkdocs.yml")
