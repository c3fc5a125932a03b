"""Customers are counted, not rows: by the day of the site's zone, for each article and segment."""

import os
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from kb_builder.errors import Severity
from kb_builder.mentions.counted import CODEC, Mentions, Reading
from kb_builder.mentions.reader import ExportFiles, fingerprint
from kb_builder.mentions.settings import TrendingSettings
from tests.made_mentions import (
    DAY,
    LAST,
    LONDON,
    NOW,
    Row,
    burst,
    customers,
    read,
    row,
    stream,
    write_csv,
    write_jsonl,
)


def codes(mentions: Mentions) -> list[str]:
    return [finding.code for finding in mentions.findings]


def same_counts(one: Mentions, other: Mentions) -> bool:
    return all((a == b).all() for a, b in zip(one.counts, other.counts, strict=True))


def test_without_exports_the_engine_is_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header = read(write_csv(tmp_path / "m.csv", []), segments=("vip", "uk"))
    monkeypatch.setattr(duckdb, "connect", None)
    nothing = read(segments=("vip", "uk"))
    assert CODEC.encode(nothing) == CODEC.encode(replace(header, reading=Reading(), findings=()))


# Customers, not rows


def test_a_customer_counts_once_in_seven_days(tmp_path: Path) -> None:
    spoken = [0, 1, 3, 7, 14, 15, 22, 40]
    rows = [row(LAST - 60 * DAY + day * DAY, "ann", "topic-a", id=f"m{day}") for day in spoken]
    mentions = read(write_csv(tmp_path / "m.csv", rows))
    first = LAST - 60 * DAY
    # The 14th comes seven days after the 7th: only six of them were silent.
    assert sorted(customers(mentions, "topic-a")) == [first, first + 40 * DAY]


def test_eight_days_later_is_a_new_visit(tmp_path: Path) -> None:
    rows = [row(LAST - 20 * DAY, "ann", "topic-a"), row(LAST - 12 * DAY, "ann", "topic-a")]
    assert len(customers(read(write_csv(tmp_path / "m.csv", rows)), "topic-a")) == 2


@pytest.mark.parametrize("back", range(0, 130, 9))
def test_seven_day_gaps_across_mask_boundaries(tmp_path: Path, back: int) -> None:
    rows = [row(LAST - (back + distance) * DAY, "ann", "topic-a") for distance in (0, 5, 12, 20)]
    assert sorted(customers(read(write_csv(tmp_path / "m.csv", rows)), "topic-a")) == [
        LAST - (back + 20) * DAY,
        LAST - (back + 12) * DAY,
    ]


def test_a_repeated_row_counts_once(tmp_path: Path) -> None:
    rows = stream(days=20)
    plain = read(write_csv(tmp_path / "a.csv", rows))
    repeated = read(write_csv(tmp_path / "b.csv", [*rows, *[rows[7]] * 20_000]))
    assert same_counts(plain, repeated)
    assert repeated.reading.duplicates == 20_000
    assert repeated.examples == plain.examples


def test_the_order_of_rows_and_files_does_not_matter(tmp_path: Path) -> None:
    rows = stream(days=30) + [row(LAST, f"u{number}", "", text="kettle lid stuck") for number in range(8)]
    whole = read(write_csv(tmp_path / "whole.csv", rows))
    random.Random(4).shuffle(rows)
    parts = [write_csv(tmp_path / f"part{number}.csv", rows[number::3] + rows[:40]) for number in range(3)]
    for order in (parts, parts[::-1]):
        split = read(*order)
        assert same_counts(whole, split)
        assert split.phrases.names == whole.phrases.names


def test_of_two_records_with_one_id_the_latest_counts(tmp_path: Path) -> None:
    early = row(LAST - DAY, "ann", "topic-a", id="ticket-1")
    late = row(LAST, "ann", "topic-b", id="ticket-1")
    for first, second in ((early, late), (late, early)):
        mentions = read(write_csv(tmp_path / "1.csv", [first]), write_csv(tmp_path / "2.csv", [second]))
        assert customers(mentions, "topic-a") == {}
        assert customers(mentions, "topic-b") == {LAST: 1}
        assert mentions.reading.duplicates == 1


@pytest.mark.parametrize("first", [{}, {"tag": "late"}, {"article": "gone"}])
def test_an_article_that_was_set_after_the_first_export_counts(tmp_path: Path, first: dict[str, str]) -> None:
    early = row(LAST, "ann", id="ticket-1", text="hm", **first)
    late = row(LAST, "ann", "topic-b", id="ticket-1", text="hm", tag="late")
    settings = TrendingSettings(tags={"late": "topic-a"})
    for one, two in ((early, late), (late, early)):
        mentions = read(write_csv(tmp_path / "1.csv", [one]), write_csv(tmp_path / "2.csv", [two]), settings=settings)
        assert customers(mentions, "topic-a") == {}
        assert customers(mentions, "topic-b") == {LAST: 1}
        assert (mentions.reading.duplicates, mentions.reading.unanswered) == (1, 0)


def test_without_a_customer_the_same_words_are_one_customer(tmp_path: Path) -> None:
    rows = [row(LAST, "", "topic-a", id=str(number), text="where is it") for number in range(9)]
    rows += [row(LAST, "", "topic-a", id="x", text="still waiting")]
    assert customers(read(write_csv(tmp_path / "m.csv", rows)), "topic-a") == {LAST: 2}


def test_copied_social_posts_are_not_counted(tmp_path: Path) -> None:
    def copies(count: int, channel: str) -> list[Row]:
        return [
            row(
                LAST,
                f"{channel}{number}",
                "topic-a",
                channel=channel,
                text=f"@shop{number} this shop is a scam, boycott them! https://t.co/{number}",
            )
            for number in range(count)
        ]

    def counted(rows: Sequence[Row]) -> dict[date, int]:
        return customers(read(write_csv(tmp_path / "m.csv", rows)), "topic-a")

    assert counted(copies(3, "twitter")) == {LAST: 3}
    assert counted(copies(4, "twitter")) == {}
    assert counted([*copies(40, "twitter"), row(LAST, "ann", "topic-a", text="this shop is a scam")]) == {LAST: 1}
    assert counted(copies(40, "email")) == {LAST: 40}


@pytest.mark.parametrize(
    ("back", "counted"),
    [
        ((0, 0, 0, 7), ()),
        ((0, 0, 0, 8), (0, 0, 0, 8)),
        ((0, 6, 12, 18), (0, 6, 12, 18)),
        ((0, 0, 4, 8, 8), (0, 0, 8, 8)),
    ],
)
def test_a_post_is_copied_by_what_is_said_within_a_week(
    tmp_path: Path, back: tuple[int, ...], counted: tuple[int, ...]
) -> None:
    text = "The parcel that should come today is not here"
    rows = [
        row(LAST - timedelta(days=days), f"t{number}", "topic-a", channel="twitter", text=text)
        for number, days in enumerate(back)
    ]
    found = read(write_csv(tmp_path / "m.csv", rows))
    assert customers(found, "topic-a") == Counter(LAST - timedelta(days=days) for days in counted)
    assert found.reading.copied == len(back) - len(counted)


# Time


def test_the_day_is_that_of_the_sites_zone(tmp_path: Path) -> None:
    rows = [row(LAST, "ann", "topic-a", time="2026-04-29T23:30:00Z", id="1")]
    path = write_csv(tmp_path / "m.csv", rows)
    assert customers(read(path), "topic-a") == {date(2026, 4, 29): 1}
    assert customers(read(path, zone=LONDON), "topic-a") == {date(2026, 4, 30): 1}


def test_a_time_without_a_zone_is_in_the_configured_zone(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "m.csv", [row(LAST, "ann", "topic-a", time="2026-04-29 23:30", id="1")])
    unnamed = read(path)
    assert customers(unnamed, "topic-a") == {date(2026, 4, 29): 1}
    assert codes(unnamed) == ["times-without-zone"]
    named = read(path, settings=TrendingSettings(time_zone="America/New_York"))
    assert customers(named, "topic-a") == {date(2026, 4, 30): 1}
    assert codes(named) == []


def test_rows_later_than_now_are_reported_and_ignored(tmp_path: Path) -> None:
    rows = [
        row(LAST, "ann", "topic-a"),
        row(date(2026, 5, 2), "bob", "topic-a"),
        row(date(2027, 4, 30), "cy", "topic-a"),
    ]
    mentions = read(write_csv(tmp_path / "m.csv", rows))
    assert customers(mentions, "topic-a") == {LAST: 1}
    assert mentions.reading.future == 2
    assert mentions.newest == mentions.today - 1
    assert codes(mentions) == ["future-mentions"]


@pytest.mark.parametrize("time", ["1989-12-31T23:59:59Z", "2027-05-03T00:00:00Z", "9999-12-31T00:00:00Z"])
def test_a_time_that_cannot_be_is_a_lost_row(tmp_path: Path, time: str) -> None:
    rows = [row(LAST, f"c{number}", "topic-a") for number in range(30)]
    mentions = read(write_csv(tmp_path / "m.csv", [*rows, row(LAST, "x", "topic-a", id="x") | {"time": time}]))
    assert (mentions.reading.bad, mentions.reading.future) == (1, 0)
    (finding,) = mentions.findings
    assert finding.hint == (
        "a time before 1990 or more than a year from now in the column time, written like 9999-99-99a99:99:99a: row 32"
    )


def test_a_clock_before_every_mention_counts_none(tmp_path: Path) -> None:
    mentions = read(write_csv(tmp_path / "m.csv", stream(days=5)), now=datetime(2025, 1, 1, tzinfo=UTC))
    assert mentions.newest < mentions.oldest
    assert mentions.reading.future == mentions.reading.rows
    assert [finding.severity for finding in mentions.findings if finding.code == "future-mentions"] == ["warning"]


def test_old_mentions_are_reported(tmp_path: Path) -> None:
    mentions = read(write_csv(tmp_path / "m.csv", [row(date(1999, 1, 1), "ann", "topic-a")]))
    assert mentions.reading.old == 1
    assert customers(mentions, "topic-a") == {}


# Segments, articles, tags, texts


def test_segments_count_separately_and_in_total(tmp_path: Path) -> None:
    rows = burst("topic-a", LAST, LAST, 6, segment="Islands") + burst("topic-a", LAST, LAST, 3, segment="plus", id="")
    mentions = read(write_csv(tmp_path / "m.csv", rows), segments=["islands"])
    assert mentions.segments == ("islands",)
    assert customers(mentions, "topic-a", 1) == {LAST: 6}
    assert mentions.reading.undeclared_segments == 3
    assert "undeclared-segments" in codes(mentions)


def test_an_undeclared_segment_has_a_name_from_five_customers_and_only_if_it_is_a_word(tmp_path: Path) -> None:
    rows = burst("topic-a", LAST, LAST, 5, segment="plus")
    rows += burst("topic-b", LAST, LAST, 4, segment="business")
    rows += burst("topic-c", LAST, LAST, 9, segment="ann@example.com")
    rows += burst("topic-d", LAST, LAST, 9, segment="4111111111111111")
    assert read(write_csv(tmp_path / "m.csv", rows)).segments == ("plus",)


def test_an_article_that_is_not_public_is_an_unanswered_mention(tmp_path: Path) -> None:
    mentions = read(write_csv(tmp_path / "m.csv", [row(LAST, "ann", "secret-draft", text="hello there")]))
    assert mentions.reading.unknown_articles == 1
    assert mentions.reading.unanswered == 1
    assert "unknown-articles" in codes(mentions)
    assert not any("secret" in str(finding) for finding in mentions.findings)


def test_an_alias_maps_to_the_article(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "m.csv", [row(LAST, "ann", "topic-old")])
    assert customers(read(path, settings=TrendingSettings(aliases={"topic-old": "topic-b"})), "topic-b") == {LAST: 1}


@pytest.mark.parametrize(
    "tag",
    ["late-parcel", "Late-Parcel", "vip, late-parcel", "vip late-parcel", '["vip","late-parcel"]', "late-parcel;b"],
)
def test_a_tag_assigns_the_article(tmp_path: Path, tag: str) -> None:
    path = write_csv(tmp_path / "m.csv", [row(LAST, "ann", "", tag=tag, text="whatever")])
    settings = TrendingSettings(tags={"Late-parcel": "topic-b", "other": "topic-c"})
    mentions = read(path, settings=settings)
    assert customers(mentions, "topic-b") == {LAST: 1}
    assert mentions.reading.by_tag == 1


def test_the_first_known_tag_wins(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "m.csv", [row(LAST, "ann", "", tag="z,b,a")])
    mentions = read(path, settings=TrendingSettings(tags={"a": "topic-a", "b": "topic-b"}))
    assert customers(mentions, "topic-b") == {LAST: 1}


def test_the_same_text_is_matched_once_and_only_sure_matches_count(tmp_path: Path) -> None:
    asked: list[str] = []

    def match(texts: Sequence[str]) -> list[tuple[str, float] | None]:
        asked.extend(texts)
        return [
            ("topic-a", 0.9) if "parcel" in text else ("topic-b", 0.2) if "unsure" in text else None for text in texts
        ]

    rows = [row(LAST, f"c{number}", "", text="@shop my  parcel https://x.example/1") for number in range(6)]
    rows += [row(LAST, "d", "", text="my parcel"), row(LAST, "e", "", text="unsure"), row(LAST, "f", "", text="hm")]
    rows += [row(LAST, "g", "topic-c", text="already known")]
    mentions = read(write_csv(tmp_path / "m.csv", rows), match=match)
    assert sorted(asked) == ["hm", "my parcel", "unsure"]
    assert customers(mentions, "topic-a") == {LAST: 7}
    assert customers(mentions, "topic-b") == {}
    assert (mentions.reading.by_text, mentions.reading.unanswered) == (7, 2)
    daring = read(tmp_path / "m.csv", match=match, settings=TrendingSettings(confidence=0.1))
    assert customers(daring, "topic-b") == {LAST: 1}


# Keeping what was read


def test_serialised_counts_round_trip(tmp_path: Path) -> None:
    rows = stream(days=30) + [row(LAST, f"c{number}", "", text="kettle lid stuck") for number in range(8)]
    rows += [row(LAST, f"u{number}", "topic-a", text="parcel") for number in range(8)]
    mentions = read(write_csv(tmp_path / "m.csv", rows), learn=lambda resolved: repr(sorted(resolved)).encode())
    again = CODEC.decode(CODEC.encode(mentions))
    assert CODEC.encode(again) == CODEC.encode(mentions)
    assert (again.examples, again.reading, again.findings) == (mentions.examples, mentions.reading, mentions.findings)
    assert (again.table(0) == mentions.table(0)).all()
    assert again.phrases.names == mentions.phrases.names


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "a.csv"
    os.mkfifo(pipe)
    files = ExportFiles([pipe], TrendingSettings(), NOW, ZoneInfo("UTC"))
    assert fingerprint(files) == fingerprint(files)


def test_the_fingerprint_changes_with_content_settings_and_the_day(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "m.csv", stream(days=3))
    utc = ZoneInfo("UTC")

    def name(now: datetime = NOW, settings: TrendingSettings = TrendingSettings()) -> str:  # noqa: B008
        return fingerprint(ExportFiles([path], settings, now, utc))

    plain = name()
    assert name(NOW + timedelta(hours=14)) == plain
    assert name(NOW + timedelta(hours=15)) != plain
    assert name(settings=TrendingSettings(time_zone="Europe/London")) != plain
    path.write_bytes(path.read_bytes().replace(b"topic-a", b"topic-b", 1))
    assert name() != plain


def test_a_match_with_no_article_of_ours_is_an_unanswered_mention(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "m.jsonl", [{**row(LAST, "c", "", text="hello"), "id": "1"}])
    mentions = read(path, match=lambda texts: [("nowhere", 1.0)] * len(texts))
    assert mentions.reading.unanswered == 1


def test_one_customer_at_most_rows_counts_once_and_is_reported(tmp_path: Path) -> None:
    rows = [
        row(LAST, "switchboard" if number % 2 else f"c{number}", "topic-a", id=f"m{number}") for number in range(400)
    ]
    mentions = read(write_csv(tmp_path / "m.csv", rows))
    assert customers(mentions, "topic-a") == {LAST: 201}
    (found,) = (finding for finding in mentions.findings if finding.code == "one-customer")
    assert (found.severity, found.message) == (
        Severity.WARNING,
        "200 of 400 rows are of one customer, who counts once per article",
    )
    assert "switchboard" not in f"{found.message} {found.hint}"


def test_rows_without_customers_are_not_one_customer(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("time,text\n" + f"{LAST},where is my parcel\n" * 300)
    assert "one-customer" not in codes(read(path))
