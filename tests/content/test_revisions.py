"""A revision changes with what customers read, and with nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from kb_builder.content.revisions import is_outdated, is_stale, revision
from kb_builder.model import Action, Article

SOURCE = Article(
    id="one", path="a.md", url="faq/a/", title="How do I cancel?", body="\nOpen it.\n", body_line=5,
    answer="Yes.", answer_markdown="Yes.", replies=(("sms", "Yes"),), action=Action("Go", "https://x.example/"),
)  # fmt: skip


def test_it_is_the_same_everywhere() -> None:
    assert revision(SOURCE) == "d61fde8df8"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "How can I cancel?"}, {"nav_title": "Cancel"}, {"description": "Told."}, {"answer_markdown": "No."},
        {"replies": ()}, {"must_say": ("Yes.",)}, {"action": Action("Go", "https://y.example/")}, {"action": None},
        {"body": "\nOpen them.\n"},
    ],
)  # fmt: skip
def test_what_customers_read_changes_it(change: dict[str, object]) -> None:
    assert revision(replace(SOURCE, **change)) != revision(SOURCE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"tags": ("new",)}, {"asked_as": ("stop it",)}, {"last_reviewed_on": date(2026, 1, 1)}, {"owner": "Ann"},
        {"order": 3}, {"path": "b.md"}, {"draft": True}, {"staff_body": "secret", "staff_text": "secret"},
        {"body": "\n\n<!-- kb-ignore long-line\nit is fine -->\nOpen it.\n\n"}, {"important": "true"},
    ],
)  # fmt: skip
def test_nothing_else_does(change: dict[str, object]) -> None:
    assert revision(replace(SOURCE, **change)) == revision(SOURCE)  # type: ignore[arg-type]


NOW = revision(SOURCE)


@pytest.mark.parametrize(
    ("translated_from", "important", "stale", "outdated"),
    [
        ("", "true", False, False),
        (NOW, "true", False, False),
        ("aaaaaaaaaa", "", True, False),
        ("aaaaaaaaaa", "true", True, True),
        ("aaaaaaaaaa", NOW, True, True),
        ("aaaaaaaaaa", "bbbbbbbbbb", True, True),
        ("aaaaaaaaaa", "aaaaaaaaaa", True, False),
    ],
)
def test_stale_and_outdated(translated_from: str, important: str, stale: bool, outdated: bool) -> None:
    translation = replace(SOURCE, language="de", translated_from=translated_from)
    source = replace(SOURCE, important=important)
    assert (is_stale(translation, source), is_outdated(translation, source)) == (stale, outdated)
