import random
import traceback
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb_builder.errors import InputError, Severity
from kb_builder.mentions.counted import CODEC, Mentions
from kb_builder.mentions.reader import fingerprint
from kb_builder.mentions.settings import Columns, ExportSettings, TrendingSettings
from tests.made_mentions import (
    COLUMNS,
    LAST,
    LONDON,
    NOW,
    PARTS,
    TOPICS,
    Row,
    burst,
    customers,
    read,
    row,
    stream,
    write_csv,
    write_jsonl,
)

DAY = timedelta(days=1)


def codes(mentions: Mentions) -> list[str]:
    return [finding.code for finding in mentions.findings]


def same_counts(one: Mentions, other: Mentions) -> bool:
    return all((a == b).all() for a, b in zip(one.counts, other.counts, strict=True))


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


# What customers wrote


def test_a_phrase_needs_five_customers(tmp_path: Path) -> None:
    rows = stream(days=40) + [row(LAST, f"c{number}", "", text=f"error e4071 on order {number}") for number in range(5)]
    rows += [row(LAST, f"d{number}", "", text="secret word") for number in range(4)]
    mentions = read(write_csv(tmp_path / "m.csv", rows))
    names = set(mentions.phrases.names)
    assert {"error", "error e4071", "e4071", "error e4071 on"} <= names
    assert not any("secret" in name for name in names)


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


def test_the_fingerprint_changes_with_content_settings_and_the_hour(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "m.csv", stream(days=3))
    utc = ZoneInfo("UTC")

    def name(now: datetime = NOW, settings: TrendingSettings = TrendingSettings()) -> str:  # noqa: B008
        return fingerprint([path], now=now, zone=utc, settings=settings)

    plain = name()
    assert name(NOW + timedelta(minutes=59)) == plain
    assert name(NOW + timedelta(hours=1)) != plain
    assert name(settings=TrendingSettings(time_zone="Europe/London")) != plain
    path.write_bytes(path.read_bytes().replace(b"topic-a", b"topic-b", 1))
    assert name() != plain


# The aggregate table


def test_an_aggregate_table(tmp_path: Path) -> None:
    columns = ("topic", "segment", "day", "customers")
    rows = [
        {"topic": "topic-a", "segment": "islands", "day": "2026-04-30", "customers": "12"},
        {"topic": "topic-a", "segment": "", "day": "2026-04-30", "customers": "30"},
        {"topic": "late", "segment": "", "day": "2026-04-29", "customers": "7"},
        {"topic": "gone", "segment": "", "day": "2026-04-29", "customers": "7"},
        {"topic": "topic-b", "segment": "", "day": "2026-05-09", "customers": "7"},
    ]
    one = write_csv(tmp_path / "one.csv", rows, columns)
    two = write_csv(tmp_path / "two.csv", rows[:2], columns)
    mentions = read(one, two, segments=["islands"], settings=TrendingSettings(tags={"late": "topic-b"}))
    assert customers(mentions, "topic-a") == {LAST: 42}
    assert customers(mentions, "topic-a", 1) == {LAST: 12}
    assert customers(mentions, "topic-b") == {LAST - DAY: 7}
    assert (mentions.reading.unknown_articles, mentions.reading.future) == (1, 1)


# Bad input


def test_no_files() -> None:
    mentions = read()
    assert mentions.reading.rows == 0
    assert mentions.newest < mentions.oldest


def test_five_per_cent_of_bad_rows_warn_and_six_stop(tmp_path: Path) -> None:
    rows = [row(LAST, f"c{number}", "topic-a", id=str(number)) for number in range(100)]
    for number in (3, 30, 31, 70, 99):
        rows[number]["time"] = "soon"
    mentions = read(write_csv(tmp_path / "m.csv", rows), root=tmp_path)
    (finding,) = [each for each in mentions.findings if each.code == "bad-mentions"]
    assert mentions.reading.bad == 5
    assert (finding.path, finding.severity) == ("m.csv", Severity.WARNING)
    assert finding.message == "5 of 100 rows can't be used and were left out"
    assert finding.hint == "no usable time in the column time: row 5, 32, 33, 72, 101"
    rows[50]["time"] = ""
    with pytest.raises(InputError, match="6 of 100 rows can't be used") as caught:
        read(write_csv(tmp_path / "m.csv", rows))
    assert caught.value.exit_code == 2


CANARY = "canary"
HOSTILE = (
    f"{CANARY}-Ann Example",
    f"{CANARY}@example.com",
    f"4111111111111111 {CANARY}",
    f"<script>{CANARY}</script>",
    f"=cmd|' /C {CANARY}'!A0",
    f"{CANARY}\x00null",
    f"{CANARY}\u202eevil",
)


def everything(mentions: Mentions) -> str:
    return CODEC.encode(mentions).decode("latin-1") + repr(mentions) + "\n".join(map(str, mentions.findings))


@pytest.mark.parametrize("column", COLUMNS)
def test_errors_quote_no_row(tmp_path: Path, column: str, capfd: pytest.CaptureFixture[str]) -> None:
    rows = stream(days=30)
    for number, value in enumerate(HOSTILE):
        rows.append({**row(LAST, f"x{number}", "topic-a" if number % 2 else "", text="a text"), column: value})
    mentions = read(
        write_csv(tmp_path / "m.csv", rows),
        match=lambda texts: [None] * len(texts),
        learn=lambda resolved: str(len(list(resolved))).encode(),
    )
    assert CANARY not in everything(mentions)
    assert capfd.readouterr() == ("", "")


def test_errors_quote_no_malformed_row(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = write_csv(tmp_path / "m.csv", stream(days=30))
    good = path.read_bytes()
    broken = [
        f"{CANARY},{CANARY},{CANARY}\n",
        f'x,{CANARY}"{CANARY}\n',
        f'm,2026-04-01T00:00:00Z,"{CANARY}"{CANARY}",a,b,c,d,e\n',
        "x," * 20 + CANARY + "\n",
        f"m,{CANARY},email,,c,topic-a,,{CANARY}\n",
    ]
    path.write_bytes(good + "".join(broken).encode() + b"\xff\xfe" + CANARY.encode() + b"\n" + f'1,"{CANARY}'.encode())
    mentions = read(path)
    assert mentions.reading.bad >= 6
    assert CANARY not in everything(mentions)
    path.write_bytes(b"\n".join(good.split(b"\n")[:3]) + b"\n" + "".join(broken).encode() * 3)
    with pytest.raises(InputError) as caught:
        read(path)
    assert CANARY not in "".join(traceback.format_exception(caught.value)) + str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_matcher_that_fails_shows_no_text(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "m.jsonl", [{**row(LAST, "c", "", text="hello"), "id": "1"}])
    mentions = read(path, match=lambda texts: [("nowhere", 1.0)] * len(texts))
    assert mentions.reading.unanswered == 1


def test_columns_named_in_the_settings(tmp_path: Path) -> None:
    rows = [{"When": f"{LAST} 10:00Z", "Who": "ann", "About": "topic-a", "Region": "islands"}]
    path = write_csv(tmp_path / "m.csv", rows, ("When", "Who", "About", "Region"))
    settings = TrendingSettings(columns=Columns(time="When", customer_id="Who", article_id="About", segment="Region"))
    mentions = read(path, settings=settings, zone=LONDON, segments=["islands"])
    assert customers(mentions, "topic-a", 1) == {LAST: 1}


def test_an_empty_bytes_table_is_a_table() -> None:
    assert read().table(0).shape == (len(TOPICS), 0)


# Exports that differ


def test_each_export_is_read_by_its_own_columns_form_and_zone(tmp_path: Path) -> None:
    named = {
        "calls-*.csv": ExportSettings(
            columns=Columns(time="Started", customer_id="Number", article_id="About"),
            time_format="%m/%d/%Y %H:%M",
            time_zone="America/New_York",
        ),
        "notes.csv": ExportSettings(
            columns=Columns(time="Wann", customer_id="Kunde", article_id="Artikel"), time_format="%d.%m.%y"
        ),
    }
    (tmp_path / "calls-1.csv").write_text(f"Started,Number,About\n{LAST - DAY:%m/%d/%Y} 23:30,+1,topic-a\n")
    (tmp_path / "notes.csv").write_text(f"Wann,Kunde,Artikel\n{LAST:%d.%m.%y},ann,topic-b\n")
    mentions = read(*sorted(tmp_path.iterdir()), settings=TrendingSettings(exports=named))
    # Half past eleven in New York is the next day in London.
    assert sorted(customers(mentions, "topic-a")) == [LAST]
    assert sorted(customers(mentions, "topic-b")) == [LAST]
    assert mentions.reading.bad == 0


def test_a_pattern_that_fits_no_export_is_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "m.csv", stream(days=3))
    named = TrendingSettings(exports={"call-*.csv": ExportSettings(), "m.csv": ExportSettings()})
    (found,) = (finding for finding in read(path, settings=named).findings if finding.code == "unused-export")
    assert found.message == "no export is named call-*.csv"


def test_one_customer_at_most_rows_counts_once_and_is_told(tmp_path: Path) -> None:
    rows = [
        row(LAST, "switchboard" if number % 2 else f"c{number}", "topic-a", id=f"m{number}") for number in range(400)
    ]
    mentions = read(write_csv(tmp_path / "m.csv", rows))
    assert customers(mentions, "topic-a") == {LAST: 201}
    (found,) = (finding for finding in mentions.findings if finding.code == "one-customer")
    assert (found.severity, found.message) == (
        Severity.WARNING,
        "one customer stands at 200 of 400 rows, and counts once per article",
    )
    assert "switchboard" not in f"{found.message} {found.hint}"


def test_rows_without_customers_are_not_one_customer(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("time,text\n" + f"{LAST},where is my parcel\n" * 300)
    assert "one-customer" not in codes(read(path))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(100, 400), st.integers(1, 99))
def test_ids_that_many_customers_share_are_refused_and_exports_that_overlap_are_not(
    tmp_path: Path, count: int, share: int
) -> None:
    rows = [row(LAST - (number % 30) * DAY, f"c{number}", "topic-a", id=f"m{number}") for number in range(count)]
    changed = [{**each, "article_id": "topic-b"} for each in rows]
    assert read(write_csv(tmp_path / "again.csv", [*rows, *rows, *changed])).reading.bad == 0
    rounded = [{**each, "id": "360931000000"} if number < share else each for number, each in enumerate(rows)]
    path = write_csv(tmp_path / "rounded.csv", rounded)
    if share > 1 and share - 1 > count * 0.05:
        with pytest.raises(InputError, match=rf"{share - 1} of {count} rows share their id"):
            read(path)
    else:
        assert read(path).reading.rows == count


# Where every row went


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 9), min_size=21, max_size=60))
def test_the_parts_of_the_reading_add_up(tmp_path: Path, kinds: list[int]) -> None:
    sentence = "@shop this is a scam, boycott them all, everybody"
    variants: list[dict[str, str]] = [
        {},
        {"id": "same", "customer_id": "ann"},
        {"id": "same", "customer_id": "ann", "article_id": "topic-b"},
        {"time": "2027-01-01T00:00:00Z"},
        {"time": "2019-01-01T00:00:00Z"},
        {"channel": "twitter", "text": sentence, "article_id": "", "id": ""},
        {"article_id": "", "tag": "late"},
        {"article_id": "nowhere", "text": "where is it"},
        {"time": "2019-01-01T00:00:00Z", "id": "same", "customer_id": "ann"},
        {"article_id": "", "text": "a parcel that is late", "segment": "moon"},
    ]
    rows = [
        {**row(LAST, f"c{number}", "topic-a", id=f"m{number}"), **variants[kind]} for number, kind in enumerate(kinds)
    ]
    path = write_csv(tmp_path / "m.csv", rows)
    reading = read(path, settings=TrendingSettings(tags={"late": "topic-c"})).reading
    assert reading.rows == len(rows) == sum(getattr(reading, part) for part in PARTS)


@pytest.mark.parametrize(
    ("time", "kept"), [("{day}", 0), ("{day}T02:30:00Z", 0), ("{day}T{hour:02}:30:00Z", 80), ("{day} 0:00", 0)]
)
def test_dates_and_import_times_are_not_counted_by_hours(tmp_path: Path, time: str, kept: int) -> None:
    rows = [
        row(LAST, f"c{number}", "topic-a", time=time.format(day=LAST - timedelta(days=number % 9), hour=number % 20))
        for number in range(80)
    ]
    mentions = read(write_csv(tmp_path / "m.csv", rows))
    assert mentions.counts.customers.sum() == 80
    assert mentions.hours.customers.sum() == kept
    assert [finding.code for finding in mentions.findings].count("times-without-hour") == (not kept)
