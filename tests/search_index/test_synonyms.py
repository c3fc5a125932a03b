"""Synonym files."""

import pytest

from search_index import parse_synonyms


def test_rules_and_comments():
    synonyms, problems = parse_synonyms(
        "\ufeff# money\ninvoice, bill\n\ngiftcard => gift card, voucher  # one way\n", "en.txt"
    )
    assert problems == []
    assert synonyms.pairs == (
        ("invoice", "bill"), ("bill", "invoice"), ("giftcard", "gift card"), ("giftcard", "voucher"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("invoice", "at least two"), ("a => b => c", "more than one"), ("a, , b", "empty"), ("=> b", "empty"),
        ("a =>", "empty"), ("!!, a", "no letter"), ("a b c d e, f", "more than 4"),
        (", ".join(f"w{n}" for n in range(20_000)), "more than 100 terms"),
    ],
)  # fmt: skip
def test_a_bad_line_is_reported_and_skipped(line, problem):
    synonyms, problems = parse_synonyms(f"invoice, bill\n{line}\n", "en.txt")
    assert len(synonyms.pairs) == 2
    ((number, said, hint),) = problems
    assert number == 2
    assert problem in said
    assert hint


def test_a_number_sign_may_be_part_of_a_word():
    synonyms, problems = parse_synonyms("c#, c sharp # the language\nissue #4711, recall\n#comment, too\n", "en.txt")
    assert problems == []
    assert synonyms.pairs[::2] == (("c#", "c sharp"), ("issue #4711", "recall"))
