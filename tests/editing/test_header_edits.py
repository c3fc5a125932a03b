"""Headers are changed as their authors would change them."""

import pytest

from kb_builder.editing.header_edits import Value, add_item, add_key, set_key
from kb_builder.errors import InputError


def edited(header: str, item: str = "/old/") -> str:
    text = add_item(f"---\n{header}\n---\nBody.\n", "a.md", "redirect_from", item)
    assert text.endswith("\n---\nBody.\n")
    return text.removeprefix("---\n").removesuffix("\n---\nBody.\n")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("title: T", "title: T\nredirect_from: [/old/]"),
        ("redirect_from: [/a/, '/b/']\ntitle: T", "redirect_from: [/a/, '/b/', /old/]\ntitle: T"),
        ("redirect_from: [/a/,\n  /b/]\ntitle: T", "redirect_from: [/a/,\n  /b/, /old/]\ntitle: T"),
        (
            "redirect_from:\n  - /a/\n  - /b/ # why\ntitle: T",
            "redirect_from:\n  - /a/\n  - /b/ # why\n  - /old/\ntitle: T",
        ),
        ("redirect_from:\n- /a/\ntitle: T", "redirect_from:\n- /a/\n- /old/\ntitle: T"),
        ("aliases: [/a/]\ntitle: T", "aliases: [/a/, /old/]\ntitle: T"),
        ("redirect_from: /a/\ntitle: T", "redirect_from: /a/, /old/\ntitle: T"),
        ("redirect_from:\ntitle: T", "redirect_from: [/old/]\ntitle: T"),
        ("redirect_from: []\ntitle: T", "redirect_from: [/old/]\ntitle: T"),
        ("# a comment\ntitle: T # more", "# a comment\ntitle: T # more\nredirect_from: [/old/]"),
    ],
)
def test_an_item_is_added_in_the_form_the_list_has(header: str, expected: str) -> None:
    assert edited(header) == expected


def test_an_item_that_needs_quotes_gets_them() -> None:
    assert edited("title: T", "/it's: old/") == 'title: T\nredirect_from: ["/it\'s: old/"]'


@pytest.mark.parametrize(
    "header", ["redirect_from: /a/ # why", "redirect_from: [\n  /a/\n  ]", "redirect_from: >\n  /a/"]
)
def test_what_only_its_author_should_change_is_refused(header: str) -> None:
    with pytest.raises(InputError, match="can't be edited automatically") as caught:
        edited(header)
    assert caught.value.hint == "add /old/ to it by hand"


def test_a_key_goes_on_top() -> None:
    assert add_key("---\ntitle: T\n---\n", "a.md", "id", "x-1") == "---\nid: x-1\ntitle: T\n---\n"


@pytest.mark.parametrize(
    ("header", "key", "value", "expected"),
    [
        ("title: T", "answer", "A: b", 'title: T\nanswer: "A: b"'),
        ("title: T # why\nid: a", "title", "New", "title: New\nid: a"),
        ("summary: >\n  Old\n  words\n\n# next\nid: a", "description", "New", "summary: New\n\n# next\nid: a"),
        ("asked_as: [a,\n  b]", "asked_as", ["c d", "e"], 'asked_as:\n  - "c d"\n  - e'),
        ("title: T\nsummary: of an announcement", "summary", "new", "title: T\nsummary: new"),
        ("title: T\nreplies: {sms: a}", "replies", {"sms": "b"}, "title: T\nreplies:\n  sms: b"),
        ("title: T", "answer", "“Ja” sagt \"er\"\nheute", 'title: T\nanswer: "“Ja” sagt \\"er\\"\\nheute"'),
    ],
)  # fmt: skip
def test_a_key_is_set(header: str, key: str, value: Value, expected: str) -> None:
    assert set_key(f"---\n{header}\n---\nBody.\n", "a.md", key, value) == f"---\n{expected}\n---\nBody.\n"


def test_a_header_on_one_line_is_not_edited() -> None:
    with pytest.raises(InputError, match="can't be edited automatically"):
        set_key("---\n{title: T, id: a}\n---\n", "a.md", "title", "New")
