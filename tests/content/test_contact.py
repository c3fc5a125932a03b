"""The channels of contact.yml, in their order, or every reason why they can't be trusted."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.contact import parse_contact, read_contact
from kb_builder.errors import InputError, Severity
from kb_builder.model import Channel, OpeningHours

PHONE = (
    '- {channel: phone, address: "+44 20 7946 0000", hours: "Mo-Fr 09:00-17:00", response_time: 5 minutes, owner: Care}'
)


def contact(*channels: str, top: str = "time_zone: Europe/London") -> str:
    return "\n".join([top, "channels:", *channels, ""])


def refused(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_contact(text, "contact.yml")
    return [str(finding) for finding in caught.value.findings]


def test_channels_in_their_order() -> None:
    text = """\
time_zone: Europe/London
channels:
  - channel: phone
    address: "+44 20 7946 0000"
    hours: ["Mo-Fr 09:00-17:00", "Sa 10:00-14:00"]
    closed: [2026-12-26, 2026-12-25]
    cost: free from landlines
    response_time: 5 minutes
    owner: Care
  - {channel: email, address: help@example.com, hours: "24/7", response_time: 1 Hour, label: Write to us, owner: Care}
"""
    found, findings = parse_contact(text, "contact.yml")
    assert findings == ()
    assert found.time_zone == "Europe/London"
    assert found.channels == (
        Channel(
            kind="phone",
            address="+44 20 7946 0000",
            label="Phone",
            href="tel:+442079460000",
            hours=(OpeningHours((0, 1, 2, 3, 4), 540, 1020), OpeningHours((5,), 600, 840)),
            always=False,
            response_time="5 minutes",
            response_minutes=5,
            closed=(date(2026, 12, 25), date(2026, 12, 26)),
            cost="free from landlines",
            owner="Care",
        ),
        Channel(
            kind="email",
            address="help@example.com",
            label="Write to us",
            href="mailto:help@example.com",
            hours=(),
            always=True,
            response_time="1 hour",
            response_minutes=60,
            owner="Care",
            own_label=True,
        ),
    )
    assert found.phone is found.channels[0]


@pytest.mark.parametrize(("text", "minutes"), [("30 minutes", 30), ("1 hour", 60), ("4 hours", 240), ("2 days", 2880)])
def test_a_response_time_is_kept_as_written_and_read_in_minutes(text: str, minutes: int) -> None:
    found, _ = parse_contact(contact(PHONE.replace("5 minutes", text)), "contact.yml")
    assert (found.channels[0].response_time, found.channels[0].response_minutes) == (text, minutes)


def test_no_phone_needs_a_reason() -> None:
    email = "- {channel: email, address: help@example.com, hours: 24/7, response_time: 1 hour, owner: Care}"
    found, findings = parse_contact(
        contact(email, top='time_zone: Europe/London\nphone: {none: "We are two people."}'), "contact.yml"
    )
    assert (found.phone, found.no_phone, findings) == (None, "We are two people.", ())
    (finding,) = refused(contact(email))
    assert finding.startswith("contact.yml:2: error: there is no phone channel")
    assert 'phone: {none: "the reason"}' in finding
    assert refused(contact(PHONE, top="time_zone: Europe/London\nphone: {none: x}"))[0].startswith(
        "contact.yml:2: error: there is a phone channel and a reason why there is none"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (contact(PHONE, top="timezone: Europe/London"), 'contact.yml:1: error: unknown key "timezone"'),
        (contact(PHONE, top="time_zone: London"), 'contact.yml:1: error: "time_zone" names an unknown time zone'),
        (contact(PHONE, top="# none"), 'contact.yml:2: error: "time_zone" is missing'),
        ("time_zone: Europe/London\n", 'contact.yml:1: error: "channels" is missing'),
        ("time_zone: Europe/London\nchannels: []\n", "contact.yml:2: error: there is no phone channel"),
        ("time_zone: Europe/London\nchannels: phone\n", 'contact.yml:2: error: "channels" must be a list, not "phone"'),
        (contact("- phone"), 'contact.yml:3: error: "channels" must consist of keys and values, not "phone"'),
        (
            contact(PHONE, "- channel: fone\n  address: x\n  hours: 24/7\n  response_time: 1 hour"),
            'contact.yml:4: error: "channel" must be "phone", "chat", "sms",',
        ),
        (contact(PHONE.replace("5 minutes", "soon")), 'contact.yml:3: error: "response_time" must say how long'),
        (contact(PHONE.replace("5 minutes", "0 days")), 'contact.yml:3: error: "response_time" must say how long'),
        (contact(PHONE.replace("Mo-Fr 09:00-17:00", "9 to 5")), 'contact.yml:3: error: "hours" must be opening hours'),
        (contact(PHONE.replace(", owner: Care", ", hour: 24/7")), 'contact.yml:3: error: unknown key "hour"'),
        (contact(PHONE.replace(', hours: "Mo-Fr 09:00-17:00"', "")), 'contact.yml:3: error: "hours" is missing'),
        (
            contact(PHONE, "- channel: chat\n  address: javascript:alert(1)\n  hours: 24/7\n  response_time: 1 hour"),
            'contact.yml:5: error: "address" must be a web address',
        ),
        (
            contact(PHONE.replace("}", ", closed: [Christmas]}")),
            'contact.yml:3: error: "closed" must be a date or a time',
        ),
        (contact("- {channel: phone"), "contact.yml:3: error: a value that starts with"),
    ],
)
def test_a_mistake_in_contact_yml_is_named_with_its_line(text: str, expected: str) -> None:
    shown = refused(text)
    assert any(line.startswith(expected) for line in shown), shown


def test_all_errors_are_reported_at_once() -> None:
    bad = PHONE.replace("+44 20 7946 0000", "x")
    assert len(refused(contact(bad, bad))) == 2


def test_social_channels_before_others_and_without_an_owner_are_notes() -> None:
    social = "- {channel: twitter, address: example, hours: 24/7, response_time: 1 hour}"
    _, findings = parse_contact(contact(social, PHONE), "contact.yml")
    assert [(finding.line, finding.code, finding.severity) for finding in findings] == [
        (3, "social-not-last", Severity.NOTE),
        (3, "channel-without-owner", Severity.NOTE),
    ]


def test_a_missing_file_shows_the_minimum(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_contact(tmp_path)
    (finding,) = caught.value.findings
    assert str(finding).startswith("content/contact.yml: error: this file is missing")
    minimal = finding.hint.partition(": ")[2]
    (tmp_path / "content").mkdir()
    (tmp_path / "content/contact.yml").write_text(minimal)
    assert read_contact(tmp_path)[0].time_zone == "Europe/London"


KEYS = st.sampled_from(["channel", "address", "hours", "response_time", "closed", "cost", "owner", "hour"])
VALUES = st.sampled_from(
    ["phone", "sms", "chat", "'+44 20 7946 0000'", "https://x.example/", "javascript:x", "24/7", "Mo-Fr 09:00-17:00",
     "[24/7]", "{a: b}", "5 minutes", "[2026-12-25]", "''", "~", "&a", "[", "x: y"]
)  # fmt: skip


@given(st.lists(st.dictionaries(KEYS, VALUES, min_size=1), max_size=3))
def test_any_file_is_channels_or_known_findings(channels: list[dict[str, str]]) -> None:
    pairs = [(number, *pair) for entry in channels for number, pair in enumerate(entry.items())]
    lines = [f"  {' ' if number else '-'} {key}: {value}" for number, key, value in pairs]
    text = "time_zone: Europe/London\nchannels:\n" + "\n".join(lines)
    try:
        found, _ = parse_contact(text, "contact.yml")
    except InputError as error:
        told = error.findings
    else:
        assert found.phone is not None
        assert all((channel.always or channel.hours) and channel.response_minutes for channel in found.channels)
        return
    assert told
    assert all(1 <= finding.line <= len(lines) + 2 for finding in told)
