"""The converter's own words in a body are in the language of the text; an author's stay."""

import json
from pathlib import Path

import pytest

from kb_builder.content.interface_language import Language
from kb_builder.rendering.body_labels import BodyLabels

GERMAN = Language("de", json.loads((Path(__file__).parents[2] / "theme/words/de.json").read_text("utf-8")))


def box(kind: str, title: str) -> str:
    return f'<div class="admonition {kind}">\n<p class="admonition-title">{title}</p>\n<p>Text.</p>\n</div>'


@pytest.mark.parametrize(
    ("html", "translated"),
    [
        (box("note", "Note"), box("note", "Hinweis")),
        (box("tip inline end", "Tip"), box("tip inline end", "Tipp")),
        (box("note", "Please read"), box("note", "Please read")),
        (box("note", "Warning"), box("note", "Warning")),
        (box("mine", "Mine"), box("mine", "Mine")),
        (
            '<details class="question">\n<summary>Question</summary>\n</details>',
            '<details class="question">\n<summary>Frage</summary>\n</details>',
        ),
        (
            '<a class="footnote-backref" href="#fnref:1" title="Jump back to footnote 12 in the text">↩</a>',
            '<a class="footnote-backref" href="#fnref:1" title="Zurück zu Fußnote 12 im Text">↩</a>',
        ),
        ('<input type="checkbox" aria-label="Done">', '<input type="checkbox" aria-label="Erledigt">'),
        ("<p>Note, Done, Table</p>", "<p>Note, Done, Table</p>"),
    ],
)
def test_labels_of_a_body_are_translated_and_nothing_else(html: str, translated: str) -> None:
    assert BodyLabels(GERMAN).translate(html) == translated
    assert BodyLabels(Language()).translate(html) == html
