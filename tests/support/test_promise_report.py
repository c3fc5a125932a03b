"""Promises as text."""

from dataclasses import replace

import pytest

from kb_builder.model import Promise
from kb_builder.support.promise_report import lines, percent, promised_and_kept, wait

EMAIL = Promise("email", "Email", None, "2 hours", 1480, 3, 0.6199, 95, 301, "6 hours", 0)


def test_a_line_for_each_channel_and_segment() -> None:
    islands = replace(EMAIL, segment="islands", questions=22, unanswered=0, share=1.0)
    other = replace(EMAIL, channel="twitter", label="Twitter", promised="", share=None, median=None, most=None)
    assert lines([EMAIL, islands, other], {"islands": "Scottish islands"}) == [
        "                           promised  kept   half within  9 of 10 within  questions",
        "Email    everybody         2 hours   61 %   95 minutes   6 hours         1,480 (3 unanswered)",
        "         Scottish islands  2 hours   100 %  95 minutes   6 hours         22",
        "Twitter  everybody         –         –      –            –               1,480 (3 unanswered)",
    ]


def test_the_sentence_of_a_finding() -> None:
    assert promised_and_kept(EMAIL) == (
        "2 hours promised, and 61 % of 1,480 questions of the last four weeks answered within that time"
    )


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 minutes"), (1, "1 minute"), (119, "119 minutes"), (120, "2 hours"), (121, "3 hours")]
)
def test_waits_are_never_shown_shorter_than_they_were(minutes: int, words: str) -> None:
    assert wait(minutes) == words


def test_shares_are_never_shown_larger_than_they_were() -> None:
    assert [percent(share) for share in (0.9999, 1.0, 0.0)] == ["99 %", "100 %", "0 %"]
