"""Announcements, with their starts and ends, or the reasons why they can't be trusted."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kb_builder.content.announcements import parse_announcement, read_announcements
from kb_builder.content.placeholders import NEWS
from kb_builder.errors import InputError
from kb_builder.model import Announcement

LONDON = ZoneInfo("Europe/London")
PATH = "content/announcements/2026-11-18-strike.md"


def parse(header: str, body: str = "Body.", path: str = PATH) -> Announcement:
    return parse_announcement(path, f"---\n{header}\n---\n{body}", zone=LONDON)[0]


def test_every_key_of_an_announcement() -> None:
    text = """\
---
title: Courier strike
severity: critical
start: 2026-11-18T06:00:00Z
end: 2026-12-24T18:00:00 Europe/London
segments: islands, north
summary: Allow two more days.
asked_as: [is the strike over]
replies: {sms: Two more days.}
audience: staff
draft: yes
---
Parcels are late."""
    found, findings = parse_announcement(PATH, text, zone=LONDON)
    assert findings == ()
    assert found == Announcement(
        slug="2026-11-18-strike",
        path=PATH,
        title="Courier strike",
        severity="critical",
        start=datetime(2026, 11, 18, 6, tzinfo=LONDON),
        end=datetime(2026, 12, 24, 18, tzinfo=LONDON),
        body="Parcels are late.",
        body_line=13,
        version=found.version,
        segments=("islands", "north"),
        audience="staff",
        draft=True,
        summary="Allow two more days.",
        asked_as=("is the strike over",),
        replies=(("sms", "Two more days."),),
        summary_line=7,
    )


def test_the_time_of_a_change_is_read_in_the_zone_of_the_site() -> None:
    assert parse("title: T\nupdated: 2026-11-20T09:00").updated == datetime(2026, 11, 20, 9, tzinfo=LONDON)
    with pytest.raises(InputError, match='"updated" must be a date or a time, not "soon"'):
        parse("title: T\nupdated: soon")


def test_the_start_may_be_in_the_file_name() -> None:
    assert parse("title: T").start == datetime(2026, 11, 18, tzinfo=LONDON)


def test_the_version_depends_on_the_text_only() -> None:
    version = parse("title: T").version
    assert parse("title: T\nend: 2026-12-01\nsegments: [islands]").version == version
    changed = [
        parse("title: U"),
        parse("title: T\nsummary: S"),
        parse("title: T\nseverity: warning"),
        parse("title: T", "B"),
    ]
    assert len({version, *(item.version for item in changed)}) == 5


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("severity: info", f'{PATH}:2: error: "title" is missing'),
        (
            "title: T\nseverity: warn",
            f'{PATH}:3: error: "severity" must be "info", "notice", "warning"',
        ),
        ("title: T\nstart: 2026-12-01\nend: 2026-11-01", f"{PATH}:4: error: it ends before it starts"),
        ("title: T\nstart: 2026-12-01\nend: 2026-12-01", f"{PATH}:4: error: it ends before it starts"),
        ("title: T\nstart: 2026-03-29T01:30", f'{PATH}:3: error: "start" has a local time that does not exist'),
        ("title: T\nstrat: 2026-01-01", f'{PATH}:3: error: unknown key "strat"\n  did you mean "start"?'),
        ("title: a: b", f"{PATH}:2: error: a value with a colon in it needs quotes"),
    ],
)
def test_a_header_that_cannot_be_shown_is_refused_with_its_line(header: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(header)
    assert str(caught.value.findings[0]).startswith(expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("strike", '"start" is missing'), ("2026-02-30-strike", "the file name has an invalid date")],
)
def test_a_start_is_required(name: str, expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        parse("title: T", path=f"content/announcements/{name}.md")


def test_a_missing_end_is_advice() -> None:
    _, findings = parse_announcement(PATH, "---\ntitle: T\n---\n", zone=LONDON)
    assert [finding.code for finding in findings] == ["no-end"]


def test_a_folder_of_announcements(tmp_path: Path) -> None:
    folder = tmp_path / "content/announcements"
    folder.mkdir(parents=True)
    (folder / "2026-11-18-a.md").write_text("---\ntitle: T\nend: 2026-12-01\n---\n")
    (folder / "2026-11-18 a.md").write_text("---\ntitle: T\nstart: 2026-11-18\nend: 2026-12-01\n---\n")
    (folder / "2026-11-19-b.md").write_text("No header.")
    (folder / "picture.png").write_bytes(b"\x89")
    found, findings = read_announcements(tmp_path, zone=LONDON)
    assert [item.path for item in found] == ["content/announcements/2026-11-18 a.md"]
    assert [(finding.path, finding.code) for finding in findings] == [
        ("content/announcements/2026-11-18-a.md", "url-clash"),
        ("content/announcements/2026-11-19-b.md", "no-header"),
    ]


def test_no_folder_is_no_announcement(tmp_path: Path) -> None:
    assert read_announcements(tmp_path, zone=LONDON) == ((), ())


def test_an_empty_summary_and_a_placeholder_are_errors() -> None:
    text = f'---\ntitle: T\nend: 2026-12-01\nsummary: ""\n---\n\n{NEWS}\n'
    with pytest.raises(InputError) as caught:
        parse_announcement(PATH, text, zone=LONDON)
    assert [(finding.code, finding.line) for finding in caught.value.findings] == [
        ("empty-summary", 4),
        ("placeholder", 7),
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("Text.\n\n!!! staff\n    Hidden.\n", "staff-in-announcement"),
        ("!!! stafff\n    Hidden.\n", "staff-misspelt"),
        ("!!! internal\n    Hidden.\n", "staff-misspelt"),
        ('<div class="staff">Hidden.</div>\n', "staff-html"),
    ],
)
def test_what_looks_like_a_block_for_staff_is_an_error(body: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        parse("title: T\nend: 2026-12-24T18:00:00", body)
    assert [finding.code for finding in caught.value.findings] == [code]
