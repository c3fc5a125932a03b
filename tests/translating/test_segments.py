"""A text is taken apart without losing a byte, and a translator sees its words and nothing else."""

import pytest
from hypothesis import given

from kb_builder.translating.segments import pieces, segments, with_segments
from tests.translating.markdown_texts import MARKDOWN


@given(MARKDOWN)
def test_the_pieces_are_the_text(text: str) -> None:
    found = pieces(text)
    assert "".join(piece.text for piece in found) == text
    assert all(piece.text for piece in found)
    assert with_segments(text, [piece.text for piece in segments(text)]) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Title #\n\nText\nof two lines.\n", [("heading", "Title"), ("text", "Text\nof two lines.")]),
        ("## When {#when}\n", [("heading", "When")]),
        ("1. One\n2. Two\n   more\n\n- [x] Done\n", [("item", "One"), ("item", "Two\n   more"), ("item", "Done")]),
        ("> Said\n> so.\n", [("text", "Said\n> so.")]),
        ("> - Said\n", [("item", "Said")]),
        (
            "| Size | Price |\n|---|--:|\n| Small | £4.99 |\n| `a|b` [c](d) | large \\| small |\n",
            [
                ("cell", "Size"),
                ("cell", "Price"),
                ("cell", "Small"),
                ("cell", "`a|b` [c](d)"),
                ("cell", "large \\| small"),
            ],
        ),
        ('!!! note "Please note"\n    Text.\n', [("title", "Please note"), ("text", "Text.")]),
        ("!!! note\n    Text.\n", [("text", "Text.")]),
        ('=== "By post"\n\n    Text.\n', [("title", "By post"), ("text", "Text.")]),
        ('Before.\n\n!!! staff "Team"\n    Call Ann.\n\nAfter.\n', [("text", "Before."), ("text", "After.")]),
        ("```yaml\nkey: words\n```\n\nText.\n", [("text", "Text.")]),
        ("- Item\n\n    ```\n    code words\n    ```\n", [("item", "Item")]),
        ("    code words\n\nText.\n", [("text", "Text.")]),
        ("<!-- words\nfor authors -->\nText.\n", [("text", "Text.")]),
        ("[ref]: https://x.example/words\n\n[^1]: A note.\n", [("item", "A note.")]),
        ("Title\n=====\n\n---\n\n12 / 34\n\n`code`\n\n<br>\n", [("text", "Title")]),
        ("```\nnever closed\n", []),
        (
            "Text.\n<pre>\nsome words\n</pre>\n<script>let a;\n\nmore words</script>\nEnd.\n",
            [("text", "Text."), ("text", "End.")],
        ),
    ],
)
def test_what_a_translator_sees(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(piece.kind, piece.text) for piece in segments(text)] == expected


def test_texts_are_put_in_the_places_of_their_segments() -> None:
    text = "## One {#one}\n\n1. Two\n\n| Three |\n|---|\n| Four |\n"
    assert with_segments(text, ["Eins", "Zwei", "Drei", "Vier"]) == (
        "## Eins {#one}\n\n1. Zwei\n\n| Drei |\n|---|\n| Vier |\n"
    )


def test_lines_are_those_of_the_text() -> None:
    assert [piece.line for piece in segments("# One\n\nTwo\nmore\n\n- Three\n")] == [0, 2, 5]
