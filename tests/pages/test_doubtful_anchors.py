"""An anchor that was published never passes from one heading to another unless an author says so."""

from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from kb_builder.commands.mkdocs_config import _EXTENSIONS
from kb_builder.config import Extensions
from kb_builder.markdown.convert import Converter
from kb_builder.model import Article, Heading
from kb_builder.pages.doubtful_anchors import Doubt, doubts

CONVERTER = Converter(Extensions(("toc", *_EXTENSIONS), _EXTENSIONS))
PAGE = "a/x/"


def article(body: str) -> Article:
    return Article("x", "content/articles/x.md", "x/", "X", body, 7)


def headings(body: str) -> tuple[Heading, ...]:
    return CONVERTER.convert(body).outline.headings


def found(before: str, after: str) -> list[Doubt]:
    once_public = {f"{PAGE}#{heading.anchor}" for heading in headings(before)}
    return list(doubts(article(after), PAGE, headings(after), once_public))


OLD = "## Refunds\n\nBy card they take a week.\n"
NEW = "## Refunds\n\nVouchers never expire.\n"


def test_an_equal_heading_above_an_old_one_is_named_with_the_fix() -> None:
    (doubt,) = found(OLD, f"{NEW}\n{OLD}")
    assert str(doubt.finding()) == (
        'content/articles/x.md:7: error: "/a/x/#refunds" was published for another heading "Refunds", or for this one\n'
        "  write it behind the one that had it:  ## Refunds {#refunds}"
    )


def test_the_fix_settles_it() -> None:
    settled = f"{NEW}\n{OLD.replace('## Refunds', '## Refunds {#refunds}')}"
    assert found(OLD, settled) == []
    assert found(settled, settled) == []


def test_equal_headings_that_were_published_together_are_known_apart() -> None:
    assert found(f"{OLD}\n{NEW}", f"{OLD}\n{NEW}") == []
    assert [doubt.anchor for doubt in found(f"{OLD}\n{NEW}", f"{NEW}\n{OLD}")] == ["refunds"]


def test_a_heading_that_never_was_published_takes_any_anchor() -> None:
    assert found("Text.\n", f"{NEW}\n{OLD}") == []


SECTIONS = st.tuples(st.sampled_from(["Refunds", "Возврат", "On paper"]), st.integers(0, 99))


def page(sections: list[tuple[str, int]], marks: dict[tuple[str, int], str] | None = None) -> str:
    made = (
        f"## {words}{f' {{#{mark}}}' if (mark := (marks or {}).get((words, text))) else ''}\n\nText number {text}.\n"
        for words, text in sections
    )
    return "\n".join(made)


def shown(sections: list[tuple[str, int]], body: str) -> dict[str, tuple[str, int]]:
    """Anchor → the section that a reader sees there."""
    return {heading.anchor: section for heading, section in zip(headings(body), sections, strict=True)}


@given(
    st.lists(SECTIONS, min_size=1, max_size=6, unique=True), st.lists(SECTIONS, max_size=3, unique=True), st.randoms()
)
def test_whatever_is_inserted_removed_or_swapped_no_anchor_shows_another_section(
    before: list[tuple[str, int]], new: list[tuple[str, int]], chance: Random
) -> None:
    """While an old section is on the page its anchor shows it, or is gone or doubtful, which are errors; and none that
    was published under an anchor of its own takes another's without either. Writing the old anchors behind the old
    headings settles it. (A new section in place of an old one, with the same heading, is a change of the text.)"""
    kept = [section for section in before if chance.random() < 0.7]
    after = kept + [section for section in new if section not in before]
    chance.shuffle(after)
    assume(after)
    was, now = shown(before, page(before)), shown(after, page(after))
    anchor_of = {section: anchor for anchor, section in was.items()}
    doubtful = {doubt.anchor for doubt in found(page(before), page(after))}
    for anchor, section in was.items():
        shows = now.get(anchor, section)
        if shows != section and (shows in anchor_of or section in after):
            assert anchor in doubtful or anchor_of.get(shows) in was.keys() - now.keys()
    marks = {section: anchor for anchor, section in was.items() if section in after}
    settled = page(after, marks)
    assert [doubt for doubt in found(page(before), settled) if was[doubt.anchor] in after] == []
    assert shown(after, settled).items() >= {(mark, section) for section, mark in marks.items()}
