import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kb_builder.mentions.settings import (
    FEWEST_CUSTOMERS,
    Columns,
    ExportSettings,
    Thresholds,
    TrendingSettings,
    read_settings,
)
from tests.made_mentions import LONDON

PATH = "content/trending.yml"


def settings(text: str) -> TrendingSettings:
    found, findings = read_settings(text, PATH, LONDON)
    assert findings == ()
    return found


def problems(text: str) -> list[str]:
    return [str(finding) for finding in read_settings(text, PATH, LONDON)[1]]


def test_every_setting_is_optional() -> None:
    assert settings("") == TrendingSettings()


def test_all_settings() -> None:
    found = settings("""
time_zone: Europe/London
time_format: "%d/%m/%Y %H:%M"
columns: {time: Created, text: [Subject, Body]}
segments: {islands: Scottish islands}
tags: {Late parcel: late-parcel}
aliases: {old-id: late-parcel}
pin: {id: late-parcel, from: 2026-04-01, until: 2026-05-01T12:00:00, segment: islands}
never: [contact-us, home]
suppress:
  - {id: sale, from: 2026-11-20, until: 2026-12-01}
lag: {email: 6 hours, phone: 1 day, chat: 0}
slots: 3
confidence: 0.6
thresholds: {customers: 8, times_normal: 2, still_times_normal: 1.6, false_alarm: 0.01, longest_days: 10, yields_to: 2}
""")
    (pin,) = found.pin
    assert (pin.id, pin.segment, pin.until) == ("late-parcel", "islands", datetime(2026, 5, 1, 11, 0, tzinfo=UTC))
    assert found.columns.text == ("Subject", "Body")
    assert found.article_of_tag() == {"late parcel": "late-parcel"}
    assert found.thresholds.customers == 8
    assert found.lag == {"email": 6, "phone": 24, "chat": 0}
    assert found.slots == 3


def test_the_documented_example_shows_the_defaults() -> None:
    guide = (Path(__file__).parents[2] / "docs/trending.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    found = settings(example)
    defaults = TrendingSettings()
    assert (found.thresholds, found.slots, found.confidence) == (
        defaults.thresholds,
        defaults.slots,
        defaults.confidence,
    )
    assert set(example.split()) >= {f"{name}:" for name in (*TrendingSettings.model_fields, *Thresholds.model_fields)}


def test_tags_follow_aliases() -> None:
    assert settings("tags: {Late: old}\naliases: {old: new}").article_of_tag() == {"late": "new"}


def test_a_manual_pin_covers_its_time() -> None:
    (pin,) = settings("pin: [{id: a, from: 2026-04-02, until: 2026-04-03}]").pin
    days = [pin.covers(datetime(2026, 4, day, 12, tzinfo=LONDON)) for day in (1, 2, 3)]
    assert days == [False, True, False]


def test_a_suppression_without_an_end() -> None:
    (rule,) = settings("suppress: {id: a, from: 2026-04-02}").suppress
    assert not rule.covers(datetime(2026, 4, 1, tzinfo=LONDON))
    assert rule.covers(datetime(2031, 1, 1, tzinfo=LONDON))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("slot: 3", f'{PATH}:1: error: unknown key "slot"\n  did you mean "slots"?'),
        (
            "thresholds: {customers: 2}",
            f'{PATH}:1: error: "customers" must be from {FEWEST_CUSTOMERS} to 1,000,000, not 2',
        ),
        ("pin: [{id: a}]", f'{PATH}:1: error: "until" is missing\n  add the line until: …'),
        (
            'time_format: "%Q/%m/%Y"',
            f'{PATH}:1: error: "time_format" is not a supported time format\n'
            '  use the codes of strptime, for example "%d/%m/%Y %H:%M"; see https://github.com/'
            "kb-builder/kb-builder/blob/main/docs/trending.md",
        ),
        (
            "time_zone: Europe/Londn",
            f'{PATH}:1: error: "time_zone" names an unknown time zone: "Europe/Londn"\n  did you mean "Europe/London"?',
        ),
        (
            "lag: {emial: 2}",
            f'{PATH}:1: error: "lag" names an unknown channel, "emial"\n  did you mean "email"?',
        ),
        (
            "lag: {email: a while}",
            f'{PATH}:1: error: "email" must say by how much the rows are late\n  write 6 hours, or 1 day',
        ),
        (
            "lag: {email: 3 days}",
            f'{PATH}:1: error: "email" must be at most 48 hours\n  later rows count by days anyway',
        ),
        (
            "pin: {id: a, until: 2026-05-01, segment: islands}",
            f'{PATH}:1: error: a pin names the segment "islands", which is not declared\n'
            "  add it under segments: with the name customers read",
        ),
    ],
)
def test_errors_have_a_line(text: str, message: str) -> None:
    assert problems(text) == [message]


def test_each_undeclared_segment_has_the_line_of_its_pin() -> None:
    text = """segments: {cities: Cities}
# islands and north are declared elsewhere
pin:
  - {id: islands, until: 2026-05-01, segment: cities}
  - id: north
    until: 2026-05-01
    segment: north
  - {id: a, until: 2026-05-01, segment: islands}
"""
    assert [problem.partition(", which")[0] for problem in problems(text)] == [
        f'{PATH}:8: error: a pin names the segment "islands"',
        f'{PATH}:7: error: a pin names the segment "north"',
    ]
    assert read_settings(text, PATH, ZoneInfo("UTC"))[0] == TrendingSettings()


def test_unreadable_yaml_is_an_error() -> None:
    assert problems("pin: [")[0].startswith(f"{PATH}:1: error:")


def test_a_file_with_errors_gives_the_defaults() -> None:
    assert read_settings("slot: 3", PATH, ZoneInfo("UTC"))[0] == TrendingSettings()


@pytest.mark.parametrize(
    ("path", "fitting"),
    [
        ("content/mentions/calls-1.csv", "calls"),
        ("content/mentions/shop/x.csv", "shop"),
        ("content/mentions/other.csv", None),
        ("content/mentions/my-calls-1.csv", None),
        ("a[1].csv", None),
    ],
)
def test_an_export_is_known_by_the_end_of_a_path(path: str, fitting: str | None) -> None:
    read = TrendingSettings(
        exports={
            "calls-*.csv": ExportSettings(columns=Columns(time="calls")),
            "shop/*": ExportSettings(columns=Columns(time="shop")),
        }
    )
    assert read.named_for(path).columns.get("time", ()) == ((fitting,) if fitting else ())
