"""What is asked for most comes first, then what is missing, then what is stale."""

from dataclasses import replace

from kb_builder.content.revisions import revision
from kb_builder.model import Article
from kb_builder.translating.status import standings


def article(id: str) -> Article:
    return Article(id=id, path=f"{id}.md", url=f"{id}/", title=id.upper(), body="Text.", body_line=1)


ONE, TWO, THREE, FOUR = map(article, ("one", "two", "three", "four"))


def german(source: Article, translated_from: str) -> Article:
    return replace(source, path=f"{source.id}.de.md", language="de", translated_from=translated_from)


def test_states_and_their_order() -> None:
    translations = (german(ONE, revision(ONE)), german(TWO, "aaaaaaaaaa"), german(THREE, ""))
    public = {one.path for one in translations}
    found = standings((ONE, TWO, THREE, FOUR), translations, ("de", "ar"), {"one": 9, "two": 40}, public)
    assert [(one.language, one.id, one.state, one.asked) for one in found] == [
        ("de", "two", "stale", 40), ("de", "one", "up to date", 9), ("de", "four", "missing", 0),
        ("de", "three", "unmarked", 0), ("ar", "two", "missing", 40), ("ar", "one", "missing", 9),
        ("ar", "four", "missing", 0), ("ar", "three", "missing", 0),
    ]  # fmt: skip
    assert (found[0].path, found[0].translation, found[0].revision) == ("two.md", "two.de.md", revision(TWO))


def test_a_translation_that_customers_do_not_see_is_not_up_to_date() -> None:
    found = standings((ONE,), (german(ONE, revision(ONE)),), ("de",), {}, ())
    assert [(one.state, one.translation) for one in found] == [("kept in", "one.de.md")]
