"""Reply templates: filling in, and findings with path and line."""

from pathlib import Path

import pytest

from kb_builder.errors import Finding, InputError, Severity
from kb_builder.support.channel_text import CHANNELS, LIMITS, fits
from kb_builder.support.templates import (
    PLACEHOLDERS,
    Template,
    default_templates,
    parse_template,
    read_templates,
    template_findings,
)
from tests.centres import put


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("{greeting} {answer}\n\n{trend}\n\n{link}", {"answer": "A.", "link": "L"}, "A.\n\nL"),
        ("{opening} {trend} {answer} {link}", {"opening": "O", "answer": "A", "link": "L"}, "O A L"),
        ("More: {steps}\n{answer}", {"answer": "A"}, "A"),
        ("Always.\n{answer}", {"answer": "A"}, "Always.\nA"),
        ("{ answer }", {"answer": "A {link}", "link": "L"}, "A {link}"),
        ("{answer}\n\n\n\n{closing}", {"answer": "A", "closing": "Bye,\nSam"}, "A\n\nBye,\nSam"),
    ],
)
def test_a_line_without_any_value_is_left_out(template: str, values: dict[str, str], text: str) -> None:
    assert Template(template).fill(values) == text


def test_the_shipped_templates_are_valid() -> None:
    assert set(default_templates(str)) == set(CHANNELS)
    for channel, template in default_templates(str).items():
        findings: list[Finding] = []
        parse_template(template.text, "t.txt", channel, findings)
        assert findings == []


@pytest.mark.parametrize(
    ("channel", "text", "line", "code", "hint"),
    [
        ("chat", "Hi\n{anwser} {link}", 2, "unknown-placeholder", "did you mean {answer}?"),
        ("chat", "{answer} {link} {zzzz}", 1, "unknown-placeholder", "placeholders: {greeting}"),
        ("chat", "{answer} {link", 1, "unknown-placeholder", "placeholders: {greeting}"),
        ("sms", " \n\n", 1, "empty-template", "write the reply with {answer}"),
        ("sms", "Look: {link}", 1, "bad-template", "put {answer}"),
        ("chat", "{answer}", 1, "bad-template", "put {link}"),
        ("sms", "x" * 161 + " {answer} {link}", 1, "long-template", "leave room"),
        ("chat", "Subject: x\n{answer} {link}", 1, "bad-template", "take out the line Subject:"),
    ],
)
def test_a_mistake_in_a_template_is_named_with_its_line(
    channel: str, text: str, line: int, code: str, hint: str, tmp_path: Path
) -> None:
    put(tmp_path, f"content/replies/{channel}.txt", text)
    found = template_findings(tmp_path)
    assert (found[0].path, found[0].line, found[0].code) == (f"content/replies/{channel}.txt", line, code)
    assert found[0].hint.startswith(hint)


def test_a_template_that_cannot_be_used_stops_replies(tmp_path: Path) -> None:
    put(tmp_path, "content/replies/sms.txt", "{anwser} {link}")
    with pytest.raises(InputError) as caught:
        read_templates(tmp_path, "en", str)
    assert caught.value.findings[0].line == 1


def test_the_language_comes_before_the_general_template(tmp_path: Path) -> None:
    put(tmp_path, "content/replies/chat.txt", "General {answer} {link}")
    put(tmp_path, "content/replies/chat.de.txt", "Deutsch {answer} {link}")
    put(tmp_path, "content/replies/email.txt", "Subject: Your question\n\n{answer} {link}")
    assert read_templates(tmp_path, "de", str)["chat"].text == "Deutsch {answer} {link}"
    found = read_templates(tmp_path, "en", str)
    assert found["chat"].text == "General {answer} {link}"
    assert found["email"] == Template("{answer} {link}", "Your question")
    assert found["sms"] == default_templates(str)["sms"]


def test_other_names_are_a_warning(tmp_path: Path) -> None:
    put(tmp_path, "content/replies/sns.txt", "{answer} {link}")
    (finding,) = template_findings(tmp_path)
    assert (finding.code, finding.severity) == ("unknown-template", Severity.WARNING)
    assert finding.hint == 'did you mean "sms.txt"?'


def test_without_templates_the_shipped_ones_are_used(tmp_path: Path) -> None:
    assert read_templates(tmp_path, "en", str) == default_templates(str)


@pytest.mark.parametrize("channel", LIMITS)
def test_the_shipped_texts_leave_room(channel: str) -> None:
    assert fits(default_templates(str)[channel].fill(dict.fromkeys(PLACEHOLDERS, "x" * 9)), channel)
