"""Stars and underscores: whatever is between them, no letter is lost."""

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import Markdown

from kb_builder.markdown.emphasis import SteadyEmphasis
from tests.growth import in_proportion

SIGNS = ("*", "**", "***", "____", "_", "__", "___", "*****")
WORDS = ("a", "b_c", "d*e", "file_name", " ", " ", "(h)", ".", "`c_d`")

CONVERTER = Markdown(extensions=[SteadyEmphasis()])


def letters(text: str) -> str:
    return re.sub(r"\W|_", "", text)


@given(st.lists(st.sampled_from((*SIGNS, *WORDS, *WORDS)), max_size=24).map("".join))
@example("***a** snake_case_name __b__")
@example("**a b_c**d*ea")
@example("***d*e***b_c * *.g`c_d` ********d*ef_(h)")
@example("(h)~_(h)****___a.___(h)file_name file_name*___**__")
def test_no_letter_is_lost_between_stars_and_underscores(text: str) -> None:
    shown = html.unescape(re.sub(r"<[^>]+>", "", CONVERTER.convert(f"x{text}")))
    assert letters(shown) == letters(f"x{text}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("***a** b* c_d", "<em><strong>a</strong> b</em> c_d"),
        ("**a *b* c** d", "<strong>a <em>b</em> c</strong> d"),
        ("x **a **b** c_d 2*3*4 __e__", "x **a <strong>b</strong> c_d 2<em>3</em>4 <strong>e</strong>"),
    ],
)
def test_what_is_bold_stays_bold(text: str, shown: str) -> None:
    assert CONVERTER.convert(text) == f"<p>{shown}</p>"


def test_pairs_of_one_text_are_not_taken_for_those_of_the_next() -> None:
    alone = CONVERTER.convert("b_c **d**")
    assert CONVERTER.convert("***a** b_c\n\nb_c **d**").endswith(alone)


@pytest.mark.growth
def test_time_grows_with_the_text() -> None:
    def convert(words: int) -> None:
        Markdown(extensions=[SteadyEmphasis()]).convert("*a **b** c_d " * words)

    assert in_proportion(convert, 200, 400, lambda once, twice: twice <= 2.5 * max(once, 0.02))
