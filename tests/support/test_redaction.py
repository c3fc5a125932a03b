"""What could name a stranger, or cost them something, is gone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.support.redaction import strike_out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to jane.doe+x@example.co.uk please", "Write to [e-mail address] please"),
        ("jane(at)example.com", "[e-mail address]"),
        ("jane @ example.com", "[e-mail address]"),
        ("<jane@localhost>", "<[e-mail address]>"),
        ("call +44 (0)20 7946-0958 now", "call [number] now"),
        ("call 07700.900.123", "call [number]"),
        ("card 4111 1111 1111 1111 was declined", "card [card number] was declined"),
        ("4111-1111-1111-1111", "[card number]"),
        ("4111 1111 1111 1112", "[number]"),
        ("４１１１ １１１１ １１１１ １１１１", "[card number]"),
        ("٠١٢٣٤٥٦٧", "[number]"),
        ("411\u200b1111111\u00ad111111", "[card number]"),
        ("4111–1111–1111–1111", "[card number]"),
        ("GB82 WEST 1234 5698 7654 32", "[account number]"),
        ("order 123456, size 42", "order 123456, size 42"),
        ("within 30 days, 2 to 4 parcels", "within 30 days, 2 to 4 parcels"),
        ("\x1b[31mred\x07\u202e", "[31mred"),
        ("two\nlines\t here", "two lines here"),
        ("", ""),
    ],
)
def test_strike_out(text: str, expected: str) -> None:
    assert strike_out(text) == expected


def test_long_text_is_cut_after_it_was_struck_out() -> None:
    assert strike_out("x" * 30 + " jane@example.com", 20) == "x" * 19 + "…"
    assert strike_out("xy jane@example.com", 12) == "xy [e-mail…"
    assert len(strike_out("word " * 1000)) <= 1000


@given(st.text(st.characters(codec=None), max_size=300) | st.text("0123456789 .-/()@a:x\u200b", max_size=300))
def test_nothing_like_a_number_or_an_address_is_left(text: str) -> None:
    struck = strike_out(text, 500)
    assert len(struck) <= 500
    assert struck.isprintable()
    assert not re.search(r"[0-9](?:[ ./()\-,:]?[0-9]){6}", struck)
    assert not re.search(r"\w@\w", struck)
