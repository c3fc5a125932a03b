"""Response times are changed in place; every other byte of contact.yml stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.contact import PATH, parse_contact
from kb_builder.editing.contact_edits import set_response_time
from kb_builder.errors import InputError

BLOCK = """\
# How to reach us
time_zone: Europe/London   # ours
channels:
  - channel: phone
    address: "+44 20 7946 0000"
    hours: "Mo-Fr 09:00-17:00"
    # agreed with the care team in May
    response_time: 5 minutes   # response_time: while open
    owner: Care team
  - {channel: email, address: help@example.com, hours: "24/7", "response_time": '4 hours', owner: Care team}
  - {channel: sms, address: "+44 7700 900123", response_time: 1 hour, hours: "24/7"}
"""


@pytest.mark.parametrize(
    ("position", "old", "new"),
    [
        (0, "response_time: 5 minutes   #", "response_time: 10 minutes   #"),
        (1, "'4 hours'", "10 minutes"),
        (2, "response_time: 1 hour,", "response_time: 10 minutes,"),
    ],
)
def test_only_the_time_of_one_channel_changes(position: int, old: str, new: str) -> None:
    assert set_response_time(BLOCK, position, "10 minutes") == BLOCK.replace(old, new)


def test_channels_on_one_line_are_distinguished() -> None:
    phone = '{channel: phone, address: "+44 20 7946 0000", hours: "24/7", response_time: 5 minutes}'
    email = '{channel: email, address: help@example.com, hours: "24/7", response_time: 4 hours}'
    text = f"time_zone: UTC\nchannels: [{phone}, {email}]\n"
    assert set_response_time(text, 1, "2 days") == text.replace("4 hours", "2 days")
    assert set_response_time(text, 0, "2 days") == text.replace("5 minutes", "2 days")


def test_a_time_on_a_line_of_its_own_changes() -> None:
    text = BLOCK.replace("response_time: 5 minutes   # response_time: while open", "response_time:\n      5 minutes")
    assert set_response_time(text, 0, "2 hours") == text.replace("5 minutes", "2 hours")


def test_what_cannot_be_edited_safely_is_left_to_its_author() -> None:
    text = BLOCK.replace("channels:\n", "channels:\n  -\n")  # an entry that was left empty
    with pytest.raises(InputError) as refused:
        set_response_time(text, 0, "2 hours")
    assert refused.value.where == PATH
    assert refused.value.hint == "write it yourself: response_time: 2 hours"


@given(st.integers(0, 2), st.integers(1, 9999), st.sampled_from(("minute", "hour", "day")))
def test_what_is_written_is_what_is_read(position: int, number: int, unit: str) -> None:
    time = f"{number} {unit}{'' if number == 1 else 's'}"
    contact, _ = parse_contact(set_response_time(BLOCK, position, time), PATH)
    assert contact.channels[position].response_time == time
