"""Targets change, the text around them does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.editing.link_rewriting import rewrite_links


def change(target: str) -> str | None:
    return {"old.md": "new.md", "a b.md": "c d.md", "p(1).png": "q.png"}.get(target)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[x](old.md)", "[x](new.md)"),
        ("[x](old.md#part 'title')", "[x](new.md#part 'title')"),
        ("![alt [nested]]( old.md )", "![alt [nested]]( new.md )"),
        ("[x](<a b.md>) [y](a%20b.md)", "[x](<c d.md>) [y](c%20d.md)"),
        ("[x](p(1).png)", "[x](q.png)"),
        ("[x]: old.md\n[y]: <old.md> 'T'", "[x]: new.md\n[y]: <new.md> 'T'"),
        ("<a href=\"old.md#x\">y</a><img src='old.md'>", "<a href=\"new.md#x\">y</a><img src='new.md'>"),
        ("[x](other.md) [y](#part) [z]()", "[x](other.md) [y](#part) [z]()"),
        ("```\n[x](old.md)\n```\n[x](old.md)", "```\n[x](old.md)\n```\n[x](new.md)"),
        ("~~~~ md\n~~~\n[x](old.md)\n~~~~\n[x](old.md)", "~~~~ md\n~~~\n[x](old.md)\n~~~~\n[x](new.md)"),
        ("1. ```\n   [x](old.md)\n    ```\n\n   [x](old.md)", "1. ```\n   [x](old.md)\n    ```\n\n   [x](new.md)"),
        ("> ```\n> a\n> ```\n> [x](old.md)", "> ```\n> a\n> ```\n> [x](new.md)"),
        ("```a``` [x](old.md)", "```a``` [x](new.md)"),
        ("old.md stays text", "old.md stays text"),
    ],
)
def test_only_targets_of_links_are_rewritten(text: str, expected: str) -> None:
    assert rewrite_links(text, change) == expected


@given(st.text(alphabet="[]()<>#`~\n ab.md\"'=hrefsrc:%", max_size=120))
def test_nothing_changes_unless_a_target_does(text: str) -> None:
    assert rewrite_links(text, lambda _: None) == text
