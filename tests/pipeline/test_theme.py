"""A language of a team's own is one file below ``custom_dir``, and its mistakes are named with their line."""

from pathlib import Path

import pytest

from kb_builder.errors import InputError
from tests.centres import MKDOCS, SMALL, open_site, put, write

FINNISH = MKDOCS.replace("  name: material\n", "  name: material\n  language: fi\n  custom_dir: ours\n")


def centre(root: Path, words: str, mkdocs: str = FINNISH) -> Path:
    put(root, "ours/words/fi.json", words)
    return write(root, SMALL, mkdocs=mkdocs)


def test_a_language_is_one_file(tmp_path: Path) -> None:
    words = '{\n"Search": "Haku",\n"{count} answers": {"one": "{count} vastaus", "other": "{count} vastausta"}\n}\n'
    theme = open_site(centre(tmp_path, words)).theme
    speaks = theme.language
    assert [speaks.word("{count} answers", count=count) for count in (1, 2)] == ["1 vastaus", "2 vastausta"]
    assert (speaks.word("Search"), speaks.word("Yes")) == ("Haku", "Yes")
    found = {one.code: one for one in theme.findings}
    assert found["untranslated"].message.endswith('are read aloud as "fi"')
    assert "words/fi.json" in found["untranslated"].hint


def test_its_mistakes_are_findings_with_their_line(tmp_path: Path) -> None:
    words = '{\n"Serch": "Haku",\n"{count} answers": "{count} vastausta"\n}\n'
    theme = open_site(centre(tmp_path, words)).theme
    found = [(one.where, one.code) for one in theme.findings if one.path.endswith(".json")]
    assert found == [("ours/words/fi.json:2", "unused-words"), ("ours/words/fi.json:3", "missing-plural")]


def test_a_file_that_cannot_be_used_stops_with_all_its_errors(tmp_path: Path) -> None:
    theme = open_site(centre(tmp_path, '{\n"Search": 1,\n"Until {time}": "Asti"\n}\n')).theme
    with pytest.raises(InputError) as refused:
        assert theme.language
    assert [one.where for one in refused.value.findings] == ["ours/words/fi.json:2", "ours/words/fi.json:3"]


def test_a_text_of_a_shipped_language_can_be_replaced(tmp_path: Path) -> None:
    put(tmp_path, "ours/words/de.json", '{"Ask us": "Frag uns"}')
    write(tmp_path, SMALL, mkdocs=FINNISH.replace("language: fi", "language: de"))
    theme = open_site(tmp_path).theme
    assert (theme.language.word("Ask us"), theme.language.word("Yes")) == ("Frag uns", "Ja")
    assert not [one for one in theme.findings if one.code == "untranslated"]
