"""Personal data in free text is replaced."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.support.redaction import redact


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
def test_redaction(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_text_is_redacted_before_it_is_shortened() -> None:
    assert redact("x" * 30 + " jane@example.com", 20) == "x" * 19 + "…"
    assert redact("xy jane@example.com", 12) == "xy [e-mail…"
    assert len(redact("word " * 1000)) <= 1000


@given(st.text(st.characters(codec=None), max_size=300) | st.text("0123456789 .-/()@a:x\u200b", max_size=300))
def test_no_long_number_and_no_email_address_remains(text: str) -> None:
    redacted = redact(text, 500)
    assert len(redacted) <= 500
    assert redacted.isprintable()
    assert not re.search(r"[0-9](?:[ ./()\-,:]?[0-9]){6}", redacted)
    assert not re.search(r"\w@\w", redacted)
