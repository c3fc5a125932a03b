"""Articles with the same title, or nearly the same text."""

from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.duplicates import duplicates
from kb_builder.model import Article

WORDS = [f"word{number}" for number in range(60)]


def article(name: str, title: str, body: str) -> Article:
    return Article(id=name, path=f"content/articles/{name}.md", url=f"{name}/", title=title, body=body, body_line=1)


def test_titles_and_texts_that_are_nearly_the_same_are_named_once() -> None:
    text = " ".join(WORDS)
    articles = [
        article("a", "Track your order", text),
        article("b", "Where is it?", text.replace("word30", "another")),
        article("c", "track  your ORDER", "Short."),
        article("d", "Something else", " ".join(reversed(WORDS))),
    ]
    found = {(finding.path.rpartition("/")[2], finding.message) for finding in duplicates(articles)}
    assert found == {
        ("b.md", "84% of the text is that of content/articles/a.md"),
        ("c.md", "the title is the same as that of content/articles/a.md"),
    }


def test_boilerplate_and_short_texts_are_no_duplicates() -> None:
    same = " ".join(WORDS)
    assert list(duplicates([article(f"n{number}", f"Title {number}", same) for number in range(20)])) == []
    assert list(duplicates([article("a", "A", "Call us any time."), article("b", "B", "Call us any time.")])) == []


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=30), max_size=6))
def test_articles_of_their_own_words_are_never_duplicates(bodies: list[list[str]]) -> None:
    articles = [
        article(f"n{place}", f"Title {place}", " ".join(f"{word}-{place}" for word in body))
        for place, body in enumerate(bodies)
    ]
    assert list(duplicates(articles)) == []
